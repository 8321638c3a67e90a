"""Registration list of the city 联网登记表: what a platform must know to take the devices in.

Devices with number, password, edition, dialect and intervals; the features that they measure; enterprises
with outlets, permits and limits. Nothing of the truth is in it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from huanzhi.city.devices import FEATURE_KINDS, Device
from huanzhi.city.ledgers import emitted_before
from huanzhi.city.model import Enterprise, Outlet, description
from huanzhi.city.simulation import Simulation
from huanzhi.city.telegrams import cadence
from huanzhi.city.world import CHINA_OFFSET, City
from huanzhi.network.hj212 import Verdict
from huanzhi.standards.parameters import find

DEVICE_COLUMNS = (
    "mn",
    "password",
    "st",
    "edition",
    "crc",
    "sm4_key",
    "feature",
    "name",
    "kind",
    "enterprise",
    "lon",
    "lat",
    "simulated",
)


def register(simulation: Simulation, devices: Sequence[Device]) -> dict[str, Any]:
    """Return the list as one document."""
    city = simulation.city
    return {
        "simulated": True,
        "remark": description()["remark"],
        "seed": city.seed,
        "start": china_time(city.start),
        "devices": [_device(city, device) for device in devices],
        "enterprises": [_enterprise(simulation, owner) for owner in city.enterprises],
        "rivers": [_river(city, code) for code in city.rivers],
    }


def device_sheet(document: Mapping[str, Any]) -> str:
    """Return the devices of a list as CSV."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(DEVICE_COLUMNS)
    for device in document["devices"]:
        whole = {**device, **device["feature"], "feature": device["feature"]["code"]}
        writer.writerow([whole[column] for column in DEVICE_COLUMNS])
    return stream.getvalue()


def china_time(moment: int) -> str:
    """Return a moment [s UTC] as ISO 8601 of China."""
    local = datetime.fromtimestamp(moment + CHINA_OFFSET, UTC).replace(tzinfo=None)
    return f"{local.isoformat(timespec='seconds')}+08:00"


def _device(city: City, device: Device) -> dict[str, Any]:
    return {
        "mn": device.mn,
        "password": device.password,
        "st": device.facts["st"],
        "edition": device.edition.value,
        "crc": device.crc.value,
        "dialect": sorted({Verdict.HJ212.value, device.crc.value}),
        "sm4_key": device.sm4_key.hex(),
        "enterprise": device.enterprise,
        "feature": _feature(city, device),
        "intervals": cadence(device),
        "parameters": dict(_parameters(device)),
        "simulated": True,
    }


def _feature(city: City, device: Device) -> dict[str, Any]:
    owner = city.owners.get(device.enterprise)
    name = (
        f"{owner.name} {device.subject.name}"
        if owner and owner is not device.subject
        else device.subject.name
    )
    return {
        "code": device.feature,
        "name": f"{name} 用电监控" if device.kind == "meter" else name,
        "kind": FEATURE_KINDS[device.kind],
        "region": description()["name"],
        "province": description()["province"],
        "region_code": description()["region_code"],
        "lon": device.place.lon,
        "lat": device.place.lat,
        "simulated": True,
    }


def _parameters(device: Device) -> Iterator[tuple[str, dict[str, str]]]:
    """Go through wire code → parameter, name and unit on the wire."""
    own = description("devices")["own_code"]
    station = device.kind in ("air", "fence")
    for wire, code in device.wire.items():
        if code in own:
            yield wire, dict(own[code])
            continue
        known = find(code)
        unit = known.unit if station else known.wire_unit or known.unit
        yield wire, {"parameter": code, "name": known.name, "unit": unit}


def _enterprise(simulation: Simulation, owner: Enterprise) -> dict[str, Any]:
    return {
        "code": owner.code,
        "name": owner.name,
        "industry": description()["industry"].get(owner.industry, description()["plant"])["name"],
        "park": owner.park,
        "permit": owner.permit,
        "lon": owner.place.lon,
        "lat": owner.place.lat,
        "meters": {
            "production": owner.lines,
            "treatment": {o.treatment: o.treatment_kw for o in owner.outlets},
        },
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
