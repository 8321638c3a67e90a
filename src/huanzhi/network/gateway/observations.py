"""From frames to observations 监测数据: period, parameter, unit, state and flag of every value.

The mean of a period and the value of the moment stand under the parameter's own code; what else a frame says
of the factor stands under the code with its kind: ``w01018-Min``, ``w01018-Max``, ``w01018-Cou`` (amount),
``a21026-Zs`` (converted concentration 折算浓度), ``a21026-ZsMin``. States of equipment stand under
``SB1-RS``. Each part of a message in parts is read by itself, since it repeats the time.

References
----------
.. [1] HJ 212-2017 附录B (units), 附录C (commands and what their times mean).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import NamedTuple

import pyarrow as pa

from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.assess.states import State
from huanzhi.errors import StandardError
from huanzhi.library.arrivals import Kept
from huanzhi.library.devices import Device
from huanzhi.library.series import SCHEMA
from huanzhi.network import hj212
from huanzhi.network.hj212 import Edition, Packet
from huanzhi.network.hj212.bodies import parse_time
from huanzhi.standards.parameters import Parameter, all_parameters
from huanzhi.standards.periods import Period
from huanzhi.standards.units import factor

PERIODS = {
    "2011": Period.INSTANT,
    "2013": Period.INSTANT,
    "2021": Period.INSTANT,
    "2031": Period.DAY,
    "2041": Period.DAY,
    "2051": Period.TEN_MINUTES,
    "2052": Period.INSTANT,
    "2061": Period.HOUR,
    "2062": Period.INSTANT,
    "2071": Period.INSTANT,
    "2072": Period.INSTANT,
    "2111": Period.MINUTE,
}
"""Commands that bring observations; 2051 is of ten minutes or of the interval that the device has."""

MINUTES = "2051"
_PLAIN_KINDS = {"Rtd": "", "Avg": "", "Data": "", "ZsRtd": "Zs", "ZsAvg": "Zs"}
_ABOUT = {"Flag", "EFlag", "SampleTime", "CompleteTime", "SampleType", "ResultType", "Info", "SN"}
_TIMES = ("DataTime", "AlarmTime")
_NOTHING = {"", "-", "--", "NA", "null", "NULL", "NaN"}
_AIR = {"22", "27", "31", "39", "51"}
_STATIONS = {"21", "22", "23", "24", "25", "26"}
_LARGEST = 2**62


class Refusal(NamedTuple):
    """A frame, or a value of it, that gave no observation: number, device, message key, detail."""

    seq: int
    mn: str
    key: str
    detail: str


@dataclass(slots=True)
class Drained:
    """What a span of frames says.

    Attributes
    ----------
    columns : dict
        Columns of ``series.SCHEMA``.
    uploads : dict
        Device and CN → times of the periods that came [s UTC].
    """

    columns: dict[str, list[object]] = field(default_factory=lambda: {name: [] for name in SCHEMA.names})
    refusals: list[Refusal] = field(default_factory=list)
    uploads: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    outlets: set[str] = field(default_factory=set)

    def table(self) -> pa.Table:
        """Return the observations."""
        return pa.table(self.columns, schema=SCHEMA)


def drain(
    frames: Iterable[Kept], devices: Mapping[str, Device], dialects: Mapping[str, hj212.Dialect]
) -> Drained:
    """Read frames into observations; a frame that cannot be read is refused and says why."""
    found = Drained()
    for kept in frames:
        device = devices.get(kept.mn)
        if device is None:
            found.refusals.append(Refusal(kept.seq, kept.mn, "no_device", ""))
            continue
        done = hj212.decode_line(kept.raw, dialects.get(kept.mn, hj212.STANDARD))
        if not done.ok or done.packet is None:
            found.refusals.append(Refusal(kept.seq, kept.mn, "undecoded", done.error))
        elif done.packet.cn in PERIODS:
            _add(found, kept, device, done.packet, done.edition)
    return found


def _add(found: Drained, kept: Kept, device: Device, packet: Packet, edition: Edition) -> None:
    moment = next((at for name in _TIMES if (at := parse_time(packet.area_value(name)))), None)
    if moment is None:
        found.refusals.append(Refusal(kept.seq, kept.mn, "no_time", packet.area_value("DataTime")))
        return
    seconds = int(moment.timestamp())
    period = _period(packet.cn, device)
    flags = {item.code: item.value for item in packet.items() if item.kind == "Flag"}
    resent = DeviceFlag.RESENT if packet.resent else DeviceFlag.NONE
    rows = 0
    for item in packet.items():
        if not item.kind or item.kind in _ABOUT:
            continue
        value = value_of(item.value)
        if value is None:
            found.refusals.append(Refusal(kept.seq, kept.mn, "no_number", f"{item.name}={item.value}"[:80]))
            continue
        known = meaning(item.code, packet.st, device)
        units, decimals, state = value.shifted(known.shift, known.times)
        flag = flag_of(flags.get(item.code, ""), edition) | resent
        _append(
            found, device, (_named(known.code, item.kind), period, seconds, units, decimals, state, int(flag))
        )
        rows += 1
    if rows:
        found.outlets.add(device.outlet or device.mn)
        found.uploads.setdefault((device.mn, packet.cn), set()).add(seconds)


def _append(found: Drained, device: Device, row: tuple[object, ...]) -> None:
    for name, cell in zip(SCHEMA.names, (device.outlet or device.mn, *row, 0), strict=True):
        found.columns[name].append(cell)


def _named(code: str, kind: str) -> str:
    suffix = _PLAIN_KINDS.get(kind, kind)
    return f"{code}-{suffix}" if suffix else code


def _period(cn: str, device: Device) -> Period:
    interval = device.intervals.get(MINUTES) if cn == MINUTES else None
    return Period.MINUTE if interval and interval != 600 else PERIODS[cn]


class Value(NamedTuple):
    """A number as written: `units` of ``10**-decimals``, None where the value is missing."""

    units: int | None
    decimals: int
    state: State

    def shifted(self, shift: int, times: int) -> tuple[int | None, int, int]:
        """Return the value in another unit, exactly: times `times`, the point moved `shift` to the left."""
        if self.units is None:
            return None, 0, int(self.state)
        units, decimals = self.units * times, self.decimals + shift
        while decimals < 0:
            units, decimals = units * 10, decimals + 1
        return units, decimals, int(self.state)


def value_of(text: str) -> Value | None:
    """Read a value as written; None where it is text, or no instrument gives such a number.

    >>> value_of("40.10")
    Value(units=4010, decimals=2, state=<State.VALUE: 0>)
    >>> value_of("-").units, value_of("N")
    (None, None)
    """
    if text in _NOTHING:
        return Value(None, 0, State.MISSING)
    state, bare = State.VALUE, text
    if text[0] in "<＜":
        state, bare = State.BELOW_DETECTION, text[1:]
    elif text[-1] in "Ll":
        state, bare = State.BELOW_DETECTION, text[:-1]
    exact = hj212.segment.number(bare)
    return None if exact is None else _scaled(exact, state)


def _scaled(exact: Decimal, state: State) -> Value | None:
    sign, digits, exponent = exact.as_tuple()
    if not isinstance(exponent, int) or not -15 <= exponent <= 18:
        return None
    units = int("".join(map(str, digits)) or "0") * 10 ** max(exponent, 0)
    if units > _LARGEST:
        return None
    return Value(-units if sign else units, max(-exponent, 0), state)


class Meaning(NamedTuple):
    """What a factor as sent is to the store: the parameter, and how its unit becomes ours."""

    code: str
    shift: int = 0
    times: int = 1


def meaning(code: str, st: str, device: Device) -> Meaning:
    """Return what a factor means: the device's own table, then the code tables; unknown codes stay."""
    if own := device.parameters.get(code):
        return _own(own.get("parameter", code), own.get("unit", ""))
    return _usual(code, st)


@cache
def _own(code: str, unit: str) -> Meaning:
    known = all_parameters().get(code)
    return Meaning(code) if known is None or not unit else Meaning(code, *_shift(unit, known.unit))


@cache
def _usual(code: str, st: str) -> Meaning:
    known = all_parameters().get(code) or _of_2005().get((code, "air" if st in _AIR else "water"))
    if known is None:
        return Meaning(code)
    if st in _STATIONS and known.medium == "air":
        return Meaning(known.code)
    return Meaning(known.code, *_shift(known.wire_unit or known.unit, known.unit))


@cache
def _of_2005() -> Mapping[tuple[str, str], Parameter]:
    return {(known.old_code, known.medium): known for known in all_parameters().values() if known.old_code}


@cache
def _shift(given: str, wanted: str) -> tuple[int, int]:
    """Return how many places the point moves to the left, and the whole number to multiply with."""
    try:
        exact = factor(given, wanted)
    except StandardError:
        return 0, 1
    shift = 0
    while exact.denominator != 1 and shift < 12:
        exact, shift = exact * 10, shift + 1
    return (shift, int(exact)) if exact.denominator == 1 else (0, 1)


@cache
def flag_of(letter: str, edition: Edition) -> DeviceFlag:
    """Return the flag bits of a data mark 数据标记."""
    known = Edition.HJ212_2025 if edition is Edition.HJ1404_2024 else edition
    return DeviceFlag.of(letter, known.value)
