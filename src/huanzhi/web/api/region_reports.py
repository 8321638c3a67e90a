"""Reports of regions 三级生态环境状况报告: written, reviewed, handed in; who has reported; reminders."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from huanzhi.errors import InputError
from huanzhi.library.documents import write_docx, write_xlsx
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.publications import reporting
from huanzhi.library.publications.content import document_of
from huanzhi.library.publications.listing import region_report_table
from huanzhi.library.publications.models import RegionReport
from huanzhi.library.publications.settings import settings
from huanzhi.library.publications.writing import region_of
from huanzhi.library.records.columns import Column, Kind, told, told_choice, told_moment, told_truth
from huanzhi.library.rights import Actor, Thing, may, require, thing_of, visible
from huanzhi.library.series import open_store
from huanzhi.messages import using
from huanzhi.programmes.spans import Span, parse_span
from huanzhi.programmes.status_report.regions import content
from huanzhi.standards.model import Confidence
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, answer_rows, begun_from, document, filters
from huanzhi.web.api.papers import download, written
from huanzhi.web.api.petition_shapes import choices
from huanzhi.web.api.publication_shapes import (
    PublicationWordsIn,
    RegionCoverageOut,
    RegionReportIn,
    RegionReportOut,
    RegionReportStepIn,
    ReportReminderIn,
    readable,
)

router = Router(tags=["reports"])
TABLE = region_report_table()
RegionReportFilters = filters("RegionReportFilters", TABLE.columns)


class CoverageAsked(Paging):
    """Whose reports of which period; rows as a file with `format`."""

    period: str = Field(max_length=30)
    root: str = Field(
        "", max_length=12, description="region at the top; that of the bureau where none is named"
    )


@router.get("region-reports", response=Page[dict[str, Any]], operation_id="list_region_reports")
def list_reports(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[RegionReportFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the reports of regions, the newest first."""
    paging.sort = paging.sort or "-number"
    return answer(request, TABLE, _rows(request), paging, wanted)


@router.get("region-reports/words", response=dict[str, Any], operation_id="region_report_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return states, levels, terms and the regions that report."""
    root = _root("")
    regions = reporting.expected(root) if root else []
    told_ = {
        "state": choices(settings()["report_state"]),
        "standing": choices(settings()["standing"]),
        "level": choices({code: settings()["level"][code] for code in reporting.LEVELS}),
        "due": settings()["due"],
        "root": root.code if root else None,
        "regions": [
            {"code": one.code, "name": one.name, "level": reporting.level_of(one)}
            for one in regions
            if may(actor(request), "read", Thing(RegionReport.KIND, one.path)).allowed
        ],
        "may_begin": may(
            actor(request), "create", Thing(RegionReport.KIND, root.path if root else "")
        ).allowed,
    }
    return document(request, told_)


COVERAGE: tuple[Column, ...] = (
    told("region", "地区编码", "region code", filter=True),
    told("region_name", "地区", "region", search=True),
    told_choice("level", "层级", "level", settings()["level"]),
    told_choice("standing", "报送状态", "standing", settings()["standing"]),
    told("due", "期限", "due", kind=Kind.DATE, sort=True),
    told_truth("overdue", "超期", "overdue"),
    told_truth("late", "迟报", "handed in late"),
    told("report", "报告编号", "report"),
    told_moment("submitted", "上报时间", "handed in"),
    told("reminders", "催报次数", "reminders", kind=Kind.INTEGER, sort=True),
    told_moment("reminded", "最近催报", "last reminder"),
    told_truth("simulated", "模拟", "simulated"),
)


@router.get("region-reports/coverage", response=RegionCoverageOut, operation_id="region_report_coverage")
def get_coverage(request: HttpRequest, asked: Query[CoverageAsked]) -> HttpResponse:
    """Say who of a tree of regions has reported for a period, who is late, who was reminded."""
    who, root = actor(request), _root(asked.root)
    require(who, "read", Thing(RegionReport.KIND))
    if root is None:
        raise InputError("publications.no_region", column="root", value=asked.root)
    period = period_of(asked.period)
    found = reporting.coverage(root, period, _today(), _rows(request).filter(period=period.code))
    paths = dict(Region.objects.filter(pk__in=[row["region"] for row in found]).values_list("code", "path"))
    rows = [row for row in found if _reads(who, paths[row["region"]])]
    if asked.format and asked.format != "json":
        return answer_rows(request, COVERAGE, rows, asked)
    states = [row["standing"] for row in rows]
    told_ = {
        "period": period.code,
        "words": _words(request, period.code),
        "root": root.code,
        "expected": len(rows),
        "submitted": states.count("submitted"),
        "missing": states.count("missing"),
        "overdue": sum(row["overdue"] for row in rows),
        "confidence": _confidence(request),
        "may_remind": may(who, "command", Thing("report_reminder", root.path)).allowed,
        "items": rows,
    }
    return document(request, told_)


@router.post("region-reports", response={201: RegionReportOut}, operation_id="begin_region_report")
def post_report(request: HttpRequest, given: RegionReportIn) -> HttpResponse:
    """Draft the report of a region from the figures, by the template of its level."""
    who, region = actor(request), region_of(given.region)
    require(who, "create", Thing(RegionReport.KIND, region.path))
    period, span = period_of(given.period), parse_span(given.period)
    with open_store("read") as store:
        made, simulated = content(store, span, region, _today(), given.issuer.strip())
    held = reporting.begin(who, region, period, made, datetime.now(UTC), simulated=simulated)
    return _document(request, held, 201)


@router.post("region-reports/reminders", response={201: dict[str, Any]}, operation_id="remind_of_report")
def post_reminder(request: HttpRequest, given: ReportReminderIn) -> HttpResponse:
    """Remind a region of its report."""
    region, period = region_of(given.region), period_of(given.period)
    made = reporting.remind(actor(request), region, period, given.words, datetime.now(UTC))
    return document(request, {"region": region.code, "period": period.code, "at": made.at}, 201)


@router.get("region-reports/{number}", response=RegionReportOut, operation_id="get_region_report")
def get_report(request: HttpRequest, number: str) -> HttpResponse:
    """Return a report with its content, its edits and its steps."""
    return _document(request, _found(request, number))


@router.patch("region-reports/{number}/words", response=RegionReportOut, operation_id="write_region_report")
def patch_words(request: HttpRequest, number: str, given: PublicationWordsIn) -> HttpResponse:
    """Write one paragraph anew; what was and what is stays with the report."""
    held = _begun(request, number)
    told_ = (given.language, given.block, given.words, given.reason, datetime.now(UTC))
    reporting.edit(actor(request), held, *told_)
    return _document(request, held)


@router.post("region-reports/{number}/steps", response=RegionReportOut, operation_id="step_region_report")
def post_step(request: HttpRequest, number: str, given: RegionReportStepIn) -> HttpResponse:
    """Take a step: reviewed by another person, handed in, sent back, drafted anew."""
    who, held, now = actor(request), _begun(request, number), datetime.now(UTC)
    if given.step == "renew":
        with open_store("read") as store:
            made, _ = content(store, parse_span(held.period), held.region, _today(), _issuer(held))
        reporting.renew(who, held, made, given.words, now)
    else:
        step = {"review": reporting.review, "submit": reporting.submit, "send_back": reporting.send_back}
        step[given.step](who, held, given.words, now)
    return _document(request, held)


@router.get("region-reports/{number}/paper", operation_id="region_report_paper")
def get_paper(request: HttpRequest, number: str, format: Literal["docx", "xlsx"] = "docx") -> HttpResponse:
    """Return a report as Word file or workbook."""
    held, spoken = _found(request, number), language_of(request)
    with using(spoken):
        made = document_of(held.content, spoken)
        body = written(made, write_xlsx if format == "xlsx" else write_docx, format)
    return download(body, format, f"{made.title}.{format}")


def period_of(written_: str) -> reporting.Period:
    """Return a period that is reported on; InputError ``rankings.span`` for spans of days."""
    span: Span = parse_span(written_)
    if span.kind == "days":
        raise InputError("rankings.span", value=written_, expected="2026-10, 2026Q3, 2026")
    return reporting.Period(span.code(), span.kind, span.last)


def _words(request: HttpRequest, code: str) -> str:
    with using(language_of(request)):
        return parse_span(code).words()


def _confidence(request: HttpRequest) -> str:
    with using(language_of(request)):
        return Confidence(settings()["due"]["confidence"]).text()


def _issuer(held: RegionReport) -> str:
    return str(held.content.get("zh", {}).get("signature", ""))


def _today() -> Any:
    return datetime.now(CHINA).date()


def _root(code: str) -> Region | None:
    """Return the region at the top: the one that is named, else that of the bureau."""
    if code:
        return region_of(code)
    bureau = Organisation.objects.filter(kind="bureau").select_related("region").order_by("pk").first()
    return bureau.region if bureau else None


def _reads(who: Actor, path: str) -> bool:
    return may(who, "read", Thing(RegionReport.KIND, path)).allowed


def _rows(request: HttpRequest) -> Any:
    return visible(actor(request), RegionReport.KIND, RegionReport.objects.all())


def _found(request: HttpRequest, number: str) -> RegionReport:
    rows = _rows(request).select_related("region")
    found: RegionReport | None = rows.filter(number=number.replace("\x00", "")).first()
    if found is None:
        raise InputError("publications.no_report", value=number.replace("\x00", ""))
    return found


def _begun(request: HttpRequest, number: str) -> RegionReport:
    held = _found(request, number)
    begun_from(request, held)
    return held


def _document(request: HttpRequest, report: RegionReport, status: int = 200) -> HttpResponse:
    who = actor(request)
    held = RegionReport.objects.select_related("region").get(pk=report.pk)
    thing = thing_of(held)
    wrote = {held.drafted_by, *(one["by"] for one in held.edits)}
    with using(language_of(request)):
        told_ = {
            **TABLE.row(held),
            "content": {each: readable(held.content, each) for each in ("zh", "en")},
            "edits": held.edits,
            "steps": held.steps,
            "overdue": held.state != "submitted" and _today() > held.due,
            "may_change": may(who, "change", thing).allowed,
            "may_approve": may(who, "approve", thing).allowed,
            "may_review": may(who, "approve", thing).allowed and who.code not in wrote,
        }
    return document(request, told_, status)
