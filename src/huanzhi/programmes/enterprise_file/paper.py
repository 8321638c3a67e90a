"""The file as a document 档案文书: head, outlets and limits, grid, exceedances and statements, life."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from huanzhi.ecocode.files.listing import STATE_WORDS
from huanzhi.ecocode.statements.settings import settings as statement_settings
from huanzhi.library.documents import Column, Document, Heading, Paragraph, Table
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.tables import table_of
from huanzhi.library.rights import Actor
from huanzhi.messages import language, text
from huanzhi.programmes.enterprise_file.exceedances import COLUMNS, exceedances
from huanzhi.programmes.enterprise_file.grid import grid
from huanzhi.programmes.enterprise_file.head import head
from huanzhi.programmes.enterprise_file.register import register
from huanzhi.programmes.enterprise_file.timeline import timeline
from huanzhi.standards.periods import CHINA

FACTS = ("code", "region_name", "industry", "management", "key_unit", "status", "address", "contact", "phone")
FIGURES = ("exceeding_days", "open_issues", "late_issues", "open_hazards", "open_statements")
PARTS = {
    "outlets": ("name", "code", "medium", "permit_number", "valid_from", "valid_to"),
    "permits": ("code", "management", "status", "issued", "valid_to"),
    "limits": ("outlet", "parameter", "averaging", "value", "unit", "standard"),
}
KINDS = {"outlets": "outlet", "permits": "permit", "limits": "permit_limit"}
MOST = 60
"""Exceedances in the document. DEFAULT, NOT FROM THE DOCUMENTS."""
QUARTERS = 4


def paper(who: Actor, enterprise: Enterprise, now: datetime) -> Document:
    """Return the file as far as somebody may see it."""
    day = now.astimezone(CHINA).date()
    told = register(who, enterprise)
    blocks: list[Any] = [Heading(1, text("enterprise_file.paper_facts")), _facts(who, enterprise, told, now)]
    for part, columns in PARTS.items():
        blocks += [Heading(1, text(f"enterprise_file.paper_{part}")), _register(part, columns, told[part])]
    blocks += [Heading(1, text("enterprise_file.paper_grid")), *_grid(grid(who, enterprise, now, QUARTERS))]
    blocks += [
        Heading(1, text("enterprise_file.paper_exceedances")),
        *_exceedances(exceedances(who, enterprise)),
    ]
    blocks += [Heading(1, text("enterprise_file.paper_life")), *_life(timeline(who, enterprise, day))]
    mark = text("issues.simulated") if enterprise.simulated else ""
    written = text("report.date", year=day.year, month=day.month, day=day.day, month_name=f"{day:%B}")
    title = text("enterprise_file.paper_title", name=enterprise.name)
    return Document(title, tuple(blocks), language(), mark, date=written)


def _facts(who: Actor, enterprise: Enterprise, told: Mapping[str, Any], now: datetime) -> Table:
    table, row = table_of(Enterprise.KIND), told["enterprise"] or {}
    rows = [(table.column(name).heading(), _said(table, name, row.get(name))) for name in FACTS]
    figures = head(who, enterprise, now)
    rows += [(text(f"enterprise_file.paper_{name}"), str(figures[name])) for name in FIGURES]
    return _pairs("facts", rows)


def _pairs(name: str, rows: Sequence[tuple[str, str]]) -> Table:
    columns = (Column(text("issues.order_item")), Column(text("issues.order_content"), width=3.0))
    return Table(name, text(f"enterprise_file.paper_{name}"), columns, list(rows))


def _said(table: Any, name: str, value: Any) -> str:
    if value in (None, ""):
        return "—"
    if isinstance(value, bool):
        return text("enterprise_file.yes" if value else "enterprise_file.no")
    return str(table.column(name).word(str(value)))


def _register(part: str, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Any:
    table = table_of(KINDS[part])
    columns = tuple(Column(table.column(name).heading()) for name in names)
    cells = [tuple(_said(table, name, row.get(name)) for name in names) for row in rows]
    return _listed(part, columns, cells)


def _listed(part: str, columns: tuple[Column, ...], rows: Sequence[tuple[str, ...]]) -> Any:
    """Return a table, or a sentence where it would be empty."""
    if not rows:
        return Paragraph(text("enterprise_file.paper_none"))
    return Table(part, text(f"enterprise_file.paper_{part}"), columns, list(rows))


def _grid(found: Mapping[str, Any]) -> list[Any]:
    titles = (
        text("enterprise_file.paper_outlet"),
        text("enterprise_file.paper_parameter"),
        *found["quarters"],
    )
    rows = [
        (row["outlet_name"], row["name"], *(_state(cell) for cell in row["cells"])) for row in found["rows"]
    ]
    notes = [Paragraph(text("enterprise_file.why_unknown_short"))]
    return [_listed("grid", tuple(Column(title) for title in titles), rows), *notes]


def _state(cell: Mapping[str, Any]) -> str:
    word = STATE_WORDS[cell["state"]][language()]
    return f"{word} {cell['over']}" if cell.get("over") else word


def _exceedances(rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    names = ("day", "outlet_name", "name", "value", "limit", "unit", "times", "statement")
    titles = {column.name: column.heading() for column in COLUMNS}
    cells = [(*(str(row[name] or "—") for name in names[:-1]), _statement(row)) for row in rows[:MOST]]
    found = [_listed("exceedances", tuple(Column(titles[name]) for name in names), cells)]
    if len(rows) > MOST:
        found.append(Paragraph(text("enterprise_file.paper_more", most=MOST, number=len(rows))))
    return found


def _statement(row: Mapping[str, Any]) -> str:
    if not row["statement"]:
        return "—"
    told = statement_settings()
    words = [told["state"][row["statement_state"]][language()]]
    words += [told["cause"][row["cause"]][language()]] if row["cause"] else []
    return f"{row['statement']} {' · '.join(words)}"


def _life(found: Mapping[str, Any]) -> list[Any]:
    events = (
        Column(text("enterprise_file.paper_day")),
        Column(text("enterprise_file.paper_event"), width=3.0),
    )
    rows = [(one["day"], _named(one)) for one in found["events"]]
    steps = [
        text("enterprise_file.paper_next", what=_named(one), due=one["due"] or "—") for one in found["next"]
    ]
    return [_listed("life", events, rows), *_sentences(steps)]


def _named(one: Mapping[str, Any]) -> str:
    return f"{one[language()]} {one['words']}".strip()


def _sentences(words: Iterable[str]) -> list[Any]:
    return [Paragraph(one) for one in words]
