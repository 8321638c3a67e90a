"""Waste gas in one state 烟气状态换算: wet to dry 干基, measured to standard state 标准状态, exactly.

The conversion to the reference oxygen content 折算 is `huanzhi.standards.emission.to_reference_oxygen`; a
quantity is never taken from converted concentrations.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from huanzhi.errors import InputError

Number = Decimal | int | Fraction
HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class StandardState:
    """Standard state 标准状态.

    Attributes
    ----------
    kelvin_of_zero : Fraction
        0 °C [K].
    pressure : Fraction
        [kPa].
    """

    kelvin_of_zero: Fraction
    pressure: Fraction


def dry_concentration(wet: Number, moisture: Number) -> Fraction:
    """Return the concentration in dry gas of one in wet gas: ρ / (1 - Xsw).

    Parameters
    ----------
    wet : Decimal or int or Fraction
        In wet gas, any unit of mass per volume.
    moisture : Decimal or int or Fraction
        Share of water vapour by volume [%], at least 0 and below 100.

    Raises
    ------
    InputError
        ``emission.moisture`` if there is no dry gas.
    """
    return Fraction(wet) / _dry_share(moisture)


def dry_flow(wet: Number, moisture: Number) -> Fraction:
    """Return the flow of dry gas in a flow of wet gas: Q x (1 - Xsw)."""
    return Fraction(wet) * _dry_share(moisture)


def _dry_share(moisture: Number) -> Fraction:
    share = Fraction(moisture) / HUNDRED
    if not 0 <= share < 1:
        raise InputError("emission.moisture", value=moisture, expected="0 – 100")
    return 1 - share


def standard_flow(
    flow: Number, temperature: Number, pressure: Number, ambient: Number, state: StandardState
) -> Fraction:
    """Return a flow in the standard state: Q x T0 / (T0 + t) x (Ba + Ps) / p0.

    Parameters
    ----------
    flow : Decimal or int or Fraction
        As measured in the stack, any unit of volume per time.
    temperature : Decimal or int or Fraction
        Of the gas [°C].
    pressure : Decimal or int or Fraction
        Static pressure in the stack against the air outside [kPa].
    ambient : Decimal or int or Fraction
        Pressure of the air outside [kPa].

    Raises
    ------
    InputError
        ``emission.state`` if temperature or pressure are none of a gas.
    """
    kelvin = state.kelvin_of_zero + Fraction(temperature)
    absolute = Fraction(ambient) + Fraction(pressure)
    if kelvin <= 0 or absolute <= 0:
        raise InputError("emission.state", value=f"{temperature} °C, {absolute} kPa")
    return Fraction(flow) * state.kelvin_of_zero / kelvin * absolute / state.pressure
