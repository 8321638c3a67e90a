"""The status report as a page: the blocks of the document and its key figures, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from huanzhi.library.documents import Block, Chart, Document, Heading, Paragraph, Series, Table
from huanzhi.library.documents.blocks import Cell, cell_text
from huanzhi.library.documents.numbering import Headings, labels, refer
from huanzhi.messages import Language, text, using
from huanzhi.programmes.status_report import StatusReport
from huanzhi.web.pages import status_page

LANGUAGES: tuple[Language, ...] = ("zh", "en")


def report_page(build: Callable[[], StatusReport], made: date, ready: StatusReport | None = None) -> str:
    """Return a status report as one page that switches between Chinese and English.

    Parameters
    ----------
    build : callable
        Builds the report in the language of the reader; called once a language that is not `ready`.
    made : date
        Day on which the page is made.
    ready : StatusReport, optional
        The report in one of the languages, where it is there already.

    Raises
    ------
    InputError
        As `build` does, and if the screens were not built.
    """
    reports: dict[str, Mapping[str, Any]] = {}
    for spoken in LANGUAGES:
        with using(spoken):
            report = ready if ready and ready.document.language == spoken else build()
            reports[spoken] = page_figures(report.document, report.payload, made)
    return status_page(reports)


def page_figures(document: Document, payload: Mapping[str, Any], made: date) -> dict[str, Any]:
    """Return what the page shows; it computes nothing of its own."""
    return {
        "title": document.title,
        "region": payload["region"],
        "period": payload["period"],
        "generated": made.isoformat(),
        "simulated": payload["simulated"],
        "keys": [*_air_keys(payload.get("air")), *_water_keys(payload.get("water"))],
        "sections": _sections(document),
        "cautions": list(payload["unconfirmed"]),
    }


def _air_keys(air: Mapping[str, Any] | None) -> list[dict[str, str]]:
    if not air:
        return []
    rates, fine = air["all"], air["pollutants"][-1]
    days = text("web.of", part=rates["good_days"], whole=rates["valid_days"])
    keys = [_key("web.good_days", rates["good_rate_percent"], "%", days)]
    limit = "" if fine["limit"] is None else text("web.limit", limit=fine["limit"], unit=fine["unit"])
    keys.append(_key("web.fine_particles", fine["value"], fine["unit"], limit))
    if len(air["ranking"]["rows"]) == 1:
        row = air["ranking"]["rows"][0]
        main = text("web.main", items=", ".join(row["main"])) if row["main"] else ""
        keys.append(_key("web.index", row["index"], "", main))
    return keys


def _water_keys(water: Mapping[str, Any] | None) -> list[dict[str, str]]:
    if not water:
        return []
    good = sum(water["classes"][name]["sections"] for name in ("Ⅰ", "Ⅱ", "Ⅲ"))
    total = sum(one["sections"] for one in water["classes"].values())
    if not total:
        return []
    share = Decimal(100 * good) / total
    days = text("web.of", part=good, whole=total)
    return [_key("web.good_sections", f"{share:.1f}", "%", days)]


def _key(label: str, value: object, unit: str, note: str) -> dict[str, str]:
    return {"label": text(label), "value": "—" if value is None else str(value), "unit": unit, "note": note}


def _sections(document: Document) -> list[dict[str, Any]]:
    blocks: list[Block] = list(document.blocks)
    for title, annex in document.annexes:
        blocks += [Heading(1, title), *annex]
    known, headings = labels(blocks, document.language), Headings(document.language)
    sections: list[dict[str, Any]] = []
    for block in blocks:
        if isinstance(block, Heading):
            title = f"{headings.next(block.level)}{block.text}"
            sections.append({"title": title, "paragraphs": [], "tables": [], "charts": []})
        elif isinstance(block, Paragraph):
            sections[-1]["paragraphs"].append(refer(block.text, known))
        elif isinstance(block, Table):
            sections[-1]["tables"].append(_table(block, known))
        else:
            sections[-1]["charts"].append(_chart(block, known))
    return sections


def _table(table: Table, known: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": table.key,
        "title": f"{known[table.key]}  {table.caption}",
        "columns": [f"{one.heading} ({one.unit})" if one.unit else one.heading for one in table.columns],
        "rows": [_cells(row, [one.decimals for one in table.columns]) for row in table.rows],
        "note": table.note,
    }


def _cells(row: Iterable[Cell], decimals: Iterable[int | None]) -> list[str | None]:
    return [None if cell is None else cell_text(cell, d) for cell, d in zip(row, decimals, strict=True)]


def _chart(chart: Chart, known: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": chart.key,
        "title": f"{known[chart.key]}  {chart.caption}",
        "kind": "line" if chart.kind == "line" else "bar",
        "unit": chart.axis,
        "categories": list(chart.categories),
        "series": [_series(one) for one in chart.series],
        "labels": chart.labels,
    }


def _series(series: Series) -> dict[str, Any]:
    return {
        "name": series.name,
        "values": [None if value is None else float(value) for value in series.values],
        "colours": [f"#{colour}" for colour in series.colours],
        "stroke": series.stroke,
    }
