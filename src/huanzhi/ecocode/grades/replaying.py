"""Replaying 重放: history made anew from events, held against what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from huanzhi.ecocode.grades.models import Interval
from huanzhi.ecocode.grades.reckoning import happenings
from huanzhi.ecocode.grades.schemes import SORTS, Shelf
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.rules.grading import UNKNOWN, Happening, Stretch, history

Line = tuple[date, date | None, str, str]


def replayed(firm: Enterprise, sort: str, told: Sequence[Happening], today: date, shelf: Shelf) -> list[Line]:
    """Return the history of an enterprise from its events alone, as it is stored."""
    scheme = shelf.scheme(sort, firm.region_id, today)
    first = min((one.day for one in told), default=today)
    made = history(scheme, told, min(first, today), None, shelf.weighing(scheme, firm.region_id))
    kept = made[1:] if made[0].level == UNKNOWN else made
    return [line_of(one) for one in kept]


def line_of(one: Stretch) -> Line:
    """Return a stretch as a line of history."""
    return one.day, one.until, one.level, "" if one.score is None else f"{one.score:f}"


def stored(firm: Enterprise, sort: str) -> list[Line]:
    """Return the stored history of an enterprise."""
    rows = Interval.objects.filter(enterprise=firm, sort=sort).order_by("day")
    return list(rows.values_list("day", "until", "level", "score"))


def differences(firms: Iterable[Enterprise], today: date, shelf: Shelf | None = None) -> list[str]:
    """Return the codes of the enterprises whose stored history is not what their events give."""
    shelf = shelf or Shelf()
    every = list(firms)
    events = happenings([one.pk for one in every]) if len(every) < 500 else None
    found = []
    for firm in every:
        held = happenings([firm.pk]) if events is None else events
        told = held.get(firm.pk, [])
        if any(replayed(firm, sort, told, today, shelf) != stored(firm, sort) for sort in SORTS):
            found.append(firm.code)
    return found
