"""Soil tables: complete and the same as the collected facts."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from huanzhi.errors import StandardError
from huanzhi.standards import soil

FACTS = Path(__file__).parents[2] / "../shared/facts/standards/soil_gb36600_gb15618.toml"
DEVELOPMENT = soil.table_of(soil.DEVELOPMENT, "2018")
FARM = soil.table_of(soil.FARM, "2018")
COLUMN = {"水田": "paddy", "果园": "orchard", "其他": "other"}


@pytest.fixture(scope="module")
def facts():
    if not FACTS.exists():
        pytest.skip("collected facts absent: ../shared/facts/standards")
    return tomllib.loads(FACTS.read_text(encoding="utf-8"), parse_float=Decimal)


def test_development_land_has_45_basic_and_40_other_items():
    places = [item.table.id for item in DEVELOPMENT.items]
    assert (places.count("basic"), places.count("other")) == (45, 40)
    assert [item.name for item in DEVELOPMENT.items if item.background] == ["砷", "钴", "钒"]


@pytest.mark.parametrize("section", ["gb36600_basic", "gb36600_other"])
def test_development_values_are_those_of_the_facts(facts, section):
    for row in facts[section]:
        item = soil.find_item(DEVELOPMENT.items, row["item"])
        first, second, unclear = item.thresholds
        assert [first.screen, second.screen] == row["screen"], row["item"]
        assert [first.control, second.control] == row["control"], row["item"]
        assert unclear == first


def test_farm_values_are_those_of_the_facts(facts):
    section = facts["gb15618"]
    for name, uses in section["screen"].items():
        for use, column in COLUMN.items():
            wanted = uses.get(column) or uses.get("other") or uses["all"]
            pairs = pairs_of(name, use)
            assert [pair.screen for pair in pairs] == wanted, (name, use)
            assert [pair.control for pair in pairs] == section["control"].get(name, [None] * 4)
    for name, value in section["screen_other"].items():
        assert {pair.screen for pair in pairs_of(name, "水田")} == {value}


def test_rotation_takes_the_stricter_of_paddy_and_other():
    for item in FARM.items:
        three = zip(*(pairs_of(item.name, use) for use in ("水旱轮作", "水田", "其他")), strict=True)
        for rotation, paddy, other in three:
            assert rotation.screen == min(paddy.screen, other.screen), item.name


def test_screening_never_lies_above_control():
    for item in (*DEVELOPMENT.items, *FARM.items):
        assert all(pair.control is None or pair.screen <= pair.control for pair in item.thresholds), item.name


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("第一类用地", ("GB 36600", 0)),
        ("第二类", ("GB 36600", 1)),
        ("second class", ("GB 36600", 1)),
        ("用途不明", ("GB 36600", 2)),
        ("水田", ("GB 15618", 0)),
        ("Orchard", ("GB 15618", 1)),
        ("旱地", ("GB 15618", 2)),
        ("水旱轮作", ("GB 15618", 3)),
        ("住宅", None),
        ("", None),
    ],
)
def test_a_use_is_known_by_its_chinese_and_english_words(text, use):
    assert soil.use_of(text) == use


def test_no_two_items_share_a_spelling():
    for table in (DEVELOPMENT, FARM):
        for item in table.items:
            for spelling in (item.name, item.name_en, *item.aliases):
                assert soil.find_item(table.items, spelling) is item, spelling


def test_a_day_before_the_standard_is_refused():
    with pytest.raises(StandardError):
        soil.table_on(soil.FARM, date(2018, 7, 31))


def pairs_of(name, use):
    item, place = soil.find_item(FARM.items, name), FARM.uses.index(use)
    return item.thresholds[4 * place : 4 * place + 4]
