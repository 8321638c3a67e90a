"""Messages 报文: what one sender hands in at once, as it came and as it was read."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from huanzhi.network.feeds.reading import Reading


def now() -> int:
    """Return the moment [µs UTC]."""
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was read without fault and waits to be written.

    Attributes
    ----------
    way : str
        How it came: ``push`` or ``mqtt``.
    origin : str
        Who sent it: the name of the key, or the topic.
    raw : bytes
        The bytes as they came; they are kept as evidence.
    reading : Reading
        Its observations and places.
    told_kind : bool
        Whether it says of what kind its places are.
    receipt_key : tuple of str
        Name under which the receipt is remembered (key, idempotency key, digest); empty for none.
    received : int
        When it came [µs UTC].
    """

    way: str
    origin: str
    raw: bytes
    reading: Reading
    told_kind: bool = False
    receipt_key: tuple[str, ...] = ()
    received: int = field(default_factory=now)
