"""Status report of a region 市县乡三级生态环境状况报告: by the template of its level.

Air and water come from the store, other figures from the registers and the centre. A figure that nothing is
known of is told as unknown, never as zero: a register that holds nothing of a region says so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.documents import Block, Column, Document, Heading, Paragraph, Table
from huanzhi.library.places.models import Region
from huanzhi.library.publications.content import LANGUAGES, plain
from huanzhi.library.publications.reporting import level_of
from huanzhi.library.series import Feature, Store
from huanzhi.messages import language, text, using
from huanzhi.programmes.air_cities import Naming
from huanzhi.programmes.rankings.places import beginning, naming
from huanzhi.programmes.spans import Span
from huanzhi.programmes.status_report import registered
from huanzhi.programmes.status_report.air_blocks import air_blocks, air_summary
from huanzhi.programmes.status_report.air_figures import AirFigures, air_figures
from huanzhi.programmes.status_report.sources import coverage_table, rules_used, unconfirmed
from huanzhi.programmes.status_report.water_blocks import water_blocks, water_summary
from huanzhi.programmes.status_report.water_figures import WaterFigures, water_figures


@dataclass(frozen=True, slots=True)
class RegionDocument:
    """The report of a region in the reader's language, and its figures for programs."""

    document: Document
    data: Mapping[str, Any]
    simulated: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a region in a span."""

    region: Region
    span: Span
    level: str
    air: AirFigures | None
    water: WaterFigures | None
    store: Store


@cache
def templates() -> Mapping[str, Any]:
    """Return the templates by level."""
    file = resources.files("huanzhi.programmes.status_report") / "data" / "levels.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def content(
    store: Store, span: Span, region: Region, today: date, issuer: str = ""
) -> tuple[dict[str, Any], bool]:
    """Return the snapshot of a report in both languages, and whether it is simulated."""
    made: dict[str, Any] = {}
    simulated = False
    for each in reversed(LANGUAGES):
        with using(each):
            found = region_report(store, span, region, today, issuer)
            made[each] = plain(found.document)
            made["data"] = dict(found.data)
            simulated = found.simulated
    return made, simulated


def region_report(store: Store, span: Span, region: Region, today: date, issuer: str = "") -> RegionDocument:
    """Build the report of a region by the template of its level.

    Raises
    ------
    InputError
        ``publications.no_level``
    """
    level = level_of(region)
    if not level:
        raise InputError("publications.no_level", value=region.name)
    codes = beginning(region.code)
    air = air_figures(store, span, codes, naming=_naming(region, level))
    known = _Known(region, span, level, air, water_figures(store, span, codes), store)
    simulated = region.simulated or any(one.days.simulated for one in (air.cities if air else ()))
    mark = text("rankings.mark_simulated") if simulated else ""
    blocks = [block for part in templates()[level]["parts"] for block in PARTS[part](known)]
    told = text("report.date", year=today.year, month=today.month, day=today.day, month_name=f"{today:%B}")
    title = text("publications.title_status_report", region=region.name, span=span.words())
    document = Document(title, tuple(blocks), language(), mark, issuer, told)
    return RegionDocument(document, _data(known), simulated)


def _naming(region: Region, level: str) -> Naming:
    """Return what air is reported by: counties of a city, else the region as one."""
    below = naming("county") if level == "city" else None
    name = region.name

    def whole(_: Feature) -> str:
        return name

    return below or whole


def _data(known: _Known) -> dict[str, Any]:
    air, water = known.air, known.water
    fine = (
        {str(one.item): None if one.value is None else str(one.value) for one in air.pollutants}
        if air
        else {}
    )
    return {
        "region": known.region.code,
        "period": known.span.code(),
        "level": known.level,
        "good_day_rate": str(air.rates.rate) if air and air.rates.rate is not None else None,
        "valid_days": air.rates.valid if air else 0,
        "pollutants": fine,
        "sections": len(water.sections) if water else 0,
    }


def _summary(known: _Known) -> list[Block]:
    name, words = known.region.name, known.span.words()
    told = [air_summary(known.air, name, known.span) if known.air else text("publications.air_unknown")]
    told.append(water_summary(known.water) if known.water else text("publications.water_unknown"))
    sentence = text("report.summary_text", span=words, sentences="".join(told))
    return [Heading(1, text("report.summary")), Paragraph(sentence)]


def _air(known: _Known) -> list[Block]:
    if known.air is None:
        return [Heading(1, text("report.air")), Paragraph(text("publications.air_unknown"))]
    return list(air_blocks(known.air, known.region.name, known.span))


def _water(known: _Known) -> list[Block]:
    if known.water is None:
        return [Heading(1, text("report.water")), Paragraph(text("publications.water_unknown"))]
    return list(water_blocks(known.water, known.region.name, known.span))


def _registers(known: _Known) -> list[Block]:
    names = templates()[known.level]["registers"]
    rows = registered.registers(known.region, names)
    return [
        Heading(1, text("publications.registers")),
        _counted("registers", "register", rows),
    ]


def _affairs(known: _Known) -> list[Block]:
    names = templates()[known.level]["affairs"]
    rows = registered.affairs(known.region, known.span, names)
    return [
        Heading(1, text("publications.affairs")),
        _counted("affairs", "affair", rows),
    ]


def _counted(key: str, word: str, rows: Mapping[str, int | None]) -> Table:
    columns = (
        Column(text("publications.item"), width=2.0),
        Column(text("publications.number"), numeric=True),
        Column(text("publications.remark"), width=2.0),
    )
    cells = [
        (text(f"publications.{word}_{name}"), value, text("publications.unknown") if value is None else None)
        for name, value in rows.items()
    ]
    return Table(key, text(f"publications.{key}_caption"), columns, cells, text("publications.unknown_note"))


def _below(known: _Known) -> list[Block]:
    level = templates()[known.level]["below"]
    columns = (
        Column(text(f"rankings.by_{level}"), width=1.8),
        *(Column(text(f"publications.register_{name}"), numeric=True) for name in _BELOW),
    )
    words = [row for row in known.region.children.order_by("code") if level_of(row) == level]
    if not words:
        return []
    cells = [(row.name, *registered.registers(row, _BELOW).values()) for row in words]
    head = Heading(1, text("publications.below"))
    return [head, Table("below", text("publications.below_caption"), columns, cells)]


_BELOW = ("air_stations", "sections", "enterprises", "key_units")


def _sources(known: _Known) -> list[Block]:
    blocks: list[Block] = [Heading(1, text("report.data")), Paragraph(text("publications.data_words"))]
    if known.air or known.water:
        blocks.append(coverage_table(known.air, known.water, known.span))
    doubts = unconfirmed(rules_used(known.air, known.water))
    if doubts:
        listed = text("rankings.semicolon").join(doubts)
        blocks.append(Paragraph(text("report.doubts", listed=listed)))
    return blocks


PARTS: Mapping[str, Callable[[_Known], list[Block]]] = {
    "summary": _summary,
    "air": _air,
    "water": _water,
    "registers": _registers,
    "affairs": _affairs,
    "parts_of_region": _below,
    "data": _sources,
}
"""What each part of a template says."""
