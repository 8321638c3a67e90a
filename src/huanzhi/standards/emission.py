"""Emission standards 污染物排放标准: the limit that applies, rates by stack height, reference oxygen.

Three questions are answered, all by the tables in ``data/`` and all exactly:

- `limit`: the limit of an item on a day, by grade, industry, season, water temperature and date of building;
- `stack_rate`: the highest rate 最高允许排放速率 for a stack, also off the listed heights;
- `to_reference_oxygen`: a concentration 折算 to the reference oxygen content 基准氧含量.

>>> from datetime import date
>>> limit("GB 18918", date(2025, 1, 15), "氨氮", grade="一级A", water_temperature=10).maximum
Decimal('8')
>>> stack_rate("GB 16297", date(2025, 1, 15), "氯化氢", 25, grade="二级").rate
Fraction(183, 200)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeVar

from huanzhi import standards
from huanzhi.errors import StandardError
from huanzhi.standards.model import Confidence, Edition, Provenance, Row, Table
from huanzhi.standards.parameters import find

T = TypeVar("T")

_LIMIT_KINDS = ("classes", "columns")
_MEDIUM = {"emission_water": "water", "emission_air": "air"}


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit, with all that decides whether it applies.

    Attributes
    ----------
    number, table, clause : str
        Standard with its year, table id, clause.
    item : str
        Item as the standard prints it.
    parameter : str
        Code of the parameter, empty where none has that name.
    grade, scope : str
        Column of the table; industry or kind of source, empty where the limit holds for every one.
    maximum, minimum : Decimal, optional
        Highest and lowest value that complies, in `unit`; None where there is none.
    not_detected : bool
        The item must not be found 不得检出.
    unit, averaging : str
    provenance : Provenance
        Confidence of the row.
    """

    number: str
    table: str
    clause: str
    item: str
    parameter: str
    grade: str
    scope: str
    maximum: Decimal | None
    minimum: Decimal | None
    not_detected: bool
    unit: str
    averaging: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class StackRate:
    """The highest rate for one stack.

    Attributes
    ----------
    rate : Fraction
        Exact rate in `unit`.
    method : str
        ``listed``, ``interpolate``, ``square`` or ``nearest``.
    factor : Fraction
        Product of the reductions that are in `rate`: low stack, buildings near.
    minimum_height : int, optional
        Height that the stack must not fall below [m].
    unit, clause : str
    """

    rate: Fraction
    method: str
    factor: Fraction
    minimum_height: int | None
    unit: str
    clause: str


def limits(identity: str, day: date, item: str = "") -> tuple[Limit, ...]:
    """Return every limit of the edition in force on `day`, of one item if named."""
    edition = standards.in_force(identity, day)
    found = (
        _limit(row, table, edition, grade, value)
        for table, row in _rows(edition, day)
        if not item or row["item"] == item
        for grade, value in _columns(table, row)
    )
    return tuple(each for each in found if each is not None)


def limit(
    identity: str,
    day: date,
    item: str,
    *,
    grade: str = "",
    scope: str = "",
    table: str = "",
    averaging: str = "",
    built: date | None = None,
    water_temperature: float | None = None,
) -> Limit:
    """Return the one limit that applies.

    Parameters
    ----------
    identity : str
        Id of the standard, e.g. ``"GB 18918"``.
    day : date
        China date of the sample; it decides the edition, the phase and the season.
    item : str
        Item as the standard prints it.
    grade : str
        Column of the table: grade, fuel, existing or new; may be left out where there is one.
    scope : str
        Industry or kind of source, for items whose limit depends on it; a limit without scope holds for every
        kind that has none of its own.
    table : str
        Table id, for items that stand in several tables (``existing``, ``new``, ``special``).
    averaging : str
        ``hour``, ``day``, ``single``, for items with a limit for each.
    built : date, optional
        Day of building, for items whose limit depends on it.
    water_temperature : float, optional
        [℃]; without it the limit for warm water holds, which is the stricter one.

    Raises
    ------
    StandardError
        If no limit applies, or more than one does: the message names what would tell them apart.
    """
    edition = standards.in_force(identity, day)
    season = _season(edition, day)
    fitting = [
        (row, each)
        for held, row in _rows(edition, day)
        if row["item"] == item
        and table in ("", held.id)
        and averaging in ("", row.get("averaging", ""))
        and _built(row, built)
        and row.get("season", season) == season
        and _cold_enough(row, water_temperature)
        for name, value in _columns(held, row)
        if grade in ("", name)
        for each in [_limit(row, held, edition, name, value)]
        if each is not None
    ]
    return _only(_particular(_of_scope(fitting, scope)), item, edition)


def stack_rate(
    identity: str,
    day: date,
    item: str,
    height: Decimal | int,
    *,
    grade: str = "",
    scope: str = "",
    above_buildings: bool = True,
) -> StackRate:
    """Return the highest emission rate for a stack of `height`, exactly.

    Parameters
    ----------
    height : Decimal or int
        Height of the stack [m].
    grade : str
        ``二级`` or ``三级`` in GB 16297; none in GB 14554.
    above_buildings : bool
        Whether the stack is as much higher than the buildings around as the standard wants.

    Raises
    ------
    StandardError
        If the item has no such table, or the standard has no rule for that height.

    References
    ----------
    .. [1] GB 16297-1996, 7.1, 7.4, 附录B.
    .. [2] GB 14554-93, 6.1.
    """
    edition = standards.in_force(identity, day)
    table, rules = edition.table("stack", day), edition.table("stack_rule", day)
    row = _stack_row(table, item, scope, edition)
    column = table.axis.index(grade) if grade in table.axis else 1
    if (grade and grade not in table.axis) or (not grade and len(table.axis) > 2):
        raise StandardError("standards.grade", item=item, known=", ".join(table.axis[1:]))
    steps = [(Fraction(step[0]), Fraction(step[column])) for step in row["values"]]
    rate, method, clause = _at_height(steps, Fraction(height), rules, table.clause)
    factor = _reductions(Fraction(height), rules, above_buildings)
    return StackRate(
        rate * factor, method, factor, row.get("minimum_height"), row.get("unit", table.unit), clause
    )


def reference_oxygen(day: date) -> dict[str, Decimal]:
    """Return the reference oxygen contents [%] by kind of source and standard, as on `day`."""
    table = standards.in_force("OXYGEN CONVERSION", day).table("reference")
    return {row["name"]: Decimal(row["value"]) for row in table.rows}


def to_reference_oxygen(
    measured: Decimal | int, oxygen: Decimal | int, reference: Decimal | int, day: date
) -> Fraction:
    """Return a concentration at the reference oxygen content, exactly.

    Parameters
    ----------
    measured : Decimal or int
        Concentration in dry flue gas as measured [any unit, kept].
    oxygen, reference : Decimal or int
        Oxygen content as measured, and the reference [%].
    day : date
        China date of the measurement.

    Raises
    ------
    StandardError
        If the measured oxygen content is not below that of air: the gas is air.

    References
    ----------
    .. [1] GB 13271-2014, 5.2, 式(1).
    """
    air = standards.in_force("OXYGEN CONVERSION", day).table("air").row("空气")["value"]
    if not 0 <= oxygen < air or not 0 <= reference < air:
        raise StandardError("standards.oxygen", air=air, expected=f"0 – {air}", value=oxygen)
    full = Fraction(air)
    return Fraction(measured) * (full - Fraction(reference)) / (full - Fraction(oxygen))


def _rows(edition: Edition, day: date) -> Iterator[tuple[Table, Row]]:
    phase = edition.phase(day)
    for tables in edition.tables.values():
        for table in tables:
            if table.phase and (phase is None or table.phase != phase.id):
                continue
            if table.kind in _LIMIT_KINDS or table.id == "ranges":
                yield from ((table, row) for row in table.rows if row.get("since", day) <= day)


def _columns(table: Table, row: Row) -> Sequence[tuple[str, Any]]:
    """Return the grades of a row with their limits; a range holds for every grade and has none."""
    if "values" not in row:
        return [("", (row["low"], row["high"]))]
    return list(zip(table.axis, row["values"], strict=False))


def _limit(row: Row, table: Table, edition: Edition, grade: str, value: Any) -> Limit | None:
    if value == "-":
        return None
    low, high = value if isinstance(value, tuple) else (None, None if value == "ND" else value)
    medium = row.get("medium", _MEDIUM[standards.standard(edition.standard).subject])
    parameter = find(row["item"], medium)
    word = row.get("confidence")
    provenance = Provenance(
        Confidence(word) if word else table.provenance.confidence,
        table.provenance.sources,
        row.get("note", table.provenance.note),
    )
    return Limit(
        number=edition.number,
        table=table.id,
        clause=table.clause,
        item=row["item"],
        parameter=parameter.code if parameter else "",
        grade=grade,
        scope=row.get("scope", ""),
        maximum=None if high is None else Decimal(high),
        minimum=None if low is None else Decimal(low),
        not_detected=value == "ND",
        unit=row.get("unit", table.unit),
        averaging=row.get("averaging", ""),
        provenance=provenance,
    )


def _season(edition: Edition, day: date) -> str:
    """Return the season that `day` falls in, empty outside all; a season may run over the new year."""
    for table in edition.tables.get("seasons", ()):
        for row in table.rows:
            start, end, now = row["start"], row["end"], day.strftime("%m-%d")
            inside = start <= now <= end if start <= end else now >= start or now <= end
            if inside:
                return str(row["name"])
    return ""


def _built(row: Row, built: date | None) -> bool:
    if built is None:
        return True
    return bool(row.get("built_from", built) <= built <= row.get("built_to", built))


def _cold_enough(row: Row, water_temperature: float | None) -> bool:
    if "water_temperature_max" not in row:
        return True
    return water_temperature is not None and water_temperature <= row["water_temperature_max"]


def _of_scope(fitting: Sequence[tuple[Row, T]], scope: str) -> Sequence[tuple[Row, T]]:
    """Return what holds for a scope; what has no scope where it has nothing of its own."""
    for wanted in (scope, ""):
        found = [pair for pair in fitting if pair[0].get("scope", "") == wanted]
        if found:
            return found
    return () if scope else fitting


def _particular(fitting: Sequence[tuple[Row, Limit]]) -> list[Limit]:
    """Leave out the general limits where one for the season or for cold water applies."""
    special = [each for row, each in fitting if "season" in row or "water_temperature_max" in row]
    return special or [each for _, each in fitting]


def _only(found: Sequence[Limit], item: str, edition: Edition) -> Limit:
    if len(found) == 1:
        return found[0]
    if not found:
        raise StandardError("standards.no_limit", item=item, number=edition.number)
    options = "; ".join(
        " / ".join(part for part in (each.table, each.scope, each.grade, each.averaging) if part)
        for each in found
    )
    raise StandardError("standards.several_limits", item=item, number=edition.number, options=options)


def _stack_row(table: Table, item: str, scope: str, edition: Edition) -> Row:
    found = [row for row, _ in _of_scope([(row, row) for row in table.rows if row["item"] == item], scope)]
    if not found:
        raise StandardError("standards.no_limit", item=item, number=edition.number)
    if len(found) > 1:
        options = "; ".join(row.get("scope", "") for row in found)
        raise StandardError("standards.several_limits", item=item, number=edition.number, options=options)
    return found[0]


def _at_height(
    steps: Sequence[tuple[Fraction, Fraction]], height: Fraction, rules: Table, listed: str
) -> tuple[Fraction, str, str]:
    """Return the rate at a height, the method and its clause."""
    if height in dict(steps):
        return dict(steps)[height], "listed", listed
    where = "above" if height > steps[-1][0] else "below" if height < steps[0][0] else "between"
    if where not in rules.names():
        raise StandardError("standards.stack_height", height=height, low=steps[0][0], high=steps[-1][0])
    rule = rules.row(where)
    if rule["method"] == "square":
        known, rate = steps[-1] if where == "above" else steps[0]
        return rate * (height / known) ** 2, "square", rule["clause"]
    (low, low_rate), (high, high_rate) = next(
        pair for pair in pairwise(steps) if pair[0][0] < height < pair[1][0]
    )
    if rule["method"] == "nearest":
        return (high_rate if 2 * height >= low + high else low_rate), "nearest", rule["clause"]
    share = (height - low) / (high - low)
    return low_rate + (high_rate - low_rate) * share, "interpolate", rule["clause"]


def _reductions(height: Fraction, rules: Table, above_buildings: bool) -> Fraction:
    factor = Fraction(1)
    if "low_stack" in rules.names() and height < rules.row("low_stack")["height"]:
        factor *= Fraction(rules.row("low_stack")["factor"])
    if "buildings" in rules.names() and not above_buildings:
        factor *= Fraction(rules.row("buildings")["factor"])
    return factor
