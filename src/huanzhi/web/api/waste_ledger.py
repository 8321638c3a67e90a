"""Waste 固体废物: codes, plans, ledgers, balance, storage, figures, findings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from huanzhi.ecocode.waste import ledgers, plans, storage
from huanzhi.ecocode.waste.balance import FLOWS, Balance, Key, balances, keys
from huanzhi.ecocode.waste.codes import described, kilograms
from huanzhi.ecocode.waste.figures import figures, zero_waste
from huanzhi.ecocode.waste.kept import mismatched
from huanzhi.ecocode.waste.listing import ENTRIES, PLANS
from huanzhi.ecocode.waste.models import Check, Entry, Finding, Licence, Plan
from huanzhi.ecocode.waste.settings import catalogue, checklists, manifests, settings
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.columns import Kind, told
from huanzhi.library.records.selecting import of_rows
from huanzhi.library.rights import mask, may, thing_of
from huanzhi.library.rights.decision import rules_held
from huanzhi.messages import text, using
from huanzhi.standards.periods import stamp
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import (
    Page,
    Paging,
    answer,
    answer_page,
    answer_rows,
    begun_from,
    document,
    filters,
)
from huanzhi.web.api.waste_reading import enterprises, found, now, own, rows_of, today
from huanzhi.web.api.waste_shapes import (
    WasteCorrectionIn,
    WasteEntriesIn,
    WasteEntryIn,
    WasteOut,
    WastePlanIn,
    WasteToldOut,
)

router = Router(tags=["waste"])
EntryFilters = filters("WasteEntryFilters", ENTRIES.columns)
PlanFilters = filters("WastePlanFilters", PLANS.columns)
_TABLES = (
    "kind", "source", "way", "plan_state", "class", "packaging", "booking", "route", "licence",
    "licence_state", "finding", "finding_state", "settlement", "grade", "check_state", "object",
)  # fmt: skip
_ACROSS = ("title", "number", "confidence", "valid_months", "materials", "clock", "reapply")


@router.get("waste/words", response=WasteToldOut, operation_id="waste_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return the words of the forms, limits and terms with their confidence, and what I may do."""
    who, told_ = actor(request), settings()
    found_: dict[str, Any] = {name: _named(told_[name]) for name in _TABLES}
    found_["manifest_state"] = _named(manifests()["state"])
    found_["manifest_move"] = _named(manifests()["move"])
    found_["party"] = _named(manifests()["party"])
    found_["approval_state"] = _named(manifests()["approval"]["state"])
    found_["rule"] = dict(manifests()["rule"])
    found_["terms"] = dict(manifests()["terms"])
    found_["across"] = {name: manifests()["approval"][name] for name in _ACROSS}
    found_["proof"] = dict(manifests()["proof"])
    for name in (
        "classes",
        "plan",
        "ledger",
        "storage",
        "small",
        "routes",
        "assessment",
        "difference",
        "balance",
        "transport",
        "licence_ending",
    ):
        found_[name] = dict(told_[name])
    found_["ours"] = told_["ours"]
    found_["checklists"] = {name: checklists()[name] for name in told_["object"]}
    with using(language_of(request)):
        found_["distance_note"] = text("waste.distance_note")
        found_["left"] = {why: text(f"waste.left_{why}") for why in ("weight", "window", "time")}
    found_["own"] = own(request)
    found_["may_enter"] = any(rules_held(who, "create", Entry.KIND))
    found_["may_assess"] = any(rules_held(who, "approve", Check.KIND))
    found_["may_settle"] = any(rules_held(who, "approve", Finding.KIND))
    found_["may_license"] = any(rules_held(who, "create", Licence.KIND))
    return document(request, found_)


def _named(rows: Any) -> list[dict[str, str]]:
    return [{"value": code, "zh": row["zh"], "en": row["en"]} for code, row in rows.items()]


@router.get("waste/codes", response=WasteToldOut, operation_id="waste_codes")
def get_codes(request: HttpRequest) -> HttpResponse:
    """Return the catalogue as far as it is known: classes, codes known by name, parts of a code."""
    table = catalogue()
    return document(
        request,
        {
            "title": table["title"],
            "from": table["from"].isoformat(),
            "classes": [{"code": f"HW{code}", **row} for code, row in table["class"].items()],
            "number": table["classes"],
            "number_confidence": table["classes_confidence"],
            "names_confidence": table["names_confidence"],
            "parts": table["parts"],
            "codes": [described(code) for code in table["code"]],
        },
    )


@router.get("waste/codes/{code}", response=WasteToldOut, operation_id="waste_code")
def get_code(request: HttpRequest, code: str) -> HttpResponse:
    """Return what is known of a waste code: its parts, class, name, and with what confidence."""
    with using(language_of(request)):
        return document(request, described(code[:40]))


@router.get("waste-entries", include_in_schema=False)
@router.get("waste/entries", response=Page[dict[str, Any]], operation_id="list_waste_entries")
def list_entries(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[EntryFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the rows of ledgers, the newest day first; also as CSV or XLSX."""
    paging.sort = paging.sort or "-day"
    return answer(request, ENTRIES, rows_of(request, ENTRIES), paging, wanted)


@router.post("waste/entries", response={201: WasteOut}, operation_id="enter_waste")
def enter(request: HttpRequest, given: WasteEntryIn) -> HttpResponse:
    """Enter a row of the ledger."""
    made = ledgers.enter(actor(request), given.model_dump(), now())
    return document(request, ENTRIES.row(made), 201)


@router.post("waste/entries/batch", response={201: WasteToldOut}, operation_id="enter_waste_rows")
def enter_batch(request: HttpRequest, given: WasteEntriesIn) -> HttpResponse:
    """Enter rows that a program sends, all or none; the number of a wrong row is named."""
    made = ledgers.enter_all(actor(request), [one.model_dump() for one in given.items], now())
    return document(request, {"entered": len(made), "codes": [one.code for one in made]}, 201)


@router.post("waste/entries/correct", response={201: WasteOut}, operation_id="correct_waste")
def correct(request: HttpRequest, code: str, given: WasteCorrectionIn) -> HttpResponse:
    """Mend a row by a further row that names it; the row itself is never changed."""
    entry: Entry = found(request, ENTRIES, code)
    begun_from(request, entry)
    made = ledgers.correct(actor(request), entry, given.kg, given.words, now())
    return document(request, ENTRIES.row(made), 201)


@router.get("waste/plans", response=Page[dict[str, Any]], operation_id="list_waste_plans")
def list_plans(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[PlanFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the management plans, the newest year first."""
    paging.sort = paging.sort or "-year"
    return answer(request, PLANS, rows_of(request, PLANS), paging, wanted)


@router.post("waste/plans", response={201: WasteOut}, operation_id="write_waste_plan")
def write_plan(request: HttpRequest, given: WastePlanIn) -> HttpResponse:
    """Write the plan of a year, or a change of the one that was filed."""
    made = plans.write(actor(request), given.model_dump(), now())
    return document(request, plan_row(request, made), 201)


@router.get("waste/plans/{number}", response=WasteOut, operation_id="get_waste_plan")
def get_plan(request: HttpRequest, number: str) -> HttpResponse:
    """Return a plan with its items, class, the reports that follow, and what was generated so far."""
    return document(request, plan_row(request, found(request, PLANS, number)))


@router.post("waste/plans/{number}/file", response=WasteOut, operation_id="file_waste_plan")
def file_plan(request: HttpRequest, number: str) -> HttpResponse:
    """File a plan; the version before it is replaced."""
    plan: Plan = found(request, PLANS, number)
    begun_from(request, plan)
    done = plans.file(actor(request), plan, now())
    return document(request, plan_row(request, done))


def plan_row(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    """Return a plan as it is shown."""
    who, last = actor(request), date(plan.year, 12, 31)
    made = {one.waste: one.year for one in balances([plan.enterprise_id], date(plan.year, 1, 1), last)}
    items = [
        {
            **item,
            "made_kg": kilograms(item["made"]),
            "kg": kilograms(item["amount"]),
            "generated_kg": kilograms(made.get(item["waste"], 0)),
            "name": described(item["waste"])["name"],
        }
        for item in plan.items
    ]
    return {
        **mask(who, plan, PLANS.row(plan)),
        "items": items,
        "due": plans.due(plan.year).isoformat(),
        "basis": settings()["plan"]["basis"],
        "confidence": settings()["plan"]["confidence"],
        "reports": plans.reports_due(plan.management, plan.year) if plan.management else [],
        "reports_confidence": settings()["reports"]["confidence"],
        "may_file": plan.state == "draft" and may(who, "change", thing_of(plan)).allowed,
    }


class WasteSpan(Schema):
    """Days and whose; this year so far by default."""

    first: date | None = Field(None, alias="from")
    last: date | None = Field(None, alias="to")
    enterprise: str = Field("", max_length=18)
    region: str = Field("", max_length=12)
    waste: str = Field("", max_length=10)


def _days(span: WasteSpan) -> tuple[date, date]:
    last = span.last or today()
    return span.first or date(last.year, 1, 1), last


_KG = {"kind": Kind.NUMBER, "sort": True}
BALANCE_COLUMNS = (
    told("enterprise", "企业编码", "enterprise", filter=True),
    told("enterprise_name", "企业", "name", search=True, sort=True),
    told("waste", "废物代码", "waste code", search=True, sort=True),
    told("opening_kg", "期初（kg）", "opening [kg]", **_KG),
    *(
        told(f"{kind}_kg", f"{settings()['kind'][kind]['zh']}（kg）", f"{kind} [kg]", **_KG)
        for kind in FLOWS
    ),
    told("closing_kg", "期末（kg）", "closing [kg]", **_KG),
    told("counted_kg", "盘点（kg）", "counted [kg]", **_KG),
    told("sent_kg", "联单转出（kg）", "sent by manifests [kg]", **_KG),
    told("arrived_kg", "联单接收（kg）", "received by manifests [kg]", **_KG),
    told("planned_kg", "年计划（kg）", "planned for the year [kg]", **_KG),
    told("year_kg", "本年产生（kg）", "generated in the year [kg]", **_KG),
    told("reasons", "不平原因", "what does not fit", kind=Kind.JSON),
    told("reckoned", "核算时间", "reckoned", kind=Kind.MOMENT),
    told("simulated", "模拟", "simulated", kind=Kind.TRUTH),
)  # fmt: skip


@router.get("waste/balance", response=Page[dict[str, Any]], operation_id="waste_balance")
def get_balance(
    request: HttpRequest, paging: Query[Paging], span: Query[WasteSpan], mismatch: bool = False
) -> HttpResponse:
    """List the balances by enterprise and waste, with what does not fit and with what confidence.

    Sorted by name or waste, only those of the page are reckoned; by an amount, all. What does not fit in the
    year so far is known before; ``reckoned`` is the moment of it.
    """
    first, last = _days(span)
    whose = enterprises(request, ENTRIES, span.region, span.enterprise)
    kept = mismatch and (first, last) == (date(today().year, 1, 1), today())
    wrong = mismatched(last, whose) if kept else None
    if (kept or not mismatch) and _sorts(paging.sort) <= {"enterprise_name", "waste"}:
        return _balance_page(request, paging, whose, (first, last), span.waste, wrong)
    whose = whose.filter(pk__in={owner for owner, _ in wrong}) if wrong is not None else whose
    seen = _names(whose)
    rows = [_balance(one, seen[one.enterprise], wrong) for one in balances(seen, first, last, span.waste)]
    rows = [row for row in rows if row["reasons"]] if mismatch else rows
    return answer_rows(request, BALANCE_COLUMNS, rows, paging)


def _sorts(written: str) -> set[str]:
    return {part.strip().removeprefix("-") for part in written.split(",") if part.strip()}


Wrong = dict[Key, datetime] | None


def _balance_page(
    request: HttpRequest, paging: Paging, whose: Any, days: tuple[date, date], waste: str, wrong: Wrong
) -> HttpResponse:
    """Answer the balances of a page: which there are is known by the ledger's index, the rest is reckoned."""
    names = dict(whose.order_by().values_list("pk", "name"))
    every = keys(whose.order_by().values("pk"), days[1], waste) if wrong is None else sorted(wrong)
    light = [
        {"key": key, "enterprise_name": names[key[0]], "waste": key[1]}
        for key in every
        if not waste or key[1] == waste
    ]
    found = of_rows(BALANCE_COLUMNS, light, {}, paging.q, paging.sort)

    def take(begin: int, end: int) -> list[dict[str, Any]]:
        wanted = [row["key"] for row in found[begin:end]]
        owners = Enterprise.objects.in_bulk({enterprise for enterprise, _ in wanted})
        made = {(one.enterprise, one.waste): one for one in balances(owners, *days, waste)}
        return [_balance(made[key], owners[key[0]], wrong) for key in wanted if key in made]

    return answer_page(request, BALANCE_COLUMNS, paging, len(found), take)


def _names(rows: Any) -> dict[int, Enterprise]:
    return {one.pk: one for one in rows.order_by("code")}


def _balance(one: Balance, owner: Enterprise, wrong: Wrong) -> dict[str, Any]:
    counted = one.counted
    return {
        "code": f"{owner.code}/{one.waste}",
        "enterprise": owner.code,
        "enterprise_name": owner.name,
        "waste": one.waste,
        "name": described(one.waste)["name"],
        "opening_kg": kilograms(one.opening + one.flows.get("opening", 0)),
        **{f"{kind}_kg": kilograms(one.flows.get(kind, 0)) for kind in FLOWS},
        "closing_kg": kilograms(one.closing),
        "counted_kg": kilograms(counted[1]) if counted else None,
        "counted_on": counted[0].isoformat() if counted else None,
        "sent_kg": kilograms(one.sent),
        "arrived_kg": kilograms(one.arrived),
        "planned_kg": kilograms(one.planned),
        "year_kg": kilograms(one.year),
        "reasons": one.mismatches(),
        "reckoned": stamp((wrong or {}).get((one.enterprise, one.waste))),
        "simulated": owner.simulated,
    }


STORAGE_COLUMNS = (
    told("enterprise", "企业编码", "enterprise", filter=True),
    told("enterprise_name", "企业", "name", search=True, sort=True),
    told("waste", "废物代码", "waste code", search=True, sort=True),
    told("kg", "库存（kg）", "in store [kg]", **_KG),
    told("oldest", "最早入库", "oldest", kind=Kind.DATE, sort=True),
    told("days", "贮存天数", "days", kind=Kind.INTEGER, sort=True),
    told("limit_days", "期限（天）", "limit [d]", kind=Kind.INTEGER),
    told("over_kg", "超期量（kg）", "too old [kg]", **_KG),
    told("side", "单位", "side", filter=True),
    told("standing", "状态", "standing", filter=True),
    told("confidence", "可信度", "confidence"),
    told("basis", "依据", "basis"),
    told("simulated", "模拟", "simulated", kind=Kind.TRUTH),
)


@router.get("waste/storage", response=Page[dict[str, Any]], operation_id="waste_storage")
def get_storage(
    request: HttpRequest,
    paging: Query[Paging],
    enterprise: str = "",
    region: str = "",
    day: date | None = None,
    standing: str = "",
) -> HttpResponse:
    """List the stocks by age, first in first out, against the rule of operator or producer."""
    when = day or today()
    seen = _names(enterprises(request, ENTRIES, region, enterprise))
    rows = [
        _stock(stock, rule, how, seen[stock.enterprise], when)
        for stock, rule, how in storage.aged(storage.stocks(seen, when), when)
    ]
    return answer_rows(request, STORAGE_COLUMNS, rows, paging, {"standing": standing} if standing else {})


def _stock(
    stock: storage.Stock, rule: dict[str, Any], how: str, owner: Enterprise, day: date
) -> dict[str, Any]:
    return {
        "code": f"{owner.code}/{stock.waste}",
        "enterprise": owner.code,
        "enterprise_name": owner.name,
        "waste": stock.waste,
        "kg": kilograms(stock.grams),
        "oldest": stock.oldest.isoformat() if stock.oldest else None,
        "days": stock.age(day),
        "limit_days": rule["days"],
        "over_kg": kilograms(stock.older(rule["days"], day)),
        "side": rule["side"],
        "standing": how,
        "confidence": rule["confidence"],
        "basis": rule["basis"],
        "layers": [{"day": one.day.isoformat(), "kg": kilograms(one.grams)} for one in stock.layers[:50]],
        "simulated": owner.simulated,
    }


@router.get("waste/figures", response=WasteToldOut, operation_id="waste_figures")
def get_figures(request: HttpRequest, span: Query[WasteSpan]) -> HttpResponse:
    """Return key figures by region or enterprise: generated, disposed of, transferred, stored, the rate."""
    first, last = _days(span)
    seen = enterprises(request, ENTRIES, span.region, span.enterprise)
    return document(request, {**figures(seen, first, last), "ours": settings()["ours"]})


@router.get("waste/zero-waste", response=WasteToldOut, operation_id="waste_zero_waste")
def get_zero_waste(request: HttpRequest, year: int | None = None, region: str = "") -> HttpResponse:
    """Return the indicators of a zero-waste city that the ledgers tell; they are ours."""
    wanted = min(max(year or today().year, 2000), 2100)
    return document(request, {"items": zero_waste(enterprises(request, ENTRIES, region), wanted)})
