"""Duties of permits 许可义务: the calendar of an enterprise and of the bureau, done, waived, as iCalendar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from huanzhi.ecocode.permits import calendar
from huanzhi.ecocode.permits.ical import written as ical
from huanzhi.ecocode.permits.listing import DUTIES
from huanzhi.ecocode.permits.models import Duty
from huanzhi.ecocode.permits.settings import settings, word
from huanzhi.errors import InputError
from huanzhi.library.records.selecting import selected
from huanzhi.library.rights import may, thing_of, visible
from huanzhi.messages import using
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.permit_shapes import PermitHandOverIn, PermitRowOut

router = Router(tags=["permits"])
DutyFilters = filters(
    "PermitDutyFilters",
    DUTIES.columns,
    state=(str | None, Field(None, description=" | ".join(settings()["state"]))),
)
WORDS = (
    "management", "duty", "state", "report_state", "frequency", "judged", "agreement", "standing",
    "list_state", "category", "list_duty",
)  # fmt: skip


@router.get("permit-words", response=PermitRowOut, operation_id="permit_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return the words of permits, the clocks of the law with their confidence, and cases of reapplying."""
    found: dict[str, Any] = {
        name: [{"value": code, **row} for code, row in settings()[name].items()] for name in WORDS
    }
    found |= {name: settings()[name] for name in ("clock", "reapply", "ours")}
    found["today"] = today().isoformat()
    return document(request, found)


@router.get("permit-duties", response=Page[dict[str, Any]], operation_id="list_permit_duties")
def list_duties(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[DutyFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List duties, the first due first; also as CSV or XLSX."""
    rows, asked = _wanted(request, wanted)
    paging.sort = paging.sort or "due,code"
    return answer(request, DUTIES, rows, paging, asked, row=duty_row)


@router.get("permit-duties/calendar", response=PermitRowOut, operation_id="permit_duty_calendar")
def get_calendar(
    request: HttpRequest,
    wanted: Query[DutyFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """Return how many duties are in which state, and how many are due on each day."""
    rows, asked = _wanted(request, wanted)
    chosen = selected(DUTIES, rows, asked)
    states = {name: calendar.in_state(chosen, name, today()).count() for name in settings()["state"]}
    days = (
        chosen.order_by().values("due", "standing").annotate(number=Count("pk")).order_by("due", "standing")
    )
    told = [
        {"day": row["due"].isoformat(), "standing": row["standing"], "number": row["number"]} for row in days
    ]
    return document(request, {"today": today().isoformat(), "states": states, "days": told})


@router.get("permit-duties/ical", operation_id="permit_duties_ical")
def get_ical(
    request: HttpRequest,
    wanted: Query[DutyFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """Return open duties as an iCalendar file, for the calendar of a phone."""
    rows, asked = _wanted(request, wanted)
    open_ = selected(DUTIES, rows, asked).filter(standing="open")[:MOST_EVENTS]
    with using(language_of(request)):
        events = [
            (one.code, one.due, f"{word('duty', one.kind)} {one.period} {one.enterprise.name}")
            for one in open_
        ]
    response = HttpResponse(ical(events, datetime.now(UTC)), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="permit-duties.ics"'
    return response


MOST_EVENTS = 2000
"""Events of a file. Ours."""


@router.get("permit-duties/{code}", response=PermitRowOut, operation_id="get_permit_duty")
def get_duty(request: HttpRequest, code: str) -> HttpResponse:
    """Return a duty and what I may do with it."""
    return document(request, _shown(request, duty_of(request, code)))


@router.post("permit-duties/{code}/done", response=PermitRowOut, operation_id="finish_permit_duty")
def hand_over(request: HttpRequest, code: str, given: PermitHandOverIn) -> HttpResponse:
    """Say that a ledger is kept or a renewal applied for."""
    duty = duty_of(request, code)
    begun_from(request, duty)
    done = calendar.hand_over(actor(request), duty, given.words, today())
    return document(request, _shown(request, done))


@router.post("permit-duties/{code}/waive", response=PermitRowOut, operation_id="waive_permit_duty")
def waive(request: HttpRequest, code: str, given: PermitHandOverIn) -> HttpResponse:
    """Free an enterprise of a duty, with a reason."""
    duty = duty_of(request, code)
    begun_from(request, duty)
    return document(request, _shown(request, calendar.waive(actor(request), duty, given.words)))


def today() -> date:
    """Return the day in China."""
    return datetime.now(CHINA).date()


def duties(request: HttpRequest) -> Any:
    """Return the duties that I may see."""
    return visible(actor(request), Duty.KIND, Duty.objects.all())


def duty_of(request: HttpRequest, code: str) -> Duty:
    """Return a duty that I may see; InputError ``permits.none`` otherwise."""
    rows = duties(request).select_related("enterprise__region", "enterprise__organisation", "permit")
    found: Duty | None = rows.filter(code=code).first() if "\x00" not in code else None
    if found is None:
        raise InputError("permits.none", value=code.replace("\x00", "")[:120])
    return found


def duty_row(duty: Any) -> dict[str, Any]:
    """Return a duty with the state that it has today."""
    return {**DUTIES.row(duty), "state": duty.state_on(today())}


def _wanted(request: HttpRequest, wanted: Schema) -> tuple[Any, dict[str, Any]]:
    asked = wanted.model_dump(exclude_none=True)
    rows, state = duties(request), asked.pop("state", "")
    return (calendar.in_state(rows, state, today()) if state else rows), asked


def _shown(request: HttpRequest, duty: Duty) -> dict[str, Any]:
    who, thing = actor(request), thing_of(duty)
    by_mark = duty.standing == "open" and duty.kind in ("ledger", "renewal")
    return {
        **duty_row(duty),
        "may_finish": by_mark and may(who, "change", thing).allowed,
        "may_waive": duty.standing == "open" and may(who, "approve", thing).allowed,
    }
