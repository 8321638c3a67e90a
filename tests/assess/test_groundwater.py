"""Groundwater: nitrogen, hardness, and real wells."""

import csv
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from huanzhi.assess.exact import MISSING
from huanzhi.assess.groundwater import as_nitrogen, explain_groundwater, hardness, judge
from huanzhi.assess.readings import UNBOUNDED, from_floats, from_texts, readings
from huanzhi.assess.states import State
from huanzhi.standards import groundwater

WELLS = (
    Path(__file__).parents[2] / "../shared/data/groundwater_telangana/groundwater_2018_2020_postmonsoon.csv"
)
TABLE = groundwater.table_of("2017")
DAY = date(2020, 6, 1)


def test_nitrate_as_the_ion_becomes_nitrate_as_nitrogen():
    """62.004 g of NO3 hold 14.007 g of N; the class Ⅲ limit of 20 mg/L N is 88.5 mg/L NO3."""
    turned = as_nitrogen(from_texts(["62.004", "88.5", "<0.1", ""]), "硝酸盐", TABLE)
    assert turned.exact(0) == Fraction(14007, 1000)
    assert turned.exact(1) < 20
    assert turned.below.tolist() == [False, False, True, False]
    assert not turned.present[3]


def test_a_detection_limit_that_is_not_known_stays_so():
    unknown = readings([MISSING], 0, [State.BELOW_DETECTION])
    assert as_nitrogen(unknown, "亚硝酸盐", TABLE).high.tolist() == [UNBOUNDED]
    assert hardness(unknown, from_texts(["1"]), TABLE).high.tolist() == [UNBOUNDED]


def test_hardness_from_calcium_and_magnesium():
    """One mole of each in a litre is two moles of CaCO3."""
    found = hardness(from_texts(["40.078", "40", ""]), from_texts(["24.305", "24.3", "1"]), TABLE)
    assert found.exact(0) == Fraction("200.172")
    assert float(found.exact(1)) == pytest.approx(2.4973 * 40 + 4.1179 * 24.3, rel=1e-4)
    assert not found.present[2]


def test_the_unit_of_organics_is_micrograms():
    judged = judge({"三氯甲烷": from_texts(["0.06"]).shifted(-3)}, DAY)
    assert judged.classes.tolist() == [3]


def test_the_explanation_of_a_sample():
    told = explain_groundwater({"氟化物": from_texts(["1.5"])}, DAY)
    assert told.result["class"] == "Ⅳ"
    assert told.result["multiples"] == {"氟化物": Decimal("0.50")}


def test_real_wells_agree_with_a_plain_reading_of_the_limits():
    if not WELLS.exists():
        pytest.skip("shared data absent: ../shared/data/groundwater_telangana")
    with WELLS.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    limits = {
        "TDS_mg_L": (300, 500, 1000, 2000),
        "Cl": (50, 150, 250, 350),
        "F": (1, 1, 1, 2),
        "TH": (150, 300, 450, 650),
    }
    numbers = {name: np.array([number(row[name]) for row in rows]) for name in limits}
    names = {"TDS_mg_L": "溶解性总固体", "Cl": "氯化物", "F": "氟化物", "TH": "总硬度"}
    judged = judge({names[k]: from_floats(v) for k, v in numbers.items()}, DAY)
    plain = np.stack(
        [np.where(np.isnan(v), 0, 1 + sum(v > e for e in limits[k])) for k, v in numbers.items()], axis=1
    )
    assert len(rows) == 1106
    assert (judged.best == plain).all()
    assert (judged.classes == plain.max(axis=1)).all()


def number(text):
    try:
        return float(text)
    except ValueError:
        return float("nan")
