"""Checking 核验: which conditions of the table of states hold for a task, and what the rulebook says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from huanzhi.center.rectification import clocks
from huanzhi.center.rectification.models import Finding, Measure, Objection, Publication, SiteCheck, Task
from huanzhi.center.rectification.settings import settings
from huanzhi.errors import StandardError
from huanzhi.library.calendar import working_days_between
from huanzhi.library.rulebooks import holding
from huanzhi.rules import Result, evaluate

BY_PROPOSAL = "rectification.by_proposal"
OTHER_ORGANISATION = "rectification.other_organisation"


def met(task: Task, now: datetime) -> set[str]:
    """Return the conditions that hold; those that only an approval can bring are not among them."""
    measures = list(Measure.objects.filter(task=task))
    running = publication_of(task)
    found = {
        "need_lead": task.organisation is not None,
        "need_person": bool(task.in_charge.strip()),
        "need_target": bool(task.target.strip()),
        "need_measures": bool(measures),
        "need_measures_done": bool(measures) and all(one.done_on for one in measures),
        "level_provincial": task.level == "provincial",
        "level_municipal": task.level == "municipal",
        "need_items": all(items(task).get(one) for one in settings()["item"]),
        "need_site_check": SiteCheck.objects.filter(task=task, round=task.round).exists(),
        "not_yet_published": running is None,
        "published": running is not None,
        "publication_over": running is not None and over(task, running, now),
        "no_objection": running is None or not _standing(running),
        "rulebook_met": not unmet(verdict(task, now)),
        "term_known": task.term is not None,
        "term_open": task.term is None,
    }
    return {f"rectification.{name}" for name, holds in found.items() if holds}


def publication_of(task: Task) -> Publication | None:
    """Return the publication of this round; None where there is none that counts."""
    rows = Publication.objects.filter(task=task, round=task.round).exclude(state="withdrawn")
    return rows.order_by("-pk").first()


def over(task: Task, running: Publication, now: datetime) -> bool:
    """Return whether the term of a publication is over; never while it is stopped or its end unknown."""
    if running.state == "stopped" or task.suspended:
        return False
    return running.ends is not None and running.ends <= now


def items(task: Task) -> dict[str, Finding | None]:
    """Return the last finding for each of the five items in this round; None where it did not pass."""
    found: dict[str, Finding | None] = {}
    for one in Finding.objects.filter(task=task, round=task.round).select_related("exhibit__evidence"):
        found[one.item] = one if one.passed else None
    return found


def verdict(task: Task, now: datetime) -> Result:
    """Return what the rulebook of write-offs in force where the task lies says of it."""
    return evaluate(holding.in_force("write_off", clocks.today(now), task.region_id), inputs(task, now))


def inputs(task: Task, now: datetime) -> dict[str, Any]:
    """Return what the rulebook asks: the five items, and for how many working days it was published."""
    passed = items(task)
    running = publication_of(task)
    told: dict[str, Any] = {row["input"]: bool(passed.get(name)) for name, row in settings()["item"].items()}
    return {
        **told,
        "sensor_raised": False,
        "must_publish": True,
        "published_working_days": _published_days(running, now),
    }


def unmet(result: Result) -> list[str]:
    """Return what the rulebook finds missing, in its words."""
    return [str(hit.outputs["unmet"]) for hit in result.hits if "unmet" in hit.outputs]


def blocked(conditions: tuple[str, ...], holding_now: set[str]) -> list[str]:
    """Return the conditions of a step that do not hold, but for those that an approval brings."""
    own = {BY_PROPOSAL, OTHER_ORGANISATION}
    return [one for one in conditions if one not in holding_now and one not in own]


def _published_days(running: Publication | None, now: datetime) -> int:
    """Return for how many working days it stood open: the term once it is over, and what came after it."""
    if running is None or running.ends is None:
        return 0
    term, day = int(running.clock.get("number", 0)), clocks.today(now)
    try:
        if running.ends > now:
            return max(min(working_days_between(clocks.today(running.begun), day), term - 1), 0)
        return term + working_days_between(clocks.today(running.ends), day)
    except StandardError:  # a year whose holidays are not known: the term alone counts
        return term if running.ends <= now else 0


def _standing(running: Publication) -> bool:
    """Return whether an objection is not answered, or was upheld."""
    return Objection.objects.filter(publication=running).exclude(outcome="dismissed").exists()
