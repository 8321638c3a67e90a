"""Checking 核验: which conditions of the table of states hold for a task, and what the rulebook says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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


def met(task: Task, now: datetime, only: Iterable[str] | None = None) -> set[str]:
    """Return the conditions that hold, of those asked for; what an approval brings is never among them."""
    wanted = CONDITIONS if only is None else only
    return {one for one in wanted if one in CONDITIONS and CONDITIONS[one](task, now)}


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


def _measures_done(task: Task, now: datetime) -> bool:
    rows = list(Measure.objects.filter(task=task))
    return bool(rows) and all(one.done_on for one in rows)


def _items_passed(task: Task, now: datetime) -> bool:
    passed = items(task)
    return all(passed.get(one) for one in settings()["item"])


def _over(task: Task, now: datetime) -> bool:
    running = publication_of(task)
    return running is not None and over(task, running, now)


def _no_objection(task: Task, now: datetime) -> bool:
    running = publication_of(task)
    return running is None or not _standing(running)


CONDITIONS: Mapping[str, Callable[[Task, datetime], bool]] = {
    "rectification.need_lead": lambda task, now: task.organisation is not None,
    "rectification.need_person": lambda task, now: bool(task.in_charge.strip()),
    "rectification.need_target": lambda task, now: bool(task.target.strip()),
    "rectification.need_measures": lambda task, now: Measure.objects.filter(task=task).exists(),
    "rectification.need_measures_done": _measures_done,
    "rectification.level_provincial": lambda task, now: task.level == "provincial",
    "rectification.level_municipal": lambda task, now: task.level == "municipal",
    "rectification.need_items": _items_passed,
    "rectification.need_site_check": lambda task, now: SiteCheck.objects.filter(
        task=task, round=task.round
    ).exists(),
    "rectification.not_yet_published": lambda task, now: publication_of(task) is None,
    "rectification.published": lambda task, now: publication_of(task) is not None,
    "rectification.publication_over": _over,
    "rectification.no_objection": _no_objection,
    "rectification.rulebook_met": lambda task, now: not unmet(verdict(task, now)),
    "rectification.term_known": lambda task, now: task.term is not None,
    "rectification.term_open": lambda task, now: task.term is None,
}
"""Conditions of the table of states, and how each is checked."""
