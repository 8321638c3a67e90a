"""Regions: the tree of codes, names with and without suffix, codes that ceased."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from huanzhi.errors import StandardError
from huanzhi.messages import using
from huanzhi.standards import Confidence
from huanzhi.standards.regions import all_regions, children, contains, find_region, path, region

BOUNDARIES = Path(__file__).parents[2] / "../shared/data/boundaries/taizhou_ningbo_innermongolia.geojson.gz"


def test_the_tree_of_a_county() -> None:
    assert [(step.code, step.level) for step in path("331002")] == [
        ("330000", "province"),
        ("331000", "city"),
        ("331002", "county"),
    ]


def test_every_region_hangs_on_a_known_one() -> None:
    for found in all_regions().values():
        assert path(found.code)[0].level == "province"


def test_zhejiang_has_eleven_cities_and_inner_mongolia_twelve() -> None:
    assert len(children("330000")) == 11
    assert len(children("150000")) == 12
    assert len(children("330200")) == 10
    assert len(children("331000")) == 9


@pytest.mark.parametrize(
    ("name", "within", "code"),
    [
        ("台州市", "", "331000"),
        ("台州", "", "331000"),
        ("Taizhou", "", "331000"),
        ("内蒙古", "", "150000"),
        ("余姚", "3302", "330281"),
        ("锡林郭勒", "", "152500"),
        ("科尔沁区", "150000", "150502"),
    ],
)
def test_names_are_found(name: str, within: str, code: str) -> None:
    found = find_region(name, within)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(("name", "within"), [("上海市", ""), ("余姚", "331000"), ("", "")])
def test_unknown_names_are_not_guessed(name: str, within: str) -> None:
    assert find_region(name, within) is None


def test_a_code_that_ceased_says_so() -> None:
    old = region("331021")
    assert (old.until, region(old.successor).name) == (2017, "玉环市")
    assert old not in children("331000")
    assert old.confidence is Confidence.MEMORY_ONLY


def test_unknown_codes_are_refused() -> None:
    with pytest.raises(StandardError) as caught:
        region("999999")
    with using("en"):
        assert str(caught.value) == "no region has the code “999999”"


@pytest.mark.parametrize(
    ("code", "inner", "expected"),
    [
        ("330000", "330282", True),
        ("330200", "330282", True),
        ("330282", "330282", True),
        ("331000", "330282", False),
    ],
)
def test_contains(code: str, inner: str, expected: bool) -> None:
    assert contains(code, inner) is expected


def test_codes_agree_with_the_boundaries() -> None:
    if not BOUNDARIES.exists():
        pytest.skip("shared data absent: ../shared/data/boundaries")
    with gzip.open(BOUNDARIES) as file:
        places = [feature["properties"] for feature in json.load(file)["features"]]
    theirs = {p["adcode"]: p["district"] or p["city"] or p["province"] for p in places}
    ours = {code: all_regions()[code].name for code in theirs}
    assert ours == theirs
