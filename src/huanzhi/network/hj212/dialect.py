"""Dialect of a device 方言: what departures from the standard are taken from it, and which keys it has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from huanzhi.network.hj212.crc import Verdict
from huanzhi.network.hj212.tables import Edition


class Mode(StrEnum):
    """How departures from the standard are met."""

    TOLERANT = "tolerant"
    """What can be read beyond doubt is taken, and the departure is noted."""
    STRICT = "strict"
    """Every departure refuses the frame."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What one device is allowed.

    Attributes
    ----------
    crc : frozenset of Verdict
        CRC algorithms that are accepted. The standard's only, unless said otherwise.
    mode : Mode
        Tolerant or strict.
    edition : Edition or None
        Edition that the device speaks, where its packets do not tell; None to decide by packet.
    keys : tuple of bytes
        SM4 keys, newest first.
    """

    crc: frozenset[Verdict] = frozenset({Verdict.HJ212})
    mode: Mode = Mode.TOLERANT
    edition: Edition | None = None
    keys: tuple[bytes, ...] = ()

    @property
    def strict(self) -> bool:
        """Whether every departure refuses the frame."""
        return self.mode is Mode.STRICT


STANDARD = Dialect()
"""The standard's CRC, tolerant of what can be read beyond doubt."""
STRICT = Dialect(mode=Mode.STRICT)
"""The standard to the letter."""
