"""The order 交办单: an issue as an official document to hand over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from huanzhi.center.issues.models import Evidence, Issue, Step
from huanzhi.center.issues.settings import word
from huanzhi.center.issues.table import table
from huanzhi.library.documents import Column, Document, Heading, Paragraph, Table
from huanzhi.messages import language, text
from huanzhi.standards.periods import CHINA


def order(issue: Issue, day: date) -> Document:
    """Return the order: what, where, since when, who, until when, and what is asked."""
    blocks: list[Any] = [Heading(1, text("issues.order_facts")), _facts(issue)]
    if issue.words:
        blocks += [Heading(1, text("issues.order_words")), Paragraph(issue.words)]
    blocks += [Heading(1, text("issues.order_asked")), Paragraph(_asked(issue))]
    blocks += [Heading(1, text("issues.order_steps")), _steps(issue)]
    pieces = Evidence.objects.filter(issue=issue).order_by("pk")
    if pieces:
        blocks += [Heading(1, text("issues.order_evidence")), _evidence(list(pieces))]
    mark = text("issues.simulated") if issue.simulated else ""
    written = text("report.date", year=day.year, month=day.month, day=day.day, month_name=f"{day:%B}")
    title = text("issues.order_title", number=issue.number)
    return Document(title, tuple(blocks), language(), mark, date=written)


def _facts(issue: Issue) -> Table:
    lead = issue.organisation.name if issue.organisation else None
    due = _moment(issue.due) or (text(issue.due_note) if issue.due_note else None)
    rows = [
        ("headline", issue.title),
        ("category", word("category", issue.category)),
        ("level", table().choices["level"][issue.level][language()]),
        ("region", issue.region.name),
        ("place", issue.place_name or issue.place or None),
        ("enterprise", issue.enterprise_name or issue.enterprise or None),
        ("found", _moment(issue.since or issue.opened)),
        ("value", _value(issue)),
        ("lead", lead),
        ("due", due),
        ("basis", _basis(issue)),
    ]
    told = [(text(f"issues.order_{name}"), value) for name, value in rows]
    columns = (
        Column(text("issues.order_item")),
        Column(text("issues.order_content"), width=3.0),
    )
    return Table("facts", text("issues.order_facts"), columns, told)


def _value(issue: Issue) -> str | None:
    facts = issue.facts
    if not facts.get("value"):
        return None
    limit = facts.get("limit")
    limit = limit.get("value") if isinstance(limit, dict) else limit
    unit = facts.get("unit", "")
    told = f"{issue.parameter} {facts['value']} {unit}".strip()
    return f"{told}（{text('issues.order_limit')} {limit} {unit}）" if limit else told


def _basis(issue: Issue) -> str | None:
    clock = issue.clock
    if not clock:
        return None
    key = "issues.own_default" if clock.get("confidence") == "PROPOSAL" else "issues.decided_term"
    return f"{clock.get('word', '')} {clock.get('basis', '')} {text(key)}".strip()


def _asked(issue: Issue) -> str:
    steps = Step.objects.filter(issue=issue, transition__in=("dispatch", "transfer", "decide"))
    last = steps.order_by("-number").first()
    return str(last.outputs.get("requirement", "—")) if last else "—"


def _steps(issue: Issue) -> Table:
    columns = (
        Column(text("issues.order_time"), width=1.5),
        Column(text("issues.order_step")),
        Column(text("issues.order_who")),
        Column(text("issues.order_content"), width=3.0),
    )
    rows = [
        (_moment(step.at), _named(step.transition), step.actor_name or step.actor, _told(step))
        for step in Step.objects.filter(issue=issue).order_by("number")
    ]
    return Table("steps", text("issues.order_steps"), columns, rows)


def _named(transition: str) -> str:
    known = table().transitions.get(transition)
    return known.title if known else text("issues.opened")


def _told(step: Step) -> str | None:
    outputs = [
        str(step.outputs[name]) for name in ("finding", "requirement", "measures") if name in step.outputs
    ]
    return "；".join([*outputs, *([step.reason] if step.reason else [])]) or None


def _evidence(pieces: list[Evidence]) -> Table:
    columns = (
        Column(text("issues.order_name"), width=2.0),
        Column(text("issues.order_kind")),
        Column(text("issues.order_time"), width=1.5),
        Column("SM3", width=3.0),
    )
    rows = [
        (one.name, word("evidence", one.kind), _moment(one.taken_at or one.received_at), one.sm3)
        for one in pieces
    ]
    return Table("evidence", text("issues.order_evidence"), columns, rows)


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if moment else None
