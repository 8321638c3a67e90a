"""Sea 海洋: class of water, sediment and biota, eutrophication 富营养化, near-shore grade 近岸海域水质状况.

Dissolved oxygen must lie above its limit; every other limit belongs to the better class; worse than the
last class is 劣四类 (劣三类 for sediment and biota). Inorganic nitrogen 无机氮 is nitrate + nitrite +
ammonium as N.

References
----------
.. [1] GB 3097-1997, 表1, 附录A, 附录B.
.. [2] GB 18668-2002, 表1; GB 18421-2001, 表1.
.. [3] HJ 442.10-2020 (formula of E confirmed; its grades and the near-shore grades are from memory).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

import numpy as np
import numpy.typing as npt

from huanzhi.assess import class_limits
from huanzhi.assess.class_limits import Judgement
from huanzhi.assess.exact import FINE, MISSING, half_even
from huanzhi.assess.explanation import Explanation, Step
from huanzhi.assess.readings import UNBOUNDED, Readings
from huanzhi.standards import Edition, Table, sea, standard

Ints = npt.NDArray[np.int64]
Grades = npt.NDArray[np.int8]
_DIGITS = Context(prec=28)


@dataclass(frozen=True)
class Eutrophication:
    """Eutrophication index 富营养化指数 of n samples.

    Attributes
    ----------
    products : tuple of int or None, length n
        COD x DIN x DIP in whole units; None where an input is missing or below detection.
    scale : Fraction
        Index of one unit.
    best, worst : ndarray of int8, shape (n,)
        Grade from 1; they differ where detection limits leave it open; 0 where an input is missing.
    names : tuple of str
        Grade names.
    decimals : int
        Decimals of E when shown.
    """

    products: tuple[int | None, ...]
    scale: Fraction
    best: Grades
    worst: Grades
    names: tuple[str, ...]
    decimals: int

    @cached_property
    def grades(self) -> Grades:
        """Grade of each sample, 0 where there is none."""
        return np.where(self.best == self.worst, self.best, 0).astype(np.int8)

    def index(self, row: int) -> Fraction | None:
        """Return the exact E of a sample."""
        product = self.products[row]
        return None if product is None else product * self.scale

    def shown(self, row: int) -> Decimal | None:
        """Return E of a sample rounded by GB/T 8170."""
        product = self.products[row]
        if product is None:
            return None
        top = product * self.scale.numerator * 10**self.decimals
        return Decimal(half_even(top, self.scale.denominator)).scaleb(-self.decimals)

    def name(self, row: int) -> str:
        """Return the grade of a sample in words, empty where there is none."""
        grade = int(self.grades[row])
        return self.names[grade - 1] if grade else ""


@dataclass(frozen=True, slots=True)
class Nearshore:
    """Near-shore quality 近岸海域水质状况: exact shares [%] of each class, best first, and the grade."""

    shares: tuple[Fraction, ...]
    grade: str
    number: int


def judge(
    samples: Mapping[str, Readings], day: date, identity: str = sea.WATER, *, shellfish: bool = False
) -> Judgement:
    """Judge sea water, sediment or biota by the edition of a China day.

    Parameters
    ----------
    samples : mapping of str to Readings
        Item name → n readings in the unit of the standard.
    identity : str
        `standards.sea.WATER`, `SEDIMENT` or `BIOTA`.
    shellfish : bool
        Whether shellfish for eating raw is bred in the water.

    Raises
    ------
    StandardError
        If no edition was in force, or the standard has no such item.
    """
    return class_limits.judge(sea.table_on(day, identity, shellfish=shellfish), samples)


def explain_sea(
    sample: Mapping[str, Readings], day: date, identity: str = sea.WATER, *, shellfish: bool = False
) -> Explanation:
    """Explain the class of one sample; see `judge`."""
    return class_limits.explain(sea.table_on(day, identity, shellfish=shellfish), sample)


def inorganic_nitrogen(nitrate: Readings, nitrite: Readings, ammonium: Readings) -> Readings:
    """Return inorganic nitrogen 无机氮 [mg/L as N]: the sum of the three.

    Missing where any is missing; below detection where any is, then between the sum of what was measured and
    the sum with every detection limit.
    """
    parts = (nitrate, nitrite, ammonium)
    decimals = max(part.decimals for part in parts)
    lows = [_rescaled(part.low, decimals - part.decimals) for part in parts]
    highs = [_rescaled(part.high, decimals - part.decimals) for part in parts]
    below = np.logical_or.reduce([part.below for part in parts])
    return Readings(_sum(lows), _sum(highs), decimals, below)


def eutrophication(cod: Readings, din: Readings, dip: Readings, edition: Edition) -> Eutrophication:
    """Return the eutrophication index E = COD x DIN x DIP x 10⁶ / 4500 and its grade.

    Parameters
    ----------
    cod, din, dip : Readings, shape (n,)
        Chemical oxygen demand, inorganic nitrogen, reactive phosphate [mg/L].
    edition : Edition
        Of HJ 442.10.

    Returns
    -------
    Eutrophication
        The grade is told from the exact index, before it is rounded.

    References
    ----------
    .. [1] HJ 442.10-2020.
    """
    table = edition.table("eutrophication")
    grades = edition.table("eutrophication_grades")
    columns = (cod, din, dip)
    shift = sum(column.decimals for column in columns)
    factor = Fraction(table.row("factor")["value"]) / Fraction(table.row("divisor")["value"])
    scale = factor / Fraction(10) ** shift
    present = np.logical_and.reduce([column.present for column in columns])
    known = np.logical_and.reduce([column.measured for column in columns])
    lows, highs = _products([c.low for c in columns]), _products([c.high for c in columns])
    open_ = np.logical_or.reduce([column.high == UNBOUNDED for column in columns])
    last = len(grades.rows)
    return Eutrophication(
        products=tuple(product if sure else None for product, sure in zip(lows, known, strict=True)),
        scale=scale,
        best=np.where(present, _grades(lows, scale, grades), 0).astype(np.int8),
        worst=np.where(present, np.where(open_, last, _grades(highs, scale, grades)), 0).astype(np.int8),
        names=grades.names(),
        decimals=int(table.row("decimals")["value"]),
    )


def explain_eutrophication(cod: Readings, din: Readings, dip: Readings, edition: Edition) -> Explanation:
    """Explain the eutrophication index of one sample."""
    found = eutrophication(cod, din, dip, edition)
    inputs = {"COD": f"{cod.text(0)} mg/L", "DIN": f"{din.text(0)} mg/L", "DIP": f"{dip.text(0)} mg/L"}
    tables = (edition.table("eutrophication"), edition.table("eutrophication_grades"))
    shown = found.shown(0)
    steps = []
    if shown is not None:
        values = {"cod": cod.text(0), "din": din.text(0), "dip": dip.text(0), "index": shown}
        steps = [Step("sea.index", values, edition.number), Step("sea.grade", {"grade": found.name(0)})]
    return Explanation(inputs, (edition,), tuple(steps), {"e_index": shown, "e_grade": found.name(0)}, tables)


def un_ionised_ammonia(
    ammonium: Sequence[Decimal],
    ph: Sequence[Decimal],
    temperature: Sequence[Decimal],
    salinity: Sequence[Decimal],
    edition: Edition,
) -> tuple[Decimal, ...]:
    """Return un-ionised ammonia 非离子氨 [mg/L] of n samples.

    Parameters
    ----------
    ammonium : sequence of Decimal
        Ammonium nitrogen [µmol/L].
    ph : sequence of Decimal
    temperature : sequence of Decimal
        [℃].
    salinity : sequence of Decimal
        Practical salinity.
    edition : Edition
        Of GB 3097.

    Returns
    -------
    tuple of Decimal
        At nine decimals, the same on every machine.

    References
    ----------
    .. [1] GB 3097-1997, 附录B (formula and coefficients from memory).
    """
    table = edition.table("un_ionised_ammonia")
    rows = {str(row["name"]): Decimal(row["value"]) for row in table.rows}
    samples = zip(ammonium, ph, temperature, salinity, strict=True)
    return tuple(_ammonia(sample, rows) for sample in samples)


def nearshore(
    classes: npt.ArrayLike, edition: Edition, weights: npt.ArrayLike | None = None
) -> Nearshore | None:
    """Grade a sea area by the shares of its points, or of their areas, in each class.

    Parameters
    ----------
    classes : array_like of int, shape (n,)
        Class of each point from 1 to 5 (5: 劣四类); 0, not judged, is left out.
    edition : Edition
        Of HJ 442.10.
    weights : array_like of int, shape (n,), optional
        Area of each point in any whole unit; 1 each by default.

    Returns
    -------
    Nearshore or None
        None where no point is judged.
    """
    numbers = np.asarray(classes, dtype=np.int64)
    sizes = np.ones_like(numbers) if weights is None else np.asarray(weights, dtype=np.int64)
    last = len(standard(sea.WATER).editions[-1].table("class_names").rows)
    counts = [int(sizes[numbers == number].sum()) for number in range(1, last + 1)]
    total = sum(counts)
    if total == 0:
        return None
    shares = tuple(Fraction(100 * count, total) for count in counts)
    table = edition.table("nearshore_grades")
    number = next(place for place, row in enumerate(table.rows, 1) if _holds(row, shares))
    return Nearshore(shares, table.names()[number - 1], number)


def _holds(row: Mapping[str, int], shares: tuple[Fraction, ...]) -> bool:
    first, good, inferior = shares[0], shares[0] + shares[1], shares[-1]
    return first >= row["first_min"] and good >= row["good_min"] and inferior <= row["inferior_max"]


def _ammonia(sample: tuple[Decimal, ...], rows: Mapping[str, Decimal]) -> Decimal:
    ammonium, ph, temperature, salinity = sample
    kelvin = rows["zero_celsius"] + temperature
    pka = (
        rows["pka_constant"]
        + rows["pka_salinity"] * salinity
        + rows["pka_temperature"] * (rows["reference_temperature"] - kelvin)
    )
    percent = _DIGITS.divide(Decimal(100), _DIGITS.power(Decimal(10), pka - ph) + 1)
    return (rows["mass"] * ammonium * percent).quantize(Decimal(1).scaleb(-FINE))


def _products(ends: Sequence[Ints]) -> npt.NDArray[np.object_]:
    """Multiply whole numbers of any size row by row; what is missing counts as 0, for the caller to mask."""
    numbers = [np.where(end == MISSING, 0, end).astype(object) for end in ends]
    product: npt.NDArray[np.object_] = np.multiply.reduce(numbers)
    return product


def _grades(products: npt.NDArray[np.object_], scale: Fraction, table: Table) -> Grades:
    """Grade exact indices, product x scale, by contiguous bands."""
    found = np.ones(len(products), np.int8)
    for row in table.rows[:-1]:
        end = Fraction(row["max"]) / scale
        highest = floor(end) if row.get("max_included") else ceil(end) - 1
        found += np.asarray(products > highest, dtype=np.int8)
    return found


def _rescaled(units: Ints, tens: int) -> Ints:
    kept = (units == MISSING) | (units == UNBOUNDED)
    return np.where(kept, units, np.where(kept, 0, units) * 10**tens)


def _sum(parts: Sequence[Ints]) -> Ints:
    gone = np.logical_or.reduce([part == MISSING for part in parts])
    open_ = np.logical_or.reduce([part == UNBOUNDED for part in parts])
    kept = ~(gone | open_)
    total = sum(np.where(kept, part, 0) for part in parts)
    return np.where(gone, MISSING, np.where(open_, UNBOUNDED, total)).astype(np.int64)
