"""Planning 方案: units, persons, measures; evidence in its use; findings and checks on site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from huanzhi.center.issues import evidence as keeping
from huanzhi.center.rectification import driving
from huanzhi.center.rectification.models import Exhibit, Finding, Measure, SiteCheck, Task
from huanzhi.center.rectification.moving import held_of
from huanzhi.center.rectification.opening import organisation_of
from huanzhi.center.rectification.settings import checked
from huanzhi.center.rectification.writing import note, write
from huanzhi.errors import InputError
from huanzhi.library.records.stepping import Move
from huanzhi.library.rights import Actor, may, require, thing_of

PLANNED = ("assigned", "planning", "rectifying", "relapsed")
"""States in which the plan may still be changed."""

PLAIN = (
    "title",
    "target",
    "cooperating",
    "in_charge",
    "mechanism",
    "term_class",
    "lead_name",
    "supervisor_name",
)
NAMED = {"organisation": "organisation", "supervisor": "supervisor"}


def arrange(actor: Actor, task: Task, given: Mapping[str, Any], *, now: datetime | None = None) -> Task:
    """Change what the plan says of a task: target, units, person in charge, mechanism; never its term.

    Raises
    ------
    InputError
        ``rectification.not_planned`` once the work is reported done, or what rights and words refuse.
    """
    _may_plan(actor, task)
    with transaction.atomic():
        held = held_of(task)
        before = held.as_row()
        for name in PLAIN:
            if given.get(name) is not None:
                setattr(held, name, str(given[name]).strip())
        for name, field in NAMED.items():
            if given.get(name) is not None:
                _appoint(held, field, str(given[name]))
        told = {name: value for name, value in given.items() if value is not None}
        write(actor, held, Move("arrange", before, told, "", _now(now)))
        driving.follow(actor, held, "arrange", {"finding": "arrange"}, (), _now(now))
    return held


def _appoint(task: Task, field: str, code: str) -> None:
    body = organisation_of(code)
    setattr(task, field, body)
    name = "lead_name" if field == "organisation" else "supervisor_name"
    if body is not None:
        setattr(task, name, body.name)


def set_measures(actor: Actor, task: Task, rows: list[Mapping[str, Any]]) -> list[Measure]:
    """Lay down the measures of a task anew; what was done before stays done where the words are the same."""
    _may_plan(actor, task)
    with transaction.atomic():
        held = held_of(task)
        before = {one.words: one for one in Measure.objects.filter(task=held)}
        Measure.objects.filter(task=held).delete()
        made = [_measure(held, number, row, before) for number, row in enumerate(rows, 1)]
        note(actor, held, "measures", {"measures": [one.words for one in made]})
    return made


def _measure(task: Task, number: int, row: Mapping[str, Any], before: Mapping[str, Measure]) -> Measure:
    words = str(row.get("words", "")).strip()
    if not words:
        raise InputError("rectification.no_words", row=number)
    old = before.get(words)
    return Measure.objects.create(
        task=task,
        number=number,
        words=words[:2000],
        unit=str(row.get("unit") or "")[:200],
        due=row.get("due"),
        done_on=old.done_on if old else None,
        result=old.result if old else "",
    )


def finish_measure(actor: Actor, task: Task, number: int, done_on: date | None, result: str) -> Measure:
    """Say that a measure is done, or that it is not after all."""
    _may_plan(actor, task)
    found = Measure.objects.filter(task=task, number=number).first()
    if found is None:
        raise InputError("rectification.no_measure", value=number)
    with transaction.atomic():
        found.done_on, found.result = done_on, result.strip()[:2000]
        found.save()
        told = {
            "measure": number,
            "done_on": done_on.isoformat() if done_on else None,
            "result": found.result,
        }
        note(actor, held_of(task), "measure", told)
    return found


def attach(
    actor: Actor,
    task: Task,
    content: bytes,
    name: str,
    kind: str,
    use: str,
    taken_at: datetime | None = None,
    lon: float | None = None,
    lat: float | None = None,
) -> Exhibit:
    """Keep a piece of evidence with the issue of a task, and its use in the task.

    Raises
    ------
    InputError
        If the actor may neither work on the task nor check it, or what `issues.evidence.attach` refuses.
    """
    checked("use", use, "use")
    if not any(may(actor, one, thing_of(task)).allowed for one in ("change", "approve", "command")):
        require(actor, "change", thing_of(task))
    with transaction.atomic():
        issue = driving.issue_of(task)
        piece = keeping.attached(actor, issue, content, name, kind, taken_at, lon, lat)
        made, _ = Exhibit.objects.get_or_create(evidence=piece, defaults={"task": task, "use": use})
    return made


def find(
    actor: Actor, task: Task, item: str, passed: bool, words: str, exhibit: int, now: datetime
) -> Finding:
    """Note what was found for one of the five common items, with its evidence.

    Raises
    ------
    InputError
        ``rectification.not_checking``, ``rectification.no_words``, ``issues.no_evidence``.
    """
    checked("item", item, "item")
    _may_check(actor, task)
    found = Exhibit.objects.filter(task=task, pk=exhibit).first()
    if found is None:
        raise InputError("issues.no_evidence", value=exhibit)
    with transaction.atomic():
        made = Finding.objects.create(
            task=task,
            round=task.round,
            item=item,
            passed=passed,
            words=_told(words)[:2000],
            exhibit=found,
            actor=actor.code,
            actor_name=actor.name,
            at=now,
        )
        note(
            actor, task, "finding", {"item": item, "passed": passed, "words": made.words, "exhibit": exhibit}
        )
    return made


def check_on_site(
    actor: Actor,
    task: Task,
    people: str,
    words: str,
    at: datetime,
    lon: float | None = None,
    lat: float | None = None,
) -> SiteCheck:
    """Keep the record of a check on site."""
    _may_check(actor, task)
    with transaction.atomic():
        made = SiteCheck.objects.create(
            task=task,
            round=task.round,
            at=at,
            people=_told(people)[:500],
            words=_told(words)[:4000],
            lon=lon,
            lat=lat,
            actor=actor.code,
            actor_name=actor.name,
        )
        note(actor, task, "site_check", {"at": at.isoformat(), "people": made.people, "words": made.words})
    return made


def _may_plan(actor: Actor, task: Task) -> None:
    require(actor, "change", thing_of(task))
    if task.state not in PLANNED:
        raise InputError("rectification.not_planned", value=task.number)


def _may_check(actor: Actor, task: Task) -> None:
    require(actor, "approve", thing_of(task))
    if task.state not in ("self_check", "precheck", "acceptance"):
        raise InputError("rectification.not_checking", value=task.number)


def _told(words: str) -> str:
    if not words.strip():
        raise InputError("rectification.no_words")
    return words.strip()


def _now(now: datetime | None) -> datetime:
    return now or datetime.now(UTC)
