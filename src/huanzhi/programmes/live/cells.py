"""Cells 实时值: the newest row of one series with what is said of it, and standings of places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.assess.states import State
from huanzhi.atlas.legends import Grade, grades
from huanzhi.library.events import Newest
from huanzhi.library.series import Feature
from huanzhi.programmes.place.limits import LimitStep
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import china_date, to_china

STATES = {state.value: state.name.lower() for state in State}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a place stands, by its newest hour.

    Attributes
    ----------
    judge : str
        ``aqi``, ``surface_water``, ``groundwater`` or ``permit``.
    level : int
        From 1, best first; 0 where the value has no class.
    value : str
        AQI, class, or the largest share of a limit.
    by : tuple of str
        Codes of the parameters that decide.
    time : int
        Start of the hour [s UTC].
    """

    judge: str
    level: int
    value: str
    by: tuple[str, ...]
    time: int

    @property
    def grade(self) -> Grade | None:
        """The class with its official colour and words."""
        return grade_of(self.judge, china_date(self.time), self.level)

    def form(self) -> dict[str, Any]:
        """Return it for programs."""
        grade = self.grade
        return {
            "judge": self.judge,
            "value": self.value,
            "level": self.level,
            "name": grade.zh if grade else "",
            "name_en": grade.en if grade else "",
            "colour": grade.colour if grade else "",
            "standard": grade.edition if grade else "",
            "by": list(self.by),
            "time": iso(self.time),
        }


@dataclass(frozen=True, slots=True)
class Cell:
    """One series as it stands.

    Attributes
    ----------
    limit : LimitStep, optional
        What bounds it now; the one that it exceeds, where it does.
    exceeds : bool, optional
        None where nothing judges it: no limit for this averaging, no number, or a flag forbids it.
    level : int
        Class of this value alone, by `judge`; 0 where it has none.
    """

    newest: Newest
    feature: Feature
    limit: LimitStep | None = None
    exceeds: bool | None = None
    judge: str = ""
    level: int = 0

    def value_form(self) -> dict[str, Any]:
        """Return the value for programs, without its place."""
        row = self.newest
        grade = grade_of(self.judge, china_date(row.time), self.level)
        return {
            "parameter": row.parameter,
            "period": row.period,
            "time": iso(row.time),
            "value": written(row.value, row.decimals),
            "unit": unit_of(row.parameter),
            "state": STATES[row.state],
            "flags": list(flags_of(row.flag)),
            "level": self.level,
            "colour": grade.colour if grade else "",
            "limit": limit_form(self.limit),
            "exceeds": self.exceeds,
        }

    def event(self) -> dict[str, Any]:
        """Return it as an event of the topic ``values``."""
        simulated = {"simulated": self.feature.simulated}
        return {"topic": "values", "feature": self.newest.feature, **self.value_form(), **simulated}


def limit_form(limit: LimitStep | None) -> dict[str, Any] | None:
    """Return a limit for programs."""
    if limit is None:
        return None
    names = ("bound", "unit", "standard", "clause", "grade", "basis", "averaging", "applies")
    return {"value": plain(limit.value), **{name: getattr(limit, name) for name in names}}


def plain(value: Decimal) -> str:
    """Return a number without noughts at its end.

    >>> plain(Decimal("9.000")), plain(Decimal("100"))
    ('9', '100')
    """
    digits = f"{value:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


@cache
def grade_of(judge: str, day: date, level: int) -> Grade | None:
    """Return a class of a judge, None for 0."""
    return next((grade for grade in grades(judge, day) if grade.level == level), None) if level else None


def iso(seconds: int) -> str:
    """Return a moment as ISO 8601 of China."""
    return to_china(seconds).isoformat()


def written(units: int | None, decimals: int) -> str | None:
    """Return a value as it was written.

    >>> written(-5, 2), written(1230, 1), written(None, 0)
    ('-0.05', '123.0', None)
    """
    if units is None:
        return None
    digits = str(abs(units)).rjust(decimals + 1, "0")
    whole = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals > 0 else digits
    return f"-{whole}" if units < 0 else whole


@cache
def unit_of(parameter: str) -> str:
    """Return the unit of the platform; empty of what has no code, and of converted and extreme values too."""
    known = all_parameters().get(parameter) or all_parameters().get(parameter.partition("-")[0])
    return known.unit if known else ""


@cache
def flags_of(flag: int) -> tuple[str, ...]:
    """Return the device's flags in words of the machine."""
    return tuple(one.name.lower() for one in DeviceFlag if one and one in DeviceFlag(flag) and one.name)
