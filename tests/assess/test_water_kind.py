"""River or lake, told from evidence."""

from __future__ import annotations

import pytest

from huanzhi.assess.water_kind import decide, is_known_word
from huanzhi.standards import water_bodies

TABLES = water_bodies.tables()


def kind(name, **evidence):
    return decide([name], TABLES, **{key: [value] for key, value in evidence.items()})[0]


@pytest.mark.parametrize(
    "name",
    [
        "太湖湖心",
        "某水库库心",
        "兆河入湖区",
        "大湖湖区",
        "洪泽湖",
        "XX湖(南岸)",
        "烧车淀",
        "纳木错",
        "乌梁素海",
        "密云水库",
        "东平湖湖北",
    ],
)
def test_names_within_lakes_are_lakes(name):
    assert kind(name).lake


@pytest.mark.parametrize(
    "name",
    [
        "长江大桥",
        "黄河入海口",
        "某河入湖口",
        "湖口",
        "滨湖桥",
        "张家湾",
        "余家湖",
        "湖东村",
        "太湖出口",
        "洪湖大桥",
        "二坝闸",
        "小湾",
        "密云水库出口",
    ],
)
def test_names_on_rivers_are_rivers(name):
    assert not kind(name).lake


def test_a_given_kind_goes_before_every_other_evidence():
    found = kind("太湖湖心", given="河流", measured=True)
    assert (found.lake, found.how) == (False, "given")
    assert kind("长江大桥", given="湖库").lake
    assert kind("长江大桥", given=" ").how == "pattern"


def test_probes_of_lakes_go_before_the_name():
    assert kind("某大桥", measured=True).how == "measured"
    assert not kind("某大桥", measured=False).lake


def test_known_stations_count_in_their_province():
    assert kind("断桥", provinces="云南省").how == "station"
    assert not kind("断桥", provinces="江苏省").lake
    assert kind("断桥").lake
    assert not kind("龟山").lake
    assert kind("龟山", provinces="安徽省").lake


def test_an_unknown_reservoir_is_doubtful():
    found = kind("某某水库")
    assert (found.lake, found.doubtful) == (False, True)


def test_before_a_dam_is_a_doubtful_lake():
    found = kind("某某水库坝前")
    assert (found.lake, found.doubtful) == (True, True)


def test_without_evidence_a_section_is_a_river():
    found = kind("三江口村民点")
    assert not found.lake
    assert kind("阿某").how == "default"


def test_words_for_kinds_are_known():
    assert all(is_known_word(word, TABLES) for word in ("", "lake", "RIVER", "湖库", "水库", "河流"))
    assert not is_known_word("lagoon", TABLES)
