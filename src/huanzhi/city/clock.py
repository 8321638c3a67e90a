"""Clock of the city: simulated time that runs at any speed beside the real one."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """Simulated time.

    Parameters
    ----------
    start : int
        What it shows first [s UTC].
    speed : float
        Simulated seconds by real second, more than 0.
    real : callable
        Real seconds that only rise.
    """

    def __init__(self, start: int, speed: float, real: Callable[[], float] = time.monotonic) -> None:
        self.start = start
        self.speed = speed
        self._real = real
        self._began = real()

    def now(self) -> float:
        """Return the simulated time [s UTC]."""
        return self.start + (self._real() - self._began) * self.speed

    def until(self, moment: float) -> float:
        """Return the real seconds until a simulated moment; 0 where it has passed."""
        return max((moment - self.now()) / self.speed, 0.0)
