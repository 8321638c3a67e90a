"""Units: spellings are read, factors are exact, nonsense is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.errors import StandardError
from huanzhi.messages import using
from huanzhi.standards.units import all_units, factor, find_unit, split_heading, unit

UNITS = st.sampled_from(sorted(all_units()))


@pytest.mark.parametrize("text", ["µg/m³", "μg/m³", "ug/m3", "UG/M3", "μｇ／m3", "微克/立方米", " ug / m^3 "])
def test_spellings_of_one_unit(text: str) -> None:
    assert unit(text).symbol == "µg/m³"


@pytest.mark.parametrize(
    ("given", "wanted", "expected"),
    [
        ("mg/m3", "µg/m³", Fraction(1000)),
        ("ng/m³", "mg/m³", Fraction(1, 10**6)),
        ("ug/L", "mg/L", Fraction(1, 1000)),
        ("毫克/升", "mg/l", Fraction(1)),
        ("MPN/100mL", "个/L", Fraction(10)),
        ("CFU/mL", "个/L", Fraction(1000)),
        ("mS/cm", "μS/cm", Fraction(1000)),
        ("m3/h", "L/s", Fraction(5, 18)),
        ("hPa", "kPa", Fraction(1, 10)),
    ],
)
def test_factors_are_exact(given: str, wanted: str, expected: Fraction) -> None:
    assert factor(given, wanted) == expected


@pytest.mark.parametrize(
    ("one", "other"), [("mg/L", "mg/m³"), ("ppb", "µg/m³"), ("℃", "%"), ("mg/kg", "mg/L")]
)
def test_units_of_two_things_do_not_convert(one: str, other: str) -> None:
    with pytest.raises(StandardError):
        factor(one, other)


def test_the_refusal_names_both_units_in_both_languages() -> None:
    with pytest.raises(StandardError) as caught:
        factor("mg/L", "mg/m³")
    with using("zh"):
        assert str(caught.value) == "单位“mg/L”不能换算为“mg/m³”"
    with using("en"):
        assert str(caught.value) == "the unit “mg/L” does not convert to “mg/m³”"


@given(UNITS, UNITS)
def test_there_and_back_is_one(one: str, other: str) -> None:
    if unit(one).dimension == unit(other).dimension:
        assert factor(one, other) * factor(other, one) == 1


def test_no_spelling_means_two_units() -> None:
    seen: dict[str, str] = {}
    for found in all_units().values():
        for spelling in (found.symbol, *found.spellings):
            assert find_unit(spelling) == found, spelling
            assert seen.setdefault(spelling, found.symbol) == found.symbol


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("溶解氧(mg/L)", ("溶解氧", "mg/L")),
        ("电导率（μS/cm）", ("电导率", "μS/cm")),
        ("pH(无量纲)", ("pH", "无量纲")),
        ("细颗粒物(PM2.5)", ("细颗粒物(PM2.5)", "")),
        ("细颗粒物(PM2.5)(µg/m³)", ("细颗粒物(PM2.5)", "µg/m³")),
        ("降尘(t/(km²·月))", ("降尘", "t/(km²·月)")),
        ("总磷", ("总磷", "")),
    ],
)
def test_headings_are_split_from_their_units(heading: str, expected: tuple[str, str]) -> None:
    assert split_heading(heading) == expected
