"""Ranking of cities by air quality 城市环境空气质量排名: composite index, main pollutant, improvement.

References
----------
.. [1] 环办监测〔2018〕19号; HJ 663, 有效性 and 统计指标.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from huanzhi import standards
from huanzhi.assess import air_ranking
from huanzhi.assess.air import CompositeIndex, PeriodStatistics, composite_index, period_statistics
from huanzhi.assess.exact import MISSING, Ints, count, rescale
from huanzhi.library.series import Store
from huanzhi.messages import text
from huanzhi.programmes.air_cities import (
    AUTO,
    By,
    CityDays,
    Naming,
    SourceChoice,
    city_key,
    evaluation_edition,
    read_cities,
)
from huanzhi.programmes.spans import Span
from huanzhi.standards import Edition, Table
from huanzhi.standards.air import ITEMS, IndexTerm, Item, index_terms, validity

EQUAL = "equal"
RankedOn = Literal["published", "exact"]
"""What a rank is taken from: the figures as published, i.e. rounded, or the exact ones. The rule of 2018
publishes the index at two decimals and lets equal values share a rank: the first is the usual one."""

FINE = 9
FINE_CHANGE = 6
"""Decimals that stand for an exact index and an exact rate of change. Ours."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The editions by which a span is ranked.

    Attributes
    ----------
    evaluation, limits, ranking : Edition
        Of HJ 663, GB 3095 and the ranking rule.
    terms : tuple of IndexTerm
    preset : str
        Weights of the index.
    """

    evaluation: Edition
    limits: Edition
    ranking: Edition
    terms: tuple[IndexTerm, ...]
    preset: str

    def tables(self) -> tuple[Table, ...]:
        """Return the tables that enter a ranking."""
        return (
            *(self.evaluation.table(name) for name in ("statistics", "validity", "city_points", "decimals")),
            *(self.ranking.table(name) for name in ("index", f"weights_{self.preset}", "ranking")),
            self.ranking.table("ranking_decimals"),
        )


@dataclass(frozen=True, slots=True)
class ItemFigure:
    """One item of one city: its statistic, the single index, and how many days stand behind it."""

    value: Decimal | None
    index: Decimal | None
    days: int
    needed: int


@dataclass(frozen=True, slots=True)
class AirRank:
    """One city of a ranking.

    Attributes
    ----------
    rank : int or None
        None where it is left out; `reasons` says why.
    index : Decimal or None
        Composite index.
    before, change : Decimal or None
        Index of the same span last year, and the change [%].
    change_rank : int or None
    """

    days: CityDays
    rank: int | None
    index: Decimal | None
    items: Mapping[Item, ItemFigure]
    main: tuple[Item, ...]
    reasons: tuple[str, ...]
    before: Decimal | None = None
    change: Decimal | None = None
    change_rank: int | None = None

    @property
    def name(self) -> str:
        """Name of the city."""
        return self.days.name


@dataclass(frozen=True, slots=True)
class AirRanking:
    """A ranking: cities in order, then those left out; `silent` are those without any valid day."""

    span: Span
    rules: Rules
    rows: tuple[AirRank, ...]
    silent: tuple[str, ...] = ()
    ranked_on: RankedOn = "published"

    @property
    def simulated(self) -> bool:
        """Whether any city is simulated."""
        return any(row.days.simulated for row in self.rows)

    def ranked(self) -> tuple[AirRank, ...]:
        """Return the cities that have a rank."""
        return tuple(row for row in self.rows if row.rank is not None)

    def by_improvement(self) -> tuple[AirRank, ...]:
        """Return the cities that have an improvement rank, the most improved first."""
        found = [row for row in self.rows if row.change_rank is not None]
        return tuple(sorted(found, key=lambda row: (row.change_rank or 0, row.name)))


def rules_of(span: Span, edition: str = AUTO, preset: str = EQUAL) -> Rules:
    """Return the editions in force on the last day of a span, or those that are named."""
    day = span.last
    ranking = standards.in_force("CITY AIR RANKING", day, early=True)
    if edition == AUTO:
        evaluation = standards.in_force("HJ 663", day, early=True)
        limits = standards.in_force("GB 3095", day, early=True)
    else:
        evaluation = standards.edition("HJ 663", evaluation_edition(edition))
        limits = standards.edition("GB 3095", edition)
    judged = max(day, limits.interval.start)
    return Rules(evaluation, limits, ranking, index_terms(ranking, limits, judged, preset), preset)


def rank_air(
    store: Store,
    span: Span,
    *,
    by: By = "city",
    source: SourceChoice = "auto",
    edition: str = AUTO,
    region: str | None = None,
    preset: str = EQUAL,
    improvement: bool = False,
    naming: Naming | None = None,
    ranked_on: RankedOn = "published",
) -> AirRanking:
    """Rank the cities that the store holds.

    Parameters
    ----------
    improvement : bool
        Also compare with the same span of last year, its index taken with the same limits and weights.
    naming : callable, optional
        Names the region that each place counts for; its own attributes do otherwise.
    ranked_on : {"published", "exact"}
        Whether equal published figures share a rank, or only equal exact ones.

    Raises
    ------
    StandardError
        If no edition was in force, or the named one does not exist.
    """
    rules = rules_of(span, edition, preset)
    asked: dict[str, Any] = {"by": by, "source": source, "region": region, "naming": naming}
    known = read_cities(store, span, edition=edition, **asked)
    cities = [city for city in known if city.valid_days]
    silent = tuple(city.name for city in known if not city.valid_days)
    if not cities:
        return AirRanking(span, rules, (), silent, ranked_on)
    statistics, index = judge_cities(cities, span, rules)
    missing = Both.missing(len(cities))
    before = _before(store, span, cities, rules, asked) if improvement else missing
    now = Both(index.index, _fine(statistics, rules))
    rows = _rows(cities, span, rules, statistics, index, _Ranked.of(now, before, rules, ranked_on))
    return AirRanking(span, rules, rows, silent, ranked_on)


@dataclass(frozen=True, slots=True)
class Both:
    """Indices as they are published and exact ones, each of shape (f,)."""

    published: Ints
    exact: Ints

    @classmethod
    def missing(cls, number: int) -> Both:
        """Return indices that are not there."""
        return cls(*np.full((2, number), MISSING, np.int64))


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Ranks and changes of all cities, each of shape (f,)."""

    ranks: Ints
    before: Ints
    change: Ints
    change_ranks: Ints

    @classmethod
    def of(cls, now: Both, before: Both, rules: Rules, ranked_on: RankedOn) -> _Ranked:
        """Rank by what is published, or by the exact figures."""
        change = air_ranking.improvement(now.published, before.published, rules.ranking)
        if ranked_on == "published":
            ranks, changes = air_ranking.rank(now.published), air_ranking.rank(change)
            return cls(ranks, before.published, change, changes)
        fine = air_ranking.improvement(now.exact, before.exact, rules.ranking, decimals=FINE_CHANGE)
        coarse = air_ranking.improvement(now.exact, before.exact, rules.ranking)
        return cls(air_ranking.rank(now.exact), before.published, coarse, air_ranking.rank(fine))


def _fine(found: PeriodStatistics, rules: Rules) -> Ints:
    return composite_index(found, rules.terms, FINE).index


def judge_cities(
    cities: Sequence[CityDays], span: Span, rules: Rules
) -> tuple[PeriodStatistics, CompositeIndex]:
    """Return statistics and composite index of cities over a span."""
    days, decimals = _stacked(cities)
    found = period_statistics(days, decimals, rules.evaluation, minimum=1)
    complete = np.stack([_complete(days[:, place], span, rules.evaluation) for place in range(len(ITEMS))], 1)
    mean = np.where(complete, found.mean, MISSING)
    percentile = np.where(complete, found.percentile, MISSING)
    return (
        PeriodStatistics(found.days, mean, percentile, found.decimals),
        _index(found, mean, percentile, rules),
    )


def _index(found: PeriodStatistics, mean: Ints, percentile: Ints, rules: Rules) -> CompositeIndex:
    decimals = rules.ranking.table("ranking").row("composite_index")["decimals"]
    return composite_index(
        PeriodStatistics(found.days, mean, percentile, found.decimals), rules.terms, decimals
    )


def _stacked(cities: Sequence[CityDays]) -> tuple[Ints, tuple[int, ...]]:
    """Return the days of all cities, shape (f, 6, d), at the finest decimals of each item."""
    finest = tuple(max(city.decimals[place] for city in cities) for place in range(len(ITEMS)))
    rows = [
        np.stack(
            [rescale(city.units[place], city.decimals[place], finest[place]) for place in range(len(ITEMS))]
        )
        for city in cities
    ]
    return np.stack(rows), finest


def _complete(days: Ints, span: Span, evaluation: Edition) -> npt.NDArray[np.bool_]:
    """Say of each city whether an item has the days that HJ 663 asks of the span, shape (f,)."""
    enough = [count(days[:, low:high]) >= needed for low, high, needed in requirements(span, evaluation)]
    return np.asarray(np.logical_and.reduce(enough))


def requirements(span: Span, evaluation: Edition) -> tuple[tuple[int, int, int], ...]:
    """Return stretches of days of a span, as first and end place, with the valid days each needs.

    A month and a year need what HJ 663 asks; a quarter needs each of its months (our default); other spans
    of days need one day, since the standard asks nothing of them.
    """
    rule = validity(evaluation)
    if span.kind == "year":
        return ((0, span.days, rule.year),)
    if span.kind == "days":
        return ((0, span.days, 1),)
    days = np.datetime64(span.first) + np.arange(span.days)
    months = days.astype("datetime64[M]")
    bounds = [*np.flatnonzero(np.append(True, months[1:] != months[:-1])).tolist(), span.days]
    return tuple((low, high, rule.month_days(int(str(months[low])[5:7]))) for low, high in pairwise(bounds))


def _before(
    store: Store, span: Span, cities: Sequence[CityDays], rules: Rules, asked: Mapping[str, Any]
) -> Both:
    """Return each city's index of the same span last year under the same limits, missing without one."""
    earlier = span.year_before()
    found = read_cities(store, earlier, **asked)
    if not found:
        return Both.missing(len(cities))
    statistics, index = judge_cities(found, earlier, rules)
    fine = _fine(statistics, rules)
    known = {city_key(city.name): (int(index.index[n]), int(fine[n])) for n, city in enumerate(found)}
    values = [known.get(city_key(city.name), (MISSING, MISSING)) for city in cities]
    return Both(*np.array(values, np.int64).reshape(-1, 2).T)


def _rows(
    cities: Sequence[CityDays],
    span: Span,
    rules: Rules,
    statistics: PeriodStatistics,
    index: CompositeIndex,
    ranked: _Ranked,
) -> tuple[AirRank, ...]:
    decimals = rules.ranking.table("ranking").row("composite_index")["decimals"]
    change_decimals = rules.ranking.table("ranking_decimals").row("improvement")["decimals"]
    ranks, change_ranks = ranked.ranks, ranked.change_ranks
    rows = []
    for place, city in enumerate(cities):
        items = _items(place, city, span, rules, statistics, index)
        rows.append(
            AirRank(
                city,
                int(ranks[place]) or None,
                number(index.index[place], decimals),
                items,
                tuple(item for item, main in zip(ITEMS, index.main[place], strict=True) if main)
                if ranks[place]
                else (),
                _reasons(items),
                number(ranked.before[place], decimals),
                number(ranked.change[place], change_decimals),
                int(change_ranks[place]) or None,
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.name)))


def _items(
    place: int,
    city: CityDays,
    span: Span,
    rules: Rules,
    statistics: PeriodStatistics,
    index: CompositeIndex,
) -> dict[Item, ItemFigure]:
    decimals = rules.ranking.table("ranking").row("composite_index")["decimals"]
    found = {}
    for k, (item, term) in enumerate(zip(ITEMS, rules.terms, strict=True)):
        values = statistics.mean if term.percentile is None else statistics.percentile
        days, needed = _weakest(city.units[k], span, rules.evaluation)
        found[item] = ItemFigure(
            number(values[place, k], statistics.decimals[k]),
            number(index.items[place, k], decimals),
            days,
            needed,
        )
    return found


def _weakest(days: Ints, span: Span, evaluation: Edition) -> tuple[int, int]:
    """Return the valid days of the whole span, or of the first month that lacks some, and the days needed."""
    parts = [(int(count(days[low:high])), need) for low, high, need in requirements(span, evaluation)]
    lacking = [part for part in parts if part[0] < part[1]]
    return lacking[0] if lacking else (sum(part[0] for part in parts), sum(part[1] for part in parts))


def _reasons(items: Mapping[Item, ItemFigure]) -> tuple[str, ...]:
    """Return a sentence for every group of items that lack the same days."""
    lacking: dict[tuple[int, int], list[str]] = {}
    for item, figure in items.items():
        if figure.value is None:
            lacking.setdefault((figure.days, figure.needed), []).append(str(item))
    comma = text("rankings.comma")
    return tuple(
        text("rankings.too_few_days", items=comma.join(names), days=days, needed=needed)
        for (days, needed), names in lacking.items()
    )


def number(units: int | np.int64, decimals: int) -> Decimal | None:
    """Return a scaled integer as a decimal, None where missing."""
    return None if int(units) == MISSING else Decimal(int(units)).scaleb(-decimals)
