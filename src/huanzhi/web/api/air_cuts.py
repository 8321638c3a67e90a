"""Cuts in heavy-pollution weather 应急减排: the list, what enterprises were told, what checks found."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.center.warnings import cutting
from huanzhi.center.warnings.cut_models import CutMeasure, CutTask
from huanzhi.center.warnings.listing import TASKS
from huanzhi.errors import InputError
from huanzhi.library.records.tables import table_of
from huanzhi.library.rights import may, thing_of, visible
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters

router = Router(tags=["warnings"])
MEASURES = table_of(CutMeasure.KIND)
MeasureFilters = filters("CutMeasureFilters", MEASURES.columns)
TaskFilters = filters("CutTaskFilters", TASKS.columns)


class CutFoundIn(Schema):
    """What a check on the spot found."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"outcome": "kept", "found": "涂装线停运，现场核对用电记录。"}]}
    )

    outcome: str = Field(description="kept, broken, unknown")
    found: str = Field(max_length=1000)


class CutTaskOut(Schema):
    """A task as it stands, and what the reader may do with it."""

    task: dict[str, Any]
    may_acknowledge: bool
    may_check: bool
    revision: int


@router.get("cut-measures", include_in_schema=False)
@router.get("warnings/air/cut-measures", response=Page[dict[str, Any]], operation_id="list_cut_measures")
def list_measures(request: HttpRequest, paging: Query[Paging], wanted: Query[MeasureFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """List what enterprises do at each level; also as CSV or XLSX. Sheets of it are read at `/registers`."""
    rows = visible(actor(request), CutMeasure.KIND, CutMeasure.objects.all())
    paging.sort = paging.sort or "code"
    return answer(request, MEASURES, rows, paging, wanted)


@router.get("warnings/air/cuts", response=Page[dict[str, Any]], operation_id="list_cut_tasks")
def list_tasks(request: HttpRequest, paging: Query[Paging], wanted: Query[TaskFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """List what enterprises were told in episodes and how it was kept; also as CSV or XLSX."""
    rows = visible(actor(request), CutTask.KIND, CutTask.objects.all())
    paging.sort = paging.sort or "-told_at,code"
    return answer(request, TASKS, rows, paging, wanted)


@router.get("warnings/air/cuts/{episode}/{enterprise}", response=CutTaskOut, operation_id="get_cut_task")
def get_task(request: HttpRequest, episode: str, enterprise: str) -> HttpResponse:
    """Return what an enterprise was told in an episode."""
    return _shown(request, _task(request, episode, enterprise))


@router.post(
    "warnings/air/cuts/{episode}/{enterprise}/acknowledge",
    response=CutTaskOut,
    operation_id="acknowledge_cut",
)
def acknowledge(request: HttpRequest, episode: str, enterprise: str) -> HttpResponse:
    """Take note of what one's enterprise was told."""
    task = _task(request, episode, enterprise)
    begun_from(request, task)
    return _shown(request, cutting.acknowledge(actor(request), task, datetime.now(UTC)))


@router.post("warnings/air/cuts/{episode}/{enterprise}/check", response=CutTaskOut, operation_id="check_cut")
def check(request: HttpRequest, episode: str, enterprise: str, given: CutFoundIn) -> HttpResponse:
    """Keep what a check on the spot found; a later check counts."""
    task = _task(request, episode, enterprise)
    begun_from(request, task)
    made = cutting.check(actor(request), task, given.outcome, given.found, datetime.now(UTC))
    return _shown(request, made)


def _task(request: HttpRequest, episode: str, enterprise: str) -> CutTask:
    code = f"{episode}/{enterprise}".replace("\x00", "")
    rows = CutTask.objects.select_related("episode", "enterprise__region", "enterprise__organisation")
    found: CutTask | None = visible(actor(request), CutTask.KIND, rows).filter(code=code).first()
    if found is None:
        raise InputError("warnings.no_cut", value=code)
    return found


def _shown(request: HttpRequest, task: CutTask) -> HttpResponse:
    who, active = actor(request), task.episode.state == "active"
    return document(
        request,
        {
            "task": TASKS.row(task),
            "may_acknowledge": active
            and not task.acknowledged_at
            and may(who, "change", thing_of(task)).allowed,
            "may_check": active and may(who, "approve", thing_of(task)).allowed,
        },
    )
