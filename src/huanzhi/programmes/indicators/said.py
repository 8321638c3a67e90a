"""Sentences 说明: a message with its values, put into words when it is read, so that it can be kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from huanzhi.messages import Language, text, using


@dataclass(frozen=True, slots=True)
class Said:
    """A message and its values, which are the same in every language."""

    key: str
    values: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, key: str, **values: Any) -> Said:
        """Make it of the key of a message and its values."""
        return cls(key, tuple(sorted(values.items())))

    def __str__(self) -> str:
        return text(self.key, **dict(self.values))

    def both(self) -> dict[str, str]:
        """Return the sentence in both languages."""
        found: dict[str, str] = {}
        languages: tuple[Language, ...] = ("zh", "en")
        for language in languages:
            with using(language):
                found[str(language)] = str(self)
        return found


Words = Callable[[Said], Any]
"""Turns a sentence into what is wanted of it: `str`, or `Said.both` to keep it."""
