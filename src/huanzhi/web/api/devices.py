"""Devices 监控设备: the register of devices as a list; a change goes into the register and into the trail.

Who may read a device but not its outlet meets the code of the outlet, and neither its name, kind and place
nor what is measured there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.errors import InputError
from huanzhi.library.devices import Device, Register, open_register
from huanzhi.library.devices.model import DeviceState, Outlet, as_row, device_of
from huanzhi.library.enterprises.models import Outlet as KnownOutlet
from huanzhi.library.places.models import Region
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.tables import Row
from huanzhi.library.rights import Actor, Thing, may, require, visible
from huanzhi.library.trail.chain import append
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer_rows, document, filters
from huanzhi.web.api.routes import HistoryOut

router = Router(tags=["devices"])

STATES = tuple(state.value for state in DeviceState)
COLUMNS = (
    Column("mn", sort=True, search=True, filter=True),
    Column("name", sort=True, search=True),
    Column("state", Kind.CHOICE, choices=STATES, words="device_state", filter=True, sort=True),
    Column("kind", filter=True, sort=True),
    Column("st", filter=True, sort=True),
    Column("edition", filter=True, sort=True),
    Column("enterprise", filter=True, sort=True, search=True),
    Column("outlet", filter=True, sort=True, search=True),
    Column("outlet_name", search=True),
    Column("region", filter=True, sort=True),
    Column("region_name"),
    Column("lon", Kind.NUMBER),
    Column("lat", Kind.NUMBER),
    Column("note", search=True),
    Column("simulated", Kind.TRUTH, filter=True),
)
Filters = filters("DeviceFilters", COLUMNS)


class DeviceRow(Schema):
    """A device in the list."""

    mn: str
    name: str
    state: Literal["parked", "registered", "disabled"]
    kind: str
    st: str
    edition: str
    enterprise: str
    outlet: str
    outlet_name: str
    region: str
    region_name: str
    lon: float | None
    lat: float | None
    note: str
    simulated: bool


class DeviceOut(DeviceRow):
    """A device with how it sends; its password is never shown."""

    crc: list[str]
    strict: bool
    encrypted: bool
    has_password: bool
    parameters: dict[str, Any]
    intervals: dict[str, int]
    rate: float
    size: int
    revision: int


class DeviceChange(Schema):
    """What may be changed of a device."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"state": "disabled", "note": "已拆除"}]}
    )

    name: str | None = Field(None, max_length=200)
    state: Literal["parked", "registered", "disabled"] | None = None
    enterprise: str | None = Field(None, max_length=64)
    outlet: str | None = Field(None, max_length=64)
    st: str | None = Field(None, max_length=4)
    edition: str | None = Field(None, max_length=20)
    strict: bool | None = None
    crc: list[str] | None = None
    intervals: dict[str, int] | None = None
    password: str | None = Field(None, max_length=64)
    note: str | None = Field(None, max_length=500)


class DeviceIn(DeviceChange):
    """A device to be registered."""

    mn: str = Field(min_length=1, max_length=64)


@router.get("devices", response=Page[DeviceRow])
def list_devices(request: HttpRequest, paging: Query[Paging], wanted: Query[Filters]) -> HttpResponse:  # type: ignore[valid-type]
    """List the devices that the reader may see."""
    given = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    below = given.pop("region", "")
    who, regions = actor(request), _regions()
    hidden = _hidden_outlets(who)
    rows = [_row(found, regions, hidden) for found in _seen(who, regions)]
    if below:
        rows = [row for row in rows if _lies_below(row["region"], below, regions)]
    return answer_rows(request, COLUMNS, rows, paging, given)


@router.post("devices", response={201: DeviceOut})
def create_device(request: HttpRequest, given: DeviceIn, reason: str = "") -> HttpResponse:
    """Register a device that is not known yet; one that is parked is changed instead."""
    with open_register() as register:
        values = {"state": "registered", **_given(given)}
        _save(actor(request), register, Device(given.mn), values, reason, new=True)
        return document(request, _whole(actor(request), register, given.mn), 201)


@router.get("devices/{mn}", response=DeviceOut)
def get_device(request: HttpRequest, mn: str) -> HttpResponse:
    """Return one device."""
    with open_register() as register:
        return document(request, _whole(actor(request), register, mn))


@router.patch("devices/{mn}", response=DeviceOut)
def change_device(request: HttpRequest, mn: str, given: DeviceChange, reason: str = "") -> HttpResponse:
    """Change what is named of a device; ``If-Match`` names the revision that the change began from."""
    with open_register() as register:
        held = _whole(actor(request), register, mn)
        begun = request.headers.get("If-Match", "").strip('"W/')
        if begun not in ("", "*", str(held["revision"])):
            raise InputError("records.stale", value=mn)
        before = register.device(mn)
        assert before is not None
        _save(actor(request), register, before, _given(given), reason)
        return document(request, _whole(actor(request), register, mn))


@router.get("devices/{mn}/history", response=HistoryOut)
def history_of_device(request: HttpRequest, mn: str) -> HttpResponse:
    """Return what was changed of a device, when, by whom and why."""
    with open_register() as register:
        _whole(actor(request), register, mn)
        changes = register.history(mn)
    return document(request, {"items": [_change(change) for change in changes]})


def _given(given: DeviceChange) -> dict[str, Any]:
    return {name: value for name, value in given.model_dump(exclude_unset=True).items() if value is not None}


@lru_cache(maxsize=2)
def _all(path: Path, revision: int) -> list[tuple[Device, Outlet | None]]:
    """Return the devices with their outlets, as they were at a revision of the register."""
    with open_register(path.parent) as register:
        outlets = register.outlets()
        return [(device, outlets.get(device.outlet)) for device in register.devices()]


def _regions() -> dict[str, tuple[str, str]]:
    """Return name and path of each region."""
    return {code: (name, path) for code, name, path in Region.objects.values_list("code", "name", "path")}


def _thing(device: Device, outlet: Outlet | None, regions: Mapping[str, tuple[str, str]]) -> Thing:
    path = regions.get(outlet.region_code if outlet else "", ("", ""))[1]
    return Thing("device", path, device.enterprise)


def _seen(who: Actor, regions: Mapping[str, tuple[str, str]]) -> list[tuple[Device, Outlet | None]]:
    with open_register() as register:
        found = _all(register.path, register.revision())
    decided: dict[Thing, bool] = {}
    for device, outlet in found:
        thing = _thing(device, outlet, regions)
        if thing not in decided:
            decided[thing] = may(who, "read", thing).allowed
    return [each for each in found if decided[_thing(*each, regions)]]


def _hidden_outlets(who: Actor) -> frozenset[str]:
    """Return the codes of the outlets that somebody may not read; one of no table is told with its device."""
    seen = visible(who, KnownOutlet.KIND, KnownOutlet.objects.order_by())
    rows = KnownOutlet.objects.exclude(pk__in=seen.values("pk"))
    return frozenset(rows.order_by().values_list("code", flat=True))


def _row(
    found: tuple[Device, Outlet | None], regions: Mapping[str, tuple[str, str]], hidden: frozenset[str]
) -> Row:
    device, known = found
    region = known.region_code if known else ""
    outlet = None if device.outlet in hidden else known
    return {
        "mn": device.mn,
        "name": device.name,
        "state": device.state.value,
        "kind": outlet.kind if outlet else "",
        "st": device.st,
        "edition": device.edition,
        "enterprise": device.enterprise,
        "outlet": device.outlet,
        "outlet_name": outlet.name if outlet else "",
        "region": region,
        "region_name": regions.get(region, ("", ""))[0],
        "lon": outlet.lon if outlet else None,
        "lat": outlet.lat if outlet else None,
        "note": device.note,
        "simulated": device.simulated,
    }


def _lies_below(code: str, above: str, regions: Mapping[str, tuple[str, str]]) -> bool:
    top = regions.get(above)
    return top is not None and regions.get(code, ("", "-"))[1].startswith(top[1])


def _whole(who: Actor, register: Register, mn: str) -> Row:
    """Return a device as somebody may see it.

    Raises
    ------
    InputError
        ``tables.no_record`` if there is none, or none for him.
    """
    device = register.device(mn)
    regions = _regions()
    outlet = register.outlets().get(device.outlet) if device else None
    if device is None or not may(who, "read", _thing(device, outlet, regions)).allowed:
        raise InputError("tables.no_record", value=mn)
    newest = register.history(mn, 1)
    hidden = _hidden_outlets(who)
    return {
        **_row((device, outlet), regions, hidden),
        "crc": list(device.crc),
        "strict": device.strict,
        "encrypted": bool(device.key),
        "has_password": bool(device.password),
        "parameters": {} if device.outlet in hidden else dict(device.parameters),
        "intervals": dict(device.intervals),
        "rate": device.rate,
        "size": device.size,
        "revision": newest[0].id if newest else 0,
    }


def _save(
    who: Actor,
    register: Register,
    before: Device,
    values: Mapping[str, Any],
    reason: str,
    *,
    new: bool = False,
) -> None:
    """Change a device in the register, and say so in the trail."""
    regions, outlets = _regions(), register.outlets()
    after = device_of(values, before)
    for device in (before, after) if not new else (after,):
        require(who, "create" if new else "change", _thing(device, outlets.get(device.outlet), regions))
    if new and register.device(after.mn) is not None:
        raise InputError("tables.exists", value=after.mn)
    if after.outlet and after.outlet not in outlets:
        raise InputError("tables.value", column="outlet", value=after.outlet)
    register.save([after], who=who.code, reason=reason)
    shown = [_hidden(as_row(device)) for device in (before, after)]
    append(
        who,
        "create" if new else "change",
        "device",
        after.mn,
        before=None if new else shown[0],
        after=shown[1],
        reason=reason,
    )


def _hidden(row: Mapping[str, Any]) -> Row:
    return {name: "***" if name == "password" and value else value for name, value in row.items()}


def _change(change: Any) -> dict[str, Any]:
    before, after = change.before or {}, change.after or {}
    return {
        "seq": change.id,
        "at": datetime.fromtimestamp(change.at / 1e6, UTC).astimezone(CHINA).isoformat(),
        "actor": change.who,
        "action": change.action,
        "reason": change.reason,
        "revision": change.id,
        "changes": [
            {"column": name, "before": before.get(name), "after": value}
            for name, value in after.items()
            if value != before.get(name) and (before or value not in ("", [], {}, None, 0, False))
        ],
    }
