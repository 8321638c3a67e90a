"""Execution reports 执行报告: begun from a duty, filled in on screen or by sheet, handed in, reviewed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router
from ninja.files import UploadedFile

from huanzhi.ecocode.permits import reporting
from huanzhi.ecocode.permits.allowing import outlet_names
from huanzhi.ecocode.permits.listing import REPORTS, SHEET
from huanzhi.ecocode.permits.models import Report
from huanzhi.ecocode.permits.periods import read
from huanzhi.errors import InputError
from huanzhi.library.rights import Actor, may, thing_of, visible
from huanzhi.library.sheets.reading import read_filled
from huanzhi.library.sheets.writing import workbook
from huanzhi.messages import using
from huanzhi.standards.parameters import all_parameters
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.once import idempotent
from huanzhi.web.api.papers import download
from huanzhi.web.api.permit_duties import duty_of, today
from huanzhi.web.api.permit_shapes import PermitReportIn, PermitReportOut, PermitReviewIn

router = Router(tags=["permits"])
ReportFilters = filters("PermitReportFilters", REPORTS.columns)
MOST_BYTES = 5_000_000
"""Bytes of a sheet. Ours."""


@router.get("permit-reports", response=Page[dict[str, Any]], operation_id="list_permit_reports")
def list_reports(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[ReportFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List execution reports, the newest first; also as CSV or XLSX."""
    paging.sort = paging.sort or "-submitted"
    return answer(request, REPORTS, _reports(request), paging, wanted)


@router.post("permit-duties/{code}/report", response=PermitReportOut, operation_id="begin_permit_report")
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Return the report of a duty, begun now where there is none."""
    return document(request, _shown(request, reporting.begin(actor(request), duty_of(request, code))))


@router.get("permit-reports/{code}", response=PermitReportOut, operation_id="get_permit_report")
def get_report(request: HttpRequest, code: str) -> HttpResponse:
    """Return a report with its rows, what the monitors have, and what I may do."""
    return document(request, _shown(request, report_of(request, code)))


@router.put("permit-reports/{code}", response=PermitReportOut, operation_id="fill_permit_report")
def fill(request: HttpRequest, code: str, given: PermitReportIn) -> HttpResponse:
    """Write quantities and statements into a report that is not handed in."""
    report = report_of(request, code)
    begun_from(request, report)
    rows = [row.model_dump() for row in given.rows]
    return document(request, _shown(request, reporting.fill(actor(request), report, rows, given.answers)))


@router.get("permit-reports/{code}/sheet", operation_id="get_permit_report_sheet")
def get_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """Return the rows of a report as a workbook, to fill in and take back."""
    report = report_of(request, code)
    with using(language_of(request)):
        content = workbook(SHEET.columns, _named(actor(request), report.rows))
    return download(content, "xlsx", f"{report.code}.xlsx")


@router.post(
    "permit-reports/{code}/sheet", response=PermitReportOut, operation_id="fill_permit_report_by_sheet"
)
def take_sheet(request: HttpRequest, code: str, file: File[UploadedFile]) -> HttpResponse:
    """Take the filled workbook back; nothing is taken where a row is wrong."""
    report = report_of(request, code)
    begun_from(request, report)
    if (file.size or 0) > MOST_BYTES:
        raise InputError("sheets.too_long", file=file.name, value=file.size)
    filled = read_filled(SHEET, file.read(), file.name or "")
    rows = [{name: _cell(value) for name, value in filled.values(cells).items()} for _, cells in filled.rows]
    return document(request, _shown(request, reporting.fill(actor(request), report, rows, report.answers)))


def _cell(value: Any) -> str:
    """Return a cell as text; a whole number of a workbook arrives as 5.0 and is 5."""
    if isinstance(value, float):
        return f"{int(value)}" if value.is_integer() else f"{value!r}"
    return "" if value is None else str(value)


@router.post("permit-reports/{code}/submit", response=PermitReportOut, operation_id="submit_permit_report")
@idempotent
def submit(request: HttpRequest, code: str) -> HttpResponse:
    """Hand a report in; the answer has a receipt."""
    report = report_of(request, code)
    begun_from(request, report)
    return document(request, _shown(request, reporting.submit(actor(request), report, datetime.now(UTC))))


@router.post("permit-reports/{code}/review", response=PermitReportOut, operation_id="review_permit_report")
def review(request: HttpRequest, code: str, given: PermitReviewIn) -> HttpResponse:
    """Accept a report, or return it with reasons."""
    report = report_of(request, code)
    begun_from(request, report)
    done = reporting.review(actor(request), report, given.verdict, given.words, datetime.now(UTC))
    return document(request, _shown(request, done))


def _reports(request: HttpRequest) -> Any:
    return visible(actor(request), Report.KIND, Report.objects.all())


def report_of(request: HttpRequest, code: str) -> Report:
    """Return a report that I may see; InputError ``permits.none`` otherwise."""
    rows = _reports(request).select_related("enterprise__region", "enterprise__organisation", "permit")
    found: Report | None = rows.filter(code=code).first() if "\x00" not in code else None
    if found is None:
        raise InputError("permits.none", value=code.replace("\x00", "")[:120])
    return found


def _named(who: Actor, rows: list[reporting.Row]) -> list[reporting.Row]:
    """Return rows of a report with the names of the outlets that the reader may read; of others the code."""
    names = outlet_names(who, (row["outlet"] for row in rows))
    return [{**row, "outlet_name": names.get(row["outlet"], "")} for row in rows]


def _shown(request: HttpRequest, report: Report) -> dict[str, Any]:
    who, thing = actor(request), thing_of(report)
    open_ = report.state in ("draft", "returned")
    rows = report.rows if report.state in ("submitted", "accepted") else reporting.compared(report)
    known = all_parameters()
    named = [
        {**row, "parameter_name": known[row["parameter"]].name if row["parameter"] in known else ""}
        for row in _named(who, rows)
    ]
    waiting = report.state == "submitted" and who.code != report.submitted_by
    return {
        **REPORTS.row(report),
        "permit": report.permit.code,
        "rows": named,
        "answers": report.answers,
        "questions": list(reporting.ANSWERS),
        "steps": report.steps,
        "over": today() >= read(report.period).after,
        "may_fill": open_ and may(who, "change", thing).allowed,
        "may_review": waiting and may(who, "approve", thing).allowed,
    }
