"""The template of ours 通用模板, for any parameter: long (a value a line) or wide (a parameter a column).

Times name the start of their period (``time``) or its end (``time_end``). A heading may carry its unit:
``总磷(mg/L)``. Units are converted exactly; without one the parameter's own is meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from huanzhi.errors import InputError
from huanzhi.library.series import KINDS, Feature
from huanzhi.network.feeds.checks import coordinate
from huanzhi.network.feeds.drafts import Draft, Mask, Places, first_lines, times_factor
from huanzhi.network.feeds.headings import Heading, read_heading
from huanzhi.network.feeds.reading import Options, Reading
from huanzhi.network.feeds.sheets import Sheet
from huanzhi.network.feeds.times import Label
from huanzhi.network.feeds.values import Column, parse_column
from huanzhi.standards.periods import Period

NAMES = ("断面名称", "点位名称", "站点名称", "监测点位", "测点名称")
"""Headings of names, which stand for a code where a table has none."""

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "station": (
        "station",
        "section",
        "well",
        "point",
        "code",
        "点位编码",
        "站点编码",
        "点位",
        "站点",
        "断面",
        "断面编码",
        *NAMES,
    ),
    "name": ("name", "名称", *NAMES),
    "kind": ("kind", "类型", "点位类型"),
    "region": ("region", "city", "地区", "城市", "行政区"),
    "province": ("province", "省份", "省"),
    "basin": ("basin", "流域"),
    "lon": ("lon", "longitude", "经度"),
    "lat": ("lat", "latitude", "纬度"),
    "parameter": ("parameter", "监测因子", "监测项目", "指标", "项目"),
    "period": ("period", "平均时间", "时段"),
    "time": ("time", "date", "时间", "日期", "监测时间"),
    "time_end": ("time_end", "结束时间"),
    "hour": ("hour", "小时"),
    "value": ("value", "监测值", "数值", "结果"),
    "unit": ("unit", "单位"),
    "flag": ("flag", "标识", "数据标识"),
    "simulated": ("simulated", "模拟数据"),
    "county": ("county", "区县"),
    "control": ("control", "对照点", "清洁对照点"),
    "target": ("target", "水质目标", "目标"),
    "zone": ("zone", "功能区"),
    "land_use": ("land_use", "用地类型"),
}
"""Field of the template → headings that mean it, the first one is the template's own."""

ATTRIBUTES = ("county", "control", "target", "zone", "land_use")
"""Fields that are kept as attributes of the place."""

PERIODS = {
    **{period.value: period for period in Period},
    "瞬时": Period.INSTANT,
    "分钟": Period.MINUTE,
    "10分钟": Period.TEN_MINUTES,
    "小时": Period.HOUR,
    "8小时": Period.EIGHT_HOURS,
    "日": Period.DAY,
    "日最大1小时": Period.DAY_MAX_HOUR,
    "日最大8小时": Period.DAY_MAX_EIGHT_HOURS,
    "月": Period.MONTH,
    "季": Period.QUARTER,
    "年": Period.YEAR,
}
"""Word in the column ``period`` → averaging period."""

KIND_OF_MEDIUM = {"air": "air_station", "water": "section", "noise": "noise_point", "soil": "soil_point"}
MEDIUM_OF_KIND = {
    "air_station": "air",
    "city": "air",
    "section": "water",
    "lake": "water",
    "well": "water",
    "sea_point": "water",
    "soil_point": "soil",
    "noise_point": "noise",
    "river": "water",
}
MEDIUM_OF_HEADING = {"section": "water", "well": "water", "断面": "water", "断面编码": "water"}
KIND_OF_HEADING = {"well": "well"}
NOISE = {"day": "Ld", "night": "Ln"}
"""Headings of a noise table, told by its column ``zone``."""

TRUE = ("1", "true", "yes", "是")
LARGEST_FLAG = 2**31 - 1
Fields = Mapping[str, str]


def fields(sheet: Sheet) -> Fields:
    """Return field of the template → heading of the sheet."""
    headings = {column.casefold(): column for column in reversed(sheet.columns)}
    found = {name: [headings[w] for w in words if w in headings] for name, words in HEADINGS.items()}
    return {name: columns[0] for name, columns in found.items() if columns}


def recognise(sheet: Sheet) -> int:
    """Return how surely a sheet follows the template, 0 to 100."""
    names = fields(sheet)
    if "station" not in names or not {"time", "time_end"} & set(names):
        return 0
    if {"parameter", "value"} <= set(names):
        return 95
    others = (column for column in sheet.columns if column not in names.values())
    return 50 if any(_is_parameter(names, column) for column in others) else 0


def _is_parameter(names: Fields, column: str) -> bool:
    try:
        return _heading(names, column, "") is not None
    except InputError:
        return True


def read(sheet: Sheet, options: Options) -> Reading:
    """Read a table of the template, long or wide.

    Raises
    ------
    InputError
        If a needed column is missing, or a heading has a unit that cannot be converted.
    """
    names = fields(sheet)
    for needed in ("station", "time" if "time_end" not in names else "time_end"):
        if needed not in names:
            raise InputError("feeds.no_column", file=sheet.file, column=needed)
    draft = Draft(sheet)
    draft.note(f"feeds.label_{time_label(names)}")
    draft.note("feeds.units_heading")
    places = draft.places(place_codes(draft, names), names["station"])
    if "flag" in names:
        draft.flags = flags(draft, names["flag"])
    add = add_long if {"parameter", "value"} <= set(names) else add_wide
    medium = add(draft, places, names, options)
    rows = first_lines(places, draft.kept())
    return draft.reading("template", [_feature(draft, names, *one, medium) for one in rows.items()])


def _heading(names: Fields, column: str, medium: str) -> Heading | None:
    word = NOISE.get(column.casefold(), column) if "zone" in names else column
    found = read_heading(word, medium)
    return found and replace(found, column=column)


def place_codes(draft: Draft, names: Fields) -> list[str]:
    """Return the codes of the places; province, city and name where the table has only names."""
    codes = draft.cells(names["station"])
    if names["station"] not in NAMES:
        return codes
    regions = zip(*(draft.cells(names.get(field)) for field in ("province", "region")), strict=True)
    return [
        code and "/".join(filter(None, (*where, code))) for where, code in zip(regions, codes, strict=True)
    ]


def time_label(names: Fields) -> Label:
    """Return what the time column names."""
    return "end" if "time_end" in names else "start"


def add_wide(draft: Draft, places: Places, names: Fields, options: Options) -> str:
    """Add every column that is a parameter; return the medium of the first one."""
    found: list[Heading] = []
    told = set(media(draft, names))
    medium = told.pop() if len(told) == 1 else ""
    left_out = []
    for column in draft.sheet.columns:
        if column in names.values():
            continue
        heading = _heading(names, column, medium)
        if heading is None:
            left_out.append(column)
        else:
            found.append(heading)
    if not found:
        raise InputError("feeds.no_parameters", file=draft.sheet.file)
    refuse_twins(draft.sheet, found)
    if left_out:
        draft.note("feeds.left_out", columns=", ".join(left_out))
    for heading in found:
        values = draft.values(heading)
        for period, rows in row_periods(draft, names, heading).items():
            add_rows(
                draft, places, names, heading.parameter.code, heading.period(period), values, rows, options
            )
    return found[0].parameter.medium


def refuse_twins(sheet: Sheet, headings: Sequence[Heading]) -> None:
    """Raise InputError if two columns mean the same average of the same parameter."""
    seen: dict[tuple[str, bool], str] = {}
    for one in headings:
        other = seen.setdefault((one.parameter.code, one.eight_hours), one.column)
        if other != one.column:
            raise InputError("feeds.twin_columns", file=sheet.file, column=one.column, other=other)


def media(draft: Draft, names: Fields) -> list[str]:
    """Return the medium of each row, by the kind of place or the heading of its column; else empty."""
    default = MEDIUM_OF_HEADING.get(names["station"].casefold(), "noise" if "zone" in names else "")
    kinds = draft.cells(names.get("kind"))
    return [MEDIUM_OF_KIND.get(kind.casefold(), default) for kind in kinds]


def add_long(draft: Draft, places: Places, names: Fields, options: Options) -> str:
    """Add every row under its own parameter; return the medium of the first one."""
    columns = draft.cells(names["parameter"]), draft.cells(names.get("unit")), media(draft, names)
    found = []
    for (word, unit, medium), rows in _groups(columns).items():
        heading = _row_heading(draft, names, word, unit, medium, rows)
        if heading is None:
            continue
        found.append(heading.parameter.medium)
        column = _values_of(draft, names["value"], heading, rows)
        for base, same in row_periods(draft, names, heading).items():
            period = heading.period(base)
            add_rows(draft, places, names, heading.parameter.code, period, column, rows & same, options)
    return found[0] if found else ""


def _groups(columns: tuple[list[str], list[str], list[str]]) -> dict[tuple[str, str, str], Mask]:
    """Return the rows that are alike in all columns."""
    alike = list(zip(*columns, strict=True))
    numbers = {one: number for number, one in enumerate(dict.fromkeys(alike))}
    index = np.array([numbers[one] for one in alike], dtype=np.int64)
    return {one: index == number for one, number in numbers.items()}


def _row_heading(
    draft: Draft, names: Fields, word: str, unit: str, medium: str, rows: Mask
) -> Heading | None:
    """Return the parameter of some rows; refuse them where it or its unit is unknown."""
    fault = InputError("feeds.unknown_parameter")
    try:
        heading = read_heading(word, medium, unit=unit)
    except InputError as error:
        heading, fault = None, error
    if heading is not None:
        return replace(heading, column=names["value"])
    in_unit = fault.key == "feeds.wrong_unit" and "unit" in names
    column, value = (names["unit"], unit) if in_unit else (names["parameter"], word)
    for index in np.flatnonzero(rows).tolist():
        draft.refuse(index, column, value, fault.key, **fault.values)
    return None


def _values_of(draft: Draft, value: str, heading: Heading, rows: Mask) -> Column:
    """Parse the values of some rows; the others are left empty."""
    texts = [text if mine else "" for text, mine in zip(draft.cells(value), rows, strict=True)]
    column = times_factor(parse_column(texts), heading.factor)
    draft.check(column, heading, texts)
    return column


def add_rows(
    draft: Draft,
    places: Places,
    names: Fields,
    parameter: str,
    period: Period,
    column: Column,
    rows: Mask,
    options: Options,
) -> None:
    """Add the values of some rows, whose period is one and the same."""
    label = time_label(names)
    name = names["time_end" if label == "end" else "time"]
    texts = time_texts(draft, names)
    chosen = np.flatnonzero(rows).tolist()
    times = np.zeros(len(texts), dtype=np.int64)
    times[rows] = draft.times_at(chosen, texts, name, label, period, options.year)
    draft.add(places, parameter, period, times, column, rows)


def row_periods(draft: Draft, names: Fields, heading: Heading) -> dict[Period, Mask]:
    """Return the rows of each averaging period.

    Where none is written, air and noise are days if no time of the table has a clock, hours otherwise (a
    spreadsheet drops the clock at midnight); elsewhere both are the moment of a sample.
    """
    words: npt.NDArray[np.object_] = np.array(draft.cells(names.get("period")), dtype=object)
    written = {word: words == word for word in dict.fromkeys(words.tolist())}
    found: dict[Period, Mask] = {}
    for word, rows in written.items():
        if word:
            _merge(found, _written_period(draft, names, word, rows), rows)
        else:
            for period, same in _implied_periods(draft, names, heading).items():
                _merge(found, period, rows & same)
    return found


def _merge(found: dict[Period, Mask], period: Period | None, rows: Mask) -> None:
    if period is not None and rows.any():
        found[period] = found.get(period, np.zeros_like(rows)) | rows


def _written_period(draft: Draft, names: Fields, word: str, rows: Mask) -> Period | None:
    period = PERIODS.get(word.casefold())
    if period is None:
        for index in np.flatnonzero(rows).tolist():
            draft.refuse(index, names["period"], word, "feeds.unknown_period")
    return period


def _implied_periods(draft: Draft, names: Fields, heading: Heading) -> dict[Period, Mask]:
    texts = time_texts(draft, names)
    if heading.parameter.medium not in ("air", "noise"):
        return {Period.INSTANT: np.ones(len(texts), dtype=bool)}
    hourly = any(_has_clock(text) for text in dict.fromkeys(texts))
    return {Period.HOUR if hourly else Period.DAY: np.ones(len(texts), dtype=bool)}


def time_texts(draft: Draft, names: Fields) -> list[str]:
    """Return the labels of the rows, with the hour of a column of its own where there is one."""
    texts = draft.cells(names.get("time_end", names.get("time")))
    if "hour" not in names:
        return texts
    return [f"{day} {hour}" for day, hour in zip(texts, draft.cells(names["hour"]), strict=True)]


def _has_clock(text: str) -> bool:
    return (
        ":" in text
        or "时" in text
        or "T" in text
        or " " in text.strip()
        or (text.isdigit() and len(text) > 8)
    )


def flags(draft: Draft, column: str) -> npt.NDArray[np.int32]:
    """Return the flags of the rows, 0 where empty; a flag that is no whole number refuses its row."""
    found = np.zeros(len(draft.sheet), dtype=np.int32)
    for index, text in enumerate(draft.cells(column)):
        if text.isascii() and text.isdigit() and int(text) <= LARGEST_FLAG:
            found[index] = int(text)
        elif text:
            draft.refuse(index, column, text, "feeds.bad_flag")
    return found


def _other_kind(names: Fields, medium: str) -> str:
    return KIND_OF_HEADING.get(names["station"].casefold(), KIND_OF_MEDIUM.get(medium, "other"))


def _feature(draft: Draft, names: Fields, code: str, row: int, medium: str) -> Feature:
    line = {name: draft.cells(column)[row] for name, column in names.items()}
    kind = line.get("kind", "").casefold()
    attributes: dict[str, object] = {name: line[name] for name in ATTRIBUTES if line.get(name)}
    if "control" in attributes:
        attributes["control"] = line["control"].casefold() in TRUE
    if kind and kind not in KINDS:
        attributes["kind"] = line["kind"]
    return Feature(
        code=code,
        name=line.get("name") or code,
        kind=kind if kind in KINDS else _other_kind(names, medium),
        region=line.get("region", ""),
        province=line.get("province", ""),
        basin=line.get("basin", ""),
        lon=coordinate(line.get("lon", ""), 180),
        lat=coordinate(line.get("lat", ""), 90),
        attributes=attributes,
    )
