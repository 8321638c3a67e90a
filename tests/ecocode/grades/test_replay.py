"""Thirty enterprises live a year day by day; one replay of all events gives the same history."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.ecocode.grades.telling import over, penalty, run

from huanzhi.ecocode.grades.events import record
from huanzhi.ecocode.grades.models import Code
from huanzhi.ecocode.grades.reckoning import due, reckon, stand
from huanzhi.ecocode.grades.replaying import differences
from huanzhi.ecocode.grades.schemes import Shelf
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
FIRST, DAYS, FIRMS = date(2025, 11, 22), 365, 30
DAY = timedelta(days=1)


def year_of(firm: Any, seed: int) -> list[tuple[date, Any]]:
    """Return what becomes known when, the day after it happened."""
    chance, found, begun, day = random.Random(seed), [], FIRST, FIRST
    found.append((begun + DAY, run(firm, begun)))
    while day < FIRST + DAYS * DAY:
        if chance.random() < 0.012:
            found.append((day + DAY, run(firm, begun, day)))
            for row in range(1, chance.choice((1, 2, 4)) + 1):
                found.append((day + DAY, over(firm, day, row)))
                day += DAY
            begun = day
            found.append((begun + DAY, run(firm, begun)))
        if chance.random() < 0.002:
            found.append((day + DAY, penalty(firm, day)))
            found.append((day + 50 * DAY, penalty(firm, day, day + 45 * DAY)))
        day += DAY
    return found


def test_a_year_lived_day_by_day_is_what_a_replay_gives(firm: Any) -> None:
    firms = [firm(number) for number in range(1, FIRMS + 1)]
    by_day: dict[date, list[Any]] = defaultdict(list)
    for place, one in enumerate(firms):
        for known, what in year_of(one, place):
            by_day[known].append(what)
    shelf, shown, today = Shelf(), {}, FIRST + DAYS * DAY
    for step in range(DAYS + 1):
        day = FIRST + step * DAY
        now = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        done = record(SYSTEM, by_day[day], now, known=day)
        touched = due(day)
        for pk, first in done.touched.items():
            touched[pk] = min(first, touched.get(pk, first))
        reckon(SYSTEM, touched, day, shelf)
        if step % 73 == 0:
            shown[day] = dict(Code.objects.filter(sort="code").values_list("enterprise", "level"))
    assert differences(firms, today, shelf) == []
    for day, levels in shown.items():
        for one in firms[:10]:
            assert stand(one, "code", day, known=day, shelf=shelf)[1].level == levels[one.pk]
