"""Cuts in heavy-pollution weather 应急减排: the list, what enterprises were told, what checks found.

And the comparison of an episode with the days before and after it 前后对比.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.center.warnings import cutting
from huanzhi.center.warnings.cut_models import CutMeasure, CutTask
from huanzhi.center.warnings.listing import TASKS
from huanzhi.center.warnings.models import Episode
from huanzhi.center.warnings.settings import settings
from huanzhi.errors import InputError, StoreError
from huanzhi.library.documents import write_docx
from huanzhi.library.records.columns import Kind, told, told_truth
from huanzhi.library.records.tables import table_of
from huanzhi.library.rights import may, require, thing_of, visible
from huanzhi.library.series import open_store
from huanzhi.messages import using
from huanzhi.programmes import cut_effect
from huanzhi.programmes.cut_effect_paper import effect_rows, paper
from huanzhi.programmes.emission.keeping import reviews
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, answer_rows, begun_from, document, filters
from huanzhi.web.api.papers import download, written

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


class CutEffectOut(Schema):
    """An episode beside the days before and after it; null where nothing is known.

    `days` has the observed AQI; with an enterprise also what it let go on each day [kg] by pollutant, and
    `items` its means [kg/h] of each span. No difference is put down to the cuts.
    """

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "episode": "ZWR-990001-20261123",
                    "aqi": {"before": {"mean": "86.2", "known": 5, "days": 5}},
                }
            ]
        },
    )

    episode: str
    level: str
    spans: dict[str, dict[str, str | None]]
    aqi: dict[str, dict[str, Any]]
    days: list[dict[str, Any]]
    enterprises: int
    needed: int
    simulated: bool


EFFECTS = (
    told("enterprise", "企业编码", "enterprise", filter=True, sort=True),
    told("enterprise_name", "企业", "name", search=True),
    told("parameter", "污染物编码", "parameter", filter=True, sort=True),
    told("symbol", "污染物", "pollutant"),
    told("share", "清单减排比例（%）", "share to be cut, as listed [%]", kind=Kind.INTEGER, sort=True),
    told("before", "启动前（kg/h）", "before [kg/h]", kind=Kind.DECIMAL),
    told("during", "期间（kg/h）", "during [kg/h]", kind=Kind.DECIMAL),
    told("after", "解除后（kg/h）", "after [kg/h]", kind=Kind.DECIMAL),
    told("change", "期间较启动前（%）", "during against before [%]", kind=Kind.DECIMAL),
    *(
        told(f"{phase}_hours", f"{zh}已知小时/总小时", f"hours known of all, {en}")
        for phase, zh, en in (
            ("before", "启动前", "before"),
            ("during", "期间", "during"),
            ("after", "解除后", "after"),
        )
    ),
    told("silent", "无监测数据的排口", "outlets without data"),
    told("state", "任务状态", "state", filter=True),
    told_truth("simulated", "模拟", "simulated"),
)
EffectFilters = filters("CutEffectFilters", EFFECTS)


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


@router.get("warnings/air/effects/{episode}", response=CutEffectOut, operation_id="get_cut_effect")
def get_effect(request: HttpRequest, episode: str, enterprise: str = "") -> HttpResponse:
    """Return the AQI before, during and after an episode; with `enterprise`, what it let go beside it."""
    row, now = _episode(request, episode), datetime.now(UTC)
    made = {
        "episode": row.code,
        "level": row.level,
        "spans": cut_effect.told_spans(row, now),
        **cut_effect.air(row, now),
        "enterprises": _tasks(request, row).count(),
        "needed": settings()["cut_effect"]["needed"],
        "simulated": row.simulated,
    }
    if enterprise:
        task = _task(request, row.code, enterprise)
        found = _emission([task], now)[0]
        emitted = {one["day"]: one["values"] for one in found.pop("days")}
        days = [{**one, "emission": emitted.get(one["day"], {})} for one in made["days"]]
        made |= {**found, "enterprise": TASKS.row(task), "days": days}
    return document(request, made)


@router.get(
    "warnings/air/effects/{episode}/enterprises",
    response=Page[dict[str, Any]],
    operation_id="list_cut_effects",
)
def list_effects(
    request: HttpRequest,
    episode: str,
    paging: Query[Paging],
    wanted: Query[EffectFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List what each enterprise let go before, during and after, by pollutant; also as CSV or XLSX."""
    row = _episode(request, episode)
    tasks = list(_tasks(request, row))
    rows = effect_rows(tasks, _emission(tasks, datetime.now(UTC)))
    return answer_rows(request, EFFECTS, rows, paging, wanted)


@router.get("warnings/air/effects/{episode}/paper", operation_id="cut_effect_paper")
def get_effect_paper(request: HttpRequest, episode: str) -> HttpResponse:
    """Return the comparison as a Word document, of the enterprises that the reader may see."""
    row, now = _episode(request, episode), datetime.now(UTC)
    require(actor(request), "export", thing_of(row))
    tasks = list(_tasks(request, row))
    rows = effect_rows(tasks, _emission(tasks, now))
    with using(language_of(request)):
        made = paper(row, cut_effect.air(row, now), rows, now.astimezone(CHINA).date())
        return download(written(made, write_docx, "docx"), "docx", f"{made.title}.docx")


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


def _episode(request: HttpRequest, code: str) -> Episode:
    rows = visible(actor(request), Episode.KIND, Episode.objects.select_related("region"))
    found: Episode | None = rows.filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise InputError("warnings.no_episode", value=code.replace("\x00", ""))
    return found


def _tasks(request: HttpRequest, row: Episode) -> Any:
    rows = CutTask.objects.filter(episode=row).select_related("episode", "enterprise")
    return visible(actor(request), CutTask.KIND, rows).order_by("code")


def _emission(tasks: list[CutTask], now: datetime) -> list[dict[str, Any]]:
    """Return what was let go; without a store nothing is known of it."""
    try:
        with open_store("read") as store, reviews(store) as ledger:
            return cut_effect.emission(store, ledger, tasks, now)
    except StoreError as error:
        if error.key != "series.none_here":
            raise
        return cut_effect.emission(None, None, tasks, now)


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
            "revision": task.revision,
        },
    )
