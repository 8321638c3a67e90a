"""What the words of a frame mean to the store: period, parameter, unit, flag.

The mean of a period and the value of the moment stand under the parameter's own code; what else a frame says
of the factor stands under the code with its kind: ``w01018-Min``, ``w01018-Max``, ``w01018-Cou`` (amount),
``a21026-Zs`` (converted concentration 折算浓度), ``a21026-ZsMin``. Equipment stands under ``SB1-RS``.

References
----------
.. [1] HJ 212-2017 附录B (units), 附录C (commands and what their times mean).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.errors import StandardError
from huanzhi.library.devices import Device
from huanzhi.network.hj212 import Edition
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
ABOUT = {"Flag", "EFlag", "SampleTime", "CompleteTime", "SampleType", "ResultType", "Info", "SN"}
_AIR = {"22", "27", "31", "39", "51"}
_STATIONS = {"21", "22", "23", "24", "25", "26"}


def named(code: str, kind: str) -> str:
    """Return the parameter code of a kind of value."""
    suffix = _PLAIN_KINDS.get(kind, kind)
    return f"{code}-{suffix}" if suffix else code


def period_of(cn: str, device: Device) -> Period:
    """Return the period of what a command brings."""
    interval = device.intervals.get(MINUTES) if cn == MINUTES else None
    return Period.MINUTE if interval and interval != 600 else PERIODS[cn]


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
