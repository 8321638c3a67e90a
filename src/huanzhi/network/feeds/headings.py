"""Headings 表头: which parameter, unit and special average a column has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from huanzhi.errors import InputError, StandardError
from huanzhi.standards.parameters import Parameter, find, matches
from huanzhi.standards.periods import Period
from huanzhi.standards.units import factor, split_heading

_EIGHT_HOURS = re.compile(r"(?P<name>o3|臭氧)[ _-]*(?:8h|8小时)(?:[ _-]*max)?", re.IGNORECASE)
_EIGHT = {Period.HOUR: Period.EIGHT_HOURS, Period.DAY: Period.DAY_MAX_EIGHT_HOURS}


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of values.

    Attributes
    ----------
    factor : Fraction
        1 unit of the column is `factor` units of the parameter.
    eight_hours : bool
        True where the column holds an eight-hour mean of ozone.
    """

    column: str
    parameter: Parameter
    factor: Fraction = Fraction(1)
    eight_hours: bool = False

    def period(self, base: Period) -> Period:
        """Return the averaging period of the column in a table of period `base`."""
        return _EIGHT.get(base, base) if self.eight_hours else base


def read_heading(column: str, medium: str = "", *, unit: str = "") -> Heading | None:
    """Return what a heading like ``总磷(mg/L)``, ``PM2.5(µg/m³)``, ``o3_8h`` or ``w01018`` means.

    Parameters
    ----------
    medium : str
        Medium that decides where a name means several parameters.
    unit : str
        Unit where the heading names none; the parameter's own where that is empty, too.

    Returns
    -------
    Heading or None
        None if no parameter has this name.

    Raises
    ------
    InputError
        If the unit cannot be converted into the parameter's own, or several parameters have this name and
        `medium` does not decide.
    """
    name, written = split_heading(column)
    eight = _EIGHT_HOURS.fullmatch(name)
    word = eight["name"] if eight else name
    parameter = (find(word, medium) if medium else None) or find(word)
    if parameter is None:
        if meanings := matches(word):
            media = ", ".join(dict.fromkeys(one.medium for one in meanings))
            raise InputError("feeds.ambiguous_parameter", column=column, media=media)
        return None
    return Heading(column, parameter, convert(written or unit, parameter, column), eight is not None)


def convert(unit: str, parameter: Parameter, column: str) -> Fraction:
    """Return the exact factor from `unit` to the parameter's own; InputError if there is none."""
    if not unit or unit == parameter.unit:
        return Fraction(1)
    try:
        return factor(unit, parameter.unit)
    except StandardError:
        raise InputError("feeds.wrong_unit", column=column, value=unit, expected=parameter.unit) from None
