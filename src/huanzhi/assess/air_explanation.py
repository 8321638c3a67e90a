"""Why an AQI is what it is: the arithmetic of one row, step by step, with its clauses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from huanzhi.assess.aqi import NONE, OVER_RANGE, Aqi, aqi, items_of
from huanzhi.assess.explanation import Explanation, Step
from huanzhi.standards import Edition
from huanzhi.standards.air import ITEMS, AqiRule, Breakpoints, Item, Level, aqi_rule
from huanzhi.standards.periods import Period

_TABLES = {Period.HOUR: "breakpoints_hour", Period.DAY: "breakpoints_day"}


Concentrations = Mapping[Item, Decimal | None]


def explain_air(
    concentrations: Concentrations,
    averaging: Period,
    edition: Edition,
    instead: Concentrations | None = None,
) -> Explanation:
    """Explain the AQI of one station and hour or day.

    Parameters
    ----------
    concentrations : mapping of Item to Decimal or None
        [µg/m³; mg/m³ for CO]; None or absent where missing. For days O3 is the maximum 8 h mean.
    averaging : Period
        `Period.HOUR` or `Period.DAY`.
    edition : Edition
        Edition of HJ 633.
    instead : mapping of Item to Decimal or None, optional
        Concentrations of the other averaging time; see `aqi.aqi`.

    Returns
    -------
    Explanation
        The result has ``aqi`` (None where it cannot be given), ``primary``, ``level`` and ``iaqi``.

    Raises
    ------
    StandardError
        If the edition has no AQI for this averaging time.
    """
    rule = aqi_rule(edition, averaging)
    given = {item: concentrations.get(item) for item in ITEMS}
    others = {item: (instead or {}).get(item) for item in ITEMS}
    found = aqi(_row(given), averaging, edition, instead=_row(others))
    names = ("input_rounding", _TABLES[averaging], "missing_data", "over_range")
    used = names if found.missing[0] or (found.iaqi == OVER_RANGE).any() else names[:2]
    return Explanation(
        inputs={item: _with_unit(rule.row(item), value) for item, value in given.items()},
        editions=(edition,),
        steps=(
            *_item_steps(given, rule, found),
            *_replaced_steps(others, rule, edition, found),
            *_row_steps(rule, found),
        ),
        result=_result(rule, found),
        tables=tuple(edition.table(name) for name in used if name in edition.tables),
    )


def _row(values: Concentrations) -> npt.NDArray[np.float64]:
    return np.array([[np.nan if values[item] is None else float(values[item] or 0) for item in ITEMS]])


def _with_unit(row: Breakpoints, value: Decimal | None) -> str | None:
    return None if value is None else f"{value} {row.unit}"


def _item_steps(given: Concentrations, rule: AqiRule, found: Aqi) -> Iterator[Step]:
    for place, (item, value) in enumerate(given.items()):
        result = int(found.iaqi[0, place])
        if value is None or result == NONE:
            yield Step("air.step_missing", {"item": item})
        elif item in items_of(int(found.replaced[0])):
            yield _item_step(rule.row(item), value, OVER_RANGE, rule.clause)
        else:
            yield _item_step(rule.row(item), value, result, rule.clause)


def _replaced_steps(others: Concentrations, rule: AqiRule, edition: Edition, found: Aqi) -> Iterator[Step]:
    for item in items_of(int(found.replaced[0])):
        value, instead = others[item], rule.row(item).instead
        assert value is not None
        assert instead is not None
        other = aqi_rule(edition, instead)
        result = int(found.iaqi[0, ITEMS.index(item)])
        yield _item_step(other.row(item), value, result, other.clause)


def _item_step(row: Breakpoints, value: Decimal, result: int, clause: str) -> Step:
    units = int(round(value, row.decimals).scaleb(row.decimals))
    shown = Decimal(units).scaleb(-row.decimals)
    how, shown = ("exact", value) if shown == value else ("rounded", shown)
    values = {"item": row.item, "value": value, "rounded": shown, "unit": row.unit, "iaqi": result}
    top = row.concentrations[-1]
    if units > top:
        kind = "over_range" if result == OVER_RANGE else "capped"
        last = Decimal(top).scaleb(-row.decimals)
        return Step(f"air.step_{kind}_{how}", {**values, "last": last}, row.over_range_clause or clause)
    return Step(f"air.step_iaqi_{how}", {**values, **_segment(row, units)}, clause)


def _segment(row: Breakpoints, units: int) -> dict[str, object]:
    """Return the breakpoints around a concentration: the lowest segment that holds it."""
    high = next(k for k, edge in enumerate(row.concentrations) if k and units <= edge)
    low_c, high_c = (Decimal(row.concentrations[k]).scaleb(-row.decimals) for k in (high - 1, high))
    return {
        "low": _plain(low_c),
        "high": _plain(high_c),
        "low_index": row.indices[high - 1],
        "high_index": row.indices[high],
    }


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _row_steps(rule: AqiRule, found: Aqi) -> Iterator[Step]:
    index = int(found.aqi[0])
    given = [int(value) for value in found.iaqi[0] if value >= 0]
    if not given:
        yield Step("air.step_all_missing", {})
        return
    listed = ", ".join(map(str, given))
    yield Step("air.step_aqi", {"listed": listed, "aqi": max(given)}, rule.formula_clause)
    if index == NONE:
        yield _withheld(rule, found)
        return
    primary = items_of(int(found.primary[0]))
    key = "air.step_primary" if primary else "air.step_no_primary"
    named = {"items": ", ".join(primary), "above": rule.primary_above, "aqi": index}
    yield Step(key, named, rule.primary_clause)
    level = _level(rule, found)
    assert level is not None
    names = {
        "aqi": index,
        "level": level.number,
        "grade": level.grade,
        "name": level.name,
        "name_en": level.name_en,
    }
    yield Step("air.step_level", names, rule.level_clause)


def _withheld(rule: AqiRule, found: Aqi) -> Step:
    if (found.iaqi[0] == OVER_RANGE).any():
        return Step("air.step_withheld_over_range", {"number": rule.number})
    missing = ", ".join(items_of(int(found.missing[0])))
    values = {"number": rule.number, "items": missing, "above": rule.publish_above}
    return Step("air.step_withheld", values, rule.missing_clause)


def _level(rule: AqiRule, found: Aqi) -> Level | None:
    return next((level for level in rule.levels if level.number == int(found.level[0])), None)


def _result(rule: AqiRule, found: Aqi) -> dict[str, object]:
    index = int(found.aqi[0])
    each = {item: int(found.iaqi[0, k]) if found.iaqi[0, k] >= 0 else None for k, item in enumerate(ITEMS)}
    level = _level(rule, found)
    return {
        "aqi": None if index == NONE else index,
        "primary": [item.value for item in items_of(int(found.primary[0]))],
        "level": level.number if level else None,
        "level_name": level.name if level else None,
        "iaqi": each,
    }
