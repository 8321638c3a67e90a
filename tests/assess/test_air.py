"""Evaluation of air: compliance, multiples, composite index, good days, events, trend, ranking."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi import standards
from huanzhi.assess import air, air_ranking, exact
from huanzhi.assess.air import Attainment, PeriodStatistics, Trend
from huanzhi.assess.exact import MISSING
from huanzhi.standards import air as law
from huanzhi.standards.air import ITEMS
from huanzhi.standards.periods import Period

OLD, NEW = standards.standard("HJ 663").editions
LIMITS_OLD, LIMITS_NEW = standards.standard("GB 3095").editions
(RANKING,) = standards.standard("CITY AIR RANKING").editions
DAY = date(2019, 12, 31)
SCALE = (0, 0, 1, 0, 0, 0)
CLEAN = (10, 20, 10, 90, 40, 25)


def year(*rows: tuple[int, ...], days: int = 365) -> np.ndarray:
    """Return constant daily values, shape (f, 6, days); CO in tenths of a mg/m³."""
    return np.repeat(np.array(rows)[:, :, None], days, axis=2)


def statistics(days: np.ndarray, minimum: int = 324, events: object = None) -> PeriodStatistics:
    """Return the statistics of HJ 663-2013."""
    return air.period_statistics(days, SCALE, OLD, minimum, events)


def index_of(found: PeriodStatistics, terms: tuple[law.IndexTerm, ...]) -> air.CompositeIndex:
    """Return the composite index at the decimals of the ranking rule."""
    decimals = RANKING.table("ranking").row("composite_index")["decimals"]
    return air.composite_index(found, terms, decimals)


def test_constant_days_have_their_own_mean_and_percentile() -> None:
    found = statistics(year(CLEAN))
    assert found.decimals == SCALE
    assert found.mean.tolist() == found.percentile.tolist() == [list(CLEAN)]
    assert found.days.tolist() == [[365] * 6]


def test_a_clean_city_attains() -> None:
    found = air.evaluate(statistics(year(CLEAN)), OLD, LIMITS_OLD, DAY)
    assert found.overall.tolist() == [Attainment.ATTAINS]
    assert (found.mean_multiple == MISSING).all()
    assert (found.percentile_multiple == MISSING).all()


def test_the_limit_itself_attains_and_one_above_exceeds() -> None:
    at, above = list(CLEAN), list(CLEAN)
    at[5], above[5] = 35, 36
    found = air.evaluate(statistics(year(tuple(at), tuple(above))), OLD, LIMITS_OLD, DAY)
    assert found.items[:, 5].tolist() == [Attainment.ATTAINS, Attainment.EXCEEDS]
    assert found.mean_multiple[1, 5] == 3
    assert found.percentile_multiple[1, 5] == MISSING


def test_a_percentile_alone_can_exceed() -> None:
    days = year(CLEAN)
    days[0, 5, :30] = 140
    found = air.evaluate(statistics(days), OLD, LIMITS_OLD, DAY)
    assert found.mean_multiple[0, 5] == MISSING
    assert found.percentile_multiple[0, 5] == exact.round_fraction(Fraction(140 - 75, 75), 2)
    assert found.overall.tolist() == [Attainment.EXCEEDS]


def test_a_missing_item_is_not_attained_and_an_exceeding_one_decides() -> None:
    days = year(CLEAN, CLEAN)
    days[:, 3, :50] = MISSING
    days[1, 4] = 200
    found = air.evaluate(statistics(days), OLD, LIMITS_OLD, DAY)
    assert found.items[0, 3] == Attainment.UNKNOWN
    assert found.overall.tolist() == [Attainment.UNKNOWN, Attainment.EXCEEDS]


def test_the_same_city_is_judged_by_the_limits_of_each_phase() -> None:
    row = list(CLEAN)
    row[5] = 28
    stats = statistics(year(tuple(row)))
    verdicts = [
        air.evaluate(stats, OLD, limits, day).items[0, 5]
        for limits, day in (
            (LIMITS_OLD, DAY),
            (LIMITS_NEW, date(2026, 12, 31)),
            (LIMITS_NEW, date(2031, 12, 31)),
        )
    ]
    assert verdicts == [Attainment.ATTAINS, Attainment.ATTAINS, Attainment.EXCEEDS]


def test_class_one_areas_have_stricter_limits() -> None:
    stats = statistics(year(CLEAN))
    assert air.evaluate(stats, OLD, LIMITS_OLD, DAY, "一级").items[0, 5] == Attainment.EXCEEDS


def test_events_are_left_out_of_the_figures_but_stay_valid_days() -> None:
    days = year(CLEAN)
    days[0, 4, :45] = 2000
    events = np.arange(365) < 45
    both = statistics(days), statistics(days, events=events)
    assert both[0].mean[0, 4] == round((40 * 320 + 2000 * 45) / 365)
    assert both[1].mean[0, 4] == 40
    assert both[1].days.tolist() == both[0].days.tolist()
    assert (air.without_days(days, events)[..., :45] == MISSING).all()


def test_a_day_lost_beyond_the_minimum_takes_the_statistic() -> None:
    days = year(CLEAN)
    days[0, 0, :42] = MISSING
    found = statistics(days)
    assert (found.mean[0, 0], found.percentile[0, 0]) == (MISSING, MISSING)
    assert statistics(days, minimum=1).mean[0, 0] == 10


def test_the_composite_index_is_the_exact_sum_rounded_once() -> None:
    terms = law.index_terms(RANKING, LIMITS_OLD, DAY)
    row = (13, 41, 12, 143, 77, 49)
    found = index_of(statistics(year(row)), terms)
    shares = [Fraction(13, 60), Fraction(41, 40), Fraction(12, 40), Fraction(143, 160), Fraction(77, 70)]
    shares.append(Fraction(49, 35))
    assert found.index.tolist() == [exact.round_fraction(sum(shares), 2)]
    assert found.items.tolist() == [[exact.round_fraction(share, 2) for share in shares]]
    assert found.main.tolist() == [[False] * 5 + [True]]


def test_equal_item_indices_are_all_main() -> None:
    found = index_of(statistics(year((60, 40, 40, 160, 70, 35))), law.index_terms(RANKING, LIMITS_OLD, DAY))
    assert found.index.tolist() == [600]
    assert found.main.all()


def test_the_claimed_weights_are_a_preset() -> None:
    terms = law.index_terms(RANKING, LIMITS_NEW, date(2026, 12, 31), "claimed_2026")
    found = index_of(statistics(year((60, 40, 40, 160, 60, 30))), terms)
    assert found.index.tolist() == [1000]
    assert found.items.tolist() == [[100] * 6]


def test_an_index_needs_all_six_items() -> None:
    days = year(CLEAN)
    days[0, 2] = MISSING
    found = index_of(statistics(days), law.index_terms(RANKING, LIMITS_OLD, DAY))
    assert found.index.tolist() == [MISSING]
    assert found.items[0, 2] == MISSING
    assert not found.main[0, 2]


@given(st.lists(st.integers(1, 400), min_size=6, max_size=6), st.sampled_from(["equal", "claimed_2026"]))
def test_the_composite_index_agrees_with_fractions(row: list[int], preset: str) -> None:
    terms = law.index_terms(RANKING, LIMITS_NEW, date(2027, 1, 1), preset)
    found = index_of(statistics(year(tuple(row), days=1), minimum=1), terms)
    values = [Fraction(value, 10**d) for value, d in zip(row, SCALE, strict=True)]
    total = sum(term.weight * value / term.limit for term, value in zip(terms, values, strict=True))
    assert found.index.tolist() == [exact.round_fraction(total, 2)]


def test_good_days_are_counted_among_days_with_an_aqi() -> None:
    rule = law.aqi_rule(standards.edition("HJ 633", "2012"), Period.DAY)
    found = air.good_days([[50, 100, 101, -1], [-1, -1, -1, -1]], rule, OLD)
    assert found.good.tolist() == [2, 0]
    assert found.valid.tolist() == [3, 0]
    assert found.rate.tolist() == [667, MISSING]


def test_attainment_rate_is_by_item_and_daily_limit() -> None:
    days = year(CLEAN, days=4)
    days[0, 5] = [75, 76, MISSING, 10]
    rates = air.attainment_rate(days, SCALE, OLD, LIMITS_OLD, DAY)
    assert rates.tolist() == [[1000, 1000, 1000, 1000, 1000, 667]]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([50, 45, 40, 35, 30], Trend.DOWN),
        ([30, 35, 40, 45, 50], Trend.UP),
        ([30, 35, 40, 50, 45], Trend.NONE),
        ([50, 45, 40, 35, 30, 29], Trend.DOWN),
        ([50, 45, 40, 35], Trend.UNKNOWN),
        ([50, 45, MISSING, 35, 30], Trend.UNKNOWN),
        (list(range(11)), Trend.UNKNOWN),
        ([40] * 5, Trend.NONE),
    ],
)
def test_trend_of_years(values: list[int], wanted: Trend) -> None:
    """With five years the critical value is 0.900: a coefficient of exactly that is no trend."""
    assert air.trend(values, OLD) == wanted


def test_rank_correlation_is_exact() -> None:
    assert air.rank_correlation([30, 35, 40, 50, 45]) == Fraction(9, 10)
    assert air.rank_correlation([1]) is None


@given(st.lists(st.integers(0, 50), min_size=2, max_size=20, unique=True))
def test_rank_correlation_turns_with_time(values: list[int]) -> None:
    assert air.rank_correlation(values) == -air.rank_correlation(values[::-1])


def test_equal_values_share_a_rank_and_the_next_is_left_out() -> None:
    values = [310, 250, MISSING, 250, 400]
    assert air_ranking.rank(values).tolist() == [3, 1, 0, 1, 4]
    assert air_ranking.rank(values, descending=True).tolist() == [2, 3, 0, 3, 1]
    assert air_ranking.rank([]).tolist() == []


@given(st.lists(st.integers(0, 30), max_size=30))
def test_a_rank_counts_those_that_are_better(values: list[int]) -> None:
    ranks = air_ranking.rank(values).tolist()
    assert ranks == [1 + sum(other < value for other in values) for value in values]


def test_improvement_is_relative_to_the_year_before() -> None:
    change = air_ranking.improvement([450, 500, 400, 400, MISSING], [500, 500, 0, MISSING, 400], RANKING)
    assert change.tolist() == [-100, 0, MISSING, MISSING, MISSING]
    assert air_ranking.rank(change).tolist() == [1, 2, 0, 0, 0]


def test_items_are_in_the_order_of_the_law_module() -> None:
    assert [item.value for item in ITEMS] == ["SO2", "NO2", "CO", "O3", "PM10", "PM2.5"]
