"""Targets 目标: made by hand or bound from a document, their paths, how they stand and why, their parts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.center.plans.models import Document, Item
from huanzhi.errors import InputError
from huanzhi.library.documents import write_docx
from huanzhi.library.indicators import registry, targets
from huanzhi.library.indicators.listing import TARGETS
from huanzhi.library.indicators.models import Target
from huanzhi.library.places.models import Region
from huanzhi.library.rights import Thing, mask, may, require, thing_of, visible
from huanzhi.messages import language
from huanzhi.programmes.indicators import binding, keeping
from huanzhi.programmes.indicators.breakdown import Part, consistency
from huanzhi.programmes.indicators.citing import Written
from huanzhi.programmes.indicators.reports import Line, target_report
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.indicator_reading import day_of, plain, reading
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.papers import download, written

router = Router(tags=["targets"])
TargetFilters = filters(
    "TargetFilters", TARGETS.columns, document=(str | None, Field(None, description="number of a document"))
)


class TargetIn(Schema):
    """A target; numbers may be in any unit that turns into that of the indicator."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"indicator": "pm25_mean", "region": "990001", "year": 2026, "op": "≤", "value": "30"}
            ]
        },
    )

    indicator: str = Field(max_length=60)
    region: str = Field(max_length=12)
    year: int = Field(ge=2000, le=2100)
    op: Literal["≤", "<", "≥", ">", "=", "~", "≈"]
    value: str = Field(max_length=40)
    unit: str = Field("", max_length=20)
    upper: str = Field("", max_length=40)
    stretch: str = Field("", max_length=40)
    organisation: str = Field("", max_length=40)
    data_region: str = Field("", max_length=60)
    parent: str = Field("", max_length=32)
    weight: str = Field("", max_length=20)
    base_year: int | None = Field(None, ge=2000, le=2100)
    base_value: str = Field("", max_length=40)
    basis: str = Field("", max_length=500)


class TargetBindIn(Schema):
    """Which indicator an item of a document means, and whose data count."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"indicator": "pm25_mean"}]})

    indicator: str = Field(max_length=60)
    region: str = Field("", max_length=12)
    organisation: str = Field("", max_length=40)
    data_region: str = Field("", max_length=60)
    base_year: int | None = Field(None, ge=2000, le=2100)
    base_value: str = Field("", max_length=40)
    parent: str = Field("", max_length=32)
    weight: str = Field("", max_length=20)


class TargetMilestoneIn(Schema):
    """A milestone: what is to be reached by the end of a day."""

    day: date
    value: str = Field(max_length=40)


class TargetPathIn(Schema):
    """The milestones of a path; the last one is the target itself."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"milestones": [{"day": "2026-12-31", "value": "30"}]}]},
    )

    milestones: list[TargetMilestoneIn] = Field(max_length=60)
    reason: str = Field("", max_length=500)


class TargetReasonIn(Schema):
    """Why."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "年度计划"}]})

    reason: str = Field(min_length=1, max_length=500)


class TargetJudgeIn(Schema):
    """Up to which day; yesterday by default."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"day": "2026-11-21"}]})

    day: date | None = None


class TargetReportAsked(Schema):
    """Which targets."""

    region: str = Field(max_length=12)
    year: int = Field(ge=2013, le=2100)
    day: date | None = None


class TargetOut(Schema):
    """A target with its path, how it stands and where it is written."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"number": "MB-2026-0001"}]})

    number: str
    indicator: str
    judged: dict[str, Any] | None
    basis: dict[str, Any]
    path: list[dict[str, Any]]
    revision: int


class TargetDeskOut(Schema):
    """The targets of a document with what each can mean."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"items": []}]})

    items: list[dict[str, Any]]


@router.get("targets", response=Page[dict[str, Any]], operation_id="list_targets")
def list_targets(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[TargetFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the targets with how they stand; also as CSV or XLSX."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    rows = _targets(request)
    number = asked.pop("document", None)
    if number:
        rows = rows.filter(item__startswith=f"{plain(number)}-")
    paging.sort = paging.sort or "-year,number"
    return answer(request, TARGETS, rows, paging, asked, row=_row)


@router.post("targets", response={201: TargetOut}, operation_id="make_target")
def make(request: HttpRequest, given: TargetIn) -> HttpResponse:
    """Make a target by hand; its basis is told in words."""
    told = given.model_dump(exclude={"basis"})
    told = _clean(told)
    place = Region.objects.filter(pk=told["region"]).first()
    basis = {"title": plain(given.basis)} if given.basis else {}
    made = targets.make(
        actor(request),
        targets.Wanted(**told, basis=basis),
        datetime.now(UTC),
        simulated=bool(place and place.simulated),
    )
    return document(request, _shown(request, made), 201)


@router.get("targets/report", operation_id="report_targets")
def report(request: HttpRequest, asked: Query[TargetReportAsked]) -> HttpResponse:
    """Judge the targets of a region for a year and return the report as a Word file, citing both sources."""
    region, year = plain(asked.region), asked.year
    wanted = _targets(request).filter(region_id=region, year=year, state="active")
    rows = list(wanted.order_by("number"))
    if not rows:
        raise InputError("indicators.no_target", value=region)
    until = day_of(asked.day)
    lines = [_line(request, row, until) for row in rows]
    made = target_report(lines, rows[0].region.name, until, datetime.now(CHINA).date())
    return download(written(made, write_docx, "docx"), "docx", f"targets-{region}-{year}.docx")


@router.get("targets/breakdown/{number}", response=TargetDeskOut, operation_id="target_breakdown")
def breakdown(request: HttpRequest, number: str) -> HttpResponse:
    """Say whether the parts of a target come to the whole, or why it cannot be said."""
    whole = _target(request, number)
    parts = list(_targets(request).filter(parent=whole, state="active").order_by("number"))
    below = Region.objects.filter(parent=whole.region, valid_to=None)
    missing = list(below.exclude(pk__in=[one.region.pk for one in parts]).values_list("name", flat=True))
    told = [
        Part(one.region.name, Decimal(one.value), Decimal(one.weight) if one.weight else None)
        for one in parts
    ]
    known = registry.definition(whole.indicator)
    found = consistency(known, whole.op, Decimal(whole.value), told, missing if parts else ())
    return document(request, {"items": [_row(one) for one in parts], "consistency": found.as_dict()})


@router.get("targets/{number}", response=TargetOut, operation_id="get_target")
def get_target(request: HttpRequest, number: str) -> HttpResponse:
    """Return a target with its path, the judgement kept last, and where it is written."""
    return document(request, _shown(request, _target(request, number)))


@router.post("targets/{number}/judge", response=TargetOut, operation_id="judge_target")
def judge(request: HttpRequest, number: str, given: TargetJudgeIn) -> HttpResponse:
    """Judge a target up to a day from the data as they are now, and keep the judgement."""
    found = _target(request, number)
    begun_from(request, found)
    kept = keeping.keep_judgement(
        actor(request), found, day_of(given.day), reading(request), datetime.now(UTC)
    )
    return document(request, _shown(request, kept))


@router.put("targets/{number}/path", response=TargetOut, operation_id="lay_target_path")
def lay(request: HttpRequest, number: str, given: TargetPathIn) -> HttpResponse:
    """Give a target the milestones of its path; a frozen path becomes a draft of its next revision."""
    found = _target(request, number)
    begun_from(request, found)
    rows = [{"day": one.day.isoformat(), "value": one.value} for one in given.milestones]
    laid = targets.lay(actor(request), found, rows, given.reason)
    return document(request, _shown(request, laid))


@router.post("targets/{number}/freeze", response={201: TargetOut}, operation_id="freeze_target_path")
def freeze(request: HttpRequest, number: str, given: TargetReasonIn) -> HttpResponse:
    """Propose that the path is frozen; another person decides, under ``/proposals``."""
    found = _target(request, number)
    begun_from(request, found)
    targets.propose_freeze(actor(request), found, given.reason, datetime.now(UTC))
    return document(request, _shown(request, _target(request, number)), 201)


@router.get("plans/{number}/targets", response=TargetDeskOut, operation_id="target_binding_desk")
def get_desk(request: HttpRequest, number: str) -> HttpResponse:
    """Return the targets of a document: what each can mean, what hinders, and what it is bound to."""
    found = _document(request, number)
    require(actor(request), "read", Thing(Item.KIND, found.region.path))
    known = [
        {"code": one.code, "name": one.name.text(), "unit": one.unit, "theme": one.theme}
        for one in registry.definitions().values()
    ]
    allowed = may(actor(request), "create", Thing(Target.KIND, found.region.path)).allowed
    told = {"items": binding.desk(found), "indicators": known, "may_bind": allowed}
    return document(request, {**told, "region": found.region.pk, "region_name": found.region.name})


@router.post("plans/{number}/targets/{place}", response={201: TargetOut}, operation_id="bind_target")
def bind(request: HttpRequest, number: str, place: int, given: TargetBindIn) -> HttpResponse:
    """Bind an accepted item to an indicator; it becomes a target that keeps where it is written."""
    found = _document(request, number)
    rows = visible(actor(request), Item.KIND, Item.objects.select_related("document__region"))
    item = rows.filter(document=found, place=place).first() if 0 <= place < 10**6 else None
    if item is None:
        raise InputError("center_plans.none", value=place)
    begun_from(request, item)
    made = binding.bind(actor(request), item, binding.Choice(**_clean(given.model_dump())), datetime.now(UTC))
    return document(request, _shown(request, made), 201)


def _part(row: Target) -> Part:
    return Part(row.region.name, Decimal(row.value), Decimal(row.weight) if row.weight else None)


def _line(request: HttpRequest, row: Target, day: date) -> Line:
    return Line(row.number, keeping.judged(row, day, reading(request)), Written.of(_written(row)))


def _written(row: Target) -> dict[str, Any]:
    return {**row.basis, "document": row.basis.get("name") or row.basis.get("document", "")}


def _targets(request: HttpRequest) -> Any:
    rows = Target.objects.select_related("region", "organisation", "parent")
    return visible(actor(request), Target.KIND, rows)


def _target(request: HttpRequest, number: str) -> Target:
    found: Target | None = _targets(request).filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise InputError("tables.no_record", value=number.replace("\x00", "")[:40])
    return found


def _document(request: HttpRequest, number: str) -> Document:
    rows = visible(actor(request), Document.KIND, Document.objects.select_related("region"))
    found: Document | None = rows.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise InputError("center_plans.none", value=number.replace("\x00", ""))
    return found


def _row(row: Any) -> dict[str, Any]:
    judged = row.judged or {}
    measured = judged.get("measured") or {}
    return {
        **TARGETS.row(row),
        "name": _name(row.indicator),
        "verdict": judged.get("verdict"),
        "now": measured.get("value"),
        "gap": judged.get("gap"),
        "judged_day": judged.get("day"),
        "item": row.item,
    }


def _name(code: str) -> str:
    known = registry.definitions().get(code)
    return known.name.text() if known else code


def _shown(request: HttpRequest, row: Target) -> dict[str, Any]:
    who, thing = actor(request), thing_of(row)
    freezing = Thing(f"proposal:{targets.KIND}", row.region.path)
    allowed = may(who, "change", thing).allowed
    return {
        **mask(who, row, _row(row)),
        "definition": registry.definition(row.indicator).as_dict(),
        "basis": row.basis,
        "base_year": row.base_year,
        "base_value": row.base_value,
        "path": row.path,
        "path_method": row.path_method,
        "path_steps": row.path_steps,
        "judged": spoken(row.judged, language_of(request)) or None,
        "may_change": allowed,
        "may_judge": may(who, "run", thing).allowed,
        "may_freeze": allowed and row.path_state == "draft" and may(who, "propose", freezing).allowed,
    }


def spoken(kept: Any, wanted: str = "") -> Any:
    """Return kept plain values with every sentence of two languages in the reader's."""
    wanted = wanted or language()
    if isinstance(kept, Mapping):
        if set(kept) == {"zh", "en"}:
            return kept[wanted]
        return {name: spoken(value, wanted) for name, value in kept.items()}
    return [spoken(one, wanted) for one in kept] if isinstance(kept, list) else kept


def _clean(told: dict[str, Any]) -> dict[str, Any]:
    return {name: plain(value) if isinstance(value, str) else value for name, value in told.items()}
