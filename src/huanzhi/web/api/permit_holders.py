"""Permits in force 一证式: coverage, each enterprise with limits, quantities, allowance and forecast."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from huanzhi import standards
from huanzhi.assess.emission.amounts import explain, tonnes
from huanzhi.assess.exact import round_fraction
from huanzhi.ecocode.permits import allowing, standings
from huanzhi.ecocode.permits.coverage import class_of, coverage, state_of
from huanzhi.ecocode.permits.listing import AMOUNTS
from huanzhi.ecocode.permits.models import KeyEntry, MonthAmount, Report
from huanzhi.ecocode.permits.online import Allowed
from huanzhi.ecocode.permits.owing import management_of, renewal
from huanzhi.ecocode.permits.settings import settings, word
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit, PermitLimit
from huanzhi.library.enterprises.tables import MANAGEMENT
from huanzhi.library.records.columns import Column, Kind, both
from huanzhi.library.records.tables import Table
from huanzhi.library.rights import Actor, Thing, may, require, visible
from huanzhi.library.rights.decision import rules_held
from huanzhi.messages import using
from huanzhi.standards.model import Table as StandardTable
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import stamp
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, answer_page, document, filters
from huanzhi.web.api.own import own_enterprises
from huanzhi.web.api.permit_duties import duties, today
from huanzhi.web.api.permit_shapes import PermitHolderOut, PermitRowOut

router = Router(tags=["permits"])


def _text(name: str, zh: str, en: str, path: str = "", **more: Any) -> Column:
    return Column(name, Kind.TEXT, path, titles=both(zh, en), editable=False, **more)


HOLDERS = Table(
    "enterprise",
    "permit-holders",
    Enterprise,
    (
        _text("code", "企业编码", "enterprise", filter=True, sort=True, search=True),
        _text("name", "企业", "name", search=True, sort=True),
        _text("industry", "行业", "industry", filter=True),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        _text("region_name", "地区", "region name", "region__name"),
        Column("management", Kind.CHOICE, choices=MANAGEMENT, filter=True, editable=False),
        Column("key_unit", Kind.TRUTH, filter=True, editable=False),
        Column("simulated", Kind.TRUTH, filter=True, editable=False),
    ),
    ("region", "organisation"),
    titles=both("持证单位", "holders of permits"),
)
HolderFilters = filters(
    "PermitHolderFilters",
    HOLDERS.columns,
    enterprise=(str | None, Field(None, description="code of an enterprise")),
    permit_state=(str | None, Field(None, description="expired | expiring | none")),
)
AmountFilters = filters("PermitEmissionFilters", AMOUNTS.columns)


class PermitWhyQuery(Schema):
    """Which month of which outlet and pollutant."""

    outlet: str = Field(max_length=64)
    parameter: str = Field(max_length=40)
    year: int = Field(ge=1900, le=9000)
    month: int = Field(ge=1, le=12)


ALLOWANCES = (
    _text("enterprise", "企业编码", "enterprise", filter=True),
    _text("enterprise_name", "企业", "name", search=True),
    _text("outlet", "排放口", "outlet", filter=True),
    _text("outlet_name", "排放口名称", "outlet name"),
    _text("parameter", "污染物", "pollutant", filter=True),
    _text("parameter_name", "污染物名称", "pollutant name"),
    _text("period", "期间", "period"),
    Column("permitted", Kind.DECIMAL, titles=both("许可量(t)", "permitted [t]"), sort=True),
    Column("used", Kind.DECIMAL, titles=both("已排放(t)", "used [t]"), sort=True),
    Column("left", Kind.DECIMAL, titles=both("余量(t)", "left [t]"), sort=True),
    Column("percent", Kind.DECIMAL, titles=both("已用%", "used %"), sort=True),
    Column("forecast", Kind.DECIMAL, titles=both("预测(t)", "forecast [t]"), sort=True),
    Column("low", Kind.DECIMAL, titles=both("预测低", "low"), sort=True),
    Column("high", Kind.DECIMAL, titles=both("预测高", "high"), sort=True),
    _text("confidence", "预测可靠程度", "confidence"),
    Column(
        "state",
        Kind.CHOICE,
        choices=tuple(settings()["standing"]),
        choice_titles={code: both(row["zh"], row["en"]) for code, row in settings()["standing"].items()},
        titles=both("状态", "state"),
        filter=True,
        sort=True,
    ),
    Column("missing_hours", Kind.INTEGER, titles=both("缺失小时", "hours missing")),
    Column("reckoned", Kind.MOMENT, titles=both("核算时间", "reckoned")),
)
AllowanceFilters = filters("PermitAllowanceFilters", ALLOWANCES)


@router.get("permit-overview", response=PermitRowOut, operation_id="permit_overview")
def get_overview(request: HttpRequest, region: str = "") -> HttpResponse:
    """Return coverage, permits that expire, and what is owed and late, of what I may see."""
    rows = _enterprises(request)
    if region:
        rows = rows.filter(region__path__contains=f"{region}/")
    mine = duties(request).filter(enterprise__in=rows.values("pk"))
    late = mine.filter(standing="open", due__lt=today())
    by_kind = late.order_by().values("kind").annotate(number=Count("pk"))
    reports = visible(actor(request), Report.KIND, Report.objects.filter(enterprise__in=rows.values("pk")))
    told = {
        "today": today().isoformat(),
        "coverage": coverage(rows, today(), _permits(actor(request))),
        "late": {row["kind"]: row["number"] for row in by_kind},
        "soon": mine.filter(standing="open", due__gte=today(), due__lte=_soon()).count(),
        "waiting": reports.filter(state="submitted").count(),
        "differing": reports.filter(state="submitted", agreement__in=("lower", "higher")).count(),
        "may": {
            "work": any(rules_held(actor(request), "approve", Report.KIND)),
            "lists": any(rules_held(actor(request), "create", "key_list")),
        },
        "own": _own(request),
    }
    return document(request, told)


def _soon() -> date:
    return today() + timedelta(days=settings()["ours"]["soon_days"])


def _own(request: HttpRequest) -> str:
    """Return the code of one's own enterprise; nothing for others."""
    return str(own_enterprises(actor(request)).values_list("code", flat=True).first() or "")


@router.get("permit-holders", response=Page[dict[str, Any]], operation_id="list_permit_holders")
def list_holders(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[HolderFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List enterprises with the permit that each holds, its class by catalogue, its end, and what is late."""
    asked = _asked(wanted)
    rows, state, code = _enterprises(request), asked.pop("permit_state", ""), asked.pop("enterprise", "")
    rows = rows.filter(code=code) if code else rows
    permits = _permits(actor(request))
    rows = _in_permit_state(rows, permits, state) if state else rows
    paging.sort = paging.sort or "code"
    seen = duties(request)
    return answer(
        request,
        HOLDERS,
        rows.prefetch_related(Prefetch("permits", permits)),
        paging,
        asked,
        row=lambda one: _holder_row(one, one.permits.all(), seen),
    )


def _asked(wanted: Schema) -> dict[str, Any]:
    return wanted.model_dump(exclude_none=True)


def _permits(who: Actor) -> Any:
    """Return the permits that I may see; an enterprise may be seen by those who may not see its permit."""
    return visible(who, Permit.KIND, Permit.objects.select_related("enterprise"))


def _in_permit_state(rows: Any, permits: Any, state: str) -> Any:
    day, in_use = today(), permits.filter(status="valid")
    if state == "none":
        return rows.exclude(pk__in=in_use.values("enterprise"))
    if state == "expired":
        good = in_use.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day)).values("enterprise")
        return rows.filter(pk__in=in_use.filter(valid_to__lte=day).values("enterprise")).exclude(pk__in=good)
    if state == "expiring":
        codes = [one.enterprise_id for one in permits if state_of(one, day) == "expiring"]
        return rows.filter(pk__in=codes)
    raise InputError("permits.choice", column="permit_state", value=state, expected="expired, expiring, none")


def _holder_row(enterprise: Any, permits: Any, seen: Any) -> dict[str, Any]:
    day = today()
    permits = sorted(permits, key=lambda one: (one.valid_to or day.replace(year=9999), one.pk))
    permit = next((one for one in reversed(permits) if state_of(one, day) in ("valid", "expiring")), None)
    permit = permit or (permits[-1] if permits else None)
    found = class_of(enterprise, day)
    return {
        **HOLDERS.row(enterprise),
        "permit": permit.code if permit else "",
        "permit_state": state_of(permit, day) if permit else "none",
        "valid_to": permit.valid_to.isoformat() if permit and permit.valid_to else None,
        "held": (management_of(permit) if permit else enterprise.management) or "unknown",
        "catalogue": found.outputs["class"],
        "late": seen.filter(enterprise=enterprise, standing="open", due__lt=day).count(),
    }


@router.get("permit-allowances", response=Page[dict[str, Any]], operation_id="list_permit_allowances")
def list_allowances(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[AllowanceFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List permitted quantities with what is used and left, and the forecast of the year's end.

    State and order are those of kept standings, which nobody meets once what they follow from has changed;
    ``reckoned`` is the moment of each. The figures are reckoned for the rows of the page.
    """
    asked = {name: value for name, value in _asked(wanted).items() if value != ""}
    with using(language_of(request)):
        states = _states(asked.pop("state", ""))
        limits = allowing.wanted(allowing.limits_of(actor(request), today()), asked, paging.q)
        if paging.sort or states:
            standings.renew(today())
            limits = standings.ordered(limits, paging.sort, states)
        take = partial(_allowances, actor(request), limits)
        return answer_page(request, ALLOWANCES, paging, limits.count(), take)


def _states(written: str) -> str:
    known = settings()["standing"]
    for one in filter(None, (part.strip() for part in written.split(","))):
        if one not in known:
            raise InputError("lists.filter_value", column="state", value=one, expected=", ".join(known))
    return written


def _allowance_rows(request: HttpRequest, code: str) -> list[dict[str, Any]]:
    limits = allowing.limits_of(actor(request), today())
    return _allowances(actor(request), limits.filter(enterprise__code=code) if code else limits)


def _allowances(who: Actor, limits: Any, first: int = 0, last: int | None = None) -> list[dict[str, Any]]:
    return [allowance_row(who, one) for one in allowing.reckoned(who, limits[first:last], today())]


def _thing(enterprise: Enterprise) -> Thing:
    body = enterprise.organisation
    return Thing(MonthAmount.KIND, enterprise.region.path, body.code if body else "", "own")


def allowance_row(who: Actor, one: Allowed) -> dict[str, Any]:
    """Return a permitted quantity as plain values; what is not known, or not for the reader, is null."""
    stands, series = one.standing, one.series
    ahead = stands.forecast if stands else None
    known = all_parameters().get(one.parameter)
    return {
        "enterprise": one.limit.enterprise.code,
        "enterprise_name": one.limit.enterprise.name,
        "outlet": one.outlet,
        "outlet_name": allowing.outlet_name(who, one.limit.outlet),
        "parameter": one.parameter,
        "parameter_name": known.name if known else one.parameter,
        "period": one.span.written,
        "permitted": _tonnes(one.tonnes),
        "used": _tonnes(stands.used) if stands else None,
        "left": _tonnes(stands.left) if stands else None,
        "percent": _percent(stands.share) if stands else None,
        "year_percent": _percent(stands.year_share) if stands else None,
        "forecast": _tonnes(ahead.likely) if ahead else None,
        "low": _tonnes(ahead.low) if ahead else None,
        "high": _tonnes(ahead.high) if ahead else None,
        "confidence": ahead.confidence if ahead else "",
        "state": stands.state if stands else "unknown",
        "state_name": word("standing", stands.state if stands else "unknown"),
        "measured_hours": series.amount.measured_hours if series else 0,
        "substituted_hours": series.amount.substituted_hours if series else 0,
        "missing_hours": series.amount.missing_hours if series else 0,
        "stopped_hours": series.amount.stopped_hours if series else 0,
        "months_known": list(series.months) if series else [],
        "rules": series.rules if series else "",
        "reckoned": _reckoned(one.limit),
        "simulated": one.limit.simulated,
    }


def _reckoned(limit: PermitLimit) -> str | None:
    """Return when the kept standing of a quantity was reckoned; none where none is kept."""
    kept = getattr(limit, "standing", None)
    return None if kept is None else stamp(kept.reckoned)


def _tonnes(value: Fraction) -> str:
    return str(Decimal(round_fraction(value, 4)).scaleb(-4))


def _percent(value: Fraction | None) -> str | None:
    return None if value is None else str(Decimal(round_fraction(value * 100, 1)).scaleb(-1))


@router.get("permit-holders/{code}", response=PermitHolderOut, operation_id="get_permit_holder")
def get_holder(request: HttpRequest, code: str) -> HttpResponse:
    """Return an enterprise with its permits, limits, quantities, forecast and class by catalogue."""
    enterprise = holder_of(request, code)
    require(actor(request), "read", _thing(enterprise))
    with using(language_of(request)):
        return document(request, _shown(request, enterprise))


def holder_of(request: HttpRequest, code: str) -> Enterprise:
    """Return an enterprise that I may see; InputError ``permits.none`` otherwise."""
    rows = _enterprises(request).select_related("region", "organisation")
    found: Enterprise | None = rows.filter(code=code).first() if "\x00" not in code else None
    if found is None:
        raise InputError("permits.none", value=code.replace("\x00", "")[:40])
    return found


def _enterprises(request: HttpRequest) -> Any:
    return visible(actor(request), Enterprise.KIND, Enterprise.objects.all())


def _shown(request: HttpRequest, enterprise: Enterprise) -> dict[str, Any]:
    day, who = today(), actor(request)
    permits = _permits(who).filter(enterprise=enterprise).order_by("-valid_from", "pk")
    found = class_of(enterprise, day)
    entries = KeyEntry.objects.filter(enterprise=enterprise, inside=True, key_list__state="published")
    entries = visible(who, KeyEntry.KIND, entries).select_related("key_list")
    return {
        **_holder_row(enterprise, permits, duties(request)),
        "permits": [_permit(one) for one in permits],
        "outlets": _outlets(who, enterprise, day),
        "allowances": _allowance_rows(request, enterprise.code),
        "class": found.as_dict(),
        "entries": [
            {"list": one.key_list.code, "category": one.category, "name": word("category", one.category)}
            for one in entries
        ],
        "may_require": may(who, "approve", Thing("permit_duty", *_placed(enterprise))).allowed,
        "may_sample": may(who, "create", Thing("permit_sample", *_placed(enterprise))).allowed,
    }


def _placed(enterprise: Enterprise) -> tuple[str, str, str]:
    thing = _thing(enterprise)
    return thing.path, thing.owner, thing.sensitivity


def _permit(permit: Permit) -> dict[str, Any]:
    ahead = renewal(permit)
    return {
        "code": permit.code,
        "management": management_of(permit),
        "authority": permit.authority,
        "state": state_of(permit, today()),
        "issued": permit.issued,
        "valid_from": permit.valid_from,
        "valid_to": permit.valid_to,
        "renew_by": ahead.due if ahead else None,
        "renew_confidence": ahead.confidence if ahead else "",
        "simulated": permit.simulated,
    }


def _outlets(who: Actor, enterprise: Enterprise, day: Any) -> list[dict[str, Any]]:
    rows = visible(who, Outlet.KIND, Outlet.objects.filter(enterprise=enterprise))
    limits = visible(who, PermitLimit.KIND, PermitLimit.objects.filter(enterprise=enterprise)).order_by(
        "code"
    )
    by_outlet: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    known = all_parameters()
    for one in limits:
        if one.holds(day):
            names = (
                "parameter",
                "measure",
                "averaging",
                "value",
                "value_least",
                "unit",
                "standard",
                "clause",
            )
            row = {name: getattr(one, name) for name in names}
            name = known[one.parameter].name if one.parameter in known else one.parameter
            by_outlet[one.outlet_id].append({**row, "parameter_name": name})
    told = ("code", "name", "medium", "discharges_to", "treatment", "main")
    return [{**{name: getattr(one, name) for name in told}, "limits": by_outlet[one.pk]} for one in rows]


@router.get("permit-emissions", response=Page[dict[str, Any]], operation_id="list_permit_emissions")
def list_emissions(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[AmountFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List what left outlets by month, with the hours measured, put in, missing and stopped."""
    rows = visible(actor(request), MonthAmount.KIND, MonthAmount.objects.all())
    paging.sort = paging.sort or "outlet,parameter,year,month"
    return answer(request, AMOUNTS, rows, paging, wanted, row=_amount_row)


def _amount_row(row: Any) -> dict[str, Any]:
    return {**AMOUNTS.row(row), "tonnes": str(tonnes(row.amount.total))}


@router.get("permit-emissions/why", response=PermitRowOut, operation_id="why_permit_emission")
def why(
    request: HttpRequest,
    asked: Query[PermitWhyQuery],
) -> HttpResponse:
    """Return how the quantity of a month was found: formula, hours by origin, rules, cautions."""
    rows = visible(actor(request), MonthAmount.KIND, MonthAmount.objects.select_related("outlet"))
    names = {
        "outlet__code": asked.outlet,
        "parameter": asked.parameter,
        "year": asked.year,
        "month": asked.month,
    }
    found = None if "\x00" in asked.outlet + asked.parameter else rows.filter(**names).first()
    if found is None:
        raise InputError("permits.none", value=f"{asked.outlet} {asked.parameter}".replace("\x00", "")[:100])
    with using(language_of(request)):
        through = datetime.fromtimestamp(found.through, UTC).isoformat()
        inputs = {
            "outlet": found.outlet.code,
            "parameter": found.parameter,
            "month": f"{found.year}-{found.month:02d}",
            "through": through,
        }
        told = explain(found.amount, inputs, found.rules, _tables(found))
        return document(request, told.as_dict())


def _tables(row: MonthAmount) -> tuple[StandardTable, ...]:
    """Return the tables of substitution that were used, so that what is not confirmed is said."""
    identity = "HJ 75" if row.parameter.startswith("a") else "HJ 356"
    if not row.substituted_hours:
        return ()
    edition = standards.standard(identity).editions[-1]
    return (edition.table("substitution"),)
