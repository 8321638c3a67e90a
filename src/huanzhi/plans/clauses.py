"""Sentences and clauses of a paragraph, with what stands in brackets hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from huanzhi.plans.folding import View, hide

_SENTENCE = re.compile(r"[^。!?]+[。!?]?[”)]?")
_INNER = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|《[^《》]*》|〔[^〔〕]*〕")
_OPEN, _CLOSE = "([《〔", ")]》〕"


@dataclass(frozen=True)
class Clause:
    """A clause: `start` and `end` in its sentence."""

    sentence: Sentence
    start: int
    end: int

    @property
    def text(self) -> str:
        """Return the words of the clause, brackets hidden."""
        return self.sentence.blotted[self.start : self.end]


@dataclass(frozen=True)
class Sentence:
    """A sentence of a paragraph."""

    view: View

    @property
    def text(self) -> str:
        """Return the words of the sentence."""
        return self.view.text

    @cached_property
    def blotted(self) -> str:
        """Return the words with brackets and what they hold hidden, at the same length."""
        text, before = self.text, ""
        while text != before:
            before, text = text, _INNER.sub(lambda found: hide(found.group()), text)
        return text

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Return the clauses between commas, semicolons and colons; 1,500 is not parted."""
        cuts = [
            found.start() for found in re.finditer(r"[,;:。](?!(?<=\d,)\d{3}(?!\d)|(?<=\d:)\d)", self.blotted)
        ]
        edges = [-1, *cuts, len(self.text)]
        pairs = [(a + 1, b) for a, b in pairwise(edges) if b > a + 1]
        return tuple(Clause(self, start, end) for start, end in pairs)

    def separator(self, place: int) -> str:
        """Return the sign that ends the clause ending at `place`."""
        return self.blotted[place : place + 1]


def sentences(view: View) -> Iterator[Sentence]:
    """Yield the sentences of a paragraph; full stops inside brackets do not end one."""
    start, depth = 0, 0
    for place, char in enumerate(view.text):
        depth = max(0, depth + (char in _OPEN) - (char in _CLOSE))
        if char in "。!?" and (depth == 0 or char == "。"):
            depth = 0
            yield Sentence(view.part(start, place + 1))
            start = place + 1
    if start < len(view.text):
        yield Sentence(view.part(start, len(view.text)))
