"""``huanzhi explain``: rows of files, stored values, ranks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from huanzhi.city import sample
from huanzhi.cli import main


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    return int(end.value.code or 0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("explain")
    files = sample.make(made / "data")
    assert run("import", *map(str, files), "--home", str(made / "store"), "--json") == 0
    return made


@pytest.fixture(autouse=True)
def environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUANZHI_HOME", str(folder / "store"))
    monkeypatch.setenv("HUANZHI_LANG", "zh")


def explained(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert run("explain", *arguments, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_a_row_of_air(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "air.csv"
    file.write_text(
        "station,time,so2,no2,co,o3,pm10,pm25\n"
        "A,2026-02-28T12:00,10,20,0.5,80,70,60\n"
        "A,2026-03-01T12:00,10,20,0.5,80,70,60\n",
        encoding="utf-8",
    )
    before, after = (explained(capsys, "air", str(file), "--row", row) for row in ("2", "3"))
    assert (before["editions"], after["editions"]) == (["HJ 633-2012"], ["HJ 633-2026"])
    assert (before["result"]["aqi"], after["result"]["aqi"]) == (82, 100)
    assert explained(capsys, "air", str(file), "--row", "2", "--edition", "2026")["result"]["aqi"] == 100


def test_a_row_of_water_and_groundwater(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    water = explained(capsys, "water", str(folder / "data" / "water_sections.csv"), "--row", "137")
    assert water["result"]["class"] == "劣Ⅴ" and water["inputs"]["氨氮"].startswith("2.60")
    ground = explained(capsys, "groundwater", str(folder / "data" / "groundwater_wells.csv"), "--row", "5")
    assert ground["editions"] == ["GB/T 14848-2017"] and ground["steps"]


def test_a_row_of_soil_and_noise(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    soil = explained(capsys, "soil", str(folder / "data" / "soil_points.csv"), "--row", "4")
    assert soil["editions"] == ["GB 15618-2018"] and any("镉" in step["text"] for step in soil["steps"])
    noise = explained(capsys, "noise", str(folder / "data" / "noise_points.csv"), "--row", "3")
    assert noise["editions"] == ["GB 3096-2008"] and noise["result"]["verdict"] == "met"


def test_stored_air_by_hour_and_day(capsys: pytest.CaptureFixture[str]) -> None:
    hour = explained(capsys, "air", "--station", "SIM-A01", "--time", "2026-03-10T12:00")
    assert hour["result"]["aqi"] == 500 and hour["origins"][0]["file"] == "air_station_hours.csv.gz"
    day = explained(capsys, "air", "--station", "模拟甲市", "--time", "2026-03-10")
    assert day["result"]["level"] == 6 and len(day["origins"]) == 288


def test_stored_water_and_ranks(capsys: pytest.CaptureFixture[str]) -> None:
    water = explained(capsys, "water", "--section", "SIM-W09", "--period", "2026-03")
    assert water["result"]["class"] == "劣Ⅴ" and water["origins"][0]["row"] == 137
    air = explained(capsys, "rank", "air", "--period", "2026-03", "--city", "模拟甲市")
    assert air["result"]["rank"] == 4
    cwqi = explained(capsys, "rank", "water", "--period", "2026-03", "--city", "模拟乙市")
    assert cwqi["result"]["rank"] == 1


def test_people_get_sentences_and_a_table_of_origins(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run("explain", "air", "--station", "SIM-A01", "--time", "2026-03-10T12:00") == 0
    shown = capsys.readouterr().out
    assert "计算" in shown and "来历" in shown and "2367" in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ("air",),
        ("water",),
        ("air", "--station", "SIM-A01"),
        ("air", "--station", "月球", "--time", "2026-03-10"),
        ("air", "--station", "SIM-A01", "--time", "neverday"),
        ("water", "--section", "SIM-W01", "--period", "2031-01"),
        ("rank", "air", "--period", "2026-03", "--city", "月球"),
    ],
)
def test_wrong_questions_are_input_errors(arguments: tuple[str, ...]) -> None:
    assert run("explain", *arguments) == 3


def test_a_row_that_is_not_there(folder: Path) -> None:
    file = str(folder / "data" / "water_sections.csv")
    assert run("explain", "water", file, "--row", "2") == 3
    assert run("explain", "water", file, "--row", "9999") == 3


def test_a_process_of_its_own_explains_without_the_business_database() -> None:
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    asked = [sys.executable, "-m", "huanzhi.cli", "explain", "air", "--help"]
    assert subprocess.run(asked, env=bare, capture_output=True, check=False).returncode == 0
