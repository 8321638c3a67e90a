"""Trophic state of lakes."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi import standards
from huanzhi.assess.exact import MISSING
from huanzhi.assess.trophic import grade, trophic_index

MEASURES = standards.in_force("环办22号", date(2026, 2, 4))
CLEAN = {"叶绿素a": [1.0], "总磷": [0.003], "总氮": [0.05], "透明度": [10.0], "高锰酸盐指数": [0.96]}


def test_the_index_is_the_weighted_sum_of_its_parts():
    values = {"叶绿素a": [10.0], "总磷": [0.05], "总氮": [1.0], "透明度": [0.5], "高锰酸盐指数": [4.0]}
    weights = [0.2663, 0.1879, 0.1790, 0.1834, 0.1834]
    parts = [
        10 * (2.5 + 1.086 * np.log(10)),
        10 * (9.436 + 1.624 * np.log(0.05)),
        10 * (5.453 + 1.694 * np.log(1.0)),
        10 * (5.118 - 1.94 * np.log(0.5)),
        10 * (0.109 + 2.661 * np.log(4)),
    ]
    found = trophic_index(values, MEASURES)
    np.testing.assert_allclose(found.parts[:, 0], parts)
    assert found.index[0] / 10 == pytest.approx(np.dot(weights, parts), abs=0.06)
    assert found.grades == ("轻度富营养",)


def test_without_chlorophyll_there_is_no_index():
    found = trophic_index({**CLEAN, "叶绿素a": [np.nan]}, MEASURES)
    assert (found.index.tolist(), found.grades) == ([MISSING], ("",))
    rest = {name: value for name, value in CLEAN.items() if name != "叶绿素a"}
    assert trophic_index(rest, MEASURES).index.tolist() == [MISSING]


def test_weights_are_spread_over_what_is_measured():
    found = trophic_index({"叶绿素a": [10.0], "总磷": [np.nan], "透明度": [0.0]}, MEASURES)
    assert found.index[0] == round(100 * (2.5 + 1.086 * np.log(10)))


@pytest.mark.parametrize(
    ("index", "name"),
    [
        (299, "贫营养"),
        (300, "中营养"),
        (500, "中营养"),
        (501, "轻度富营养"),
        (600, "轻度富营养"),
        (601, "中度富营养"),
        (700, "中度富营养"),
        (701, "重度富营养"),
    ],
)
def test_grades_at_their_bounds(index, name):
    assert grade(index, 1, MEASURES) == name


@given(st.floats(0.1, 500), st.floats(1.01, 3))
def test_more_chlorophyll_is_never_better(amount, factor):
    found = trophic_index({"叶绿素a": [amount, amount * factor], "总磷": [0.05, 0.05]}, MEASURES)
    assert found.index[0] <= found.index[1]
