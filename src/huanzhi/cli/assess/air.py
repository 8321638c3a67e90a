"""``huanzhi assess air``: AQI, primary pollutant and level of hours or days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt

from huanzhi.assess.aqi import NONE, OVER_RANGE, Aqi, aqi, aqi_by_day, editions_of, items_of
from huanzhi.assess.exact import Floats, to_floats
from huanzhi.assess.states import State
from huanzhi.cli.assess import files
from huanzhi.cli.output import say
from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.network.feeds.sheets import Sheet
from huanzhi.network.feeds.times import Label
from huanzhi.standards import Edition, edition, standard
from huanzhi.standards.air import ITEMS, Item, aqi_rule, item_of
from huanzhi.standards.parameters import plain
from huanzhi.standards.periods import Period
from huanzhi.standards.units import split_heading

TIMES = ("time", "时间", "timepoint", "datetime", "监测时间", "发布时间", "数据时间", "日期时间")
DATES = ("date", "日期", "监测日期", "day", "数据日期")
AUTO = "auto"

_WINDOWS = {
    "1h": ("1h", "1小时", "小时", "小时值", "小时均值", "hour", "hourly"),
    "8h": ("8h", "8小时", "日最大8小时", "日最大8小时平均", "8hmax", "max8h", "8hour", "8hdailymax"),
    "24h": ("24h", "24小时", "日均", "日均值", "日平均", "24小时平均", "day", "daily"),
}
_SUFFIX = {suffix: window for window, suffixes in _WINDOWS.items() for suffix in suffixes}
_HEADING = re.compile(rf"(?P<base>.+?)(?P<window>{'|'.join(sorted(_SUFFIX, key=len, reverse=True))})?$")
_INSTEAD = {
    Period.HOUR: {Item.SO2: (Item.SO2, "24h")},
    Period.DAY: {Item.O3: (Item.O3, "1h")},
}
_PLATFORM = ("o3", "o3_24h", "o3_8h", "o3_8h_24h")


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column holds what: item → heading, and the heading of the time where there is one.

    `instead` are the columns of the other averaging time, used above the last breakpoint of HJ 633-2012.
    """

    period: Period
    items: dict[Item, str]
    instead: dict[Item, str]
    time: str | None


@dataclass(frozen=True, slots=True)
class Inputs:
    """The values of a file: concentrations (n, 6), days (n,), items below detection as a bit set (n,)."""

    concentrations: Floats
    instead: Floats | None
    days: npt.NDArray[np.datetime64] | None
    below: npt.NDArray[np.int64]


@click.command(name="air", help=text("assess_cli.air_help"))
@files.delivery_options
@click.option("--period", type=click.Choice(["hour", "day"]), help=text("assess_cli.air_period"))
@click.option(
    "--edition",
    "year",
    type=click.Choice([AUTO, "2012", "2026"]),
    default=AUTO,
    show_default=True,
    help=text("assess_cli.air_edition"),
)
@click.option(
    "--time-label",
    "label",
    type=click.Choice(["start", "end"]),
    default="start",
    show_default=True,
    help=text("assess_cli.air_time_label"),
)
@click.pass_context
def command(
    context: click.Context,
    file: Path,
    output: Path | None,
    rejects: Path | None,
    bom: bool,
    as_json: bool,
    period: str | None,
    year: str,
    label: Label,
) -> None:
    """Judge a file of hours or days."""
    sheet = files.open_sheet(file)
    layout = find_layout(sheet, None if period is None else Period(period), year)
    judged = judge(sheet, layout, year, label)
    context.exit(files.deliver(judged, files.Delivery(output, rejects, as_json, bom)))


def find_layout(sheet: Sheet, period: Period | None, year: str = AUTO) -> Layout:
    """Find the columns of a file of air quality.

    Raises
    ------
    InputError
        If there is no pollutant, no time where the edition depends on it, or no 8 h ozone in a daily file.
    """
    found = item_columns(sheet)
    period = period or _period(sheet, found)
    items = _of_period(sheet, found, period)
    if not items:
        raise InputError(
            "assess_cli.air_no_items", file=sheet.file, row=1, expected="so2,no2,co,o3,pm10,pm25"
        )
    absent = [item for item in ITEMS if item not in items]
    if absent:
        say("assess_cli.air_absent", items=_listed(absent))
    spellings = (DATES + TIMES) if period is Period.DAY else (TIMES + DATES)
    time = files.find_column(sheet, spellings) if year != AUTO else files.need_column(sheet, spellings)
    instead = {item: found[key] for item, key in _INSTEAD[period].items() if key in found}
    return Layout(period, items, instead, time)


def item_columns(sheet: Sheet) -> dict[tuple[Item, str], str]:
    """Return (item, window) → heading; the window is ``1h``, ``8h``, ``24h`` or empty.

    Raises
    ------
    InputError
        If two columns mean the same.
    """
    found: dict[tuple[Item, str], str] = {}
    for heading in sheet.columns:
        meaning = item_heading(heading)
        if meaning is None:
            continue
        if meaning in found:
            raise InputError(
                "assess_cli.same_parameter", file=sheet.file, row=1, column=heading, other=found[meaning]
            )
        found[meaning] = heading
    return found


def item_heading(heading: str) -> tuple[Item, str] | None:
    """Return the item and window that a heading means, None where it means none."""
    for name in (heading, split_heading(heading)[0]):
        if item := item_of(name):
            return item, ""
        match = _HEADING.match(plain(name))
        item = item_of(match["base"]) if match and match["window"] else None
        if match and item:
            return item, _SUFFIX[match["window"]]
    return None


def _period(sheet: Sheet, found: dict[tuple[Item, str], str]) -> Period:
    if files.find_column(sheet, TIMES) is not None:
        only_long = (Item.O3, "8h") in found and not {(Item.O3, ""), (Item.O3, "1h")} & found.keys()
        return Period.DAY if only_long else Period.HOUR
    daily = files.find_column(sheet, DATES) is not None or (Item.O3, "8h") in found
    return Period.DAY if daily else Period.HOUR


def _of_period(sheet: Sheet, found: dict[tuple[Item, str], str], period: Period) -> dict[Item, str]:
    windows = ("24h", "") if period is Period.DAY else ("1h", "")
    items = {}
    for item in ITEMS:
        wanted = ("8h",) if (item, period) == (Item.O3, Period.DAY) else windows
        for window in wanted:
            if (item, window) in found and item not in items:
                items[item] = found[item, window]
    if period is Period.DAY and Item.O3 not in items and (Item.O3, "") in found:
        column = found[Item.O3, ""]
        raise InputError("assess_cli.air_o3_8h", file=sheet.file, row=1, column=column, expected="o3_8h")
    if period is Period.HOUR and set(_PLATFORM) <= set(sheet.columns):
        items[Item.O3] = "o3_24h"
        say("assess_cli.air_swapped", column="o3_24h")
    return items


def judge(sheet: Sheet, layout: Layout, year: str = AUTO, label: Label = "start") -> files.Judged:
    """Judge a sheet; see the columns of the result in `results`."""
    refusals = files.Refusals(sheet)
    inputs = read_inputs(sheet, layout, label, refusals)
    if year != AUTO or inputs.days is None:
        editions = standard("HJ 633").editions
        places = np.full(len(sheet), editions.index(edition("HJ 633", year)), dtype=np.int8)
        judging = edition("HJ 633", year)
        found = aqi(inputs.concentrations, layout.period, judging, instead=inputs.instead)
    else:
        values = inputs.concentrations
        found, places = aqi_by_day(values, inputs.days, layout.period, instead=inputs.instead)
    _blank(found, places, refusals.mask())
    columns = results(found, places)
    columns["reason"] = _reasons(found, places, inputs, layout.period, refusals, auto=year == AUTO)
    return files.Judged(sheet, columns, refusals, _summary(found, places, layout.period))


def read_inputs(sheet: Sheet, layout: Layout, label: Label, refusals: files.Refusals) -> Inputs:
    """Parse times and concentrations; what cannot be read refuses its row."""
    days = None
    if layout.time is not None:
        days = files.china_days(files.read_times(sheet, layout.time, refusals, label, layout.period))
    values, below = _concentrations(sheet, layout.items, refusals)
    instead = _concentrations(sheet, layout.instead, refusals)[0] if layout.instead else None
    return Inputs(values, instead, days, below)


def _concentrations(
    sheet: Sheet, headings: dict[Item, str], refusals: files.Refusals
) -> tuple[Floats, npt.NDArray[np.int64]]:
    values = np.full((len(sheet), len(ITEMS)), np.nan)
    below = np.zeros(len(sheet), dtype=np.int64)
    for item, heading in headings.items():
        shift = files.unit_shift(sheet, heading, item.parameter.unit)
        column = files.read_values(sheet, heading, refusals, shift)
        place = ITEMS.index(item)
        values[:, place] = to_floats(column.units, column.decimals)
        below |= (column.states == State.BELOW_DETECTION).astype(np.int64) << place
    return values, below


def _blank(found: Aqi, places: npt.NDArray[np.int8], refused: npt.NDArray[np.bool_]) -> None:
    found.put(refused, Aqi.empty(int(refused.sum())))
    places[refused] = -1


def results(found: Aqi, places: npt.NDArray[np.int8]) -> dict[str, files.Texts]:
    """Return the judged columns: ``aqi,primary,level,edition`` and ``iaqi_*``."""
    names = [one.id for one in standard("HJ 633").editions] + [""]
    sets = [",".join(items_of(bits)) for bits in range(1 << len(ITEMS))]
    columns: dict[str, files.Texts] = {
        "aqi": files.integers(found.aqi),
        "primary": [sets[bits] for bits in found.primary.tolist()],
        "level": files.integers(found.level, none_below=1),
        "edition": [names[place] for place in places.tolist()],
    }
    for place, item in enumerate(ITEMS):
        columns[f"iaqi_{item.column}"] = files.integers(found.iaqi[:, place])
    return columns


def _reasons(
    found: Aqi,
    places: npt.NDArray[np.int8],
    inputs: Inputs,
    period: Period,
    refusals: files.Refusals,
    *,
    auto: bool,
) -> list[str]:
    """Pack all that a reason depends on into one integer a row, and word each distinct one once."""
    over = np.zeros(len(places), dtype=np.int64)
    for place in range(len(ITEMS)):
        over |= (found.iaqi[:, place] == OVER_RANGE).astype(np.int64) << place
    early = _early(inputs.days, len(places)) if auto else np.zeros(len(places), dtype=bool)
    none = found.aqi == NONE
    fields = (found.missing, over, found.replaced, inputs.below, places + 1, none, early)
    codes = np.zeros(len(places), dtype=np.int64)
    for field in reversed(fields):
        codes = codes << 6 | field.astype(np.int64)
    return files.reasons(codes, lambda code: _words(code, period), refusals)


def _early(days: npt.NDArray[np.datetime64] | None, n: int) -> npt.NDArray[np.bool_]:
    if days is None:
        return np.zeros(n, dtype=bool)
    bound = editions_of(days, "HJ 633", early=False)
    return (bound < 0) & (editions_of(days, "HJ 633") >= 0)


def _words(code: int, period: Period) -> str:
    missing, over, replaced, below, place, none, early = (code >> shift & 63 for shift in range(0, 42, 6))
    if place == 0:
        return text("assess_cli.air_no_edition")
    judging = standard("HJ 633").editions[place - 1]
    parts = _why_none(missing, judging, period) if none else _left_out(missing)
    if over:
        key = "assess_cli.air_over_range_withheld" if none else "assess_cli.air_over_range"
        parts.append(text(key, items=_set(over), number=judging.number))
    if replaced:
        parts.append(text("assess_cli.air_replaced", items=_set(replaced), number=judging.number))
    if below:
        parts.append(text("assess_cli.air_below_detection", items=_set(below)))
    if early:
        start = judging.interval.start.isoformat()
        parts.append(text("assess_cli.air_early", number=judging.number, start=start))
    return text("assess_cli.sentence_separator").join(parts)


def _left_out(missing: int) -> list[str]:
    return [text("assess_cli.air_missing", items=_set(missing))] if missing else []


def _why_none(missing: int, judging: Edition, period: Period) -> list[str]:
    if missing == (1 << len(ITEMS)) - 1:
        return [text("assess_cli.air_all_missing")]
    above = aqi_rule(judging, period).publish_above
    withheld = (
        text("assess_cli.air_withheld", number=judging.number, above=above) if above is not None else ""
    )
    return [*_left_out(missing), *([withheld] if missing and withheld else [])]


def _set(bits: int) -> str:
    return _listed(items_of(bits))


def _listed(items: list[Item] | tuple[Item, ...]) -> str:
    return text("assess_cli.separator").join(items)


def _summary(found: Aqi, places: npt.NDArray[np.int8], period: Period) -> dict[str, object]:
    editions = standard("HJ 633").editions
    judged = found.aqi != NONE
    return {
        "period": period.value,
        "judged": int(judged.sum()),
        "editions": {one.number: int((places == place).sum()) for place, one in enumerate(editions)},
        "levels": {str(level): int((found.level == level).sum()) for level in range(1, 7)},
    }
