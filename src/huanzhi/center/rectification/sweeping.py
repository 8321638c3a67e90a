"""Sweeps 举一反三: a confirmed problem starts a look at like enterprises; what is found becomes tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from huanzhi.center.rectification import clocks
from huanzhi.center.rectification.models import Sweep, SweepObject, Task
from huanzhi.center.rectification.opening import Draft, open_task
from huanzhi.center.rectification.settings import settings
from huanzhi.center.rectification.writing import next_number, note
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.trail.chain import append

LIKE = ("industry", "industry_code", "management", "park")
"""Fields of enterprises by which they are alike, as far as a scope names them."""

MOST = 2000
"""Enterprises of one sweep at most. DEFAULT, NOT FROM THE DOCUMENTS."""

RESULTS = ("clean", "found")


def checks_for(category: str) -> list[str]:
    """Return the check list for a category of problem."""
    known = settings()["sweep"]["check"]
    return [*known["any"], *known.get(category, [])]


def alike(task: Task, scope: Mapping[str, Any]) -> Any:
    """Return the enterprises that a scope names, but for that of the task and what is restricted."""
    region = Region.objects.filter(pk=scope.get("region") or task.region_id).first()
    if region is None:
        raise InputError("issues.no_region", value=scope.get("region"))
    rows = Enterprise.objects.filter(region__path__startswith=region.path).exclude(
        code=task.enterprise or "-"
    )
    rows = rows.exclude(sensitivity="restricted")
    for name in LIKE:
        if scope.get(name):
            rows = rows.filter(**{name: scope[name]})
    return rows.order_by("code")


def begin(
    actor: Actor,
    task: Task,
    title: str,
    scope: Mapping[str, Any],
    checks: Sequence[str] = (),
    due: date | None = None,
    *,
    now: datetime,
) -> Sweep:
    """Begin a sweep.

    Raises
    ------
    InputError
        ``rectification.no_alike``, ``rectification.too_many``, or what rights refuse.
    """
    require(actor, "command", thing_of(task))
    told = {name: str(scope[name]) for name in ("region", *LIKE) if scope.get(name)}
    found = list(alike(task, told)[: MOST + 1])
    if not found or len(found) > MOST:
        raise InputError(
            "rectification.no_alike" if not found else "rectification.too_many", expected=f"1–{MOST}"
        )
    with transaction.atomic():
        year = f"{clocks.today(now):%Y}"
        sweep = Sweep(
            code=next_number(f"J{year}", f"JY-{year}"),
            task=task,
            title=title.strip()[:200] or task.title,
            category=task.category,
            region=Region.objects.get(pk=told.get("region", task.region_id)),
            organisation=task.organisation,
            scope=told,
            checks=[one.strip() for one in checks if one.strip()] or checks_for(task.category),
            begun=now,
            due=due or clocks.today(now) + timedelta(days=settings()["sweep"]["days"]),
            simulated=task.simulated,
        )
        save(actor, sweep, task.number)
        rows = [SweepObject(sweep=sweep, enterprise=e.code, name=e.name, region=e.region_id) for e in found]
        SweepObject.objects.bulk_create(rows)
        note(actor, task, "sweep", {"sweep": sweep.code, "objects": len(rows), "scope": told})
    return sweep


def settle(
    actor: Actor,
    sweep: Sweep,
    enterprise: str,
    result: str,
    words: str,
    answers: Sequence[bool],
    *,
    now: datetime,
) -> SweepObject:
    """Note what was found at an enterprise; what was found there becomes a task of its own, with its issue.

    Raises
    ------
    InputError
        ``rectification.sweep_closed``, ``rectification.no_object``, ``rectification.settled``,
        ``rectification.no_words``.
    """
    require(actor, "change", thing_of(sweep))
    if sweep.state != "open":
        raise InputError("rectification.sweep_closed", value=sweep.code)
    if result not in RESULTS:
        raise InputError("issues.choice", column="result", value=result, expected=", ".join(RESULTS))
    with transaction.atomic():
        rows = SweepObject.objects.select_for_update().filter(sweep=sweep, enterprise=enterprise)
        row = rows.first()
        if row is None or row.result != "waiting":
            raise InputError(
                "rectification.no_object" if row is None else "rectification.settled", value=enterprise
            )
        if result == "found" and not words.strip():
            raise InputError("rectification.no_words", column="words")
        row.result, row.words, row.answers = result, words.strip()[:2000], [bool(one) for one in answers]
        row.actor, row.actor_name, row.at = actor.code, actor.name, now
        if result == "found":
            made = _task(actor, sweep, row, now)
            row.task, row.issue = made.number, made.issue
        row.save()
        told = {"enterprise": enterprise, "result": result, "words": row.words, "task": row.task}
        append(actor, "settle", Sweep.KIND, sweep.code, after=told)
    return row


def close(actor: Actor, sweep: Sweep, conclusion: str) -> Sweep:
    """Close a sweep whose objects were all looked at."""
    waiting = SweepObject.objects.filter(sweep=sweep, result="waiting").count()
    if waiting:
        raise InputError("rectification.sweep_waiting", value=sweep.code, number=waiting)
    if not conclusion.strip():
        raise InputError("rectification.no_words")
    sweep.state, sweep.conclusion = "closed", conclusion.strip()[:2000]
    save(actor, sweep, conclusion)
    return sweep


def _task(actor: Actor, sweep: Sweep, row: SweepObject, now: datetime) -> Task:
    """Open the task of what a sweep found; who found it need not have the right to hand tasks over."""
    parent = Task.objects.select_related("batch", "region", "organisation").get(pk=sweep.task_id)
    draft = Draft(
        f"{row.name}：{sweep.title}",
        row.words,
        nature="sweep",
        category=sweep.category,
        region=row.region,
        enterprise=row.enterprise,
        lead=parent.organisation.code if parent.organisation else "",
        supervisor=parent.supervisor.code if parent.supervisor else "",
        source=sweep.code,
        level="municipal",
        simulated=sweep.simulated,
    )
    return open_task(actor, parent.batch, draft, row.words, parent=parent, now=now, permitted=True)
