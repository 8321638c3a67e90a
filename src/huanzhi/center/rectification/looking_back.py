"""Look-back 回头看: samples that anyone can draw again, and signs that a problem came back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.sampling import sample
from huanzhi.center.rectification.clocks import CHINA
from huanzhi.center.rectification.models import Draw, Task
from huanzhi.errors import InputError
from huanzhi.library.rights import Actor, Thing, require
from huanzhi.library.trail.chain import append

SHOWN = 20
YEARS = (1990, 2100)
"""Issues shown as signs at most; years between which samples are drawn. DEFAULT, NOT FROM THE DOCUMENTS."""


def population(rows: Any, first: date, last: date) -> list[str]:
    """Return the numbers of the tasks written off in a span of days.

    Raises
    ------
    InputError
        ``rectification.day`` for a day that no task can lie on.
    """
    for day in (first, last):
        if not YEARS[0] <= day.year <= YEARS[1]:
            raise InputError("rectification.day", value=str(day), expected=f"{YEARS[0]}–{YEARS[1]}")
    begin = datetime.combine(first, datetime.min.time(), CHINA)
    end = datetime.combine(last, datetime.min.time(), CHINA) + timedelta(days=1)
    found = rows.filter(state__in=("written_off", "looked_back"), closed__gte=begin, closed__lt=end)
    return sorted(found.values_list("number", flat=True))


def draw(actor: Actor, rows: Any, first: date, last: date, seed: str, *, now: datetime) -> Draw:
    """Draw a sample and keep it with its numbers and seed, so that anyone can draw it again."""
    require(actor, "command", Thing(Task.KIND, ""))
    numbers = population(rows, first, last)
    made = Draw.objects.create(
        first=first,
        last=last,
        seed=seed,
        numbers=numbers,
        drawn=sample(numbers, seed),
        at=now,
        actor=actor.code,
        actor_name=actor.name,
    )
    told = {"first": str(first), "last": str(last), "seed": seed, "numbers": numbers, "drawn": made.drawn}
    append(actor, "draw", Task.KIND, f"draw/{made.pk}", after=told)
    return made


def again(one: Draw) -> bool:
    """Return whether a kept sample comes out the same when it is drawn again."""
    return sample(one.numbers, one.seed) == one.drawn


def signs(task: Task) -> list[Issue]:
    """Return issues of the same enterprise and category that were opened after a task was written off."""
    if task.closed is None or not task.enterprise:
        return []
    rows = Issue.objects.filter(enterprise=task.enterprise, category=task.category, opened__gt=task.closed)
    return list(rows.exclude(number=task.issue).order_by("-opened")[:SHOWN])
