"""Ranking by surface water 地表水环境质量排名: the city water quality index CWQI and its change.

Indices add up over the items that a city has, so they compare only where the items are the same. The rank is
given to the cities with the item set that most of them have; the others are shown with the items they lack
and are not ranked.

References
----------
.. [1] 环办监测[2017]51号 城市地表水环境质量排名技术规定（试行）.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Literal

from huanzhi import standards
from huanzhi.assess.cwqi import CityIndex, city_indices, rank, relative_change
from huanzhi.assess.exact import MISSING, round_fraction
from huanzhi.library.series import Feature, Store
from huanzhi.programmes.air_cities import Naming
from huanzhi.programmes.rankings.air import FINE, FINE_CHANGE, RankedOn, number
from huanzhi.programmes.spans import Span
from huanzhi.programmes.water_sections import Sections, read_sections
from huanzhi.standards import Edition, Table
from huanzhi.standards.water import WaterRules

WaterBy = Literal["city", "county", "township", "province", "section", "basin"]
Items = frozenset[str]


@dataclass(frozen=True, slots=True)
class WaterRank:
    """One city, province, basin or section of a ranking.

    Attributes
    ----------
    rank : int or None
        None where its items differ from those compared.
    index, before, change : Decimal or None
        CWQI now and in the same span last year, and the change [%]; the change only over the same items.
    rivers, lakes : int
        Sections of each kind.
    items : frozenset of str
        Items that are in the index.
    """

    name: str
    rank: int | None
    index: Decimal | None
    rivers: int
    lakes: int
    items: Items
    simulated: bool
    result: CityIndex
    before: Decimal | None = None
    change: Decimal | None = None
    change_rank: int | None = None


@dataclass(frozen=True, slots=True)
class WaterRanking:
    """A ranking by CWQI; `items` is the set that the ranked have in common."""

    span: Span
    by: WaterBy
    edition: Edition
    rules: WaterRules
    items: Items
    rows: tuple[WaterRank, ...]
    ranked_on: RankedOn = "published"

    @property
    def simulated(self) -> bool:
        """Whether any of the places is simulated."""
        return any(row.simulated for row in self.rows)

    def all_items(self) -> tuple[str, ...]:
        """Return the items of the rule, in its order."""
        return self.edition.table("items").names()

    def tables(self) -> tuple[Table, ...]:
        """Return the tables that enter the ranking."""
        return (self.edition.table("items"), self.edition.table("rule"), self.rules.edition.table("table1"))

    def by_improvement(self) -> tuple[WaterRank, ...]:
        """Return those with a change rank, the most improved first."""
        found = [row for row in self.rows if row.change_rank is not None]
        return tuple(sorted(found, key=lambda row: (row.change_rank or 0, row.name)))


def rank_water(
    store: Store,
    span: Span,
    *,
    by: WaterBy = "city",
    region: str | None = None,
    improvement: bool = False,
    naming: Naming | None = None,
    ranked_on: RankedOn = "published",
) -> WaterRanking:
    """Rank what the sections in the store belong to.

    Parameters
    ----------
    by : {"city", "county", "township", "province", "section", "basin"}
        A section without a city is left out of a ranking of cities, and so on.
    naming, ranked_on
        As of `rank_air`.

    Raises
    ------
    StandardError
        If the ranking rule or the limits were not in force on the last day of the span.
    """
    edition = standards.in_force("CWQI", span.last)
    found = read_sections(store, span, region)
    label = _labels(by, naming)
    now = _indices(found, label, edition)
    items = _common_items(now)
    before: dict[str, CityIndex] = {}
    if improvement:
        before = _indices(read_sections(store, span.year_before(), region), label, edition)
    simulated = frozenset(label(feature) for feature in found.features if feature.simulated)
    rows = _rows(now, before, items, edition, simulated, ranked_on)
    return WaterRanking(span, by, edition, found.rules, items, rows, ranked_on)


def _labels(by: WaterBy, naming: Naming | None) -> Naming:
    """Return what names the group that a section counts for."""
    if naming is not None and by not in ("section", "basin"):
        return naming
    return partial(_label, by=by)


def _label(feature: Feature, by: WaterBy) -> str:
    labels = {
        "city": feature.region,
        "county": str(feature.attributes.get("county", "")) or feature.region,
        "township": str(feature.attributes.get("township", "")),
        "province": feature.province,
        "section": feature.name,
        "basin": feature.basin,
    }
    return labels[by]


def _indices(found: Sections, label: Naming, edition: Edition) -> dict[str, CityIndex]:
    """Return the index of every group that has a name."""
    labels = [label(feature) for feature in found.features]
    names = sorted({name for name in labels if name})
    places = [names.index(name) if name else -1 for name in labels]
    index = city_indices(found.items, found.lake, places, len(names), edition, found.rules)
    return {name: one for name, one in zip(names, index, strict=True) if one.value is not None}


def items_of(index: CityIndex) -> Items:
    """Return the items that are in every body of an index."""
    bodies = [frozenset(body.items) for body in (index.river, index.lake) if body is not None]
    return frozenset.intersection(*bodies) if bodies else frozenset()


def _whole_items(index: CityIndex) -> tuple[Items, ...]:
    """Return the item sets of rivers and lakes; one set where they are the same."""
    return tuple({frozenset(body.items) for body in (index.river, index.lake) if body is not None})


def _common_items(indices: dict[str, CityIndex]) -> Items:
    """Return the item set that most have, the larger among equals."""
    counted = Counter(sets[0] for one in indices.values() if len(sets := _whole_items(one)) == 1)
    return max(counted, key=lambda one: (counted[one], len(one), sorted(one)), default=frozenset())


def _rows(
    now: dict[str, CityIndex],
    before: dict[str, CityIndex],
    items: Items,
    edition: Edition,
    simulated: frozenset[str],
    ranked_on: RankedOn,
) -> tuple[WaterRank, ...]:
    names = list(now)
    comparable = [_whole_items(now[name]) == (items,) for name in names]
    based = [name in before and _whole_items(before[name]) == (items,) for name in names]
    pairs = [
        (now[name], before[name] if base else None) if same else None
        for name, same, base in zip(names, comparable, based, strict=True)
    ]
    changes = [relative_change(*pair, edition) if pair and pair[1] else MISSING for pair in pairs]
    keys = [_keys(pair, change, ranked_on) for pair, change in zip(pairs, changes, strict=True)]
    ranks, change_ranks = rank([one for one, _ in keys]), rank([change for _, change in keys])
    decimals = int(edition.table("rule").row("change_decimals")["value"])
    rows = [
        WaterRank(
            name=name,
            rank=int(ranks[place]) or None,
            index=number(now[name].units, now[name].decimals),
            rivers=_sections(now[name], lake=False),
            lakes=_sections(now[name], lake=True),
            items=items_of(now[name]),
            simulated=name in simulated,
            result=now[name],
            before=number(before[name].units, before[name].decimals) if name in before else None,
            change=number(changes[place], decimals),
            change_rank=int(change_ranks[place]) or None,
        )
        for place, name in enumerate(names)
    ]
    return tuple(sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.name)))


def _keys(
    pair: tuple[CityIndex, CityIndex | None] | None, change: int, ranked_on: RankedOn
) -> tuple[int, int]:
    """Return by what an index and its change are ranked; missing where they are not."""
    if pair is None or pair[0].value is None:
        return MISSING, MISSING
    now, before = pair[0].value, pair[1].value if pair[1] else None
    if ranked_on == "published":
        return pair[0].units, change
    exact = round_fraction((now - before) / before * 100, FINE_CHANGE) if before else MISSING
    return round_fraction(now, FINE), exact


def _sections(index: CityIndex, *, lake: bool) -> int:
    body = index.lake if lake else index.river
    return 0 if body is None else body.sections
