"""Emission standards: the limit that applies, rates by stack height, reference oxygen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi import standards
from huanzhi.errors import StandardError
from huanzhi.messages import using
from huanzhi.standards import Confidence
from huanzhi.standards.emission import limit, limits, reference_oxygen, stack_rate, to_reference_oxygen
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.units import find_unit

DAY = date(2025, 7, 1)
WINTER = date(2026, 1, 15)


def test_gb18918_class_1a() -> None:
    cod = limit("GB 18918", DAY, "化学需氧量", grade="一级A")
    assert (cod.maximum, cod.unit, cod.parameter, cod.clause) == (50, "mg/L", "w01018", "4.1.3.1 表1")


@pytest.mark.parametrize(("temperature", "expected"), [(12, 8), (12.1, 5), (None, 5)])
def test_ammonia_of_cold_water(temperature: float | None, expected: int) -> None:
    found = limit("GB 18918", DAY, "氨氮", grade="一级A", water_temperature=temperature)
    assert found.maximum == expected


@pytest.mark.parametrize(("built", "expected"), [(date(2005, 12, 31), "1"), (date(2006, 1, 1), "0.5")])
def test_phosphorus_by_the_day_of_building(built: date, expected: str) -> None:
    assert limit("GB 18918", DAY, "总磷", grade="一级A", built=built).maximum == Decimal(expected)


@pytest.mark.parametrize(
    ("day", "grade", "expected"),
    [
        (DAY, "新建", "1.5"),
        (WINTER, "新建", "3"),
        (WINTER, "现有", "4"),
        (date(2025, 11, 1), "现有", "4"),
        (date(2026, 3, 31), "现有", "4"),
        (date(2026, 4, 1), "现有", "2"),
        (date(2025, 10, 31), "现有", "2"),
    ],
)
def test_zhejiang_has_winter_limits(day: date, grade: str, expected: str) -> None:
    found = limit("DB33/2169", day, "氨氮", grade=grade)
    assert found.maximum == Decimal(expected)
    assert found.provenance.confidence is Confidence.MEMORY_ONLY


def test_jiangsu_has_limits_for_days_and_for_single_samples() -> None:
    assert limit("DB32/4440", DAY, "总氮", grade="B", averaging="day").maximum == 10
    assert limit("DB32/4440", DAY, "总氮", grade="B", averaging="single").maximum == 12
    assert limit("DB32/4440", WINTER, "总氮", grade="B", averaging="single").maximum == 15


def test_gb8978_by_industry() -> None:
    other = limit("GB 8978", DAY, "化学需氧量", grade="一级", scope="其他排污单位")
    oil = limit("GB 8978", DAY, "化学需氧量", grade="一级", scope="石油化工(包括石油炼制)")
    assert (other.maximum, oil.maximum) == (100, 60)


def test_a_limit_without_scope_holds_for_every_industry() -> None:
    assert limit("GB 8978", DAY, "石油类", grade="一级", scope="其他排污单位").maximum == 5
    assert limit("GB 13271", DAY, "二氧化硫", grade="燃煤锅炉", table="existing").maximum == 400
    south = limit(
        "GB 13271", DAY, "二氧化硫", grade="燃煤锅炉", table="existing", scope="广西、重庆、四川、贵州"
    )
    assert south.maximum == 550


def test_an_unknown_industry_is_not_taken_for_another() -> None:
    with pytest.raises(StandardError):
        limit("GB 8978", DAY, "悬浮物", grade="一级", scope="造纸")


def test_not_to_be_found_is_no_number() -> None:
    found = limit("GB 8978", DAY, "烷基汞")
    assert (found.not_detected, found.maximum) == (True, None)


def test_ph_is_a_range() -> None:
    found = limit("GB 8978", DAY, "pH")
    assert (found.minimum, found.maximum) == (6, 9)


def test_no_limit_at_a_grade_is_refused_not_taken_as_nought() -> None:
    with pytest.raises(StandardError) as caught:
        limit("GB 8978", DAY, "磷酸盐(以P计)", grade="三级")
    with using("en"):
        assert str(caught.value) == "GB 8978-1996 has no limit that applies to “磷酸盐(以P计)”"


def test_what_is_ambiguous_is_refused_with_the_choices() -> None:
    with pytest.raises(StandardError) as caught:
        limit("GB 13271", DAY, "颗粒物", grade="燃煤锅炉")
    with using("zh"):
        assert str(caught.value) == (
            "GB 13271-2014 的“颗粒物”有多个限值，请指明是哪一个："
            "existing / 燃煤锅炉; new / 燃煤锅炉; special / 燃煤锅炉"
        )


def test_boilers_power_plants_and_incinerators() -> None:
    assert limit("GB 13271", DAY, "颗粒物", grade="燃煤锅炉", table="special").maximum == 30
    power = limit("GB 13223", DAY, "烟尘", scope="燃煤锅炉", table="limits")
    assert (power.maximum, power.provenance.confidence) == (30, Confidence.MEMORY_ONLY)
    assert limit("GB 18485", DAY, "一氧化碳", averaging="hour").maximum == 100
    assert limit("ULTRA LOW", DAY, "氮氧化物", scope="燃煤电厂").provenance.confidence is Confidence.CONFIRMED


def test_limits_that_begin_later_do_not_hold_before() -> None:
    with pytest.raises(StandardError):
        limit("GB 13223", date(2014, 12, 31), "汞及其化合物", scope="燃煤锅炉", table="limits")
    assert limit("GB 13223", date(2015, 1, 1), "汞及其化合物", scope="燃煤锅炉", table="limits").maximum


def test_a_standard_does_not_judge_days_before_it() -> None:
    with pytest.raises(StandardError):
        limits("GB 18918", date(2003, 6, 30))


EMISSION = [held for held in standards.all_standards().values() if held.subject.startswith("emission")]


@pytest.mark.parametrize("held", EMISSION, ids=lambda held: held.id)
def test_every_limit_has_a_parameter_and_a_unit_that_is_read(held: standards.Standard) -> None:
    for found in limits(held.id, date(2026, 6, 1)):
        assert found.parameter in all_parameters(), found.item
        assert find_unit(found.unit) is not None, (found.item, found.unit)


@pytest.mark.parametrize(
    ("item", "height", "grade", "method", "rate"),
    [
        ("氯化氢", 30, "二级", "listed", "1.4"),
        ("氯化氢", 25, "二级", "interpolate", "0.915"),
        ("氯化氢", 100, "三级", "square", "25"),
        ("氯化氢", 12, "二级", "square", "0.0832"),
        ("氯化氢", 15, "二级", "listed", "0.26"),
    ],
)
def test_gb16297_between_above_and_below_the_listed_heights(
    item: str, height: int, grade: str, method: str, rate: str
) -> None:
    found = stack_rate("GB 16297", DAY, item, height, grade=grade)
    assert (found.method, found.rate) == (method, Fraction(rate))


def test_a_stack_among_higher_buildings_has_half_the_rate() -> None:
    free = stack_rate("GB 16297", DAY, "氯化氢", 30, grade="二级")
    hemmed = stack_rate("GB 16297", DAY, "氯化氢", 30, grade="二级", above_buildings=False)
    assert hemmed.rate * 2 == free.rate
    assert hemmed.factor == Fraction(1, 2)


@pytest.mark.parametrize(
    ("height", "rate"),
    [(15, "4.9"), (17, "4.9"), (Decimal("17.5"), "8.7"), (49, "35"), (50, "75"), (60, "75")],
)
def test_gb14554_takes_the_nearest_height(height: Decimal | int, rate: str) -> None:
    assert stack_rate("GB 14554", DAY, "氨", height).rate == Fraction(rate)


@pytest.mark.parametrize("height", [14, 61])
def test_gb14554_has_no_rule_beyond_its_heights(height: int) -> None:
    with pytest.raises(StandardError) as caught:
        stack_rate("GB 14554", DAY, "氨", height)
    with using("en"):
        assert str(caught.value).endswith(
            f"no rule for a stack of {height} m; the table goes from 15 to 60 m"
        )


def test_a_rate_by_scope() -> None:
    soot = stack_rate("GB 16297", DAY, "颗粒物", 15, grade="二级", scope="碳黑尘 染料尘")
    acid = stack_rate("GB 16297", DAY, "氯化氢", 15, grade="二级", scope="其他")
    assert (soot.rate, acid.rate) == (Fraction("0.51"), Fraction("0.26"))
    with pytest.raises(StandardError):
        stack_rate("GB 16297", DAY, "颗粒物", 15, grade="二级")


def test_a_rate_needs_its_grade() -> None:
    with pytest.raises(StandardError, match="二级, 三级"):
        stack_rate("GB 16297", DAY, "氯化氢", 20)


@given(st.decimals(1, 200, places=1), st.decimals(1, 200, places=1))
def test_a_higher_stack_never_has_a_lower_rate(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    rates = [stack_rate("GB 16297", DAY, "氯气", height, grade="三级").rate for height in (low, high)]
    assert rates == sorted(rates)


def test_every_rate_grows_with_height_and_is_laxer_in_grade_3() -> None:
    for identity in ("GB 14554", "GB 16297"):
        for row in standards.in_force(identity, DAY).table("stack").rows:
            columns = list(zip(*row["values"], strict=True))
            assert all(list(column) == sorted(set(column)) for column in columns), row["name"]
            assert all(list(step[1:]) == sorted(step[1:]) for step in row["values"]), row["name"]


def test_conversion_to_the_reference_oxygen() -> None:
    assert to_reference_oxygen(100, 12, 9, DAY) == Fraction(400, 3)
    assert to_reference_oxygen(Decimal("35.5"), 6, 6, DAY) == Fraction("35.5")
    assert reference_oxygen(DAY)["燃油燃气锅炉 GB 13271"] == Decimal("3.5")


@pytest.mark.parametrize("oxygen", [21, Decimal("21.5"), -1])
def test_air_is_not_converted(oxygen: Decimal | int) -> None:
    with pytest.raises(StandardError) as caught:
        to_reference_oxygen(100, oxygen, 9, DAY)
    with using("en"):
        assert "below the 21 % of air" in str(caught.value)
