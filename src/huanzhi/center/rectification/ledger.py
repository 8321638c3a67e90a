"""The ledger 整改台账 in the layout of the three lists 三张清单: problems, tasks, responsibilities."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from huanzhi.center.rectification.models import Measure, Task
from huanzhi.center.rectification.settings import table, word
from huanzhi.library.documents import Column, Document, Table
from huanzhi.messages import language, text

WIDTHS = {"problem": 3.0, "title": 2.0, "target": 2.0, "measures": 3.0, "quote": 3.0}


def ledger(tasks: Sequence[Task], day: date) -> Document:
    """Return the three lists as tables of one document."""
    measures: dict[int, list[Measure]] = {}
    for one in Measure.objects.filter(task__in=[task.pk for task in tasks]).order_by("task", "number"):
        measures.setdefault(one.task_id, []).append(one)
    lists = (
        _list("problems", [_problem(one) for one in tasks]),
        _list("tasks", [_task(one, measures.get(one.pk, []), day) for one in tasks]),
        _list("duties", [_duty(one) for one in tasks]),
    )
    mark = text("issues.simulated") if tasks and all(one.simulated for one in tasks) else ""
    return Document(text("rectification.ledger_title"), lists, language(), mark)


def term_of(task: Task) -> str:
    """Return the term of a task in words; what the source has lost says so and is not filled in."""
    if task.term is not None:
        return task.term.isoformat()
    if task.term_state == "missing":
        return text("rectification.term_missing", words=task.term_words or "—")
    return text("rectification.term_standing") if task.standing else text("rectification.term_none")


HEADS = {
    "problems": ("serial", "number", "batch", "problem", "quote", "source", "region", "enterprise"),
    "tasks": (
        "serial",
        "number",
        "title",
        "target",
        "measures",
        "term_class",
        "term",
        "state",
        "done_on",
        "closed",
    ),
    "duties": ("serial", "number", "title", "lead", "cooperating", "in_charge", "supervisor", "level"),
}


def _list(name: str, rows: Sequence[Sequence[str | None]]) -> Table:
    columns = tuple(
        Column(text(f"rectification.head_{one}"), width=WIDTHS.get(one, 1.0)) for one in HEADS[name]
    )
    return Table(name, text(f"rectification.list_{name}"), columns, rows)


def _problem(one: Task) -> tuple[str | None, ...]:
    where = f"{one.source}:{one.offset}" if one.offset is not None else one.source
    owner = one.enterprise_name or None
    problem = one.problem or one.title
    return (one.serial, one.number, one.batch.name, problem, one.quote or None, where, one.region.name, owner)


def _task(one: Task, measures: Sequence[Measure], day: date) -> tuple[str | None, ...]:
    listed = "\n".join(f"{each.number}. {each.words}" for each in measures) or None
    class_ = word("term_class", one.term_class) if one.term_class else None
    state = table().states[one.state].name
    late = one.late_days(day)
    if late:
        state = f"{state}（{text('rectification.late', days=late)}）"
    done = one.done_on.isoformat() if one.done_on else None
    closed = one.closed.date().isoformat() if one.closed else None
    return (
        one.serial,
        one.number,
        one.title,
        one.target or None,
        listed,
        class_,
        term_of(one),
        state,
        done,
        closed,
    )


def _duty(one: Task) -> tuple[str | None, ...]:
    return (
        one.serial,
        one.number,
        one.title,
        one.lead_name or None,
        one.cooperating or None,
        one.in_charge or None,
        one.supervisor_name or None,
        word("level", one.level),
    )
