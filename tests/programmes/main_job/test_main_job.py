"""The main job: import what is known, list the rest, compare, rank, report."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from huanzhi.city import sample
from huanzhi.errors import InputError
from huanzhi.network.feeds.reading import Options
from huanzhi.network.feeds.registry import read_file
from huanzhi.programmes.main_job import run_job
from huanzhi.programmes.main_job.agreement import Agreement, agreements
from huanzhi.programmes.main_job.job import files_in

DATA = Path(__file__).parents[4] / "shared" / "data"
TODAY = date(2026, 11, 22)
WATER = "surface_water_cnemc_20260204/open/sections.csv"


def official(name: str) -> dict[str, Agreement]:
    file = DATA / name
    if not file.exists():
        pytest.skip(f"real data are not beside the checkout: {name}")
    return {one.what: one for one in agreements(read_file(file, "", Options(today=TODAY)))}


def test_official_hours_agree_to_the_last_row() -> None:
    found = official("cnemc_station_hours/open/station_hours.csv.gz")
    assert set(found) == {"aqi", "primary", "level"}
    assert all(one.compared > 3500 and one.agreed == one.compared for one in found.values())


def test_official_city_days_agree() -> None:
    found = official("city_daily_aqi/open/city_daily.csv.gz")
    assert found["aqi"].percent >= 99.9 and found["aqi"].compared > 9000


def test_official_water_classes_agree() -> None:
    assert official(WATER)["class"].percent >= 96


def test_the_sample_is_imported_ranked_and_reported(tmp_path: Path) -> None:
    sample.make(tmp_path / "data")
    (tmp_path / "data" / "letter.csv").write_text("to,from\nyou,me\n", encoding="utf-8")
    (tmp_path / "data" / "broken.csv").write_text("station,time,so2\nA,2026-01-01,1,2\n", encoding="utf-8")
    told: list[str] = []
    result = run_job(
        tmp_path / "data",
        tmp_path / "store",
        tmp_path / "reports",
        TODAY,
        lambda step, what: told.append(step),
    )
    assert len(result.imported) == 6 and result.simulated and not result.agreements
    assert {one.file.name: one.unknown for one in result.skipped} == {"letter.csv": True, "broken.csv": False}
    assert [ranking.span.code() for ranking in result.rankings] == ["2026-03"]
    assert result.water is not None and result.water.rows
    assert [one.docx.name for one in result.reports] == ["status-2026-03.docx"]
    assert all(one.docx.exists() and one.xlsx.exists() for one in result.reports)
    assert {"import", "rank", "report"} == set(told)


def test_nothing_to_import_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "letter.csv").write_text("to,from\nyou,me\n", encoding="utf-8")
    with pytest.raises(InputError):
        run_job(tmp_path, tmp_path / "store", tmp_path / "reports", TODAY)


def test_files_are_found_in_folders_below_and_hidden_ones_left_alone(tmp_path: Path) -> None:
    for name in ("a/b/x.csv", "a/y.csv.gz", "a/.z.csv", "README.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert [file.name for file in files_in(tmp_path)] == ["x.csv", "y.csv.gz"]


def test_water_is_reported_without_any_air(tmp_path: Path) -> None:
    if not (DATA / WATER).exists():
        pytest.skip(f"real data are not beside the checkout: {WATER}")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sections_20260204.csv").write_bytes((DATA / WATER).read_bytes())
    result = run_job(tmp_path / "data", tmp_path / "store", tmp_path / "reports", TODAY)
    assert not result.rankings and result.water is not None and result.water.by == "province"
    assert result.reports[0].report.payload["water"]["sections"] > 300
