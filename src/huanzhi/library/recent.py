"""What was made lately, by all that it was made from; for every thread of a process, within a bound."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Things by key; those asked for longest ago are given up first.

    A key must name all that a thing was made from, so that nothing that is kept can be out of date.

    Parameters
    ----------
    most : int
        Sum of the sizes of what is kept.
    size : callable
        Size of a thing; 1 by default, so that `most` is a number of things.
    """

    def __init__(self, most: int, size: Callable[[T], int] = lambda _: 1) -> None:
        self.most, self.held = most, 0
        self._size = size
        self._things: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> T | None:
        """Return what is kept; None where nothing is."""
        with self._lock:
            found = self._things.get(key)
            if found is not None:
                self._things.move_to_end(key)
            return found

    def put(self, key: Hashable, thing: T) -> None:
        """Keep a thing."""
        with self._lock:
            if key in self._things:
                return
            self._things[key] = thing
            self.held += self._size(thing)
            while self.held > self.most:
                _, dropped = self._things.popitem(last=False)
                self.held -= self._size(dropped)

    def replace(self, key: Hashable, thing: T) -> None:
        """Keep a thing in the place of the one that was there."""
        with self._lock:
            before = self._things.pop(key, None)
            if before is not None:
                self.held -= self._size(before)
        self.put(key, thing)

    def made(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept, made now where nothing is; two threads may make the same."""
        found = self.get(key)
        if found is None:
            found = make()
            self.put(key, found)
        return found
