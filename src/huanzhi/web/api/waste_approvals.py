"""Transfer across provinces 跨省转移: applications, steps of the office with their clocks, what is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from huanzhi.ecocode.waste import approvals
from huanzhi.ecocode.waste.codes import described, kilograms
from huanzhi.ecocode.waste.listing import APPROVALS, in_kilograms
from huanzhi.ecocode.waste.models import Approval
from huanzhi.ecocode.waste.settings import manifests as table
from huanzhi.library.places.models import Region
from huanzhi.library.records.selecting import valid_on
from huanzhi.library.records.tables import shown
from huanzhi.library.rights import Actor, mask, may, thing_of
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.waste_reading import found, now, rows_of, today
from huanzhi.web.api.waste_shapes import WasteApprovalIn, WasteApprovalMoveIn, WasteOut

router = Router(tags=["waste"])
ApprovalFilters = filters(
    "WasteApprovalFilters",
    APPROVALS.columns,
    open=(bool | None, Field(None, description="not decided yet")),
    late=(bool | None, Field(None, description="beyond the end of the clock that runs")),
    valid=(bool | None, Field(None, description="granted and holding today")),
)


@router.get("waste/approvals", response=Page[dict[str, Any]], operation_id="list_waste_approvals")
def list_approvals(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[ApprovalFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the applications to transfer across provinces, the newest first; also as CSV or XLSX."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    rows = rows_of(request, APPROVALS)
    if (is_open := asked.pop("open", None)) is not None:
        states = table()["approval"]["state"].items()
        rows = rows.filter(state__in=[name for name, row in states if row["open"] == is_open])
    if asked.pop("late", False):
        rows = rows.filter(due__lt=now())
    if asked.pop("valid", False):
        rows = rows.filter(valid_on(today()), state="granted")
    paging.sort = paging.sort or "-number"
    names, moved = provinces(), approvals.moved()
    return answer(request, APPROVALS, rows, paging, asked, lambda row: _listed(row, names, moved))


def provinces() -> dict[str, str]:
    """Return the names of the provinces that are known, by code."""
    return dict(Region.objects.filter(code__endswith="0000").values_list("code", "name"))


def _listed(row: Any, names: Mapping[str, str], moved: Mapping[int, int]) -> dict[str, Any]:
    """Return an application with the names of both provinces, what is left, and whether it is late."""
    told = in_kilograms(APPROVALS, row)
    for name in ("from_province", "to_province"):
        told[name] = names.get(told[name], told[name])
    told["left_kg"] = kilograms(row.grams - moved.get(row.pk, 0))
    told["late"] = row.due is not None and row.due < now()
    return told


@router.post("waste/approvals", response={201: WasteOut}, operation_id="apply_waste_approval")
def apply(request: HttpRequest, given: WasteApprovalIn) -> HttpResponse:
    """Apply for a transfer across provinces; the first clock begins."""
    made = approvals.apply(actor(request), given.model_dump(), now())
    return document(request, approval_row(actor(request), made), 201)


@router.get("waste/approvals/{number}", response=WasteOut, operation_id="get_waste_approval")
def get_approval(request: HttpRequest, number: str) -> HttpResponse:
    """Return an application with its clocks, time of validity and what is left of its amount."""
    return document(request, approval_row(actor(request), found(request, APPROVALS, number)))


@router.post("waste/approvals/{number}/moves", response=WasteOut, operation_id="move_waste_approval")
def decide(request: HttpRequest, number: str, given: WasteApprovalMoveIn) -> HttpResponse:
    """Take a step of the office: accept, ask the other province, enter its reply, grant or deny."""
    row: Approval = found(request, APPROVALS, number)
    begun_from(request, row)
    done = approvals.decide(actor(request), row, given.move, given.model_dump(exclude={"move"}), now())
    return document(request, approval_row(actor(request), done))


def approval_row(who: Actor, row: Approval) -> dict[str, Any]:
    """Return an application as it is shown."""
    rule = table()["approval"]
    office = may(who, "approve", thing_of(row)).allowed
    return {
        **mask(who, row, _listed(row, provinces(), approvals.moved([row.pk]))),
        "dues": row.dues,
        "clocks": rule["clock"],
        "confidence": rule["confidence"],
        "valid_months": rule["valid_months"],
        "title": rule["title"],
        "rule_number": rule["number"],
        "materials": rule["materials"],
        "name": described(row.waste)["name"],
        "manifests": _manifests(row),
        "words": row.words,
        "steps": row.steps,
        "moves": [
            {"name": name, **{word: one[word] for word in ("zh", "en", "needs")}}
            for name, one in rule["move"].items()
            if office and row.state in one["from"]
        ],
    }


def _manifests(row: Approval) -> list[dict[str, Any]]:
    """Return the manifests that went by an approval, the newest first."""
    return [
        {
            "number": one.number,
            "state": one.state,
            "kg": kilograms(sum(line["loaded"] or line["told"] for line in one.lines)),
            "happened": shown(one.happened),
        }
        for one in row.manifests.order_by("-pk")
    ]
