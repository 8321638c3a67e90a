"""Reports of regions 三级生态环境状况报告: written, reviewed by another, handed in; coverage, reminders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.publications.models import RegionReport, ReportReminder
from huanzhi.library.publications.settings import settings
from huanzhi.library.publications.writing import rewritten
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.trail.chain import append
from huanzhi.messages import Language
from huanzhi.standards.periods import CHINA

LEVELS = ("city", "county", "township")
WRITTEN = ("draft", "returned")


@dataclass(frozen=True, slots=True)
class Period:
    """A period that is reported on: its code, its kind (month, quarter, year, months), its last day."""

    code: str
    kind: str
    last: date


def level_of(region: Region) -> str:
    """Return the level at which a region reports; empty where it is none of the three."""
    for level, row in settings()["level"].items():
        if region.level in row["words"]:
            return str(level)
    return ""


def due_of(period: Period, level: str) -> date:
    """Return the last day on which a level hands in its report of a period."""
    return period.last + timedelta(days=settings()["due"][period.kind][level])


def begin(
    actor: Actor,
    region: Region,
    period: Period,
    content: Mapping[str, Any],
    now: datetime,
    *,
    simulated: bool,
) -> RegionReport:
    """Keep the draft of a region's report, once for each period.

    Raises
    ------
    InputError
        ``publications.no_level``, ``publications.report_there``.
    """
    level = level_of(region)
    if not level:
        raise InputError("publications.no_level", value=region.name)
    if RegionReport.objects.filter(region=region, period=period.code).exists():
        raise InputError("publications.report_there", value=f"{region.name} {period.code}")
    made = RegionReport(
        number=f"ZK-{region.code}-{period.code}",
        region=region,
        level=level,
        period=period.code,
        title=str(content["zh"]["title"])[:300],
        content=dict(content),
        due=due_of(period, level),
        drafted=now,
        drafted_by=actor.code,
        simulated=simulated,
    )
    _step(made, actor, "begin", "", now)
    save(actor, made)
    return made


def renew(
    actor: Actor, held: RegionReport, content: Mapping[str, Any], reason: str, now: datetime
) -> RegionReport:
    """Draft a report anew from the figures of today; what was written by hand is in the trail."""
    _in(held, WRITTEN)
    held.content, held.title = dict(content), str(content["zh"]["title"])[:300]
    _step(held, actor, "renew", reason, now)
    save(actor, held, reason)
    return held


def edit(
    actor: Actor, held: RegionReport, language: Language, block: int, words: str, reason: str, now: datetime
) -> RegionReport:
    """Write a paragraph anew; what was and what is, by whom and why, stays with the report.

    Raises
    ------
    InputError
        ``publications.not_now``, ``publications.no_block``, ``publications.no_text``.
    """
    _in(held, WRITTEN)
    content, was = rewritten(held.content, language, block, words)
    told = {"language": language, "block": block, "was": was, "is": words.strip()}
    entry = {**told, "by": actor.code, "at": _moment(now), "reason": reason.strip()}
    held.content, held.edits = content, [*held.edits, entry]
    held.title = str(content["zh"]["title"])[:300]
    save(actor, held, reason or "edit")
    return held


def review(actor: Actor, held: RegionReport, words: str, now: datetime) -> RegionReport:
    """Say that a report is right: somebody other than who wrote it does."""
    require(actor, "approve", thing_of(held))
    _in(held, WRITTEN)
    if actor.code in (held.drafted_by, *(one["by"] for one in held.edits)):
        raise InputError("publications.same_person", value=held.number)
    held.state, held.reviewed_by = "reviewed", actor.code
    return _kept(actor, held, "review", words, now)


def submit(actor: Actor, held: RegionReport, words: str, now: datetime) -> RegionReport:
    """Hand a reviewed report in to the level above."""
    _in(held, ("reviewed",))
    held.state, held.submitted, held.submitted_by = "submitted", now, actor.code
    return _kept(actor, held, "submit", words, now)


def send_back(actor: Actor, held: RegionReport, words: str, now: datetime) -> RegionReport:
    """Send a report back to be written again, with the reason."""
    require(actor, "approve", thing_of(held))
    _in(held, ("reviewed", "submitted"))
    if not words.strip():
        raise InputError("publications.no_reason", column="words")
    held.state, held.reviewed_by, held.submitted, held.submitted_by = "returned", "", None, ""
    return _kept(actor, held, "send_back", words, now)


def _kept(actor: Actor, held: RegionReport, what: str, words: str, now: datetime) -> RegionReport:
    _step(held, actor, what, words, now)
    save(actor, held, words or what)
    return held


def _step(held: RegionReport, actor: Actor, what: str, words: str, now: datetime) -> None:
    entry = {"what": what, "by": actor.code, "at": _moment(now), "words": words.strip()[:2000]}
    held.steps = [*held.steps, entry]


def _in(held: RegionReport, states: tuple[str, ...]) -> None:
    if held.state not in states:
        raise InputError("publications.not_now", value=held.state, expected=", ".join(states))


def _moment(now: datetime) -> str:
    return now.astimezone(CHINA).isoformat(timespec="seconds")


def expected(root: Region) -> list[Region]:
    """Return the regions of a tree that report: those of the three levels, from the top down."""
    found = Region.objects.filter(path__startswith=root.path, valid_to__isnull=True).order_by("path")
    return [region for region in found if level_of(region)]


def coverage(root: Region, period: Period, today: date, seen: Iterable[RegionReport]) -> list[dict[str, Any]]:
    """Return who of a tree has reported for a period: region, level, standing, due, overdue, reminders."""
    reports = {one.region_id: one for one in seen if one.period == period.code}
    reminded: dict[str, list[datetime]] = {}
    for one in ReportReminder.objects.filter(period=period.code).order_by("at"):
        reminded.setdefault(one.region_id, []).append(one.at)
    return [
        _covered(region, reports.get(region.pk), period, today, reminded.get(region.pk, []))
        for region in expected(root)
    ]


def _covered(
    region: Region, held: RegionReport | None, period: Period, today: date, reminded: list[datetime]
) -> dict[str, Any]:
    level = level_of(region)
    due, state = (held.due, held.state) if held else (due_of(period, level), "missing")
    handed = held.submitted.astimezone(CHINA).date() if held and held.submitted else None
    return {
        "region": region.code,
        "region_name": region.name,
        "level": level,
        "standing": state,
        "due": due,
        "overdue": state != "submitted" and today > due,
        "late": bool(handed and handed > due),
        "report": held.number if held else None,
        "submitted": held.submitted if held else None,
        "reminders": len(reminded),
        "reminded": reminded[-1] if reminded else None,
        "simulated": region.simulated,
    }


def remind(actor: Actor, region: Region, period: Period, words: str, now: datetime) -> ReportReminder:
    """Remind a region of its report.

    Raises
    ------
    InputError
        ``publications.report_done`` where it has handed in.
    """
    made = ReportReminder(
        region=region, period=period.code, at=now, by=actor.code or "system", words=words.strip()
    )
    made.simulated = region.simulated
    require(actor, "command", thing_of(made))
    done = RegionReport.objects.filter(region=region, period=period.code, state="submitted")
    if done.exists():
        raise InputError("publications.report_done", value=region.name)
    with transaction.atomic():
        made.save()
        _enter(actor, made)
    return made


def _enter(actor: Actor, made: ReportReminder) -> None:
    told = {"region": made.region_id, "period": made.period, "words": made.words}
    append(actor, "remind", made.KIND, str(made.pk), after=told, reason=made.words)
