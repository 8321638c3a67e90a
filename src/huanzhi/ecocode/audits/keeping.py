"""Keeping 审计办理: begin, fill from the archive, judge each item, finish, void."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from huanzhi.ecocode.audits.archive import Told
from huanzhi.ecocode.audits.form import checked, items, settings
from huanzhi.ecocode.audits.grading import grade
from huanzhi.ecocode.audits.models import Audit, AuditItem
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.acting import act
from huanzhi.library.rights import SYSTEM, Actor, may, require, thing_of
from huanzhi.standards.periods import CHINA, stamp

Archive = Mapping[str, Told]
Given = Mapping[str, Any]


def begin(
    actor: Actor, enterprise: Enterprise, first: date, last: date, archive: Archive, now: datetime
) -> Audit:
    """Open the audit of an enterprise over a span of days, every item filled from the archive.

    Raises
    ------
    InputError
        If the actor may not, the span is none, or one of the same enterprise is at work.
    """
    if not first < last <= now.astimezone(CHINA).date():
        raise InputError("audits.span", column="last", value=last.isoformat())
    made = Audit(
        enterprise=enterprise,
        region=enterprise.region,
        year=last.year,
        first=first,
        last=last,
        form=settings()["edition"]["name"],
        opened=now,
        opened_by=actor.code,
        opened_name=actor.name,
        filled=now,
        simulated=enterprise.simulated,
    )
    with transaction.atomic():
        require(actor, "create", thing_of(made))
        standing = Audit.objects.filter(enterprise=enterprise, state="working").first()
        if standing is not None:
            raise InputError("audits.at_work", value=standing.number)
        made.number = _number(last.year)
        _step(made, actor, "begin", "", now)
        act(actor, made, "create", made.number, right="create")
        for place, code in enumerate(items()):
            _fill(actor, _blank(made, place, code), archive.get(code, Told(0)))
    return made


def _number(year: int) -> str:
    """Return the next number of a year; rows are locked so that two take different ones."""
    begun = f"ZRSJ-{year}-"
    rows = Audit.objects.select_for_update().filter(number__startswith=begun).order_by("-number")
    last = rows.values_list("number", flat=True).first()
    return f"{begun}{int(last.rpartition('-')[2]) + 1 if last else 1:04d}"


def _blank(audit: Audit, place: int, code: str) -> AuditItem:
    told = {"section": items()[code].section, "item": code, "simulated": audit.simulated}
    return AuditItem(code=f"{audit.number}.{code}", audit=audit, place=place, **told)


def _fill(actor: Actor, row: AuditItem, told: Told) -> None:
    most = settings()["terms"]["told_each"]
    row.suggested, row.looked = told.finding, told.looked
    row.told = [dict(one) for one in told.against[:most]]
    act(actor, row, "fill", row.suggested)


def refill(actor: Actor, audit: Audit, archive: Archive, now: datetime) -> Audit:
    """Fill an audit at work from the archive anew; what the auditor found stays as it is."""
    with transaction.atomic():
        held = _working(actor, audit, "change")
        for row in held.items.select_for_update(of=("self",)).order_by("place"):
            _fill(actor, row, archive.get(row.item, Told(0)))
        held.filled = now
        _step(held, actor, "refill", "", now)
        act(actor, held, "refill")
    return held


def judge(actor: Actor, row: AuditItem, given: Given, now: datetime) -> AuditItem:
    """Find an item: confirm what the archive says, or change it with a reason.

    Parameters
    ----------
    given : mapping
        ``finding``, ``reason``; of a failed one ``demand`` and ``days`` as well.

    Raises
    ------
    InputError
        If the actor may not, the audit is over, or a reason or a demand is missing.
    """
    finding = checked("finding", str(given.get("finding", "")), "finding")
    reason, demand = (str(given.get(name) or "").strip() for name in ("reason", "demand"))
    with transaction.atomic():
        audit = _working(actor, row.audit, "change", at_any_revision=True)
        held: AuditItem = (
            AuditItem.objects.select_for_update(of=("self",)).select_related("audit").get(pk=row.pk)
        )
        if held.revision != row.revision:
            raise InputError("records.stale", value=held.code)
        if not reason and finding != held.suggested:
            raise InputError("audits.missing", column="reason")
        if finding == "failed" and not demand:
            raise InputError("audits.missing", column="demand")
        held.finding, held.reason = finding, reason[:2000]
        held.demand = demand[:1000] if finding == "failed" else ""
        held.days = _days(given.get("days")) if finding == "failed" else None
        held.judged, held.judged_by, held.judged_name = now, actor.code, actor.name
        held.audit = audit
        act(actor, held, "judge", f"{finding} {reason}"[:500])
    return held


def _days(given: Any) -> int:
    terms = settings()["terms"]
    days = terms["rectify_days"] if given is None else int(given)
    if not 1 <= days <= terms["most_days"]:
        raise InputError("audits.days", column="days", value=days, most=terms["most_days"])
    return days


def finish(actor: Actor, audit: Audit, words: str, now: datetime) -> Audit:
    """Finish an audit: every item judged, by somebody who judged none; the rulebook grades it.

    From then on the enterprise sees it; what failed is to be put right until its day.
    """
    with transaction.atomic():
        held = _working(actor, audit, "approve")
        rows = list(held.items.select_for_update(of=("self",)).order_by("place"))
        if any(not one.finding for one in rows):
            raise InputError("audits.unjudged", number=sum(not one.finding for one in rows))
        if actor.code in {one.judged_by for one in rows}:
            raise InputError("audits.same_person")
        day = now.astimezone(CHINA).date()
        held.grade, held.why = grade(rows, day, held.region_id)
        held.failed = sum(one.finding == "failed" for one in rows)
        held.words, held.state, held.sensitivity = words.strip()[:4000], "finished", "own"
        held.finished, held.finished_by, held.finished_name = now, actor.code, actor.name
        _step(held, actor, "finish", held.words, now)
        act(actor, held, "finish", held.grade)
        for row in rows:
            if row.finding == "failed":
                row.due, row.standing = day + timedelta(days=row.days or 0), "open"
                act(actor, row, "demand", row.demand[:500])
    return held


def void(actor: Actor, audit: Audit, words: str, now: datetime) -> Audit:
    """Give an audit at work up, with the reason."""
    if not words.strip():
        raise InputError("audits.missing", column="words")
    with transaction.atomic():
        held = _working(actor, audit, "change")
        held.state = "void"
        _step(held, actor, "void", words.strip()[:2000], now)
        act(actor, held, "void", words.strip()[:500])
    return held


def follow(row: AuditItem, issue: str, state: str, day: date) -> bool:
    """Let an item follow the issue under which it is put right; return whether anything changed."""
    following = settings()["following"]
    standing = next((name for name, states in following.items() if state in states), "open")
    if (row.issue, row.standing) == (issue, standing):
        return False
    row.issue, row.standing = issue, standing
    row.verified = day if standing == "verified" else None
    act(SYSTEM, row, "follow", f"{issue} {state}")
    return True


def allowed(actor: Actor, audit: Audit) -> list[str]:
    """Return what somebody may do with an audit now."""
    if audit.state != "working":
        return []
    found = ["judge", "refill", "void"] if may(actor, "change", thing_of(audit)).allowed else []
    judges = set(audit.items.exclude(judged_by="").values_list("judged_by", flat=True))
    if may(actor, "approve", thing_of(audit)).allowed and actor.code not in judges:
        found.append("finish")
    return found


def _working(actor: Actor, audit: Audit, right: str, *, at_any_revision: bool = False) -> Audit:
    rows = Audit.objects.select_for_update(of=("self",)).select_related("enterprise__organisation", "region")
    held: Audit = rows.get(pk=audit.pk)
    require(actor, right, thing_of(held))
    if not at_any_revision and held.revision != audit.revision:
        raise InputError("records.stale", value=held.number)
    if held.state != "working":
        raise InputError("audits.not_now", value=held.number)
    return held


def _step(audit: Audit, actor: Actor, name: str, words: str, now: datetime) -> None:
    told = {"at": stamp(now), "actor": actor.code, "name": actor.name, "move": name, "words": words}
    audit.steps = [*audit.steps, told]
