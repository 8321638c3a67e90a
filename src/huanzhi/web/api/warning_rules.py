"""Rules of warnings 预警规则: the catalogue, switches, limits of the city, rules that it writes."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.center.warnings import own_rules
from huanzhi.center.warnings.catalogue import rows
from huanzhi.center.warnings.models import OwnLimit, OwnRule, YearQuantity
from huanzhi.center.warnings.switches import switch
from huanzhi.center.warnings.yearly import open_with
from huanzhi.center.watching.declared import declared
from huanzhi.errors import InputError, StoreError
from huanzhi.library.enterprises.models import Outlet
from huanzhi.library.people.managing import region_of
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.models import Proposal, State
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Thing, may, require, thing_of, visible
from huanzhi.messages import using
from huanzhi.programmes.warning_rounds.own import Trial, trial
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import CHINA, DAY, to_china
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import begun_from, document
from huanzhi.web.api.warning_states import own_region
from huanzhi.web.application import parts_of

router = Router(tags=["warnings"])
_SPEC = {"sort": "compare", "kind": "outlet", "parameter": "w01018", "value": "40", "n": 2, "m": 3}
MOST_DAYS = 31


class RulesOut(Schema):
    """The ready-made rules: names, basis, confidence, thresholds, and where each is off."""

    items: list[dict[str, Any]]
    total: int
    may_change: bool
    region: str


class SwitchIn(Schema):
    """Where a rule is turned on or off, and why."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"region": "990001", "on": False, "reason": "试点"}]}
    )

    region: str = Field(max_length=12)
    on: bool
    reason: str = Field(min_length=1, max_length=500)


class LimitIn(Schema):
    """A limit of the city, where no document has one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "region": "990001",
                    "parameter": "a24088",
                    "value": "4.0",
                    "unit": "mg/m³",
                    "basis": "园区管理办法",
                }
            ]
        },
    )

    rule: str = Field("park_gas", max_length=40)
    region: str = Field(max_length=12)
    parameter: str = Field(max_length=40)
    value: str = Field(max_length=30)
    unit: str = Field(max_length=30)
    basis: str = Field(min_length=1, max_length=500)


class OwnRuleIn(Schema):
    """A rule of the city: what it looks at is declared in ``spec``."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "COD 连续偏高", "region": "990001", "spec": _SPEC}]},
    )

    name: str = Field(min_length=1, max_length=100)
    name_en: str = Field("", max_length=200)
    region: str = Field(max_length=12)
    basis: str = Field("", max_length=500)
    level: str = Field("notice", max_length=20)
    category: str = Field("other", max_length=40)
    opens_issue: bool = False
    asks_reply: bool = False
    spec: dict[str, Any]
    reason: str = Field("", max_length=500)


class TrialIn(Schema):
    """A declaration to try over the last days; `code` is of the saved rule that it is of, if any."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"region": "990001", "spec": _SPEC}]}
    )

    region: str = Field(max_length=12)
    spec: dict[str, Any]
    days: int = Field(1, ge=1, le=MOST_DAYS)
    code: str = Field("", max_length=30)


class TrialOut(Schema):
    """What a rule would have raised: places, moments, values; how many places were looked at."""

    raised: int
    looked: int
    known: int
    spells: list[dict[str, Any]]
    start: str
    end: str


class Why(Schema):
    """A reason."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "试运行正常"}]})

    reason: str = Field(min_length=1, max_length=500)


class OpeningIn(Schema):
    """What had left an outlet in the year before the platform heard of it, by which report."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"outlet": "O1", "parameter": "w01018", "tonnes": 1.25, "basis": "2026 年第三季度执行报告"}
            ]
        },
    )

    outlet: str = Field(max_length=64)
    parameter: str = Field(max_length=40)
    tonnes: float = Field(ge=0, le=1e9)
    basis: str = Field(min_length=1, max_length=300)


class Items(Schema):
    """Rows."""

    items: list[dict[str, Any]]
    total: int


@router.get("warnings/rules", response=RulesOut, operation_id="warning_rules")
def get_rules(request: HttpRequest, region: str = "") -> HttpResponse:
    """Return the ready-made rules with zh and en names, basis, confidence, thresholds, on or off."""
    who = actor(request)
    wanted = (region or own_region(who)).replace("\x00", "")
    place = Region.objects.filter(pk=wanted).first() if wanted else None
    thing = Thing("warning_rule", place.path if place else "")
    require(who, "read", thing)
    found = rows(datetime.now(CHINA).date(), wanted)
    told = {"items": found, "total": len(found), "region": wanted}
    return document(request, {**told, "may_change": may(who, "change", thing).allowed})


@router.put("warnings/rules/{rule}/switch", response=Items, operation_id="switch_warning_rule")
def put_switch(request: HttpRequest, rule: str, given: SwitchIn) -> HttpResponse:
    """Turn a ready-made rule on or off in a region."""
    switch(actor(request), rule, region_of(given.region), given.on, given.reason)
    found = [one for one in rows(datetime.now(CHINA).date(), given.region) if one["code"] == rule]
    return document(request, {"items": found, "total": len(found)})


@router.get("warnings/limits", response=Items, operation_id="warning_limits")
def get_limits(request: HttpRequest) -> HttpResponse:
    """Return the limits that the city has set where no document has one."""
    found = [_limit_row(one) for one in visible(actor(request), OwnLimit.KIND, OwnLimit.objects.all())]
    return document(request, {"items": found, "total": len(found)})


@router.put("warnings/limits", response=Items, operation_id="set_warning_limit")
def put_limit(request: HttpRequest, given: LimitIn) -> HttpResponse:
    """Set a limit of the city, with its basis."""
    region = region_of(given.region)
    if given.parameter not in all_parameters():
        raise InputError("warnings.spec", column="parameter", value=given.parameter)
    code = f"{given.rule}|{given.parameter}|{region.code}"
    row = OwnLimit.objects.filter(code=code).first() or OwnLimit(
        code=code, rule=given.rule, parameter=given.parameter, region=region
    )
    declared({"sort": "forecast", "value": given.value})
    row.value, row.unit, row.basis, row.by = given.value, given.unit, given.basis, actor(request).code
    save(actor(request), row, given.basis)
    return document(request, {"items": [_limit_row(row)], "total": 1})


def _limit_row(row: OwnLimit) -> dict[str, Any]:
    names = ("rule", "parameter", "value", "unit", "basis", "by", "revision")
    return {**{name: getattr(row, name) for name in names}, "region": row.region_id}


@router.get("warnings/quantities", response=Items, operation_id="year_quantities")
def get_quantities(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Return what has left each outlet since the first of January, against what its permit allows."""
    known = {
        one.code: one
        for one in visible(actor(request), "outlet", Outlet.objects.select_related("enterprise"))
    }
    wanted = year or datetime.now(CHINA).year
    held = YearQuantity.objects.filter(year=wanted, outlet__in=list(known))
    found = [_quantity_row(one, known[one.outlet]) for one in held]
    found.sort(key=lambda one: -(one["share"] or 0))
    return document(request, {"items": found, "total": len(found)})


@router.put("warnings/quantities/opening", response=Items, operation_id="open_year_quantity")
def put_opening(request: HttpRequest, given: OpeningIn) -> HttpResponse:
    """Note what had left before the platform heard of an outlet, by its report."""
    rows_ = visible(actor(request), "outlet", Outlet.objects.select_related("region", "organisation"))
    outlet = rows_.filter(code=given.outlet.replace("\x00", "")).first()
    year = datetime.now(CHINA).year
    row = YearQuantity.objects.filter(
        outlet=given.outlet.replace("\x00", ""), parameter=given.parameter.replace("\x00", ""), year=year
    ).first()
    if outlet is None or row is None:
        raise InputError("tables.no_record", value=given.outlet.replace("\x00", ""))
    owner = outlet.organisation.code if outlet.organisation else ""
    open_with(actor(request), row, given.tonnes, given.basis, outlet.region.path, owner)
    return document(request, {"items": [_quantity_row(row, outlet)], "total": 1})


def _quantity_row(row: YearQuantity, outlet: Outlet) -> dict[str, Any]:
    gone = row.opening + row.tonnes
    return {
        "outlet": row.outlet,
        "name": outlet.name,
        "enterprise": outlet.enterprise.name if outlet.enterprise else "",
        "parameter": row.parameter,
        "year": row.year,
        "tonnes": round(gone, 6),
        "opening": row.opening,
        "basis": row.basis,
        "permitted": row.permitted,
        "share": round(gone / row.permitted, 4) if row.permitted else None,
        "hours": row.hours,
        "missing": row.missing,
        "through": to_china(row.through).isoformat(timespec="seconds"),
        "simulated": outlet.simulated,
    }


@router.get("warnings/own-rules", response=Items, operation_id="own_warning_rules")
def get_own_rules(request: HttpRequest) -> HttpResponse:
    """Return the rules that the city has written."""
    found = [_own_row(request, one) for one in _own(request)]
    return document(request, {"items": found, "total": len(found)})


@router.post("warnings/own-rules", response={201: dict[str, Any]}, operation_id="write_warning_rule")
def post_own_rule(request: HttpRequest, given: OwnRuleIn) -> HttpResponse:
    """Write a rule of the city; it is a draft until it was tried and published."""
    region = region_of(given.region)
    row = OwnRule(code=own_rules.new_code(region), region=region, simulated=region.simulated)
    own_rules.write(actor(request), row, _given(given), given.reason)
    return document(request, _own_row(request, row), 201)


@router.post("warnings/own-rules/trial", response=TrialOut, operation_id="try_warning_rule")
async def try_rule(request: HttpRequest, given: TrialIn) -> HttpResponse:
    """Try a declaration over the last days: what it would have raised; nothing is raised."""
    who = actor(request)
    region = await sync_to_async(region_of)(given.region)
    await sync_to_async(require)(who, "create", Thing("warning_rule", region.path))
    rule = declared(given.spec)
    end = int(time.time())
    start = end - given.days * DAY
    found = await _read(request, lambda store: trial(store, rule, region, start, end))
    if given.code:
        await sync_to_async(_note_trial)(given, rule.as_dict(), found)
    return document(request, _trial_row(found, start, end))


async def _read(request: HttpRequest, work: Any) -> Trial:
    try:
        return await parts_of(request).readers.run(work)  # type: ignore[no-any-return]
    except StoreError as error:
        if error.key != "series.none_here":
            raise
        return Trial((), 0, 0)


def _note_trial(given: TrialIn, spec: dict[str, Any], found: Trial) -> None:
    """Note a trial with the rule, where it was of the declaration that is saved."""
    row = OwnRule.objects.filter(code=given.code.replace("\x00", "")).first()
    if row is not None and row.spec == spec and row.region_id == given.region:
        own_rules.tried(row, len(found.spells), given.days * 24, datetime.now(UTC))


def _trial_row(found: Trial, start: int, end: int) -> dict[str, Any]:
    spells = [{**asdict(one), "start": _iso(one.start), "last": _iso(one.last)} for one in found.spells[:500]]
    told = {"raised": len(found.spells), "looked": found.looked, "known": found.known, "spells": spells}
    return {**told, "start": _iso(start), "end": _iso(end)}


def _iso(moment: int) -> str:
    return to_china(moment).isoformat(timespec="seconds")


@router.get("warnings/own-rules/{code}", response=dict[str, Any], operation_id="own_warning_rule")
def get_own_rule(request: HttpRequest, code: str) -> HttpResponse:
    """Return a rule of the city: draft, what holds, when it was tried."""
    return document(request, _own_row(request, _own_found(request, code)))


@router.put("warnings/own-rules/{code}", response=dict[str, Any], operation_id="change_warning_rule")
def put_own_rule(request: HttpRequest, code: str, given: OwnRuleIn) -> HttpResponse:
    """Change the draft of a rule; what was published holds on."""
    row = _own_found(request, code)
    begun_from(request, row)
    own_rules.write(actor(request), row, _given(given), given.reason)
    return document(request, _own_row(request, row))


@router.post(
    "warnings/own-rules/{code}/publish", response=dict[str, Any], operation_id="publish_warning_rule"
)
def publish_rule(request: HttpRequest, code: str, given: Why) -> HttpResponse:
    """Publish a rule that was tried; one that opens issues by itself is proposed to a second person."""
    row = _own_found(request, code)
    begun_from(request, row)
    own_rules.publish(actor(request), row, given.reason, datetime.now(UTC))
    return document(request, _own_row(request, row))


@router.post("warnings/own-rules/{code}/off", response=dict[str, Any], operation_id="stop_warning_rule")
def stop_rule(request: HttpRequest, code: str, given: Why) -> HttpResponse:
    """Turn a rule off; its warnings end with the next round."""
    row = _own_found(request, code)
    begun_from(request, row)
    own_rules.turn_off(actor(request), row, given.reason)
    return document(request, _own_row(request, row))


def _given(given: OwnRuleIn) -> dict[str, Any]:
    return given.model_dump(exclude={"region", "reason"})


def _own(request: HttpRequest) -> Any:
    return visible(actor(request), OwnRule.KIND, OwnRule.objects.select_related("region"))


def _own_found(request: HttpRequest, code: str) -> OwnRule:
    found: OwnRule | None = _own(request).filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise InputError("warnings.no_rule", value=code.replace("\x00", ""))
    return found


def _own_row(request: HttpRequest, row: OwnRule) -> dict[str, Any]:
    waiting = Proposal.objects.filter(sort=own_rules.KIND, subject=row.code, state=State.OPEN).first()
    names = ("code", "rule", "state", "version", "published", "tested", "author", "publisher", "revision")
    more = {name: getattr(row, name) for name in names}
    fields = {name: getattr(row, name) for name in own_rules.FIELDS}
    with using(language_of(request)):
        return {
            **more,
            **fields,
            "region": row.region_id,
            "region_name": row.region.name,
            "tried": row.tested.get("digest") == own_rules.digest(row),
            "changed": bool(row.published) and row.published != fields,
            "proposal": waiting.pk if waiting else None,
            "may_change": may(actor(request), "change", thing_of(row)).allowed,
            "simulated": row.simulated,
        }
