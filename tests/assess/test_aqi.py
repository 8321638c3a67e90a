"""AQI: the published test vectors, then properties against the formula in fractions, then edges."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi import standards
from huanzhi.assess.aqi import NONE, OVER_RANGE, Aqi, aqi, aqi_by_day, editions_of, iaqi, items_of
from huanzhi.errors import StandardError
from huanzhi.standards.air import ITEMS, Breakpoints, Item, aqi_rule
from huanzhi.standards.periods import Period

FACTS = Path(__file__).parents[3] / "shared" / "facts" / "standards" / "hj633_aqi.toml"
EDITIONS = {edition.id: edition for edition in standards.standard("HJ 633").editions}
YEARS = st.sampled_from(sorted(EDITIONS))
AVERAGINGS = st.sampled_from([Period.HOUR, Period.DAY])


def one(averaging: Period, year: str, **values: float) -> Aqi:
    """Judge one row given by column names; what is not named is missing."""
    row = [values.get(item.column, np.nan) for item in ITEMS]
    return aqi([row], averaging, EDITIONS[year])


def test_the_test_vectors_of_the_facts() -> None:
    if not FACTS.exists():
        pytest.skip("the facts are not beside the checkout")
    for vector in tomllib.loads(FACTS.read_text(encoding="utf-8"))["test_vector"]:
        averaging = Period.HOUR if vector["mode"] == "realtime" else Period.DAY
        item = next(item for item in ITEMS if item.column == vector["item"])
        found = iaqi([vector["c"]], item, averaging, EDITIONS[vector["edition"]])
        assert found.tolist() == [vector["iaqi"]], vector


@pytest.mark.parametrize(
    ("year", "item", "averaging", "value", "wanted"),
    [
        ("2026", Item.PM25, Period.HOUR, 36, 52),
        ("2026", Item.PM25, Period.DAY, 47.6, 76),
        ("2026", Item.SO2, Period.HOUR, 801, 200),
        ("2026", Item.O3, Period.DAY, 801, 300),
        ("2026", Item.SO2, Period.DAY, 100, 75),
        ("2012", Item.PM25, Period.DAY, 120, 158),
        ("2012", Item.SO2, Period.HOUR, 801, OVER_RANGE),
        ("2012", Item.O3, Period.DAY, 801, OVER_RANGE),
        ("2012", Item.SO2, Period.HOUR, 800, 200),
        ("2012", Item.CO, Period.HOUR, 4.207, 43),
        ("2026", Item.CO, Period.HOUR, 4.207, 42),
        ("2012", Item.PM10, Period.HOUR, 601, 500),
        ("2012", Item.PM10, Period.HOUR, 1e300, 500),
        ("2012", Item.PM10, Period.DAY, 0, 0),
        ("2026", Item.PM10, Period.DAY, 120, 100),
        ("2012", Item.PM10, Period.DAY, 150, 100),
        ("2012", Item.PM10, Period.DAY, np.nan, NONE),
        ("2012", Item.PM10, Period.DAY, np.inf, NONE),
        ("2012", Item.PM10, Period.DAY, -1, NONE),
        ("2012", Item.PM10, Period.DAY, -0.4, 0),
    ],
)
def test_individual_indices(year: str, item: Item, averaging: Period, value: float, wanted: int) -> None:
    assert iaqi([value], item, averaging, EDITIONS[year]).tolist() == [wanted]


def by_hand(row: Breakpoints, value: Decimal) -> int:
    """Apply the printed formula in fractions."""
    rounded = round(Fraction(value) * 10**row.decimals)
    for k in range(1, len(row.indices)):
        low, high = row.concentrations[k - 1], row.concentrations[k]
        if rounded <= high:
            rise = Fraction(row.indices[k] - row.indices[k - 1], high - low)
            return ceil(rise * (rounded - low) + row.indices[k - 1])
    return row.indices[-1] if row.capped else OVER_RANGE


@given(YEARS, AVERAGINGS, st.sampled_from(ITEMS), st.decimals(0, 4000, places=4))
def test_every_index_is_the_printed_formula(year: str, averaging: Period, item: Item, value: Decimal) -> None:
    row = aqi_rule(EDITIONS[year], averaging).row(item)
    assert iaqi([float(value)], item, averaging, EDITIONS[year])[0] == by_hand(row, value)


@pytest.mark.parametrize("year", sorted(EDITIONS))
@pytest.mark.parametrize("averaging", [Period.HOUR, Period.DAY])
def test_every_whole_concentration_and_every_tie(year: str, averaging: Period) -> None:
    for row in aqi_rule(EDITIONS[year], averaging).rows:
        values = [Decimal(n) / 2 for n in range(2 * row.concentrations[-1] // 10**row.decimals + 9)]
        found = iaqi([float(v) for v in values], row.item, averaging, EDITIONS[year])
        assert found.tolist() == [by_hand(row, value) for value in values]


@given(YEARS, AVERAGINGS, st.lists(st.floats(0, 700), min_size=6, max_size=6))
def test_the_aqi_is_the_largest_index_and_its_level_holds_it(
    year: str, averaging: Period, row: list[float]
) -> None:
    found = aqi([row], averaging, EDITIONS[year])
    highest = int(found.iaqi[0].max())
    assert found.aqi[0] == highest
    level = aqi_rule(EDITIONS[year], averaging).levels[int(found.level[0]) - 1]
    assert level.lowest <= highest <= level.highest
    named = items_of(int(found.primary[0]))
    largest = tuple(item for item, value in zip(ITEMS, found.iaqi[0], strict=True) if value == highest)
    assert named == (largest if highest > 50 else ())


@given(YEARS, st.integers(0, 30000), st.data())
def test_chunks_do_not_matter(year: str, n: int, data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    n = min(n, 9000)
    values = rng.gamma(2, 40, (n, 6))
    whole = aqi(values, Period.HOUR, EDITIONS[year])
    cut = n // 3
    parts = [aqi(part, Period.HOUR, EDITIONS[year]) for part in (values[:cut], values[cut:])]
    assert np.array_equal(whole.aqi, np.concatenate([part.aqi for part in parts]))
    assert np.array_equal(whole.iaqi, np.concatenate([part.iaqi for part in parts]))


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("n", [1, 2, 9000])
def test_the_input_stays_as_it_was(order: str, n: int) -> None:
    values = np.asarray(np.random.default_rng(n).gamma(2, 40, (n, 6)), order=order)
    before = values.copy()
    aqi(values, Period.HOUR, EDITIONS["2012"], instead=values)
    assert np.array_equal(values, before)


def test_ties_are_all_primary_in_the_order_of_the_items() -> None:
    found = one(Period.DAY, "2026", so2=50, no2=80, co=4, o3=160, pm10=120, pm25=60)
    assert found.aqi[0] == 100
    assert items_of(int(found.primary[0])) == (Item.NO2, Item.CO, Item.O3, Item.PM10, Item.PM25)


def test_no_primary_at_fifty_and_one_at_fifty_one() -> None:
    rest = dict.fromkeys(("so2", "no2", "co", "o3", "pm10"), 0.0)
    assert one(Period.DAY, "2026", **rest, pm25=35).primary[0] == 0
    assert items_of(int(one(Period.DAY, "2026", **rest, pm25=35.6).primary[0])) == (Item.PM25,)


def test_2012_gives_the_aqi_with_an_item_missing_and_names_it() -> None:
    found = one(Period.HOUR, "2012", pm25=70)
    assert (found.aqi[0], found.level[0]) == (94, 2)
    assert items_of(int(found.missing[0])) == (Item.SO2, Item.NO2, Item.CO, Item.O3, Item.PM10)


@pytest.mark.parametrize(("pm25", "wanted"), [(60, NONE), (61, 101)])
def test_2026_gives_it_only_above_one_hundred(pm25: float, wanted: int) -> None:
    found = one(Period.HOUR, "2026", pm25=pm25)
    assert found.aqi[0] == wanted
    assert found.iaqi[0, 5] >= 100
    assert (found.level[0] == 0) == (wanted == NONE)
    assert found.primary[0] == (0 if wanted == NONE else 32)


def test_2026_does_not_miss_an_item_outside_the_plan() -> None:
    row = [[10, 20, np.nan, 50, 40, 30]]
    assert aqi(row, Period.HOUR, EDITIONS["2026"]).aqi[0] == NONE
    assert aqi(row, Period.HOUR, EDITIONS["2026"], outside_plan=[Item.CO]).aqi[0] == 43


def test_nothing_measured_gives_nothing() -> None:
    for year in EDITIONS:
        found = one(Period.DAY, year)
        assert (found.aqi[0], found.level[0], found.primary[0], found.missing[0]) == (NONE, 0, 0, 63)


def test_2012_withholds_what_an_item_over_range_may_exceed() -> None:
    rest = {"no2": 20.0, "co": 1.0, "o3": 40.0, "pm10": 40.0}
    assert one(Period.HOUR, "2012", so2=900, pm25=30, **rest).aqi[0] == NONE
    assert one(Period.HOUR, "2012", so2=900, pm25=160, **rest).aqi[0] == 210
    assert one(Period.HOUR, "2026", so2=900, pm25=30, **rest).aqi[0] == 200


def test_2012_judges_an_item_over_range_by_its_other_averaging_time() -> None:
    """SO2 of 900 in an hour: by its 24 h mean; ozone of 801 in 8 h: by its highest hour."""
    hour = [[900, 20, 1, 40, 40, 30]] * 3
    found = aqi(hour, Period.HOUR, EDITIONS["2012"], instead=[[475] + [1] * 5, [50] + [1] * 5, [np.nan] * 6])
    assert found.aqi.tolist() == [150, 50, NONE]
    assert found.replaced.tolist() == [1, 1, 0]
    days = np.array(["2020-01-01"], dtype="datetime64[D]")
    eight = [[10, 20, 1, 801, 40, 30]]
    found, _ = aqi_by_day(eight, days, Period.DAY, instead=[[1, 1, 1, 1000, 1, 1]])
    assert (found.aqi[0], items_of(int(found.primary[0]))) == (400, (Item.O3,))
    assert aqi(eight, Period.DAY, EDITIONS["2026"], instead=[[1, 1, 1, 1000, 1, 1]]).aqi[0] == 300


def test_rows_are_judged_by_the_edition_of_their_own_day() -> None:
    rows = [[10, 20, 0.8, 50, 100, 70]] * 4
    days = np.array(["2012-12-31", "2014-05-01", "2026-02-28", "2026-03-01"], dtype="datetime64[D]")
    found, places = aqi_by_day(rows, days, Period.HOUR)
    assert found.aqi.tolist() == [NONE, 94, 94, 110]
    assert places.tolist() == [-1, 0, 0, 1]
    found, places = aqi_by_day(rows, days, Period.HOUR, early=False)
    assert places.tolist() == [-1, -1, 0, 1]


@given(st.dates(date(2013, 1, 1), date(2035, 1, 1)))
def test_the_vector_choice_of_edition_agrees_with_in_force(day: date) -> None:
    place = int(editions_of([day], "HJ 633")[0])
    chosen = standards.in_force("HJ 633", day, early=True)
    assert standards.standard("HJ 633").editions[place] == chosen


def test_an_unknown_day_is_judged_by_no_edition() -> None:
    assert editions_of(np.array(["NaT"], dtype="datetime64[D]"), "HJ 633").tolist() == [-1]


def test_no_rows_give_no_rows() -> None:
    found, places = aqi_by_day(np.zeros((0, 6)), np.zeros(0, dtype="datetime64[D]"), Period.DAY)
    assert len(found.aqi) == len(places) == 0


def test_a_month_has_no_aqi() -> None:
    with pytest.raises(StandardError):
        aqi(np.zeros((1, 6)), Period.MONTH, EDITIONS["2026"])


def test_the_phases_of_the_limits_do_not_change_the_index() -> None:
    rows = np.random.default_rng(0).gamma(2, 40, (50, 6))
    first = date(2030, 12, 31)
    results = [aqi_by_day(rows, [first + timedelta(days=d)] * 50, Period.DAY)[0].aqi for d in (0, 1)]
    assert np.array_equal(*results)
