"""Pick-ups of small firms 小微收运: bookings, routes, weighing, manifests, coverage; check lists."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from huanzhi.ecocode.waste import booking, checks, routes
from huanzhi.ecocode.waste.codes import described
from huanzhi.ecocode.waste.listing import BOOKINGS, CHECKS, ENTRIES, ROUTES, in_kilograms
from huanzhi.ecocode.waste.models import Booking, Check, Route
from huanzhi.ecocode.waste.settings import checklists, settings
from huanzhi.ecocode.waste.writing import acts_for
from huanzhi.errors import InputError
from huanzhi.library.rights import Actor, mask, may, thing_of
from huanzhi.messages import text, using
from huanzhi.web.api.actors import actor
from huanzhi.web.api.days import Day
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.waste_manifests import shown as shown_manifest
from huanzhi.web.api.waste_reading import enterprises, found, now, rows_of, today
from huanzhi.web.api.waste_shapes import (
    WasteAnswersIn,
    WasteBookingIn,
    WasteCheckIn,
    WasteIssueIn,
    WasteMendIn,
    WasteOut,
    WasteRouteIn,
    WasteToldOut,
    WasteWeightIn,
    WasteWordsIn,
    in_china,
)

router = Router(tags=["waste"])
BookingFilters = filters(
    "WasteBookingFilters",
    BOOKINGS.columns,
    open=(bool | None, Field(None, description="not over yet")),
)
RouteFilters = filters("WasteRouteFilters", ROUTES.columns)
CheckFilters = filters("WasteCheckFilters", CHECKS.columns)


@router.get("waste/bookings", response=Page[dict[str, Any]], operation_id="list_waste_bookings")
def list_bookings(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[BookingFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the pick-ups that were booked, the newest first; also as CSV, XLSX or GeoJSON."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    rows = rows_of(request, BOOKINGS)
    if (is_open := asked.pop("open", None)) is not None:
        rows = rows.filter(
            state__in=[name for name, row in settings()["booking"].items() if row["open"] == is_open]
        )
    paging.sort = paging.sort or "-number"
    return answer(request, BOOKINGS, rows, paging, asked, lambda row: in_kilograms(BOOKINGS, row))


@router.post("waste/bookings", response={201: WasteOut}, operation_id="book_waste_pickup")
def book(request: HttpRequest, given: WasteBookingIn) -> HttpResponse:
    """Book a pick-up of one's own enterprise."""
    told = given.model_dump() | {"begins": in_china(given.begins), "ends": in_china(given.ends)}
    made = booking.book(actor(request), told, now())
    return document(request, booking_row(actor(request), made), 201)


@router.get("waste/bookings/{number}", response=WasteOut, operation_id="get_waste_booking")
def get_booking(request: HttpRequest, number: str) -> HttpResponse:
    """Return a pick-up with its timeline and the steps that I may take."""
    return document(request, booking_row(actor(request), _booking(request, number)))


@router.post("waste/bookings/{number}/cancel", response=WasteOut, operation_id="cancel_waste_booking")
def cancel(request: HttpRequest, number: str, given: WasteWordsIn) -> HttpResponse:
    """Cancel a pick-up that is on no route yet."""
    row = _booking(request, number)
    begun_from(request, row)
    return document(
        request, booking_row(actor(request), booking.cancel(actor(request), row, given.words, now()))
    )


@router.post("waste/bookings/{number}/fail", response=WasteOut, operation_id="fail_waste_booking")
def fail(request: HttpRequest, number: str, given: WasteWordsIn) -> HttpResponse:
    """Say that a pick-up could not be collected, and why; by the collector."""
    row = _booking(request, number)
    begun_from(request, row)
    return document(
        request, booking_row(actor(request), booking.fail(actor(request), row, given.words, now()))
    )


@router.post("waste/bookings/{number}/weigh", response=WasteOut, operation_id="weigh_waste_booking")
def weigh(request: HttpRequest, number: str, given: WasteWeightIn) -> HttpResponse:
    """Weigh what is handed over; by the collector."""
    row = _booking(request, number)
    begun_from(request, row)
    return document(request, booking_row(actor(request), routes.weigh(actor(request), row, given.kg, now())))


@router.post(
    "waste/bookings/{number}/manifest", response={201: WasteOut}, operation_id="issue_waste_manifest"
)
def issue(request: HttpRequest, number: str, given: WasteIssueIn) -> HttpResponse:
    """Issue the manifest of a pick-up that was weighed; by the collector, who is the carrier."""
    row = _booking(request, number)
    begun_from(request, row)
    made = routes.issue_manifest(actor(request), row, given.model_dump(), now())
    return document(request, shown_manifest(actor(request), made), 201)


def _booking(request: HttpRequest, number: str) -> Booking:
    row: Booking = found(request, BOOKINGS, number)
    return row


def booking_row(who: Actor, row: Booking) -> dict[str, Any]:
    """Return a pick-up as it is shown."""
    mine, collects = acts_for(who, row.enterprise), acts_for(who, row.collector)
    steps = {
        "cancel": row.state == "booked" and (mine or collects),
        "weigh": row.state in ("planned", "weighed") and collects,
        "manifest": row.state == "weighed" and collects,
        "fail": row.state in ("planned", "weighed") and collects,
    }
    return {
        **mask(who, row, in_kilograms(BOOKINGS, row)),
        "name": described(row.waste)["name"],
        "words": row.words,
        "steps": row.steps,
        "moves": [name for name, allowed in steps.items() if allowed],
    }


@router.get("waste/routes", response=Page[dict[str, Any]], operation_id="list_waste_routes")
def list_routes(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[RouteFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the days that were planned, the newest first."""
    paging.sort = paging.sort or "-number"
    return answer(request, ROUTES, rows_of(request, ROUTES), paging, wanted)


@router.post("waste/routes", response={201: WasteOut}, operation_id="plan_waste_route")
def plan_route(request: HttpRequest, given: WasteRouteIn) -> HttpResponse:
    """Plan the trips of a day from the pick-ups that are open: load, windows and depot are kept to."""
    made = routes.plan_day(actor(request), given.model_dump(), now())
    return document(request, route_row(request, made), 201)


@router.get("waste/routes/{number}", response=WasteOut, operation_id="get_waste_route")
def get_route(request: HttpRequest, number: str) -> HttpResponse:
    """Return the trips of a day: stops in order with their times, lengths, what no trip takes and why."""
    return document(request, route_row(request, found(request, ROUTES, number)))


def route_row(request: HttpRequest, row: Route) -> dict[str, Any]:
    """Return a route as it is shown."""
    who = actor(request)
    held = (
        rows_of(request, BOOKINGS).filter(route=row.number).select_related(*BOOKINGS.related).order_by("pk")
    )
    stops = {one.number: in_kilograms(BOOKINGS, one) for one in held}
    trips = [
        {**trip, "stops": [{**stops.get(stop["number"], {}), **stop} for stop in trip["stops"]]}
        for trip in row.trips
    ]
    with using(language_of(request)):
        left = [{**one, "words": text(f"waste.left_{one['why']}")} for one in row.left]
        note = text("waste.distance_note")
    depot = {"lon": row.enterprise.lon, "lat": row.enterprise.lat, "name": row.enterprise.name}
    table = settings()["routes"]
    told = {
        name: table[name] for name in ("detour", "speed_m_s", "service_minutes", "iterations", "confidence")
    }
    return {
        **mask(who, row, ROUTES.row(row)),
        "depot": depot,
        "trips": trips,
        "left": left,
        "note": note,
        "table": told,
    }


@router.get("waste/coverage", response=WasteToldOut, operation_id="waste_coverage")
def get_coverage(request: HttpRequest, region: str = "", day: Day | None = None) -> HttpResponse:
    """Return how many small firms were served, who was not for too long, and the figures for a subsidy."""
    return document(request, booking.coverage(enterprises(request, ENTRIES, region), day or today()))


@router.get("waste/checks", response=Page[dict[str, Any]], operation_id="list_waste_checks")
def list_checks(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[CheckFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the assessments, the newest first."""
    paging.sort = paging.sort or "-number"
    return answer(request, CHECKS, rows_of(request, CHECKS), paging, wanted)


@router.post("waste/checks", response={201: WasteOut}, operation_id="begin_waste_check")
def begin(request: HttpRequest, given: WasteCheckIn) -> HttpResponse:
    """Begin an assessment of an enterprise."""
    made = checks.begin(actor(request), given.model_dump(), now())
    return document(request, check_row(actor(request), made), 201)


@router.get("waste/checks/{number}", response=WasteOut, operation_id="get_waste_check")
def get_check(request: HttpRequest, number: str) -> HttpResponse:
    """Return an assessment with its items, answers, grade, and what is to be rectified."""
    return document(request, check_row(actor(request), _check(request, number)))


@router.post("waste/checks/{number}/answers", response=WasteOut, operation_id="answer_waste_check")
def answer_check(request: HttpRequest, number: str, given: WasteAnswersIn) -> HttpResponse:
    """Note answers by item."""
    row = _check(request, number)
    begun_from(request, row)
    answers = {code: one.model_dump() for code, one in given.answers.items()}
    return document(request, check_row(actor(request), checks.answer(actor(request), row, answers, now())))


@router.post("waste/checks/{number}/score", response=WasteOut, operation_id="score_waste_check")
def score_check(request: HttpRequest, number: str) -> HttpResponse:
    """Score an assessment; what is below full marks is to be rectified."""
    row = _check(request, number)
    begun_from(request, row)
    return document(request, check_row(actor(request), checks.score(actor(request), row, now())))


@router.post("waste/checks/{number}/mend", response=WasteOut, operation_id="mend_waste_check")
def mend_check(request: HttpRequest, number: str, given: WasteMendIn) -> HttpResponse:
    """Tell what was rectified, as the enterprise; accept or return it, as the office."""
    row, who = _check(request, number), actor(request)
    begun_from(request, row)
    if given.accepted is None:
        done = checks.mend(who, row, given.item, given.words, now())
    else:
        done = checks.accept(who, row, given.item, given.accepted, given.words, now())
    return document(request, check_row(who, done))


def _check(request: HttpRequest, number: str) -> Check:
    row: Check = found(request, CHECKS, number)
    return row


def check_row(who: Actor, row: Check) -> dict[str, Any]:
    """Return an assessment as it is shown."""
    listed, table = checklists()[row.object], settings()["assessment"]
    items = [
        {**item, **(row.answers.get(item["code"]) or {}), "mending": row.mending.get(item["code"])}
        for item in listed["item"]
    ]
    assesses = may(who, "approve", thing_of(row)).allowed
    return {
        **mask(who, row, CHECKS.row(row)),
        "list": {name: listed[name] for name in ("zh", "en")},
        "version": row.version,
        "items": items,
        "answered": sum(item["code"] in row.answers for item in listed["item"]),
        "preview": _preview(row),
        "steps": row.steps,
        "scheme": dict(table),
        "grades": [{"value": code, **one} for code, one in settings()["grade"].items()],
        "may_assess": assesses,
        "may_mend": row.state == "scored" and acts_for(who, row.enterprise),
    }


def _preview(row: Check) -> dict[str, Any] | None:
    """Return the score as it stands, once every item has an answer."""
    try:
        score, grade = checks.result(row.object, row.answers)
    except InputError:
        return None
    return {"score": score, "grade": grade}
