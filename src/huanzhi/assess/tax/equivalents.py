"""Pollution equivalents 污染当量数 of one row, with the steps."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from huanzhi.assess.explanation import Step
from huanzhi.assess.tax.model import Discharge, shown
from huanzhi.assess.tax.tables import PH, Equivalent, Law
from huanzhi.errors import InputError
from huanzhi.standards.model import Row
from huanzhi.standards.parameters import plain

WEIGHTED, NEUTRAL, BELOW = "tax.taxed", "tax.ph_neutral", "tax.below_threshold"


@dataclass(frozen=True, slots=True)
class Counted:
    """A row with its equivalents.

    Attributes
    ----------
    number : Fraction
        Pollution equivalents; 0 where the row is not taxed at all.
    reason : str
        Message key: `WEIGHTED`, or why it is not taxed.
    """

    index: int
    row: Discharge
    item: str
    sort: str
    unit: str
    place: int
    size: Decimal | None
    number: Fraction
    reason: str
    steps: tuple[Step, ...]


def count(index: int, row: Discharge, law: Law) -> Counted:
    """Return the equivalents of a row.

    Raises
    ------
    InputError
        ``tax.no_item`` if the law does not tax the item; ``tax.negative``, ``tax.no_ph``, ``tax.no_times``,
        ``tax.no_beds`` if a number is impossible or missing.
    """
    if row.quantity < 0:
        raise InputError("tax.negative", column="quantity", value=str(row.quantity))
    if row.medium == "water" and plain(row.item) in (plain(PH), plain("pH值")):
        return _acidity(index, row, law)
    held = law.find(row.medium, row.item)
    if held.measure == "t_times":
        return _colour(index, row, held)
    too_small = _threshold(row, held)
    if too_small is not None:
        return _counted(index, row, held, Fraction(0), BELOW, too_small)
    number = Fraction(row.quantity) / Fraction(held.size)
    return _counted(index, row, held, number, WEIGHTED, _division(row, held, number))


def _counted(
    index: int, row: Discharge, held: Equivalent, number: Fraction, reason: str, step: Step
) -> Counted:
    unit = UNITS[held.measure]
    return Counted(index, row, held.item, held.sort, unit, held.place, held.size, number, reason, (step,))


UNITS = {"kg": "kg", "t_sewage": "t", "t_times": "t", "head": "head", "bed": "bed"}
"""Units in which quantities of a measure are given."""


def _division(row: Discharge, held: Equivalent, number: Fraction) -> Step:
    values = {
        "item": held.item,
        "quantity": str(row.quantity),
        "unit": UNITS[held.measure],
        "size": str(held.size),
        "number": shown(number),
    }
    return Step("tax.step_equivalents", values, held.table.clause)


def _colour(index: int, row: Discharge, held: Equivalent) -> Counted:
    if row.times is None or row.times < 0:
        raise InputError("tax.no_times", column="times", value=None if row.times is None else str(row.times))
    number = Fraction(row.quantity) * Fraction(row.times) / Fraction(held.size)
    values = {"item": held.item, "quantity": str(row.quantity), "times": str(row.times)}
    step = Step(
        "tax.step_colour", {**values, "size": str(held.size), "number": shown(number)}, held.table.clause
    )
    return _counted(index, row, held, number, WEIGHTED, step)


def _acidity(index: int, row: Discharge, law: Law) -> Counted:
    if row.value is None or not 0 <= row.value <= 14:
        raise InputError("tax.no_ph", column="value", value=None if row.value is None else str(row.value))
    table = law.table("water_ph")
    band = next((one for one in table.rows if _inside(one, row.value)), None)
    if band is None:
        step = Step("tax.step_ph_neutral", {"value": str(row.value)}, table.clause)
        return Counted(index, row, PH, "water_other", "t", 0, None, Fraction(0), NEUTRAL, (step,))
    size = Decimal(band["t"])
    number = Fraction(row.quantity) / Fraction(size)
    values = {"value": str(row.value), "band": band["name"], "quantity": str(row.quantity)}
    step = Step("tax.step_ph", {**values, "size": str(size), "number": shown(number)}, table.clause)
    return Counted(index, row, PH, "water_other", "t", 0, size, number, WEIGHTED, (step,))


def _inside(band: Row, value: Decimal) -> bool:
    """Return whether a pH lies in a band: acid sides hold their lower end, alkaline sides their upper."""
    acid = band["acid_from"] <= value < band["acid_to"]
    return bool(acid or ("base_from" in band and band["base_from"] < value <= band["base_to"]))


def _threshold(row: Discharge, held: Equivalent) -> Step | None:
    """Return the step that tells that a farm or hospital is too small to be taxed; None where it is not."""
    if held.beds_above is not None and row.beds is None:
        raise InputError("tax.no_beds", column="beds")
    for least, size in ((held.above, row.quantity), (held.beds_above, row.beds)):
        if least is not None and size is not None and size <= least:
            values = {"item": held.item, "size": str(size), "least": str(least)}
            return Step("tax.step_threshold", values, held.table.clause)
    return None
