"""Classification by single item, on every row of every table that has classes."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.assess.class_limits import explain, item_classes, judge
from huanzhi.assess.exact import MISSING
from huanzhi.assess.readings import from_texts, readings
from huanzhi.assess.states import State
from huanzhi.messages import using
from huanzhi.standards import groundwater, sea

TABLES = (
    groundwater.table_of("2017"),
    sea.table_of(sea.WATER, "1997"),
    sea.table_of(sea.SEDIMENT, "2002"),
    sea.table_of(sea.BIOTA, "2001"),
)
ITEMS = [item for table in TABLES for item in table.items]
UPPER = [item for item in ITEMS if not item.descriptive and item.accepts[0].low is None]
STEP = Decimal("0.000000001")
DECIMALS = 9


def classes_of(item, *values):
    units = [int(Decimal(value).scaleb(DECIMALS)) for value in values]
    best, worst = item_classes(item, readings(units, DECIMALS))
    assert best.tolist() == worst.tolist()
    return best.tolist()


@pytest.mark.parametrize("item", UPPER, ids=lambda item: f"{item.table.id}-{item.name}")
def test_at_a_limit_the_better_class_and_a_hair_above_the_next(item):
    limits = [accept.high for accept in item.accepts]
    for limit in {limit for limit in limits if limit is not None}:
        first = limits.index(limit) + 1
        after = next((n for n, other in enumerate(limits, 1) if other is None or other > limit), None)
        assert classes_of(item, limit, limit + STEP) == [first, after or len(limits) + 1]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("5.49", "Ⅴ"),
        ("5.5", "Ⅳ"),
        ("6.49", "Ⅳ"),
        ("6.5", "Ⅰ"),
        ("8.5", "Ⅰ"),
        ("8.51", "Ⅳ"),
        ("9.0", "Ⅳ"),
        ("9.01", "Ⅴ"),
    ],
)
def test_groundwater_ph_has_two_sides(value, name):
    assert (
        judge(TABLES[0], {"pH": from_texts([value])}).name(classes_of(TABLES[0].item("pH"), value)[0]) == name
    )


@pytest.mark.parametrize(
    ("value", "number"),
    [("6.79", 5), ("6.8", 3), ("7.79", 3), ("7.8", 1), ("8.5", 1), ("8.8", 3), ("8.81", 5)],
)
def test_sea_ph_has_two_ranges(value, number):
    assert classes_of(TABLES[1].item("pH"), value) == [number]


@pytest.mark.parametrize(
    ("value", "number"), [("6.01", 1), ("6", 2), ("5", 3), ("4", 4), ("3", 5), ("3.01", 4)]
)
def test_dissolved_oxygen_of_the_sea_must_lie_above_its_limit(value, number):
    assert classes_of(TABLES[1].item("DO"), value) == [number]


def test_classes_with_the_same_limit_give_the_better_one():
    assert classes_of(TABLES[0].item("菌落总数"), 100) == [1]
    assert classes_of(TABLES[1].item("活性磷酸盐"), "0.030") == [2]


def test_anionic_surfactants_must_not_be_detected_in_class_one():
    item = TABLES[0].item("LAS")
    best, worst = item_classes(item, from_texts(["<0.05", "<0.1", "<0.2", "0.05", "0.1", "0.3", "0.31"]))
    assert best.tolist() == [1, 1, 1, 2, 2, 3, 5]
    assert worst.tolist() == [1, 1, 3, 2, 2, 3, 5]


def test_radioactivity_beyond_class_three_is_class_four():
    assert classes_of(TABLES[0].item("总α放射性"), "0.1", "0.5", "0.51", "100") == [1, 3, 4, 4]
    assert classes_of(TABLES[0].item("总β放射性"), "0.1", "1.0", "1.01") == [1, 2, 4]


def test_descriptive_items_are_class_one_or_five():
    assert classes_of(TABLES[0].item("肉眼可见物"), 0, 1) == [1, 5]


def test_coliforms_of_the_sea_have_no_limit_in_class_four():
    assert classes_of(TABLES[1].item("粪大肠菌群"), 2000, 2001) == [1, 4]


def test_a_detection_limit_above_a_class_limit_leaves_the_class_open():
    judged = judge(TABLES[0], {"汞": from_texts(["<0.0001", "<0.0005", "<0.01"])})
    assert judged.classes.tolist() == [1, 0, 0]
    assert judged.overall_worst.tolist() == [1, 3, 5]
    assert [item.name for item in judged.undecided(1)] == ["汞"]
    assert judged.undecided(0) == judged.limiting(1) == ()


def test_another_item_may_decide_what_detection_limits_leave_open():
    judged = judge(TABLES[0], {"汞": from_texts(["<0.0005"]), "铁": from_texts(["0.3"])})
    assert judged.classes.tolist() == [3]
    assert [item.name for item in judged.limiting(0)] == ["铁"]


def test_not_detected_without_a_limit_is_never_silently_good():
    judged = judge(TABLES[0], {"汞": readings([MISSING], 0, [State.BELOW_DETECTION])})
    assert judged.classes.tolist() == [0]
    assert judged.overall_worst.tolist() == [5]


def test_missing_items_are_left_out_and_a_sample_of_none_has_no_class():
    judged = judge(TABLES[0], {"铁": from_texts(["", "0.2"]), "锰": from_texts(["", ""])})
    assert judged.classes.tolist() == [0, 2]
    assert judged.best.tolist() == [[0, 0], [2, 0]]
    assert judge(TABLES[0], {}).classes.tolist() == []


def test_multiples_are_over_class_three_and_need_a_measured_value_and_one_upper_limit():
    judged = judge(
        TABLES[0],
        {
            "铁": from_texts(["0.5", "0.3"]),
            "pH": from_texts(["9.5", "9.5"]),
            "总β放射性": from_texts(["1.5", ""]),
        },
    )
    assert judged.multiples(0) == {"铁": Decimal("0.67"), "总β放射性": Decimal("0.50")}
    assert judged.multiples(1) == {}


@given(st.sampled_from(UPPER), st.lists(st.integers(0, 10**12), min_size=2, max_size=6))
def test_more_pollution_never_gives_a_better_class(item, units):
    best, worst = item_classes(item, readings(np.sort(units), 6))
    assert (np.diff(best) >= 0).all()
    assert (best == worst).all()


@given(st.lists(st.integers(0, 10**7), min_size=2, max_size=6))
def test_more_oxygen_never_gives_a_worse_class(units):
    best, _ = item_classes(TABLES[1].item("DO"), readings(np.sort(units), 6))
    assert (np.diff(best) <= 0).all()


@given(st.sampled_from(ITEMS), st.integers(0, 10**10), st.integers(0, 10**10))
def test_the_class_of_any_value_below_detection_lies_between_best_and_worst(item, limit, value):
    truth, _ = item_classes(item, readings([min(limit, value)], 6))
    best, worst = item_classes(item, readings([limit], 6, [State.BELOW_DETECTION]))
    assert best[0] <= worst[0]
    assert item.not_detected or best[0] <= truth[0] <= worst[0]


@given(st.lists(st.tuples(st.sampled_from(TABLES[0].items), st.integers(0, 10**9)), min_size=1, max_size=8))
def test_the_sample_is_as_bad_as_its_worst_item(pairs):
    samples = {item.name: readings([value], 6) for item, value in pairs}
    judged = judge(TABLES[0], samples)
    assert judged.classes[0] == judged.best[0].max()


@given(st.sampled_from(ITEMS), st.integers(0, 10**8), st.integers(0, 4))
def test_more_decimals_change_nothing(item, value, more):
    one = item_classes(item, readings([value], 5))
    two = item_classes(item, readings([value * 10**more], 5 + more))
    assert [ends.tolist() for ends in one] == [ends.tolist() for ends in two]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_explanation_names_item_limit_clause_and_the_deciding_item(language):
    with using(language):
        told = explain(TABLES[0], {"铁": from_texts(["0.5"]), "汞": from_texts(["<0.0005"])}).as_dict()
    assert told["editions"] == ["GB/T 14848-2017"]
    assert "≤2.0" in told["steps"][0]["text"] and told["steps"][0]["clause"] == "表1"
    assert told["result"]["class"] == "Ⅳ"
    assert told["result"]["multiples"] == {"铁": Decimal("0.67")}
    assert "铁" in told["steps"][-1]["text"]


def test_an_explanation_says_what_detection_limits_leave_open():
    with using("zh"):
        told = explain(TABLES[0], {"汞": from_texts(["<0.01"])}).as_dict()
    assert told["steps"][-1]["text"].endswith("最好为Ⅰ，最差为Ⅴ，不能定类（汞）")
