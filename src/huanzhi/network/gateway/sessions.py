"""What the gateway knows of each device while it runs: its registration, its limits, what it has sent."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from huanzhi.library.devices import Device, DeviceState
from huanzhi.network import hj212


class Reject(NamedTuple):
    """A frame that was not taken: when [s], from whom, why (key and sentence), and how it began."""

    at: float
    mn: str
    peer: str
    key: str
    detail: str
    raw: bytes


SHOWN = 512
"""Bytes of a rejected frame that are kept."""


class Rejects:
    """The newest rejections, and how many there were of each kind."""

    def __init__(self, most: int = 1000) -> None:
        self.newest: deque[Reject] = deque(maxlen=most)
        self.counts: Counter[str] = Counter()
        self.total = 0

    def add(self, reject: Reject) -> None:
        """Count a rejection and keep it among the newest."""
        self.newest.append(reject._replace(raw=reject.raw[:SHOWN]))
        self.counts[reject.key] += 1
        self.total += 1


@dataclass(slots=True, eq=False)
class Session:
    """One device while the gateway runs.

    Attributes
    ----------
    tokens, filled : float
        Token bucket of its rate: tokens left at time `filled` [s].
    last_seen : float
        When its last frame came [s]; 0 for never since the start.
    watched : bool
        A request to it is under way: every frame is read.
    readable_next : float
        When one frame is read again, though all is well, for its clock [s, monotonic].
    """

    device: Device
    dialect: hj212.Dialect = hj212.STANDARD
    rate: float = 0.0
    size: int = 0
    tokens: float = 0.0
    filled: float = 0.0
    last_seen: float = 0.0
    connected: int = 0
    frames: int = 0
    acknowledged: int = 0
    rejected: int = 0
    last_reject: str = ""
    clock_off: float | None = None
    clock_set: float = 0.0
    edition: hj212.Edition | None = None
    watched: bool = False
    readable_next: float = 0.0

    @property
    def parked(self) -> bool:
        """Whether its frames are kept apart."""
        return self.device.state is DeviceState.PARKED

    def spend(self, now: float, burst: float) -> float:
        """Take one token; return how long the device must wait [s], 0 where it need not."""
        self.tokens = min(burst, self.tokens + (now - self.filled) * self.rate) - 1
        self.filled = now
        return 0.0 if self.tokens >= 0 else -self.tokens / self.rate


def dialect_of(device: Device, keys: Mapping[str, tuple[bytes, ...]]) -> hj212.Dialect:
    """Return what is taken from a device."""
    return hj212.Dialect(
        crc=frozenset({hj212.Verdict.HJ212, *map(hj212.Verdict, device.crc)}),
        mode=hj212.Mode.STRICT if device.strict else hj212.Mode.TOLERANT,
        edition=hj212.Edition(device.edition) if device.edition else None,
        keys=keys.get(device.key, ()) if device.key else (),
    )
