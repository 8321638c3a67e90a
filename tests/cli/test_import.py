"""``huanzhi import``: receipts, exit codes, JSON, folders, patterns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from huanzhi.cli import main

GOOD = "station,time,so2\nA1,2024-01-01 00:00,5\n"
BAD = GOOD + "A1,2024-01-01 01:00,x\n"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HUANZHI_LANG", "en")


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as end:
        main(["import", *map(str, arguments)])
    return int(end.value.code or 0)


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_a_good_file_prints_its_receipt_and_conventions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(write(tmp_path, "a.csv", GOOD)) == 0
    out = capsys.readouterr().out
    assert "template" in out
    assert "times label the start of the period" in out


def test_refused_rows_exit_1_and_are_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(write(tmp_path, "a.csv", BAD), "--json") == 1
    told = json.loads(capsys.readouterr().out)
    (file,) = told["files"]
    assert (file["rows"], file["new"], file["refused"]) == (2, 1, 1)
    assert file["first_refused"] == [{"row": 3, "column": "so2", "value": "x", "reason": "this is no value"}]
    assert Path(file["rejects"]).exists()


def test_wrong_input_exits_3_with_file_and_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(write(tmp_path, "a.csv", GOOD + "A1\n"), "--json") == 3
    told = json.loads(capsys.readouterr().out)
    assert told["error"] == "feeds.ragged_line"
    assert told["row"] == 3
    assert told["file"].endswith("a.csv")


def test_strict_exits_3(tmp_path: Path) -> None:
    assert run(write(tmp_path, "a.csv", BAD), "--strict") == 3


def test_one_wrong_file_does_not_stop_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, wrong = write(tmp_path, "a.csv", GOOD), write(tmp_path, "b.csv", "x,y\n1,2\n")
    assert run(good, wrong, "--json") == 3
    told = json.loads(capsys.readouterr().out)
    assert told["total"]["new"] == 1
    assert told["total"]["wrong"] == 1


def test_a_folder_passes_over_what_is_no_monitoring_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "d", "a.csv", GOOD)
    write(tmp_path / "d" / "e", "b.csv", "x,y\n1,2\n")
    write(tmp_path / "d", "a.csv.refused.csv", BAD)
    assert run(tmp_path / "d", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["total"]["files"], told["total"]["skipped"]) == (1, 1)


def test_patterns_and_missing_files(tmp_path: Path) -> None:
    write(tmp_path, "a1.csv", GOOD)
    write(tmp_path, "a2.csv", GOOD.replace("A1", "A2"))
    assert run(tmp_path / "a*.csv") == 0
    assert run(tmp_path / "none.csv") == 3
    (tmp_path / "empty").mkdir()
    assert run(tmp_path / "empty") == 3
    assert run(tmp_path / "a1.csv", "--as", "nonsense") == 3


def test_a_trial_makes_no_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(write(tmp_path, "a.csv", BAD), "--dry-run", "--json") == 1
    assert json.loads(capsys.readouterr().out)["total"]["received"] == 1
    assert not (tmp_path / "home").exists()


def test_simulated_is_stated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(write(tmp_path, "a.csv", "# simulated\n" + GOOD)) == 0
    assert "simulated values" in capsys.readouterr().out


def test_formats_and_template(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--formats") == 0
    assert "quotsoft" in capsys.readouterr().out
    assert run("--template", tmp_path / "t.xlsx") == 0
    assert (tmp_path / "t.xlsx").exists()
    assert run("--template", tmp_path / "t.doc") == 3


def test_messages_speak_chinese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUANZHI_LANG", "zh")
    assert run(write(tmp_path, "a.csv", GOOD + "A1\n")) == 3
    assert "第 3 行：此行有 1 格，表头有 3 格" in capsys.readouterr().err.replace("\n", "")
