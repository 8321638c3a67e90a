"""Clocks 校时: how far each device's clock is off, and against what.

Real devices are held against the gateway's own clock. The devices of the test city live in a time of their
own, which may run at any speed; they are held against the middle one of their clocks.
"""

from __future__ import annotations

from collections import deque
from statistics import median


class Reference:
    """The clock of one group of devices, as an offset to the gateway's [s]."""

    def __init__(self, simulated: bool, kept: int = 101) -> None:
        self._offsets: deque[float] | None = deque(maxlen=kept) if simulated else None

    def off(self, device: float, now: float) -> float:
        """Return how far the device's clock is ahead [s], and take it into account."""
        offset = device - now
        if self._offsets is None:
            return offset
        self._offsets.append(offset)
        return offset - median(self._offsets)

    def now(self, now: float) -> float:
        """Return the time that is right for the group."""
        return now + median(self._offsets) if self._offsets else now
