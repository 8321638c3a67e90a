"""City water quality index and its rankings."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi import standards
from huanzhi.assess.cwqi import city_indices, item_index, rank, relative_change
from huanzhi.assess.exact import MISSING
from huanzhi.assess.readings import from_texts
from huanzhi.errors import InputError
from huanzhi.standards import water

DAY = date(2026, 2, 4)
RULES = water.rules(DAY)
EDITION = standards.in_force("CWQI", DAY)


def indices(columns, lake, cities, number=1):
    texts = {name: from_texts(cells) for name, cells in columns.items()}
    return city_indices(texts, lake, cities, number, EDITION, RULES)


@pytest.mark.parametrize(
    ("item", "mean", "lake", "index"),
    [
        ("总磷", "0.1", False, Fraction(1, 2)),
        ("总磷", "0.1", True, Fraction(2)),
        ("溶解氧", "10", False, Fraction(1, 2)),
        ("pH", "7", False, Fraction(0)),
        ("pH", "6.5", False, Fraction(1, 2)),
        ("pH", "8", False, Fraction(1, 2)),
        ("pH", "9", False, Fraction(1)),
    ],
)
def test_item_indices(item, mean, lake, index):
    assert item_index(item, Fraction(mean), EDITION, RULES, lake=lake) == index


def test_a_city_is_the_mean_of_rivers_and_lakes_by_numbers_of_sections():
    columns = {"总磷": ["0.1", "0.3", "0.1"], "氨氮": ["0.5", "0.5", "0.25"]}
    found = indices(columns, [False, False, True], [0, 0, 0])[0]
    assert found.river.value == Fraction(3, 2)
    assert found.lake.value == Fraction(9, 4)
    assert found.value == Fraction(21, 12)
    assert found.units == 17500


def test_below_detection_enters_with_half_its_limit_and_missing_is_left_out():
    found = indices({"总磷": ["<0.04", ""], "氨氮": ["", ""]}, [False, False], [0, 0])[0]
    assert found.river.items == {"总磷": Fraction(1, 10)}
    assert found.river.sections == 1


def test_a_city_without_values_has_no_index():
    found = indices({"总磷": ["0.1", ""]}, [False, False], [0, 1], 2)
    assert found[1].value is None
    assert found[1].units == MISSING
    assert relative_change(found[0], found[1], EDITION) == MISSING


def test_no_oxygen_is_refused():
    with pytest.raises(InputError):
        indices({"溶解氧": ["0"]}, [False], [0])


def test_change_is_in_percent_of_the_earlier_index():
    now, before = (indices({"总磷": [cell]}, [False], [0])[0] for cell in ("0.09", "0.12"))
    assert relative_change(now, before, EDITION) == -2500


def test_equal_figures_share_a_rank():
    assert rank([30, 10, 20, 10, MISSING]).tolist() == [4, 1, 3, 1, 0]
    assert rank([-2500, 100, -2500]).tolist() == [1, 3, 1]


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=30))
def test_ranks_follow_the_order(figures):
    found = rank(figures).tolist()
    assert found == [1 + sum(other < figure for other in figures) for figure in figures]
