"""Air figures of a status report: days by level, good-day rate, six pollutants, primary pollutants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np

from huanzhi import standards
from huanzhi.assess import exact
from huanzhi.assess.air import PeriodStatistics, good_days
from huanzhi.assess.aqi import Aqi, aqi, aqi_by_day, items_of
from huanzhi.assess.exact import MISSING
from huanzhi.library.series import Store
from huanzhi.programmes.air_cities import AUTO, CityDays, Naming, day_starts, read_cities
from huanzhi.programmes.rankings.air import AirRanking, Rules, judge_cities, number, rank_air, rules_of
from huanzhi.programmes.spans import Span
from huanzhi.standards.air import ITEMS, AqiRule, Item, Level, aqi_rule, limit
from huanzhi.standards.periods import Period

RATE_DECIMALS = 1


@dataclass(frozen=True, slots=True)
class DayRates:
    """Days of one city or of all together: by level, good, valid, and primary pollutants."""

    valid: int
    good: int
    rate: Decimal | None
    levels: Mapping[int, int]
    primary: Mapping[Item, int]


@dataclass(frozen=True, slots=True)
class CityAir:
    """One city of the region."""

    days: CityDays
    aqi: Aqi
    rates: DayRates


@dataclass(frozen=True, slots=True)
class Pollutant:
    """One pollutant of the region: the mean over its cities of their statistic.

    Attributes
    ----------
    percent : int or None
        Percentile, None for a mean.
    value, before, change : Decimal or None
        Now, in the same span last year, and the change [%].
    limit : Decimal
        Limit of class 2 that the ranking rule divides by.
    within : bool or None
        Whether the value keeps the limit; None where there is no value.
    """

    item: Item
    percent: int | None
    value: Decimal | None
    before: Decimal | None
    change: Decimal | None
    limit: Decimal
    within: bool | None


@dataclass(frozen=True, slots=True)
class AirFigures:
    """Air of a region over a span."""

    cities: tuple[CityAir, ...]
    rates: DayRates
    before: DayRates | None
    pollutants: tuple[Pollutant, ...]
    without_events: tuple[Pollutant, ...]
    ranking: AirRanking
    levels: tuple[Level, ...]
    rules: Rules
    daily: tuple[Decimal | None, ...]
    daily_before: tuple[Decimal | None, ...]
    daily_limits: tuple[Decimal, ...]


def air_figures(
    store: Store,
    span: Span,
    region: str | None,
    *,
    edition: str = AUTO,
    events: Sequence[date] = (),
    naming: Naming | None = None,
) -> AirFigures | None:
    """Return the air figures of a region, None where no city has a valid day in the span.

    Parameters
    ----------
    naming : callable, optional
        Names the region that each place counts for; the cities of the store do otherwise.
    events : sequence of date
        Days of exceptional events 例外事件; figures are given with and without them.
    """
    cities = _with_days(read_cities(store, span, edition=edition, region=region, naming=naming))
    if not cities:
        return None
    earlier = span.year_before()
    former = _with_days(read_cities(store, earlier, region=region, naming=naming))
    rules = rules_of(span, edition)
    now, before = _statistics(cities, span, rules), _statistics(former, earlier, rules)
    judged = tuple(judge_city(city, span, edition) for city in cities)
    past = tuple(judge_city(city, earlier, AUTO) for city in former)
    level_rule = aqi_rule(_index_edition(span.last, edition), Period.DAY)
    return AirFigures(
        cities=judged,
        rates=_together(judged),
        before=_together(past) if past else None,
        pollutants=_pollutants(now, before, rules, span.last),
        without_events=_pollutants(
            _statistics(_without(cities, span, events), span, rules), None, rules, span.last
        )
        if events
        else (),
        ranking=rank_air(store, span, edition=edition, region=region, improvement=True, naming=naming),
        levels=level_rule.levels,
        rules=rules,
        daily=_daily_mean(cities, span, rules),
        daily_before=_daily_mean(former, earlier, rules) if former else (),
        daily_limits=_daily_limits(span, edition),
    )


def _with_days(cities: Sequence[CityDays]) -> tuple[CityDays, ...]:
    return tuple(city for city in cities if city.valid_days)


def _index_edition(day: date, edition: str) -> standards.Edition:
    if edition != AUTO:
        return standards.edition("HJ 633", edition)
    return standards.in_force("HJ 633", day, early=True)


def judge_city(city: CityDays, span: Span, edition: str = AUTO) -> CityAir:
    """Judge the days of a city by the edition of each day, or by the one that is named."""
    values = city.concentrations()
    if edition == AUTO:
        judged, _ = aqi_by_day(values, day_starts(span), Period.DAY)
    else:
        judged = aqi(values, Period.DAY, standards.edition("HJ 633", edition))
    rule = aqi_rule(_index_edition(span.last, edition), Period.DAY)
    return CityAir(city, judged, day_rates([judged], rule, rules_of(span, edition)))


def day_rates(judged: Sequence[Aqi], rule: AqiRule, rules: Rules) -> DayRates:
    """Count the days of one or several cities; the rate is that of all their days together."""
    index = np.concatenate([one.aqi for one in judged])
    level = np.concatenate([one.level for one in judged])
    bits = np.concatenate([one.primary for one in judged])
    found = good_days(index[None, :], rule, rules.evaluation)
    decimals = rules.evaluation.table("decimals").row("attainment_rate")["statistic"]
    named = [item for one in bits.tolist() for item in items_of(one)]
    return DayRates(
        valid=int(found.valid[0]),
        good=int(found.good[0]),
        rate=number(found.rate[0], decimals),
        levels={one.number: int((level == one.number).sum()) for one in rule.levels},
        primary={item: named.count(item) for item in ITEMS if item in named},
    )


def _together(cities: Sequence[CityAir]) -> DayRates:
    """Add up the days of cities."""
    valid = sum(city.rates.valid for city in cities)
    good = sum(city.rates.good for city in cities)
    levels: dict[int, int] = {}
    primary: dict[Item, int] = {}
    for city in cities:
        for level, days in city.rates.levels.items():
            levels[level] = levels.get(level, 0) + days
        for item, days in city.rates.primary.items():
            primary[item] = primary.get(item, 0) + days
    rate = number(int(exact.ratio(good * 100, valid, 0, RATE_DECIMALS)), RATE_DECIMALS)
    return DayRates(valid, good, rate, levels, {item: primary[item] for item in ITEMS if item in primary})


def _statistics(cities: Sequence[CityDays], span: Span, rules: Rules) -> PeriodStatistics | None:
    return judge_cities(cities, span, rules)[0] if cities else None


def _pollutants(
    now: PeriodStatistics | None, before: PeriodStatistics | None, rules: Rules, day: date
) -> tuple[Pollutant, ...]:
    return tuple(_pollutant(place, now, before, rules) for place in range(len(ITEMS)))


def _pollutant(
    place: int, now: PeriodStatistics | None, before: PeriodStatistics | None, rules: Rules
) -> Pollutant:
    term = rules.terms[place]
    value, former = (_over_cities(place, found, term.percentile) for found in (now, before))
    bound = Decimal(term.limit.numerator) / Decimal(term.limit.denominator)
    change = None
    if value is not None and former:
        change = _rounded(Fraction(value - former) / Fraction(former) * 100, RATE_DECIMALS)
    within = None if value is None else value <= bound
    return Pollutant(ITEMS[place], term.percentile, value, former, change, bound, within)


def _over_cities(place: int, found: PeriodStatistics | None, percent: int | None) -> Decimal | None:
    """Return the mean of the cities' statistics, at the decimals of the statistic."""
    if found is None:
        return None
    values = (found.mean if percent is None else found.percentile)[:, place]
    decimals = found.decimals[place]
    return number(int(exact.mean(values, decimals, decimals)), decimals)


def _rounded(value: Fraction, decimals: int) -> Decimal:
    return Decimal(exact.round_fraction(value, decimals)).scaleb(-decimals)


def _without(cities: Sequence[CityDays], span: Span, events: Sequence[date]) -> tuple[CityDays, ...]:
    """Take the days of events out of the figures of every city."""
    out = np.isin(day_starts(span), np.array(list(events), dtype="datetime64[D]"))
    return tuple(replace(city, units=np.where(out, MISSING, city.units)) for city in cities)


def _daily_mean(cities: Sequence[CityDays], span: Span, rules: Rules) -> tuple[Decimal | None, ...]:
    """Return the PM2.5 of every day: the mean of the cities."""
    rows = [city.item(Item.PM25) for city in cities]
    finest = max(decimals for _, decimals in rows)
    table = np.stack([exact.rescale(units, decimals, finest) for units, decimals in rows])
    means = exact.mean(table, finest, finest, axis=0)
    return tuple(number(int(units), finest) for units in means)


def _daily_limits(span: Span, edition: str) -> tuple[Decimal, ...]:
    """Return the daily limit of PM2.5 of class 2 on every day, by the edition in force on it."""
    days = [span.first + timedelta(days=place) for place in range(span.days)]
    found = []
    for day in days:
        if edition == AUTO:
            limits = standards.in_force("GB 3095", day, early=True)
        else:
            limits = standards.edition("GB 3095", edition)
        found.append(limit(limits, Item.PM25, Period.DAY, max(day, limits.interval.start)))
    return tuple(found)
