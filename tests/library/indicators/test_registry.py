"""The registry, names, units and paths."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.errors import InputError
from huanzhi.library.indicators import names, paths, registry, units
from huanzhi.library.indicators.paths import linear

D = Decimal


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("全市PM2.5平均浓度", "pm25_mean"),
        ("细颗粒物(PM2.5)年平均浓度", "pm25_mean"),
        ("细颗粒物（PM2.5）", "pm25_mean"),
        ("细颗粒物(ＰＭ2.5)年均浓度", "pm25_mean"),
        ("空气质量优良天数比率", "good_day_rate"),
        ("环境空气优良率", "good_day_rate"),
        ("全市空气质量优良天数比例", "good_day_rate"),
        ("地表水省控断面I~Ⅲ类水质比例", "water_good_share_provincial"),
        ("水环境功能区达标率", "water_zone_share"),
        ("县级及以上饮用水水源地水质达标率", "drinking_source_share"),
        ("受污染耕地安全利用率", "farmland_safe_use"),
        ("城市生活污水集中处理率", "sewage_treatment"),
    ],
)
def test_a_name_of_a_document_means_one_indicator(written, code):
    found = names.candidates(written, registry.shipped().values())
    assert found[0].definition.code == code
    assert found[0].same
    assert not any(one.same for one in found[1:])


@pytest.mark.parametrize("written", ["充电桩", "加气站", "“低小散乱污”企业整治", ""])
def test_what_is_no_indicator_has_no_same_name(written):
    assert not any(one.same for one in names.candidates(written, registry.shipped().values()))


def test_no_name_belongs_to_two_indicators():
    seen = {}
    for one in registry.shipped().values():
        for name in {names.folded(each) for each in (one.name.zh, *one.aliases)}:
            assert seen.setdefault(name, one.code) == one.code, name


def test_every_indicator_says_how_far_it_is_confirmed_and_has_both_languages():
    for one in registry.shipped().values():
        assert one.name.zh and one.name.en and one.definition.zh and one.definition.en
        assert one.theme in registry.themes()
        assert one.confidence.value in ("CONFIRMED", "DEFAULT, NOT FROM THE DOCUMENTS")
        assert units.factor(one.unit, one.unit) == 1


def test_units_turn_into_each_other_exactly():
    assert units.converted(D("0.035"), "毫克/立方米", "µg/m³") == 35
    assert units.converted(D(37), "微克/立方米", "µg/m³") == 37
    assert units.converted(D("215.2"), "平方公里", "km²") == D("215.2")
    assert units.converted(D("830"), "‰", "%") == 83
    assert str(units.converted(D(100), "%", "%")) == "100"


@pytest.mark.parametrize(("unit", "wanted"), [("mg/m³", "%"), ("头", "个"), ("", "%")])
def test_a_unit_of_another_quantity_is_refused(unit, wanted):
    with pytest.raises(InputError, match=r"."):
        units.factor(unit, wanted)


def test_a_linear_path_by_hand():
    found = linear(2020, D(40), 2024, D(35), 0)
    assert [(one.day.year, one.value) for one in found] == [(2021, 39), (2022, 38), (2023, 36), (2024, 35)]


TENTHS = st.decimals(0, 400, places=1)


@given(st.integers(2010, 2029), st.integers(1, 15), TENTHS, TENTHS)
def test_a_linear_path_never_turns_back_and_ends_on_the_target(begin, years, base, target):
    found = linear(begin, base, begin + years, target, 1)
    values = [base, *(one.value for one in found)]
    assert found[-1] == paths.Milestone(date(begin + years, 12, 31), target)
    assert values == sorted(values, reverse=target < base)


def test_the_goal_of_a_day_is_the_next_milestone():
    path = linear(2020, D(40), 2023, D(34), 0)
    assert paths.goal(path, date(2021, 6, 1)).value == 38
    assert paths.goal(path, date(2021, 12, 31)).value == 38
    assert paths.goal(path, date(2022, 1, 1)).value == 36
    assert paths.goal(path, date(2024, 1, 1)) is None


@pytest.mark.parametrize(
    "rows", [[{"day": "2025-13-01", "value": 1}], [{"value": 1}], [{"day": "2025-01-01", "value": "NaN"}]]
)
def test_a_milestone_without_day_or_number_is_refused_with_its_row(rows):
    with pytest.raises(InputError) as error:
        paths.read(rows)
    assert error.value.place["row"] == 1
