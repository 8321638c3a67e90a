"""Air of a month, quarter or year 月季年空气质量评价: good days, statistics, index, comparisons.

The composite index of the periods compared is taken with the limits and weights of the period assessed, so
that a change of edition does not look like a change of the air. Good days are judged by the edition of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from huanzhi.assess.exact import round_fraction
from huanzhi.errors import StandardError
from huanzhi.library.series import Store
from huanzhi.programmes.air_cities import AUTO, By, CityDays, city_key, read_cities
from huanzhi.programmes.assessing.when import When
from huanzhi.programmes.rankings.air import AirRank, AirRanking, Rules, judge_cities, number, rank_air
from huanzhi.programmes.spans import Span
from huanzhi.programmes.status_report.air_figures import DayRates, judge_city
from huanzhi.standards.air import ITEMS, IndexTerm, Item

CHANGE_DECIMALS = 1


@dataclass(frozen=True, slots=True)
class Compared:
    """The figures of one city in another period: rate of good days, index, statistic of each item."""

    rate: Decimal | None
    index: Decimal | None
    items: Mapping[Item, Decimal | None]


@dataclass(frozen=True, slots=True)
class AirPeriod:
    """One city, county or station over a period.

    Attributes
    ----------
    ranked : AirRank
        Index, statistics and completeness, see `programmes.rankings`; its rank is not published here.
    within : mapping
        Item → whether its statistic keeps the limit; None where it has none.
    previous, year_before : Compared or None
        Period before 环比, same period a year before 同比; None where there is nothing.
    """

    ranked: AirRank
    rates: DayRates
    within: Mapping[Item, bool | None]
    previous: Compared | None
    year_before: Compared | None


@dataclass(frozen=True, slots=True)
class AirPeriods:
    """All places of a period."""

    when: When
    by: By
    ranking: AirRanking
    rows: tuple[AirPeriod, ...]

    @property
    def terms(self) -> tuple[IndexTerm, ...]:
        """Return the statistic and limit of each item."""
        return self.ranking.rules.terms


def assess_air_period(
    store: Store, when: When, *, by: By = "city", edition: str = AUTO, region: str | None = None
) -> AirPeriods:
    """Assess the air of a period of days.

    Raises
    ------
    StandardError
        If no edition was in force, or the named one does not exist.
    """
    ranking = rank_air(store, when.span, by=by, edition=edition, region=region)
    before = _compared(store, when.previous().span, ranking, by, edition, region)
    last_year = _compared(store, when.year_before().span, ranking, by, edition, region)
    rows = tuple(
        AirPeriod(
            row,
            judge_city(row.days, when.span, edition).rates,
            _within(row, ranking.rules.terms),
            before.get(city_key(row.name)),
            last_year.get(city_key(row.name)),
        )
        for row in ranking.rows
    )
    return AirPeriods(when, by, ranking, rows)


def _compared(
    store: Store, span: Span, ranking: AirRanking, by: By, edition: str, region: str | None
) -> dict[str, Compared]:
    """Return the figures of another period by place; nothing where no edition treats it."""
    try:
        known = read_cities(store, span, by=by, edition=edition, region=region)
    except StandardError:
        return {}
    cities = [city for city in known if city.valid_days]
    if not cities:
        return {}
    rules = ranking.rules
    statistics, index = judge_cities(cities, span, rules)
    decimals = _decimals(rules)
    found = {}
    for place, city in enumerate(cities):
        items = {}
        for k, (item, term) in enumerate(zip(ITEMS, rules.terms, strict=True)):
            values = statistics.mean if term.percentile is None else statistics.percentile
            items[item] = number(values[place, k], statistics.decimals[k])
        rate = _rate(city, span, edition)
        found[city_key(city.name)] = Compared(rate, number(index.index[place], decimals), items)
    return found


def _rate(city: CityDays, span: Span, edition: str) -> Decimal | None:
    try:
        return judge_city(city, span, edition).rates.rate
    except StandardError:
        return None


def _decimals(rules: Rules) -> int:
    return int(rules.ranking.table("ranking").row("composite_index")["decimals"])


def _within(row: AirRank, terms: tuple[IndexTerm, ...]) -> dict[Item, bool | None]:
    return {
        item: None if row.items[item].value is None else Fraction(row.items[item].value or 0) <= term.limit
        for item, term in zip(ITEMS, terms, strict=True)
    }


def percent_change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Return the change [%], None where it cannot be known.

    >>> percent_change(Decimal("33"), Decimal("30"))
    Decimal('10.0')
    """
    if now is None or before is None or not before:
        return None
    share = Fraction(now - before) / Fraction(before) * 100
    return Decimal(round_fraction(share, CHANGE_DECIMALS)).scaleb(-CHANGE_DECIMALS)
