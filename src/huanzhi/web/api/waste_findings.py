"""Findings of waste 异常: explained by the enterprise, settled by the office or made an issue; all stay."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from huanzhi.ecocode.waste import findings
from huanzhi.ecocode.waste.listing import FINDINGS
from huanzhi.ecocode.waste.models import Finding
from huanzhi.ecocode.waste.writing import acts_for
from huanzhi.library.rights import Actor, mask, may, thing_of
from huanzhi.programmes.waste.rounds import settle as settle_finding
from huanzhi.programmes.waste.rounds import to_issue
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.waste_reading import found, now, rows_of
from huanzhi.web.api.waste_shapes import WasteExplainIn, WasteOut, WasteSettleIn, WasteWordsIn

router = Router(tags=["waste"])
FindingFilters = filters(
    "WasteFindingFilters",
    FINDINGS.columns,
    standing=(bool | None, Field(None, description="not over yet")),
)


@router.get("waste/findings", response=Page[dict[str, Any]], operation_id="list_waste_findings")
def list_findings(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[FindingFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List what does not fit, the newest first; what was settled or fits again stays in the history."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    rows = rows_of(request, FINDINGS)
    if (standing := asked.pop("standing", None)) is not None:
        rows = rows.filter(until__isnull=standing)
    paging.sort = paging.sort or "-day"
    return answer(request, FINDINGS, rows, paging, asked)


@router.get("waste/findings/one", response=WasteOut, operation_id="get_waste_finding")
def get_finding(request: HttpRequest, code: str) -> HttpResponse:
    """Return a finding with its figures, explanation, settlement, steps, and what I may do."""
    return document(request, finding_row(actor(request), _found(request, code)))


@router.post("waste/findings/explain", response=WasteOut, operation_id="explain_waste_finding")
def explain(request: HttpRequest, code: str, given: WasteExplainIn) -> HttpResponse:
    """Say why, as the enterprise."""
    row, who = _found(request, code), actor(request)
    begun_from(request, row)
    return document(request, finding_row(who, findings.explain(who, row, given.words, now())))


@router.post("waste/findings/settle", response=WasteOut, operation_id="settle_waste_finding")
def settle(request: HttpRequest, code: str, given: WasteSettleIn) -> HttpResponse:
    """Settle a finding, on a basis and with words that say why; its issue gets the settlement as a record.

    The issue stays open until it is verified and written off by its own steps.
    """
    row, who = _found(request, code), actor(request)
    begun_from(request, row)
    return document(request, finding_row(who, settle_finding(who, row, given.basis, given.words, now())))


@router.post("waste/findings/issue", response=WasteOut, operation_id="open_issue_of_waste_finding")
def make_issue(request: HttpRequest, code: str, given: WasteWordsIn) -> HttpResponse:
    """Open an issue of a finding that stands, without waiting for the daily round."""
    row, who = _found(request, code), actor(request)
    begun_from(request, row)
    return document(request, finding_row(who, to_issue(who, row, given.words, now())))


def _found(request: HttpRequest, code: str) -> Finding:
    row: Finding = found(request, FINDINGS, code)
    return row


def finding_row(who: Actor, row: Finding) -> dict[str, Any]:
    """Return a finding as it is shown."""
    stands, office = row.until is None, may(who, "approve", thing_of(row)).allowed
    return {
        **mask(who, row, FINDINGS.row(row)),
        "steps": row.steps,
        "may_explain": stands and acts_for(who, row.enterprise),
        "may_settle": stands and office,
        "may_issue": stands and office and not row.issue,
    }
