"""A file goes into the store whole or not at all; refused rows are kept; simulated and real do not mix."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from huanzhi.errors import InputError
from huanzhi.library.series import open_store
from huanzhi.messages import using
from huanzhi.network.feeds.importing import Imported, Plan, import_file
from huanzhi.network.feeds.reading import Options
from huanzhi.network.feeds.registry import read_file

GOOD = "station,name,time,so2,pm25\nA1,甲,2024-01-01 00:00,5,10\nA1,甲,2024-01-01 01:00,6,<3\n"
BAD = GOOD + "A1,甲,2024-01-01 02:00,x,11\nA1,甲,2024-01-01 03:00,7,-1\n"


def put(folder: Path, text: str, name: str = "t.csv", **plan: object) -> Imported:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    with open_store("write", folder / "home") as store:
        return import_file(file, Plan(**plan), store)  # type: ignore[arg-type]


def stored(folder: Path) -> int:
    with open_store("read", folder / "home") as store:
        return int(store.range().num_rows)


def test_new_unchanged_and_revised(tmp_path: Path) -> None:
    first = put(tmp_path, GOOD).receipt
    again = put(tmp_path, GOOD, "again.csv").receipt
    changed = put(tmp_path, GOOD.replace(",6,", ",8,")).receipt
    assert first and again and changed
    assert (first.received, first.new) == (4, 4)
    assert (again.new, again.revised) == (0, 0)
    assert (changed.revised, changed.unchanged) == (1, 3)
    assert stored(tmp_path) == 4


def test_refused_rows_are_written_with_their_reason_and_can_be_mended(tmp_path: Path) -> None:
    with using("en"):
        done = put(tmp_path, BAD)
    assert done.rejects == tmp_path / "t.csv.refused.csv"
    with done.rejects.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(one["refused_row"], one["refused_column"], one["refused_value"]) for one in lines] == [
        ("4", "so2", "x"),
        ("5", "pm25", "-1"),
    ]
    assert lines[1]["refused_reason"] == "this parameter cannot be negative"
    assert lines[0]["name"] == "甲"
    assert stored(tmp_path) == 4
    mended = done.rejects.read_text(encoding="utf-8-sig").replace(",x,11", ",9,11").replace(",7,-1,", ",7,1,")
    (tmp_path / "mended.csv").write_text(mended, encoding="utf-8")
    assert read_file(tmp_path / "mended.csv").rejects == ()


def test_a_mended_reject_file_of_cells_names_no_new_cities(tmp_path: Path) -> None:
    done = put(tmp_path, "date,hour,type,北京,天津\n20230101,8,PM2.5,x,40\n")
    assert done.rejects is not None
    again = read_file(done.rejects)
    assert {one.code for one in again.features} == {"city:天津"}


def test_strict_refuses_the_whole_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        put(tmp_path, BAD, strict=True)
    assert error.value.key == "feeds.strict"
    assert error.value.place["row"] == 4
    assert stored(tmp_path) == 0
    assert not list(tmp_path.glob("*.refused.csv"))


def test_a_broken_file_imports_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        put(tmp_path, GOOD + "A1,甲\n")
    assert stored(tmp_path) == 0


def test_a_trial_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(BAD, encoding="utf-8")
    done = import_file(tmp_path / "t.csv", Plan(options=Options()), None)
    assert done.receipt is None
    assert len(done.reading.rejects) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["t.csv"]


def test_the_raw_bytes_are_kept(tmp_path: Path) -> None:
    receipt = put(tmp_path, GOOD).receipt
    assert receipt is not None
    with open_store("read", tmp_path / "home") as store:
        source = store.batch(receipt.batch).source
        assert store.inbox.read(source.sha256) == GOOD.encode()
    assert (source.format, source.name) == ("template", "t.csv")


def test_simulated_values_for_a_real_place_are_refused_and_the_other_way_round(tmp_path: Path) -> None:
    put(tmp_path, GOOD)
    with pytest.raises(InputError) as error:
        put(tmp_path, "# 模拟数据\n" + GOOD)
    assert error.value.key == "feeds.simulated_for_real"
    put(tmp_path, GOOD.replace("A1", "S1"), simulated=True)
    with pytest.raises(InputError) as error:
        put(tmp_path, GOOD.replace("A1", "S1"))
    assert error.value.key == "feeds.real_for_simulated"


def test_a_folder_for_the_reject_files(tmp_path: Path) -> None:
    done = put(tmp_path, BAD, rejects=tmp_path / "refused" / "here")
    assert done.rejects == tmp_path / "refused" / "here" / "t.csv.refused.csv"
    assert done.rejects.exists()


def test_a_file_that_says_less_of_a_place_takes_nothing_away(tmp_path: Path) -> None:
    put(
        tmp_path,
        "station,name,region,lon,lat,target,time,so2\n1001A,甲,北京,116.1,39.9,Ⅲ,2024-01-01 00:00,5\n",
    )
    put(tmp_path, "date,hour,type,1001A\n20240102,1,SO2,7\n", "q.csv")
    with open_store("read", tmp_path / "home") as store:
        (place,) = store.features(codes=["1001A"])
    assert (place.name, place.region, place.lon, place.lat) == ("甲", "北京", 116.1, 39.9)
    assert place.attributes == {"target": "Ⅲ"}


def test_the_receipt_says_that_there_was_no_row(tmp_path: Path) -> None:
    done = put(tmp_path, "station,time,pm25\n")
    assert "feeds.no_rows" in [note.key for note in done.reading.notes]


@pytest.mark.parametrize("heading", ["pm25(ppb)", "so2（ppm）", "o3[nmol/mol]"])
def test_a_heading_with_a_unit_of_another_kind_refuses_the_file(tmp_path: Path, heading: str) -> None:
    with pytest.raises(InputError) as caught:
        put(tmp_path, f"station,time,no2,{heading}\nA1,2024-01-01 00:00,5,10\n")
    assert caught.value.key == "feeds.wrong_unit"


def test_a_refused_time_says_how_it_is_written(tmp_path: Path) -> None:
    with using("en"):
        done = put(tmp_path, "station,time,pm25\nA1,46056.5,5\nA1,2024-01-01 00:00,6\n")
        reason = done.reading.rejects[0].reason()
    assert reason == "this is no time (expected: such as 2026-02-03 08:00)"
