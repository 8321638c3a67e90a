"""``huanzhi quality``: run, see, mark, end, rates and substitutes, as people and programs meet them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from huanzhi.cli import main
from huanzhi.library import series
from huanzhi.library.series import Feature, Source, open_store
from huanzhi.standards.periods import start_of_day

OCTOBER = start_of_day(date(2026, 10, 1))
Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a store with a month of COD: 30 h of one value, 31 h lost."""
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    monkeypatch.setenv("HUANZHI_LANG", "en")
    rng = np.random.default_rng(1)
    values = np.rint(300 + rng.normal(0, 25, 744)).astype(int)
    values[100:130] = 333
    kept = [at for at in range(744) if not 400 <= at < 431]
    rows = [("O1", "w01018", "hour", OCTOBER + 3600 * at, int(values[at]), 1, 0, 0, 0) for at in kept]
    columns = zip(*rows, strict=True)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, series.SCHEMA.types, strict=True)]
    with open_store("write", tmp_path) as store:
        found = pa.table(arrays, schema=series.SCHEMA)
        store.write(found, [Feature("O1", "排放口", "outlet")], Source("a", "test", "a"))
    return tmp_path


@pytest.fixture
def quality(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, Any, str]:
        with pytest.raises(SystemExit) as ended:
            main(["quality", *arguments])
        out = capsys.readouterr()
        told = json.loads(out.out) if "--json" in arguments else out.out
        return int(ended.value.code or 0), told, out.err

    return run


MARK = ("--feature", "O1", "--start", "2026-10-01T08:00", "--end", "2026-10-01T10:00", "--reason", "换试剂")
OFFICER = ("--who", "张", "--role", "officer")


def test_run_keeps_marks_and_again_changes_nothing(home: Path, quality: Run) -> None:
    code, told, _ = quality("run", "--span", "2026-10", "--json")
    assert (code, told["version"], told["new"], told["kept"]) == (0, "1", 2, 0)
    assert told["findings"] == [
        {"check": "flat/1", "finding": "FLAT", "amount": 1},
        {"check": "lost/1", "finding": "LOST", "amount": 1},
    ]
    assert quality("run", "--span", "2026-10", "--json")[1]["kept"] == 2
    rows = quality("marks", "--span", "2026-10", "--json")[1]["rows"]
    assert [(row["kind"], row["start"], row["end"]) for row in rows] == [
        ("FLAT", "2026-10-05T04:00+08:00", "2026-10-06T10:00+08:00"),
        ("LOST", "2026-10-17T16:00+08:00", "2026-10-18T23:00+08:00"),
    ]
    assert "flat line" in quality("marks", "--span", "2026-10")[1]


def test_one_check_of_one_feature(home: Path, quality: Run) -> None:
    asked = ("run", "--span", "2026-10", "--check", "lost", "--feature", "O1", "--json")
    assert [row["check"] for row in quality(*asked)[1]["findings"]] == ["lost/1"]
    code, _, said = quality("run", "--span", "2026-10", "--check", "flatness")
    assert code == 3
    assert "no such check" in said


def test_a_mark_needs_a_reason_and_leaves_a_trail(home: Path, quality: Run) -> None:
    code, told, _ = quality("mark", *MARK, *OFFICER, "--kind", "maintenance", "--json")
    assert (code, told["effect"], told["reason"], told["who"]) == (0, "invalid", "换试剂", "张")
    blank = ("mark", *MARK[:-1], " ", *OFFICER, "--kind", "maintenance")
    assert quality(*blank)[0] == 3
    assert quality("unmark", str(told["number"]), *OFFICER, "--reason", "误标")[0] == 0
    assert quality("marks", "--span", "2026-10", "--json")[1]["rows"] == []
    (row,) = quality("marks", "--span", "2026-10", "--ended", "--json")[1]["rows"]
    assert row["ended"] == "张 误标"


def test_an_enterprise_that_is_late_is_told(home: Path, quality: Run) -> None:
    code, told, _ = quality("mark", *MARK, "--who", "王", "--role", "enterprise", "--kind", "fault")
    assert code == 0
    assert "past its time limit of 2026-10-02T12:00+08:00" in told


def test_an_unknown_feature_time_or_kind_is_refused(home: Path, quality: Run) -> None:
    assert quality("mark", "--feature", "O9", *MARK[2:], *OFFICER, "--kind", "fault")[0] == 3
    assert quality("mark", *MARK, *OFFICER, "--kind", "holiday")[0] == 3
    when = ("--feature", "O1", "--start", "noon", "--end", "2026-10-01T10:00", "--reason", "x")
    assert quality("mark", *when, *OFFICER, "--kind", "fault")[0] == 3


def test_rates_by_month(home: Path, quality: Run) -> None:
    code, told, _ = quality("rates", "--span", "2026-10", "--json")
    assert code == 0
    cod, whole = told["rows"]
    assert (cod["due"], cod["received"], cod["transmission"], cod["met"]) == (744, 713, 95.83, True)
    assert (whole["parameter"], whole["month"]) == ("", "2026-10")
    assert "95.83" in quality("rates", "--span", "2026-10", "--parameter", "COD")[1]


def test_rates_of_a_quarter_are_by_month(home: Path, quality: Run) -> None:
    rows = quality("rates", "--span", "2026-09-15..2026-10-31", "--json")[1]["rows"]
    assert [row["month"] for row in rows] == ["2026-09", "2026-09", "2026-10", "2026-10"]
    assert rows[0]["due"] == 0
    assert rows[0]["effective"] is None


def test_substitutes_are_proposed_and_approved_by_two_people(home: Path, quality: Run) -> None:
    code, told, _ = quality("substitute", "--span", "2026-10", "--json")
    assert code == 0
    assert [(row["rule"], row["used"], row["quantity"]) for row in told["rows"]] == [
        ("HJ 356-2019", 31, "value")
    ]
    assert "31 substitutes" in quality("substitute", "--span", "2026-10", "--propose", "--who", "李")[1]
    code, _, said = quality("substitute", "--span", "2026-10", "--approve", "--who", "李")
    assert code == 3
    assert "another person" in said
    assert "31 substitutes" in quality("substitute", "--span", "2026-10", "--approve", "--who", "张")[1]


def test_the_checks_are_listed_with_version_and_origin(home: Path, quality: Run) -> None:
    told = quality("checks", "--json")[1]
    assert {row["check"] for row in told["rows"]} >= {"range/1", "flat/1", "clipped/1", "power/1"}
    assert "DEFAULT, NOT FROM THE DOCUMENTS" in quality("checks")[1]


def test_without_a_ledger_there_is_nothing_to_list(home: Path, quality: Run) -> None:
    code, _, said = quality("marks", "--span", "2026-10")
    assert code == 5
    assert "quality run" in said


def test_what_is_of_the_test_city_says_so(home: Path, quality: Run) -> None:
    assert quality("rates", "--span", "2026-10", "--json")[1]["simulated"] is False
    with open_store("write", home) as store:
        features = [Feature("O1", "模拟排放口", "outlet", simulated=True)]
        store.write(series.SCHEMA.empty_table(), features, Source("b", "test", "b"))
    assert quality("run", "--span", "2026-10", "--json")[1]["simulated"] is True
    for command in ("run", "marks", "rates", "substitute"):
        assert "simulated data" in quality(command, "--span", "2026-10")[1]


def test_rates_leave_no_ledger_behind(home: Path, quality: Run) -> None:
    assert quality("rates", "--span", "2026-10")[0] == 0
    assert not (home / "reviews.sqlite").exists()
