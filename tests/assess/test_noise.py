"""Noise: limits by zone and time, maxima at night, background, energy means, grades."""

import math
from datetime import datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi import standards
from huanzhi.assess.exact import MISSING
from huanzhi.assess.noise import (
    EXCEEDED,
    MET,
    UNKNOWN,
    attainment,
    attainment_rate,
    day_night_level,
    day_part,
    energy_mean,
    explain_noise,
    grade,
    judge,
    mean_level,
    without_background,
    zone_limits,
)
from huanzhi.assess.readings import from_texts, readings
from huanzhi.errors import StandardError
from huanzhi.messages import using
from huanzhi.standards import noise
from huanzhi.standards.noise import DayPart
from huanzhi.standards.periods import from_china

ZONES = noise.limits_of("GB 3096", "2008")
PLANT = noise.limits_of("GB 12348", "2008")
SITE = noise.limits_of("GB 12523", "2011")
COMMUNITY = noise.limits_of("GB 22337", "2008")
EVALUATION = standards.edition("HJ 640", "2012")
DAY, NIGHT = DayPart.DAY, DayPart.NIGHT
TABLE = {
    "0": (50, 40),
    "1": (55, 45),
    "2": (60, 50),
    "3": (65, 55),
    "4a": (70, 55),
    "4b": (70, 60),
    "4b(既有铁路)": (70, 55),
}
BOUNDARY = {"0": (50, 40), "1": (55, 45), "2": (60, 50), "3": (65, 55), "4": (70, 55)}


@pytest.mark.parametrize(
    ("limits", "table"),
    [(ZONES, TABLE), (PLANT, BOUNDARY), (COMMUNITY, BOUNDARY), (SITE, {"场界": (70, 55)})],
)
def test_every_zone_by_day_and_by_night_at_its_limit_and_above(limits, table):
    assert dict(zip(limits.zones, limits.limits, strict=True)) == table
    for zone, pair in enumerate(limits.limits):
        for part, limit in enumerate(pair):
            found = judge(limits, [zone] * 2, [part] * 2, readings([limit * 10, limit * 10 + 1], 1))
            assert found.verdict.tolist() == [MET, EXCEEDED]
            assert found.exceed.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("1类", 1), ("2类区", 2), ("4a", 4), ("4A类", 4), ("4b", 5), ("4", None), ("", None)],
)
def test_a_zone_is_read_with_or_without_its_suffix(text, number):
    assert ZONES.zone(text) == number


@pytest.mark.parametrize(
    ("clock", "part"), [("05:59", NIGHT), ("06:00", DAY), ("21:59", DAY), ("22:00", NIGHT), ("00:00", NIGHT)]
)
def test_day_is_from_six_to_twenty_two_in_china(clock, part):
    seconds = from_china(datetime.fromisoformat(f"2024-05-01T{clock}:00"))
    assert day_part([seconds], ZONES).tolist() == [part]


def test_sudden_noise_at_night_may_exceed_by_fifteen():
    found = judge(
        ZONES, [1] * 3, [NIGHT, NIGHT, DAY], from_texts(["45"] * 3), from_texts(["60", "60.1", "90"])
    )
    assert found.verdict.tolist() == [MET, EXCEEDED, MET]
    assert found.maximum_limit.tolist() == [60, 60, MISSING]


def test_frequent_noise_at_a_boundary_may_exceed_by_ten_and_sporadic_by_fifteen():
    tops = from_texts(["60", "60.1", "65", "65.1", "60", "62", "65.1"])
    events = ["frequent", "frequent", "sporadic", "sporadic", "", "", ""]
    found = judge(PLANT, [2] * 7, [NIGHT] * 7, from_texts(["50"] * 7), tops, events)
    assert found.verdict.tolist() == [MET, EXCEEDED, MET, EXCEEDED, MET, UNKNOWN, EXCEEDED]


def test_what_is_missing_or_unknown_is_never_met():
    found = judge(ZONES, [0, -1, 0, 0], [DAY, DAY, -1, DAY], from_texts(["", "10", "10", "<60"]))
    assert found.verdict.tolist() == [UNKNOWN] * 4
    assert judge(ZONES, [0], [DAY], from_texts(["<50"])).verdict.tolist() == [MET]


def test_limits_indoors_are_ten_lower_where_the_standard_says_so():
    assert zone_limits(PLANT, [2, 2], [DAY, NIGHT], [True, False]).tolist() == [50, 50]
    assert zone_limits(SITE, [0], [NIGHT], [True]).tolist() == [45]
    with pytest.raises(StandardError):
        zone_limits(ZONES, [2], [DAY], [True])


@pytest.mark.parametrize(
    ("measured", "background", "corrected"),
    [
        ("60.0", "57.0", "57.0"),
        ("60.0", "56.6", "57.0"),
        ("60.0", "56.5", "58.0"),
        ("60.0", "56.0", "58.0"),
        ("60.0", "54.6", "58.0"),
        ("60.0", "54.4", "59.0"),
        ("60.0", "50.0", "59.0"),
        ("60.0", "49.9", "60.0"),
        ("60.0", "40.0", "60.0"),
        ("60.0", "57.1", ""),
        ("60.0", "60.0", ""),
        ("60.0", "", "60.0"),
        ("", "50.0", ""),
    ],
)
def test_background_noise_is_taken_off_by_its_table(measured, background, corrected):
    found, repeat = without_background(from_texts([measured]), from_texts([background]), PLANT)
    assert found.text(0) == corrected
    assert repeat[0] == (bool(measured) and not corrected)


def test_a_standard_without_the_table_refuses_to_correct():
    with pytest.raises(StandardError):
        without_background(from_texts(["60"]), from_texts(["50"]), ZONES)


@pytest.mark.parametrize(
    ("levels", "mean"),
    [
        (["60", "60"], "60.0"),
        (["60", "70"], "67.4"),
        (["50", "60", "70"], "65.7"),
        (["55.5"], "55.5"),
        (["60", "", "<30"], "60.0"),
    ],
)
def test_the_energy_mean_by_hand(levels, mean):
    """10 lg((10^6 + 10^7) / 2) = 67.40; 10 lg((10^5 + 10^6 + 10^7) / 3) = 65.68."""
    assert energy_mean(from_texts(levels), 1) == Decimal(mean)


def test_the_energy_mean_of_nothing_is_nothing():
    assert energy_mean(from_texts([""]), 1) is None


@given(st.lists(st.integers(200, 1200), min_size=1, max_size=20))
def test_the_energy_mean_lies_between_the_arithmetic_mean_and_the_loudest(units):
    found = energy_mean(readings(units, 1), 6)
    loud = [unit / 10 for unit in units]
    assert sum(loud) / len(loud) - 1e-6 <= float(found) <= max(loud) + 1e-6
    wanted = 10 * math.log10(sum(10 ** (level / 10) for level in loud) / len(loud))
    assert float(found) == pytest.approx(wanted, abs=1e-5)


@pytest.mark.parametrize(
    ("day", "night", "level"),
    [("60", "50", "60.0"), ("55", "45", "55.0"), ("60", "60", "66.0"), ("65.3", "54.1", "64.9")],
)
def test_the_day_night_level_by_hand(day, night, level):
    """Ten less at night gives the day level; equal levels give 10 lg((16 + 8 x 10) / 24) = 6.02 more."""
    assert day_night_level(Decimal(day), Decimal(night), EVALUATION) == Decimal(level)
    plain = 10 * math.log10((16 * 10 ** (float(day) / 10) + 8 * 10 ** ((float(night) + 10) / 10)) / 24)
    assert float(level) == pytest.approx(plain, abs=0.05)


@pytest.mark.parametrize(
    ("level", "name", "wanted"),
    [
        ("50.0", "区域昼间", "一级"),
        ("50.04", "区域昼间", "一级"),
        ("50.1", "区域昼间", "二级"),
        ("55.0", "区域昼间", "二级"),
        ("60.1", "区域昼间", "四级"),
        ("65.1", "区域昼间", "五级"),
        ("40.1", "区域夜间", "二级"),
        ("55.1", "区域夜间", "五级"),
        ("68.0", "道路交通昼间", "一级"),
        ("74.1", "道路交通昼间", "五级"),
        ("58.1", "道路交通夜间", "二级"),
        ("64.0", "道路交通夜间", "四级"),
    ],
)
def test_grades_of_a_city_are_told_apart_at_a_tenth(level, name, wanted):
    assert grade(Decimal(level), name, EVALUATION) == wanted


@given(st.integers(300, 800), st.integers(0, 100))
def test_a_louder_city_never_has_a_better_grade(level, more):
    names = standards.edition("HJ 640", "2012").table("grade_names").names()
    quiet, loud = (grade(Decimal(value) / 10, "区域昼间", EVALUATION) for value in (level, level + more))
    assert names.index(quiet) <= names.index(loud)


def test_the_mean_of_points_is_exact():
    assert mean_level(from_texts(["54.1", "54.2", ""]), EVALUATION) == Decimal("54.2")
    assert mean_level(from_texts(["54.3", "54.2"]), EVALUATION) == Decimal("54.2")
    assert mean_level(from_texts([""]), EVALUATION) is None


def test_the_attainment_rate_leaves_out_what_was_not_judged():
    verdicts = np.array([MET, MET, EXCEEDED, UNKNOWN])
    assert attainment(verdicts) == (2, 3)
    assert attainment_rate(verdicts, EVALUATION) == Decimal("66.7")
    assert attainment_rate([UNKNOWN], EVALUATION) is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_explanation_gives_level_limit_and_maximum(language):
    with using(language):
        told = explain_noise(ZONES, 1, NIGHT, from_texts(["45.1"]), from_texts(["61"])).as_dict()
        open_ = explain_noise(PLANT, 1, NIGHT, from_texts(["45"]), from_texts(["57"])).as_dict()
    assert told["result"] == {"limit": 45, "exceed_db": Decimal("0.1"), "verdict": "exceeded"}
    assert "60" in told["steps"][1]["text"]
    assert open_["result"]["verdict"] == "unknown" and len(open_["steps"]) == 2
