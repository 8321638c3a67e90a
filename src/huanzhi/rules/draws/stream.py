"""The counter stream 计数器流: whole numbers from a key, the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")
SPAN = 1 << 256
"""How many values a block has."""


class Stream:
    """Uniform whole numbers: block i is SHA-256 of ``key|label|i``, read big-endian.

    Parameters
    ----------
    key : str
        Key of the draw, in hexadecimal.
    label : str
        What the numbers are for; streams of different labels are independent.
    """

    def __init__(self, key: str, label: str) -> None:
        self._prefix = f"{key}|{label}|"
        self._next = 0

    def below(self, bound: int) -> int:
        """Return a number from 0 to `bound` - 1; blocks past its last whole multiple are skipped."""
        last = SPAN - SPAN % bound
        while True:
            block = hashlib.sha256(f"{self._prefix}{self._next}".encode()).digest()
            self._next += 1
            number = int.from_bytes(block, "big")
            if number < last:
                return number % bound

    def shuffled(self, items: Iterable[T]) -> list[T]:
        """Return the items in random order (Fisher and Yates, from the last place down)."""
        order = list(items)
        for last in range(len(order) - 1, 0, -1):
            chosen = self.below(last + 1)
            order[last], order[chosen] = order[chosen], order[last]
        return order
