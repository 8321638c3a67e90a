"""Parameters: one meaning a spelling, every judged item found, own codes marked."""

from __future__ import annotations

from collections import defaultdict

import pytest

from huanzhi.errors import StandardError
from huanzhi.standards import Confidence, all_standards
from huanzhi.standards.parameters import all_parameters, find, matches, parameter, plain
from huanzhi.standards.units import factor, find_unit


def test_no_two_parameters_of_a_medium_share_a_spelling() -> None:
    meanings: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for found in all_parameters().values():
        for spelling in found.spellings():
            meanings[found.medium, spelling].add(found.code)
    assert {key: codes for key, codes in meanings.items() if len(codes) > 1} == {}


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("so2", "a21026"), ("NO₂", "a21004"), ("co", "a21005"), ("O3", "a05024"), ("pm10", "a34002"),
        ("pm2_5", "a34004"), ("PM25", "a34004"), ("ＰＭ２．５", "a34004"), ("细颗粒物(PM2.5)", "a34004"),
        ("PM1.0", "a34005"), ("ph", "w01001"), ("pH(无量纲)", "w01001"), ("do", "w01009"),
        ("codmn", "w01019"), ("cod", "w01018"), ("CODcr", "w01018"), ("bod5", "w01017"), ("nh3n", "w21003"),
        ("NH3-N", "w21003"),
        ("tp", "w21011"), ("tn", "w21001"), ("叶绿素α", "hz-chla"), ("藻密度", "hz-algae"),
        ("浊度", "w01003"), ("电导率", "w01014"), ("水温", "w01010"), ("dissolved oxygen", "w01009"),
        ("a34004", "a34004"), ("Leq", "Leq"),
    ],
)  # fmt: skip
def test_headings_of_real_files_are_read(heading: str, code: str) -> None:
    found = find(heading)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("heading", ["o3_8h", "so2_24h", "station", "", "no3", "NO2-"])
def test_a_period_an_ion_or_a_plain_word_is_no_water_parameter(heading: str) -> None:
    assert find(heading, "water") is None


def test_a_name_of_several_media_is_not_guessed() -> None:
    assert find("铅") is None
    assert [found.code for found in matches("铅")] == ["a20044", "w20144", "hz-soil-lead"]
    assert [find("铅", medium).code for medium in ("air", "water", "soil")] == [  # type: ignore[union-attr]
        "a20044",
        "w20144",
        "hz-soil-lead",
    ]


def test_the_national_code_wins_over_our_own_where_no_medium_is_named() -> None:
    assert find("pH").code == "w01001"  # type: ignore[union-attr]
    assert find("pH", "soil").code == "hz-soil-ph"  # type: ignore[union-attr]


MEDIA = {"air": "air", "water": "water", "groundwater": "water", "sea": "water", "soil": "soil"}
NO_PARAMETER = {
    "GB 18421": "contents of shellfish are no parameters of the water",
    "GB 18668": "contents of the sediment are those of the soil",
    "GB 3097 changes": "the rise of the water temperature has two limits by season",
}


def judged() -> list[tuple[str, str]]:
    """Return the medium and the name of every item that a table of limits judges."""
    return [
        (MEDIA[held.subject], row.get("item", row["name"]))
        for held in all_standards().values()
        if held.subject in MEDIA and held.id not in NO_PARAMETER
        for edition in held.editions
        for tables in edition.tables.values()
        for table in tables
        if table.kind in ("classes", "ranges", "thresholds", "breakpoints")
        and f"{held.id} {table.id}" not in NO_PARAMETER
        for row in table.rows
    ]


def test_every_item_that_a_standard_judges_is_a_parameter() -> None:
    items = judged()
    assert len(items) > 300
    missing = [(medium, name) for medium, name in items if find(name.split()[0], medium) is None]
    assert [found for found in missing if find(found[1], found[0]) is None] == []


def test_unknown_codes_are_refused() -> None:
    with pytest.raises(StandardError, match="w99999"):
        parameter("w99999")


def test_codes_say_how_far_they_are_confirmed() -> None:
    assert parameter("a34004").provenance.confidence is Confidence.CONFIRMED
    assert parameter("a99054").provenance.confidence is Confidence.MEMORY_ONLY
    for found in all_parameters().values():
        assert found.national == (found.provenance.confidence is not Confidence.DEFAULT)


def test_every_unit_is_known_and_fits_the_unit_of_the_frames() -> None:
    for found in all_parameters().values():
        assert find_unit(found.unit) is not None, found.code
        if found.wire_unit:
            assert factor(found.wire_unit, found.unit) > 0, found.code


def test_old_codes_are_those_of_2005() -> None:
    assert parameter("w01018").old_code == "011"
    assert parameter("a21026").old_code == "02"
    old = [found.old_code for found in all_parameters().values() if found.old_code]
    assert len(set(old)) == len(old)


@pytest.mark.parametrize(
    ("one", "other"), [("1,1-二氯乙烷", "1,1-二氯乙烯"), ("PM1.0", "PM10"), ("Cr", "Cr6+")]
)
def test_names_that_differ_stay_different(one: str, other: str) -> None:
    assert plain(one) != plain(other)
