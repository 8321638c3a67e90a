"""CWQI rankings: item sets are stated, what does not compare is not ranked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from huanzhi.library.series import Feature, Store
from huanzhi.programmes.rankings import rank_water
from huanzhi.programmes.rankings.water_tables import water_payload, water_table
from huanzhi.programmes.spans import parse_span
from huanzhi.programmes.water_sections import read_sections
from huanzhi.standards.parameters import find
from huanzhi.standards.periods import Period, start_of_day

SPAN = parse_span("2026-02")
TIME = start_of_day(date(2026, 2, 1))


def section(code: str, region: str, kind: str = "section") -> Feature:
    return Feature(code, code, kind, region=region)


def code(name: str) -> str:
    found = find(name, "water")
    assert found is not None
    return found.code


def values(rows: Any, place: str, **items: tuple[int, int]) -> list[dict[str, object]]:
    names = {"codmn": "高锰酸盐指数", "nh3n": "氨氮", "tp": "总磷"}
    return [rows.one(place, code(names[item]), Period.MONTH, TIME, *value) for item, value in items.items()]


def test_a_city_at_class_three_has_one_for_each_item(put: Any, rows: Any) -> None:
    store = put([section("A", "甲市")], values(rows, "A", codmn=(6, 0), nh3n=(10, 1), tp=(2, 1)))
    found = rank_water(store, SPAN)
    assert found.rows[0].index == Decimal("3.0000") and found.rows[0].rank == 1
    assert found.items == {"高锰酸盐指数", "氨氮", "总磷"}


def test_lakes_take_their_own_limit_of_phosphorus(put: Any, rows: Any) -> None:
    store = put([section("A", "甲市", "lake")], values(rows, "A", tp=(5, 2)))
    assert rank_water(store, SPAN).rows[0].index == Decimal("1.0000")


def test_what_has_other_items_is_not_ranked_and_says_so(put: Any, rows: Any) -> None:
    data = [
        *values(rows, "A", codmn=(6, 0), tp=(2, 1)),
        *values(rows, "B", codmn=(3, 0), tp=(2, 1)),
        *values(rows, "C", codmn=(1, 0)),
    ]
    found = rank_water(put([section(p, f"{p}市") for p in "ABC"], data), SPAN)
    assert [(row.name, row.rank) for row in found.rows] == [("B市", 1), ("A市", 2), ("C市", None)]
    table = water_table(found)
    assert "总磷" in str(table.rows[2][-1]) and "氨氮" in table.note


def test_the_town_is_ranked_by_city_section_and_basin(town: Store) -> None:
    for by, number in (("city", 4), ("section", 12), ("basin", 2), ("province", 1)):
        found = rank_water(town, parse_span("2025-05"), by=by, improvement=True)  # type: ignore[arg-type]
        assert len(found.rows) == number and found.simulated
    assert water_payload(found)["items_of_rule"][0] == "pH"


def test_one_value_stays_as_reported_and_several_are_averaged(put: Any, rows: Any) -> None:
    data = [rows.one("A", code("氨氮"), Period.INSTANT, TIME + 3600 * n, 10 + n, 1) for n in range(3)]
    data += [rows.one("B", code("氨氮"), Period.INSTANT, TIME, 15, 1)]
    found = read_sections(put([section("A", "甲市"), section("B", "甲市")], data), SPAN)
    assert found.samples.tolist() == [3, 1]
    assert [found.items["氨氮"].exact(place) for place in (0, 1)] == [Decimal("1.1"), Decimal("1.5")]


def test_the_longest_period_of_a_section_is_taken(put: Any, rows: Any) -> None:
    data = [
        rows.one("A", code("氨氮"), Period.INSTANT, TIME, 90, 1),
        rows.one("A", code("氨氮"), Period.MONTH, TIME, 10, 1),
    ]
    found = read_sections(put([section("A", "甲市")], data), SPAN)
    assert found.items["氨氮"].text(0) == "1.0"


def test_a_section_without_values_is_silent(put: Any, rows: Any) -> None:
    store = put([section("A", "甲市"), section("B", "甲市")], values(rows, "A", tp=(2, 1)))
    found = read_sections(store, SPAN)
    assert [one.code for one in found.features] == ["A"] and [one.code for one in found.silent] == ["B"]
