"""What is known where a sentence of a plan is read: its years, the year that leads it, its section."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from huanzhi.plans.clauses import Sentence
from huanzhi.plans.model import Named, Target
from huanzhi.plans.structure import Placed
from huanzhi.plans.years import Base, When

_FROM_VALUE = re.compile(
    r"(?:从|由)(?:目前|现在|现状|现有)?的?\d+(?:\.\d+)?(?:%|[一-龥/]{1,8}?)(?=(?:逐步|稳步)?(?:提[高升]|增[加长]|上升|扩大|下降|降低|减少|降|升|增)[到至])"
)


@dataclass
class Reading:
    """What is known while a section is read: the year that leads a list, and what was found."""

    region: str
    starts: int | None
    annual: int | None = None
    period: When | None = None
    spoken: str = ""
    """What the clause just read spoke of, though it may be of the past."""
    lead: When | None = None
    lead_path: tuple[int, ...] = ()
    stages: dict[str, tuple[int, int]] = field(default_factory=dict)
    """The last and the first year of the stages that the plan names."""
    targets: list[Target] = field(default_factory=list)
    milestones: list[Named] = field(default_factory=list)


@dataclass(frozen=True)
class Context:
    """The sentence that is read."""

    placed: Placed
    sentence: Sentence
    whens: Sequence[When]
    bases: Sequence[Base]
    lead: When | None
    opened: bool = False
    """Whether the year that leads stands in the same paragraph."""


def when_of(context: Context, place: int, end: int) -> tuple[When | None, str]:
    """Return the year that holds at a place of the sentence, and where it comes from."""
    alone = next((when for when in context.whens if _only_year(context.sentence.text, end, when)), None)
    if alone:
        return alone, "stated"
    before = [when for when in context.whens if when.start < place]
    if before:
        return before[-1], "stated"
    within = next((when for when in context.whens if place <= when.start < end), None)
    if within:
        return within, "stated"
    return (context.lead, "inherited") if context.lead else (None, "")


def _only_year(text: str, end: int, when: When) -> bool:
    """Return whether a year stands alone in the bracket behind a figure: 「95%(2030年)」."""
    if text[end : when.start] in ("作为", "列为"):
        return True
    alone = re.match(r"[^\d()]{0,4}\)", text[when.end :]) is not None
    return alone and text[end : when.start] in ("(", "(到")


def without_years(context: Context, start: int, content: str) -> str:
    """Return the content with the years that the sentence speaks of blotted out; those of comparison stay."""
    taken = [(when.start, when.end) for when in context.whens]
    taken += [(base.start, base.end) for base in context.bases if base.value]
    taken += [(start + each.start(), start + each.end()) for each in _FROM_VALUE.finditer(content)]
    for first, last in ((a - start, b - start) for a, b in taken):
        if 0 <= first < len(content):
            content = content[:first] + "□" * (min(last, len(content)) - first) + content[last:]
    return content
