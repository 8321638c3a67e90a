"""Events of codes 赋码事件, appeals 申诉 and the repair of credit 信用修复."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from huanzhi.ecocode.grades import appeals, publishing, repairs
from huanzhi.ecocode.grades.listing import APPEALS, EVENTS, REPAIRS
from huanzhi.ecocode.grades.models import Appeal, Event, Repair
from huanzhi.ecocode.grades.settings import word
from huanzhi.errors import InputError
from huanzhi.library.rights import Actor, mask, may, thing_of, visible
from huanzhi.web.api.actors import actor
from huanzhi.web.api.code_shapes import (
    CodeAppealDecisionIn,
    CodeAppealIn,
    CodeCaseOut,
    CodeEventIn,
    CodeEventOut,
    CodeReleaseIn,
    CreditRepairDecisionIn,
    CreditRepairIn,
)
from huanzhi.web.api.codes import found as enterprise_found
from huanzhi.web.api.codes import today
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters

router = Router(tags=["codes"])
CodeEventFilters = filters("CodeEventFilters", EVENTS.columns)
CodeAppealFilters = filters("CodeAppealFilters", APPEALS.columns)
CreditRepairFilters = filters("CreditRepairFilters", REPAIRS.columns)


@router.get("code-events", response=Page[dict[str, Any]], operation_id="list_code_events")
def list_events(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[CodeEventFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List events, the newest first."""
    paging.sort = paging.sort or "-day"
    return answer(request, EVENTS, _events(actor(request)), paging, wanted)


@router.post("code-events", response={201: CodeEventOut}, operation_id="enter_code_event")
def enter_event(request: HttpRequest, given: CodeEventIn) -> HttpResponse:
    """Enter an event that no room tells; the codes are reckoned anew."""
    who = actor(request)
    firm = enterprise_found(request, given.enterprise)
    made = publishing.enter(who, firm, given.model_dump(), datetime.now(UTC))
    return document(request, event_row(who, made), 201)


@router.get("code-events/{code}", response=CodeEventOut, operation_id="get_code_event")
def get_event(request: HttpRequest, code: str) -> HttpResponse:
    """Return an event with what was known of it when, its publication, and what I may do."""
    return document(request, event_row(actor(request), _event(request, code)))


@router.post("code-events/{code}/release", response=CodeEventOut, operation_id="release_code_event")
def release_event(request: HttpRequest, code: str, given: CodeReleaseIn) -> HttpResponse:
    """Accept the mending of an event: it weighs no longer from a day on."""
    event = _event(request, code)
    begun_from(request, event)
    publishing.release(actor(request), event, given.day, given.words, datetime.now(UTC))
    return document(request, event_row(actor(request), _event(request, code)))


@router.post("code-events/{code}/appeal", response={201: CodeCaseOut}, operation_id="appeal_code_event")
def appeal_event(request: HttpRequest, code: str, given: CodeAppealIn) -> HttpResponse:
    """Appeal against an event."""
    who = actor(request)
    made = appeals.appeal(who, _event(request, code), given.words, given.proof, datetime.now(UTC))
    return document(request, case_row(who, made), 201)


@router.get("code-events/{code}/repair", response=dict[str, Any], operation_id="repair_conditions")
def get_conditions(
    request: HttpRequest, code: str, grade: str = "", duty_done: date | None = None, commitment: bool = False
) -> HttpResponse:
    """Return what the rule in force says of a repair, before applying."""
    event = _event(request, code)
    told = repairs.conditions(event, grade or repairs.grade_of(event), duty_done, commitment, today())
    return document(request, told)


@router.post("code-events/{code}/repair", response={201: CodeCaseOut}, operation_id="apply_credit_repair")
def apply_repair(request: HttpRequest, code: str, given: CreditRepairIn) -> HttpResponse:
    """Apply for the repair of what an event did to the credit."""
    who = actor(request)
    made = repairs.apply(
        who,
        _event(request, code),
        grade=given.grade,
        done=given.duty_done,
        commitment=given.commitment,
        proof=given.proof,
        now=datetime.now(UTC),
    )
    return document(request, case_row(who, made), 201)


@router.get("code-appeals", response=Page[dict[str, Any]], operation_id="list_code_appeals")
def list_appeals(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[CodeAppealFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List appeals, the newest first."""
    paging.sort = paging.sort or "-filed"
    rows = visible(actor(request), Appeal.KIND, Appeal.objects.all())
    return answer(request, APPEALS, rows, paging, wanted)


@router.get("code-appeals/{number}", response=CodeCaseOut, operation_id="get_code_appeal")
def get_appeal(request: HttpRequest, number: str) -> HttpResponse:
    """Return an appeal."""
    return document(request, case_row(actor(request), _case(request, Appeal, number)))


@router.post("code-appeals/{number}/decide", response=CodeCaseOut, operation_id="decide_code_appeal")
def decide_appeal(request: HttpRequest, number: str, given: CodeAppealDecisionIn) -> HttpResponse:
    """Decide an appeal with a reason; an accepted one corrects the event, and the codes are reckoned anew."""
    who, made = actor(request), _case(request, Appeal, number)
    begun_from(request, made)
    appeals.decide(
        who,
        made,
        accept=given.accept,
        words=given.words,
        now=datetime.now(UTC),
        day=given.day,
        facts=given.facts,
    )
    return document(request, case_row(who, _case(request, Appeal, number)))


@router.post("code-appeals/{number}/withdraw", response=CodeCaseOut, operation_id="withdraw_code_appeal")
def withdraw_appeal(request: HttpRequest, number: str) -> HttpResponse:
    """Take one's own appeal back."""
    who, made = actor(request), _case(request, Appeal, number)
    begun_from(request, made)
    appeals.withdraw(who, made, datetime.now(UTC))
    return document(request, case_row(who, _case(request, Appeal, number)))


@router.get("credit-repairs", response=Page[dict[str, Any]], operation_id="list_credit_repairs")
def list_repairs(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[CreditRepairFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List applications for repair, the newest first."""
    paging.sort = paging.sort or "-filed"
    rows = visible(actor(request), Repair.KIND, Repair.objects.all())
    return answer(request, REPAIRS, rows, paging, wanted)


@router.get("credit-repairs/{number}", response=CodeCaseOut, operation_id="get_credit_repair")
def get_repair(request: HttpRequest, number: str) -> HttpResponse:
    """Return an application with the conditions as they stand."""
    return document(request, case_row(actor(request), _case(request, Repair, number)))


@router.post("credit-repairs/{number}/decide", response=CodeCaseOut, operation_id="decide_credit_repair")
def decide_repair(request: HttpRequest, number: str, given: CreditRepairDecisionIn) -> HttpResponse:
    """Repair where the conditions are met, or refuse with reasons; the credit is reckoned anew."""
    who, made = actor(request), _case(request, Repair, number)
    begun_from(request, made)
    repairs.decide(who, made, grant=given.grant, words=given.words, now=datetime.now(UTC))
    return document(request, case_row(who, _case(request, Repair, number)))


def event_row(who: Actor, event: Event) -> dict[str, Any]:
    """Return an event as it is shown."""
    states = [
        {
            "known": one.known.isoformat(),
            "day": one.day.isoformat(),
            "until": one.until.isoformat() if one.until else None,
            "state": {"code": one.state, **word("state", one.state)},
            "released": one.released.isoformat() if one.released else None,
            "repaired": one.repaired.isoformat() if one.repaired else None,
            "facts": one.facts,
            "reason": one.reason,
        }
        for one in event.states.all()
    ]
    open_cases = [
        {"number": one.number, "kind": one.KIND, "state": one.state}
        for one in (*Appeal.objects.filter(event=event), *Repair.objects.filter(event=event))
    ]
    return {
        **mask(who, event, EVENTS.row(event)),
        "kind_words": word("kind", event.kind),
        "states": states,
        "cases": open_cases,
        "publication": repairs.publication(event, today()),
        "may_release": may(who, "change", thing_of(event)).allowed and event.state == "standing",
    }


def case_row(who: Actor, made: Appeal | Repair) -> dict[str, Any]:
    """Return an appeal or an application as it is shown."""
    table = APPEALS if isinstance(made, Appeal) else REPAIRS
    mine = made.filed_by == who.code
    open_ = made.state == "open"
    now = None
    if isinstance(made, Repair) and open_:
        now = _now(made)
    return {
        **mask(who, made, table.row(made)),
        "outcome": (made.outcome or None) if isinstance(made, Appeal) else None,
        "event_row": mask(who, made.event, EVENTS.row(made.event)),
        "conditions": now,
        "may_decide": open_ and not mine and may(who, "approve", thing_of(made)).allowed,
        "may_withdraw": open_ and mine and isinstance(made, Appeal),
    }


def _now(made: Repair) -> dict[str, Any] | None:
    try:
        return repairs.conditions(made.event, made.grade, made.duty_done, made.commitment, today())
    except InputError:
        return None


def _events(who: Actor) -> Any:
    return visible(who, Event.KIND, Event.objects.exclude(kind="compliant_run"))


def _event(request: HttpRequest, code: str) -> Event:
    rows = visible(actor(request), Event.KIND, Event.objects.all())
    rows = rows.select_related("region", "enterprise__organisation")
    event: Event | None = rows.filter(code=code).first() if "\x00" not in code else None
    if event is None:
        raise InputError("grades.none", value=code.replace("\x00", "")[:40])
    return event


def _case(request: HttpRequest, model: Any, number: str) -> Any:
    rows = visible(actor(request), model.KIND, model.objects.all())
    rows = rows.select_related("region", "enterprise__organisation", "event__enterprise__organisation")
    made = rows.filter(number=number).first() if "\x00" not in number else None
    if made is None:
        raise InputError("grades.none", value=number.replace("\x00", "")[:40])
    return made
