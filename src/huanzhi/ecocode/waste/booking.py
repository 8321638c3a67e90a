"""Bookings 收运预约: a small firm books; within the limit of the year; coverage and who was not served."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Sum

from huanzhi.ecocode.waste.codes import TONNE, grams_of, kilograms, parse
from huanzhi.ecocode.waste.licences import SMALL, takes
from huanzhi.ecocode.waste.models import Booking, Entry, Licence
from huanzhi.ecocode.waste.settings import settings
from huanzhi.ecocode.waste.writing import enterprise_of, number, own_enterprise, require_party, step
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.changing import save
from huanzhi.library.records.selecting import valid_on
from huanzhi.library.rights import Actor
from huanzhi.standards.periods import CHINA

Given = Mapping[str, Any]


def made_in_year(enterprise: Enterprise, year: int) -> int:
    """Return what an enterprise has generated in a year [g]."""
    rows = Entry.objects.filter(
        enterprise=enterprise, kind="generated", day__gte=date(year, 1, 1), day__lte=date(year, 12, 31)
    )
    return int(rows.aggregate(all=Sum("grams"))["all"] or 0)


def book(actor: Actor, given: Given, now: datetime) -> Booking:
    """Book a pick-up.

    Parameters
    ----------
    given : mapping
        ``collector``, ``waste``, ``kg``, ``packaging``, ``pieces``, ``begins``, ``ends``; ``lon`` and ``lat``
        (those of the enterprise by default), ``words``.

    Raises
    ------
    InputError
        If the collector has no licence for it, the window is over, the place is unknown, or the limit of the
        year would be passed.
    """
    enterprise = own_enterprise(actor, given.get("enterprise", ""))
    require_party(actor, enterprise, settings()["object"]["producer"]["zh"])
    collector = enterprise_of(actor, given["collector"], "collector")
    waste, grams, day = str(parse(given["waste"])), grams_of(given["kg"]), now.astimezone(CHINA).date()
    takes(collector, [waste], day)
    if grams <= 0:
        raise InputError("waste.amount", column="kg", value=given["kg"])
    if given["ends"] <= now:
        raise InputError("waste.past", column="ends")
    _within_limit(enterprise, collector, grams, day)
    lon, lat = given.get("lon"), given.get("lat")
    if lon is None or lat is None:
        lon, lat = enterprise.lon, enterprise.lat
    if lon is None or lat is None:
        raise InputError("waste.no_place", column="lon")
    with transaction.atomic():
        made = Booking(
            number=number("YY", now),
            enterprise=enterprise,
            collector=collector,
            waste=waste,
            grams=grams,
            packaging=given.get("packaging") or "drum",
            pieces=given.get("pieces") or 1,
            begins=given["begins"],
            ends=given["ends"],
            lon=lon,
            lat=lat,
            made=now,
            steps=[step(actor, "book", now)],
            words=given.get("words", ""),
            simulated=enterprise.simulated,
        )
        save(actor, made, "book")
    return made


def _within_limit(enterprise: Enterprise, collector: Enterprise, grams: int, day: date) -> None:
    """Refuse more than a small firm may hand over in a year, where the collector only serves small firms."""
    sorts = set(Licence.objects.filter(valid_on(day), enterprise=collector).values_list("sort", flat=True))
    if {sort for sort in sorts if settings()["licence"][sort]["takes"]} != {SMALL}:
        return
    limit = settings()["small"]["limit_t"] * TONNE
    booked = Booking.objects.filter(enterprise=enterprise, begins__year=day.year).exclude(
        state__in=("cancelled", "failed")
    )
    handed = sum(row.grams if row.weighed is None else row.weighed for row in booked) + grams
    most = max(handed, made_in_year(enterprise, day.year))
    if most > limit:
        limit_t = settings()["small"]["limit_t"]
        raise InputError("waste.small_limit", column="kg", value=kilograms(most), limit=limit_t)


def cancel(actor: Actor, booking: Booking, words: str, now: datetime) -> Booking:
    """Cancel a booking that is on no route yet; by the firm or by the collector."""
    return _ended(actor, booking, "cancelled", ("booked",), words, now)


def fail(actor: Actor, booking: Booking, words: str, now: datetime) -> Booking:
    """Say that a booking on a route could not be collected; by the collector, with why."""
    require_party(actor, booking.collector, "收集单位")
    if not words.strip():
        raise InputError("waste.missing", column="words")
    return _ended(actor, booking, "failed", ("planned", "weighed"), words, now)


def _ended(
    actor: Actor, booking: Booking, state: str, before: tuple[str, ...], words: str, now: datetime
) -> Booking:
    with transaction.atomic():
        held = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
        if held.revision != booking.revision:
            raise InputError("records.stale", value=held.number)
        if held.state not in before:
            raise InputError("waste.not_now", value=held.number)
        held.state = state
        held.steps = [*held.steps, step(actor, state, now, words)]
        save(actor, held, state)
    return held


def coverage(enterprises: Any, day: date) -> dict[str, Any]:
    """Return how many small generators were served, who was not for too long, and what was collected.

    Small are those of the class ``register`` by what they generated in the last 365 days.
    """
    small = _small(enterprises, day)
    last = dict(
        Booking.objects.filter(state="collected", enterprise__in=small)
        .order_by()
        .values_list("enterprise")
        .annotate(last=Max("begins"))
    )
    rows = [_served(one, last.get(one.pk), day) for one in small.values()]
    late = [row for row in rows if row["overdue"]]
    collected = Booking.objects.filter(
        state="collected", begins__year=day.year, enterprise__in=enterprises.values("pk")
    )
    kept = [row.weighed or 0 for row in collected.filter(enterprise__in=small)]
    table = settings()["small"]
    return {
        "small": len(small),
        "served": sum(row["last"] is not None and row["last"][:4] == str(day.year) for row in rows),
        "share": round(sum(row["last"] is not None for row in rows) / len(rows), 4) if rows else None,
        "collected_kg": kilograms(sum(row.weighed or 0 for row in collected)),
        "subsidy_basis_kg": kilograms(sum(kept)),
        "subsidy_confidence": table["subsidy_confidence"],
        "limit_t": table["limit_t"],
        "limit_confidence": table["confidence"],
        "overdue_days": table["overdue_days"],
        "overdue_confidence": table["overdue_confidence"],
        "overdue": sorted(late, key=lambda row: (row["last"] or "", row["code"])),
    }


def _small(enterprises: Any, day: date) -> dict[int, Enterprise]:
    since, most = day - timedelta(days=365), settings()["class"]["register"]["most"] * TONNE
    sums = (
        Entry.objects.filter(
            kind="generated", day__gt=since, day__lte=day, enterprise__in=enterprises.values("pk")
        )
        .order_by()
        .values_list("enterprise")
        .annotate(all=Sum("grams"))
    )
    keys = [key for key, grams in sums if 0 < grams < most]
    return {one.pk: one for one in Enterprise.objects.filter(pk__in=keys).order_by("code")}


def _served(one: Enterprise, last: datetime | None, day: date) -> dict[str, Any]:
    served = last.astimezone(CHINA).date() if last else None
    overdue = served is None or (day - served).days > settings()["small"]["overdue_days"]
    return {
        "code": one.code,
        "name": one.name,
        "last": served.isoformat() if served else None,
        "overdue": overdue,
        "simulated": one.simulated,
    }
