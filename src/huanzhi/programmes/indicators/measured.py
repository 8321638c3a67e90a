"""What an indicator came to 指标计算结果: the figure, what it is made of, and what it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from huanzhi.assess.outlook import YearParts
from huanzhi.library.indicators.registry import Definition
from huanzhi.programmes.indicators.said import Said, Words
from huanzhi.programmes.spans import Span

MEAN, PERCENTILE, SHARE_OF_DAYS, COUNT_OF_DAYS, SHARE, COUNT, GIVEN = (
    "mean",
    "percentile",
    "share_of_days",
    "count_of_days",
    "share",
    "count",
    "given",
)
"""How a figure grows: over days (the first four), as it stands (the next two), or given by hand."""

OVER_DAYS = (MEAN, PERCENTILE, SHARE_OF_DAYS, COUNT_OF_DAYS)


@dataclass(frozen=True, slots=True)
class Sort:
    """How a figure grows, and at how many decimals it is reported."""

    sort: str
    decimals: int


@dataclass(frozen=True, slots=True)
class Cited:
    """A file of which rows stand behind a figure."""

    name: str
    sha256: str
    batch: str
    revision: int
    rows: int
    first_row: int
    last_row: int
    simulated: bool

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class EditionDays:
    """An edition of a standard and the days of the span that it governs."""

    identity: str
    number: str
    first: date
    last: date

    def as_dict(self) -> dict[str, str]:
        """Return it as plain values."""
        told = {"standard": self.identity, "number": self.number}
        return told | {"first": self.first.isoformat(), "last": self.last.isoformat()}


@dataclass(frozen=True, slots=True)
class Basis:
    """What a figure stands on.

    Attributes
    ----------
    places : tuple of (code, name)
        Stations, sections or rows that count.
    left_out : tuple of (code, name)
        Places that are not in force.
    cited : tuple of Cited
        Files with the rows that entered.
    """

    places: tuple[tuple[str, str], ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    cited: tuple[Cited, ...] = ()
    editions: tuple[EditionDays, ...] = ()
    revision: int = 0
    notes: tuple[Said, ...] = ()
    simulated: bool = False

    def as_dict(self, said: Words = str) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "places": [{"code": code, "name": name} for code, name in self.places],
            "left_out": [{"code": code, "name": name} for code, name in self.left_out],
            "files": [one.as_dict() for one in self.cited],
            "editions": [one.as_dict() for one in self.editions],
            "revision": self.revision,
            "notes": [said(note) for note in self.notes],
            "simulated": self.simulated,
        }


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure of a region from the first day of a period up to a day.

    Attributes
    ----------
    span, until : Span, date
        The whole period, and the last day that counts.
    value : Decimal or None
        At the decimals of the report; None where nothing is known, and `reason` says why.
    total, count : Fraction, int
        Exact sum behind a mean, and how many days or things were counted.
    parts : tuple of (Fraction, int)
        The same of each city, where a mean is that of several.
    part : int
        Good ones of a share, or occurrences.
    left : int
        Days of the period after `until`, times the cities where days are counted together.
    needed : int
        Valid days without which a period gives no verdict; 0 where nothing is asked.
    days : tuple of Fraction
        Daily values of a percentile.
    earlier : tuple of YearParts
        Earlier years cut at the same day.
    """

    definition: Definition
    region: str
    span: Span
    until: date
    sort: Sort
    value: Decimal | None
    reason: Said | None = None
    total: Fraction = Fraction(0)
    count: int = 0
    parts: tuple[tuple[Fraction, int], ...] = ()
    part: int = 0
    left: int = 0
    needed: int = 0
    days: tuple[Fraction, ...] = ()
    earlier: tuple[YearParts, ...] = ()
    basis: Basis = field(default_factory=Basis)
    rows: tuple[Mapping[str, Any], ...] = ()

    @property
    def over(self) -> bool:
        """Whether the period is over."""
        return self.until >= self.span.last

    @property
    def so_far(self) -> float | None:
        """The exact figure so far as a float, for the outlook."""
        if not self.count:
            return None
        if self.sort.sort == MEAN and self.parts:
            return float(sum(total / count for total, count in self.parts) / len(self.parts))
        if self.sort.sort == MEAN:
            return float(self.total / self.count)
        return 100 * self.part / self.count if self.sort.sort == SHARE_OF_DAYS else None

    def as_dict(self, said: Words = str) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "indicator": self.definition.code,
            "name": self.definition.name.text(),
            "region": self.region,
            "period": self.span.code(),
            "first": self.span.first.isoformat(),
            "last": self.span.last.isoformat(),
            "until": self.until.isoformat(),
            "value": None if self.value is None else f"{self.value:f}",
            "unit": self.definition.unit,
            "decimals": self.sort.decimals,
            "reason": said(self.reason) if self.reason else "",
            "sort": self.sort.sort,
            "count": self.count,
            "part": self.part,
            "left": self.left,
            "needed": self.needed,
            "basis": self.basis.as_dict(said),
            "rows": [dict(row) for row in self.rows],
        }


def nothing(
    definition: Definition, region: str, span: Span, until: date, sort: Sort, key: str, **named: Any
) -> Measured:
    """Return that a figure is not known, and why."""
    return Measured(definition, region, span, until, sort, None, Said.of(key, **named))
