"""``huanzhi rank``: tables, JSON, files, errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from huanzhi.city import sample
from huanzhi.cli import main


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    return int(end.value.code or 0)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rank")
    files = sample.make(folder / "data")
    assert run("import", *map(str, files), "--home", str(folder / "store"), "--json") == 0
    return folder / "store"


@pytest.fixture(autouse=True)
def environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUANZHI_HOME", str(home))
    monkeypatch.setenv("HUANZHI_LANG", "zh")


def test_cities_by_air(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run("rank", "air", "--period", "2026-02", "--improvement") == 0
    shown = capsys.readouterr().out
    assert "模拟丙市" in shown and "模拟数据" in shown and "发布日值" in shown and "改善幅度" in shown


def test_json_has_rank_index_and_rules(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run("rank", "air", "--period", "2026-02", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["rank"] for row in told["rows"]] == [1, 2, 3, 4]
    assert told["rules"]["limits"] == "GB 3095-2012" and told["simulated"] is True


def test_stations_and_editions(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run("rank", "air", "--period", "2026-02", "--by", "station", "--edition", "2026", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["rows"]) == 6 and told["rules"]["limits"] == "GB 3095-2026"


def test_files_are_written(tmp_path: Path) -> None:
    assert run("rank", "air", "--period", "2026-02", "--improvement", "-o", str(tmp_path / "r.xlsx")) == 0
    assert len(load_workbook(tmp_path / "r.xlsx").sheetnames) == 2
    assert run("rank", "water", "--period", "2026-02", "-o", str(tmp_path / "r.csv")) == 0
    assert (tmp_path / "r.csv").read_text(encoding="utf-8").startswith("# 模拟数据")
    assert run("rank", "air", "--period", "2026-02", "-o", str(tmp_path / "r.pdf")) == 3


def test_water_by_section(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run("rank", "water", "--period", "2025-05", "--by", "section", "--improvement", "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["rows"]) == 12


@pytest.mark.parametrize(
    "arguments", [("air", "--period", "2031-01"), ("water", "--period", "2031-01"), ("air", "--period", "x")]
)
def test_nothing_to_rank_and_a_wrong_span_are_input_errors(arguments: tuple[str, ...]) -> None:
    assert run("rank", *arguments) == 3


def test_english(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("HUANZHI_LANG", "en")
    capsys.readouterr()
    assert run("rank", "air", "--period", "2026-02") == 0
    assert "Ranking by composite air index, February 2026" in capsys.readouterr().out


def test_the_ranking_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("rank", "air", "--period", "2026-03", "--as-of", "2000-01-01") == 3
    assert run("rank", "air", "--period", "2026-03", "--as-of", "2199-01-01") == 0


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_a_place_that_is_not_there_is_an_input_error(tmp_path: Path, name: str) -> None:
    assert run("rank", "air", "--period", "2026-03", "-o", str(tmp_path / "nowhere" / name)) == 3


def test_an_unknown_region_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("rank", "air", "--period", "2026-03", "--region", "无此地") == 3
    assert "无此地" in capsys.readouterr().err
