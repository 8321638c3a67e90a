"""Soil verdicts: every value of both tables at its border, pH groups, background, real soils."""

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.assess.readings import from_floats, from_texts, readings
from huanzhi.assess.soil import explain_soil, judge, ph_group, threshold_levels
from huanzhi.assess.states import State
from huanzhi.errors import StandardError
from huanzhi.messages import using
from huanzhi.standards import soil

DATA = Path(__file__).parents[2] / "../shared/data/soil_sediment_metals"
DEVELOPMENT = soil.table_of(soil.DEVELOPMENT, "2018")
FARM = soil.table_of(soil.FARM, "2018")
FIRST, SECOND, UNCLEAR = range(3)
PADDY, ORCHARD, OTHER, ROTATION = range(4)
THRESHOLDS = {
    (item.name, number): threshold
    for item in (*DEVELOPMENT.items, *FARM.items)
    for number, threshold in enumerate(item.thresholds)
}
STEP = Decimal("0.000000001")


@pytest.mark.parametrize(
    "threshold", dict.fromkeys(THRESHOLDS.values()), ids=lambda t: f"{t.screen}-{t.control}"
)
def test_at_a_value_the_better_level_and_a_hair_above_the_next(threshold):
    screen, control = threshold.screen, threshold.control
    column = from_texts([f"{screen:f}", f"{screen + STEP:f}"])
    assert threshold_levels(column, threshold)[0].tolist() == [1, 3 if screen == control else 2]
    if control is not None and control > screen:
        column = from_texts([f"{control:f}", f"{control + STEP:f}"])
        assert threshold_levels(column, threshold)[1].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("use", "value", "verdict"),
    [
        (FIRST, "20", "风险可忽略"),
        (FIRST, "20.1", "需详细调查和风险评估"),
        (FIRST, "47.1", "风险不可接受"),
        (SECOND, "65", "风险可忽略"),
        (SECOND, "172.1", "风险不可接受"),
        (UNCLEAR, "20.1", "需详细调查和风险评估"),
    ],
)
def test_cadmium_of_development_land(use, value, verdict):
    judged = judge(DEVELOPMENT, [use], {"镉": from_texts([value])})
    assert judged.name(int(judged.levels[0])) == verdict


def test_ph_groups_include_their_upper_end():
    column = from_texts(["4", "5.5", "5.51", "6.5", "6.51", "7.5", "7.51", ""])
    assert ph_group(FARM, column).tolist() == [0, 0, 1, 1, 2, 2, 3, -1]


@pytest.mark.parametrize(
    ("use", "ph", "value", "level"),
    [
        (PADDY, "6.0", "0.4", 1),
        (OTHER, "6.0", "0.4", 2),
        (ROTATION, "6.0", "0.4", 2),
        (ORCHARD, "6.0", "0.3", 1),
        (OTHER, "7.6", "0.6", 1),
        (OTHER, "7.5", "0.6", 2),
        (PADDY, "5.5", "1.5", 2),
        (PADDY, "5.5", "1.51", 3),
        (PADDY, "5.51", "1.51", 2),
    ],
)
def test_cadmium_of_farm_land(use, ph, value, level):
    assert judge(FARM, [use], {"镉": from_texts([value])}, from_texts([ph])).levels.tolist() == [level]


def test_orchards_have_copper_values_of_their_own():
    judged = judge(FARM, [ORCHARD, OTHER], {"铜": from_texts(["150", "150"])}, from_texts(["6", "6"]))
    assert judged.levels.tolist() == [1, 2]


def test_an_item_without_control_value_is_never_under_strict_control():
    assert judge(FARM, [OTHER], {"锌": from_texts(["99999"])}, from_texts(["6"])).levels.tolist() == [2]


def test_without_ph_only_what_every_group_agrees_on_is_decided():
    judged = judge(FARM, [OTHER] * 3, {"镉": from_texts(["0.3", "0.5", "4.1"])})
    assert judged.levels.tolist() == [1, 0, 3]
    assert judged.overall_best.tolist() == [1, 1, 3]
    assert judged.overall_worst.tolist() == [1, 2, 3]
    assert [item.name for item in judged.undecided(1)] == ["镉"]
    assert judged.ratios(2) == {}


def test_a_detection_limit_above_the_screening_value_leaves_the_verdict_open():
    judged = judge(DEVELOPMENT, [FIRST, FIRST], {"苯并[a]芘": from_texts(["<0.1", "<1"])})
    assert judged.levels.tolist() == [1, 0]
    assert judged.overall_worst.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("item", "value", "background", "level", "excused"),
    [
        ("砷", "25", "25", 1, ("砷",)),
        ("砷", "25", "24.9", 2, ()),
        ("钴", "30", "40", 1, ("钴",)),
        ("钒", "200", "250", 1, ("钒",)),
        ("镉", "25", "40", 2, ()),
        ("砷", "121", "130", 3, ()),
        ("砷", "19", "30", 1, ()),
    ],
)
def test_the_background_excuses_arsenic_cobalt_and_vanadium_only(item, value, background, level, excused):
    natural = {item: from_texts([background])}
    judged = judge(DEVELOPMENT, [FIRST], {item: from_texts([value])}, background=natural)
    assert judged.levels.tolist() == [level]
    assert judged.background_names(0) == excused


def test_without_a_background_the_question_is_raised():
    judged = judge(DEVELOPMENT, [FIRST], {"砷": from_texts(["25"]), "镉": from_texts(["25"])})
    assert judged.background_wanted(0) == ("砷",)


def test_ratios_are_to_the_screening_value():
    judged = judge(DEVELOPMENT, [FIRST], {"砷": from_texts(["25"]), "铅": from_texts(["400"])})
    assert judged.ratios(0) == {"砷": Decimal("1.25")}
    assert [item.name for item in judged.limiting(0)] == ["砷"]


def test_an_item_that_the_standard_has_not_is_refused():
    with pytest.raises(StandardError):
        judge(FARM, [OTHER], {"苯": from_texts(["1"])})


def test_a_sample_without_readings_has_no_verdict():
    assert judge(FARM, [OTHER], {"镉": from_texts([""])}, from_texts(["6"])).levels.tolist() == [0]
    assert judge(FARM, [OTHER], {}).levels.tolist() == [0]


@given(
    st.sampled_from(FARM.items),
    st.integers(0, 3),
    st.integers(30, 100),
    st.lists(st.integers(0, 10**8), min_size=2, max_size=5),
)
def test_more_of_it_never_gives_a_better_verdict(item, use, ph, units):
    column = readings(np.sort(units), 4)
    judged = judge(FARM, [use] * len(units), {item.name: column}, readings([ph] * len(units), 1))
    assert (np.diff(judged.levels) >= 0).all()


@given(st.sampled_from(FARM.items), st.integers(0, 3), st.integers(0, 10**8), st.integers(30, 100))
def test_what_is_decided_without_ph_holds_with_any(item, use, unit, ph):
    column = readings([unit], 4)
    open_ = judge(FARM, [use], {item.name: column})
    known = judge(FARM, [use], {item.name: column}, readings([ph], 1))
    assert open_.best[0, 0] <= known.best[0, 0] <= open_.worst[0, 0]


@given(st.sampled_from(DEVELOPMENT.items), st.integers(0, 10**9), st.integers(0, 10**9))
def test_below_detection_holds_the_truth_between_its_ends(item, limit, value):
    below = judge(DEVELOPMENT, [0], {item.name: readings([limit], 6, [State.BELOW_DETECTION])})
    truth = judge(DEVELOPMENT, [0], {item.name: readings([min(limit, value)], 6)})
    assert below.best[0, 0] <= truth.best[0, 0] <= below.worst[0, 0]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_explanations_give_both_values_and_the_clause(language):
    with using(language):
        told = explain_soil(FARM, PADDY, {"镉": from_texts(["0.5"])}, from_texts(["6"])).as_dict()
        blind = explain_soil(FARM, PADDY, {"镉": from_texts(["0.5"])}).as_dict()
        excused = explain_soil(
            DEVELOPMENT, FIRST, {"砷": from_texts(["25"])}, background={"砷": from_texts(["30"])}
        ).as_dict()
    assert told["result"]["verdict"] == "安全利用类"
    assert "0.4" in told["steps"][1]["text"] and "2.0" in told["steps"][1]["text"]
    assert told["steps"][-1]["clause"] == "6.2"
    assert "pH" in blind["steps"][1]["text"] and blind["result"]["verdict"] == ""
    assert excused["result"]["verdict"] == "风险可忽略"


def rows_of(name):
    path = DATA / name
    if not path.exists():
        pytest.skip("shared data absent: ../shared/data/soil_sediment_metals")
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_sinu_soils_agree_with_a_plain_reading_of_the_table():
    rows = rows_of("sinu_all-measurements.csv")
    ph = np.array([float(row["pH"]) for row in rows])
    cadmium, mercury = (np.array([float(row[name]) for row in rows]) for name in ("Cd", "Hg"))
    judged = judge(
        FARM, [OTHER] * len(rows), {"镉": from_floats(cadmium), "汞": from_floats(mercury)}, from_floats(ph)
    )
    group = (ph > 5.5).astype(int) + (ph > 6.5) + (ph > 7.5)
    plain = {
        "镉": ([0.3, 0.3, 0.3, 0.6], [1.5, 2.0, 3.0, 4.0], cadmium),
        "汞": ([1.3, 1.8, 2.4, 3.4], [2.0, 2.5, 4.0, 6.0], mercury),
    }
    levels = [
        1 + (values > np.array(screen)[group]) + (values > np.array(control)[group])
        for screen, control, values in plain.values()
    ]
    assert (judged.levels == np.maximum(*levels)).all()


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("jura_prediction.csv", {"镉": "Cd", "铬": "Cr", "铜": "Cu", "镍": "Ni", "铅": "Pb", "锌": "Zn"}),
        ("meuse_all.csv", {"镉": "cadmium", "铜": "copper", "铅": "lead", "锌": "zinc"}),
    ],
)
def test_soils_without_ph_are_judged_only_where_every_group_agrees(name, columns):
    rows = rows_of(name)
    samples = {item: from_floats([float(row[column]) for row in rows]) for item, column in columns.items()}
    blind = judge(FARM, [OTHER] * len(rows), samples)
    groups = [
        judge(FARM, [OTHER] * len(rows), samples, from_texts([ph] * len(rows))).levels
        for ph in ("5", "6", "7", "8")
    ]
    assert (blind.overall_best == np.min(groups, axis=0)).all()
    assert (blind.overall_worst == np.max(groups, axis=0)).all()
    assert 0 < (blind.levels > 0).sum() <= len(rows)
