"""Licences and vehicles 经营许可证、运输车辆: listed, entered, changed, ended; who takes, who carries."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from huanzhi.ecocode.waste import licences
from huanzhi.ecocode.waste.listing import LICENCES, VEHICLES, in_kilograms
from huanzhi.ecocode.waste.models import Licence, Vehicle
from huanzhi.ecocode.waste.settings import settings
from huanzhi.ecocode.waste.writing import acts_for
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.selecting import valid_on
from huanzhi.library.rights import Actor, mask, may, thing_of, visible
from huanzhi.library.rights.decision import RESTRICTED
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.waste_reading import found, now, rows_of, today
from huanzhi.web.api.waste_shapes import (
    WasteEndIn,
    WasteLicenceIn,
    WasteNewLicenceIn,
    WasteNewVehicleIn,
    WasteOut,
    WasteToldOut,
    WasteVehicleIn,
)

router = Router(tags=["waste"])
_VALID: Any = (bool | None, Field(None, description="holds today"))
LicenceFilters = filters("WasteLicenceFilters", LICENCES.columns, valid=_VALID)
VehicleFilters = filters("WasteVehicleFilters", VEHICLES.columns, valid=_VALID)


@router.get("waste/licences", response=Page[dict[str, Any]], operation_id="list_waste_licences")
def list_licences(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[LicenceFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the licences of operators and carriers, and how they stand; also as CSV or XLSX."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    rows = _valid(rows_of(request, LICENCES), asked.pop("valid", None))
    return answer(request, LICENCES, rows, paging, asked, _licence)


def _valid(rows: Any, wanted: bool | None) -> Any:
    """Return the rows that hold today, or those that do not."""
    if wanted is None:
        return rows
    return rows.filter(valid_on(today()) if wanted else ~Q(valid_on(today())))


def _licence(row: Any) -> dict[str, Any]:
    return {**in_kilograms(LICENCES, row), "standing": licences.standing(row, today())}


@router.post("waste/licences", response={201: WasteOut}, operation_id="enter_waste_licence")
def enter_licence(request: HttpRequest, given: WasteNewLicenceIn) -> HttpResponse:
    """Enter a licence, as the office."""
    made = licences.enter(actor(request), given.model_dump())
    return document(request, licence_row(actor(request), made), 201)


@router.get("waste/licences/one", response=WasteOut, operation_id="get_waste_licence")
def get_licence(request: HttpRequest, code: str) -> HttpResponse:
    """Return a licence, how it stands, and whether I may change it."""
    return document(request, licence_row(actor(request), found(request, LICENCES, code)))


@router.put("waste/licences/one", response=WasteOut, operation_id="change_waste_licence")
def change_licence(request: HttpRequest, code: str, given: WasteLicenceIn) -> HttpResponse:
    """Change what a licence says."""
    row: Licence = found(request, LICENCES, code)
    begun_from(request, row)
    done = licences.change(actor(request), row, given.model_dump())
    return document(request, licence_row(actor(request), done))


@router.post("waste/licences/end", response=WasteOut, operation_id="end_waste_licence")
def end_licence(request: HttpRequest, code: str, given: WasteEndIn) -> HttpResponse:
    """End a licence after a day, with words that say why."""
    row: Licence = found(request, LICENCES, code)
    begun_from(request, row)
    licences.end(actor(request), row, given.last_day, given.words, now())
    return document(request, licence_row(actor(request), row))


def licence_row(who: Actor, row: Licence) -> dict[str, Any]:
    """Return a licence as it is shown."""
    return {**mask(who, row, _licence(row)), "may_change": may(who, "change", thing_of(row)).allowed}


@router.get("waste/vehicles", response=Page[dict[str, Any]], operation_id="list_waste_vehicles")
def list_vehicles(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[VehicleFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the vehicles that carry hazardous waste, and how their permits stand."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    rows = _valid(rows_of(request, VEHICLES), asked.pop("valid", None))
    return answer(request, VEHICLES, rows, paging, asked, _vehicle)


def _vehicle(row: Any) -> dict[str, Any]:
    return {**in_kilograms(VEHICLES, row), "standing": licences.standing(row, today())}


@router.post("waste/vehicles", response={201: WasteOut}, operation_id="enter_waste_vehicle")
def enter_vehicle(request: HttpRequest, given: WasteNewVehicleIn) -> HttpResponse:
    """Enter a vehicle of one's own enterprise."""
    made = licences.enter_vehicle(actor(request), given.model_dump())
    return document(request, vehicle_row(actor(request), made), 201)


@router.get("waste/vehicles/one", response=WasteOut, operation_id="get_waste_vehicle")
def get_vehicle(request: HttpRequest, code: str) -> HttpResponse:
    """Return a vehicle, how its permit stands, and whether I may change it."""
    return document(request, vehicle_row(actor(request), found(request, VEHICLES, code)))


@router.put("waste/vehicles/one", response=WasteOut, operation_id="change_waste_vehicle")
def change_vehicle(request: HttpRequest, code: str, given: WasteVehicleIn) -> HttpResponse:
    """Change load, permit, its last day, and whether the vehicle is in use."""
    row: Vehicle = found(request, VEHICLES, code)
    begun_from(request, row)
    done = licences.change_vehicle(actor(request), row, given.model_dump())
    return document(request, vehicle_row(actor(request), done))


@router.post("waste/vehicles/end", response=WasteOut, operation_id="end_waste_vehicle")
def end_vehicle(request: HttpRequest, code: str, given: WasteEndIn) -> HttpResponse:
    """End the permit of a vehicle after a day, with words that say why."""
    row: Vehicle = found(request, VEHICLES, code)
    begun_from(request, row)
    licences.end(actor(request), row, given.last_day, given.words, now())
    return document(request, vehicle_row(actor(request), row))


def vehicle_row(who: Actor, row: Vehicle) -> dict[str, Any]:
    """Return a vehicle as it is shown."""
    changes = may(who, "change", thing_of(row)).allowed
    return {**mask(who, row, _vehicle(row)), "may_change": changes, "own": acts_for(who, row.enterprise)}


@router.get("waste/operators", response=WasteToldOut, operation_id="waste_operators")
def get_operators(request: HttpRequest) -> HttpResponse:
    """Return who holds a licence today and for what, for whoever has waste to hand over.

    Who is licensed is told to everybody who has signed in, unless the enterprise is for named readers only.
    """
    seen = visible(actor(request), Enterprise.KIND, Enterprise.objects.filter(sensitivity=RESTRICTED))
    told = ~Q(enterprise__sensitivity=RESTRICTED) | Q(enterprise__in=seen.order_by().values("pk"))
    rows = Licence.objects.filter(valid_on(today())).filter(told)
    rows = rows.select_related("enterprise").order_by("enterprise__code", "pk")
    table = settings()["licence"]
    items = [
        {
            "code": row.enterprise.code,
            "name": row.enterprise.name,
            "province": row.enterprise.region_id[:2],
            "sort": row.sort,
            "takes": table[row.sort]["takes"],
            "carries": table[row.sort]["carries"] or row.sort == licences.SMALL,
            "classes": row.classes,
            "simulated": row.simulated,
        }
        for row in rows
    ]
    return document(request, {"items": items})
