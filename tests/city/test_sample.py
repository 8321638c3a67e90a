"""The shipped sample is what its generator makes, and has in it what the main job is shown on."""

import csv
import gzip
import io
from pathlib import Path

import pytest

from huanzhi.city import sample

SHIPPED = Path(__file__).parents[2] / "samples"


def rows(name: str) -> list[dict[str, str]]:
    content = sample.contents()[name].decode().split("\n", 1)[1]
    return list(csv.DictReader(io.StringIO(content)))


@pytest.mark.parametrize("name", sample.contents())
def test_shipped_files_are_what_the_generator_makes(name: str) -> None:
    shipped = (SHIPPED / name).read_bytes()
    content = gzip.decompress(shipped) if name.endswith(".gz") else shipped
    assert content == sample.contents()[name]


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    first = {file.name: file.read_bytes() for file in sample.make(tmp_path / "one")}
    second = {file.name: file.read_bytes() for file in sample.make(tmp_path / "two")}
    assert first == second


def test_another_seed_gives_another_town_of_the_same_size() -> None:
    name = "water_sections.csv"
    assert sample.contents(7)[name] != sample.contents()[name]
    assert sample.contents(7)[name].count(b"\n") == sample.contents()[name].count(b"\n")


def test_the_sample_stays_small() -> None:
    assert sum(file.stat().st_size for file in SHIPPED.iterdir()) < 1_500_000


@pytest.mark.parametrize("name", sample.contents())
def test_every_row_and_the_first_line_say_simulated(name: str) -> None:
    assert sample.contents()[name].decode().startswith("# 模拟数据 SIMULATED DATA")
    assert {row["simulated"] for row in rows(name)} == {"模拟"}


def test_air_hours_lie_on_both_sides_of_the_change_of_edition() -> None:
    hours = rows("air_station_hours.csv.gz")
    times = [row["time"] for row in hours]
    assert len(hours) == 6 * 120 * 24
    assert min(times) == "2025-01-31T00:00" and max(times) == "2026-03-31T23:00"
    assert {"2026-02-28T23:00", "2026-03-01T00:00"} <= set(times)


def test_air_has_gaps_and_values_below_detection_and_fine_dust_within_dust() -> None:
    hours = rows("air_station_hours.csv.gz")
    assert any(row["pm25"] == "--" for row in hours) and any(row["so2"] == "<2" for row in hours)
    both = [row for row in hours if "--" not in (row["pm25"], row["pm10"])]
    assert all(int(row["pm25"]) <= int(row["pm10"]) for row in both)


def test_water_has_rivers_and_lakes_month_by_month_with_values_below_detection() -> None:
    sections = rows("water_sections.csv")
    assert len(sections) == 12 * 15
    assert {row["kind"] for row in sections} == {"river", "lake"}
    assert any(row["汞"].endswith("L") for row in sections)
