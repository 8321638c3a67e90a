"""Reports 报告: the status report on the screen, and as Word file, workbook and page to keep."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.library.rights import Thing, require
from huanzhi.library.series import Store
from huanzhi.library.work.jobs import ask_for
from huanzhi.programmes.spans import parse_span
from huanzhi.programmes.status_report import status_report
from huanzhi.programmes.status_report.build import known_regions
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import document
from huanzhi.web.api.papers import download
from huanzhi.web.api.reading import read
from huanzhi.web.kept_reports import KIND, KeptReports, enter, make_status
from huanzhi.web.status import page_figures

router = Router(tags=["reports"])


class StatusAsked(Schema):
    """Which status report."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"period": "2026-03", "region": "宁波市"}]})
    period: str = Field(max_length=30)
    region: str | None = Field(None, max_length=60)
    edition: Literal["auto", "2012", "2026"] = "auto"


class StatusToMake(StatusAsked):
    """A status report to be made and kept."""

    issuer: str = Field("", max_length=100)
    events: list[date] = Field(default_factory=list, max_length=60)
    language: Literal["zh", "en"] = "zh"


class ReportOut(Schema):
    """The figures of a report, as the page shows them; none is computed there."""

    title: str
    region: str
    period: str
    generated: str
    simulated: bool
    keys: list[dict[str, Any]]
    sections: list[dict[str, Any]]
    cautions: list[str]


class MadeOut(Schema):
    """A report that was made."""

    id: str
    title: str
    region: str
    period: str
    edition: str
    language: str
    at: str
    by: str
    simulated: bool
    files: list[dict[str, Any]]


class JobStarted(Schema):
    """Work that was begun in the background."""

    job: int


class MadeListOut(Schema):
    """Reports that were made, newest first."""

    items: list[MadeOut]
    total: int


class RegionsOut(Schema):
    """Regions and periods that the store can report on."""

    items: list[str]
    total: int


@router.get("reports/status", response=ReportOut)
def show_status(request: HttpRequest, asked: Query[StatusAsked]) -> HttpResponse:
    """Return the status report of a region and period, to be looked at."""
    made = datetime.now(CHINA).date()

    def work(store: Store) -> dict[str, Any]:
        span = parse_span(asked.period)
        report = status_report(store, span, asked.region or None, today=made, edition=asked.edition)
        return page_figures(report.document, report.payload, made)

    return document(request, read(request, "report", work))


@router.get("reports/regions", response=RegionsOut)
def list_regions(request: HttpRequest) -> HttpResponse:
    """List the cities, provinces and basins that the store has places in."""
    items = read(request, "report", known_regions)
    return document(request, {"items": items, "total": len(items)})


@router.post("reports", response={201: MadeOut, 202: JobStarted})
def make_report(request: HttpRequest, asked: StatusToMake, background: bool = False) -> HttpResponse:
    """Make the status report as Word file, workbook and page, and keep it.

    With `background` the answer is 202 and the number of a job, see /jobs.
    """
    who = actor(request)
    require(who, "create", Thing("report"))
    parse_span(asked.period)
    given = asked.model_dump(mode="json")
    if background:
        job = ask_for(KIND, {"asked": given, "by": who.code}, who=who.code)
        return document(request, {"job": job.pk}, 202)
    made = read(
        request, "report", lambda store: make_status(store, given, who, datetime.now(CHINA), lambda _: None)
    )
    enter(who, made)
    return document(request, made.as_dict(), 201)


@router.get("reports", response=MadeListOut)
def list_made(request: HttpRequest) -> HttpResponse:
    """List the reports that were made, newest first."""
    require(actor(request), "read", Thing("report"))
    items = [one.as_dict() for one in KeptReports().all()]
    return document(request, {"items": items, "total": len(items)})


@router.get("reports/{report}/{form}")
def get_file(request: HttpRequest, report: str, form: Literal["docx", "xlsx", "html"]) -> HttpResponse:
    """Return one file of a report."""
    require(actor(request), "export", Thing("report"))
    made, content = KeptReports().file(report, form)
    return download(content, form, f"{made.title}.{form}")
