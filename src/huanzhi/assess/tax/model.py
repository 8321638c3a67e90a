"""What the tax is computed of, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from huanzhi.assess.explanation import Step
from huanzhi.standards import Edition, Table
from huanzhi.standards.model import Confidence

Medium = Literal["air", "water"]


@dataclass(frozen=True, slots=True)
class Discharge:
    """One pollutant of one outlet 排放口 in one month.

    Attributes
    ----------
    month : str
        ``2026-07``.
    item : str
        Name in the table of equivalents or one of its aliases; ``pH`` for the acidity.
    quantity : Decimal
        kg of a pollutant; t of sewage for pH, colour (with `times`), coliform, chlorine and small dischargers
        by sewage; heads or beds for farms and hospitals.
    value : Decimal, optional
        The pH.
    times : Decimal, optional
        Multiple by which colour exceeds its limit 超标倍数.
    beds : Decimal, optional
        Beds of a hospital that is counted by its sewage.
    concentration, limit : Decimal, optional
        Mean of the month and the limit it is held against, in one unit; both or no reduction.
    within : bool, optional
        Whether every hourly mean (every value of manual monitoring) was within the limit; None where unknown.
    exempt : str
        Case of article 12, or empty.
    """

    outlet: str
    month: str
    medium: Medium
    item: str
    quantity: Decimal
    value: Decimal | None = None
    times: Decimal | None = None
    beds: Decimal | None = None
    concentration: Decimal | None = None
    limit: Decimal | None = None
    within: bool | None = None
    exempt: str = ""


@dataclass(frozen=True, slots=True)
class Solid:
    """Solid waste 固体废物 of one sort in one month [t], and what is taken off of it."""

    site: str
    month: str
    item: str
    produced: Decimal
    stored: Decimal = Decimal(0)
    disposed: Decimal = Decimal(0)
    reused: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Noise:
    """Exceedance of one point 监测点 of the boundary of one site, by day or by night, in one month.

    Attributes
    ----------
    exceeded : Decimal
        dB above the limit, of Leq.
    peak : Decimal, optional
        dB above the limit of peaks, of frequent or sporadic noise at night.
    days : int
        Days (nights) of the month on which the site exceeded.
    boundary : Decimal, optional
        Length of the boundary [m] along which points exceed.
    """

    site: str
    month: str
    part: Literal["day", "night"]
    point: str
    exceeded: Decimal
    days: int
    peak: Decimal | None = None
    boundary: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate 适用税额 [yuan per equivalent]; without items it is that of the whole medium."""

    medium: str
    yuan: Decimal
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of a place on a day, with where they come from."""

    place: str
    rows: tuple[Rate, ...]
    number: str
    confidence: Confidence
    table: Table | None = None
    edition: Edition | None = None

    def of(self, medium: str, item: str) -> Decimal:
        """Return the rate of a pollutant: that of its own before that of the medium."""
        own = [rate.yuan for rate in self.rows if rate.medium == medium and item in rate.items]
        whole = [rate.yuan for rate in self.rows if rate.medium == medium and not rate.items]
        return (own or whole)[0]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the declaration.

    Attributes
    ----------
    sort : str
        ``air``, ``water_class1``, ``water_other``, ``water_small``, ``solid``, ``noise``.
    row : int
        Place of what it was computed of among the rows given.
    number : Fraction
        Pollution equivalents 污染当量数; t of solid waste; units of noise.
    rank : int
        Place within outlet and sort, from 1; 0 where there is no ranking.
    share : Fraction
        Share of the tax that is paid: 1, 3/4, 1/2, or 0 where exempt.
    tax : Decimal
        Yuan, to the cent; 0 where not taxed.
    taxed : bool
    reason : str
        Message key that tells why it is taxed, or not, or not in full.
    steps : tuple of Step
        The arithmetic, with clauses.
    """

    sort: str
    row: int
    place: str
    month: str
    item: str
    quantity: Decimal
    unit: str
    equivalent: Decimal | None
    number: Fraction
    rank: int
    rate: Decimal
    share: Fraction
    tax: Decimal
    taxed: bool
    reason: str
    steps: tuple[Step, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the machine form; equivalents to four decimals for the eye."""
        return {
            "sort": self.sort,
            "row": self.row,
            "place": self.place,
            "month": self.month,
            "item": self.item,
            "quantity": str(self.quantity),
            "unit": self.unit,
            "equivalent": None if self.equivalent is None else str(self.equivalent),
            "number": shown(self.number),
            "rank": self.rank,
            "rate": str(self.rate),
            "share": str(Decimal(self.share.numerator) / Decimal(self.share.denominator)),
            "tax": str(self.tax),
            "taxed": self.taxed,
            "reason": self.reason,
            "steps": [{"text": step.sentence(), "clause": step.clause} for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class Computation:
    """The tax of some months."""

    lines: tuple[Line, ...]
    tables: tuple[Table, ...] = ()
    editions: tuple[Edition, ...] = ()
    months: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """Return the sum of the lines, to the cent."""
        return sum((line.tax for line in self.lines), Decimal("0.00"))


def shown(number: Fraction, decimals: int = 4) -> str:
    """Return a fraction to some decimals, half up, without the noughts at the end.

    >>> shown(Fraction(100, 95) * 100)
    '105.2632'
    >>> shown(Fraction(20000))
    '20000'
    """
    scaled = half_up(number * 10**decimals)
    value = Decimal(scaled).scaleb(-decimals)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def half_up(number: Fraction) -> int:
    """Round a number that is not negative to a whole one, halves up 四舍五入.

    >>> half_up(Fraction(25, 2)), half_up(Fraction(124, 10))
    (13, 12)
    """
    return int((number * 2 + 1) // 2)


def money(number: Fraction, decimals: int = 2) -> Decimal:
    """Round yuan half up to the cent."""
    return Decimal(half_up(number * 10**decimals)).scaleb(-decimals)
