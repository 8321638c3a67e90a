"""The special report 整治工作专项报告 (一报): an official document, kept by its digest."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from huanzhi.center.rectification import checking
from huanzhi.center.rectification.ledger import term_of
from huanzhi.center.rectification.models import Exhibit, Letter, Measure, Paper, Return, Step, Task
from huanzhi.center.rectification.settings import settings, table, word
from huanzhi.center.rectification.writing import note
from huanzhi.library.documents import Column, Document, Heading, Paragraph, Table, write_docx
from huanzhi.library.kept import keep
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.messages import language, text, using
from huanzhi.standards.periods import stamp


def make(actor: Actor, task: Task, *, now: datetime) -> Paper:
    """Write the report of a task as it stands, and keep it.

    Raises
    ------
    InputError
        If the actor may not export the task.
    """
    require(actor, "export", thing_of(task))
    with using("zh"):
        described = describe(task, now)
        content = _docx(described)
    digest = hashlib.sha256(content).hexdigest()
    keep(content, digest)
    with transaction.atomic():
        made = Paper.objects.create(
            task=task,
            at=now,
            name=f"{task.number}-{now:%Y%m%d%H%M%S}.docx",
            sha256=digest,
            sm3=hashlib.new("sm3", content).hexdigest(),
            size=len(content),
            task_revision=task.revision,
            actor=actor.code,
            actor_name=actor.name,
        )
        note(actor, task, "report", {"name": made.name, "sha256": digest, "sm3": made.sm3})
    return made


def describe(task: Task, now: datetime) -> Document:
    """Return the report: problem and source, plan, progress, acceptance, and what watches it."""
    blocks: list[Any] = [_head("problem"), _facts(task), Paragraph(task.problem or task.title)]
    if task.quote:
        where = text(
            "rectification.quoted", source=task.source, offset=task.offset if task.offset is not None else "—"
        )
        blocks += [Paragraph(f"“{task.quote}”（{where}）")]
    if task.missing:
        blocks += [Paragraph(text("rectification.report_missing", words=term_of(task)))]
    blocks += [_head("plan"), Paragraph(task.target or "—"), _measures(task)]
    blocks += [_head("progress"), _returns(task), _letters(task)]
    blocks += [_head("acceptance"), _items(task), _steps(task), _exhibits(task)]
    blocks += [_head("mechanism"), Paragraph(task.mechanism or text("rectification.no_mechanism"))]
    blocks += [
        Paragraph(text("rectification.code_line", enterprise=task.enterprise_name or "—", issue=task.issue))
    ]
    mark = text("issues.simulated") if task.simulated else ""
    day = now.astimezone(checking.clocks.CHINA).date()
    return Document(
        text("rectification.report_title", title=task.title), tuple(blocks), language(), mark, date=_day(day)
    )


def _head(name: str) -> Heading:
    return Heading(1, text(f"rectification.report_{name}"))


def _facts(task: Task) -> Table:
    rows = [
        ("number", task.number),
        ("batch", task.batch.name),
        ("region", task.region.name),
        ("lead", task.lead_name or None),
        ("cooperating", task.cooperating or None),
        ("in_charge", task.in_charge or None),
        ("supervisor", task.supervisor_name or None),
        ("term", term_of(task)),
        ("level", word("level", task.level)),
        ("state", table().states[task.state].name),
    ]
    told = [(text(f"rectification.head_{name}"), value) for name, value in rows]
    columns = (Column(text("issues.order_item")), Column(text("issues.order_content"), width=3.0))
    return Table("facts", text("rectification.report_problem"), columns, told)


def _measures(task: Task) -> Table:
    rows = [
        (str(one.number), one.words, one.unit or None, _iso(one.due), _iso(one.done_on), one.result or None)
        for one in Measure.objects.filter(task=task)
    ]
    return _table("measures", ("serial", "measures", "lead", "term", "done_on", "result"), rows)


def _returns(task: Task) -> Table:
    words = settings()["returns"]["item"]
    rows = [
        (
            one.month,
            "；".join(f"{words[name]['zh']}：{told}" for name, told in one.items.items()) or None,
            f"{one.progress}%" if one.progress is not None else None,
            stamp(one.submitted),
        )
        for one in Return.objects.filter(task=task).order_by("month")
    ]
    return _table("returns", ("month", "content", "progress", "at"), rows)


def _letters(task: Task) -> Table:
    rows = [
        (
            word("letter", one.kind),
            stamp(one.issued),
            one.actor_name or text("rectification.platform"),
            one.words,
        )
        for one in Letter.objects.filter(task=task, state="issued")
    ]
    return _table("letters", ("letter", "at", "who", "content"), rows)


def _items(task: Task) -> Table:
    passed = checking.items(task)
    rows = []
    for name in settings()["item"]:
        one = passed.get(name)
        piece = one.exhibit.evidence.name if one else None
        rows.append((word("item", name), one.words if one else None, piece, one.actor_name if one else None))
    return _table("items", ("item", "content", "evidence", "who"), rows)


def _steps(task: Task) -> Table:
    rows = []
    for step in Step.objects.filter(task=task).order_by("number"):
        known = table().transitions.get(step.transition)
        title = known.title if known else text(f"rectification.step_{step.transition}")
        told = (
            step.outputs.get("finding") or step.outputs.get("conclusion") or step.outputs.get("requirement")
        )
        rows.append((stamp(step.at), title, step.actor_name or step.actor, str(told) if told else None))
    return _table("steps", ("at", "step", "who", "content"), rows)


def _exhibits(task: Task) -> Table:
    rows = [
        (word("use", one.use), one.evidence.name, stamp(one.evidence.taken_at), one.evidence.sm3)
        for one in Exhibit.objects.filter(task=task).select_related("evidence")
    ]
    return _table("exhibits", ("use", "evidence", "at", "sm3"), rows)


def _table(key: str, heads: tuple[str, ...], rows: list[Any]) -> Table:
    columns = tuple(
        Column(text(f"rectification.head_{one}"), width=2.5 if one == "content" else 1.0) for one in heads
    )
    return Table(key, text(f"rectification.table_{key}"), columns, rows)


def _docx(document: Document) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "report.docx"
        write_docx(document, target)
        return target.read_bytes()


def _day(day: date) -> str:
    return text("report.date", year=day.year, month=day.month, day=day.day, month_name=f"{day:%B}")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
