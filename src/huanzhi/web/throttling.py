"""Throttling 限流: how often an address or a key may call, counted in the memory of the process."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable

from huanzhi.errors import InputError

_MOST = 10_000
_every: weakref.WeakSet[Throttle] = weakref.WeakSet()


class Throttle:
    """Counts calls by name in windows of fixed length."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[float, int]] = {}
        _every.add(self)

    def count(self, name: str, most: int, seconds: float) -> None:
        """Count a call.

        Raises
        ------
        InputError
            ``web_api.throttled`` with the seconds to wait, where it is one too many.
        """
        self.look(name, most, seconds)
        self.note(name, seconds)

    def look(self, name: str, most: int, seconds: float) -> None:
        """Refuse as `count` does, without counting."""
        began, calls = self._windows.get(name, (0.0, 0))
        left = began + seconds - self._clock()
        if calls >= most and left > 0:
            raise InputError("web_api.throttled", seconds=max(1, int(left) + 1))

    def note(self, name: str, seconds: float) -> None:
        """Count without refusing."""
        now = self._clock()
        with self._lock:
            began, calls = self._windows.get(name, (now, 0))
            if now - began >= seconds:
                began, calls = now, 0
            if len(self._windows) >= _MOST and name not in self._windows:
                self._windows.clear()
            self._windows[name] = (began, calls + 1)

    def forget(self) -> None:
        """Begin anew."""
        self._windows.clear()


def forget_all() -> None:
    """Begin anew with every throttle of the process."""
    for one in list(_every):
        one.forget()
