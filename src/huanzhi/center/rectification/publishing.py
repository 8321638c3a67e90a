"""Publishing 公示: what was accepted is shown to everybody for a term that objections stop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huanzhi.center.issues import clocks as issue_clocks
from huanzhi.center.rectification import clocks
from huanzhi.center.rectification.checking import publication_of
from huanzhi.center.rectification.models import Objection, Publication, Task
from huanzhi.center.rectification.settings import table
from huanzhi.errors import InputError
from huanzhi.library.rights import Actor
from huanzhi.messages import language

OPEN_STATES = ("publication", "filing", "written_off", "looked_back")
"""States in which the approved words of a task are open to everybody."""


def publish(actor: Actor, task: Task, given: Mapping[str, Any], now: datetime) -> None:
    """Begin the publication: what is shown is fixed now, and its term begins."""
    clocks.run(task, clocks.publication_clock(), now)
    Publication.objects.create(
        task=task,
        round=task.round,
        begun=now,
        ends=task.due,
        clock=task.clock,
        channel=str(given["channel"]),
        shown=_shown(task, str(given["public_words"])),
        actor=actor.code,
        actor_name=actor.name,
    )


def stop(actor: Actor, task: Task, given: Mapping[str, Any], now: datetime) -> None:
    """Take in an objection: the term stands still."""
    running = _running(task)
    issue_clocks.stop(task, now)  # type: ignore[arg-type]
    running.state, running.ends = "stopped", None
    running.save()
    Objection.objects.create(publication=running, at=now, words=str(given["objection"]))


def answer(actor: Actor, task: Task, given: Mapping[str, Any], now: datetime) -> None:
    """Answer the objection: the term runs on with what was left of it."""
    running = _running(task)
    open_ones = Objection.objects.filter(publication=running, outcome="")
    open_ones.update(outcome=given["objection_outcome"], answer=str(given["finding"]), answered=now)
    issue_clocks.resume(task, now)  # type: ignore[arg-type]
    running.state, running.ends, running.clock = "running", task.due, dict(task.clock)
    running.save()


def open_rows() -> list[dict[str, Any]]:
    """Return what was approved to be public, the newest first; nothing else of a task is in it."""
    rows = Publication.objects.exclude(state="withdrawn").select_related("task").order_by("-begun")
    return [_row(one) for one in rows if one.task.state in OPEN_STATES and one.round == one.task.round]


def _row(one: Publication) -> dict[str, Any]:
    closed = one.task.closed if one.task.state in ("written_off", "looked_back") else None
    return {
        **one.shown,
        "channel": _channel(one.channel),
        "published": one.begun.astimezone(clocks.CHINA).isoformat(timespec="seconds"),
        "ends": one.ends.astimezone(clocks.CHINA).isoformat(timespec="seconds") if one.ends else None,
        "stopped": one.state == "stopped",
        "written_off": closed.astimezone(clocks.CHINA).date().isoformat() if closed else None,
        "simulated": one.task.simulated,
    }


def _channel(name: str) -> str:
    return str(table().choices["channel"][name][language()])


def _shown(task: Task, words: str) -> dict[str, Any]:
    return {
        "number": task.number,
        "batch": task.batch.name,
        "title": task.title,
        "region": task.region.name,
        "lead": task.lead_name or (task.organisation.name if task.organisation else ""),
        "target": task.target,
        "term": task.term.isoformat() if task.term else None,
        "done_on": task.done_on.isoformat() if task.done_on else None,
        "words": words,
    }


def _running(task: Task) -> Publication:
    found = publication_of(task)
    if found is None:
        raise InputError("rectification.published", value=task.number)
    return found
