"""Cuts in heavy-pollution weather 应急减排: told with the level, taken note of, checked on the spot."""

from __future__ import annotations

from datetime import datetime

from huanzhi.center.warnings.cut_models import CutMeasure, CutTask
from huanzhi.center.warnings.models import Episode
from huanzhi.errors import InputError
from huanzhi.library.records.acting import act
from huanzhi.library.records.changing import save
from huanzhi.library.records.selecting import valid_on
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.standards.periods import CHINA

FOUND = ("kept", "broken", "unknown")


def tell(row: Episode, now: datetime) -> list[CutTask]:
    """Tell every enterprise on the list what it does at the level of an active episode.

    Said again, nothing changes. Where the level of the episode changes, what is told changes with it
    and must be taken note of anew.
    """
    within = {"level": row.level, "enterprise__region__path__startswith": row.region.path}
    listed = CutMeasure.objects.filter(valid_on(now.astimezone(CHINA).date()), **within)
    listed = listed.select_related("enterprise", "enterprise__region")
    return [_told(row, measure, now) for measure in listed.order_by("code")]


def _told(row: Episode, measure: CutMeasure, now: datetime) -> CutTask:
    code = f"{row.code}/{measure.enterprise.code}"
    task = CutTask.objects.filter(code=code).first() or CutTask(code=code, episode=row)
    if task.pk and (task.level, task.words) == (measure.level, measure.words):
        return task
    task.enterprise, task.level, task.words = measure.enterprise, measure.level, measure.words
    task.share, task.exempt, task.state, task.told_at = measure.share, measure.exempt, "told", now
    task.acknowledged_at, task.acknowledged_by = None, ""
    task.checked_at, task.checked_by, task.found = None, "", ""
    task.simulated = row.simulated or measure.simulated
    return save(SYSTEM, task)  # type: ignore[return-value]


def acknowledge(actor: Actor, task: CutTask, now: datetime) -> CutTask:
    """Take note of what one was told.

    Raises
    ------
    InputError
        ``warnings.cut_over`` where the episode is over, ``warnings.cut_noted`` where it was noted before.
    """
    _standing(task)
    if task.acknowledged_at is not None:
        raise InputError("warnings.cut_noted", value=task.code)
    task.acknowledged_at, task.acknowledged_by = now, actor.code
    task.state = "acknowledged" if task.state == "told" else task.state
    return act(actor, task, "acknowledge", right="change")  # type: ignore[no-any-return]


def check(actor: Actor, task: CutTask, outcome: str, found: str, now: datetime) -> CutTask:
    """Keep what a check found: the measure was kept, broken, or it could not be seen; a later check counts.

    Raises
    ------
    InputError
        ``warnings.cut_over`` where the episode is not active, ``warnings.cut_outcome`` where `outcome` is
        none of those, ``warnings.needs_reason`` where nothing is said of what was found.
    """
    _standing(task)
    if outcome not in FOUND:
        raise InputError("warnings.cut_outcome", column="outcome", value=outcome)
    if not found.strip():
        raise InputError("warnings.needs_reason", column="found")
    task.state, task.found = outcome, found.strip()
    task.checked_at, task.checked_by = now, actor.code
    return act(actor, task, "check", found.strip(), right="approve")  # type: ignore[no-any-return]


def _standing(task: CutTask) -> None:
    if task.episode.state != "active":
        raise InputError("warnings.cut_over", value=task.code)
