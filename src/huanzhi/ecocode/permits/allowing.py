"""Allowances that somebody may see 许可量余量: permitted quantities in order, reckoned for a page only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from huanzhi.assess.emission.amounts import FIELDS
from huanzhi.ecocode.permits.models import MonthAmount
from huanzhi.ecocode.permits.online import Allowed, judged
from huanzhi.library.enterprises.models import Enterprise, Outlet, PermitLimit
from huanzhi.library.records.selecting import valid_on
from huanzhi.library.rights import Actor, Thing, mask, may, thing_of, visible

Limits = QuerySet[PermitLimit]
STORED = {"enterprise": "enterprise__code", "outlet": "outlet__code", "parameter": "parameter"}
"""Filters that the tables of permits answer; the others are answered by kept standings."""
_READ = (
    *FIELDS,
    "parameter",
    "year",
    "month",
    "days",
    "rules",
    "through",
    "outlet__code",
    "outlet__enterprise",
)
SPANS = ("month", "quarter", "year")


def limits_of(who: Actor, day: date) -> Limits:
    """Return the permitted quantities in force of which somebody may see limit and emission, in order."""
    found = _of_readable(who, visible(who, PermitLimit.KIND, whole(day)))
    related = ("outlet__region", "outlet__organisation", "permit", "enterprise", "standing")
    found = found.annotate(of=Coalesce("outlet__code", Value("")))
    ordered = found.select_related(*related)
    return ordered.order_by("enterprise__code", "of", "parameter", "averaging", "pk")


def whole(day: date) -> Limits:
    """Return every permitted quantity in force on a day."""
    rows = PermitLimit.objects.filter(valid_on(day), measure="amount", averaging__in=SPANS)
    return rows.exclude(value="")


def _of_readable(who: Actor, rows: Limits) -> Limits:
    """Leave the quantities of enterprises whose emission somebody may read; each place is asked once."""
    placed = Enterprise.objects.filter(pk__in=rows.order_by().values("enterprise"))
    seen: dict[tuple[str, str], bool] = {}
    kept, left = [], []
    for pk, path, owner in placed.order_by("pk").values_list("pk", "region__path", "organisation__code"):
        key = (path, owner or "")
        if key not in seen:
            seen[key] = may(who, "read", Thing(MonthAmount.KIND, *key, "own")).allowed
        (kept if seen[key] else left).append(pk)
    if not left:
        return rows
    return rows.exclude(enterprise__in=left) if len(left) < len(kept) else rows.filter(enterprise__in=kept)


def wanted(rows: Limits, asked: Mapping[str, Any], words: str = "") -> Limits:
    """Return the quantities that fit filters of `STORED` and words in the name of the enterprise."""
    for name, value in asked.items():
        parts = [part.strip() for part in str(value).split(",") if part.strip()]
        rows = rows.filter(**{f"{STORED[name]}__in": parts})
    return rows.filter(enterprise__name__icontains=words.strip()) if words.strip() else rows


def reckoned(who: Actor, limits: Iterable[PermitLimit], day: date) -> list[Allowed]:
    """Return how quantities stand, in their order; months are read for these only."""
    held = list(limits)
    owned: dict[int, list[PermitLimit]] = defaultdict(list)
    for one in held:
        owned[one.enterprise_id].append(one)
    months = _months(who, list(owned), {one.parameter for one in held}, day.year)
    found = {
        each.limit.pk: each
        for owner, limited in owned.items()
        for each in judged(limited, months[owner], day)
    }
    return [found[one.pk] for one in held if one.pk in found]


def _months(who: Actor, owners: list[int], parameters: set[str], year: int) -> dict[int, list[MonthAmount]]:
    rows = MonthAmount.objects.filter(year=year, parameter__in=sorted(parameters))
    rows = visible(who, MonthAmount.KIND, rows.filter(outlet__enterprise__in=owners))
    found: dict[int, list[MonthAmount]] = defaultdict(list)
    for row in rows.select_related("outlet").only(*_READ):
        found[row.outlet.enterprise_id].append(row)
    return found


def outlet_name(who: Actor, outlet: Outlet | None) -> str:
    """Return the name of an outlet to those who may read the outlet and its name; empty to others."""
    if outlet is None or not may(who, "read", thing_of(outlet)).allowed:
        return ""
    return str(mask(who, outlet, {"name": outlet.name})["name"] or "")


def outlet_names(who: Actor, codes: Iterable[str]) -> dict[str, str]:
    """Return code → name of outlets, empty to who may not read the outlet; what is no outlet is not in it."""
    rows = Outlet.objects.filter(code__in=set(codes)).select_related("region", "organisation")
    return {one.code: outlet_name(who, one) for one in rows.order_by("code")}
