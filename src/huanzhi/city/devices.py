"""Devices 现场机: one logger 数采仪 an outlet, one meter an enterprise, one device a station or well.

A device has a number (MN), a password, an edition of HJ 212, a dialect and a clock that may be wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from huanzhi.city import air, electricity, groundwater, instruments, rivers, sewers
from huanzhi.city.chance import Floats, Times, between, draw, key, uniform, weighted
from huanzhi.city.model import Enterprise, Manhole, Outlet, Place, Section, Station, Well, description
from huanzhi.city.simulation import Simulation, hour_times
from huanzhi.city.world import MINUTE, City
from huanzhi.network.hj212 import Edition, Verdict
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import CHINA_OFFSET, DAY, HOUR

Subject = Outlet | Enterprise | Section | Station | Well | Manhole
Marks = npt.NDArray[np.str_]

FEATURE_KINDS = {
    "water": "outlet",
    "gas": "outlet",
    "meter": "other",
    "air": "air_station",
    "fence": "air_station",
    "section": "section",
    "well": "well",
    "manhole": "other",
}


@dataclass(frozen=True, slots=True)
class Device:
    """One device.

    Attributes
    ----------
    mn, password : str
        Number 设备唯一标识 and password 访问密码.
    kind : str
        One of the kinds of ``devices.toml``.
    edition : Edition
    crc : Verdict
        Algorithm of its CRC: the standard's, or MODBUS.
    lower_case : bool
        Writes its CRC with small letters.
    sm4_key : bytes
        Encrypts its data areas; empty of a device that does not.
    subject : Outlet, Enterprise, Section, Station, Well or Manhole
        What it measures.
    wire : mapping
        Code on the wire → code of the city.
    phase : int
        Seconds by which it sends late.
    clock_error : int
        Seconds by which its clock is fast.
    """

    mn: str
    password: str
    kind: str
    edition: Edition
    crc: Verdict
    lower_case: bool
    sm4_key: bytes
    subject: Subject
    wire: Mapping[str, str]
    phase: int
    clock_error: int

    @property
    def facts(self) -> Mapping[str, Any]:
        """What its kind sends: st, realtime, minutes, hours, days, totals."""
        found: Mapping[str, Any] = description("devices")["kind"][self.kind]
        return found

    @property
    def feature(self) -> str:
        """Code of the feature that its values belong to."""
        return f"{self.subject.code}E" if self.kind == "meter" else self.subject.code

    @property
    def enterprise(self) -> str:
        """Code of the enterprise; empty of the city's own stations."""
        if isinstance(self.subject, Outlet):
            return self.subject.enterprise
        return self.subject.code if isinstance(self.subject, Enterprise) else ""

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.subject.place


def devices(city: City) -> tuple[Device, ...]:
    """Return every device of a city, in a fixed order."""
    return tuple(_device(city.seed, *pair, number) for number, pair in enumerate(_subjects(city), 1))


def _subjects(city: City) -> Iterator[tuple[str, Subject]]:
    yield from ((outlet.medium, outlet) for outlet in city.outlets.values())
    yield from (("meter", owner) for owner in city.enterprises)
    yield from (("fence" if station.fence else "air", station) for station in city.stations)
    yield from (("section", section) for section in city.sections)
    yield from (("well", well) for well in city.wells)
    yield from (("manhole", manhole) for manhole in city.manholes)


def _device(seed: int, kind: str, subject: Subject, number: int) -> Device:
    table, name = description("devices"), (seed, "device", subject.code, kind)
    edition = _edition(table["kind"][kind]["editions"], kind, subject, name)
    odd = table["dialect"]
    modbus = draw(*name, "modbus") < odd["modbus"] and edition is not Edition.HJ212_2025
    secret = hashlib.blake2b(repr(name).encode(), digest_size=16).digest()
    encrypted = (
        kind in ("water", "gas")
        and edition is Edition.HJ212_2025
        and draw(*name, "encrypted") < odd["encrypted"]
    )
    reach = "clock_wrong_seconds" if draw(*name, "clock") < odd["clock_wrong"] else "clock_right_seconds"
    return Device(
        mn=_mn(edition, number),
        password=f"{100000 + key(*name, 'password') % 900000}",
        kind=kind,
        edition=edition,
        crc=Verdict.MODBUS if modbus else Verdict.HJ212,
        lower_case=draw(*name, "lower") < odd["lower_case"],
        sm4_key=secret if encrypted else b"",
        subject=subject,
        wire=_wire(edition, _codes(kind, subject)),
        phase=int(between(1, table["phase_seconds"], *name, "phase")),
        clock_error=round(between(-odd[reach], odd[reach], *name, "clock error")),
    )


def _edition(shares: Mapping[str, float], kind: str, subject: Subject, name: tuple[object, ...]) -> Edition:
    """Return the edition; 2017 where that of 2005 has no code for an item that has a limit."""
    edition = Edition(weighted(shares, *name, "edition"))
    limited = [item.code for item in subject.items if item.limit] if isinstance(subject, Outlet) else []
    too_old = edition is Edition.HJT212_2005 and not all(all_parameters()[code].old_code for code in limited)
    return Edition.HJ212_2017 if too_old else edition


def _mn(edition: Edition, number: int) -> str:
    table = description("devices")
    if edition is Edition.HJ1404_2024:
        return f"{table['mn_surface_water']}{description()['region_code']}_{number:04d}"
    width = 14 if edition is Edition.HJT212_2005 else 24
    prefix: str = table["mn_prefix"]
    return f"{prefix}{number:0{width - len(prefix)}d}"


def _codes(kind: str, subject: Subject) -> tuple[str, ...]:
    if isinstance(subject, Outlet):
        return instruments.codes(subject)
    if isinstance(subject, Enterprise):
        return (*subject.lines, *(outlet.treatment for outlet in subject.outlets))
    if isinstance(subject, Station):
        return air.items(subject)
    water = description()["water"]["background"]
    by_kind = {
        "section": ("w01010", "w01001", "w01009", "w01003", *water, "hzq001"),
        "well": groundwater.ITEMS,
        "manhole": sewers.ITEMS,
    }
    return by_kind[kind]


def _wire(edition: Edition, codes: tuple[str, ...]) -> dict[str, str]:
    if edition is not Edition.HJT212_2005:
        return {code: code for code in codes}
    old = ((all_parameters()[code].old_code, code) for code in codes)
    return {short: code for short, code in old if short}


_UNMARKED: Marks = np.full(60, "N", dtype="<U1")
_UNMARKED.flags.writeable = False

_SHOWN: Mapping[type, Callable[[Simulation, Any, int], dict[str, Floats]]] = {
    Outlet: instruments.shown,
    Enterprise: electricity.shown,
    Section: rivers.shown,
    Station: air.shown,
    Well: groundwater.shown,
    Manhole: sewers.shown,
}


def measured(simulation: Simulation, device: Device, hour: int) -> dict[str, Floats]:
    """Return what a device measures, 60 minutes from `hour` on, by code of the city; means are made of it."""
    name = ("device", device.mn, hour)
    show = _SHOWN[type(device.subject)]
    return simulation.blocks.get(name, lambda: show(simulation, device.subject, hour))


def readings(simulation: Simulation, device: Device, hour: int) -> dict[str, Floats]:
    """Return what a device shows: what it measures, and while it is checked what it reads of the standard."""
    if not isinstance(device.subject, Outlet):
        return measured(simulation, device, hour)
    name = ("readings", device.mn, hour)
    return simulation.blocks.get(name, lambda: _checked_readings(simulation, device, hour))


def _checked_readings(simulation: Simulation, device: Device, hour: int) -> dict[str, Floats]:
    found = measured(simulation, device, hour)
    times = hour_times(hour)
    checked = _checked(device, times)
    if not isinstance(device.subject, Outlet) or not checked.any():
        return found
    responses = instruments.responses(simulation, device.subject, times)
    share = description("devices")["mark"]["check_share"]
    return {
        code: np.where(checked, share * responses[code], series) if code in responses else series
        for code, series in found.items()
    }


def marks(simulation: Simulation, device: Device, hour: int) -> Marks:
    """Return the marks 数据标记 of the 60 minutes: N normal, C calibration, M maintenance."""
    if device.kind not in ("water", "gas"):
        return _UNMARKED
    return simulation.marks.get((device.mn, hour), lambda: _marks(simulation, device, hour))


def _marks(simulation: Simulation, device: Device, hour: int) -> Marks:
    table, times = description("devices")["mark"], hour_times(hour)
    found = _UNMARKED.copy()
    found[_checked(device, times)] = "C"
    found[_kept_up(simulation.city.seed, device, times, table)] = "M"
    return found


def checked_at(device: Device) -> int:
    """Return when the daily check of the instruments ends [s of the China day]."""
    table = description("devices")["mark"]
    return int(table["check_hour"] * HOUR + device.phase * MINUTE + table["check_minutes"] * MINUTE)


def _checked(device: Device, times: Times) -> npt.NDArray[np.bool_]:
    """Return when the instruments of an outlet look at a standard sample or gas."""
    table = description("devices")["mark"]
    begin = checked_at(device) - table["check_minutes"] * MINUTE
    moment = (times + CHINA_OFFSET) % DAY
    return np.asarray((moment >= begin) & (moment < begin + table["check_minutes"] * MINUTE))


def _kept_up(seed: int, device: Device, times: Times, table: Mapping[str, Any]) -> npt.NDArray[np.bool_]:
    """Mark maintenance: on some working mornings between nine and four."""
    day = (times + CHINA_OFFSET) // DAY
    of = key(seed, device.mn, "upkeep")
    begins = 9 * HOUR + uniform(of, day) * 5 * HOUR
    moment = (times + CHINA_OFFSET) % DAY
    on = uniform(of ^ 1, day) < 1 / table["upkeep_days"]
    return np.asarray(on & (moment >= begins) & (moment < begins + table["upkeep_hours"] * HOUR))
