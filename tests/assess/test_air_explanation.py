"""Explanations: the arithmetic in words agrees with the judged figure, in both languages."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi import standards
from huanzhi.assess.air_explanation import explain_air
from huanzhi.assess.aqi import NONE, aqi
from huanzhi.messages import using
from huanzhi.standards.air import ITEMS, Item
from huanzhi.standards.periods import Period

OLD, NEW = standards.standard("HJ 633").editions
FULL = dict(zip(ITEMS, map(Decimal, ("10", "20", "0.8", "50", "100.5", "47.6")), strict=True))
ROWS = st.fixed_dictionaries({item: st.one_of(st.none(), st.decimals(0, 1500, places=2)) for item in ITEMS})


def test_a_row_is_explained_step_by_step() -> None:
    found = explain_air(FULL, Period.DAY, NEW)
    with using("en"):
        sentences = [step.sentence() for step in found.steps]
    assert sentences[5] == (
        "PM2.5: 47.6 µg/m³, rounded to 48; IAQI = (100 - 50) / (60 - 35) × (48 - 35) + 50, rounded up to 76"
    )
    assert sentences[2].startswith("CO: 0.8 mg/m³; IAQI = ")
    assert sentences[6:] == [
        "the largest of the IAQI (10, 25, 20, 25, 86, 76) is 86",
        "AQI 86 is above 50: the primary pollutant is PM10",
        "AQI 86 is of level 2 (二级), good",
    ]
    assert found.steps[5].clause == "表3"
    assert found.result["aqi"] == 86


@given(ROWS, st.sampled_from([OLD, NEW]), st.sampled_from([Period.HOUR, Period.DAY]))
def test_the_explained_result_is_the_judged_one(
    row: dict[Item, Decimal | None], edition: standards.Edition, averaging: Period
) -> None:
    found = explain_air(row, averaging, edition)
    judged = aqi(
        [[np.nan if v is None else float(v) for v in (row[item] for item in ITEMS)]], averaging, edition
    )
    assert found.result["aqi"] == (None if judged.aqi[0] == NONE else judged.aqi[0])
    for language in ("zh", "en"):
        with using(language):
            assert all(step.sentence() for step in found.steps)
            assert found.as_dict()["editions"] == [edition.number]


@pytest.mark.parametrize(
    ("row", "edition", "word"),
    [
        ({Item.PM25: Decimal(30)}, NEW, "5.3"),
        ({Item.SO2: Decimal(900), Item.PM25: Decimal(30)}, OLD, "表1 注2"),
        ({}, OLD, ""),
    ],
)
def test_an_aqi_that_cannot_be_given_is_explained(
    row: dict[Item, Decimal], edition: standards.Edition, word: str
) -> None:
    found = explain_air(row, Period.HOUR, edition)
    assert found.result["aqi"] is None
    assert found.result["level"] is None
    assert any(word in step.clause for step in found.steps)


def test_an_index_by_the_other_averaging_time_is_explained_by_both() -> None:
    row = {Item.SO2: Decimal(900), Item.PM25: Decimal(30)}
    found = explain_air(row, Period.HOUR, OLD, {Item.SO2: Decimal(475)})
    with using("en"):
        sentences = [step.sentence() for step in found.steps]
    assert sentences[0].endswith("above the last breakpoint 800: no IAQI by this averaging time")
    assert sentences[6].startswith("SO2: 475 µg/m³") and sentences[6].endswith("rounded up to 150")
    assert found.result["aqi"] == 150


def test_unconfirmed_rules_that_were_used_are_cautions() -> None:
    with using("en"):
        assert not any(
            "one implementation truncates" not in c for c in explain_air(FULL, Period.DAY, NEW).cautions()
        )
        cautions = explain_air({Item.PM25: Decimal(30)}, Period.DAY, NEW).cautions()
    assert any("one source only" in caution for caution in cautions)
