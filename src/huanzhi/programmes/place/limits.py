"""Limit lines 限值线: what bounds a parameter at a place, by the edition in force at each moment.

Ambient air is bounded by GB 3095 in the class of its function area, a section by the class of GB 3838 that
is its target, or by class Ⅲ for reference, a well by class Ⅲ of GB/T 14848, an outlet by its permit, else by
the emission standard that its attributes name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from huanzhi import standards
from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.errors import StandardError
from huanzhi.programmes.place.subject import PermitTerm, Subject
from huanzhi.standards import groundwater, water
from huanzhi.standards.class_items import ClassItem
from huanzhi.standards.emission import limit as emission_limit
from huanzhi.standards.model import Edition, Row, Table
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import Period, china_date, start_of_day
from huanzhi.standards.units import factor, find_unit

CONVERTED = "Zs"
"""Kind of a value converted to the reference oxygen content 折算浓度."""

_HOURLY = (Period.INSTANT, Period.MINUTE, Period.TEN_MINUTES, Period.HOUR)
_AIR_AVERAGING: dict[Period, tuple[Period, ...]] = {
    **dict.fromkeys(_HOURLY, (Period.HOUR, Period.DAY)),
    Period.EIGHT_HOURS: (Period.DAY_MAX_EIGHT_HOURS,),
    Period.DAY: (Period.DAY,),
    Period.DAY_MAX_EIGHT_HOURS: (Period.DAY_MAX_EIGHT_HOURS,),
    Period.DAY_MAX_HOUR: (Period.HOUR,),
    Period.QUARTER: (Period.QUARTER,),
    Period.YEAR: (Period.YEAR,),
}
_JUDGED = {Period.DAY_MAX_HOUR: Period.HOUR, Period.EIGHT_HOURS: Period.DAY_MAX_EIGHT_HOURS}
_AIR_TABLES = ("limits", "limits_other")
NOT_JUDGED = DeviceFlag.MAINTENANCE | DeviceFlag.CALIBRATION | DeviceFlag.FAULT | DeviceFlag.STANDARD_CHECK
"""Flags under which no value is judged."""


@dataclass(frozen=True, slots=True)
class LimitStep:
    """One limit over a stretch of time.

    Attributes
    ----------
    start, end : int
        Seconds UTC, end not included.
    value : Decimal
        In `unit`, the platform's unit of the parameter.
    bound : str
        ``upper`` or ``lower``: a value beyond it exceeds.
    standard, edition, clause : str
        Standard with its year, id of the edition, clause.
    grade : str
        Class of the limit: ``二级``, ``Ⅲ``, ``许可``.
    basis : str
        ``area``, ``target``, ``reference``, ``permit``, ``standard``: why this limit.
    averaging : str
        Averaging time of the limit, empty where it has none.
    applies : bool
        Whether values of this period are judged by it; else it is drawn for reference.
    confidence : str
    """

    start: int
    end: int
    value: Decimal
    bound: str
    unit: str
    standard: str
    edition: str
    clause: str
    grade: str
    basis: str
    averaging: str
    applies: bool
    confidence: str

    def exceeded(self, value: Fraction) -> bool:
        """Return whether a value lies beyond the limit; at the limit it complies."""
        return value > Fraction(self.value) if self.bound == "upper" else value < Fraction(self.value)


Judge = Callable[[Subject, str, Period, date], list[LimitStep]]


def limit_steps(
    subject: Subject, parameter: str, period: Period, start: int, end: int
) -> tuple[LimitStep, ...]:
    """Return the limits over [`start`, `end`), each with the time in which it holds."""
    judge = _JUDGES.get(subject.family)
    if judge is None or start >= end:
        return ()
    found: list[LimitStep] = []
    for low, high in pairwise(_edges(subject, parameter, start, end)):
        for step in _on_day(judge, subject, parameter, period, china_date(low)):
            _join(found, replace(step, start=low, end=high))
    return tuple(sorted(found, key=lambda step: (step.bound, step.start)))


def _on_day(judge: Judge, subject: Subject, parameter: str, period: Period, day: date) -> list[LimitStep]:
    """Return the limits of a day; none before the first edition that is held."""
    try:
        return judge(subject, parameter, period, day)
    except StandardError:
        return []


def _join(found: list[LimitStep], step: LimitStep) -> None:
    for place, before in enumerate(found):
        if before.end == step.start and replace(before, start=0, end=0) == replace(step, start=0, end=0):
            found[place] = replace(before, end=step.end)
            return
    found.append(step)


def _edges(subject: Subject, parameter: str, start: int, end: int) -> list[int]:
    """Return `start`, every moment at which a rule may change, and `end`."""
    days = {day for name in _standards_of(subject, parameter) for day in _changes(name, start, end)}
    days |= {day for term in subject.permits for day in (term.first, term.last) if day is not None}
    inner = sorted(moment for moment in map(start_of_day, days) if start < moment < end)
    return [start, *inner, end]


def _standards_of(subject: Subject, parameter: str) -> tuple[str, ...]:
    if subject.family == "outlet":
        named = _named_standard(subject)
        return (named["id"],) if named else ()
    return {
        "air": ("GB 3095",),
        "water": (water.GB3838, water.EVALUATION),
        "groundwater": (groundwater.STANDARD,),
    }.get(subject.family, ())


def _changes(identity: str, start: int, end: int) -> Iterator[date]:
    """Yield the days on which an edition, a phase or a season of a standard begins or has ended."""
    for edition in standards.standard(identity).editions:
        stretches = [edition.interval, edition.early, *(phase.interval for phase in edition.phases)]
        for stretch in stretches:
            if stretch is not None:
                yield stretch.start
                if stretch.end is not None:
                    yield stretch.end + timedelta(days=1)
        for year in range(china_date(start).year - 1, china_date(end).year + 1):
            yield from _seasons(edition, year)


def _seasons(edition: Edition, year: int) -> Iterator[date]:
    for table in edition.tables.get("seasons", ()):
        for row in table.rows:
            yield date.fromisoformat(f"{year}-{row['start']}")
            yield date.fromisoformat(f"{year}-{row['end']}") + timedelta(days=1)


def _air(subject: Subject, parameter: str, period: Period, day: date) -> list[LimitStep]:
    known = all_parameters().get(parameter)
    edition = _in_force("GB 3095", day)
    if known is None or edition is None:
        return []
    on = max(day, edition.interval.start)
    for averaging in _AIR_AVERAGING.get(period, ()):
        for name in _AIR_TABLES:
            found = _air_row(edition, name, on, known.symbol, averaging)
            if found is not None:
                table, row = found
                applies = averaging == _JUDGED.get(period, period)
                return [_air_step(subject, edition, table, row, known.unit, applies=applies)]
    return []


def _in_force(identity: str, day: date) -> Edition | None:
    """Return the edition in force on a day; None before the first of them."""
    try:
        return standards.in_force(identity, day, early=True)
    except StandardError:
        return None


def _air_row(
    edition: Edition, name: str, day: date, symbol: str, averaging: Period
) -> tuple[Table, Row] | None:
    if name not in edition.tables:
        return None
    table = edition.table(name, day)
    wanted = (symbol, str(averaging))
    return next(((table, row) for row in table.rows if (row["item"], row["averaging"]) == wanted), None)


def _air_step(
    subject: Subject, edition: Edition, table: Table, row: Row, unit: str, *, applies: bool
) -> LimitStep:
    value = Decimal(row["values"][table.axis.index(subject.air_class)])
    return _step(
        _converted(value, row.get("unit", table.unit), unit),
        unit,
        (edition, table.clause, str(table.provenance.confidence.name)),
        grade=subject.air_class,
        basis="area",
        averaging=str(row["averaging"]),
        applies=applies,
    )


def _water(subject: Subject, parameter: str, period: Period, day: date) -> list[LimitStep]:
    rules = water.rules(day)
    name = rules.item(parameter)
    item = rules.limits(name, lake=subject.lake) if name else None
    if item is None:
        return []
    target = subject.target(rules)
    number = rules.class_number(target) if target else rules.reference
    basis = "target" if target else "reference"
    if number > len(item.accepts):
        return []
    return _class_steps(parameter, item, number, rules.edition, rules.class_name(number), basis)


def _groundwater(subject: Subject, parameter: str, period: Period, day: date) -> list[LimitStep]:
    table = groundwater.table_on(day)
    try:
        item = table.item(parameter)
    except StandardError:
        return []
    name = table.names[table.reference - 1]
    return _class_steps(parameter, item, table.reference, table.edition, name, "reference")


def _class_steps(
    parameter: str, item: ClassItem, number: int, edition: Edition, grade: str, basis: str
) -> list[LimitStep]:
    known, accept = all_parameters().get(parameter), item.accepts[number - 1]
    unit = known.unit if known else item.unit
    source = (edition, item.table.clause, item.table.provenance.confidence.name)
    return [
        _step(
            _converted(value, item.unit, unit).normalize(),
            unit,
            source,
            bound=bound,
            grade=grade,
            basis=basis,
        )
        for bound, value in (("lower", accept.low), ("upper", accept.high))
        if value is not None and not item.descriptive
    ]


def _outlet(subject: Subject, parameter: str, period: Period, day: date) -> list[LimitStep]:
    code, _, kind = parameter.partition("-")
    known = all_parameters().get(code)
    if known is None or kind not in ("", CONVERTED):
        return []
    applies = period in (Period.HOUR, Period.DAY)
    terms = [one for one in subject.permits if one.parameter == code and one.holds(day)]
    if terms:
        return _permit_steps(terms, known.unit, period)
    named = _named_standard(subject)
    if named is None:
        return []
    chosen = {name: str(named[name]) for name in ("grade", "scope", "table") if named.get(name)}
    try:
        found = emission_limit(named["id"], day, known.name, **chosen)  # type: ignore[arg-type]
        edition = standards.in_force(named["id"], day)
    except StandardError:
        return []
    source = (edition, found.clause, found.provenance.confidence.name)
    pairs = (("lower", found.minimum), ("upper", found.maximum))
    return [
        _step(
            _converted(value, found.unit, known.unit),
            known.unit,
            source,
            bound=bound,
            grade=found.grade,
            basis="standard",
            averaging=found.averaging,
            applies=applies,
        )
        for bound, value in pairs
        if value is not None
    ]


def _permit_steps(terms: Sequence[PermitTerm], unit: str, period: Period) -> list[LimitStep]:
    """Return the limit of this averaging time, else one without any, else another one for reference."""
    ranked = sorted(terms, key=lambda term: (term.averaging != period, term.averaging != "", term.averaging))
    term = ranked[0]
    applies = term.averaging == period or (not term.averaging and period in (Period.HOUR, Period.DAY))
    return [
        LimitStep(
            start=0,
            end=0,
            value=_converted(value, term.unit, unit),
            bound=bound,
            unit=unit,
            standard=term.standard,
            edition="",
            clause=term.clause,
            grade="许可",
            basis="permit",
            averaging=term.averaging,
            applies=applies,
            confidence="",
        )
        for bound, value in (("lower", term.least), ("upper", term.value))
        if value is not None
    ]


def _named_standard(subject: Subject) -> dict[str, Any] | None:
    """Return the emission standard that an outlet names: ``{"id", "grade", "scope", "table"}``."""
    given = subject.feature.attributes.get("emission_standard")
    if isinstance(given, dict) and given.get("id") in standards.all_standards():
        return given
    return None


def _step(
    value: Decimal,
    unit: str,
    source: tuple[Edition, str, str],
    *,
    bound: str = "upper",
    grade: str,
    basis: str,
    averaging: str = "",
    applies: bool = True,
) -> LimitStep:
    edition, clause, confidence = source
    return LimitStep(
        start=0,
        end=0,
        value=value,
        bound=bound,
        unit=unit,
        standard=edition.number,
        edition=edition.id,
        clause=clause,
        grade=grade,
        basis=basis,
        averaging=averaging,
        applies=applies,
        confidence=confidence,
    )


def _converted(value: Decimal | int, given: str, wanted: str) -> Decimal:
    """Return a limit in the platform's unit; unknown units are taken to be the same."""
    if not given or given == wanted or find_unit(given) is None or find_unit(wanted) is None:
        return Decimal(value)
    exact = Fraction(value) * factor(given, wanted)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


_JUDGES: dict[str, Judge] = {"air": _air, "water": _water, "groundwater": _groundwater, "outlet": _outlet}


def beyond(steps: Sequence[LimitStep], time: int, value: Fraction) -> LimitStep | None:
    """Return the limit that a value at a time exceeds, of those that judge it; None where it complies."""
    holding = (step for step in steps if step.applies and step.start <= time < step.end)
    return next((step for step in holding if step.exceeded(value)), None)
