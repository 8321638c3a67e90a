"""Taking in a patrol 收录: as the device kept it, measured, judged, and its findings opened as issues."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

from django.db import transaction

from huanzhi.center.issues import evidence
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.center.patrols.models import Area, Finding, Patrol, Piece, Plan
from huanzhi.center.patrols.settings import checked, checklists, schema_of, settings, track_limits
from huanzhi.center.patrols.validity import Asked, Done, judge, share_inside, track_of
from huanzhi.errors import InputError
from huanzhi.library.people.models import Person
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor, visible
from huanzhi.messages import text
from huanzhi.standards.periods import CHINA

CHANNEL = "patrol"


@dataclass(frozen=True, slots=True)
class FoundIn:
    """Something found, as the device tells it; `client` is its UUID."""

    client: str
    category: str
    title: str
    at: datetime
    words: str = ""
    level: str = "general"
    lon: float | None = None
    lat: float | None = None
    handled: bool = False
    measures: str = ""


@dataclass(frozen=True, slots=True)
class PieceIn:
    """A photo, signature or file that will follow; `finding` is the UUID of what it shows."""

    client: str
    kind: str
    name: str
    sha256: str = ""
    size: int = 0
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy: float | None = None
    finding: str = ""


@dataclass(frozen=True, slots=True)
class PatrolIn:
    """A patrol as the device tells it."""

    client: str
    area: str
    started: datetime
    ended: datetime
    sent: datetime
    plan: str = ""
    track: Sequence[Sequence[float]] = ()
    checklist: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    signed: Mapping[str, str] = field(default_factory=dict)
    findings: Sequence[FoundIn] = ()
    pieces: Sequence[PieceIn] = ()
    simulated: bool = False


def record(actor: Actor, given: PatrolIn, now: datetime) -> Patrol:
    """Take in a patrol with what was found; the same UUID again is the same patrol.

    Every finding opens an issue of the channel ``patrol``, with the track as its evidence; photos follow by
    `uploading.upload`.

    Raises
    ------
    InputError
        If the actor may not, or times, track, answers, signature or words are wrong; nothing is kept then.
    """
    person = _person(actor)
    known = Patrol.objects.filter(client=given.client).select_related("person").first()
    if known is not None:
        if known.person_id != person.pk:
            raise InputError("patrols.taken", value=given.client)
        return known
    area = _area(actor, given.area)
    _checked(given, now)
    with transaction.atomic():
        made = _measured(_patrol(given, area, person, now), given, now)
        save(actor, made)
        issues = [_finding(actor, made, one, now) for one in given.findings]
        _announce(made, given.pieces)
        _attach_track(actor, made, [one for one in issues if one is not None], now)
    return made


def _person(actor: Actor) -> Person:
    person = (
        Person.objects.filter(code=actor.code).select_related("organisation").first() if actor.code else None
    )
    if person is None:
        raise InputError("patrols.no_person")
    return person


def _area(actor: Actor, code: str) -> Area:
    rows = visible(actor, Area.KIND, Area.objects.select_related("region", "organisation"))
    found = rows.filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise InputError("patrols.no_area", column="area", value=code)
    return found


def _patrol(given: PatrolIn, area: Area, person: Person, now: datetime) -> Patrol:
    plan = Plan.objects.filter(code=given.plan).first() if given.plan else None
    if given.plan and plan is None:
        raise InputError("patrols.no_plan", column="plan", value=given.plan)
    if plan is not None and plan.area_id != area.pk:
        raise InputError("patrols.plan_of_other", column="plan", value=given.plan)
    return Patrol(
        code=f"XC-{given.started.astimezone(CHINA):%Y%m%d}-{_short(given.client)}",
        client=given.client,
        area=area,
        plan=plan,
        person=person,
        organisation=person.organisation,
        region=area.region,
        started=given.started,
        ended=given.ended,
        sent=given.sent,
        arrived=now,
        clock_s=round((given.sent - now).total_seconds(), 1),
        track=[list(point) for point in given.track],
        checklist=given.checklist,
        answers=dict(given.answers),
        words=given.words,
        signed=dict(given.signed),
        simulated=given.simulated or area.simulated,
    )


def _short(client: str) -> str:
    return client.replace("-", "").upper()[:10]


def _checked(given: PatrolIn, now: datetime) -> None:
    table = settings()["record"]
    _in_time(given, now, table)
    _tracked(given.track)
    _answered(given)
    way = given.signed.get("way")
    typed = (
        way == "typed" and given.signed.get("name", "").strip() and given.signed.get("statement", "").strip()
    )
    drawn = way == "drawn" and any(one.kind == "signature" for one in given.pieces)
    if not (typed or drawn):
        raise InputError("patrols.unsigned", column="signed")
    for many, most, column in (
        (given.findings, table["most_findings"], "findings"),
        (given.pieces, table["most_files"], "pieces"),
    ):
        if len(many) > most:
            raise InputError("patrols.too_many", column=column, most=most)


def _in_time(given: PatrolIn, now: datetime, table: Mapping[str, Any]) -> None:
    """Hold the times to each other by the device's clock, and its clock to ours."""
    moments = [given.started, given.ended, given.sent]
    moments += [one.at for one in given.findings]
    moments += [one.taken_at for one in given.pieces if one.taken_at is not None]
    for moment in moments:
        near(moment, now)
    if not given.started < given.ended <= given.sent:
        raise InputError("patrols.times", column="ended", value=given.ended.isoformat())
    if given.ended - given.started > timedelta(hours=table["longest_h"]):
        raise InputError("patrols.longest", column="ended", hours=table["longest_h"])
    if given.sent - now > timedelta(days=1):
        raise InputError("patrols.future", column="sent", value=given.sent.isoformat())


def near(moment: datetime, now: datetime) -> None:
    """Refuse a moment that no clock of a device in use tells.

    Raises
    ------
    InputError
        ``patrols.times`` if it is ten years off.
    """
    if abs(moment - now) > timedelta(days=3653):
        raise InputError("patrols.times", value=moment.isoformat())


def _tracked(track: Sequence[Sequence[float]]) -> None:
    most = settings()["track"]["most_points"]
    if len(track) > most:
        raise InputError("patrols.too_many", column="track", most=most)
    for row, point in enumerate(track, 1):
        right = len(point) == 4 and all(isfinite(one) for one in point)
        if not (right and -180 <= point[1] <= 180 and -90 <= point[2] <= 90):
            raise InputError("patrols.track", column="track", row=row)


def _answered(given: PatrolIn) -> None:
    if not given.checklist:
        return
    if given.checklist not in checklists():
        raise InputError(
            "patrols.choice", column="checklist", value=given.checklist, expected=", ".join(checklists())
        )
    schema = schema_of(given.checklist)
    for name, one in schema["properties"].items():
        if given.answers.get(name) not in one["enum"]:
            raise InputError(
                "patrols.unanswered", column="answers", value=name, expected=", ".join(one["enum"])
            )


def _measured(made: Patrol, given: PatrolIn, now: datetime) -> Patrol:
    """Measure the track, put the clock right, and judge."""
    track = track_of(given.track, track_limits())
    kept = [point for point, counts in zip(given.track, track.kept.tolist(), strict=True) if counts]
    if kept:
        made.lon, made.lat = round(kept[0][1], 6), round(kept[0][2], 6)
    asked, made.rule = _asked(made.plan)
    off = (
        timedelta(seconds=made.clock_s)
        if abs(made.clock_s) > settings()["record"]["clock_s"]
        else timedelta()
    )
    done = Done(
        given.started - off,
        given.ended - off,
        now,
        track.metres,
        track.used,
        _before(made),
        share_inside(given.track, track, made.area.geometry, settings()["track"]["near_m"]),
        made.clock_s,
    )
    made.metres, made.points = round(track.metres, 1), track.used
    made.minutes = round((given.ended - given.started).total_seconds() / 60, 1)
    made.verdict, made.reasons = judge(asked, done, settings())
    return made


def _asked(plan: Plan | None) -> tuple[Asked, dict[str, Any]]:
    if plan is None:
        return Asked(judged=False), {}
    asked = Asked(plan.min_minutes, plan.min_metres, plan.min_gap_hours, plan.months)
    names = ("min_minutes", "min_metres", "min_gap_hours", "months", "times", "per", "basis")
    return asked, {name: getattr(plan, name) for name in names} | {"plan": plan.code, "source": plan.source}


def _before(made: Patrol) -> datetime | None:
    rows = Patrol.objects.filter(plan=made.plan, verdict="valid", ended__lte=made.started)
    found: datetime | None = (
        rows.order_by("-ended").values_list("ended", flat=True).first() if made.plan else None
    )
    return found


def _finding(actor: Actor, patrol: Patrol, given: FoundIn, now: datetime) -> Issue | None:
    found = Finding(
        patrol=patrol,
        client=given.client,
        category=given.category,
        title=given.title.strip(),
        words=given.words,
        level=given.level,
        at=given.at,
        lon=given.lon if given.lon is not None else patrol.lon,
        lat=given.lat if given.lat is not None else patrol.lat,
        handled=given.handled,
        measures=given.measures,
        simulated=patrol.simulated,
    )
    issue = open_issue(actor, _draft(patrol, found), now=now)
    found.issue = issue.number
    save(actor, found)
    return issue


def _draft(patrol: Patrol, found: Finding) -> Draft:
    spot = text("patrols.on_the_spot", measures=found.measures) if found.handled else ""
    return Draft(
        text("patrols.finding_title", area=patrol.area.name, what=found.title),
        found.category,
        CHANNEL,
        patrol.region_id,
        "\n".join(part for part in (found.words, spot) if part),
        found.level,
        source_ref=f"{patrol.code}:{found.client}",
        lon=found.lon if found.lon is not None else patrol.area.lon,
        lat=found.lat if found.lat is not None else patrol.area.lat,
        since=found.at,
        facts={
            "patrol": patrol.code,
            "area": patrol.area.code,
            "handled": found.handled,
            "measures": found.measures,
        },
        simulated=patrol.simulated,
    )


def _announce(patrol: Patrol, pieces: Sequence[PieceIn]) -> None:
    """Write down what is to follow, so that what never arrives is seen to lack."""
    findings = {one.client: one for one in patrol.findings.all()}
    for one in pieces:
        if one.finding and one.finding not in findings:
            raise InputError("patrols.no_finding", column="finding", value=one.finding)
        row = Piece(
            patrol=patrol,
            finding=findings.get(one.finding),
            client=one.client,
            kind=checked("file", one.kind, "kind"),
            name=evidence.clean_name(one.name),
            told=one.sha256.lower(),
            size=one.size,
            taken_at=one.taken_at,
            lon=one.lon,
            lat=one.lat,
            accuracy=one.accuracy,
        )
        row.save()


def _attach_track(actor: Actor, patrol: Patrol, issues: Sequence[Issue], now: datetime) -> None:
    if not patrol.track or not issues:
        return
    content = json.dumps(track_feature(patrol), ensure_ascii=False, separators=(",", ":")).encode()
    for issue in issues:
        evidence.attach(
            actor,
            issue,
            content,
            f"{patrol.code}.geojson",
            "track",
            patrol.ended,
            patrol.lon,
            patrol.lat,
            now=now,
        )


def track_feature(patrol: Patrol) -> dict[str, Any]:
    """Return the track as a GeoJSON feature, with the times of its points in milliseconds since 1970."""
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": [[point[1], point[2]] for point in patrol.track]},
        "properties": {
            "patrol": patrol.code,
            "times": [point[0] for point in patrol.track],
            "accuracy_m": [point[3] for point in patrol.track],
            "metres": patrol.metres,
            "simulated": patrol.simulated,
        },
    }
