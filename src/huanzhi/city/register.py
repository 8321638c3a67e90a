"""Registration list of the city 联网登记表: what a platform must know to take the devices in.

Devices with number, password, edition, dialect and intervals; the features that they measure; enterprises
with outlets, permits and limits. Nothing of the truth is in it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from huanzhi.city.devices import FEATURE_KINDS, Device
from huanzhi.city.geometry import distance
from huanzhi.city.ledgers import emitted_before
from huanzhi.city.model import Enterprise, Outlet, Section, description
from huanzhi.city.simulation import Simulation
from huanzhi.city.telegrams import HEARTBEAT, cadence
from huanzhi.city.terrain import terrain
from huanzhi.city.world import City
from huanzhi.network.hj212 import Verdict
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import CHINA_OFFSET

COLUMNS = (
    "mn",
    "name",
    "password",
    "enterprise",
    "outlet",
    "st",
    "edition",
    "crc",
    "key",
    "parameters",
    "intervals",
    "simulated",
)
OUTLET_COLUMNS = (
    "name",
    "kind",
    "region",
    "province",
    "region_code",
    "lon",
    "lat",
    "simulated",
    "attributes",
    "permits",
)
PUBLIC = frozenset({"air", "section"})
"""Kinds of devices whose values are published: the quality of the environment."""

_NEAR = {"air": 12.0, "fence": 2.0}


def register(simulation: Simulation, devices: Sequence[Device]) -> dict[str, Any]:
    """Return the list as one document.

    ``devices`` and ``outlets`` are what ``huanzhi device import`` takes in; ``keys`` are the SM4 keys by MN;
    ``enterprises`` and ``rivers`` are for the rooms that know more than devices.
    """
    city = simulation.city
    return {
        "simulated": True,
        "remark": description()["remark"],
        "seed": city.seed,
        "start": china_time(city.start),
        "devices": [_device(city, device) for device in devices],
        "outlets": [_place(city, devices, device) for device in devices],
        "keys": {device.mn: device.sm4_key.hex() for device in devices if device.sm4_key},
        "enterprises": [_enterprise(simulation, owner) for owner in city.enterprises],
        "rivers": [_river(city, code) for code in city.rivers],
    }


def device_sheet(document: Mapping[str, Any]) -> str:
    """Return devices and outlets of a list as CSV, one device a row."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow((*COLUMNS, *(f"outlet_{column}" for column in OUTLET_COLUMNS)))
    for device, place in zip(document["devices"], document["outlets"], strict=True):
        cells = [device[column] for column in COLUMNS] + [place[column] for column in OUTLET_COLUMNS]
        writer.writerow([_cell(cell) for cell in cells])
    return stream.getvalue()


def _cell(cell: Any) -> Any:
    if isinstance(cell, Mapping):
        return json.dumps(cell, ensure_ascii=False)
    if isinstance(cell, list):
        return " ".join(cell)
    return str(cell).lower() if isinstance(cell, bool) else cell


def china_time(moment: int) -> str:
    """Return a moment [s UTC] as ISO 8601 of China."""
    local = datetime.fromtimestamp(moment + CHINA_OFFSET, UTC).replace(tzinfo=None)
    return f"{local.isoformat(timespec='seconds')}+08:00"


def _device(city: City, device: Device) -> dict[str, Any]:
    return {
        "mn": device.mn,
        "name": _name(city, device),
        "password": device.password,
        "enterprise": device.enterprise,
        "outlet": device.feature,
        "st": device.facts["st"],
        "edition": device.edition.value,
        "crc": [] if device.crc is Verdict.HJ212 else [device.crc.value],
        "key": device.mn if device.sm4_key else "",
        "parameters": dict(_parameters(device)),
        "intervals": {cn: step for cn, step in cadence(device).items() if cn != HEARTBEAT},
        "simulated": True,
    }


def _name(city: City, device: Device) -> str:
    owner = city.owners.get(device.enterprise)
    if owner is None:
        return device.subject.name
    return f"{owner.name}{device.subject.name if device.kind != 'meter' else '用电监控'}"


def _place(city: City, devices: Sequence[Device], device: Device) -> dict[str, Any]:
    township, told = _township(city, device)
    return {
        "code": device.feature,
        "name": _name(city, device),
        "kind": FEATURE_KINDS[device.kind],
        "enterprise": device.enterprise,
        "region": description()["name"],
        "province": description()["province"],
        "region_code": township,
        "lon": device.place.lon,
        "lat": device.place.lat,
        "simulated": True,
        "attributes": {**_attributes(city, devices, device), **told, **_standing(device)},
        "permits": _permits(device.subject) if isinstance(device.subject, Outlet) else {},
    }


def _township(city: City, device: Device) -> tuple[str, dict[str, str]]:
    """Return the township that a place lies in, and its name; the district outside all of them."""
    ground = terrain(city.seed)
    code = ground.township_at(device.place.lon, device.place.lat)
    names = {one.code: one.name for one in ground.of("township")}
    return (code, {"township": names[code]}) if code else (str(description()["region_code"]), {})


def _standing(device: Device) -> dict[str, str]:
    """Return who controls a place, and that the quality of air and rivers is public."""
    control = description()["control"]
    level = control["of"].get(device.feature, control.get(device.kind, ""))
    told = {"control_level": level} if level else {}
    return {**told, "sensitivity": "public"} if device.kind in PUBLIC else told


def _permits(outlet: Outlet) -> dict[str, dict[str, str]]:
    return {
        item.code: {
            "value": str(item.limit.value),
            "unit": item.limit.unit,
            "standard": item.limit.standard,
            "clause": item.limit.clause,
        }
        for item in outlet.items
        if item.limit
    }


def _attributes(city: City, devices: Sequence[Device], device: Device) -> dict[str, Any]:
    """Return what checks need beside: meters of an outlet, neighbours of a station, place of a section."""
    subject = device.subject
    if isinstance(subject, Outlet):
        owner = city.owners[subject.enterprise]
        return {
            "production": [_meter(owner, code, rated) for code, rated in owner.lines.items()],
            "treatment": [_meter(owner, subject.treatment, subject.treatment_kw)],
            "check_standard": _check_standards(subject),
            "river": subject.river,
            "chainage_km": subject.chainage,
            "park": subject.park,
        }
    if isinstance(subject, Section):
        return {"river": subject.river, "chainage_km": subject.chainage}
    if device.kind in _NEAR:
        near = [
            other.feature
            for other in devices
            if other.kind == device.kind
            and other is not device
            and distance(other.place, device.place) <= _NEAR[device.kind]
        ]
        return {"neighbours": near}
    return {}


def _check_standards(outlet: Outlet) -> dict[str, str]:
    """Return what the samples and gases of the daily check hold, by parameter, in the unit of the limit."""
    share = Decimal(str(description("devices")["mark"]["check_share"]))
    return {item.code: str(share * item.limit.value) for item in outlet.items if item.limit}


def _meter(owner: Enterprise, wire: str, rated: float) -> dict[str, str]:
    parameter = description("devices")["own_code"][wire]["parameter"]
    return {"feature": f"{owner.code}E", "parameter": parameter, "rated": str(rated)}


def _parameters(device: Device) -> Iterator[tuple[str, dict[str, str]]]:
    """Go through wire code → parameter and unit on the wire."""
    own = description("devices")["own_code"]
    station = device.kind in ("air", "fence")
    for wire, code in device.wire.items():
        if code in own:
            yield wire, {"parameter": own[code]["parameter"], "unit": own[code]["unit"]}
            continue
        known = all_parameters()[code]
        yield wire, {"parameter": code, "unit": known.unit if station else known.wire_unit or known.unit}


def _enterprise(simulation: Simulation, owner: Enterprise) -> dict[str, Any]:
    return {
        "code": owner.code,
        "name": owner.name,
        "industry": description()["industry"].get(owner.industry, description()["plant"])["name"],
        "park": owner.park,
        "permit": owner.permit,
        "lon": owner.place.lon,
        "lat": owner.place.lat,
        "waste_kg_per_kwh": owner.waste or None,
        "outlets": [_outlet(simulation, outlet) for outlet in owner.outlets],
        "simulated": True,
    }


def _outlet(simulation: Simulation, outlet: Outlet) -> dict[str, Any]:
    return {
        "code": outlet.code,
        "name": outlet.name,
        "medium": outlet.medium,
        "lon": outlet.place.lon,
        "lat": outlet.place.lat,
        "treatment": outlet.treatment,
        "discharges_to": outlet.river or ("sewer" if outlet.medium == "water" else "air"),
        "chainage_km": outlet.chainage,
        "design_flow": outlet.flow,
        "limits": [
            {
                "parameter": item.code,
                "value": float(item.limit.value),
                "unit": item.limit.unit,
                "standard": item.limit.standard,
                "clause": item.limit.clause,
                "yearly_tonnes": item.yearly,
                "emitted_tonnes_before_start": emitted_before(simulation, outlet, item),
            }
            for item in outlet.items
            if item.limit
        ],
    }


def _river(city: City, code: str) -> dict[str, Any]:
    river = city.rivers[code]
    return {
        "code": code,
        "name": river.name,
        "course": [[point.lon, point.lat] for point in river.points],
        "velocity": river.velocity,
        "joins": river.joins,
        "joins_at_km": round(river.joins_at, 3),
        "sections": [
            {"code": s.code, "name": s.name, "chainage_km": s.chainage}
            for s in city.sections
            if s.river == code
        ],
        "simulated": True,
    }
