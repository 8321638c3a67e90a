"""What the register holds: devices 监控设备 (数采仪) and the outlets 排放口 for which they speak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.series.model import Feature


class DeviceState(StrEnum):
    """Standing of a device."""

    PARKED = "parked"
    """Seen, not registered: its frames are kept apart."""
    REGISTERED = "registered"
    DISABLED = "disabled"
    """Turned away."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """Where a device measures: an outlet 排放口, or a station of the environment.

    Attributes
    ----------
    code : str
        Feature code in the store.
    kind : str
        Kind of feature: ``outlet``, ``section``, ``air_station``, ….
    permits : mapping
        Permitted limits 许可排放限值 by parameter code, as the permit says them.
    simulated : bool
        Of the test city.
    """

    code: str
    name: str
    kind: str = "outlet"
    enterprise: str = ""
    region: str = ""
    province: str = ""
    basin: str = ""
    region_code: str = ""
    lon: float | None = None
    lat: float | None = None
    simulated: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)
    permits: Mapping[str, Any] = field(default_factory=dict)

    def feature(self) -> Feature:
        """Return the outlet as a feature of the store."""
        more = {"enterprise": self.enterprise} if self.enterprise else {}
        return Feature(
            self.code,
            self.name,
            self.kind,
            self.region,
            self.province,
            self.basin,
            self.region_code,
            self.lon,
            self.lat,
            self.simulated,
            {**more, **self.attributes},
        )


@dataclass(frozen=True, slots=True)
class Device:
    """One device.

    Attributes
    ----------
    mn : str
        Device number 设备唯一标识.
    password : str
        Password 访问密码; empty where none is asked for.
    outlet : str
        Code of the outlet for which it speaks.
    st : str
        System code 系统编码 that it should send; empty for any.
    edition : str
        Edition that it speaks where its packets do not tell; empty to decide by packet.
    crc : tuple of str
        CRC dialects that are taken besides the standard's: ``modbus``, ``modbus_swapped``.
    strict : bool
        Every departure from the standard refuses the frame.
    key : str
        Reference of its SM4 keys in the register; empty where it sends in the clear.
    parameters : mapping
        Factor as sent → ``{"parameter": code, "unit": unit}``, where it differs from the code tables.
    intervals : mapping
        CN → seconds from one upload to the next, for the finding of gaps.
    rate : float
        Most frames a second; 0 for the gateway's own limit.
    size : int
        Longest data segment [bytes]; 0 for the gateway's own limit.
    activation : str
        Number of the logger that gets this MN when it asks for activation (HJ 212-2025).
    """

    mn: str
    state: DeviceState = DeviceState.REGISTERED
    name: str = ""
    password: str = ""
    enterprise: str = ""
    outlet: str = ""
    st: str = ""
    edition: str = ""
    crc: tuple[str, ...] = ()
    strict: bool = False
    key: str = ""
    parameters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    intervals: Mapping[str, int] = field(default_factory=dict)
    rate: float = 0.0
    size: int = 0
    activation: str = ""
    simulated: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if not self.mn or not self.mn.isascii() or len(self.mn) > 64:
            raise InputError("device_register.mn", value=self.mn)


DEVICE_FIELDS = tuple(part.name for part in fields(Device))
OUTLET_FIELDS = tuple(part.name for part in fields(Outlet))


def as_row(thing: Device | Outlet) -> dict[str, Any]:
    """Return a device or outlet as plain values."""
    return asdict(thing)


def device_of(raw: Mapping[str, Any], before: Device | None = None) -> Device:
    """Make a device of plain values, the rest as it was `before`.

    Raises
    ------
    InputError
        If a field is unknown or a value is of the wrong kind.
    """
    _known(raw, DEVICE_FIELDS)
    made = dict(raw)
    if "state" in made:
        made["state"] = _state(made["state"])
    if "crc" in made:
        made["crc"] = _crc(made["crc"])
    return replace(before, **made) if before else Device(**made)


def outlet_of(raw: Mapping[str, Any]) -> Outlet:
    """Make an outlet of plain values.

    Raises
    ------
    InputError
        If a field is unknown, or code or name is missing.
    """
    _known(raw, OUTLET_FIELDS)
    for name in ("code", "name"):
        if not raw.get(name):
            raise InputError("device_register.missing", column=name)
    return Outlet(**raw)


def _known(raw: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for name in raw:
        if name not in names:
            raise InputError("device_register.field", column=name, expected=", ".join(names))


def _state(value: str) -> DeviceState:
    if value not in list(DeviceState):
        raise InputError("device_register.state", value=value, expected=", ".join(DeviceState))
    return DeviceState(value)


def _crc(value: Any) -> tuple[str, ...]:
    names = tuple(value.split()) if isinstance(value, str) else tuple(value)
    for name in names:
        if name not in ("modbus", "modbus_swapped"):
            raise InputError("device_register.crc", value=name, expected="modbus, modbus_swapped")
    return names
