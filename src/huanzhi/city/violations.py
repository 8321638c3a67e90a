"""Violations 违法行为 that are injected: 14 kinds, spread over the days of the city by chance of its seed.

What each does to the city stands with the thing it touches: `processes`, `instruments`, `electricity`,
`rivers`, `air`, `telegrams` and `ledgers` ask `Schedule.of`. No rule of the platform may read them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from huanzhi.city.chance import Times, between, draw, key, pick, uniform
from huanzhi.city.model import Enterprise, description
from huanzhi.city.world import MINUTE, City
from huanzhi.standards.periods import CHINA_OFFSET, DAY, HOUR

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation.

    Attributes
    ----------
    number : str
        Number within the city, e.g. ``V0003``.
    kind : str
        One of the kinds of ``violations.toml``.
    culprit : str
        Code of the enterprise, workshop, station or section.
    place : str
        Code of the outlet, workshop, station or section; the enterprise for waste.
    start, end : int
        [s UTC], end exclusive.
    size : float
        How bad; see the note of the kind.
    """

    number: str
    kind: str
    culprit: str
    place: str
    start: int
    end: int
    size: float

    def during(self, times: Times) -> Mask:
        """Return which of `times` lie within it."""
        return (times >= self.start) & (times < self.end)


class Schedule:
    """Violations of a city by place.

    Parameters
    ----------
    violations : iterable of Violation
    """

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        self._by_place: dict[str, list[Violation]] = defaultdict(list)
        self._by_kind: dict[str, list[Violation]] = defaultdict(list)
        for violation in self.violations:
            self._by_kind[violation.kind].append(violation)
            for place in {violation.place, violation.culprit}:
                self._by_place[place].append(violation)

    def of(self, place: str, times: Times, *wanted: str) -> Iterator[tuple[Violation, Mask]]:
        """Go through the violations at a place, of the kinds `wanted` or all, with the moments they hold."""
        for violation in self._by_place.get(place, ()):
            if wanted and violation.kind not in wanted:
                continue
            mask = violation.during(times)
            if mask.any():
                yield violation, mask

    def at(self, place: str) -> Sequence[Violation]:
        """Return the violations at a place."""
        return self._by_place.get(place, ())

    def of_kind(self, kind: str) -> Sequence[Violation]:
        """Return the violations of a kind."""
        return self._by_kind.get(kind, ())


def kinds() -> Mapping[str, Mapping[str, Any]]:
    """Return the kinds by name."""
    found: Mapping[str, Mapping[str, Any]] = description("violations")["kind"]
    return found


def schedule(city: City) -> Schedule:
    """Return the violations of a city: the same for the same seed, enterprises, start and days."""
    found = sorted(_spread(city), key=lambda violation: (violation.start, violation.number))
    return Schedule(replace(each, number=f"V{place:04d}") for place, each in enumerate(found, 1))


def _spread(city: City) -> Iterator[Violation]:
    table = description("violations")
    by_day = max(table["least_by_day"], round(len(city.enterprises) * table["share_by_day"]))
    busy: dict[str, int] = {}
    candidates = {kind: _candidates(city, kind) for kind in kinds()}
    number = 0
    for day in range(city.days):
        for kind in _kinds_of_day(city.seed, day, by_day):
            number += 1
            violation = _violation(city, kind, day, number, busy, candidates[kind])
            if violation is not None:
                busy[violation.culprit] = violation.end + table["rest_hours"] * HOUR
                yield violation


def _kinds_of_day(seed: int, day: int, by_day: int) -> Iterator[str]:
    """Deal the kinds out like a pack of cards, shuffled again when it is used up."""
    for place in range(day * by_day, (day + 1) * by_day):
        deck, card = divmod(place, len(kinds()))
        yield _deck(seed, deck)[card]


@cache
def _deck(seed: int, deck: int) -> tuple[str, ...]:
    names = tuple(kinds())
    order = np.argsort(uniform(key(seed, "deck", deck), np.arange(len(names), dtype=np.int64)), kind="stable")
    return tuple(names[place] for place in order)


def _violation(
    city: City,
    kind: str,
    day: int,
    number: int,
    busy: Mapping[str, int],
    candidates: Sequence[tuple[str, str]],
) -> Violation | None:
    table, name = kinds()[kind], (city.seed, "violation", number)
    start = _start(city, table, day, name)
    lead = table.get("lead_hours", description("violations")["lead_hours"])
    free = [pair for pair in candidates if busy.get(pair[0], 0) <= start]
    if start < city.start + lead * HOUR or not free:
        return None
    culprit, place = pick(free, *name, "culprit")
    length = between(*table["hours"], *name, "hours") * HOUR
    end = start + int(length) // MINUTE * MINUTE
    size = round(between(*table["size"], *name, "size"), 4)
    return Violation(f"V{number:04d}", kind, culprit, place, start, end, size)


def _start(city: City, table: Mapping[str, Any], day: int, name: tuple[object, ...]) -> int:
    first, last = table["china_hour"]
    midnight = (city.start + CHINA_OFFSET) // DAY * DAY - CHINA_OFFSET
    minute = int((first + (last - first) * draw(*name, "start")) * 60)
    return midnight + day * DAY + minute * MINUTE


def _candidates(city: City, kind: str) -> tuple[tuple[str, str], ...]:
    return tuple(pair for medium in kinds()[kind]["on"] for pair in _on(city, kind, medium))


def _on(city: City, kind: str, medium: str) -> Iterator[tuple[str, str]]:
    if medium == "workshop":
        yield from ((workshop.code, workshop.code) for workshop in city.workshops)
    elif medium == "station":
        yield from ((station.code, station.code) for station in city.stations if not station.fence)
    elif medium == "section":
        yield from ((section.code, section.code) for section in city.sections)
    elif medium == "waste":
        yield from ((owner.code, owner.code) for owner in city.enterprises if owner.waste)
    else:
        yield from _outlets(city.enterprises[1:], kind, medium)


def _outlets(owners: Iterable[Enterprise], kind: str, medium: str) -> Iterator[tuple[str, str]]:
    shifts = kinds()[kind].get("shifts")
    for owner in owners:
        if shifts is None or owner.shift in shifts:
            yield from ((owner.code, outlet.code) for outlet in owner.outlets if outlet.medium == medium)
