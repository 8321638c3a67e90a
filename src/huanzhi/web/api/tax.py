"""Environmental tax 环境保护税: declarations by quarter, review and exchange, rates, free computations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi import standards
from huanzhi.assess.tax import Rates, rates_of
from huanzhi.assess.tax.quarters import last_day, quarter_at, quarter_of
from huanzhi.assess.tax.tables import LAW, held_provinces
from huanzhi.assess.tax.tables import RATES as RATE_STANDARDS
from huanzhi.ecocode.tax import declaring
from huanzhi.ecocode.tax.exporting import exchange, sheets
from huanzhi.ecocode.tax.listing import DECLARATIONS, RATES
from huanzhi.ecocode.tax.models import TaxDeclaration, TaxRate
from huanzhi.ecocode.tax.online import rows_of
from huanzhi.ecocode.tax.rates import enter, rates_for
from huanzhi.ecocode.tax.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.giving import give
from huanzhi.library.rights import Actor, Thing, mask, require, visible
from huanzhi.library.rights.decision import rules_held
from huanzhi.messages import text, using
from huanzhi.programmes.tax.reductions import proposals
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.once import Clean, idempotent
from huanzhi.web.api.own import enterprise_of, own_choices
from huanzhi.web.api.papers import download, paper

router = Router(tags=["tax"])
DeclarationFilters = filters(
    "TaxDeclarationFilters",
    DECLARATIONS.columns,
    open=(bool | None, Field(None, description="not confirmed by the enterprise yet")),
)
RateFilters = filters("TaxRateFilters", RATES.columns)
Cell = str | int | float | bool | None


class TaxDraftIn(Clean):
    """A quarter to draft; without rows from online monitoring."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"enterprise": "E1", "quarter": "2026Q3"}]}
    )

    quarter: str = Field(max_length=12)
    enterprise: str = Field("", max_length=18)
    rows: list[dict[str, Cell]] | None = Field(None, max_length=2000)


class TaxStepIn(Clean):
    """A step: ``confirm``, ``agree``, ``doubt``."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"step": "confirm"}]})

    step: str = Field(max_length=20)
    words: str = Field("", max_length=2000)


class TaxAmendIn(Clean):
    """A row to change, to add (`row` is the number of rows) or to remove (`values` null), with the reason."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"row": 0, "values": {"quantity": "95.2"}, "reason": "在线设备故障"}]
        },
    )

    row: int = Field(ge=0, le=2000)
    values: dict[str, Cell] | None = None
    reason: str = Field(min_length=1, max_length=2000)


class TaxReductionIn(Clean):
    """A reduction that was proposed, by outlet, month and item: accepted, or declined with a reason."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"place": "DA001", "month": "2026-07", "item": "二氧化硫", "step": "accept"}]
        },
    )

    place: str = Field(max_length=100)
    month: str = Field(max_length=7)
    item: str = Field(max_length=100)
    step: Literal["accept", "decline"]
    words: str = Field("", max_length=500)


class TaxComputeIn(Clean):
    """Rows to compute without keeping anything."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "province": "浙江",
                    "quarter": "2026Q3",
                    "rows": [
                        {
                            "kind": "air",
                            "place": "DA001",
                            "month": "2026-07",
                            "item": "SO2",
                            "quantity": "100",
                        }
                    ],
                }
            ]
        },
    )

    province: str = Field(max_length=20)
    quarter: str = Field(max_length=12)
    rows: list[dict[str, Cell]] = Field(max_length=2000)


class TaxRateIn(Clean):
    """A rate that the province decided."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "province": "江苏",
                    "medium": "air",
                    "yuan": "4.8",
                    "basis": "决定",
                    "valid_from": "2018-01-01",
                }
            ]
        },
    )

    province: str = Field(max_length=20)
    medium: Literal["air", "water"]
    yuan: str = Field(max_length=20)
    basis: str = Field(min_length=1, max_length=200)
    items: str = Field("", max_length=500)
    confidence: str = Field("ONE SOURCE", max_length=40)
    valid_from: date
    valid_to: date | None = None


class TaxDeclarationOut(Schema):
    """A declaration with its rows, every step of the arithmetic, the differences and what I may do."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"number": "SB-2026Q3-E1"}]})

    number: str
    quarter: str
    state: str
    total: str
    rows: list[dict[str, Any]]
    result: dict[str, Any]
    allowed: list[str]
    revision: int


class TaxResultOut(Schema):
    """A computation: lines with their steps, sums, rates, cautions."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"total": "126.32"}]})

    lines: list[dict[str, Any]]
    total: str


class TaxWordsOut(Schema):
    """Words of forms and lists, items that are taxed, and what I may begin."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"state": []}]})

    state: list[dict[str, Any]]
    may_draft: bool


class TaxRateOut(Schema):
    """A rate."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"code": "江苏/air"}]})

    code: str


class TaxTablesOut(Schema):
    """The rates that ship, by province and date, each with its confidence."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"rates": []}]})

    rates: list[dict[str, Any]]
    range: list[dict[str, Any]]


@router.get("tax-words", response=TaxWordsOut, operation_id="tax_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return the words of forms and lists, the items of the law, and what the reader may begin."""
    who, today = actor(request), datetime.now(CHINA).date()
    law = standards.in_force(LAW, today)
    found: dict[str, Any] = {
        name: [{"value": code, "zh": row["zh"], "en": row["en"]} for code, row in settings()[name].items()]
        for name in ("state", "source", "steps")
    }
    names = ("air", "water_class1", "water_class2", "water_other", "water_small", "solid")
    found["items"] = {name: list(law.table(name).names()) for name in names}
    found["exemptions"] = [
        {"value": row["name"], "zh": row["zh"], "en": row["en"]} for row in law.table("exemptions").rows
    ]
    found |= {"provinces": list(held_provinces()), "difference": settings()["difference"]}
    found |= {"review": settings()["review"], "own": own_choices(who), "quarter": quarter_at(today)}
    found["may_draft"] = any(rules_held(who, "create", TaxDeclaration.KIND))
    found["may_review"] = any(rules_held(who, "approve", TaxDeclaration.KIND))
    found["may_enter_rates"] = any(rules_held(who, "create", TaxRate.KIND))
    return document(request, found)


@router.get("tax-declarations", response=Page[dict[str, Any]], operation_id="list_tax_declarations")
def list_declarations(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[DeclarationFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List declarations, the newest quarter first; also as CSV or XLSX."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    rows = _readable(actor(request))
    if (is_open := asked.pop("open", None)) is not None:
        waiting = ("drafted", "amended", "doubtful")
        rows = rows.filter(state__in=waiting) if is_open else rows.exclude(state__in=waiting)
    paging.sort = paging.sort or "-quarter,number"
    return answer(request, DECLARATIONS, rows, paging, asked)


@router.post("tax-declarations", response={201: TaxDeclarationOut}, operation_id="draft_tax_declaration")
@idempotent
def draft(request: HttpRequest, given: TaxDraftIn) -> HttpResponse:
    """Draft a quarter from online monitoring, or from the rows given."""
    who, quarter = actor(request), quarter_of(given.quarter)
    enterprise = _enterprise(who, given.enterprise)
    body = enterprise.organisation.code if enterprise.organisation else ""
    require(who, "create", Thing(TaxDeclaration.KIND, enterprise.region.path, body, "own"))
    online = rows_of(enterprise, quarter)
    rows: Sequence[dict[str, Any]] = online if given.rows is None else given.rows
    if not rows:
        raise InputError("tax.no_online", value=enterprise.code)
    reductions = proposals(enterprise.pk, quarter, online)
    made = declaring.draft(
        who, enterprise, quarter, rows, datetime.now(UTC), online=online, reductions=reductions
    )
    return document(request, shown(who, made), 201)


@router.get("tax-declarations/{number}", response=TaxDeclarationOut, operation_id="get_tax_declaration")
def get_declaration(request: HttpRequest, number: str) -> HttpResponse:
    """Return a declaration with every step of its arithmetic."""
    return document(request, shown(actor(request), _found(request, number)))


@router.post(
    "tax-declarations/{number}/steps", response=TaxDeclarationOut, operation_id="step_tax_declaration"
)
@idempotent
def take_step(request: HttpRequest, number: str, given: TaxStepIn) -> HttpResponse:
    """Confirm (the taxpayer), agree to or doubt (the bureau) a declaration."""
    who, held = actor(request), _found(request, number)
    begun_from(request, held)
    return document(
        request, shown(who, declaring.take(who, held, given.step, given.words, datetime.now(UTC)))
    )


@router.post(
    "tax-declarations/{number}/rows", response=TaxDeclarationOut, operation_id="amend_tax_declaration"
)
@idempotent
def amend(request: HttpRequest, number: str, given: TaxAmendIn) -> HttpResponse:
    """Change, add or remove a row with a reason; the tax is computed anew."""
    who, held = actor(request), _found(request, number)
    begun_from(request, held)
    done = declaring.amend(who, held, given.row, given.values, given.reason, datetime.now(UTC))
    return document(request, shown(who, done))


@router.post(
    "tax-declarations/{number}/reductions",
    response=TaxDeclarationOut,
    operation_id="settle_tax_reduction",
)
@idempotent
def settle_reduction(request: HttpRequest, number: str, given: TaxReductionIn) -> HttpResponse:
    """Accept or decline a reduction of article 13 that was proposed from online data."""
    who, held = actor(request), _found(request, number)
    begun_from(request, held)
    key = (given.place, given.month, given.item)
    done = declaring.settle_reduction(who, held, key, given.step, given.words, datetime.now(UTC))
    return document(request, shown(who, done))


@router.get("tax-declarations/{number}/file", operation_id="get_tax_declaration_file")
def get_file(
    request: HttpRequest, number: str, form: Literal["docx", "xlsx", "csv"] = "xlsx"
) -> HttpResponse:
    """Return a declaration as DOCX, XLSX or CSV: lines with the arithmetic, and the differences."""
    held = _found(request, number)
    with using(language_of(request)):
        mark = text("rankings.mark_simulated") if held.simulated else ""
        return paper(sheets(held), form, f"tax-{held.number}", mark=mark)


@router.post("tax-exchange", operation_id="send_tax_declarations")
def send(request: HttpRequest, quarter: str, region: str = "") -> HttpResponse:
    """Make the exchange file of the reviewed declarations of a quarter and mark them as sent."""
    who, now = actor(request), datetime.now(UTC)
    rows = _readable(who).filter(quarter=quarter_of(quarter), state__in=settings()["steps"]["send"]["from"])
    if region:
        rows = rows.filter(region__path__contains=f"{region[:12]}/".replace("\x00", ""))
    held = [one for one in rows.select_related("enterprise__organisation", "region") if _may_send(who, one)]
    if not held:
        raise InputError("tax.nothing_to_send", value=quarter)
    content, digest = exchange(held, quarter_of(quarter), now)
    for one in held:
        declaring.send(who, one, digest, now)
    return download(content, "json", f"tax-exchange-{quarter_of(quarter)}.json")


@router.post("tax-computations", response=TaxResultOut, operation_id="compute_tax")
def compute_freely(request: HttpRequest, given: TaxComputeIn) -> HttpResponse:
    """Compute the tax of rows and keep nothing."""
    quarter = quarter_of(given.quarter)
    rates = rates_for(given.province.replace("\x00", ""), last_day(quarter))
    return document(request, declaring.shown(declaring.computed(given.rows, quarter, rates), rates))


@router.get("tax-tables", response=TaxTablesOut, operation_id="tax_tables")
def get_tables(request: HttpRequest) -> HttpResponse:
    """Return the rates that ship, by province and date, with their confidence, and the range of the law."""
    held = [
        _rates(edition.standard, edition.interval.start, edition.interval.end)
        for name in held_provinces()
        for edition in standards.standard(f"{RATE_STANDARDS} {name}").editions
    ]
    law = standards.in_force(LAW, datetime.now(CHINA).date())
    ranges = [{name: str(row[name]) for name in ("name", "least", "most")} for row in law.table("range").rows]
    return document(request, {"rates": held, "range": ranges})


@router.get("tax-rates", response=Page[dict[str, Any]], operation_id="list_tax_rates")
def list_rates(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[RateFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the rates that the city entered; they go before those that ship."""
    paging.sort = paging.sort or "province"
    return answer(
        request, RATES, visible(actor(request), TaxRate.KIND, TaxRate.objects.all()), paging, wanted
    )


@router.post("tax-rates", response={201: TaxRateOut}, operation_id="enter_tax_rate")
def enter_rate(request: HttpRequest, given: TaxRateIn) -> HttpResponse:
    """Enter a rate; it has to lie within the range of the law."""
    made = enter(actor(request), give(TaxRate(), RATES, given.model_dump(exclude_none=True)))  # type: ignore[arg-type]
    return document(request, RATES.row(made), 201)


def shown(who: Actor, held: TaxDeclaration) -> dict[str, Any]:
    """Return a declaration as it is shown."""
    return {
        **mask(who, held, DECLARATIONS.row(held)),
        "rows": held.rows,
        "result": held.result,
        "online": held.online,
        "differences": held.differences,
        "share": str(settings()["difference"]["share"]),
        "sent_digest": held.sent_digest,
        "steps": held.steps,
        "allowed": declaring.allowed(who, held),
    }


def _rates(standard: str, start: date, end: date | None) -> dict[str, Any]:
    found: Rates = rates_of(standard.removeprefix(f"{RATE_STANDARDS} "), start)
    return {
        "province": found.place,
        "number": found.number,
        "from": start.isoformat(),
        "to": end.isoformat() if end else None,
        "confidence": found.confidence.value,
        "rows": [
            {"medium": one.medium, "yuan": str(one.yuan), "items": list(one.items)} for one in found.rows
        ],
    }


def _may_send(who: Actor, one: TaxDeclaration) -> bool:
    return "send" in declaring.allowed(who, one)


def _enterprise(who: Actor, code: str) -> Enterprise:
    found = enterprise_of(who, code)
    if found is None:
        raise InputError("issues.no_enterprise", value=code or None)
    return found


def _readable(who: Actor) -> Any:
    return visible(who, TaxDeclaration.KIND, TaxDeclaration.objects.all())


def _found(request: HttpRequest, number: str) -> TaxDeclaration:
    rows = _readable(actor(request)).select_related("region", "enterprise__organisation")
    found: TaxDeclaration | None = rows.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise InputError("tax.none", value=number.replace("\x00", ""))
    return found
