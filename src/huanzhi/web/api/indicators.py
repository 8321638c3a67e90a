"""Indicators 指标: the registry, values as they are now and as they were kept, values given by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import ConfigDict, Field

from huanzhi.errors import InputError
from huanzhi.library.indicators import evidence, registry, reporting
from huanzhi.library.indicators.listing import INDICATOR_COLUMNS, VALUES
from huanzhi.library.indicators.models import Indicator, Target, Value
from huanzhi.library.indicators.units import factor
from huanzhi.library.places.models import Region
from huanzhi.library.records.acting import act
from huanzhi.library.rights import Thing, require, visible
from huanzhi.library.rights.decision import rules_held
from huanzhi.programmes.indicators import keeping
from huanzhi.programmes.indicators.curves import curve
from huanzhi.programmes.indicators.measured import Measured
from huanzhi.programmes.indicators.measuring import FORMULAS
from huanzhi.programmes.spans import Span, parse_span
from huanzhi.web.api.actors import actor
from huanzhi.web.api.indicator_reading import day_of, plain, reading
from huanzhi.web.api.lists import Page, Paging, answer, answer_rows, document, filters
from huanzhi.web.api.papers import download

router = Router(tags=["indicators"])
IndicatorFilters = filters("IndicatorFilters", INDICATOR_COLUMNS)
ValueFilters = filters("IndicatorValueFilters", VALUES.columns)


class IndicatorIn(Schema):
    """An indicator that the city adds; the formula is one of those that the platform has."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "code": "charging_posts",
                    "region": "990001",
                    "name": "充电桩数量",
                    "definition": "在用公共充电桩",
                    "unit": "个",
                    "direction": "up",
                    "formula": {"name": "reported"},
                }
            ]
        },
    )

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{1,58}$")
    region: str = Field(max_length=12)
    theme: str = Field("work", max_length=20)
    name: str = Field(min_length=1, max_length=100)
    name_en: str = Field("", max_length=200)
    aliases: list[str] = Field(default_factory=list, max_length=40)
    definition: str = Field(min_length=1, max_length=1000)
    basis: str = Field("", max_length=300)
    unit: str = Field(min_length=1, max_length=20)
    direction: Literal["up", "down", "none"] = "up"
    decimals: int | None = Field(None, ge=0, le=6)
    cycle: list[Literal["month", "quarter", "year"]] = Field(default_factory=lambda: ["year"])
    owner: str = Field("", max_length=100)
    formula: dict[str, Any]


class ReportedIn(Schema):
    """A value given by hand; another person confirms it."""

    region: str = Field(max_length=12)
    first: date
    last: date
    value: str = Field(max_length=40)
    unit: str = Field("", max_length=20)
    reason: str = Field("", max_length=1000)


class FigureAsked(Schema):
    """Which value."""

    region: str = Field(max_length=12)
    year: int | None = Field(None, ge=2013, le=2100)
    day: date | None = Field(None, description="up to which day; yesterday by default")
    data_region: str = Field("", max_length=60, description="whose data stand in")


class IndicatorOut(Schema):
    """An indicator."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"code": "pm25_mean"}]})

    code: str
    name: str
    unit: str
    formula: dict[str, Any]


class IndicatorFigureOut(Schema):
    """A value with what it stands on."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"value": "31"}]})


@router.get("indicators", response=Page[dict[str, Any]], operation_id="list_indicators")
def list_indicators(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[IndicatorFilters],  # type: ignore[valid-type]
    region: str = "",
) -> HttpResponse:
    """List the registry of indicators with the newest kept value; also as CSV or XLSX."""
    require(actor(request), "read", Thing(Indicator.KIND))
    rows = _registry(request, region)
    paging.limit = paging.limit or 200
    return answer_rows(request, INDICATOR_COLUMNS, rows, paging, wanted, lambda: "indicators")


@router.get("indicators/words", response=IndicatorFigureOut, operation_id="indicator_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return themes, formulas and what I may do."""
    who = actor(request)
    seen = visible(who, Region.KIND, Region.objects.filter(valid_to=None)).order_by("pk")[:200]
    themes = [{"value": code, **row} for code, row in registry.themes().items()]
    formulas = [{"name": name, "needs": list(needs)} for name, needs in FORMULAS.items()]
    return document(
        request,
        {
            "themes": themes,
            "formulas": formulas,
            "region": next((held.path.strip("/").rpartition("/")[2] for held in who.held), ""),
            "regions": [{"code": row.pk, "name": row.name} for row in seen],
            "may_add": any(rules_held(who, "create", Indicator.KIND)),
            "may_report": any(rules_held(who, "create", Value.KIND)),
            "may_target": any(rules_held(who, "create", Target.KIND)),
        },
    )


@router.post("indicators", response={201: IndicatorOut}, operation_id="add_indicator")
def add(request: HttpRequest, given: IndicatorIn) -> HttpResponse:
    """Add an indicator of the city, or put one in the place of a shipped one of the same code."""
    who, told = actor(request), given.model_dump(exclude={"region"})
    place = _region(request, given.region)
    name = str(given.formula.get("name"))
    if name not in FORMULAS or any(part not in given.formula for part in FORMULAS[name]):
        raise InputError("indicators.no_formula", value=name, expected=", ".join(FORMULAS))
    if given.theme not in registry.themes():
        raise InputError(
            "records.field", column="theme", value=given.theme, reason=", ".join(registry.themes())
        )
    factor(given.unit, given.unit)
    with transaction.atomic():
        if Indicator.objects.filter(code=given.code).exists():
            raise InputError("indicators.code_twice", value=given.code)
        made = Indicator(region=place, simulated=place.simulated, **told)
        act(who, made, "create", given.basis, right="create")
    return document(request, made.as_definition().as_dict(), 201)


@router.get("indicators/{code}", response=IndicatorOut, operation_id="get_indicator")
def get_indicator(request: HttpRequest, code: str) -> HttpResponse:
    """Return an indicator with its kept values and targets that I may see."""
    who = actor(request)
    require(who, "read", Thing(Indicator.KIND))
    known = registry.definition(code)
    values = visible(who, Value.KIND, Value.objects.filter(indicator=code).select_related("region"))
    targets = visible(who, Target.KIND, Target.objects.filter(indicator=code, state="active"))
    rows = targets.select_related("region").order_by("-year", "number")[:100]
    return document(
        request,
        {
            **known.as_dict(),
            "values": [_value_row(row) for row in values.order_by("-last", "code")[:60]],
            "targets": [_target_row(row) for row in rows],
        },
    )


@router.get("indicators/{code}/figure", response=IndicatorFigureOut, operation_id="get_indicator_figure")
def get_figure(request: HttpRequest, code: str, asked: Query[FigureAsked]) -> HttpResponse:
    """Reckon an indicator of a region now: the year up to a day, with what it stands on."""
    known, place = registry.definition(code), _region(request, asked.region)
    day = day_of(asked.day)
    year = asked.year or day.year
    found = _measured(request, known, place, parse_span(str(year)), day, asked.data_region)
    return document(request, found.as_dict())


@router.get("indicators/{code}/curve", response=IndicatorFigureOut, operation_id="get_indicator_curve")
def get_curve(request: HttpRequest, code: str, asked: Query[FigureAsked]) -> HttpResponse:
    """Return an indicator month by month: each month by itself, and the year up to its end."""
    known, place = registry.definition(code), _region(request, asked.region)
    day = day_of(asked.day)
    year = asked.year or day.year
    points = _curve(request, known, place, year, day, asked.data_region)
    own = Target.objects.filter(indicator=code, region=place, state="active").order_by("-year")
    targets = visible(actor(request), Target.KIND, own).select_related("region")
    return document(
        request,
        {
            "code": code,
            "name": known.name.text(),
            "unit": known.unit,
            "year": year,
            "points": points,
            "targets": [_target_row(row) for row in targets[:10]],
        },
    )


def _curve(
    request: HttpRequest, known: registry.Definition, place: Region, year: int, day: date, data: str
) -> list[dict[str, Any]]:
    where = keeping.region_of(place, day, data)
    if keeping.from_store(known):
        found: list[dict[str, Any]] = reading(request)(lambda store: curve(store, known, where, year, day))
        return found
    return curve(None, known, where, year, day, path=place.path)


def _measured(
    request: HttpRequest, known: registry.Definition, place: Region, span: Span, day: date, data: str
) -> Measured:
    return keeping.measured(
        known,
        place,
        span,
        day,
        reading(request),
        data_region=data,
        history=False,
    )


@router.get("indicator-values", response=Page[dict[str, Any]], operation_id="list_indicator_values")
def list_values(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[ValueFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List kept values: reckoned ones and those given by hand; also as CSV or XLSX."""
    paging.sort = paging.sort or "-last"
    return answer(request, VALUES, visible(actor(request), Value.KIND, Value.objects.all()), paging, wanted)


@router.get("indicator-values/{code}", response=IndicatorFigureOut, operation_id="get_indicator_value")
def get_value(request: HttpRequest, code: str) -> HttpResponse:
    """Return a kept value with what it stands on."""
    found = _value(request, code)
    return document(request, {**_value_row(found), "inputs": found.inputs, "evidence": _pieces(found)})


@router.get("indicator-values/{code}/evidence/{place}", operation_id="get_indicator_evidence")
def get_evidence(request: HttpRequest, code: str, place: int) -> HttpResponse:
    """Return a piece of evidence, checked against its digest."""
    pieces = _value(request, code).evidence
    if not 0 <= place < len(pieces):
        raise InputError("indicators.no_value", value=place)
    return download(evidence.read(pieces[place]), "", pieces[place]["name"])


@router.post(
    "indicators/{code}/values", response={201: IndicatorFigureOut}, operation_id="report_indicator_value"
)
def report(
    request: HttpRequest, code: str, given: Form[ReportedIn], file: File[UploadedFile]
) -> HttpResponse:
    """Report a value by hand with evidence; another person confirms it, under ``/proposals``."""
    told = {name: plain(v) if isinstance(v, str) else v for name, v in given.model_dump().items()}
    made = reporting.report(
        actor(request),
        reporting.Reported(code, **told),
        [(file.name or "", file.read())],
        datetime.now(UTC),
        simulated=_region(request, given.region).simulated,
    )
    return document(request, _value_row(made), 201)


def _registry(request: HttpRequest, region: str) -> list[dict[str, Any]]:
    who = actor(request)
    newest = _newest(visible(who, Value.KIND, Value.objects.all()), region)
    counted: dict[str, int] = {}
    for code in visible(who, Target.KIND, Target.objects.filter(state="active")).values_list(
        "indicator", flat=True
    ):
        counted[code] = counted.get(code, 0) + 1
    return [
        {
            **one.as_dict(),
            "formula_name": one.formula.get("name"),
            "targets": counted.get(one.code, 0),
            **newest.get(one.code, {"value": None, "value_span": None}),
        }
        for one in registry.definitions().values()
    ]


def _newest(rows: Any, region: str) -> Mapping[str, dict[str, Any]]:
    """Return the newest value of each indicator that counts, of a region where one is asked for."""
    rows = rows.filter(state__in=("reckoned", "confirmed"))
    if region:
        rows = rows.filter(region_id=plain(region))
    found: dict[str, dict[str, Any]] = {}
    for row in rows.order_by("indicator", "last", "first", "pk").select_related("region")[:5000]:
        span = f"{row.region.name} {row.first}～{row.last}"
        found[row.indicator] = {"value": row.value or None, "value_span": span, "value_code": row.code}
    return found


def _value(request: HttpRequest, code: str) -> Value:
    rows = visible(actor(request), Value.KIND, Value.objects.select_related("region", "organisation"))
    found: Value | None = rows.filter(code=code).first() if "\x00" not in code else None
    if found is None:
        raise InputError("tables.no_record", value=code.replace("\x00", "")[:60])
    return found


def _value_row(row: Value) -> dict[str, Any]:
    return {**VALUES.row(row), "may_confirm": False}


def _pieces(found: Value) -> list[dict[str, Any]]:
    return [{**piece, "place": place} for place, piece in enumerate(found.evidence)]


def _target_row(row: Target) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ("number", "year", "op", "value", "unit", "stretch", "path")}
    return {
        **told,
        "region": row.region.pk,
        "region_name": row.region.name,
        "path_state": row.path_state,
        "verdict": row.judged.get("verdict"),
        "simulated": row.simulated,
    }


def _region(request: HttpRequest, code: str) -> Region:
    found = Region.objects.filter(pk=code).first() if code and "\x00" not in code else None
    if found is None:
        raise InputError("indicators.no_region", value=code.replace("\x00", "")[:12])
    require(actor(request), "read", Thing(Value.KIND, found.path))
    return found
