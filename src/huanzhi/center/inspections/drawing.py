"""Draws 随机抽取: commit to pools, rules and a secret seed; reveal with a public value; or give up, visibly.

Nobody can choose the outcome: the seed is bound before the public value exists, and who holds the seed
cannot know that value. A draw that was given up stays in the list, and each commitment names the one before.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi.center.inspections import frequency
from huanzhi.center.inspections.models import (
    Conflict,
    Draw,
    DrawSecret,
    Inspector,
    Plan,
    Subject,
    Task,
    words_of,
)
from huanzhi.center.inspections.planning import CLASSES, pool_of, quotas
from huanzhi.center.inspections.pools import refresh
from huanzhi.center.inspections.settings import settings
from huanzhi.center.inspections.tasks import assign
from huanzhi.center.inspections.writing import number
from huanzhi.errors import InputError
from huanzhi.library.records.acting import act, stored_of
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.rules import draws
from huanzhi.standards.periods import CHINA, stamp


def commit(
    actor: Actor, plan: Plan, quarter: int, source: str, due: datetime, now: datetime, *, fresh: bool = True
) -> Draw:
    """Commit to a draw and publish the commitment.

    Parameters
    ----------
    source, due
        Which public value decides, and when it comes to be: a moment from now on.
    fresh : bool
        Whether the pool is brought up to date before.

    Raises
    ------
    InputError
        If the actor may not, the plan draws nothing, a draw of the quarter is still open, the pools do not
        suffice, or the public value is not of a later moment.
    """
    require(actor, "command", thing_of(plan))
    if plan.sort not in settings()["drawn"]["sorts"] or plan.state != "running":
        raise InputError("inspections.no_draw", value=plan.number)
    if fresh:
        refresh(now, plan.region.path)
    with transaction.atomic():
        stored_of(plan)
        if Draw.objects.filter(plan=plan, quarter=quarter, state="committed").exists():
            raise InputError("inspections.draw_open", value=f"{plan.number} {quarter}")
        given = {**pools_of(plan, quarter, now), "beacon": {"source": source.strip(), "due": stamp(due)}}
        given |= {"number": number("SJ", now), "title": f"{plan.title} {plan.year}Q{quarter}"}
        terms, openings = draws.masked(draws.whole(given), lambda: secrets.token_hex(16))
        seed = secrets.token_hex(32)
        paper = draws.commit(terms, seed)
        draw = Draw(
            number=given["number"],
            plan=plan,
            title=given["title"],
            region=plan.region,
            quarter=quarter,
            beacon_source=source.strip(),
            beacon_due=due,
            commitment=paper["commitment"],
            made=now,
            made_by=actor.code,
            paper=paper,
            simulated=plan.simulated,
        )
        act(actor, draw, "commit")
        DrawSecret.objects.create(draw=draw, seed=seed, openings=openings)
    return draw


def reveal(actor: Actor, draw: Draw, beacon: str, now: datetime) -> Draw:
    """Reveal a draw with the public value, and make a task for every object drawn.

    Raises
    ------
    InputError
        If the actor may not, it is not open, or it is too early.
    """
    require(actor, "command", thing_of(draw.plan))
    with transaction.atomic():
        held = _open(draw)
        kept = held.kept
        held.paper = draws.reveal(held.paper, kept.seed, beacon, stamp(now))
        held.beacon = held.paper["reveal"]["beacon"][:200]
        held.state, held.revealed, held.revealed_by = "drawn", now, actor.code
        act(actor, held, "reveal")
        _tasks(actor, held, now)
    return held


def abandon(actor: Actor, draw: Draw, reason: str, now: datetime) -> Draw:
    """Give a draw up, with a reason that everybody sees; it stays in the list."""
    require(actor, "command", thing_of(draw.plan))
    if not reason.strip():
        raise InputError("inspections.no_reason")
    with transaction.atomic():
        held = _open(draw)
        held.state, held.reason, held.revealed, held.revealed_by = (
            "abandoned",
            reason.strip(),
            now,
            actor.code,
        )
        act(actor, held, "abandon", reason)
    return held


def _open(draw: Draw) -> Draw:
    held: Draw = stored_of(draw)
    if held.revision != draw.revision:
        raise InputError("records.stale", value=draw.number)
    if held.state != "committed":
        raise InputError("inspections.draw_over", value=draw.number)
    return held


def pools_of(plan: Plan, quarter: int, now: datetime) -> dict[str, Any]:
    """Return the pools of a draw with plain codes, in the form that `huanzhi draw make` takes."""
    day = now.astimezone(CHINA).date()
    made = frequency.visits(day.year)
    objects = [
        one for one in pool_of(plan) if made.get(one.enterprise_id, 0) < one.most_a_year and one.weight
    ]
    inspectors = list(_sendable(plan))
    wanted = {row["class"]: row for row in quotas(plan, day)}
    strata = [_stratum(name, sum(one.sort == name for one in objects), wanted[name]) for name in CLASSES]
    strata = [one for one in strata if one["take"]]
    if not strata or not inspectors:
        raise InputError("inspections.empty_pool", objects=len(objects), inspectors=len(inspectors))
    names = {one["id"] for one in strata}
    objects = [one for one in objects if one.sort in names]
    last = Draw.objects.order_by("-pk").first()
    return {
        "made": stamp(now),
        "previous": last.commitment if last else "",
        "simulated": plan.simulated,
        "basis": [
            {key: wanted[name][key] for key in ("class", "rulebook", "version")} for name in sorted(names)
        ],
        "rules": {
            "avoid_region": plan.avoid_region,
            "until": plan.ends.isoformat(),
            "seats": [{key: seat[key] for key in ("body", "count", "skilled")} for seat in plan.seats],
        },
        "strata": strata,
        "objects": [_object(one, plan) for one in objects],
        "inspectors": [_inspector(one) for one in inspectors],
        "conflicts": [
            {"inspector": who, "object": what, "sort": sort}
            for who, what, sort in conflicts(inspectors, objects)
        ],
    }


def _sendable(plan: Plan) -> Any:
    """Return the inspectors of the bodies that the seats name; of the plan's own where none is named."""
    bodies = {seat["body"] for seat in plan.seats if seat["body"]}
    rows = Inspector.objects.filter(active=True).select_related("organisation__region", "region")
    if any(not seat["body"] for seat in plan.seats):
        inside = rows.filter(organisation__region__path__startswith=plan.region.path)
        return (inside | rows.filter(organisation=plan.organisation)).distinct().order_by("code")
    return rows.filter(organisation__code__in=bodies).order_by("code")


def _stratum(name: str, number_: int, wanted: dict[str, Any]) -> dict[str, Any]:
    take = min(wanted["take"], number_)
    return {"id": name, "take": take, "reserve": min(wanted["reserve"], number_ - take)}


def _object(one: Subject, plan: Plan) -> dict[str, Any]:
    """Return an object for the draw; its region only where a rule needs it, since the paper is public."""
    return {
        "code": one.code,
        "name": one.enterprise.name,
        "stratum": one.sort,
        "weight": one.weight,
        "region": one.enterprise.region_id if plan.avoid_region else "",
        "needs": words_of(one.needs),
    }


def _inspector(one: Inspector) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "body": one.organisation.code,
        "region": one.region_id or "",
        "skills": words_of(one.skills),
        "until": one.certified_to.isoformat() if one.certified_to else "",
        "most": one.most,
    }


def conflicts(inspectors: Iterable[Inspector], objects: Iterable[Subject]) -> list[tuple[str, str, str]]:
    """Return who may not visit whom and why: what was declared, and who made the visit before."""
    codes = {one.pk: one.code for one in inspectors}
    wanted = {one.enterprise_id: one.code for one in objects}
    found = [
        (codes[one.inspector_id], wanted[one.enterprise_id], one.sort)
        for one in Conflict.objects.filter(inspector__in=codes, valid_to__isnull=True).order_by("code")
        if one.enterprise_id in wanted
    ]
    for enterprise, who in last_visitors(wanted).items():
        found += [(codes[one], wanted[enterprise], "last_visit") for one in who if one in codes]
    return sorted(set(found))


def last_visitors(enterprises: Iterable[int]) -> dict[int, list[int]]:
    """Return by enterprise who made its last visit."""
    last: dict[int, int] = {}
    rows = Task.objects.filter(visited__isnull=False, enterprise__in=list(enterprises)).order_by("visited")
    for task, enterprise in rows.values_list("pk", "enterprise"):
        last[enterprise] = task
    found: dict[int, list[int]] = {}
    through = Task.inspectors.through.objects.filter(task__in=last.values())
    of_task = {task: enterprise for enterprise, task in last.items()}
    for task, inspector in through.values_list("task_id", "inspector_id"):
        found.setdefault(of_task[task], []).append(inspector)
    return found


def _tasks(actor: Actor, draw: Draw, now: datetime) -> None:
    codes = {one["id"]: one["code"] for one in draw.kept.openings}
    subjects = {
        one.code: one
        for one in Subject.objects.filter(code__in=codes.values()).select_related("enterprise__region")
    }
    people = {
        one.code: one for one in Inspector.objects.filter(code__in=codes.values()).select_related("person")
    }
    ranks = {one.pk: rank for rank, one in enumerate(frequency.first(pool_of(draw.plan)), start=1)}
    for team in draw.paper["result"]["teams"]:
        subject = subjects[codes[team["object"]]]
        sent = [people[codes[one]] for one in team["inspectors"]]
        assign(actor, draw.plan, subject.enterprise, sent, now, draw=draw, ranks=ranks, subject=subject)


def openings(draw: Draw) -> list[dict[str, str]]:
    """Return the names that may be opened: of objects that were visited, and of who visited them."""
    visited = draw.tasks.filter(visited__isnull=False)
    shown = {("object", code) for code in visited.values_list("enterprise__code", flat=True)}
    shown |= {("inspector", code) for code in visited.values_list("inspectors__code", flat=True)}
    kept = draw.kept.openings if draw.state == "drawn" else []
    return [one for one in kept if (one["sort"], one["code"]) in shown]


def public_paper(draw: Draw) -> dict[str, Any]:
    """Return the document that anybody may have and verify."""
    return draws.opened(draw.paper, openings(draw)) if draw.state == "drawn" else draw.paper
