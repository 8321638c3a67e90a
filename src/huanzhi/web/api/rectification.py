"""Rectification 督察整改: tasks with every step, the wall, the ledger, the open list.

A change names the revision that it began from in ``If-Match``; if somebody else was quicker it is refused
with 412 and nothing is lost.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from huanzhi.center.rectification import clocks, planning, publishing
from huanzhi.center.rectification.ledger import ledger
from huanzhi.center.rectification.listing import task_table
from huanzhi.center.rectification.models import Batch, Paper, Task
from huanzhi.center.rectification.moving import move
from huanzhi.center.rectification.opening import Draft, open_task
from huanzhi.center.rectification.report import make
from huanzhi.center.rectification.settings import settings, table
from huanzhi.center.rectification.wall import wall
from huanzhi.center.rectification.writing_off import propose_write_off
from huanzhi.errors import InputError
from huanzhi.library.documents import write_xlsx
from huanzhi.library.kept import read
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.selecting import selected
from huanzhi.library.rights import require, thing_of, visible
from huanzhi.messages import using
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.issue_shapes import WriteOffIn
from huanzhi.web.api.lists import (
    MOST_EXPORTED,
    Page,
    Paging,
    answer,
    answer_rows,
    begun_from,
    document,
    filters,
)
from huanzhi.web.api.papers import download, fingerprinted, written
from huanzhi.web.api.rectification_given import (
    RectificationArrangeIn,
    RectificationDoneIn,
    RectificationExhibitIn,
    RectificationFindingIn,
    RectificationMeasureIn,
    RectificationSiteCheckIn,
    RectificationStepIn,
    RectificationTaskIn,
)
from huanzhi.web.api.rectification_shapes import (
    RectificationOpenRow,
    RectificationOut,
    exhibit_row,
    paper_row,
    shown,
    words_rows,
)

router = Router(tags=["rectification"])
TASKS = task_table()
RELATED = ("region", "organisation", "supervisor", "batch", "parent")
MORE = {
    "open": (bool | None, Field(None, description="not written off yet")),
    "late": (bool | None, Field(None, description="the term is over and the work not reported done")),
    "unsettled": (bool | None, Field(None, description="no term is settled")),
}
TaskFilters = filters("RectificationFilters", TASKS.columns, **MORE)
OPEN_COLUMNS = tuple(
    Column(
        name,
        Kind.TRUTH if name in ("stopped", "simulated") else Kind.TEXT,
        titles={"zh": zh, "en": en},
        search=True,
    )
    for name, zh, en in (
        ("number", "任务编号", "number"),
        ("batch", "督察批次", "batch"),
        ("title", "整改任务", "task"),
        ("region", "属地", "region"),
        ("lead", "牵头单位", "lead"),
        ("target", "整改目标", "target"),
        ("term", "整改时限", "term"),
        ("done_on", "完成日期", "done on"),
        ("words", "整改情况", "what was done"),
        ("channel", "公示渠道", "published in"),
        ("published", "公示开始", "published"),
        ("ends", "公示结束", "ends"),
        ("stopped", "异议核实中", "stopped by an objection"),
        ("written_off", "销号日期", "written off"),
        ("simulated", "模拟", "simulated"),
    )
)


@router.get("rectification", response=Page[dict[str, Any]], operation_id="list_rectification")
def listtasks_of(request: HttpRequest, paging: Query[Paging], wanted: Query[TaskFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """List rectification tasks; also as CSV, XLSX or GeoJSON."""
    rows, asked = _wanted(request, wanted)
    paging.sort = paging.sort or "term,number"
    return answer(request, TASKS, rows, paging, asked)


@router.get("rectification/wall", response=dict[str, Any], operation_id="rectification_wall")
def get_wall(request: HttpRequest, wanted: Query[TaskFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """Return the wall: tasks by batch and unit, write-offs planned and done, figures by region and unit."""
    rows, asked = _wanted(request, wanted)
    return document(request, wall(selected(TASKS, rows, asked), datetime.now(UTC)))


@router.get("rectification/words", response=dict[str, Any], operation_id="rectification_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return states, steps, letters and terms with their basis, and the words of the forms."""
    return document(request, words_rows())


@router.get("rectification/ledger", operation_id="rectification_ledger")
def get_ledger(request: HttpRequest, wanted: Query[TaskFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """Return the ledger 台账 as a workbook of three lists: problems, tasks, responsibilities."""
    asked = wanted.model_dump(exclude_none=True)
    flags = {name: asked.pop(name) for name in MORE if name in asked}
    rows = _flagged(
        visible(actor(request), Task.KIND, Task.objects.select_related(*RELATED), "export"), flags
    )
    with using(language_of(request)):
        found = list(selected(TASKS, rows, asked)[:MOST_EXPORTED])
        made = ledger(found, clocks.today(datetime.now(UTC)))
        return download(written(made, write_xlsx, "xlsx"), "xlsx", f"{made.title}.xlsx")


@router.post("rectification", response={201: RectificationOut}, operation_id="open_rectification")
def create(request: HttpRequest, given: RectificationTaskIn) -> HttpResponse:
    """Hand a task over by hand, as a delegated petition below another task; its issue is opened with it."""
    who = actor(request)
    told = given.model_dump(exclude={"batch", "parent", "requirement"})
    parent = task_of(request, given.parent) if given.parent else None
    batch = visible(who, Batch.KIND, Batch.objects.select_related("region")).filter(code=given.batch).first()
    if batch is None:
        raise InputError("rectification.no_batch", value=given.batch)
    return answer_task(request, open_task(who, batch, Draft(**told), given.requirement, parent=parent), 201)


@router.get("rectification/{number}", response=RectificationOut, operation_id="get_rectification")
def get_task(request: HttpRequest, number: str) -> HttpResponse:
    """Return a task with all that belongs to it and the steps that I may take."""
    return answer_task(request, task_of(request, number))


@router.patch("rectification/{number}", response=RectificationOut, operation_id="arrange_rectification")
def arrange(request: HttpRequest, number: str, given: RectificationArrangeIn) -> HttpResponse:
    """Change what the plan says: target, units, person in charge, mechanism; not the term."""
    task = held_task(request, number)
    return answer_task(request, planning.arrange(actor(request), task, given.model_dump()))


@router.put(
    "rectification/{number}/measures", response=RectificationOut, operation_id="put_rectification_measures"
)
def put_measures(request: HttpRequest, number: str, given: list[RectificationMeasureIn]) -> HttpResponse:
    """Lay down the measures of a task anew."""
    task = held_task(request, number)
    planning.set_measures(actor(request), task, [one.model_dump() for one in given])
    return answer_task(request, task)


@router.post(
    "rectification/{number}/measures/{measure}",
    response=RectificationOut,
    operation_id="finish_rectification_measure",
)
def finish_measure(
    request: HttpRequest, number: str, measure: int, given: RectificationDoneIn
) -> HttpResponse:
    """Say when a measure was done, and with what result."""
    task = task_of(request, number)
    planning.finish_measure(actor(request), task, small(measure), given.done_on, given.result)
    return answer_task(request, task)


@router.post("rectification/{number}/moves", response=RectificationOut, operation_id="move_rectification")
def take_step(request: HttpRequest, number: str, given: RectificationStepIn) -> HttpResponse:
    """Take a step; what it must bring stands in ``moves`` of the task."""
    task = held_task(request, number)
    with using(language_of(request)):
        move(actor(request), task, given.transition, given.outputs, given.reason, exhibits=given.exhibits)
    return answer_task(request, task)


@router.post(
    "rectification/{number}/write-off",
    response={201: RectificationOut},
    operation_id="propose_rectification_write_off",
)
def write_off(request: HttpRequest, number: str, given: WriteOffIn) -> HttpResponse:
    """Propose that a task is written off; a person of another organisation decides, under ``/proposals``."""
    task = held_task(request, number)
    propose_write_off(actor(request), task, given.conclusion, given.reason)
    return answer_task(request, task, 201)


@router.post(
    "rectification/{number}/evidence",
    response={201: dict[str, Any]},
    operation_id="attach_rectification_evidence",
)
def attach(
    request: HttpRequest, number: str, given: Form[RectificationExhibitIn], file: File[UploadedFile]
) -> HttpResponse:
    """Attach a piece of evidence in its use: before, after, at a check; hashed on arrival, never changed."""
    made = planning.attach(
        actor(request),
        task_of(request, number),
        file.read(),
        file.name or "",
        given.kind,
        given.use,
        _in_china(given.taken_at),
        given.lon,
        given.lat,
    )
    return document(request, exhibit_row(made), 201)


@router.post("rectification/{number}/findings", response=RectificationOut, operation_id="find_rectification")
def add_finding(request: HttpRequest, number: str, given: RectificationFindingIn) -> HttpResponse:
    """Note what was found for one of the five common items, with its evidence."""
    task = task_of(request, number)
    now = datetime.now(UTC)
    planning.find(actor(request), task, given.item, given.passed, given.words, given.exhibit, now)
    return answer_task(request, task)


@router.post(
    "rectification/{number}/site-checks",
    response=RectificationOut,
    operation_id="check_rectification_on_site",
)
def add_site_check(request: HttpRequest, number: str, given: RectificationSiteCheckIn) -> HttpResponse:
    """Keep the record of a check on site."""
    task, at = task_of(request, number), _in_china(given.at)
    planning.check_on_site(
        actor(request), task, given.people, given.words, at or given.at, given.lon, given.lat
    )
    return answer_task(request, task)


@router.post(
    "rectification/{number}/papers", response={201: dict[str, Any]}, operation_id="make_rectification_report"
)
def make_paper(request: HttpRequest, number: str) -> HttpResponse:
    """Write the special report of a task as it stands, and keep it by its digest."""
    made = make(actor(request), task_of(request, number), now=datetime.now(UTC))
    return document(request, paper_row(made), 201)


@router.get("rectification/{number}/papers/{paper}", operation_id="get_rectification_report")
def get_paper(request: HttpRequest, number: str, paper: int) -> HttpResponse:
    """Return a special report as it was made, checked against its digest."""
    task = task_of(request, number)
    require(actor(request), "export", thing_of(task))
    found = Paper.objects.filter(task=task, pk=small(paper)).first()
    if found is None:
        raise InputError("rectification.no_paper", value=paper)
    return fingerprinted(read(found), "docx", found.name, found.sm3)


@router.get(
    "open/rectification",
    response=Page[RectificationOpenRow],
    auth=None,
    operation_id="open_rectification_results",
    summary="List what was published of rectification",
)
def open_list(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List, for anybody, what was approved to be public of tasks: published, and not taken back."""
    with using(language_of(request)):
        rows = publishing.open_rows()
    return answer_rows(request, OPEN_COLUMNS, rows, paging)


def tasks_of(request: HttpRequest) -> Any:
    """Return the tasks that who asks may see."""
    return visible(actor(request), Task.KIND, Task.objects.all())


def _wanted(request: HttpRequest, wanted: Schema) -> tuple[Any, dict[str, Any]]:
    asked = wanted.model_dump(exclude_none=True)
    flags = {name: asked.pop(name) for name in MORE if name in asked}
    return _flagged(tasks_of(request), flags), asked


def _flagged(rows: Any, flags: dict[str, bool]) -> Any:
    told = {
        "open": {"state__in": table().open_states()},
        "late": {
            "term__lt": clocks.today(datetime.now(UTC)),
            "state__in": settings()["late"]["states"],
        },
        "unsettled": {"term__isnull": True, "standing": False, "state__in": table().open_states()},
    }
    for name, wanted in flags.items():
        rows = rows.filter(**told[name]) if wanted else rows.exclude(**told[name])
    return rows


def task_of(request: HttpRequest, number: str) -> Task:
    """Return a task that who asks may see; raise what answers 404 where there is none."""
    rows = tasks_of(request).select_related(*RELATED)
    found: Task | None = rows.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise InputError("rectification.none", value=number.replace("\x00", ""))
    return found


def held_task(request: HttpRequest, number: str) -> Task:
    """Return a task to be changed, of the revision that the request began from."""
    task = task_of(request, number)
    begun_from(request, task)
    return task


def answer_task(request: HttpRequest, task: Task, status: int = 200) -> HttpResponse:
    """Answer with a task, or with its number alone where it went out of sight."""
    seen = tasks_of(request).select_related(*RELATED).filter(pk=task.pk).first()
    if seen is None:  # it was opened for somebody else's area
        return document(request, {"number": task.number, "revision": task.revision}, status)
    with using(language_of(request)):
        return document(request, shown(actor(request), seen), status)


def _in_china(moment: datetime | None) -> datetime | None:
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=CHINA)


def small(number: int) -> int:
    """Return a number that a database holds; raise `InputError` ``rectification.none`` for a larger one."""
    if abs(number) >= 1 << 31:
        raise InputError("rectification.none", value=number)
    return number
