"""Report of an audit 审计报告 as an official document: grade, findings, what is to be put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from huanzhi.ecocode.audits.form import items, settings
from huanzhi.ecocode.audits.models import Audit, AuditItem
from huanzhi.library.documents import Column, Document, Heading, Paragraph, Table
from huanzhi.messages import language, text
from huanzhi.standards.periods import CHINA


def document(audit: Audit, rows: Sequence[AuditItem]) -> Document:
    """Return the report of an audit with its items; a draft says that it is one."""
    at = (audit.finished or audit.opened).astimezone(CHINA)
    blocks: list[Any] = [Heading(1, text("audits.paper_overview")), Paragraph(_overview(audit, rows))]
    blocks += [Paragraph(one) for one in (audit.words, text("audits.paper_basis")) if one]
    for section, words in settings()["section"].items():
        found = [one for one in rows if one.section == section]
        if found:
            blocks += [Heading(1, _word(words)), _findings(section, found)]
    blocks += [Heading(1, text("audits.paper_rectification")), _rectification(rows)]
    mark = text("issues.simulated") if audit.simulated else ""
    written = text("report.date", year=at.year, month=at.month, day=at.day, month_name=f"{at:%B}")
    title = text("audits.paper_title", name=audit.enterprise.name)
    return Document(title, tuple(blocks), language(), mark, date=written, number=audit.number)


def _overview(audit: Audit, rows: Sequence[AuditItem]) -> str:
    counts = {name: sum(one.finding == name for one in rows) for name in settings()["finding"]}
    told = {"first": audit.first.isoformat(), "last": audit.last.isoformat(), "items": len(rows), **counts}
    words = text("audits.paper_words", **told)
    if audit.state != "finished":
        return words + text("audits.paper_draft")
    grade = _word(settings()["grade"][audit.grade])
    return words + text("audits.paper_grade", grade=grade, auditor=_auditors(rows), by=audit.finished_name)


def _auditors(rows: Sequence[AuditItem]) -> str:
    return "、".join(sorted({one.judged_name for one in rows if one.judged_name})) or "—"


def _findings(section: str, rows: Sequence[AuditItem]) -> Table:
    columns = (
        Column(text("audits.paper_item"), width=2.0),
        Column(text("audits.paper_finding")),
        Column(text("audits.paper_facts"), width=2.0),
        Column(text("audits.paper_reason"), width=2.0),
    )
    cells = [(_item(one), _finding(one), _facts(one), one.reason or "—") for one in rows]
    return Table(section, _word(settings()["section"][section]), columns, cells)


def _item(row: AuditItem) -> str:
    known = items().get(row.item)
    if known is None:
        return row.item
    return f"{known.en if language() == 'en' else known.zh}\n{_word(known.basis)}（{known.confidence}）"


def _finding(row: AuditItem) -> str:
    return _word(settings()["finding"][row.finding or row.suggested])


def _facts(row: AuditItem) -> str:
    told = [f"{one.get('day') or ''} {_word(one)}".strip() for one in row.told]
    return "\n".join(told) or text("audits.paper_looked", number=row.looked)


def _rectification(rows: Sequence[AuditItem]) -> Any:
    failed = [one for one in rows if one.finding == "failed"]
    if not failed:
        return Paragraph(text("audits.paper_none"))
    names = ("item", "demand", "due", "issue", "standing")
    columns = tuple(Column(text(f"audits.paper_{name}")) for name in names)
    cells = [
        (_title(one), one.demand, str(one.due or "—"), one.issue or "—", _standing(one)) for one in failed
    ]
    return Table("rectification", text("audits.paper_rectification"), columns, cells)


def _title(row: AuditItem) -> str:
    known = items().get(row.item)
    return (known.en if language() == "en" else known.zh) if known else row.item


def _standing(row: AuditItem) -> str:
    return _word(settings()["standing"][row.standing]) if row.standing else "—"


def _word(row: Mapping[str, Any]) -> str:
    return str(row["en"] if language() == "en" else row["zh"])
