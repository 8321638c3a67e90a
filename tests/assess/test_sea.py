"""Sea: eutrophication, inorganic nitrogen, un-ionised ammonia, near-shore grades."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi import standards
from huanzhi.assess import sea as assess
from huanzhi.assess.readings import from_texts, readings
from huanzhi.assess.sea import eutrophication, inorganic_nitrogen, nearshore, un_ionised_ammonia
from huanzhi.standards import sea

EVALUATION = standards.edition("HJ 442.10", "2020")
WATER = standards.edition("GB 3097", "1997")
DAY = date(2023, 8, 15)


@pytest.mark.parametrize(
    ("number", "index", "grade"),
    [
        (1, "1.33", "轻度富营养"),
        (2, "6.00", "中度富营养"),
        (3, "10.67", "重度富营养"),
        (4, "25.00", "重度富营养"),
    ],
)
def test_the_index_at_the_class_limits_is_the_published_one(number, index, grade):
    """A journal review prints 1.3, 6, 10.7 and 25 for the limits of the four classes."""
    table = sea.table_of(sea.WATER, "1997")
    limits = [from_texts([str(table.item(name).limit(number))]) for name in ("COD", "DIN", "DIP")]
    found = eutrophication(*limits, EVALUATION)
    assert found.shown(0) == Decimal(index)
    assert found.name(0) == grade


@pytest.mark.parametrize(
    ("dip", "index", "grade"),
    [
        ("0.00449", "0.9978", 1),
        ("0.0045", "1", 2),
        ("0.0135", "3", 2),
        ("0.01351", "3.0022", 3),
        ("0.0405", "9", 3),
        ("0.041", "9.1111", 4),
    ],
)
def test_grades_meet_at_1_3_and_9(dip, index, grade):
    found = eutrophication(from_texts(["1"]), from_texts(["1"]), from_texts([dip]), EVALUATION)
    assert found.grades.tolist() == [grade]
    assert float(found.index(0)) == pytest.approx(float(index), abs=1e-4)


def test_below_detection_leaves_the_index_out_and_the_grade_only_if_it_matters():
    one = from_texts(["1", "1", "1"])
    found = eutrophication(one, one, from_texts(["<0.001", "<0.02", ""]), EVALUATION)
    assert [found.index(row) for row in range(3)] == [None] * 3
    assert found.best.tolist() == [1, 1, 0]
    assert found.worst.tolist() == [1, 3, 0]
    assert found.grades.tolist() == [1, 0, 0]


@given(st.lists(st.integers(0, 10**6), min_size=3, max_size=3), st.integers(0, 10**6))
def test_more_of_anything_never_lowers_the_grade(units, more):
    low = [readings([u], 4) for u in units]
    high = [readings([u + more], 4) for u in units]
    assert eutrophication(*low, EVALUATION).grades[0] <= eutrophication(*high, EVALUATION).grades[0]


def test_inorganic_nitrogen_is_the_sum_of_three():
    found = inorganic_nitrogen(
        from_texts(["0.15", "0.15", ""]),
        from_texts(["0.005", "<0.003", "0.1"]),
        from_texts(["0.02", "0.02", "0.1"]),
    )
    assert found.exact(0) == Fraction("0.175")
    assert found.text(1) == "0.170–0.173"
    assert found.measured.tolist() == [True, False, False]
    assert not found.present[2]


def test_un_ionised_ammonia_by_hand():
    """At 25 °C, salinity 0 and pH 9.2774 half of it is ammonia: pKa = 9.245 + 0.0324 (298 - 298) = 9.245."""
    half = un_ionised_ammonia([Decimal(10)], [Decimal("9.245")], [Decimal(25)], [Decimal(0)], WATER)
    assert half == (Decimal("0.07"),)
    usual = un_ionised_ammonia([Decimal(10)], [Decimal("8.1")], [Decimal(20)], [Decimal(30)], WATER)
    pka = 9.245 + 0.002949 * 30 + 0.0324 * 5
    assert float(usual[0]) == pytest.approx(14e-5 * 10 * 100 / (10 ** (pka - 8.1) + 1), abs=1e-9)


@pytest.mark.parametrize(
    ("counts", "grade"),
    [
        ((60, 30, 10, 0, 0), "优"),
        ((59, 31, 10, 0, 0), "良好"),
        ((60, 29, 11, 0, 0), "良好"),
        ((50, 30, 0, 0, 20), "良好"),
        ((50, 29, 21, 0, 0), "一般"),
        ((40, 20, 5, 5, 30), "一般"),
        ((40, 19, 6, 5, 30), "差"),
        ((60, 9, 0, 0, 31), "差"),
        ((60, 0, 0, 0, 40), "差"),
        ((59, 0, 0, 0, 41), "极差"),
        ((0, 0, 0, 0, 100), "极差"),
    ],
)
def test_nearshore_grades_follow_the_shares(counts, grade):
    found = nearshore([1, 2, 3, 4, 5], EVALUATION, weights=counts)
    assert found is not None
    assert found.grade == grade
    assert sum(found.shares) == 100


def test_points_without_a_class_are_left_out_of_the_shares():
    found = nearshore([1, 1, 2, 0], EVALUATION)
    assert found is not None and found.shares[:2] == (Fraction(200, 3), Fraction(100, 3))
    assert nearshore([0], EVALUATION) is None


def test_worse_than_the_last_class_has_a_name():
    judged = assess.judge({"DO": from_texts(["2"])}, DAY)
    assert judged.name(int(judged.classes[0])) == "劣四类"
    sediment = assess.judge({"汞": from_texts(["1.01"])}, DAY, sea.SEDIMENT)
    assert sediment.name(int(sediment.classes[0])) == "劣三类"


def test_explanations_name_their_cautions():
    one = from_texts(["1"])
    told = assess.explain_eutrophication(one, one, from_texts(["0.009"]), EVALUATION).as_dict()
    assert told["result"] == {"e_index": Decimal("2.00"), "e_grade": "轻度富营养"}
    assert any("仅凭记忆未核实" in caution for caution in told["cautions"])
    assert assess.explain_sea({"DO": from_texts(["6"])}, DAY).result["class"] == "二类"
