"""A text seen without blanks and with one width of punctuation; every character knows where it stood."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from huanzhi.plans.model import Span

_WIDE = ",:;!?()%~-./+=<>&*[]"
_FOLDS = {chr(ord(char) + 0xFEE0): char for char in _WIDE}
_FOLDS |= {chr(0xFF10 + digit): str(digit) for digit in range(10)}
_FOLDS |= {chr(0xFF21 + place): chr(65 + place) for place in range(26)}
_FOLDS |= {chr(0xFF41 + place): chr(97 + place) for place in range(26)}
_FOLDS |= {chr(0x2080 + digit): str(digit) for digit in range(10)}
_FOLDS |= {
    "µ": "μ",
    "³": "3",
    "²": "2",
    "～": "~",
    "〜": "~",
    "﹪": "%",
    "﹣": "-",
    "−": "-",
    "–": "-",
    "―": "-",
    "‐": "-",
    "‑": "-",
}
_FOLDS |= {"∶": ":", "︰": ":", "≧": "≥", "≦": "≤", "﹥": ">", "﹤": "<"}
_FOLDS |= {
    "「": "“",
    "」": "”",
    "『": "“",
    "』": "”",
    "〝": "“",
    "〞": "”",
    "【": "[",
    "】": "]",
    "﹐": ",",
    "﹔": ";",
    "﹕": ":",
}
_TABLE = str.maketrans(_FOLDS)
_SPREAD = {"㎡": "m2", "㎥": "m3", "㎍": "μg", "㎎": "mg", "㎏": "kg", "㎞": "km", "…": "…"}
_DROPPED = frozenset("|\u200b\u200c\u200d\u2060\ufeff\u00ad")


def fold(text: str) -> str:
    """Return `text` with one width of punctuation, digits and letters; no character is added or lost."""
    return text.translate(_TABLE)


_HIDDEN = 0xF0000
BLOT = "[\U000f0000-\U000ffffd]"
"""Pattern of one hidden character; see `hide`."""


def hide(text: str) -> str:
    """Return `text` in characters that no pattern of words matches; `shown` brings them back.

    What is hidden already stays as it is, and so do signs beyond the first plane.
    """
    return "".join(char if ord(char) > 0xFFFF else chr(_HIDDEN + ord(char)) for char in text)


def shown(text: str) -> str:
    """Return `text` with what was hidden, and without years blotted out."""
    return "".join(chr(ord(char) - _HIDDEN) if ord(char) >= _HIDDEN else char for char in text).replace(
        "□", ""
    )


@dataclass(frozen=True)
class View:
    """A stretch of a text without blanks: `text` is what is read, `at[i]` where its i-th character stands."""

    text: str
    at: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Return the stretch of the source behind ``text[start:end]``."""
        return Span(self.at[start], self.at[end - 1] + 1)

    def part(self, start: int, end: int) -> View:
        """Return a view of a part."""
        return View(self.text[start:end], self.at[start:end])

    @cached_property
    def whole(self) -> Span:
        """Return the stretch of the source behind all of it."""
        return self.span(0, len(self.text))


def view(text: str, start: int, end: int) -> View:
    """Return the stretch ``text[start:end]`` without blanks and pipes; ㎡ and the like are written out."""
    letters: list[str] = []
    places: list[int] = []
    for place in range(start, end):
        char = text[place]
        if not char.isspace() and char not in _DROPPED:
            spread = _SPREAD.get(char, char)
            letters.append(spread)
            places.extend([place] * len(spread))
    return View(fold("".join(letters)), tuple(places))
