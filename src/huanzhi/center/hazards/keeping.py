"""Keeping 隐患闭环: report, grade, measure, mend, recheck, close; escalate major ones past their term."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from huanzhi import rules
from huanzhi.center.hazards.models import Check, Hazard, HazardEvidence
from huanzhi.center.hazards.settings import settings
from huanzhi.center.inspections.evidence import kept_fields
from huanzhi.center.inspections.writing import number
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.moving import move as move_issue
from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.errors import InputError
from huanzhi.library.calendar import Duration, known_end
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.acting import act, stored_of
from huanzhi.library.rights import SYSTEM, Actor, may, require, thing_of
from huanzhi.library.rulebooks import holding
from huanzhi.library.trail.chain import append
from huanzhi.standards.periods import CHINA

BOOK = "hazard_grade"
MOST_EVIDENCE = 100
Given = Mapping[str, Any]


def enterprise_of(actor: Actor, code: str) -> Enterprise:
    """Return an enterprise by code; one's own where no code is given.

    Raises
    ------
    InputError
        ``issues.no_enterprise`` if there is none, or nothing tells which.
    """
    rows = Enterprise.objects.select_related("region", "organisation").order_by("code")
    own = rows.filter(organisation__code=actor.organisation) if actor.organisation else rows.none()
    found = rows.filter(code=code).first() if code else own.first()
    if found is None:
        raise InputError("issues.no_enterprise", value=code or None)
    return found


def source_of(actor: Actor, enterprise: Enterprise) -> str:
    """Return whether the enterprise itself tells, or an officer."""
    body = enterprise.organisation
    return "self_check" if body is not None and body.code == actor.organisation else "officer"


def make_check(actor: Actor, given: Given, now: datetime) -> Check:
    """Enter a check into the register.

    Raises
    ------
    InputError
        If the actor may not, or the day lies ahead.
    """
    enterprise = enterprise_of(actor, given.get("enterprise", ""))
    if given["day"] > now.astimezone(CHINA).date():
        raise InputError("hazards.future", column="day", value=given["day"].isoformat())
    with transaction.atomic():
        made = Check(
            number=number("PC", now, daily=True),
            enterprise=enterprise,
            region=enterprise.region,
            day=given["day"],
            sort=given["kind"],
            source=source_of(actor, enterprise),
            areas=given.get("areas", ""),
            people=given.get("people", ""),
            words=given.get("words", ""),
            made_by=actor.code,
            made=now,
            simulated=enterprise.simulated,
        )
        act(actor, made, "create", right="create")
    return made


def graded(told: Given, day: date, place: str) -> tuple[str, dict[str, Any]]:
    """Return the grade that the rulebook gives, and its answer."""
    answer = rules.evaluate(holding.in_force(BOOK, day, place), told)
    return str(answer.outputs["grade"]), answer.as_dict()


def report(actor: Actor, given: Given, now: datetime) -> Hazard:
    """Report a danger; the rulebook grades it, and its term begins."""
    enterprise = enterprise_of(actor, given.get("enterprise", ""))
    if not given["title"].strip():
        raise InputError("issues.no_title")
    check = _check(given.get("check", ""), enterprise)
    told = {name: value for name, value in given.get("told", {}).items() if value is not None}
    grade, why = graded(told, now.astimezone(CHINA).date(), enterprise.region_id)
    with transaction.atomic():
        made = Hazard(
            number=number("YH", now, daily=True),
            check_made=check,
            enterprise=enterprise,
            region=enterprise.region,
            title=given["title"].strip(),
            kind=given["kind"],
            source=source_of(actor, enterprise),
            words=given.get("words", ""),
            where=given.get("where", ""),
            lon=given.get("lon"),
            lat=given.get("lat"),
            grade=grade,
            told=told,
            why=why,
            reported=now,
            reported_by=actor.code,
            simulated=enterprise.simulated,
        )
        _term(made, now)
        _step(made, actor, "report", made.words, now)
        act(actor, made, "create", right="create")
    return made


def _check(code: str, enterprise: Enterprise) -> Check | None:
    found = Check.objects.filter(number=code, enterprise=enterprise).first() if code else None
    if code and found is None:
        raise InputError("hazards.none", value=code)
    return found


def _term(hazard: Hazard, start: datetime) -> None:
    row = settings()["terms"][hazard.grade]
    _until(hazard, start, Duration(row["number"] + hazard.extended, row["unit"]))


def _until(hazard: Hazard, start: datetime, duration: Duration) -> None:
    end, gap = known_end(start, duration)
    hazard.due = end or start.astimezone(CHINA) + timedelta(days=duration.number)
    hazard.due_note = "hazards.due_unrolled" if gap else ""


def move(actor: Actor, hazard: Hazard, name: str, given: Given, now: datetime) -> Hazard:
    """Take a step of the table ``[move]``.

    Raises
    ------
    InputError
        If the actor may not, it is not the time for it, or something is missing.
    """
    row = settings()["move"].get(name)
    if row is None:
        raise InputError("hazards.choice", column="move", value=name)
    with transaction.atomic():
        held: Hazard = stored_of(hazard)
        if held.revision != hazard.revision:
            raise InputError("records.stale", value=hazard.number)
        require(actor, row["right"], thing_of(held))
        if held.state not in row["from"]:
            raise InputError("hazards.not_now", value=held.number)
        if row.get("other") and _mended(actor, held):
            raise InputError("hazards.same_person")
        for field in row["needs"]:
            if not str(given.get(field) or "").strip():
                raise InputError("hazards.missing", column=field)
        if row.get("proof") and not _proof(held):
            raise InputError("hazards.no_evidence")
        _EFFECTS.get(name, _nothing)(held, given, now)
        held.state = row.get("to", held.state)
        words = str(given.get("words") or given.get("measure") or "")[:4000]
        _step(held, actor, name, words, now)
        act(actor, held, name, words[:500])
        if name == "recheck":
            _tell(held, "closed", now)
    return held


def _mended(actor: Actor, hazard: Hazard) -> bool:
    last = [one for one in hazard.steps if one["move"] in ("rectify", "report")]
    return any(one["actor"] == actor.code for one in last)


def _proof(hazard: Hazard) -> bool:
    """Return whether evidence came in since the measure was set, or since the last recheck failed."""
    since = [one["pieces"] for one in hazard.steps if one["move"] in ("plan", "fail")]
    return _pieces(hazard) > (since[-1] if since else 0)


def _pieces(hazard: Hazard) -> int:
    return HazardEvidence.objects.filter(hazard=hazard).count() if hazard.pk else 0


def _nothing(hazard: Hazard, given: Given, now: datetime) -> None:
    """Change nothing but the state."""


def _plan(hazard: Hazard, given: Given, now: datetime) -> None:
    hazard.measure, hazard.responsible = str(given["measure"])[:4000], str(given["responsible"])[:100]


def _rectified(hazard: Hazard, given: Given, now: datetime) -> None:
    hazard.rectified = now


def _closed(hazard: Hazard, given: Given, now: datetime) -> None:
    hazard.closed = now


def _regrade(hazard: Hazard, given: Given, now: datetime) -> None:
    hazard.grade = str(given["grade"])
    _term(hazard, hazard.reported)


def _extend(hazard: Hazard, given: Given, now: datetime) -> None:
    most = settings()["escalation"]["most_extension"]
    days = int(given["days"])
    if not days > 0 or hazard.extended + days > most:
        raise InputError("hazards.extension", value=days, most=most)
    hazard.extended += days
    _term(hazard, hazard.reported)


_EFFECTS = {
    "plan": _plan,
    "rectify": _rectified,
    "recheck": _closed,
    "reject": _closed,
    "regrade": _regrade,
    "extend": _extend,
}


def allowed(actor: Actor, hazard: Hazard) -> list[str]:
    """Return the steps that somebody may take now."""
    thing = thing_of(hazard)
    return [
        name
        for name, row in settings()["move"].items()
        if hazard.state in row["from"]
        and may(actor, row["right"], thing).allowed
        and not (row.get("other") and _mended(actor, hazard))
    ]


def attach(
    actor: Actor,
    hazard: Hazard,
    content: bytes,
    name: str,
    kind: str,
    *,
    taken_at: datetime | None = None,
    lon: float | None = None,
    lat: float | None = None,
    now: datetime | None = None,
) -> HazardEvidence:
    """Keep a piece of evidence; durable on return. The same bytes twice are one piece."""
    require(actor, "change", thing_of(hazard))
    told = kept_fields(actor, content, name, kind, now)
    with transaction.atomic():
        known = HazardEvidence.objects.filter(hazard=hazard, sha256=told["sha256"]).first()
        if known is not None:
            return known
        if HazardEvidence.objects.filter(hazard=hazard).count() >= MOST_EVIDENCE:
            raise InputError("issues.too_many", most=MOST_EVIDENCE)
        made = HazardEvidence(hazard=hazard, taken_at=taken_at, lon=lon, lat=lat, **told)
        made.save()
        append(actor, "attach", Hazard.KIND, hazard.number, after=told)
    return made


def escalate(now: datetime) -> dict[str, int]:
    """Open an issue for each major danger past its term, and tell it again while the danger stands.

    The platform does it, and says so. It may be done again at any time.
    """
    again = now - timedelta(days=settings()["escalation"]["again_days"])
    late = Hazard.objects.filter(grade="major", state__in=("reported", "rectifying"), due__lt=now)
    done = {"opened": 0, "told": 0}
    for hazard in late.select_related("enterprise__region", "region").order_by("pk"):
        if not hazard.issue:
            _open(hazard, now)
            done["opened"] += 1
        elif hazard.told_again is None or hazard.told_again < again:
            done["told"] += _tell(hazard, "standing", now)
    return done


def _open(hazard: Hazard, now: datetime) -> None:
    draft = Draft(
        f"{hazard.enterprise.name}：重大环境安全隐患超期未治理——{hazard.title}"[:200],
        "hazard",
        "self_check",
        hazard.region_id,
        hazard.words,
        "major",
        enterprise=hazard.enterprise.code,
        source_ref=hazard.number,
        lon=hazard.lon,
        lat=hazard.lat,
        since=hazard.reported,
        facts={"hazard": hazard.number, "due": hazard.due.isoformat() if hazard.due else ""},
        simulated=hazard.simulated,
    )
    with transaction.atomic():
        hazard.issue = open_issue(SYSTEM, draft, f"hazard {hazard.number}", now=now).number
        hazard.told_again = now
        _step(hazard, SYSTEM, "escalate", hazard.issue, now)
        act(SYSTEM, hazard, "escalate", hazard.issue)


def _tell(hazard: Hazard, how: str, now: datetime) -> int:
    """Report to the issue that the danger still stands or is closed; nothing where the issue is over."""
    from huanzhi.center.issues.table import table

    issue = Issue.objects.filter(number=hazard.issue).first() if hazard.issue else None
    able = table().transition("report").origins
    if issue is None or issue.state not in able:
        return 0
    words = {"standing": "重大隐患仍未治理完成", "closed": "隐患已复查合格并销案"}[how]
    move_issue(SYSTEM, issue, "report", {"finding": f"{hazard.number}：{words}"}, now=now)
    if how == "standing":
        hazard.told_again = now
        act(SYSTEM, hazard, "escalate", hazard.issue)
    return 1


def _step(hazard: Hazard, actor: Actor, name: str, words: str, now: datetime) -> None:
    at = now.astimezone(CHINA).isoformat(timespec="seconds")
    told = {"at": at, "actor": actor.code, "name": actor.name, "move": name, "words": words}
    hazard.steps = [*hazard.steps, {**told, "pieces": _pieces(hazard)}]
