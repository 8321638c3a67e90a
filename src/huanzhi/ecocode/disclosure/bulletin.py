"""Bulletin 巡检通报: what the patrol found in a span of days, in the layout of an official document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from huanzhi.ecocode.disclosure.models import Finding
from huanzhi.ecocode.disclosure.settings import settings
from huanzhi.library.documents import Column, Document, Heading, Paragraph, Table
from huanzhi.library.places.models import Region
from huanzhi.messages import language, text
from huanzhi.standards.periods import CHINA


def document(region: Region, first: date, last: date, findings: Sequence[Finding], now: datetime) -> Document:
    """Return the bulletin of a region for the findings of a span; those that were dismissed are left out."""
    rows = [one for one in findings if one.state != "dismissed"]
    local = now.astimezone(CHINA)
    written = text("report.date", year=local.year, month=local.month, day=local.day, month_name=f"{local:%B}")
    simulated = any(one.simulated for one in rows)
    blocks: list[Any] = [
        Heading(1, text("disclosure.bulletin_overview")),
        Paragraph(_overview(first, last, rows)),
        Heading(1, text("disclosure.bulletin_list")),
        _table(rows) if rows else Paragraph(text("disclosure.bulletin_none")),
        Heading(1, text("disclosure.bulletin_asked")),
        Paragraph(text("disclosure.bulletin_ask")),
    ]
    title = text("disclosure.bulletin_title", region=region.name)
    mark = text("issues.simulated") if simulated else ""
    number = text("disclosure.bulletin_span", first=str(first), last=str(last))
    return Document(title, tuple(blocks), language(), mark, date=written, number=number)


def _overview(first: date, last: date, rows: Sequence[Finding]) -> str:
    counts = Counter(one.sort for one in rows)
    parts = [f"{word(settings()['finding'][sort])} {number}" for sort, number in counts.most_common()]
    firms = len({one.enterprise_id for one in rows})
    told = {"first": str(first), "last": str(last), "number": len(rows), "enterprises": firms}
    return text("disclosure.bulletin_words", **told) + ("；".join(parts) and f"{'；'.join(parts)}。")


def _table(rows: Sequence[Finding]) -> Table:
    names = ("number", "enterprise", "item", "finding", "since", "state")
    columns = tuple(Column(text(f"disclosure.column_{name}")) for name in names)
    cells = tuple(
        (
            one.number,
            one.enterprise.name,
            one.item.title,
            word(settings()["finding"][one.sort]),
            str(one.since),
            word(settings()["finding_state"][one.state]),
        )
        for one in rows
    )
    return Table("findings", text("disclosure.bulletin_list"), columns, cells)


def word(row: Any) -> str:
    """Return a word of a table in the reader's language."""
    return str(row["en"] if language() == "en" else row["zh"])
