"""Grading 赋码与评级: from what happened to where somebody stands, by one scheme, on any day.

A scheme is a table of levels (three, four, five colours, grades with letters; *unknown* stands apart) and
a rulebook whose rows say what an event weighs: a level that it forces, points, steps downwards, and when it
stops weighing. `standing` tells one day, `history` the days between two as intervals. Nothing here reads a
clock or rounds: the same events give the same answer, in whatever order they are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from huanzhi.rules.evaluating import evaluate
from huanzhi.rules.model import Rulebook
from huanzhi.rules.reading import digest
from huanzhi.standards.model import Confidence, Words

UNKNOWN = "unknown"
NO_WORDS = Words()
Books = Callable[[date], Rulebook | None]
"""The rulebook of a scheme that is in force on a day; None where none is known."""


class Release(StrEnum):
    """When an event stops weighing."""

    UNTIL = "until"
    """When its source says that it is over, an officer accepts the mending, or it is repaired."""
    UNTIL_AND_DAYS = "until_and_days"
    """The same, but not before so many days have passed."""
    COMPLIANT_DAYS = "compliant_days"
    """After so many days in a row within the limits at the same outlet 连续达标."""
    DAYS = "days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a scheme; `colour` is a token of the screens, never a value of a colour."""

    code: str
    title: Words
    colour: str


@dataclass(frozen=True, slots=True)
class Band:
    """The lowest points with which a level is held."""

    level: str
    least: Decimal


@dataclass(frozen=True, slots=True)
class Evidence:
    """A kind of event that shows that something is known of somebody, and for how many days after."""

    kind: str
    days: int


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme 方案.

    Attributes
    ----------
    levels : tuple of Level
        The best first.
    output : str
        Output of the rulebook that names the level an event forces.
    start, least, most : Decimal, optional
        Points before any event and their bounds; None where the scheme counts none.
    bands : tuple of Band
        Levels by points, the highest points first.
    complete : bool
        Whether all that the scheme needs is known; if not, there is a level only where an event forces one.
    run_kind, by_hand : str
        Kind of the events that are runs of compliant days, and of changes by hand.
    sort : str
        Changes by hand name it.
    """

    id: str
    sort: str
    levels: tuple[Level, ...]
    output: str = "level"
    start: Decimal | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    bands: tuple[Band, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    complete: bool = True
    run_kind: str = "compliant_run"
    by_hand: str = "by_hand"

    def rank(self, level: str) -> int:
        """Return the place of a level, 0 for the best."""
        return next((place for place, one in enumerate(self.levels) if one.code == level), len(self.levels))


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as the kernel sees it; `ended` is the day from which an officer let it weigh no more."""

    key: str
    kind: str
    day: date
    until: date | None = None
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class Weight:
    """What one row of the rulebook says of an event."""

    row: int
    level: str = ""
    points: Decimal | None = None
    steps: int = 0
    release: Release = Release.UNTIL
    term: int = 0
    clause: Words = NO_WORDS
    condition: Words = NO_WORDS
    confidence: Confidence = Confidence.NOT_CONFIRMED
    book: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """An event that weighs from `day` until `end`, None while its end is not known."""

    event: str
    kind: str
    day: date
    end: date | None
    weight: Weight

    def weighs(self, day: date) -> bool:
        """Return whether it weighs on a day."""
        return self.day <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands on a day.

    Attributes
    ----------
    score : Decimal, optional
        Points, where the scheme counts them and all it needs is known.
    reasons : tuple of Reason
        What weighs, the heaviest first.
    expires : date, optional
        Next day on which it changes if nothing else happens.
    by_hand : bool
        Whether people decided it.
    """

    day: date
    level: str
    score: Decimal | None
    reasons: tuple[Reason, ...]
    expires: date | None = None
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from `day` until before `until` with one level and one score; reasons with days of their own."""

    day: date
    until: date | None
    level: str
    score: Decimal | None
    reasons: tuple[Reason, ...]
    by_hand: bool = False


def weights(rulebook: Rulebook, output: str, kind: str, facts: Mapping[str, Any]) -> tuple[Weight, ...]:
    """Return what the rows of a rulebook say of an event; facts that it does not ask for are left out."""
    known = {one.name for one in rulebook.inputs}
    asked = {name: value for name, value in facts.items() if name in known and name != "kind"}
    result = evaluate(rulebook, {"kind": kind, **asked})
    return tuple(_weight(result.rulebook, hit, output) for hit in result.hits)


def _weight(book: str, hit: Any, output: str) -> Weight:
    out = hit.outputs
    return Weight(
        hit.number,
        str(out.get(output) or out.get("level") or ""),
        Decimal(str(out["points"])) if out.get("points") is not None else None,
        int(out.get("steps") or 0),
        Release(str(out.get("release") or Release.UNTIL)),
        int(out.get("term") or 0),
        hit.clause,
        hit.note,
        hit.confidence,
        book,
    )


class Weighing:
    """Weights of events: equal facts, as far as it asks for them, are asked for once of a rulebook."""

    def __init__(self, books: Books, output: str) -> None:
        self._books, self._output = books, output
        self._known: dict[tuple[str, str, str], tuple[Weight, ...]] = {}
        self._digests: dict[int, str] = {}
        self._inputs: dict[int, tuple[str, ...]] = {}
        self._held: dict[date, Rulebook | None] = {}

    def of(self, one: Happening) -> tuple[Weight, ...]:
        """Return the weights of an event, by the rulebook in force on its own day."""
        book = self._book(one.day)
        if book is None or not _asked(book, one.kind):
            return ()
        facts = tuple((name, one.facts[name]) for name in self._inputs[id(book)] if name in one.facts)
        key = (self._digests[id(book)], one.kind, repr(facts))
        if key not in self._known:
            self._known[key] = weights(book, self._output, one.kind, one.facts)
        return self._known[key]

    def _book(self, day: date) -> Rulebook | None:
        if day not in self._held:
            book = self._held[day] = self._books(day)
            if book is not None and id(book) not in self._digests:
                self._digests[id(book)] = digest(book)
                self._inputs[id(book)] = tuple(each.name for each in book.inputs)
        return self._held[day]


def _asked(book: Rulebook, kind: str) -> bool:
    choices = book.input("kind").choices
    return not choices or kind in choices


def reasons(scheme: Scheme, happenings: Iterable[Happening], weighing: Weighing) -> tuple[Reason, ...]:
    """Return all that weighs at any time, by day and event; what weighs on no day is left out."""
    told = list(happenings)
    runs = runs_of(scheme, told)
    found = [
        Reason(one.key, one.kind, one.day, _end(one, weight, runs), weight)
        for one in told
        if one.kind not in (scheme.run_kind, scheme.by_hand)
        for weight in weighing.of(one)
    ]
    held = [one for one in found if one.end is None or one.day < one.end]
    return tuple(sorted(held, key=lambda one: (one.day, one.event, one.weight.row)))


Runs = Mapping[str, Sequence[tuple[date, date | None]]]


def runs_of(scheme: Scheme, happenings: Iterable[Happening]) -> Runs:
    """Return the runs of compliant days by outlet, each from its first day until before its end, in order."""
    found: dict[str, list[tuple[date, date | None]]] = {}
    for one in happenings:
        if one.kind == scheme.run_kind:
            found.setdefault(str(one.facts.get("outlet", "")), []).append((one.day, one.until))
    return {outlet: sorted(held, key=lambda run: run[0]) for outlet, held in found.items()}


def _end(one: Happening, weight: Weight, runs: Runs) -> date | None:
    """Return the first day on which an event weighs no longer by a row; None where that is not known yet."""
    end = _ended(one, weight, runs)
    return end if one.ended is None else one.ended if end is None else min(end, one.ended)


def _ended(one: Happening, weight: Weight, runs: Runs) -> date | None:
    if weight.release is Release.DAYS:
        return one.day + timedelta(days=weight.term)
    if weight.release is Release.MONTHS:
        return months_later(one.day, weight.term)
    if weight.release is Release.COMPLIANT_DAYS:
        return _after_run(one, weight.term, runs.get(str(one.facts.get("outlet", "")), ()))
    if weight.release is Release.UNTIL_AND_DAYS and one.until is not None:
        return max(one.until, one.day + timedelta(days=weight.term))
    return one.until


def _after_run(one: Happening, days: int, runs: Sequence[tuple[date, date | None]]) -> date | None:
    """Return the day after the first `days` compliant days in a row that came after an event."""
    for begin, until in runs:
        first = max(begin, one.day + timedelta(days=1))
        done = first + timedelta(days=days)
        if until is None or done <= until:
            return done
    return None


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, the last of the month where there is none."""
    whole = day.month - 1 + months
    year, month = day.year + whole // 12, whole % 12 + 1
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError


def standing(scheme: Scheme, happenings: Iterable[Happening], day: date, weighing: Weighing) -> Standing:
    """Return where somebody stands on a day, with what weighs, and when that changes by itself."""
    told = list(happenings)
    found = _Reckoned(scheme, told, weighing)
    stretches = found.stretches(day, None)
    first = stretches[0]
    held = tuple(one for one in first.reasons if one.weighs(day))
    return Standing(day, first.level, first.score, held, first.until, first.by_hand)


def history(
    scheme: Scheme, happenings: Iterable[Happening], first: date, end: date | None, weighing: Weighing
) -> tuple[Stretch, ...]:
    """Return the stretches from `first` until before `end`; without an end the last has none.

    Days after the last that is known are reckoned as if nothing else happened.
    """
    return _Reckoned(scheme, list(happenings), weighing).stretches(first, end)


class _Reckoned:
    """The events of one enterprise under one scheme, weighed."""

    def __init__(self, scheme: Scheme, told: list[Happening], weighing: Weighing) -> None:
        self.scheme = scheme
        self.reasons = reasons(scheme, told, weighing)
        self.known = _known(scheme, told)
        self.hands = sorted(
            (
                one
                for one in told
                if one.kind == scheme.by_hand
                and one.facts.get("sort") == scheme.sort
                and one.facts.get("scheme") == scheme.id
            ),
            key=lambda one: (one.day, one.key),
        )

    def stretches(self, first: date, end: date | None) -> tuple[Stretch, ...]:
        """Return the stretches between two days."""
        marks = self._marks(first, end)
        made: list[Stretch] = []
        active: list[Reason] = []
        waiting = [one for one in self.reasons if one.end is None or one.end > first]
        place = 0
        for number, day in enumerate(marks):
            until = marks[number + 1] if number + 1 < len(marks) else end
            active = [one for one in active if one.end is None or one.end > day]
            while place < len(waiting) and waiting[place].day <= day:
                active.append(waiting[place])
                place += 1
            self._add(made, self._stretch(day, until, active))
        return tuple(made)

    def _marks(self, first: date, end: date | None) -> list[date]:
        days = {first}
        for one in self.reasons:
            days |= {one.day} if one.end is None else {one.day, one.end}
        for begin, until in self.known:
            days |= {begin, until} - {date.max}
        for hand in self.hands:
            days |= {hand.day} | {day for day in (hand.until, hand.ended) if day is not None}
        return sorted(day for day in days if day >= first and (end is None or day < end))

    def _stretch(self, day: date, until: date | None, active: list[Reason]) -> Stretch:
        level, score = self._judged(day, active)
        hand = next((one for one in reversed(self.hands) if _holds(one, day)), None)
        if hand is not None:
            level = str(hand.facts.get("level", level))
        return Stretch(day, until, level, score, tuple(active), hand is not None)

    def _judged(self, day: date, active: list[Reason]) -> tuple[str, Decimal | None]:
        scheme = self.scheme
        forced = max((scheme.rank(one.weight.level) for one in active if one.weight.level), default=-1)
        steps = sum(one.weight.steps for one in active)
        known = any(begin <= day < until for begin, until in self.known)
        score = _score(scheme, active) if scheme.complete else None
        if not scheme.complete or not (known or _worsened(active)):
            return (scheme.levels[forced].code if forced >= 0 else UNKNOWN), None
        base = _banded(scheme, score) if score is not None else 0
        worst = max(min(base + steps, len(scheme.levels) - 1), forced)
        return scheme.levels[worst].code, score

    @staticmethod
    def _add(made: list[Stretch], one: Stretch) -> None:
        """Add a stretch, joined to the one before where level and score go on."""
        if made and (made[-1].level, made[-1].score, made[-1].by_hand) == (one.level, one.score, one.by_hand):
            before = made[-1]
            joined = before.reasons + tuple(each for each in one.reasons if each not in before.reasons)
            made[-1] = Stretch(before.day, one.until, one.level, one.score, joined, one.by_hand)
        else:
            made.append(one)


def _holds(one: Happening, day: date) -> bool:
    ends = [end for end in (one.until, one.ended) if end is not None]
    return one.day <= day and all(day < end for end in ends)


def _worsened(active: Iterable[Reason]) -> bool:
    return any(
        one.weight.level or one.weight.steps > 0 or (one.weight.points or Decimal(0)) < 0 for one in active
    )


def _score(scheme: Scheme, active: Iterable[Reason]) -> Decimal | None:
    if scheme.start is None:
        return None
    total = scheme.start + sum((one.weight.points or Decimal(0) for one in active), Decimal(0))
    total = total if scheme.least is None else max(total, scheme.least)
    return total if scheme.most is None else min(total, scheme.most)


def _banded(scheme: Scheme, score: Decimal) -> int:
    for band in scheme.bands:
        if score >= band.least:
            return scheme.rank(band.level)
    return len(scheme.levels) - 1


def _known(scheme: Scheme, told: Iterable[Happening]) -> list[tuple[date, date]]:
    """Return the days on which something is known, as joined stretches."""
    days = {one.kind: one.days for one in scheme.evidence}
    found = sorted(
        (one.day, (one.until or one.day + timedelta(days=1)) + timedelta(days=days[one.kind]))
        if one.until or one.kind != scheme.run_kind
        else (one.day, date.max)
        for one in told
        if one.kind in days
    )
    joined: list[tuple[date, date]] = []
    for begin, until in found:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        else:
            joined.append((begin, until))
    return joined


def decisive(scheme: Scheme, standing: Standing) -> tuple[Reason, ...]:
    """Return the reasons without which the level would be another: those that force it, or all that weigh."""
    forcing = tuple(one for one in standing.reasons if one.weight.level == standing.level)
    return forcing or tuple(one for one in standing.reasons if _worsened((one,)))
