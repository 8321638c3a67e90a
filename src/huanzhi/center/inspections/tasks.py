"""Tasks 检查任务: assigned, visited, filed, confirmed, published; findings become issues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi.center.inspections import frequency
from huanzhi.center.inspections.findings import open_findings
from huanzhi.center.inspections.models import Draw, Inspector, Plan, Subject, Task
from huanzhi.center.inspections.settings import checklist, settings
from huanzhi.center.inspections.writing import number, term
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.sampling import sample
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Person
from huanzhi.library.records.acting import act, stored_of
from huanzhi.library.rights import Actor, may, require, thing_of
from huanzhi.standards.periods import CHINA

HITS = ("found", "relapsed", "refused")
LONGEST = 2000


def assign(
    actor: Actor,
    plan: Plan,
    enterprise: Enterprise | None,
    inspectors: Sequence[Inspector],
    now: datetime,
    *,
    draw: Draw | None = None,
    issue: Issue | None = None,
    ranks: Mapping[int, int] | None = None,
    subject: Subject | None = None,
) -> Task:
    """Make a task; the right was asked of the plan."""
    near: Any = enterprise or issue
    named = enterprise.name if enterprise else f"{issue.number} {issue.title}" if issue else ""
    due, note = term("visit", now)
    known = checklist(plan.checklist)
    task = Task(
        number=number("JC", now, daily=True),
        plan=plan,
        draw=draw,
        sort=plan.sort,
        title=plan.title,
        enterprise=enterprise,
        subject=named[:200],
        looks_at=issue.number if issue else "",
        region=near.region,
        organisation=plan.organisation,
        checklist=plan.checklist,
        checklist_version=known["version"],
        sensitivity="restricted" if plan.secret else "internal",
        made=now,
        due=due,
        due_note=note,
        risk_score=subject.score if subject else None,
        risk_rank=(ranks or {}).get(subject.pk) if subject else None,
        listed=frequency.list_length(len(ranks or {})),
        simulated=plan.simulated or bool(near.simulated),
    )
    step(task, actor, "assign", now, "")
    act(actor, task, "create")
    _send(task, plan, inspectors)
    return task


def _send(task: Task, plan: Plan, inspectors: Sequence[Inspector]) -> None:
    task.inspectors.set(inspectors)
    people = {one.person_id for one in inspectors if one.person_id}
    people |= set(Person.objects.filter(code=plan.made_by).values_list("pk", flat=True))
    task.handlers.set(people)


def add(
    actor: Actor, plan: Plan, enterprises: Iterable[str], inspectors: Iterable[str], now: datetime
) -> list[Task]:
    """Make tasks of a plan for chosen enterprises, with a chosen team.

    Raises
    ------
    InputError
        If the actor may not, something is not known, the team is too small, or a conflict keeps somebody.
    """
    require(actor, "command", thing_of(plan))
    with transaction.atomic():
        _held(plan)
        team = team_of(inspectors)
        ranks = _ranks(plan)
        made = []
        for code in enterprises:
            enterprise = Enterprise.objects.select_related("region").filter(code=code).first()
            if enterprise is None or not enterprise.region.path.startswith(plan.region.path):
                raise InputError("issues.no_enterprise", value=code)
            check_team(team, enterprise, plan)
            subject = Subject.objects.filter(enterprise=enterprise).first()
            made.append(assign(actor, plan, enterprise, team, now, ranks=ranks, subject=subject))
    return made


def look_back(
    actor: Actor,
    plan: Plan,
    first: datetime,
    last: datetime,
    seed: str,
    inspectors: Iterable[str],
    now: datetime,
) -> list[Task]:
    """Make tasks for a sample of the issues written off in a period; the same seed gives the same sample."""
    require(actor, "command", thing_of(plan))
    with transaction.atomic():
        _held(plan)
        team = team_of(inspectors)
        rows = Issue.objects.filter(
            state="written_off", closed__gte=first, closed__lt=last, region__path__startswith=plan.region.path
        ).select_related("region")
        known = {one.number: one for one in rows}
        made = []
        for drawn in sample(known, seed):
            issue = known[drawn]
            enterprise = (
                Enterprise.objects.filter(code=issue.enterprise).first() if issue.enterprise else None
            )
            if enterprise is not None:
                check_team(team, enterprise, plan)
            made.append(assign(actor, plan, enterprise, team, now, issue=issue))
    return made


def _held(plan: Plan) -> None:
    if stored_of(plan).state != "running":
        raise InputError("inspections.plan_closed", value=plan.number)


def _ranks(plan: Plan) -> dict[int, int]:
    from huanzhi.center.inspections.planning import pool_of

    return {one.pk: rank for rank, one in enumerate(frequency.first(pool_of(plan)), start=1)}


def team_of(codes: Iterable[str]) -> list[Inspector]:
    """Return the inspectors of a team, at least as many as the table asks for."""
    wanted = list(dict.fromkeys(codes))
    found = {one.code: one for one in Inspector.objects.filter(code__in=wanted, active=True)}
    for code in wanted:
        if code not in found:
            raise InputError("inspections.no_inspector", value=code)
    if len(wanted) < settings()["team"]["least"]:
        raise InputError("inspections.few", column="inspectors", least=settings()["team"]["least"])
    return [found[code] for code in wanted]


def check_team(team: Sequence[Inspector], enterprise: Enterprise, plan: Plan) -> None:
    """Refuse who has a conflict with an enterprise, or whose certificate ends before the plan does."""
    from huanzhi.center.inspections.drawing import conflicts

    subject = Subject(code=enterprise.code, enterprise=enterprise)
    declared = {who: sort for who, _, sort in conflicts(team, [subject])}
    for one in team:
        if one.code in declared:
            raise InputError("inspections.conflict", value=one.name, expected=declared[one.code])
        if plan.avoid_region and one.region_id and one.region_id == enterprise.region_id:
            raise InputError("inspections.conflict", value=one.name, expected="region")
        if one.certified_to and one.certified_to < plan.ends:
            raise InputError("inspections.certificate", value=one.name)


def substitute(actor: Actor, task: Task, inspectors: Iterable[str], reason: str, now: datetime) -> Task:
    """Send another team before the visit, with a reason; the draw is not changed by it and stays public."""
    if not reason.strip():
        raise InputError("inspections.no_reason")
    with transaction.atomic():
        held = _current(task)
        if held.state != "assigned":
            raise InputError("inspections.not_now", value=held.number)
        require(actor, "command", thing_of(held))
        team = team_of(inspectors)
        if held.enterprise is not None:
            check_team(team, held.enterprise, held.plan)
        before = sorted(held.inspectors.values_list("code", flat=True))
        step(held, actor, "substitute", now, reason, {"before": before, "after": [one.code for one in team]})
        act(actor, held, "substitute", reason)
        _send(held, held.plan, team)
    return held


def answer(actor: Actor, task: Task, given: Mapping[str, Mapping[str, Any]], now: datetime) -> Task:
    """Keep answers of the check list, item by item; what is not named stays as it is."""
    with transaction.atomic():
        held = _current(task)
        _mine(actor, held)
        if held.state != "visiting":
            raise InputError("inspections.not_now", value=held.number)
        held.answers = {**held.answers, **_read(held, given)}
        act(actor, held, "answer")
    return held


def _read(task: Task, given: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    known = {item["code"] for item in checklist(task.checklist)["item"]}
    made = {}
    for code, row in given.items():
        if code not in known:
            raise InputError("inspections.no_item", value=code)
        result = str(row.get("result", "unknown"))
        if result not in settings()["answer"]:
            raise InputError("inspections.choice", column=code, value=result)
        level = str(row.get("level") or "general")
        if level not in ("general", "serious", "major"):
            raise InputError("inspections.choice", column=code, value=level)
        kept = {name: task.answers[code][name] for name in ("issue",) if name in task.answers.get(code, {})}
        words = str(row.get("words", "")).strip()[:LONGEST]
        made[code] = {"result": result, "words": words, "level": level, **kept}
    return made


def move(actor: Actor, task: Task, name: str, given: Mapping[str, Any], now: datetime) -> Task:
    """Take a step of the table ``[move]``.

    Raises
    ------
    InputError
        If the actor may not, it is not the time for it, or something is missing.
    """
    row = settings()["move"].get(name)
    if row is None:
        raise InputError("inspections.choice", column="move", value=name)
    with transaction.atomic():
        held = _current(task)
        if held.state not in row["from"]:
            raise InputError("inspections.not_now", value=held.number)
        if row["right"] == "change":
            _mine(actor, held)
        require(actor, row["right"], thing_of(held))
        if row.get("other") and _took_part(actor, held):
            raise InputError("inspections.same_person")
        reason = str(given.get("reason", "")).strip()
        _SPECIAL[name](actor, held, given, now)
        held.state = row["to"]
        step(held, actor, name, now, reason)
        act(actor, held, name, reason)
    return held


def _current(task: Task) -> Task:
    held: Task = stored_of(task)
    if held.revision != task.revision:
        raise InputError("records.stale", value=task.number)
    return held


def _mine(actor: Actor, task: Task) -> None:
    """Refuse who is not of the team; who commands may stand in where the team signs in nowhere."""
    thing = thing_of(task)
    require(actor, "change", thing)
    people = set(task.inspectors.filter(person__isnull=False).values_list("person__code", flat=True))
    if people and actor.code not in people and not may(actor, "command", thing).allowed:
        raise InputError("inspections.not_yours", value=task.number)


def _took_part(actor: Actor, task: Task) -> bool:
    sent = task.inspectors.filter(person__code=actor.code).exists()
    return sent or any(one["move"] == "file" and one["actor"] == actor.code for one in task.steps)


def _begin(actor: Actor, task: Task, given: Mapping[str, Any], now: datetime) -> None:
    if task.inspectors.count() < settings()["team"]["least"]:
        raise InputError("inspections.few", column="inspectors", least=settings()["team"]["least"])
    task.visited = task.visited or now
    task.sensitivity = "internal"
    task.lon, task.lat = given.get("lon"), given.get("lat")


def _file(actor: Actor, task: Task, given: Mapping[str, Any], now: datetime) -> None:
    result = str(given.get("result") or "")
    conclusion = str(given.get("conclusion") or "").strip()
    if not conclusion:
        raise InputError("inspections.no_conclusion")
    items = checklist(task.checklist)["item"]
    away = result in ("closed", "refused")
    for item in () if away else items:
        row = task.answers.get(item["code"], {})
        if item["must"] and row.get("result", "unknown") == "unknown":
            raise InputError("inspections.unanswered", value=item["zh"])
        if row.get("result") == "not_met" and not row.get("words"):
            raise InputError("inspections.no_words", value=item["zh"])
    task.conclusion = conclusion[:4000]
    task.signed_by = str(given.get("signed_by") or "")[:100]
    task.filed = now
    asked = () if result == "closed" else items
    found = [item for item in asked if task.answers.get(item["code"], {}).get("result") == "not_met"]
    relapsed = any(item.get("relapse") for item in found)
    task.findings = len(found)
    task.result = result if away else "relapsed" if relapsed else "found" if found else "clean"
    open_findings(actor, task, found, now)


def _confirm(actor: Actor, task: Task, given: Mapping[str, Any], now: datetime) -> None:
    task.confirmed = now
    task.publish_due, task.publish_note = term("publish", now)


def _publish(actor: Actor, task: Task, given: Mapping[str, Any], now: datetime) -> None:
    words = str(given.get("words") or "").strip() or str(settings()["result"][task.result]["zh"])
    task.public_words, task.published = words[:500], now


def _back(actor: Actor, task: Task, given: Mapping[str, Any], now: datetime) -> None:
    if not str(given.get("reason", "")).strip():
        raise InputError("inspections.no_reason")


_SPECIAL = {
    "begin": _begin,
    "file": _file,
    "return": _back,
    "confirm": _confirm,
    "publish": _publish,
    "cancel": _back,
}


def allowed(actor: Actor, task: Task) -> list[str]:
    """Return the steps that somebody may take now."""
    thing = thing_of(task)
    found = []
    for name, row in settings()["move"].items():
        if task.state not in row["from"] or not may(actor, row["right"], thing).allowed:
            continue
        if row.get("other") and _took_part(actor, task):
            continue
        if row["right"] == "change" and not _is_mine(actor, task):
            continue
        found.append(name)
    return found


def _is_mine(actor: Actor, task: Task) -> bool:
    try:
        _mine(actor, task)
    except InputError:
        return False
    return True


def step(
    task: Task, actor: Actor, move_: str, now: datetime, words: str, more: Mapping[str, Any] | None = None
) -> None:
    """Note a step in the task's own timeline; the trail holds the same and more."""
    at = now.astimezone(CHINA).isoformat(timespec="seconds")
    row = {"at": at, "actor": actor.code, "name": actor.name, "move": move_, "words": words, **(more or {})}
    task.steps = [*task.steps, row]
