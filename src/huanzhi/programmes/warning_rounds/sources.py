"""Drinking-water sources 饮用水水源: items over the limits of GB 3838, tables 1, 2 and 3, on the newest day.

Table 1 is judged by the target of the source; without one its items are not judged, and the warning says
which tables were. Items that were not measured are never said to be in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from huanzhi.center.warnings.judging import ask
from huanzhi.center.warnings.raising import Finding, raise_or_hold, release_unseen
from huanzhi.library.places.models import Section
from huanzhi.library.series import Store
from huanzhi.programmes.spans import Span
from huanzhi.programmes.warning_rounds.hours import decimal
from huanzhi.programmes.warning_rounds.sections import Standing, standings
from huanzhi.programmes.warning_rounds.values import Series, read
from huanzhi.standards.class_items import ClassItem
from huanzhi.standards.parameters import find
from huanzhi.standards.periods import CHINA, DAY, Period, start_of_day
from huanzhi.standards.water import supplementary

KIND = "source"
"""Kind of a section that is a drinking-water source."""
LOOKED = 35
"""Days back in which the newest values are looked for: sources are sampled by the month. Ours."""


@dataclass(frozen=True, slots=True)
class Over:
    """An item over its limit: the table of GB 3838, its share of the limit."""

    table: str
    item: str
    code: str
    ratio: Fraction
    value: float | None
    limit: float | None


def run(store: Store, now: datetime) -> dict[str, int]:
    """Judge every drinking-water source by its newest day with values."""
    rows = {one.code: one for one in Section.objects.filter(kind=KIND).select_related("region")}
    today = now.astimezone(CHINA).date()
    seen, looked = set(), set()
    for code, section in rows.items():
        day = _newest_day(store, code, today)
        if day is None:
            continue
        looked.add(code)
        standing = standings(store, Span("days", day, day), [code]).get(code)
        found = [*_class_over(standing), *_others_over(store, code, day)]
        judged = ask("drinking_source_warning", day, section.region.code, _inputs(found))
        colour = str(judged["outputs"].get("colour", "none"))
        if colour != "none":
            seen.add(code)
            raise_or_hold(_finding(section, day, found, judged, colour), now)
    release_unseen("drinking_source", seen, now, looked)
    return {"sources": len(rows), "looked": len(looked), "over": len(seen)}


def _newest_day(store: Store, code: str, today: date) -> date | None:
    start = start_of_day(today - timedelta(days=LOOKED))
    table = store.range([code], None, None, start, start_of_day(today) + DAY)
    times = [
        time
        for time, value in zip(
            table.column("time").to_pylist(), table.column("value").to_pylist(), strict=True
        )
        if value is not None
    ]
    if not times:
        return None
    last = max(times)
    moment = last if hasattr(last, "date") else datetime.fromtimestamp(last, UTC)
    found: date = moment.astimezone(CHINA).date()
    return found


def _class_over(standing: Standing | None) -> list[Over]:
    if standing is None or not standing.target:
        return []
    return [
        Over("1", item, _code(item), ratio, None, None)
        for item, ratio in standing.ratios.items()
        if ratio > 1
    ]


def _others_over(store: Store, code: str, day: date) -> list[Over]:
    """Return the items of tables 2 and 3 over their limit."""
    items = supplementary(day)
    codes = {_code(name): one for name, one in items.items() if _code(name)}
    start = start_of_day(day)
    values: Series = {}
    for period in (Period.MONTH, Period.DAY, Period.HOUR, Period.INSTANT):
        values = read(store, [code], period, start, start + DAY, list(codes))
        if values:
            break
    return [
        over
        for (_, parameter), series in values.items()
        if series and (over := _beyond(codes[parameter], parameter, series[-1].value)) is not None
    ]


def _beyond(item: ClassItem, parameter: str, value: Fraction) -> Over | None:
    limit = item.limit(1)
    if limit is None or value <= Fraction(limit):
        return None
    table = item.table.id.removeprefix("table")
    return Over(table, item.name, parameter, value / Fraction(limit), float(value), float(limit))


def _code(name: str) -> str:
    known = find(name, "water")
    return known.code if known is not None else ""


def _inputs(found: Sequence[Over]) -> dict[str, Any]:
    counts = {table: sum(one.table == table for one in found) for table in ("1", "2", "3")}
    worst = max((one.ratio for one in found), default=None)
    return {
        "class_over": counts["1"],
        "supplementary_over": counts["2"],
        "specific_over": counts["3"],
        "worst_multiple": decimal(worst - 1) if worst is not None else None,
    }


def _finding(
    section: Section, day: date, found: Sequence[Over], judged: Mapping[str, Any], colour: str
) -> Finding:
    worst = max(found, key=lambda one: one.ratio)
    words = {
        language: {"period": day.isoformat(), "items": _named(found, language)} for language in ("zh", "en")
    }
    listed = [
        {
            "table": one.table,
            "item": one.item,
            "ratio": decimal(one.ratio),
            "value": one.value,
            "limit": one.limit,
        }
        for one in found
    ]
    return Finding(
        "drinking_source",
        section.code,
        datetime.combine(day, datetime.min.time(), CHINA),
        tuple(one.code for one in found if one.code),
        worst.value,
        worst.limit,
        {"items": len(found)},
        version=str(judged["version"]),
        colour=colour,
        judged={**judged, "words": words, "over": listed, "standards": ["GB 3838"]},
        region=section.region,
        simulated=section.simulated,
    )


def _named(found: Sequence[Over], language: str) -> str:
    known = ((find(one.item, "water"), one) for one in found)
    names = (
        f"{(item.name_en if language == 'en' and item else one.item)} ×{decimal(one.ratio)[:-4]}"
        for item, one in known
    )
    return "、".join(names) if language == "zh" else ", ".join(names)
