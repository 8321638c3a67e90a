"""City rankings: the index by hand, ties, who is left out and why, improvement, published days."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from huanzhi import standards
from huanzhi.library.series import Feature, Store
from huanzhi.network.feeds.reading import Reading
from huanzhi.network.feeds.registry import read_file
from huanzhi.programmes.air_cities import city_key, evaluation_edition, read_cities, stretches
from huanzhi.programmes.rankings import rank_air
from huanzhi.programmes.rankings.air import requirements, rules_of
from huanzhi.programmes.rankings.tables import air_note, air_payload, air_table
from huanzhi.programmes.spans import parse_span
from huanzhi.standards.air import ITEMS, Item, statistics

AT_LIMITS = {"so2": (60, 0), "no2": (40, 0), "co": (40, 1), "o3": (160, 0), "pm10": (70, 0), "pm25": (35, 0)}
CITY_DAYS = Path(__file__).parents[4] / "shared" / "data" / "city_daily_aqi" / "open" / "city_daily.csv.gz"
COLUMNS = ("so2", "no2", "pm10", "pm2_5", "co", "o3_8h")
FEBRUARY = parse_span("2017-02")
FIRST = date(2017, 2, 1)


def city(name: str, simulated: bool = False) -> Feature:
    return Feature(f"city:{name}", name, "city", region=name, simulated=simulated)


def station(code: str, region: str, **attributes: Any) -> Feature:
    return Feature(code, code, "air_station", region=region, attributes=attributes)


def test_a_city_at_all_limits_has_index_six(put: Any, rows: Any) -> None:
    store = put([city("甲市")], rows.days("city:甲市", FIRST, 28, AT_LIMITS))
    found = rank_air(store, FEBRUARY).rows[0]
    assert found.index == Decimal("6.00") and found.rank == 1
    assert set(found.main) == set(ITEMS)
    assert all(one.index == 1 for one in found.items.values())


def test_equal_indices_share_the_rank_and_the_next_is_left_out(put: Any, rows: Any) -> None:
    worse = {**AT_LIMITS, "pm25": (70, 0)}
    data = [
        *rows.days("city:甲市", FIRST, 28, AT_LIMITS),
        *rows.days("city:乙市", FIRST, 28, AT_LIMITS),
        *rows.days("city:丙市", FIRST, 28, worse),
    ]
    found = rank_air(put([city("甲市"), city("乙市"), city("丙市")], data), FEBRUARY)
    assert [(row.name, row.rank) for row in found.rows] == [("乙市", 1), ("甲市", 1), ("丙市", 3)]
    assert found.rows[2].main == (Item.PM25,)


def test_too_few_days_leave_a_city_out_with_the_reason(put: Any, rows: Any) -> None:
    store = put([city("甲市")], rows.days("city:甲市", FIRST, 24, AT_LIMITS))
    found = rank_air(store, FEBRUARY)
    assert found.rows[0].rank is None and found.rows[0].index is None
    assert "24" in found.rows[0].reasons[0] and "25" in found.rows[0].reasons[0]
    assert "甲市未参加排名" in air_note(found)


def test_a_missing_pollutant_leaves_a_city_out(put: Any, rows: Any) -> None:
    values = {name: value for name, value in AT_LIMITS.items() if name != "co"}
    found = rank_air(put([city("甲市")], rows.days("city:甲市", FIRST, 28, values)), FEBRUARY).rows[0]
    assert found.rank is None and found.reasons == ("CO 有效日均值 0 天，要求 25 天",)


def test_a_city_without_any_day_is_named_and_not_listed(put: Any, rows: Any) -> None:
    store = put([city("甲市"), city("乙市")], rows.days("city:甲市", FIRST, 28, AT_LIMITS))
    found = rank_air(store, FEBRUARY)
    assert [row.name for row in found.rows] == ["甲市"] and found.silent == ("乙市",)


def test_improvement_is_judged_by_the_limits_of_this_year(put: Any, rows: Any) -> None:
    data = [
        *rows.days("city:甲市", FIRST, 28, AT_LIMITS),
        *rows.days("city:甲市", date(2016, 2, 1), 29, {**AT_LIMITS, "pm25": (70, 0)}),
    ]
    found = rank_air(put([city("甲市")], data), FEBRUARY, improvement=True).rows[0]
    assert (found.before, found.change, found.change_rank) == (Decimal("7.00"), Decimal("-14.3"), 1)


def test_station_hours_become_city_days(put: Any, rows: Any) -> None:
    data = [
        *rows.hours("A", FIRST, 24 * 28, AT_LIMITS),
        *rows.hours("B", FIRST, 24 * 28, {**AT_LIMITS, "pm25": (45, 0)}),
    ]
    found = rank_air(put([station("A", "甲市"), station("B", "甲市")], data), FEBRUARY).rows[0]
    assert found.days.source == "stations" and found.days.points == 2
    assert found.items[Item.PM25].value == 40


def test_a_day_of_nineteen_hours_is_not_valid(put: Any, rows: Any) -> None:
    store = put([station("A", "甲市")], rows.hours("A", FIRST, 24 * 27 + 19, AT_LIMITS))
    found = read_cities(store, FEBRUARY)[0]
    assert (found.item(Item.PM25)[0][:27] == 35).all() and found.item(Item.PM25)[0][27] < 0


def test_too_few_points_make_no_city_day(put: Any, rows: Any) -> None:
    codes = ["A", "B", "C", "D", "E"]
    data = [one for code in codes[:3] for one in rows.hours(code, FIRST, 24, AT_LIMITS)]
    later = [one for code in codes[3:] for one in rows.hours(code, date(2017, 2, 9), 24, AT_LIMITS)]
    store = put([station(code, "甲市") for code in codes], [*data, *later])
    assert read_cities(store, FEBRUARY)[0].valid_days == 0


def test_control_points_do_not_count(put: Any, rows: Any) -> None:
    data = [
        *rows.hours("A", FIRST, 24, AT_LIMITS),
        *rows.hours("B", FIRST, 24, {**AT_LIMITS, "pm25": (5, 0)}),
    ]
    store = put([station("A", "甲市"), station("B", "甲市", control=True)], data)
    found = read_cities(store, FEBRUARY)[0]
    assert found.points == 1 and found.item(Item.PM25)[0][0] == 35


def test_points_silent_all_month_do_not_count_and_are_named(put: Any, rows: Any) -> None:
    codes = ["A", "B", "C", "D", "E"]
    data = [one for code in codes[:3] for one in rows.hours(code, FIRST, 24 * 28, AT_LIMITS)]
    earlier = rows.hours("D", date(2017, 1, 1), 24, AT_LIMITS)
    store = put([station(code, "甲市") for code in codes], [*data, *earlier])
    ranking = rank_air(store, FEBRUARY)
    (found,) = ranking.rows
    assert (found.days.points, found.days.valid_days, found.rank) == (3, 28, 1)
    assert [point.code for point in found.days.silent] == ["D", "E"]
    assert "不计入点位数：D (D)、E (E)。" in air_note(ranking)
    assert air_payload(ranking)["rows"][0]["silent_points"] == ["D", "E"]


def test_a_point_heard_in_the_month_counts_on_its_silent_days(put: Any, rows: Any) -> None:
    data = [one for code in "ABCDE" for one in rows.hours(code, FIRST, 24, AT_LIMITS)]
    more = [one for code in "AB" for one in rows.hours(code, date(2017, 2, 2), 24, AT_LIMITS)]
    store = put([station(code, "甲市") for code in "ABCDE"], [*data, *more])
    (found,) = read_cities(store, parse_span("2017-02-02"))
    assert (found.points, found.valid_days) == (5, 0)


def test_cities_stand_in_one_spelling(put: Any, rows: Any) -> None:
    data = [one for name in ("甲市", "乙") for one in rows.days(f"city:{name}", FIRST, 28, AT_LIMITS)]
    store = put([city("甲市"), city("乙")], data)
    assert {row.name for row in rank_air(store, FEBRUARY).rows} == {"甲", "乙"}
    assert rank_air(store, FEBRUARY, region="甲市").rows[0].name == "甲"


def test_published_days_are_taken_where_stations_have_fewer(put: Any, rows: Any) -> None:
    data = [
        *rows.hours("A", FIRST, 24 * 3, AT_LIMITS),
        *rows.days("city:甲", FIRST, 28, {**AT_LIMITS, "pm25": (20, 0)}),
    ]
    store = put([station("A", "甲市"), city("甲")], data)
    assert rank_air(store, FEBRUARY).rows[0].days.source == "published"
    assert rank_air(store, FEBRUARY, source="stations").rows[0].days.valid_days == 3
    assert rank_air(store, FEBRUARY).rows[0].name == "甲市"


def test_named_edition_changes_the_limits(put: Any, rows: Any) -> None:
    store = put([city("甲市")], rows.days("city:甲市", FIRST, 28, AT_LIMITS))
    strict = rank_air(store, FEBRUARY, edition="2026").rows[0]
    assert strict.items[Item.PM25].index == Decimal("1.17")


def test_published_days_of_a_real_month_give_the_index_of_plain_arithmetic(put: Any) -> None:
    """Haikou in May 2017, reckoned here with fractions from the table itself."""
    if not CITY_DAYS.exists():
        pytest.skip("real data are not beside the checkout: city_daily_aqi")
    reading = read_file(CITY_DAYS)
    found = rank_air(put_reading(put, reading), parse_span("2017-05"))
    row = next(one for one in found.rows if one.name.startswith("海口"))
    with gzip.open(CITY_DAYS, "rt", encoding="utf-8") as stream:
        lines = [
            r for r in csv.DictReader(stream) if r["city"].startswith("海口") and r["date"][:7] == "2017-05"
        ]
    days = {line["date"]: line for line in sorted(lines, key=lambda line: line["era"] == "exact")}
    series = {name: [Fraction(day[name]) for day in days.values()] for name in COLUMNS}
    total = sum(
        Fraction(round(sum(series[name]) / len(days)), limit)
        for name, limit in (("so2", 60), ("no2", 40), ("pm10", 70), ("pm2_5", 35))
    )
    total += Fraction(round(percentile(series["co"], 95) * 10), 40)
    total += Fraction(round(percentile(series["o3_8h"], 90)), 160)
    assert len(days) == 31 and row.index == Decimal(round(total * 100)) / 100


def percentile(values: list[Fraction], percent: int) -> Fraction:
    ordered = sorted(values)
    place, rest = divmod((len(ordered) - 1) * percent, 100)
    high = ordered[min(place + 1, len(ordered) - 1)]
    return ordered[place] + (high - ordered[place]) * Fraction(rest, 100)


def put_reading(put: Any, reading: Reading) -> Store:
    return put(list(reading.features), reading.table.to_pylist())


def test_weights_in_conflict_are_an_option_and_a_caution(put: Any, rows: Any) -> None:
    store = put([city("甲市")], rows.days("city:甲市", FIRST, 28, AT_LIMITS))
    found = rank_air(store, FEBRUARY, preset="claimed_2026")
    assert found.rows[0].index == Decimal("10.00")
    assert any("来源冲突" in caution for caution in air_payload(found)["cautions"])


def test_percentiles_of_the_index_are_those_of_the_evaluation() -> None:
    for day in (date(2020, 1, 31), date(2026, 3, 31)):
        rules = rules_of(parse_span(f"{day:%Y-%m}"))
        told = statistics(rules.evaluation)
        assert all(t.percentile in (None, told[t.item].percentile) for t in rules.terms)


@pytest.mark.parametrize(
    ("span", "needed"),
    [
        ("2017-02", [25]),
        ("2017-03", [27]),
        ("2017", [324]),
        ("2017Q1", [27, 25, 27]),
        ("2017-02-01..2017-02-10", [1]),
    ],
)
def test_days_that_a_span_needs(span: str, needed: list[int]) -> None:
    parts = requirements(parse_span(span), standards.edition("HJ 663", "2013"))
    assert [part[2] for part in parts] == needed
    assert parts[0][0] == 0 and parts[-1][1] == parse_span(span).days


def test_a_span_over_the_change_of_editions_is_cut_there() -> None:
    parts = stretches(parse_span("2026-02-20..2026-03-05"))
    assert [(one.first, one.last, one.edition.id) for one in parts] == [(0, 8, "2013"), (9, 13, "2026")]


def test_editions_that_belong_together() -> None:
    assert evaluation_edition("2012") == "2013" and evaluation_edition("2026") == "2026"


def test_a_city_is_known_with_and_without_its_ending() -> None:
    assert city_key("北京市") == city_key("北京") == "北京"


def test_the_town_is_ranked_from_stations_and_published_days(town: Store) -> None:
    found = rank_air(town, parse_span("2026-03"), improvement=True)
    assert found.simulated and [row.rank for row in found.rows] == [1, 2, 3, 4]
    assert {row.name: row.days.source for row in found.rows}["模拟丁市"] == "published"
    assert len(found.by_improvement()) == 4
    assert len(air_table(found).rows) == 4 and len(air_table(found).columns) == 12
