"""Hours of minute values, kept for a while: what leaves an outlet is asked for by its own logger, by every
section downstream and by every station downwind.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

import numpy as np

from huanzhi.city.chance import Times
from huanzhi.city.world import MINUTE

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Values by key, the oldest given up beyond `most`. Bounds the memory."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: OrderedDict[Hashable, Value] = OrderedDict()

    def get(self, name: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of `name`, made if need be."""
        if name not in self._held:
            self._held[name] = make()
            if len(self._held) > self.most:
                self._held.popitem(last=False)
        return self._held[name]


def minutes(start: int, end: int) -> Times:
    """Return the whole minutes of [`start`, `end`) [s UTC]."""
    return np.arange(-(-start // MINUTE) * MINUTE, end, MINUTE, dtype=np.int64)
