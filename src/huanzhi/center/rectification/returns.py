"""Monthly returns 月调度: asked of every open task, reminded of by the platform, listed when late."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from huanzhi.center.rectification import clocks
from huanzhi.center.rectification.models import Return, Task
from huanzhi.center.rectification.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.records.stepping import save_checked
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of
from huanzhi.library.trail.chain import append

RETURNED = ("assigned", "planning", "rectifying", "self_check", "precheck", "acceptance", "relapsed")
"""States of a task in which returns are asked for."""


def due_of(month: date) -> datetime:
    """Return when the returns of a month are due."""
    last = monthrange(month.year, month.month)[1]
    return clocks.end_of(month.replace(day=min(settings()["returns"]["day"], last)))


def ask(now: datetime) -> int:
    """Ask every open task for the return of this month; return how many are new."""
    month = clocks.today(now).replace(day=1)
    tasks = Task.objects.filter(state__in=RETURNED, opened__lte=now)
    known = set(Return.objects.filter(month=f"{month:%Y-%m}").values_list("task_id", flat=True))
    made = [one for one in tasks if one.pk not in known]
    for task in made:
        row = Return(
            code=f"{task.number}/{month:%Y-%m}",
            task=task,
            month=f"{month:%Y-%m}",
            due=due_of(month),
            simulated=task.simulated,
        )
        _write(SYSTEM, row, "create", None)
    return len(made)


def remind(now: datetime) -> int:
    """Remind once of every return that is late; return of how many."""
    late = list(Return.objects.filter(state__in=("due", "sent_back"), due__lt=now, reminded=None))
    for row in late:
        before = row.as_row()
        row.reminded = now
        _write(SYSTEM, row, "remind", before)
    return len(late)


def submit(
    actor: Actor, row: Return, items: Mapping[str, str], progress: int | None, *, now: datetime
) -> Return:
    """Hand a return in; all six items are needed.

    Raises
    ------
    InputError
        ``rectification.return_closed``, ``rectification.need_return_items``, ``rectification.progress``.
    """
    require(actor, "change", thing_of(row))
    if row.state == "submitted":
        raise InputError("rectification.return_closed", value=row.code)
    wanted = settings()["returns"]["item"]
    given = {name: str(items.get(name, "")).strip() for name in wanted}
    lacking = [name for name, words in given.items() if not words]
    if lacking:
        raise InputError("rectification.need_return_items", column=lacking[0], expected=", ".join(lacking))
    if progress is not None and not 0 <= progress <= 100:
        raise InputError("rectification.progress", column="progress", value=progress, expected="0–100")
    before = row.as_row()
    row.items, row.progress, row.state = given, progress, "submitted"
    row.submitted, row.submitted_by = now, actor.name or actor.code
    _write(actor, row, "submit", before)
    return row


def send_back(actor: Actor, row: Return, comment: str) -> Return:
    """Send a return back to be handed in anew."""
    require(actor, "command", thing_of(row))
    if row.state != "submitted":
        raise InputError("rectification.return_closed", value=row.code)
    if not comment.strip():
        raise InputError("rectification.no_words")
    before = row.as_row()
    row.state, row.comment = "sent_back", comment.strip()[:2000]
    _write(actor, row, "send_back", before)
    return row


def late_of(task: Task, now: datetime) -> int:
    """Return how many returns of a task are late, or were handed in late."""
    rows = Return.objects.filter(task=task, due__lt=now)
    return sum(one.submitted is None or one.submitted > one.due for one in rows)


def _write(actor: Actor, row: Return, action: str, before: Any) -> None:
    with transaction.atomic():
        save_checked(row)
        append(actor, action, Return.KIND, row.code, before=before, after=row.as_row())
