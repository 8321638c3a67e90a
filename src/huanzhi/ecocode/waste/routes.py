"""Routes 收运线路: the trips of a collector's day, planned by pyvrp; weighing and manifests at each stop.

Roads are not known: distances are geodesics times a detour, and the answer says so. Planning counts
iterations, not seconds, and its seed is kept, so that the same bookings give the same trips anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q

from huanzhi.ecocode.waste import distance, manifests, moving
from huanzhi.ecocode.waste.codes import grams_of, kilograms
from huanzhi.ecocode.waste.models import Booking, Manifest, Route, Vehicle
from huanzhi.ecocode.waste.settings import settings
from huanzhi.ecocode.waste.writing import number, own_enterprise, require_party, step
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.changing import save
from huanzhi.library.records.selecting import valid_on
from huanzhi.library.rights import Actor
from huanzhi.standards.periods import CHINA

PRIZE = 10_000_000
"""What it is worth to a plan to take a booking [m]: more than any trip. Ours."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A booking as the planning sees it; times are seconds after midnight of the day, weights kilograms."""

    number: str
    lon: float
    lat: float
    kilograms: int
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Truck:
    """A vehicle as the planning sees it."""

    code: str
    kilograms: int


@dataclass(frozen=True, slots=True)
class Planned:
    """Trips, each with its stops in order and the metres; and what no trip takes, with why."""

    trips: tuple[dict[str, Any], ...]
    left: tuple[dict[str, str], ...]
    metres: int


def plan(depot: tuple[float, float], stops: Sequence[Stop], trucks: Sequence[Truck], seed: int) -> Planned:
    """Plan the trips of a day.

    Parameters
    ----------
    depot : (float, float)
        Longitude and latitude [degrees].
    seed : int
        The same seed gives the same trips.

    Raises
    ------
    InputError
        ``waste.no_vehicle``, ``waste.too_many_stops``; ``waste.no_route`` if no booking at all can be taken.
    """
    table = settings()["routes"]
    if not trucks:
        raise InputError("waste.no_vehicle")
    if len(stops) > table["stops_most"]:
        raise InputError("waste.too_many_stops", value=len(stops), most=table["stops_most"])
    first, last = seconds(table["day_begins"]), seconds(table["day_ends"])
    largest = max(truck.kilograms for truck in trucks)
    left = [_left(stop, why) for stop in stops if (why := _hopeless(stop, largest, first, last))]
    gone = {row["number"] for row in left}
    stops = sorted((stop for stop in stops if stop.number not in gone), key=lambda stop: stop.number)
    if stops:
        trips, unplanned = _solved(depot, stops, trucks, seed, (first, last))
        left += [_left(stop, "time") for stop in unplanned]
    if not stops or not trips:
        raise InputError("waste.no_route", value=len(left))
    return Planned(tuple(trips), tuple(left), sum(trip["metres"] for trip in trips))


def _left(stop: Stop, why: str) -> dict[str, str]:
    return {"number": stop.number, "why": why}


def _hopeless(stop: Stop, largest: int, first: int, last: int) -> str:
    if stop.kilograms > largest:
        return "weight"
    return "window" if stop.ends <= first or stop.begins >= last else ""


def seconds(written: str) -> int:
    """Return seconds after midnight of ``08:30``."""
    hours, minutes = written.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def _solved(
    depot: tuple[float, float],
    stops: Sequence[Stop],
    trucks: Sequence[Truck],
    seed: int,
    day: tuple[int, int],
) -> tuple[list[dict[str, Any]], list[Stop]]:
    from pyvrp import Model
    from pyvrp.stop import MaxIterations

    table, model = settings()["routes"], Model()
    places = [depot, *((stop.lon, stop.lat) for stop in stops)]
    apart = distance.matrix([lon for lon, _ in places], [lat for _, lat in places]) * float(table["detour"])
    locations = [model.add_location(lon, lat) for lon, lat in places]
    home = model.add_depot(locations[0], name="depot")
    service = table["service_minutes"] * 60
    for stop, location in zip(stops, locations[1:], strict=True):
        begins, ends = max(stop.begins, day[0]), min(stop.ends, day[1])
        told = {"pickup": stop.kilograms, "service_duration": service, "tw_early": begins, "tw_late": ends}
        model.add_client(location, **told, required=False, prize=PRIZE, name=stop.number)
    for truck in sorted(trucks, key=lambda one: one.code):
        shift = {"tw_early": day[0], "tw_late": day[1], "unit_duration_cost": 0}
        model.add_vehicle_type(1, truck.kilograms, home, home, name=truck.code, **shift)
    metres = np.rint(apart).astype(np.int64)
    lasting = np.ceil(apart / float(table["speed_m_s"])).astype(np.int64)
    for one, begin in enumerate(locations):
        for other, end in enumerate(locations):
            model.add_edge(begin, end, int(metres[one, other]), int(lasting[one, other]))
    found = model.solve(MaxIterations(table["iterations"]), seed=seed, display=False, collect_stats=False)
    if not found.is_feasible():
        return _without_heaviest(depot, stops, trucks, seed, day)
    order = sorted(trucks, key=lambda one: one.code)
    trips = [_trip(route, stops, order, service) for route in found.best.routes() if route.num_clients()]
    taken = {stop["number"] for trip in trips for stop in trip["stops"]}
    return trips, [stop for stop in stops if stop.number not in taken]


def _without_heaviest(
    depot: tuple[float, float],
    stops: Sequence[Stop],
    trucks: Sequence[Truck],
    seed: int,
    day: tuple[int, int],
) -> tuple[list[dict[str, Any]], list[Stop]]:
    """Plan without the heaviest stop, where the search ends before it finds trips that hold.

    Any stop may stay out, so that trips exist; a search of counted steps need not find them.
    """
    heaviest = max(stops, key=lambda one: (one.kilograms, one.number))
    rest = [one for one in stops if one is not heaviest]
    trips, left = _solved(depot, rest, trucks, seed, day) if rest else ([], [])
    return trips, sorted([*left, heaviest], key=lambda one: one.number)


def _trip(route: Any, stops: Sequence[Stop], trucks: Sequence[Truck], service: int) -> dict[str, Any]:
    visits = [one for one in route.schedule() if one.is_client()]
    taken = [(stops[one.idx], one) for one in visits]
    return {
        "vehicle": trucks[route.vehicle_type()].code,
        "stops": [{"number": stop.number, "at": int(one.start_time)} for stop, one in taken],
        "kg": sum(stop.kilograms for stop, _ in taken),
        "metres": int(route.distance()),
        "begins": int(route.start_time()),
        "ends": int(route.end_time()),
    }


def plan_day(actor: Actor, given: Mapping[str, Any], now: datetime) -> Route:
    """Plan the trips of a collector's day from the bookings that are open.

    Parameters
    ----------
    given : mapping
        ``day``; ``collector`` (one's own by default), ``bookings`` (all that are open by default), ``seed``.
    """
    collector = own_enterprise(actor, given.get("collector", ""))
    require_party(actor, collector, "收集单位")
    if collector.lon is None or collector.lat is None:
        raise InputError("waste.no_place", column="collector", value=collector.code)
    day: date = given["day"]
    bookings = _open(collector, day, given.get("bookings") or [])
    if not bookings:
        raise InputError("waste.no_bookings", value=day.isoformat())
    trucks = [
        Truck(one.code, one.grams // 1000)
        for one in Vehicle.objects.filter(valid_on(day), enterprise=collector, active=True).order_by("code")
    ]
    seed = int(given.get("seed") or settings()["routes"]["seed"])
    planned = plan((collector.lon, collector.lat), [_stop(one, day) for one in bookings], trucks, seed)
    return _kept(actor, collector, day, seed, planned, now)


def _open(collector: Enterprise, day: date, wanted: Sequence[str]) -> list[Booking]:
    begin = datetime.combine(day, time(), CHINA)
    end = datetime.combine(day, time(23, 59, 59), CHINA)
    rows = Booking.objects.filter(
        Q(begins__lte=end) & Q(ends__gte=begin), collector=collector, state="booked"
    )
    rows = rows.filter(number__in=list(wanted)) if wanted else rows
    return list(rows.order_by("number"))


def _stop(booking: Booking, day: date) -> Stop:
    midnight = datetime.combine(day, time(), CHINA)
    begins = int((booking.begins - midnight).total_seconds())
    ends = int((booking.ends - midnight).total_seconds())
    weight = -(-booking.grams // 1000)
    return Stop(booking.number, booking.lon, booking.lat, weight, max(begins, 0), max(ends, 0))


def _kept(
    actor: Actor, collector: Enterprise, day: date, seed: int, planned: Planned, now: datetime
) -> Route:
    with transaction.atomic():
        made = Route(
            number=number("XL", now),
            enterprise=collector,
            day=day,
            seed=seed,
            metres=planned.metres,
            trips=list(planned.trips),
            left=list(planned.left),
            made=now,
            made_by=actor.code,
            simulated=collector.simulated,
        )
        save(actor, made, "plan")
        taken = [stop["number"] for trip in made.trips for stop in trip["stops"]]
        for row in Booking.objects.select_for_update(of=("self",)).filter(number__in=taken).order_by("pk"):
            if row.state != "booked":
                raise InputError("waste.not_now", value=row.number)
            row.state, row.route = "planned", made.number
            row.steps = [*row.steps, step(actor, "plan", now, made.number)]
            save(actor, row, "plan")
    return made


def weigh(actor: Actor, booking: Booking, kg: float, now: datetime) -> Booking:
    """Weigh what a firm hands over; by the collector."""
    require_party(actor, booking.collector, "收集单位")
    grams = grams_of(kg)
    if grams <= 0:
        raise InputError("waste.amount", column="kg", value=kg)
    with transaction.atomic():
        held = _locked(booking, ("planned", "weighed"))
        held.weighed, held.state = grams, "weighed"
        held.steps = [*held.steps, step(actor, "weigh", now, f"{kilograms(grams)} kg")]
        save(actor, held, "weigh")
    return held


def issue_manifest(actor: Actor, booking: Booking, given: Mapping[str, Any], now: datetime) -> Manifest:
    """Issue the manifest of a pick-up that was weighed: sent by the booking, taken by the collector.

    The firm's booking is its word as the generator; the collector is the carrier.
    """
    require_party(actor, booking.collector, "收集单位")
    with transaction.atomic():
        held = _locked(booking, ("weighed",))
        receiver = given.get("receiver") or held.collector.code
        vehicle = given.get("vehicle") or _vehicle(held)
        line = {
            "waste": held.waste,
            "kg": kilograms(held.grams),
            "packaging": held.packaging,
            "pieces": held.pieces,
        }
        told = {"carrier": held.collector.code, "receiver": receiver, "lines": [line], "vehicle": vehicle}
        manifest = manifests.by_booking(held.enterprise, {**told, "booking": held.number}, now)
        amounts = {"1": kilograms(held.weighed)}
        manifest = moving.move(actor, manifest, "take", {"amounts": amounts}, now)
        held.manifest, held.state = manifest.number, "collected"
        held.steps = [*held.steps, step(actor, "manifest", now, manifest.number)]
        save(actor, held, "manifest")
        _finish(actor, held.route)
    return manifest


def _locked(booking: Booking, states: tuple[str, ...]) -> Booking:
    held = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    if held.revision != booking.revision:
        raise InputError("records.stale", value=held.number)
    if held.state not in states:
        raise InputError("waste.not_now", value=held.number)
    return held


def _vehicle(booking: Booking) -> str:
    route = Route.objects.filter(number=booking.route).first()
    trips = route.trips if route else []
    mine = [trip for trip in trips if any(stop["number"] == booking.number for stop in trip["stops"])]
    return str(mine[0]["vehicle"]) if mine else ""


def _finish(actor: Actor, name: str) -> None:
    """Close a route whose bookings are all over."""
    route = Route.objects.select_for_update(of=("self",)).filter(number=name, state="planned").first()
    if route is None or Booking.objects.filter(route=name, state__in=("planned", "weighed")).exists():
        return
    route.state = "done"
    save(actor, route, "done")
