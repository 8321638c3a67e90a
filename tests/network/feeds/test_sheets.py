"""Sheets: the same table from every encoding and container; broken files are refused with their row."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from huanzhi.errors import InputError
from huanzhi.network.feeds.registry import read_data
from huanzhi.network.feeds.sheets import Sheet, cell_text, parse_sheet, read_sheet

FILE = Path("table.csv")
TABLE = "断面名称,氨氮（mg/L）,备注\n吴淞口,０．１５８,Ⅲ类\n东山 ,<0.01,“好”\n"
COLUMNS = ("断面名称", "氨氮(mg/L)", "备注")


def parse(data: bytes | str) -> Sheet:
    return parse_sheet(data.encode() if isinstance(data, str) else data, FILE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_every_encoding_gives_the_same_table(encoding: str) -> None:
    sheet = parse(TABLE.encode(encoding))
    assert sheet.columns == COLUMNS
    assert sheet.cells["断面名称"] == ["吴淞口", "东山"]
    assert sheet.cells["氨氮(mg/L)"] == ["0.158", "<0.01"]
    assert sheet.cells["备注"] == ["Ⅲ类", "“好”"]
    assert sheet.encoding == {"gbk": "gb18030"}.get(encoding, encoding)


def test_gzip_tab_semicolon_and_quotes() -> None:
    assert parse(gzip.compress(b"a,b\n1,2\n")).cells["b"] == ["2"]
    assert parse("a\tb\n1\t2,5\n").cells["b"] == ["2,5"]
    assert parse("a;b\n1;2\n").cells["b"] == ["2"]
    assert parse('"a,x","b"\n"1\n2","3"\n').cells["a,x"] == ["1\n2"]


def test_gb_text_that_is_valid_utf8_by_chance_is_read_as_gb() -> None:
    text = "模,模\n模,模\n"
    assert text.encode("gbk").decode("utf-8") != text
    assert parse(text.replace("模,模\n", "模,b\n", 1).encode("gbk")).columns[0] == "模"


@pytest.mark.parametrize("unit", ["µg/m³", "°C", "μS/cm", "α"])
def test_signs_of_measurement_in_utf8_stay_utf8(unit: str) -> None:
    assert parse(f"station,x({unit})\n1,2\n").columns == ("station", f"x({unit})")


def test_comments_blank_lines_and_row_numbers() -> None:
    sheet = parse("# 模拟数据\n\na,b\n1,2\n\n,\n3,4\n")
    assert sheet.comments == ("模拟数据",)
    assert sheet.cells["a"] == ["1", "3"]
    assert (sheet.row(0), sheet.row(1), sheet.first_row) == (4, 7, 4)


def test_empty_cells_to_the_right_are_dropped() -> None:
    assert parse("a,b,\n1,2,\n3,4,,\n").columns == ("a", "b")


@pytest.mark.parametrize(
    ("data", "key", "row"),
    [
        (b"", "feeds.empty_file", None),
        (b"  \n \n", "feeds.empty_file", None),
        (b"a,b\n1\n", "feeds.ragged_line", 2),
        (b"a,b\n1,2\n1,2,3\n", "feeds.ragged_line", 3),
        (b"a,b,a\n1,2,3\n", "feeds.duplicate_column", 1),
        (b"a,,c\n1,2,3\n", "feeds.nameless_column", 1),
        (b"a,b\n1,\x00\n", "feeds.nul_byte", 2),
        (b"\x1f\x8b\x08broken", "feeds.broken_gzip", None),
        (b"PK\x03\x04broken", "feeds.broken_workbook", None),
        (b"PAR1broken", "feeds.broken_parquet", None),
        (b"# only\n", "feeds.no_heading", None),
        ("站点,值\n".encode() + b"\xff\xfe,1\n", "feeds.broken_text", 2),
    ],
)
def test_broken_files_are_refused_with_their_row(data: bytes, key: str, row: int | None) -> None:
    with pytest.raises(InputError) as error:
        parse(data)
    assert error.value.key == key
    assert error.value.place["row"] == row
    assert str(FILE) in str(error.value)


def test_utf8_that_was_cut_is_not_taken_for_gb() -> None:
    data = ("断面名称,氨氮\n" + "吴淞口,0.1\n" * 5).encode()
    with pytest.raises(InputError) as error:
        parse(data[:-6])
    assert error.value.key == "feeds.broken_text"
    assert error.value.place["row"] == 6


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_sheet(tmp_path / "none.csv")


def test_a_workbook_is_the_same_table(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["station", "time", "co", "n"])
    sheet.append(["1001A", datetime(2024, 1, 2, 16), 0.1 + 0.2, 12])
    sheet.append(["1001A", datetime(2024, 1, 3), "<0.01", None])
    book.save(tmp_path / "t.xlsx")
    read = read_sheet(tmp_path / "t.xlsx")
    assert read.encoding == "xlsx"
    assert read.cells["time"] == ["2024-01-02 16:00:00", "2024-01-03"]
    assert read.cells["co"] == ["0.3", "<0.01"]
    assert read.cells["n"] == ["12", ""]


def test_a_parquet_table_is_the_same_table(tmp_path: Path) -> None:
    table = pa.table(
        {
            "name": pa.array(["甲", None, "甲"]).dictionary_encode(),
            "f32": pa.array([4.4, None, 5.0], pa.float32()),
            "f64": pa.array([1e-7, 1e16, float("nan")]),
            "n": pa.array([1, 2, None], pa.int16()),
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    sheet = read_sheet(tmp_path / "t.parquet")
    assert [sheet.cells[name] for name in sheet.columns] == [
        ["甲", "", "甲"],
        ["4.4", "", "5"],
        ["0.0000001", "10000000000000000", ""],
        ["1", "2", ""],
    ]


def test_a_spreadsheet_number_is_its_fifteen_digits() -> None:
    assert [cell_text(value) for value in (0.1, 5.0, 1e-5, 0.07 * 100, True, None)] == [
        "0.1", "5", "0.00001", "7", "TRUE", "",
    ]  # fmt: skip


HEADS = (
    *(b"", b"\xef\xbb\xbf", b"PK\x03\x04", b"PAR1", b"\x1f\x8b\x08", b"\xd0\xcf\x11\xe0"),
    *(b"{", b"[{", b"<a>", b"a,b\n", b"station,time,so2\n", b"date,hour,type,1001A\n"),
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(HEADS), st.binary(max_size=200))
def test_no_bytes_crash_the_reader(head: bytes, body: bytes) -> None:
    try:
        read_data(head + body, FILE)
    except InputError as error:
        assert str(error)


def test_a_title_above_the_heading_is_a_comment() -> None:
    sheet = parse("某市2024年监测数据,,\n\n站点,时间,so2\nA,2024-01-01,1\n")
    assert sheet.comments == ("某市2024年监测数据",)
    assert (sheet.columns, sheet.first_row) == (("站点", "时间", "so2"), 4)
    assert parse("某市监测数据\n站点\t时间\nA\tB\n").columns == ("站点", "时间")


def test_a_single_column_has_no_title() -> None:
    assert parse("a\n1\n2\n").cells == {"a": ["1", "2"]}


def test_the_sheets_that_are_not_read_are_named(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["a", "b"])
    book.create_sheet("其他")
    book.save(tmp_path / "t.xlsx")
    assert read_sheet(tmp_path / "t.xlsx").other_sheets == ("其他",)
