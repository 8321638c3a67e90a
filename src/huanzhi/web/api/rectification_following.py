"""What follows rectification tasks: monthly returns, letters, sweeps, samples of the look-back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from huanzhi.center.rectification import ladder, looking_back, returns, sweeping
from huanzhi.center.rectification.listing import return_table, sweep_table
from huanzhi.center.rectification.models import Draw, Return, Sweep
from huanzhi.errors import InputError
from huanzhi.library.rights import visible
from huanzhi.messages import using
from huanzhi.web.api.actors import actor
from huanzhi.web.api.days import Day
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.rectification import answer_task, held_task, small, task_of, tasks_of
from huanzhi.web.api.rectification_given import (
    RectificationDrawIn,
    RectificationLetterIn,
    RectificationObjectIn,
    RectificationReturnIn,
    RectificationSweepIn,
    RectificationWordsIn,
)
from huanzhi.web.api.rectification_shapes import RectificationOut, letter_row, return_row, sweep_row

router = Router(tags=["rectification"])
RETURNS, SWEEPS = return_table(), sweep_table()
ReturnFilters = filters("RectificationReturnFilters", RETURNS.columns, late=(bool | None, Field(None)))
SweepFilters = filters("RectificationSweepFilters", SWEEPS.columns)


class SampleQuery(Schema):
    """Which write-offs to draw from, and the seed."""

    first: Day
    last: Day
    seed: str = Field(min_length=1, max_length=100)


@router.get("rectification/sample", response=dict[str, Any], operation_id="rectification_sample")
def get_sample(request: HttpRequest, given: Query[SampleQuery]) -> HttpResponse:
    """Draw which tasks are looked back at; the same seed gives the same sample to everybody."""
    numbers = looking_back.population(tasks_of(request), given.first, given.last)
    drawn = looking_back.sample(numbers, given.seed)
    return document(request, {"seed": given.seed, "written_off": len(numbers), "items": drawn})


@router.get("rectification/draws", response=dict[str, Any], operation_id="list_rectification_draws")
def list_draws(request: HttpRequest) -> HttpResponse:
    """List the samples of look-backs that were kept, and whether each comes out the same when drawn again."""
    seen = set(tasks_of(request).values_list("number", flat=True))
    rows = [_draw(one) for one in Draw.objects.all()[:100] if set(one.numbers) <= seen]
    return document(request, {"items": rows, "total": len(rows)})


@router.post("rectification/draws", response={201: dict[str, Any]}, operation_id="draw_rectification")
def create_draw(request: HttpRequest, given: RectificationDrawIn) -> HttpResponse:
    """Draw a sample of look-backs and keep it with its numbers and seed."""
    made = looking_back.draw(
        actor(request), tasks_of(request), given.first, given.last, given.seed, now=datetime.now(UTC)
    )
    return document(request, _draw(made), 201)


@router.get("rectification/returns", response=Page[dict[str, Any]], operation_id="list_rectification_returns")
def list_returns(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[ReturnFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the monthly returns, those that are late with ``late=true``."""
    asked = wanted.model_dump(exclude_none=True)
    rows = visible(actor(request), Return.KIND, Return.objects.select_related("task", "task__region"))
    if (late := asked.pop("late", None)) is not None:
        owing = {"due__lt": datetime.now(UTC), "state__in": ("due", "sent_back")}
        rows = rows.filter(**owing) if late else rows.exclude(**owing)
    paging.sort = paging.sort or "-month,code"
    return answer(request, RETURNS, rows, paging, asked)


@router.get("rectification/sweeps", response=Page[dict[str, Any]], operation_id="list_rectification_sweeps")
def list_sweeps(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[SweepFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the sweeps 举一反三."""
    rows = visible(actor(request), Sweep.KIND, Sweep.objects.select_related("region", "task"))
    return answer(request, SWEEPS, rows, paging, wanted)


@router.get("rectification/sweeps/{code}", response=dict[str, Any], operation_id="get_rectification_sweep")
def get_sweep(request: HttpRequest, code: str) -> HttpResponse:
    """Return a sweep with its check list and what was found at each enterprise."""
    return document(request, sweep_row(actor(request), _sweep(request, code)))


@router.post(
    "rectification/sweeps/{code}/objects/{enterprise}",
    response=dict[str, Any],
    operation_id="settle_rectification_sweep",
)
def settle_object(
    request: HttpRequest, code: str, enterprise: str, given: RectificationObjectIn
) -> HttpResponse:
    """Note what was found at an enterprise; a finding becomes a task and an issue."""
    who, now = actor(request), datetime.now(UTC)
    sweep = _sweep(request, code)
    sweeping.settle(who, sweep, enterprise, given.result, given.words, given.answers, now=now)
    return document(request, sweep_row(who, _sweep(request, code)))


@router.post(
    "rectification/sweeps/{code}/close", response=dict[str, Any], operation_id="close_rectification_sweep"
)
def close_sweep(request: HttpRequest, code: str, given: RectificationWordsIn) -> HttpResponse:
    """Close a sweep whose enterprises were all looked at."""
    sweep = _sweep(request, code)
    begun_from(request, sweep)
    sweeping.close(actor(request), sweep, given.words)
    return document(request, sweep_row(actor(request), sweep))


@router.post(
    "rectification/{number}/letters", response=RectificationOut, operation_id="issue_rectification_letter"
)
def issue_letter(request: HttpRequest, number: str, given: RectificationLetterIn) -> HttpResponse:
    """Issue a letter of the ladder whose day has come."""
    task = held_task(request, number)
    with using(language_of(request)):
        ladder.issue_letter(actor(request), task, given.kind, given.words, now=datetime.now(UTC))
    return answer_task(request, task)


@router.post(
    "rectification/{number}/letters/{letter}/drop",
    response=dict[str, Any],
    operation_id="drop_rectification_letter",
)
def drop_letter(request: HttpRequest, number: str, letter: int, given: RectificationWordsIn) -> HttpResponse:
    """Say that a proposed letter is not issued."""
    made = ladder.drop_letter(actor(request), task_of(request, number), small(letter), given.words)
    return document(request, letter_row(made))


@router.post(
    "rectification/{number}/letters/{letter}/reply",
    response=dict[str, Any],
    operation_id="reply_rectification_letter",
)
def reply_letter(request: HttpRequest, number: str, letter: int, given: RectificationWordsIn) -> HttpResponse:
    """Answer a letter."""
    made = ladder.reply(actor(request), task_of(request, number), small(letter), given.words)
    return document(request, letter_row(made))


@router.post(
    "rectification/{number}/returns/{month}",
    response=dict[str, Any],
    operation_id="submit_rectification_return",
)
def submit_return(
    request: HttpRequest, number: str, month: str, given: RectificationReturnIn
) -> HttpResponse:
    """Hand a monthly return in; all six items are needed."""
    row = _return(request, number, month)
    made = returns.submit(actor(request), row, given.items, given.progress, now=datetime.now(UTC))
    return document(request, return_row(made))


@router.post(
    "rectification/{number}/returns/{month}/send-back",
    response=dict[str, Any],
    operation_id="send_back_rectification_return",
)
def send_back_return(
    request: HttpRequest, number: str, month: str, given: RectificationWordsIn
) -> HttpResponse:
    """Send a monthly return back to be handed in anew."""
    made = returns.send_back(actor(request), _return(request, number, month), given.words)
    return document(request, return_row(made))


@router.get("rectification/{number}/alike", response=dict[str, Any], operation_id="rectification_alike")
def get_alike(request: HttpRequest, number: str, given: Query[RectificationSweepIn]) -> HttpResponse:
    """Return how many enterprises a sweep of this scope would look at, some of them, and its check list."""
    task = task_of(request, number)
    rows = visible(actor(request), "enterprise", sweeping.alike(task, given.model_dump()))
    some = list(rows.values("code", "name", "industry")[:20])
    told = {"number": rows.count(), "items": some, "checks": sweeping.checks_for(task.category)}
    return document(request, told)


@router.post(
    "rectification/{number}/sweeps", response={201: dict[str, Any]}, operation_id="begin_rectification_sweep"
)
def begin_sweep(request: HttpRequest, number: str, given: RectificationSweepIn) -> HttpResponse:
    """Begin a sweep over like enterprises."""
    who, now = actor(request), datetime.now(UTC)
    scope = given.model_dump(include={"region", "industry", "management", "park"})
    task = task_of(request, number)
    made = sweeping.begin(who, task, given.title, scope, given.checks, given.due, now=now)
    return document(request, sweep_row(who, made), 201)


def _sweep(request: HttpRequest, code: str) -> Sweep:
    rows = visible(actor(request), Sweep.KIND, Sweep.objects.select_related("region", "task", "organisation"))
    found: Sweep | None = rows.filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise InputError("rectification.no_sweep", value=code.replace("\x00", ""))
    return found


def _return(request: HttpRequest, number: str, month: str) -> Return:
    task = task_of(request, number)
    found: Return | None = Return.objects.filter(task=task, month=month.replace("\x00", "")).first()
    if found is None:
        raise InputError("rectification.no_return", value=month.replace("\x00", ""))
    begun_from(request, found)
    return found


def _draw(one: Draw) -> dict[str, Any]:
    told = {"first": one.first, "last": one.last, "seed": one.seed, "items": one.drawn, "by": one.actor_name}
    numbers = {"written_off": len(one.numbers), "numbers": one.numbers}
    return {"id": one.pk, **told, **numbers, "at": one.at, "again": looking_back.again(one)}
