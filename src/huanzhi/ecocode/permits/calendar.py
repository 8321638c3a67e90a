"""The duty calendar 义务日历: duties made as time goes on, done, late, missing; who is reminded when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from huanzhi.ecocode.permits.models import Duty, Requirement
from huanzhi.ecocode.permits.owing import Owed, due_of, owed, renewal
from huanzhi.ecocode.permits.periods import spans
from huanzhi.ecocode.permits.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Permit
from huanzhi.library.records.bulk import save_all
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of
from huanzhi.messages import text
from huanzhi.standards.periods import CHINA


def today(now: datetime) -> date:
    """Return the day in China."""
    return now.astimezone(CHINA).date()


def valid_permits(day: date) -> Any:
    """Return the permits that hold on a day, in any state but revoked."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    rows = Permit.objects.filter(begun, Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    return rows.exclude(status__in=("revoked", "expired")).select_related(
        "enterprise__region", "enterprise__organisation"
    )


def renew(day: date, enterprise: str = "") -> int:
    """Make the duties of the year before, this year and renewals that are not there yet; return how many.

    Duties of periods that ended before the first of January of the year before are of no use any more and are
    not made.
    """
    permits = valid_permits(day)
    plans = Requirement.objects.select_related("enterprise__region", "enterprise__organisation", "outlet")
    if enterprise:
        permits, plans = (
            permits.filter(enterprise__code=enterprise),
            plans.filter(enterprise__code=enterprise),
        )
    known = set(Duty.objects.filter(due__gte=date(day.year - 1, 1, 1)).values_list("code", flat=True))
    made = [one for one in (*_of_permits(permits, day), *_of_plans(plans, day)) if one.code not in known]
    return save_all(SYSTEM, {one.code: one for one in made}.values(), text("permits.made"))


def _of_permits(permits: Iterable[Permit], day: date) -> Iterator[Duty]:
    for permit in permits:
        last_year = [one for one in owed(permit, day.year - 1) if one.kind == "report_year"]
        ahead = renewal(permit)
        for one in (*last_year, *owed(permit, day.year), *([ahead] if ahead else [])):
            yield _duty(permit.enterprise, permit, one)


def _of_plans(plans: Iterable[Requirement], day: date) -> Iterator[Duty]:
    for plan in plans:
        months = settings()["frequency"][plan.frequency]["months"]
        for span in spans(day.year, months) if months else ():
            begun = plan.valid_from is None or plan.valid_from <= span.last
            if begun and (plan.valid_to is None or plan.valid_to > span.begins):
                due, confidence = due_of("monitoring", span, "")
                subject = f"{plan.outlet.code}/{plan.parameter}"
                one = Owed("monitoring", span.written, span.begins, due, confidence, subject)
                yield _duty(plan.enterprise, None, one)


def _duty(enterprise: Any, permit: Permit | None, one: Owed) -> Duty:
    parts = (enterprise.code, one.kind, one.period, *((one.subject,) if one.subject else ()))
    return Duty(
        code=".".join(part.replace("/", ".") for part in parts),
        enterprise=enterprise,
        permit=permit,
        kind=one.kind,
        period=one.period,
        subject=one.subject,
        opens=one.opens,
        due=one.due,
        confidence=one.confidence[:100],
        standing="waived" if one.waived else "open",
        words=text(f"permits.{one.waived}") if one.waived else "",
        simulated=enterprise.simulated,
    )


def finish(actor: Actor, duty: Duty, day: date, source: str = "", words: str = "") -> Duty:
    """Say that a duty was done.

    Raises
    ------
    InputError
        If the actor may not, or it is done or waived already, or the day lies before it can be done.
    """
    if duty.standing != "open":
        raise InputError("permits.not_now", value=duty.code)
    duty.standing, duty.done, duty.source, duty.words = "done", day, source[:120], words[:500]
    save(actor, duty, words)
    return duty


def hand_over(actor: Actor, duty: Duty, words: str, day: date) -> Duty:
    """Say, as the enterprise, that a ledger is kept or a renewal applied for; the rest is done by handing in.

    Raises
    ------
    InputError
        ``permits.by_handing_in`` for the others; ``permits.too_early`` before the first day.
    """
    if duty.kind not in ("ledger", "renewal"):
        raise InputError("permits.by_handing_in", value=duty.kind)
    if duty.opens is not None and day < duty.opens:
        raise InputError("permits.too_early", value=day.isoformat(), expected=duty.opens.isoformat())
    if not words.strip():
        raise InputError("permits.words", column="words")
    return finish(actor, duty, day, words=words.strip())


def waive(actor: Actor, duty: Duty, words: str) -> Duty:
    """Free an enterprise of a duty, as the bureau, with a reason.

    Raises
    ------
    InputError
        If the actor may not, gives no reason, or the duty is no longer open.
    """
    require(actor, "approve", thing_of(duty))
    if duty.standing != "open":
        raise InputError("permits.not_now", value=duty.code)
    if not words.strip():
        raise InputError("permits.words", column="words")
    duty.standing, duty.words = "waived", words.strip()[:500]
    save(actor, duty, words.strip())
    return duty


def in_state(rows: Any, state: str, day: date) -> Any:
    """Return the duties of a queryset that are in a state of ``[state]`` on a day, or in one of several."""
    soon = day + timedelta(days=settings()["ours"]["soon_days"])
    conditions: dict[str, Q] = {
        "waived": Q(standing="waived"),
        "missing": Q(standing="open", due__lt=day),
        "soon": Q(standing="open", due__gte=day, due__lte=soon),
        "due": Q(standing="open", due__gt=soon),
        "late": Q(standing="done", done__gt=F("due")),
        "done": Q(standing="done", done__lte=F("due")),
    }
    wanted = Q()
    for name in state.split(","):
        if name not in conditions:
            raise InputError("permits.choice", column="state", value=name, expected=", ".join(conditions))
        wanted |= conditions[name]
    return rows.filter(wanted)


def remind(now: datetime) -> int:
    """Tell of duties that are due soon or missing, each once when it is soon and once when it is missing."""
    day = today(now)
    rows = Duty.objects.select_related("enterprise__region", "enterprise__organisation").filter(
        standing="open"
    )
    soon = in_state(rows, "soon", day).filter(reminded__isnull=True)
    late = in_state(rows, "missing", day).filter(Q(reminded__isnull=True) | Q(reminded__lte=F("due")))
    told = [*soon, *late]
    with transaction.atomic():
        for duty in told:
            duty.reminded = day
        save_all(SYSTEM, told, text("permits.reminded"))
    return len(told)
