"""The machinery common to the assess commands: units, shifts, names, refusals, whole files."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from huanzhi.assess.exact import MISSING
from huanzhi.cli import cli
from huanzhi.cli.assess import files
from huanzhi.errors import InputError
from huanzhi.network.feeds.sheets import Sheet, parse_sheet
from huanzhi.standards.periods import Period

SHEET = Path("given.csv")


def sheet(text: str) -> Sheet:
    """Return a sheet of CSV text."""
    return parse_sheet(text.encode(), SHEET)


@pytest.mark.parametrize(
    ("heading", "wanted", "shift"),
    [
        ("CO(µg/m³)", "mg/m³", -3),
        ("PM10(mg/m3)", "µg/m³", 3),
        ("PM10", "µg/m³", 0),
        ("SO2[ug/m3]", "µg/m³", 0),
    ],
)
def test_units_shift_by_powers_of_ten(heading: str, wanted: str, shift: int) -> None:
    assert files.unit_shift(sheet(f"{heading}\n1\n"), heading, wanted) == shift


def test_a_unit_of_another_kind_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        files.unit_shift(sheet("CO(mg/L)\n1\n"), "CO(mg/L)", "mg/m³")
    assert caught.value.place["column"] == "CO(mg/L)"


@pytest.mark.parametrize(("shift", "units", "decimals"), [(3, 15000, 1), (-3, 15, 4)])
def test_shifted_values_stay_exact(shift: int, units: int, decimals: int) -> None:
    given = sheet("PM10\n1.5\n--\n")
    column = files.read_values(given, "PM10", files.Refusals(given), shift)
    assert column.units.tolist() == [units, MISSING]
    assert column.decimals == decimals


def test_the_first_wrong_cell_of_a_row_refuses_it() -> None:
    given = sheet("a,b\nx,y\n1,2\n")
    refusals = files.Refusals(given)
    for heading in ("a", "b"):
        files.read_values(given, heading, refusals)
    assert refusals.mask().tolist() == [True, False]
    assert refusals.found[0].place == {"file": None, "row": 2, "column": "a", "value": "x"}


def test_impossible_values_are_refused_and_missing() -> None:
    given = sheet("a\n-1\n0\n")
    refusals = files.Refusals(given)
    assert files.read_values(given, "a", refusals).units.tolist() == [MISSING, 0]
    assert refusals.mask().tolist() == [True, False]
    assert files.read_values(given, "a", files.Refusals(given), lowest=None).units.tolist() == [-1, 0]


def test_columns_are_found_by_any_spelling_in_the_order_asked() -> None:
    given = sheet("日期,Time\n1,2\n")
    assert files.find_column(given, ("time", "日期")) == "Time"
    assert files.find_column(given, ("date",)) is None
    with pytest.raises(InputError):
        files.need_column(given, ("date",))


def test_integers_leave_out_what_there_is_not() -> None:
    assert files.integers(np.array([-1, 0, 12], dtype=np.int16)) == ["", "0", "12"]
    assert files.integers(np.array([0, 3]), none_below=1) == ["", "3"]
    assert files.integers(np.zeros(0, dtype=np.int16)) == []


def test_a_failed_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError), files.replacing(path) as stream:
        stream.write("new")
        raise RuntimeError
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["given.csv", "out.xlsx", "out.parquet"])
def test_the_input_and_other_formats_are_not_written(tmp_path: Path, name: str) -> None:
    source = tmp_path / "given.csv"
    source.write_text("a\n1\n", encoding="utf-8")
    given = files.open_sheet(source)
    judged = files.Judged(given, {"b": ["2"]}, files.Refusals(given), {})
    with pytest.raises(InputError):
        files.deliver(judged, files.Delivery(tmp_path / name, None, as_json=False, bom=False))
    assert source.read_text(encoding="utf-8") == "a\n1\n"


HOURS = "station,time,pm25\nA,2026-02-28 12:00,75\nB,2026-02-28 12:00,x\n"


def test_standard_input_is_a_file_called_dash() -> None:
    done = CliRunner().invoke(cli, ["assess", "air", "-"], input=HOURS.encode())
    assert done.exit_code == 1
    assert done.stdout.splitlines()[1].startswith("A,2026-02-28 12:00,75,100,PM2.5,2,2012,")


def test_results_and_rejects_cannot_be_one_file(tmp_path: Path) -> None:
    file, target = tmp_path / "hours.csv", tmp_path / "out.csv"
    file.write_text(HOURS)
    done = CliRunner().invoke(cli, ["assess", "air", str(file), "-o", str(target), "--rejects", str(target)])
    assert isinstance(done.exception, InputError) and done.exception.key == "assess_cli.same_outputs"
    assert not target.exists()


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with files.replacing(pipe) as stream:
        stream.write("aqi\n")
    assert os.read(reader, 10) == b"aqi\n" and pipe.is_fifo()
    os.close(reader)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(target)
    with files.replacing(link) as stream:
        stream.write("new")
    assert link.is_symlink() and target.read_text() == "new"


def test_a_refused_cell_says_what_was_expected() -> None:
    given = sheet(HOURS.replace("12:00,75", "25:00,75"))
    refusals = files.Refusals(given)
    files.read_times(given, "time", refusals, "start", Period.HOUR)
    files.read_values(given, "pm25", refusals)
    assert [error.expected for error in refusals.found.values()] == [
        "2026-02-03 08:00",
        files.VALUE_EXAMPLES,
    ]
