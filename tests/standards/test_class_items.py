"""Tables of groundwater, sea, sediment and biota: complete, typed, and the same as the collected facts."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from huanzhi import standards
from huanzhi.errors import StandardError
from huanzhi.standards import groundwater, sea
from huanzhi.standards.class_items import Accept, find_item

FACTS = Path(__file__).parents[2] / "../shared/facts/standards"
GROUNDWATER = groundwater.table_of("2017")
WATER = sea.table_of(sea.WATER, "1997")
SEDIMENT = sea.table_of(sea.SEDIMENT, "2002")
BIOTA = sea.table_of(sea.BIOTA, "2001")


def facts(name):
    path = FACTS / name
    if not path.exists():
        pytest.skip("collected facts absent: ../shared/facts/standards")
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def upper_limits(item):
    return [accept.high for accept in item.accepts]


def test_groundwater_has_39_regular_and_54_other_items():
    places = [item.table.id for item in GROUNDWATER.items]
    assert len(places) - places.count("other") == 39
    assert places.count("other") == 54


@pytest.mark.parametrize("table", ["table1", "table2"])
def test_groundwater_limits_are_those_of_the_facts(table):
    for name, row in facts("gbt14848_groundwater.toml")[table].items():
        item = GROUNDWATER.item(name)
        wanted = row.get("limits") or [Decimal(0), *row["limits_II_IV"]]
        assert upper_limits(item)[: len(wanted)] == wanted, name
        assert item.unit == row["unit"].replace("ug", "µg"), name


def test_sea_limits_are_those_of_the_facts():
    for name, row in facts("gb3097_seawater.toml")["limits"].items():
        if isinstance(row, list) and name != "溶解氧(>)":
            item = find_item(WATER.items, name) or WATER.item(name.partition("(ug")[0])
            assert upper_limits(item) == row, name


@pytest.mark.parametrize(
    ("table", "section"), [(SEDIMENT, "sediment_gb18668_2002"), (BIOTA, "biota_gb18421_2001")]
)
def test_sediment_and_biota_limits_are_those_of_the_facts(table, section):
    rows = facts("gb3097_seawater.toml")[section]
    for name, row in rows.items():
        if isinstance(row, list) and name != "sources":
            assert upper_limits(table.item(name.removesuffix("(%)"))) == row, name


def test_sea_water_has_every_item_of_its_table():
    """35 items of the standard; inorganic nitrogen and temperature rise are one and two rows here."""
    names = {item.name for item in WATER.items}
    assert len(WATER.items) == 29 + 3 + 5 + 1
    assert {"137Cs", "60Co", "pH", "pH变动", "水温升高(夏季)", "悬浮物", "粪大肠菌群"} <= names


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("w21003", "氨氮"),
        ("NH3-N", "氨氮"),
        ("Fe", "铁"),
        ("氯仿", "三氯甲烷"),
        ("TDS", "溶解性总固体"),
        ("硝酸盐(以N计)", "硝酸盐"),
        ("ＬＡＳ", "阴离子表面活性剂"),
        ("iron", "铁"),
        ("苯并[a]芘", "苯并(a)芘"),
        ("总大肠菌群", "总大肠菌群"),
    ],
)
def test_an_item_is_found_by_name_alias_symbol_and_code(heading, name):
    assert GROUNDWATER.item(heading).name == name


def test_no_two_groundwater_items_share_a_spelling():
    for table in (GROUNDWATER, WATER, SEDIMENT, BIOTA):
        for item in table.items:
            for spelling in (item.name, item.name_en, *item.aliases):
                assert find_item(table.items, spelling) is item, spelling


def test_an_unknown_item_is_refused():
    with pytest.raises(StandardError, match="没有“石油类”一行"):
        GROUNDWATER.item("石油类")


def test_a_day_before_the_standard_is_refused():
    with pytest.raises(StandardError):
        groundwater.table_on(date(2018, 4, 30))
    assert groundwater.table_on(date(2018, 5, 1)).edition.number == "GB/T 14848-2017"


def test_water_for_raw_shellfish_has_stricter_coliform_limits():
    strict = sea.table_of(sea.WATER, "1997", shellfish=True)
    assert upper_limits(strict.item("粪大肠菌群"))[:3] == [140] * 3
    assert upper_limits(WATER.item("粪大肠菌群"))[:3] == [2000] * 3


def test_intervals_are_printed_as_the_standards_do():
    assert Accept(high=Decimal("0.3")).text() == "≤0.3"
    assert Accept(low=Decimal(6), strict=True).text() == ">6"
    assert Accept(Decimal("6.5"), Decimal("8.5")).text() == "6.5–8.5"
    assert Accept().text() == "—"


@pytest.mark.parametrize(
    ("identity", "table"),
    [
        ("HJ 442.10", "eutrophication_grades"),
        ("HJ 442.10", "nearshore_grades"),
        ("HJ 640", "grades"),
        ("GB 3097", "un_ionised_ammonia"),
    ],
)
def test_what_is_known_from_memory_only_says_so(identity, table):
    edition = standards.standard(identity).editions[-1]
    assert edition.table(table).provenance.confidence is standards.Confidence.MEMORY_ONLY
