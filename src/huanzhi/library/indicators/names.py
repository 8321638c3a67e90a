"""Names of indicators 指标名称: which indicators the words of a document can mean, the likeliest first.

Nothing is bound here: a person confirms. A name that is one of an indicator's own, but for width, spaces,
brackets and words such as 全市 before it, is the ``same``; others are ``like`` by their letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from huanzhi.library.indicators.registry import Definition, dropped_prefixes

LEAST_LIKE = 0.5
"""Likeness below which an indicator is not offered. DEFAULT, NOT FROM THE DOCUMENTS."""

MOST = 5
"""Candidates that are offered. DEFAULT, NOT FROM THE DOCUMENTS."""

_NOISE = re.compile(r"[\s()\[\]（）〔〕“”\"'‘’,，、。:：;；~～\-—]+")
_ROMAN = str.maketrans({"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "Ⅴ": "V", "Ⅵ": "VI"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """An indicator that a name can mean; `likeness` from 0 to 1, 1 where the names are the same."""

    definition: Definition
    likeness: float

    @property
    def same(self) -> bool:
        """Whether the name is one of the indicator's own."""
        return self.likeness == 1


def folded(name: str) -> str:
    """Return a name without what does not tell one indicator from another."""
    plain = unicodedata.normalize("NFKC", name.translate(_ROMAN))
    bare = _NOISE.sub("", plain).casefold()
    again = True
    while again:
        again = False
        for word in dropped_prefixes():
            if bare.startswith(word) and len(bare) > len(word) + 2:
                bare, again = bare.removeprefix(word), True
    return bare


def candidates(name: str, known: Iterable[Definition]) -> list[Candidate]:
    """Return the indicators that a name can mean, the likeliest first; none where nothing is like it."""
    wanted = folded(name)
    found = [Candidate(one, _likeness(wanted, one)) for one in known]
    likely = [one for one in found if one.likeness >= LEAST_LIKE]
    return sorted(likely, key=lambda one: (-one.likeness, one.definition.code))[:MOST]


def _likeness(wanted: str, one: Definition) -> float:
    names = {folded(name) for name in (one.name.zh, *one.aliases)}
    if wanted in names:
        return 1.0
    return max(min(_ratio(wanted, name), 0.99) for name in names) if wanted else 0.0


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
