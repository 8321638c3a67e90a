"""Rivers and basins by 环办[2011]22号."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.assess import basin
from huanzhi.assess.readings import from_texts
from huanzhi.assess.water_means import group_means
from huanzhi.standards import water

RULES = water.rules(date(2026, 2, 4))


def shares(*counts):
    return basin.shares(np.repeat(np.arange(1, 7), counts).astype(np.int8), RULES)


@pytest.mark.parametrize(
    ("counts", "grade"),
    [
        ((90, 0, 0, 0, 0, 10), "优"),
        ((89, 0, 0, 11, 0, 0), "良好"),
        ((0, 75, 0, 0, 0, 25), "良好"),
        ((0, 0, 74, 7, 0, 19), "轻度污染"),
        ((0, 0, 74, 6, 0, 20), "中度污染"),
        ((0, 0, 61, 0, 0, 39), "中度污染"),
        ((0, 0, 60, 0, 0, 40), "重度污染"),
        ((0, 0, 59, 1, 0, 40), "重度污染"),
        ((0, 0, 0, 0, 0, 7), "重度污染"),
    ],
)
def test_shares_give_the_grade(counts, grade):
    assert basin.shares_grade(shares(*counts))["name"] == grade


@given(st.lists(st.integers(0, 40), min_size=6, max_size=6).filter(any))
def test_every_mixture_has_exactly_one_grade(counts):
    assert basin.shares_grade(shares(*counts)) is not None


def test_sections_without_a_class_are_not_counted():
    found = basin.shares(np.array([0, 1, 2, 3, 6], np.int8), RULES)
    assert (found.total, found.good, found.worst) == (4, 75, 25)
    assert found.share("Ⅰ") == Decimal("25.0")
    assert shares(1, 1, 1, 0, 0, 0).share("Ⅰ") == Decimal("33.3")
    assert basin.shares_grade(shares(0, 0, 0, 0, 0, 0)) is None


def test_five_sections_are_judged_by_shares():
    columns = {"总磷": from_texts(["0.1"] * 4 + ["0.5"]), "氨氮": from_texts(["0.1"] * 3 + ["1.6", "1.6"])}
    found = basin.evaluate(columns, [False] * 5, RULES)
    assert (found.basis, found.grade["name"]) == ("shares", "中度污染")
    assert found.main == ("氨氮", "总磷")
    assert basin.exceedance_rates(found.judged) == {"氨氮": 40, "总磷": 20}


def test_fewer_sections_are_judged_by_their_mean():
    columns = {"总磷": from_texts(["0.1", "0.5", "", "0.15"]), "溶解氧": from_texts(["8", "8", "", "8"])}
    found = basin.evaluate(columns, [False] * 4, RULES)
    assert (found.basis, found.grade["name"], found.main) == ("mean", "轻度污染", ("总磷",))
    assert basin.evaluate({"总磷": from_texts([""])}, [False], RULES).grade is None


@pytest.mark.parametrize(
    ("after", "name"),
    [
        ((50, 0, 0, 50, 0, 0), "无明显变化"),
        ((60, 0, 0, 40, 0, 0), "无明显变化"),
        ((61, 0, 0, 39, 0, 0), "有所好转"),
        ((39, 0, 0, 61, 0, 0), "有所变差"),
        ((70, 0, 0, 30, 0, 0), "有所好转"),
        ((71, 0, 0, 29, 0, 0), "明显好转"),
        ((40, 0, 0, 45, 0, 15), "明显变差"),
    ],
)
def test_two_periods_are_compared_by_shares(after, name):
    assert basin.change(shares(50, 0, 0, 50, 0, 0), shares(*after)).name == name


def test_a_section_changes_by_grades():
    assert basin.section_change(1, 2, RULES).name == "无明显变化"
    assert basin.section_change(2, 3, RULES).name == "有所变差"
    assert basin.section_change(6, 4, RULES).name == "明显好转"
    assert basin.section_change(0, 4, RULES) is None


def test_means_are_exact_and_of_hydrogen_ions():
    columns = {
        "总磷": from_texts(["0.1", "<0.01", "", "0.2"]),
        "pH": from_texts(["7", "8", "", "7.5"]),
    }
    found = group_means(columns, [0, 0, 1, -1], 2)
    assert found["总磷"].exact(0) == Fraction("0.0525")
    assert found["pH"].exact(0) == Fraction("7.259637311")
    assert not found["总磷"].present[1] and not found["pH"].present[1]


@given(st.lists(st.decimals(0, 14, places=2), min_size=1, max_size=20))
def test_mean_ph_lies_between_the_lowest_and_the_arithmetic_mean(values):
    mean = group_means({"pH": from_texts([f"{v:f}" for v in values])}, [0] * len(values), 1)["pH"].exact(0)
    assert (
        min(values) - Decimal("1e-9") <= Decimal(float(mean)) <= sum(values) / len(values) + Decimal("1e-8")
    )
