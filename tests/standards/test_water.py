"""Limits of GB 3838 and the evaluation measures, as data."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from huanzhi import standards
from huanzhi.errors import StandardError
from huanzhi.standards import water, water_bodies

FACTS = Path(__file__).parents[3] / "shared" / "facts" / "standards" / "gb3838_surface_water.toml"
DAY = date(2026, 2, 4)


def facts():
    if not FACTS.exists():
        pytest.skip("shared facts absent: ../shared/facts")
    return tomllib.loads(FACTS.read_text(encoding="utf-8"), parse_float=Decimal)


def test_table_1_is_whole():
    judging = water.rules(DAY)
    rows = {row["item"]: row for row in facts()["table1"]}
    assert [*judging.lake] == [item for item in rows if item != "水温"]
    for item, limits in judging.river.items():
        if item != "pH":
            assert [a.low or a.high for a in limits.accepts] == rows[item]["limits"], item
    assert [a.high for a in judging.lake["总磷"].accepts] == rows["总磷"]["limits_lake"]
    assert "总氮" not in judging.river
    assert (judging.river["pH"].accepts[0].low, judging.river["pH"].accepts[-1].high) == (6, 9)


def test_tables_2_and_3_are_whole():
    given = facts()
    limits = given["table2_drinking_source_supplement"] | given["table3_drinking_source_specific"]
    found = {item.name: item.accepts[0].high for item in water.supplementary(DAY).values()}
    assert found == limits
    assert len(found) == 85


def test_evaluation_takes_21_items_and_leaves_three_out():
    judging = water.rules(DAY)
    assert len(judging.evaluated) == 21
    assert set(judging.lake) - set(judging.evaluated) == {"总氮", "粪大肠菌群"}
    assert judging.separate == ("总氮", "粪大肠菌群")


@pytest.mark.parametrize("name", ["Ⅲ", "III", "iii", "3", "Ⅲ类", " Ⅲ "])
def test_class_names_are_read_in_every_spelling(name):
    assert water.rules(DAY).class_number(name) == 3
    assert water.rules(DAY).has_class(name)


def test_the_class_beyond_all_limits_is_known():
    judging = water.rules(DAY)
    assert judging.class_number("劣V") == judging.class_number("劣Ⅴ类") == judging.worst == 6
    assert judging.class_name(6) == "劣Ⅴ"
    assert judging.class_name(0) == ""
    assert not judging.has_class("Ⅶ")
    with pytest.raises(StandardError):
        judging.class_number("Ⅶ")


@pytest.mark.parametrize(
    ("number", "name", "colour"),
    [
        (1, "优", "蓝"),
        (2, "优", "蓝"),
        (3, "良好", "绿"),
        (4, "轻度污染", "黄"),
        (5, "中度污染", "橙"),
        (6, "重度污染", "红"),
    ],
)
def test_every_class_has_its_grade_and_colour(number, name, colour):
    grade = water.rules(DAY).grade(number)
    assert (grade["name"], grade["colour"]) == (name, colour)
    assert water.rules(DAY).grade(0) is None


def test_a_day_before_the_measures_is_not_judged():
    with pytest.raises(StandardError):
        water.rules(date(2006, 1, 1))


def test_items_are_found_by_symbol_and_code():
    judging = water.rules(DAY)
    assert [judging.item(name) for name in ("nh3n", "w21011", "CODMn", "do", "水温")] == [
        "氨氮",
        "总磷",
        "高锰酸盐指数",
        "溶解氧",
        None,
    ]


def test_what_is_not_confirmed_says_so():
    measures = standards.in_force("环办22号", DAY)
    assert measures.table("basin_grades").provenance.confidence.confirmed
    assert measures.table("two_periods").provenance.confidence is standards.Confidence.MEMORY_ONLY
    ours = water_bodies.tables().edition
    assert ours.table("patterns").provenance.confidence is standards.Confidence.DEFAULT


def test_decimals_for_evaluation_begin_in_2020():
    assert water.rules(date(2019, 6, 1)).decimals == {}
    assert water.rules(DAY).decimals["总磷"] == 3
