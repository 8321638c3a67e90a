"""Tables of an assessment 评价表: the same rows as on the screen, for CSV, workbook and Word."""

from __future__ import annotations

from huanzhi.library.documents import Column, Table
from huanzhi.library.documents.blocks import Cell
from huanzhi.messages import text
from huanzhi.standards.air import ITEMS
from huanzhi.web.api.assess_shapes import AirOut, AirRowOut, LimitingOut, SectionOut, WaterOut


def _c(key: str, unit: str = "", *, numeric: bool = False, width: float = 1.0) -> Column:
    return Column(text(f"books_api.column_{key}"), unit, None, width, numeric)


def _listed(words: list[str]) -> str | None:
    return text("rankings.comma").join(words) or None


def _note(editions: list[str], cautions: list[str], forced: bool = False) -> str:
    words = text("books_api.by_editions", editions=_listed(editions) or "")
    return "".join([words, text("books_api.forced") if forced else "", *cautions])


def air_short(out: AirOut) -> Table:
    """Return the places of an hour or a day."""
    columns = (
        _c("place", width=2.0),
        _c("region", width=1.4),
        _c("aqi", numeric=True),
        _c("level", width=1.2),
        _c("primary", width=1.4),
        *(Column(str(item), item.parameter.unit, numeric=True) for item in ITEMS),
        _c("aqi_previous", numeric=True),
        _c("aqi_year_before", numeric=True),
        _c("missing", width=1.4),
    )
    rows = [_short_cells(row) for row in out.rows]
    caption = text("books_api.air_caption", period=out.period.words)
    return Table("air", caption, columns, rows, _note(out.editions, out.cautions, out.forced))


def _short_cells(row: AirRowOut) -> tuple[Cell, ...]:
    return (
        row.name,
        row.region,
        row.aqi,
        row.level.name if row.level else None,
        _listed(row.primary),
        *(one.value for one in row.items),
        row.aqi_previous,
        row.aqi_year_before,
        _listed(row.missing),
    )


def air_long(out: AirOut) -> Table:
    """Return the places of a month, quarter or year."""
    columns = (
        _c("place", width=2.0),
        _c("index", numeric=True),
        _c("change_year_before", "%", numeric=True),
        _c("change_previous", "%", numeric=True),
        _c("good_rate", "%", numeric=True),
        _c("good_days", numeric=True),
        _c("valid_days", numeric=True),
        *(Column(str(item), item.parameter.unit, numeric=True) for item in ITEMS),
        _c("main", width=1.4),
        _c("remark", width=2.4),
    )
    rows = [_long_cells(row) for row in out.rows]
    caption = text("books_api.air_caption", period=out.period.words)
    return Table("air", caption, columns, rows, _note(out.editions, out.cautions, out.forced))


def _long_cells(row: AirRowOut) -> tuple[Cell, ...]:
    return (
        row.name,
        row.index,
        row.change_year_before,
        row.change_previous,
        row.good_rate,
        row.good_days,
        row.valid_days,
        *(one.value for one in row.items),
        _listed(row.main),
        _listed(row.reasons),
    )


def water(out: WaterOut) -> Table:
    """Return the sections of a period."""
    columns = (
        _c("section", width=2.0),
        _c("region", width=1.4),
        _c("basin", width=1.4),
        _c("class"),
        _c("limiting", width=2.4),
        _c("class_previous"),
        _c("class_year_before"),
        _c("target"),
        _c("samples", numeric=True),
        _c("skipped", width=2.0),
    )
    rows = [_section_cells(row) for row in out.rows]
    caption = text("books_api.water_caption", period=out.period.words)
    return Table("water", caption, columns, rows, _note(out.editions, out.cautions))


def _section_cells(row: SectionOut) -> tuple[Cell, ...]:
    return (
        row.name,
        row.region,
        row.basin,
        row.grade or None,
        _listed([_limiting(one) for one in row.limiting]),
        row.previous or None,
        row.year_before or None,
        row.target or None,
        row.samples,
        _listed(row.skipped),
    )


def _limiting(one: LimitingOut) -> str:
    if one.multiple is None:
        return f"{one.item} {one.value}"
    return text("books_api.multiple", item=one.item, value=one.value, multiple=one.multiple)
