"""City water quality index 城市水质指数 CWQI and the rankings of cities by it.

An item's index is its mean over the limit of class Ⅲ (dissolved oxygen: the inverse; pH: its distance from
neutral over the room to the limit). The indices of the items add up, for rivers and for lakes apart, and the
city's index is their mean weighted by the numbers of sections 断面 and lake points 点位.

References
----------
.. [1] 环办监测[2017]51号 城市地表水环境质量排名技术规定（试行）.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import MISSING, Ints, round_fraction
from huanzhi.assess.readings import Readings
from huanzhi.assess.water import PH
from huanzhi.assess.water_means import doubled_sums, group_means
from huanzhi.errors import InputError
from huanzhi.standards.model import Edition
from huanzhi.standards.water import WaterRules


@dataclass(frozen=True, slots=True)
class BodyIndex:
    """Index of the rivers or of the lakes of a city: the sum of `items`, item → index, exact."""

    sections: int
    items: Mapping[str, Fraction]

    @property
    def value(self) -> Fraction:
        """Sum of the item indices."""
        return sum(self.items.values(), Fraction(0))


@dataclass(frozen=True, slots=True)
class CityIndex:
    """Index of a city; `river` or `lake` is None where the city has no such section with a value."""

    river: BodyIndex | None
    lake: BodyIndex | None
    decimals: int

    @property
    def value(self) -> Fraction | None:
        """(CWQI_river · M + CWQI_lake · N) / (M + N), exact; None without any section."""
        bodies = [body for body in (self.river, self.lake) if body is not None]
        number = sum(body.sections for body in bodies)
        weighted = sum((body.value * body.sections for body in bodies), Fraction(0))
        return weighted / number if number else None

    @property
    def units(self) -> int:
        """The index in units of 10**-`decimals`, rounded once by GB/T 8170; missing without any section."""
        return MISSING if self.value is None else round_fraction(self.value, self.decimals)


def city_indices(
    columns: Mapping[str, Readings],
    lake: npt.ArrayLike,
    cities: npt.ArrayLike,
    number: int,
    edition: Edition,
    rules: WaterRules,
) -> list[CityIndex]:
    """Reckon the index of every city.

    Parameters
    ----------
    columns : mapping of str to Readings, each of shape (n,)
        Item name → means of sections, or single values; below detection enters with half the limit. Items
        that are not there are left out of the sum, so that indices compare only over the same items.
    lake : array_like of bool, shape (n,)
        Whether the row is a lake point.
    cities : array_like of int, shape (n,)
        City of each row, 0 to `number` - 1.
    edition : Edition
        Edition of the ranking rule.
    rules : WaterRules
        Limits of GB 3838.

    Returns
    -------
    list of CityIndex, length `number`

    Raises
    ------
    InputError
        If a mean of dissolved oxygen is 0, for which the index has no value.
    """
    lakes, places = np.asarray(lake, np.bool_), np.asarray(cities, np.int64)
    decimals = int(edition.table("rule").row("decimals")["value"])
    river = _bodies(columns, np.where(lakes, -1, places), number, edition, rules, lake=False)
    of_lake = _bodies(columns, np.where(lakes, places, -1), number, edition, rules, lake=True)
    return [CityIndex(a, b, decimals) for a, b in zip(river, of_lake, strict=True)]


def _bodies(
    columns: Mapping[str, Readings],
    groups: Ints,
    number: int,
    edition: Edition,
    rules: WaterRules,
    *,
    lake: bool,
) -> list[BodyIndex | None]:
    table = edition.table("items")
    means = {
        name: _exact_means(columns[name], name, groups, number) for name in table.names() if name in columns
    }
    counts = _sections(columns, table.names(), groups, number)
    found: list[BodyIndex | None] = []
    for city in range(number):
        items = {
            name: item_index(name, mean, edition, rules, lake=lake)
            for name, of_city in means.items()
            if (mean := of_city[city]) is not None
        }
        found.append(BodyIndex(counts[city], items) if items else None)
    return found


def _sections(columns: Mapping[str, Readings], names: Sequence[str], groups: Ints, number: int) -> list[int]:
    """Count the rows of each city where any item has a value."""
    used = np.zeros(groups.shape, np.bool_)
    for name in names:
        if name in columns:
            used |= columns[name].present
    used &= groups >= 0
    return [int(count) for count in np.bincount(groups[used], minlength=number)]


def _exact_means(column: Readings, name: str, groups: Ints, number: int) -> list[Fraction | None]:
    if name == PH:
        mean = group_means({PH: column}, groups, number)[PH]
        return [mean.exact(city) if mean.present[city] else None for city in range(number)]
    doubled, counts = doubled_sums(column, groups, number)
    scale = 2 * 10**column.decimals
    return [
        Fraction(int(total), scale * int(count)) if count else None
        for total, count in zip(doubled, counts, strict=True)
    ]


def item_index(name: str, mean: Fraction, edition: Edition, rules: WaterRules, *, lake: bool) -> Fraction:
    """Return the index of one item, exact and not rounded.

    Parameters
    ----------
    mean : Fraction
        Mean concentration [mg/L; pH none].

    Raises
    ------
    InputError
        If dissolved oxygen is 0.
    """
    limits = rules.limits(name, lake=lake)
    assert limits is not None
    accept = limits.accepts[rules.reference - 1]
    form = edition.table("items").row(name)["form"]
    if form == "ratio":
        return mean / Fraction(_need(accept.high))
    if form == "inverse":
        if not mean:
            raise InputError("water.no_oxygen", column=name)
        return Fraction(_need(accept.low)) / mean
    neutral = Fraction(edition.table("rule").row("neutral_ph")["value"])
    end = Fraction(_need(accept.low if mean <= neutral else accept.high))
    return (mean - neutral) / (end - neutral)


def _need(limit: Decimal | None) -> Decimal:
    assert limit is not None
    return limit


def relative_change(now: CityIndex, before: CityIndex, edition: Edition) -> int:
    """Return (now - before) / before · 100 % in units of 10**-``change_decimals``; missing without both.

    The change is that of the exact indices, rounded once. Negative is better.
    """
    if now.value is None or not before.value:
        return MISSING
    decimals = int(edition.table("rule").row("change_decimals")["value"])
    return round_fraction((now.value - before.value) / before.value * 100, decimals)


def rank(units: npt.ArrayLike) -> Ints:
    """Rank figures from 1, smallest first; equal figures share the better rank and the next ones are skipped.

    Serves the ranking by index and the improvement ranking 改善排名 by change, both ascending.

    Parameters
    ----------
    units : array_like of int64, shape (n,)
        Rounded figures as published.

    Returns
    -------
    ndarray of int64, shape (n,)
        0 where the figure is missing.
    """
    values = np.asarray(units, dtype=np.int64)
    there = values != MISSING
    ordered = np.sort(values[there])
    return np.where(there, 1 + np.searchsorted(ordered, values, side="left"), 0).astype(np.int64)
