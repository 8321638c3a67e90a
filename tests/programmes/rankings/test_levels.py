"""Rankings of any level: ties that only rounding makes, months together, editions, both media, bulletins."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.publications.content import changes, document_of, plain
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import Feature
from huanzhi.programmes.rankings import rank_air, rank_water
from huanzhi.programmes.rankings.air import requirements, rules_of
from huanzhi.programmes.rankings.bulletins import Asked, bulletin, content, lines
from huanzhi.programmes.rankings.composite import rank_composite
from huanzhi.programmes.rankings.places import beginning, naming
from huanzhi.programmes.spans import parse_span

pytestmark = pytest.mark.django_db
AT_LIMITS = {"so2": (60, 0), "no2": (40, 0), "co": (40, 1), "o3": (160, 0), "pm10": (70, 0), "pm25": (35, 0)}
FEBRUARY, FIRST = parse_span("2017-02"), date(2017, 2, 1)
NEARLY = {**AT_LIMITS, "no2": (41, 0), "pm10": (68, 0)}
"""6 + 1/40 − 2/70 = 5.9964…: published as 6.00, like 6 itself."""


def station(code: str, region_code: str = "", **attributes: Any) -> Feature:
    return Feature(code, code, "air_station", region="甲市", region_code=region_code, attributes=attributes)


def city(name: str) -> Feature:
    return Feature(f"city:{name}", name, "city", region=name)


@pytest.fixture
def tree() -> None:
    save(SYSTEM, Region(code="990001", name="甲市", level="city"))
    for code, name in (("990011", "东区"), ("990012", "西区")):
        save(SYSTEM, Region(code=code, name=name, level="county", parent_id="990001"))
        save(SYSTEM, Region(code=f"{code}001", name="城关镇", level="township", parent_id=code))


def test_a_tie_that_only_rounding_makes_is_a_tie_unless_exact_ranks_are_asked(put: Any, rows: Any) -> None:
    data = [*rows.days("city:甲市", FIRST, 28, AT_LIMITS), *rows.days("city:乙市", FIRST, 28, NEARLY)]
    store = put([city("甲市"), city("乙市")], data)
    published = rank_air(store, FEBRUARY)
    assert [(row.name, row.rank, row.index) for row in published.rows] == [
        ("乙市", 1, Decimal("6.00")),
        ("甲市", 1, Decimal("6.00")),
    ]
    exact = rank_air(store, FEBRUARY, ranked_on="exact")
    assert [(row.name, row.rank, row.index) for row in exact.rows] == [
        ("乙市", 1, Decimal("6.00")),
        ("甲市", 2, Decimal("6.00")),
    ]


def test_after_a_tie_of_two_the_next_rank_is_left_out_in_the_bulletin_and_it_says_so(
    put: Any, rows: Any
) -> None:
    worse = {**AT_LIMITS, "pm25": (70, 0)}
    data = [
        *rows.days("city:甲市", FIRST, 28, AT_LIMITS),
        *rows.days("city:乙市", FIRST, 28, NEARLY),
        *rows.days("city:丙市", FIRST, 28, worse),
        *rows.days("city:丁市", FIRST, 20, worse),
    ]
    store = put([city(name) for name in ("甲市", "乙市", "丙市", "丁市")], data)
    asked = Asked("air", "2017-02", "city", area="某省")
    found = rank_air(store, FEBRUARY, improvement=True)
    made = bulletin(found, asked, date(2017, 3, 5), "某局")
    order, unranked = (next(one for one in made.tables() if one.key == key) for key in ("order", "unranked"))
    assert [row[:2] for row in order.rows] == [(1, "乙市"), (1, "甲市"), (3, "丙市")]
    assert "第 1 名 乙市、甲市" in order.note
    assert unranked.rows[0][0] == "丁市" and "要求 25 天" in str(unranked.rows[0][2])
    told = " ".join(block.text for block in made.blocks if hasattr(block, "text"))
    assert "1、1、3" in told and "GB/T 8170" in told and "环办监测〔2018〕19号" in told
    assert "缺少上年同期可比数据" in told and made.title == "某省2017年2月环境空气质量排名通报"


def test_a_snapshot_gives_the_same_document_again(put: Any, rows: Any) -> None:
    store = put([city("甲市")], rows.days("city:甲市", FIRST, 28, AT_LIMITS))
    made = content(store, Asked("air", "2017-02", "city"), date(2017, 3, 5))
    for each in ("zh", "en"):
        assert plain(document_of(made, each)) == made[each]
    assert made["data"]["rows"][0]["value"] == "6.00"
    other = {**made["zh"], "title": "改"}
    assert changes(made["zh"], made["zh"]) == []
    assert changes(made["zh"], other) == [{"where": "title", "was": made["zh"]["title"], "is": "改"}]


def test_months_together_need_the_days_of_each_month(put: Any, rows: Any) -> None:
    span = parse_span("2017-01..2017-02")
    assert (span.code(), span.days, span.year_before().code()) == ("2017-01..2017-02", 59, "2016-01..2016-02")
    evaluation = rules_of(span).evaluation
    assert [(low, high) for low, high, _ in requirements(span, evaluation)] == [(0, 31), (31, 59)]
    whole = rows.days("city:甲市", date(2017, 1, 1), 59, AT_LIMITS)
    half = rows.days("city:乙市", date(2017, 1, 10), 50, AT_LIMITS)
    found = rank_air(put([city("甲市"), city("乙市")], [*whole, *half]), span)
    assert [(row.name, row.rank) for row in found.rows] == [("甲市", 1), ("乙市", None)]


@pytest.mark.parametrize("written", ["2017-02..2017-01", "2017-13..2017-14", "2017-01.."])
def test_months_that_end_before_they_begin_are_no_span(written: str) -> None:
    with pytest.raises(InputError):
        parse_span(written)


def test_a_span_across_editions_says_so_and_takes_the_last_limits(put: Any, rows: Any) -> None:
    values = {name: (units * 10, decimals + 1) for name, (units, decimals) in AT_LIMITS.items()}
    data = rows.days("city:甲市", date(2026, 1, 1), 90, values)
    found = rank_air(put([city("甲市")], data), parse_span("2026Q1"), improvement=True)
    assert found.rules.limits.number == "GB 3095-2026"
    told = bulletin(found, Asked("air", "2026Q1", "city"), date(2026, 4, 5))
    assert any("2026-03-01" in getattr(block, "text", "") for block in told.blocks)


def test_townships_of_one_name_in_two_counties_stay_two(tree: None, put: Any, rows: Any) -> None:
    features = [station("A", "990011001"), station("B", "990012001"), station("C", "990011")]
    data = [one for code in "ABC" for one in rows.hours(code, FIRST, 24 * 28, AT_LIMITS)]
    store = put(features, data)
    townships = rank_air(store, FEBRUARY, by="township", naming=naming("township"))
    assert {row.name for row in townships.rows} == {"东区城关镇", "西区城关镇"}
    counties = rank_air(store, FEBRUARY, by="county", naming=naming("county"))
    assert {row.name: row.days.points for row in counties.rows} == {"东区": 2, "西区": 1}
    assert beginning("990001") == "990001" and beginning("330200") == "3302"


def test_a_place_that_no_tree_knows_goes_by_its_own_words(put: Any, rows: Any) -> None:
    store = put([station("A", "", township="某镇")], rows.hours("A", FIRST, 24 * 28, AT_LIMITS))
    assert rank_air(store, FEBRUARY, by="township", naming=naming("township")).rows[0].name == "某镇"


def test_who_lacks_a_medium_is_listed_apart_and_never_ranked_by_the_other(put: Any, rows: Any) -> None:
    store = put([city("甲市")], rows.days("city:甲市", FIRST, 28, AT_LIMITS))
    found = rank_composite(store, FEBRUARY, by="city")
    assert [(row.name, row.rank, row.value) for row in found.rows] == [("甲市", None, None)]
    assert found.rows[0].reasons == ("本期没有地表水数据",)
    assert lines(found)[0].reasons and found.weights.of["air"] == found.weights.of["water"] == 50


def test_a_composite_at_all_limits_is_one(tree: None, put: Any, rows: Any, water_at_limits: Any) -> None:
    features, data = water_at_limits("990011")
    store = put([station("A", "990011"), *features], [*rows.hours("A", FIRST, 24 * 28, AT_LIMITS), *data])
    assert rank_water(store, FEBRUARY, by="county", naming=naming("county")).rows[0].rank == 1
    found = rank_composite(store, FEBRUARY, by="county").rows[0]
    assert (found.name, found.rank, found.value) == ("东区", 1, Decimal("1.000"))


@pytest.fixture
def water_at_limits() -> Any:
    from tests.programmes.conftest import row

    from huanzhi.standards.parameters import find
    from huanzhi.standards.periods import Period, start_of_day

    def made(code: str) -> tuple[list[Feature], list[dict[str, object]]]:
        section = Feature("S", "断面", "section", region="甲市", region_code=code)
        values = {"化学需氧量": (20, 0), "氨氮": (10, 1), "总磷": (2, 1)}
        time = start_of_day(FIRST)
        told = [(find(name, "water"), *value) for name, value in values.items()]
        return [section], [
            row("S", item.code, Period.MONTH, time, units, decimals) for item, units, decimals in told if item
        ]

    return made
