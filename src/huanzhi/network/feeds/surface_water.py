"""The national surface-water table 国家地表水水质自动监测: one line a section with Chinese headings.

The time has month, day and hour but no year; the year is the one that is given, else the one in the name of
the file or its folders, else the latest that does not lie in the future. A figure is a sample of its moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from huanzhi.errors import InputError
from huanzhi.library.series import Feature
from huanzhi.network.feeds.checks import coordinate
from huanzhi.network.feeds.drafts import Draft, first_lines, need
from huanzhi.network.feeds.headings import read_heading
from huanzhi.network.feeds.reading import Note, Options, Reading
from huanzhi.network.feeds.sheets import Sheet
from huanzhi.standards.periods import Period

SECTION, TIME, PROVINCE, BASIN = "断面名称", "监测时间", "省份", "流域"
PLACE = {SECTION, TIME, PROVINCE, BASIN, "lat", "lon", "经度", "纬度", "src", "kind"}
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?=(?:\d{2}){0,2}(?!\d)|[-_年])")
_YEARLESS = re.compile(r"\d{1,2}[-/月]")


def recognise(sheet: Sheet) -> int:
    """Return how surely a sheet is the national table, 0 to 100."""
    names = set(sheet.columns)
    return 90 if {SECTION, TIME} <= names and any(name.startswith("溶解氧") for name in names) else 0


def read(sheet: Sheet, options: Options) -> Reading:
    """Read the national surface-water table.

    Raises
    ------
    InputError
        If the year cannot be known, or a unit cannot be converted.
    """
    need(sheet, (SECTION, TIME))
    draft = Draft(sheet)
    year, source = year_of(sheet, options)
    draft.note("feeds.label_sample")
    draft.notes.append(source)
    draft.note("feeds.units_heading")
    times = draft.times(TIME, "start", Period.INSTANT, year)
    places = draft.places(codes(draft), SECTION)
    left_out = []
    for column in sheet.columns:
        if column in PLACE:
            continue
        heading = read_heading(column, "water")
        if heading is None:
            left_out.append(column)
        else:
            draft.add(places, heading.parameter.code, Period.INSTANT, times, draft.values(heading))
    if left_out:
        draft.note("feeds.left_out", columns=", ".join(left_out))
    return draft.reading("surface_water", sections(draft, first_lines(places, draft.kept())))


def year_of(sheet: Sheet, options: Options) -> tuple[int | None, Note]:
    """Return the year of labels without one, and where it was taken from."""
    texts = [text for text in sheet.cells[TIME] if _YEARLESS.match(text)]
    if not texts:
        return None, Note("feeds.year_in_table")
    if options.year:
        return options.year, Note("feeds.year_given", {"year": options.year})
    for name in _names(sheet.file):
        if match := _YEAR.search(name):
            return int(match[1]), Note("feeds.year_from_name", {"year": int(match[1]), "name": name})
    if options.today is None:
        raise InputError("feeds.no_year", file=sheet.file, column=TIME)
    year = latest_year(texts, options.today)
    return year, Note("feeds.year_from_today", {"year": year})


def latest_year(texts: list[str], today: date) -> int:
    """Return the latest year in which no label lies after `today`."""
    days = [tuple(int(part) for part in re.findall(r"\d+", text)[:2]) for text in texts]
    return today.year - (max(days) > (today.month, today.day))


def _names(file: Path) -> Iterator[str]:
    yield file.stem
    yield from (parent.name for parent in list(file.absolute().parents)[:2])


def codes(draft: Draft) -> list[str]:
    """Return the code of each row's section: province and name, as names repeat between provinces."""
    provinces = draft.cells(PROVINCE if PROVINCE in draft.sheet.columns else None)
    names = draft.cells(SECTION)
    return [section_code(province, name) for province, name in zip(provinces, names, strict=True)]


def section_code(province: str, name: str) -> str:
    """Return the code of a section 断面; empty where it has no name."""
    return f"section:{province}/{name}" if name else ""


def sections(draft: Draft, rows: Mapping[str, int]) -> list[Feature]:
    """Return the sections, each as its first row has it."""
    return [_section(code, draft.sheet.line(row)) for code, row in rows.items()]


def _section(code: str, line: Mapping[str, str]) -> Feature:
    return Feature(
        code=code,
        name=line[SECTION],
        kind="lake" if line.get("kind") in ("lake", "湖", "库", "湖库") else "section",
        province=line.get(PROVINCE, ""),
        basin=line.get(BASIN, ""),
        lon=coordinate(line.get("lon") or line.get("经度", ""), 180),
        lat=coordinate(line.get("lat") or line.get("纬度", ""), 90),
    )
