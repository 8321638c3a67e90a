"""Explanations from the store: the arithmetic agrees with the judgement, origins lead back to the row."""

from __future__ import annotations

import gzip
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from huanzhi.errors import InputError
from huanzhi.library.series import SCHEMA, Feature, Source, Store
from huanzhi.programmes.explaining import (
    explain_air_rank,
    explain_water_rank,
    origins,
    stored_air,
    stored_water,
)
from huanzhi.programmes.rankings import rank_air, rank_water
from huanzhi.programmes.spans import parse_span
from huanzhi.standards.air import Item
from huanzhi.standards.periods import HOUR, Period, start_of_day

NOON = start_of_day(date(2026, 3, 10)) + 12 * HOUR


def words(explanation: Any) -> str:
    return "\n".join(step.sentence() for step in explanation.steps)


def test_an_hour_is_explained_with_its_file_and_row(town: Store) -> None:
    found = stored_air(town, "SIM-A01", NOON, Period.HOUR)
    assert found.explanation.editions[0].number == "HJ 633-2026"
    assert {one.item for one in found.origins} == {"SO2", "NO2", "CO", "O3", "PM10", "PM2.5"}
    assert all(one.file == "air_station_hours.csv.gz" and one.row > 2 for one in found.origins)
    assert all(len(one.sha256) == 64 and one.current for one in found.origins)


def test_the_row_that_is_named_holds_the_value(town: Store) -> None:
    found = stored_air(town, "模拟甲市一号站", NOON, Period.HOUR)
    raw = town.raw(found.origins[0].sha256)
    line = gzip.decompress(raw).decode().splitlines()[found.origins[0].row - 1].split(",")
    assert line[0] == "SIM-A01" and line[6] == "2026-03-10T12:00" and line[7] == found.origins[0].value


def test_an_older_edition_recomputes_it(town: Store) -> None:
    new = stored_air(town, "SIM-A01", NOON, Period.HOUR).explanation
    old = stored_air(town, "SIM-A01", NOON, Period.HOUR, "2012").explanation
    assert (new.editions[0].id, old.editions[0].id) == ("2026", "2012")


def test_a_city_day_tells_hours_and_points(town: Store) -> None:
    day = start_of_day(date(2026, 2, 28))
    found = stored_air(town, "模拟甲市", day, Period.DAY)
    assert "24、24" in words(found.explanation)
    assert len(found.origins) == 2 * 6 * 24
    assert [one.number for one in found.explanation.editions] == ["HJ 663-2013", "HJ 633-2012"]


def test_a_station_day_and_a_published_day(town: Store) -> None:
    day = start_of_day(date(2026, 3, 2))
    assert len(stored_air(town, "SIM-A03", day, Period.DAY).origins) == 6 * 24
    published = stored_air(town, "模拟丁市", day, Period.DAY)
    assert "发布的日值" in words(published.explanation) and len(published.origins) == 6


def test_a_section_is_explained_over_a_month(town: Store) -> None:
    found = stored_water(town, "模拟南江出境", parse_span("2026-03"))
    assert found.explanation.result["class"] == "劣Ⅴ"
    assert all(one.file == "water_sections.csv" for one in found.origins)


def test_an_unknown_place_lists_near_names(town: Store) -> None:
    with pytest.raises(InputError) as raised:
        stored_air(town, "甲市", NOON, Period.HOUR)
    assert "SIM-A01" in str(raised.value)


def test_a_time_without_data_is_refused(town: Store) -> None:
    with pytest.raises(InputError):
        stored_air(town, "SIM-A01", start_of_day(date(2020, 1, 1)), Period.HOUR)
    with pytest.raises(InputError):
        stored_water(town, "SIM-W01", parse_span("2020-01"))


def test_earlier_revisions_are_told(put: Any, rows: Any) -> None:
    place = Feature("A", "甲站", "air_station", region="甲市")
    code = Item.PM25.parameter.code
    store = put([place], [rows.one("A", code, Period.HOUR, NOON, 30, 0)])
    changed = pa.Table.from_pylist([rows.one("A", code, Period.HOUR, NOON, 33, 0)], SCHEMA)
    store.write(changed, [place], Source("corrected.csv", "template", ""))
    found = origins(store, "A", [code], Period.HOUR, [NOON])
    assert [(one.value, one.current, one.file) for one in found] == [
        ("30", False, "made.csv"),
        ("33", True, "corrected.csv"),
    ]


def test_a_rank_is_the_sum_of_its_terms(town: Store) -> None:
    ranking = rank_air(town, parse_span("2026-03"), improvement=True)
    found = explain_air_rank(ranking, "模拟甲市")
    row = next(one for one in ranking.rows if one.name == "模拟甲市")
    total = sum((one.index for one in row.items.values() if one.index is not None), Decimal(0))
    assert abs(total - Decimal(str(found.result["index"]))) <= Decimal("0.03")
    assert "41.9 ÷ 30" in words(found) and found.cautions()


def test_a_city_that_is_left_out_is_told_why(town: Store) -> None:
    ranking = rank_air(town, parse_span("2026Q1"))
    assert "未参加排名" in words(explain_air_rank(ranking, "模拟甲市"))


def test_a_water_rank_is_explained_item_by_item(town: Store) -> None:
    ranking = rank_water(town, parse_span("2026-03"))
    found = explain_water_rank(ranking, "模拟乙市")
    assert "河流 2 个断面" in words(found) and "湖库 1 个点位" in words(found)
    with pytest.raises(InputError):
        explain_water_rank(ranking, "月球")
