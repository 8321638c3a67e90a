"""Plans 检查计划: of a year with what each quarter asks, special and unannounced ones, look-back."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

from django.db import transaction

from huanzhi import rules
from huanzhi.center.inspections.models import Draw, Inspector, Plan, Subject, Task
from huanzhi.center.inspections.settings import checklist, settings
from huanzhi.center.inspections.writing import number
from huanzhi.errors import InputError
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.acting import act
from huanzhi.library.rights import Actor
from huanzhi.library.rulebooks import holding

PPM = 1_000_000
CLASSES = ("key", "special", "general")


def make_plan(actor: Actor, given: dict[str, Any], now: datetime) -> Plan:
    """Make a plan.

    Raises
    ------
    InputError
        If the actor may not, or a word, region, body or check list is not known.
    """
    checklist(given["checklist"])
    region = Region.objects.filter(pk=given["region"]).first()
    if region is None:
        raise InputError("issues.no_region", value=given["region"])
    body = Organisation.objects.filter(code=given["organisation"] or actor.organisation).first()
    if body is None:
        raise InputError("issues.no_organisation", value=given["organisation"] or None)
    seats = given.get("seats") or settings()["team"]["seats"]
    check_seats(seats)
    with transaction.atomic():
        plan = Plan(
            number=number("JH", now),
            sort=given["sort"],
            title=given["title"].strip(),
            words=given.get("words", ""),
            year=given["begins"].year,
            begins=given["begins"],
            ends=given["ends"],
            region=region,
            organisation=body,
            checklist=given["checklist"],
            seats=[{"body": "", "skilled": False, **seat} for seat in seats],
            avoid_region=given.get("avoid_region", False),
            secret=given.get("secret", True),
            made_by=actor.code,
            made=now,
            simulated=given.get("simulated", False) or region.simulated,
        )
        act(actor, plan, "create", right="command")
    return plan


def check_seats(seats: list[dict[str, Any]]) -> None:
    """Refuse a team of fewer than the table asks for, and bodies that are not known."""
    least = settings()["team"]["least"]
    if sum(int(seat.get("count", 0)) for seat in seats) < least or any(s.get("count", 0) < 1 for s in seats):
        raise InputError("inspections.few", column="seats", least=least)
    for seat in seats:
        body = seat.get("body", "")
        if body and not Organisation.objects.filter(code=body).exists():
            raise InputError("issues.no_organisation", column="seats", value=body)


def close_plan(actor: Actor, plan: Plan, reason: str) -> Plan:
    """Close a plan; its tasks go on."""
    plan.state = "closed"
    act(actor, plan, "close", reason, right="command")
    return plan


def pool_of(plan: Plan) -> Any:
    """Return the objects in the area of a plan."""
    return (
        Subject.objects.filter(enterprise__region__path__startswith=plan.region.path)
        .exclude(enterprise__status="closed")
        .select_related("enterprise__region")
        .order_by("code")
    )


def quotas(plan: Plan, day: date) -> list[dict[str, Any]]:
    """Return for each class how many objects there are and how many a quarter asks for, and on what basis.

    The number of a quarter is the sum of the shares of the objects, rounded up; the national floor is shown
    beside it and raises it where it is higher.
    """
    objects = list(pool_of(plan))
    return [_quota(plan, name, [one for one in objects if one.sort == name], day) for name in CLASSES]


def _quota(plan: Plan, name: str, objects: list[Subject], day: date) -> dict[str, Any]:
    ppm = sum(one.share_ppm for one in objects)
    floor = _floor(plan, name, objects, day)
    take = max(-(-ppm // PPM), floor["number"]) if objects else 0
    take = min(take, len(objects))
    spare = min(len(objects) - take, math.ceil(take * settings()["reserve"]["share"]))
    book = holding.in_force(settings()["quarters"]["share"], day, plan.region_id)
    return {
        "class": name,
        "objects": len(objects),
        "sum_of_shares": f"{ppm / PPM:.3f}",
        "take": take,
        "reserve": spare,
        "rulebook": book.id,
        "version": book.version,
        "confidence": book.provenance.confidence.value,
        "floor": floor,
    }


def _floor(plan: Plan, name: str, objects: list[Subject], day: date) -> dict[str, Any]:
    """Return the national floor of a quarter: a share of key units, or objects for each inspector a year."""
    book = holding.in_force(settings()["quarters"]["national"], day, plan.region_id)
    level = "city" if plan.region.level in ("province", "city") else "county"
    answer = rules.evaluate(book, {"level": level, "class": name})
    share, ratio = answer.outputs.get("share"), answer.outputs.get("objects_per_inspector")
    wanted = 0
    if share is not None:
        wanted = math.ceil(len(objects) * share)  # type: ignore[arg-type]
    elif ratio is not None:
        wanted = min(len(objects), -(-_own(plan) * int(str(ratio)) // 4))
    return {
        "number": wanted,
        "share": None if share is None else str(share),
        "objects_per_inspector": None if ratio is None else int(str(ratio)),
        "rulebook": book.id,
        "version": book.version,
        "confidence": answer.hits[0].confidence.value if answer.hits else book.provenance.confidence.value,
    }


def _own(plan: Plan) -> int:
    return Inspector.objects.filter(active=True, organisation=plan.organisation).count()


def progress(plan: Plan) -> list[dict[str, Any]]:
    """Return for each quarter what was drawn, visited and published."""
    found = []
    for quarter in range(1, 5):
        tasks = Task.objects.filter(plan=plan, draw__quarter=quarter).exclude(state="cancelled")
        found.append(
            {
                "quarter": quarter,
                "draws": list(
                    Draw.objects.filter(plan=plan, quarter=quarter).order_by("pk").values("number", "state")
                ),
                "tasks": tasks.count(),
                "visited": tasks.filter(visited__isnull=False).count(),
                "published": tasks.filter(published__isnull=False).count(),
            }
        )
    return found
