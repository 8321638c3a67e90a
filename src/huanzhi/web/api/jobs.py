"""Jobs 后台任务: what is being done in the background, how far it is, what came of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.errors import InputError
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.rights import Thing, require
from huanzhi.library.work import jobs
from huanzhi.library.work.forms import job_form
from huanzhi.library.work.models import STATES, Job
from huanzhi.messages import catalogue, using
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer_rows, filters

router = Router(tags=["jobs"])

SHOWN = 2000
"""Newest jobs that are listed. DEFAULT, NOT FROM THE DOCUMENTS."""


class JobOut(Schema):
    """A job; `progress` from 0 to 1."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": 7, "kind": "anchor", "state": "done", "progress": 1.0}]}
    )

    id: int
    kind: str
    name: str
    state: str
    progress: float
    words: str
    result: Any = None
    error: Any = None
    who: str
    made: str | None
    begun: str | None
    ended: str | None
    tries: int
    cancelling: bool


class JobIn(Schema):
    """What is to be done."""

    kind: str = Field(max_length=60, examples=["check"])


COLUMNS = (
    Column("id", Kind.INTEGER, sort=True),
    Column("kind", filter=True, sort=True),
    Column("name", search=True),
    Column("state", Kind.CHOICE, choices=STATES, filter=True, sort=True),
    Column("progress", Kind.NUMBER, sort=True),
    Column("words"),
    Column("who", filter=True, search=True),
    *(Column(name, Kind.MOMENT, sort=True) for name in ("made", "begun", "ended")),
    Column("tries", Kind.INTEGER),
    Column("cancelling", Kind.TRUTH),
    Column("result", Kind.JSON),
    Column("error", Kind.JSON),
)
JobFilters = filters("JobFilters", COLUMNS)


@router.get("jobs", response=Page[JobOut], url_name="jobs")
def list_jobs(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[JobFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the jobs, newest first."""
    require(actor(request), "read", Thing("job"))
    with using(language_of(request)):
        rows = [job_form(job) for job in Job.objects.all()[:SHOWN]]
    return answer_rows(request, COLUMNS, rows, paging, wanted, lambda: "jobs")


@router.get("jobs/{number}", response=JobOut, url_name="job")
def get_job(request: HttpRequest, number: int) -> dict[str, Any]:
    """Return one job."""
    require(actor(request), "read", Thing("job"))
    return _told(request, Job.objects.filter(pk=number).first() if 0 < number < 2**63 else None, number)


@router.post("jobs", response={201: JobOut}, url_name="ask_for_job")
def ask_for_job(request: HttpRequest, given: JobIn) -> tuple[int, dict[str, Any]]:
    """Ask for regular work now."""
    require(actor(request), "create", Thing("job"))
    if f"work.kind_{given.kind}" not in catalogue():
        raise InputError("work.unknown_kind", kind=given.kind)
    job = jobs.ask_for(given.kind, who=actor(request).code)
    return 201, _told(request, job, job.pk)


@router.post("jobs/{number}/cancel", response=JobOut, url_name="cancel_job")
def cancel_job(request: HttpRequest, number: int) -> dict[str, Any]:
    """Cancel a job: at once where it waits, at its next step where it runs."""
    require(actor(request), "change", Thing("job"))
    return _told(request, jobs.cancel(number) if 0 < number < 2**63 else None, number)


def _told(request: HttpRequest, job: Job | None, number: int) -> dict[str, Any]:
    if job is None:
        raise InputError("tables.no_record", value=number)
    with using(language_of(request)):
        return job_form(job)
