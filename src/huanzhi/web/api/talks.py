"""Talks 约谈 and referrals 移送问责: summoned, recorded, followed up; handlers only see referrals."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.center.rectification import talking
from huanzhi.center.rectification.listing import talk_list
from huanzhi.center.rectification.models import Referral, Talk, Task
from huanzhi.center.rectification.settings import settings, talk_table
from huanzhi.errors import InputError
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.tables import Table
from huanzhi.library.rights import Thing, mask, may, visible
from huanzhi.library.trail.chain import append
from huanzhi.messages import catalogue, using
from huanzhi.standards.periods import stamp
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.issue_shapes import move_row
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters

router = Router(tags=["talks"])
TABLE = talk_list()
TalkFilters = filters(
    "SummonsFilters", TABLE.columns, open=(bool | None, Field(None, description="not closed yet"))
)
REFERRALS = Table(
    Referral.KIND,
    "accountability_referrals",
    Referral,
    (
        Column("code", titles={"zh": "编号", "en": "code"}, sort=True),
        Column("talk", path="talk__number", titles={"zh": "约谈", "en": "talk"}, filter=True),
        Column("receiver", titles={"zh": "受理机关", "en": "referred to"}),
        Column("persons", titles={"zh": "责任人员", "en": "persons"}),
        Column("facts", titles={"zh": "事实与材料", "en": "facts"}),
        Column("result", titles={"zh": "处理结果", "en": "result"}),
        Column("state", titles={"zh": "状态", "en": "state"}, filter=True),
        Column("referred", Kind.MOMENT, titles={"zh": "移送时间", "en": "referred"}, sort=True),
        Column("simulated", Kind.TRUTH),
        Column("revision", Kind.INTEGER),
    ),
    ("talk", "region"),
    titles={"zh": "移送问责", "en": "referral"},
)
ReferralFilters = filters("TalkReferralFilters", REFERRALS.columns)


class TalkIn(Schema):
    """A talk to propose."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"task": "ZG-2026-0001", "trigger": "overdue", "level": "unit", "matter": "逾期 30 天未完成"}
            ]
        },
    )

    task: str = Field(max_length=32)
    trigger: str = Field(max_length=20)
    level: str = Field(max_length=20)
    matter: str = Field(min_length=1, max_length=2000)


class TalkStepIn(Schema):
    """A step of a talk."""

    transition: str = Field(max_length=20)
    outputs: dict[str, str | int | None] = Field(default_factory=dict)
    reason: str = Field("", max_length=2000)


class TalkReferralIn(Schema):
    """What is referred, to whom, and who handles it here."""

    receiver: str = Field(min_length=1, max_length=200)
    persons: str = Field(min_length=1, max_length=1000)
    facts: str = Field(min_length=1, max_length=8000)
    handlers: list[str] = Field(default_factory=list, max_length=20)


class TalkResultIn(Schema):
    """What came of a referral."""

    result: str = Field(min_length=1, max_length=4000)
    closed: bool = False


class TalkOut(Schema):
    """A talk with its record, commitments and steps."""

    model_config = ConfigDict(extra="allow")

    number: str
    state: str
    revision: int
    steps: list[dict[str, Any]]
    moves: list[dict[str, Any]]


@router.get("talks", response=Page[dict[str, Any]], operation_id="list_talks")
def list_talks(request: HttpRequest, paging: Query[Paging], wanted: Query[TalkFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """List the talks, the newest first."""
    asked = wanted.model_dump(exclude_none=True)
    rows = visible(actor(request), Talk.KIND, Talk.objects.select_related("region", "task", "organisation"))
    if (is_open := asked.pop("open", None)) is not None:
        states = talk_table().open_states()
        rows = rows.filter(state__in=states) if is_open else rows.exclude(state__in=states)
    paging.sort = paging.sort or "-opened"
    return answer(request, TABLE, rows, paging, asked)


@router.post("talks", response={201: TalkOut}, operation_id="open_talk")
def create(request: HttpRequest, given: TalkIn) -> HttpResponse:
    """Propose a talk about a task."""
    who = actor(request)
    tasks = visible(who, Task.KIND, Task.objects.select_related("region", "organisation"))
    task = tasks.filter(number=given.task.replace("\x00", "")).first()
    if task is None:
        raise InputError("rectification.none", value=given.task)
    made = talking.open_talk(who, task, given.trigger, given.level, given.matter, now=datetime.now(UTC))
    return _document(request, made, 201)


@router.get("talks/{number}", response=TalkOut, operation_id="get_talk")
def get_talk(request: HttpRequest, number: str) -> HttpResponse:
    """Return a talk with why it was proposed, its record, and the steps that I may take."""
    return _document(request, _found(request, number))


@router.post("talks/{number}/moves", response=TalkOut, operation_id="move_talk")
def take_step(request: HttpRequest, number: str, given: TalkStepIn) -> HttpResponse:
    """Take a step: summon, record, follow up, close, drop."""
    talk = _found(request, number)
    begun_from(request, talk)
    with using(language_of(request)):
        talking.move_talk(actor(request), talk, given.transition, given.outputs, given.reason)
    return _document(request, talk)


@router.post("talks/{number}/referrals", response={201: dict[str, Any]}, operation_id="refer_talk")
def refer(request: HttpRequest, number: str, given: TalkReferralIn) -> HttpResponse:
    """Refer a matter for accountability; only who refers it and the named handlers see it."""
    who, talk = actor(request), _found(request, number)
    made = talking.refer(
        who, talk, given.receiver, given.persons, given.facts, given.handlers, now=datetime.now(UTC)
    )
    return document(request, _referral_row(request, made), 201)


@router.get("referrals", response=Page[dict[str, Any]], operation_id="list_referrals")
def list_referrals(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[ReferralFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the referrals that I handle; each look at them is noted in the trail."""
    rows = _referrals(request)
    for code in rows.values_list("code", flat=True)[:1000]:
        append(actor(request), "read", Referral.KIND, code, restricted=True)
    return answer(request, REFERRALS, rows, paging, wanted)


@router.get("referrals/{code}", response=dict[str, Any], operation_id="get_referral")
def get_referral(request: HttpRequest, code: str) -> HttpResponse:
    """Return a referral that I handle; the look at it is noted in the trail."""
    found = _referral(request, code)
    append(actor(request), "read", Referral.KIND, found.code, restricted=True)
    return document(request, _referral_row(request, found))


@router.post("referrals/{code}/result", response=dict[str, Any], operation_id="answer_referral")
def set_result(request: HttpRequest, code: str, given: TalkResultIn) -> HttpResponse:
    """Note what came of a referral."""
    found = _referral(request, code)
    begun_from(request, found)
    talking.answer_referral(actor(request), found, given.result, closed=given.closed)
    return document(request, _referral_row(request, found))


def _found(request: HttpRequest, number: str) -> Talk:
    rows = Talk.objects.select_related("region", "task", "task__region", "organisation")
    found: Talk | None = (
        visible(actor(request), Talk.KIND, rows).filter(number=number.replace("\x00", "")).first()
    )
    if found is None:
        raise InputError("rectification.no_talk", value=number.replace("\x00", ""))
    return found


def _referrals(request: HttpRequest) -> Any:
    return visible(actor(request), Referral.KIND, Referral.objects.select_related("talk", "region"))


def _referral(request: HttpRequest, code: str) -> Referral:
    found: Referral | None = _referrals(request).filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise InputError("rectification.none", value=code.replace("\x00", ""))
    return found


def _referral_row(request: HttpRequest, found: Referral) -> dict[str, Any]:
    handlers = list(found.handlers.values_list("code", flat=True))
    return {**mask(actor(request), found, REFERRALS.row(found)), "handlers": handlers}


def _document(request: HttpRequest, talk: Talk, status: int = 200) -> HttpResponse:
    who = actor(request)
    held = Talk.objects.select_related("region", "task", "organisation").get(pk=talk.pk)
    state, trigger = talk_table().states[held.state], settings()["talk_trigger"][held.trigger]
    refers = Thing(Referral.KIND, held.region.path, sensitivity="restricted", handlers=(who.code,))
    told = {
        **mask(who, held, TABLE.row(held)),
        "state_zh": state.zh,
        "state_en": state.en,
        "trigger_zh": trigger["zh"],
        "trigger_en": trigger["en"],
        "why": held.why,
        "attendees": held.attendees,
        "record": held.record,
        "commitments": held.commitments,
        "clock": held.clock,
        "overdue": bool(held.due and held.due < datetime.now(UTC) and held.is_open),
        "task_title": held.task.title if held.task else "",
        "basis": settings()["talk_basis"],
        "steps": [_step(one) for one in held.steps.order_by("number")],
        "moves": [move_row(one) for one in talking.allowed(who, held)],
        "may_refer": may(who, "create", refers).allowed,
        "referrals": list(_referrals(request).filter(talk=held).values("code", "receiver", "state")),
    }
    return document(request, told, status)


def _step(one: Any) -> dict[str, Any]:
    known = talk_table().transitions.get(one.transition)
    opened = catalogue()["rectification.talk_open"]
    named = {"zh": known.zh, "en": known.en} if known else dict(opened)
    names = ("number", "actor", "actor_name", "transition", "after", "outputs", "reason")
    return {**{name: getattr(one, name) for name in names}, **named, "at": stamp(one.at)}
