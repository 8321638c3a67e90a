"""``huanzhi assess air``: real files in, official judgements out, wrong rows named and kept."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from huanzhi.cli import main

HOURS = "station,time,so2,no2,co,o3,pm10,pm25"
DAYS = "station,date,so2,no2,co,o3_8h,pm10,pm25"
JUDGED = ["aqi", "primary", "level", "edition"]
INDICES = ["iaqi_so2", "iaqi_no2", "iaqi_co", "iaqi_o3", "iaqi_pm10", "iaqi_pm25"]
DATA = Path(__file__).parents[3] / "shared" / "data"

Rows = list[dict[str, str]]
Assess = Callable[..., tuple[int, str, str]]


@pytest.fixture
def assess(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Assess:
    """Run ``huanzhi assess air`` in English and return exit code, output and messages."""
    monkeypatch.setenv("HUANZHI_LANG", "en")

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as exit_:
            main(["assess", "air", *map(str, arguments)])
        captured = capsys.readouterr()
        return int(exit_.value.code or 0), captured.out, captured.err

    return run


def table(path: Path, heading: str, *lines: str, encoding: str = "utf-8") -> Path:
    """Write a small CSV file."""
    path.write_text("\n".join([heading, *lines]) + "\n", encoding=encoding)
    return path


def rows_of(text: str) -> Rows:
    """Read CSV text."""
    return list(csv.DictReader(io.StringIO(text)))


def test_an_hour_is_judged_by_the_edition_of_its_own_day(assess: Assess, tmp_path: Path) -> None:
    file = table(
        tmp_path / "hours.csv",
        HOURS,
        "A,2026-02-28 23:00,10,20,0.8,50,100,70",
        "A,2026-03-01 00:00,10,20,0.8,50,100,70",
    )
    code, out, _ = assess(file)
    rows = rows_of(out)
    assert code == 0
    assert list(rows[0]) == [*HOURS.split(","), *JUDGED, *INDICES, "reason"]
    assert [[row[name] for name in JUDGED] for row in rows] == [
        ["94", "PM2.5", "2", "2012"],
        ["110", "PM2.5", "3", "2026"],
    ]
    assert [rows[1][name] for name in INDICES] == ["4", "10", "8", "16", "86", "110"]
    assert rows[0]["station"] == "A"
    assert rows[0]["time"] == "2026-02-28 23:00"


@pytest.mark.parametrize(("edition", "wanted"), [("2012", ["94", "94"]), ("2026", ["110", "110"])])
def test_an_edition_recomputes_every_row(
    assess: Assess, tmp_path: Path, edition: str, wanted: list[str]
) -> None:
    file = table(
        tmp_path / "hours.csv",
        HOURS,
        "A,2026-02-28 23:00,10,20,0.8,50,100,70",
        "A,2026-03-01 00:00,10,20,0.8,50,100,70",
    )
    rows = rows_of(assess(file, "--edition", edition)[1])
    assert [row["aqi"] for row in rows] == wanted
    assert {row["edition"] for row in rows} == {edition}


def test_a_label_at_the_end_belongs_to_the_day_before(assess: Assess, tmp_path: Path) -> None:
    file = table(tmp_path / "hours.csv", HOURS, "A,2026-03-01 00:00,10,20,0.8,50,100,70")
    assert rows_of(assess(file, "--time-label", "end")[1])[0]["edition"] == "2012"
    assert rows_of(assess(file)[1])[0]["edition"] == "2026"


def test_a_daily_file_is_told_from_its_columns(assess: Assess, tmp_path: Path) -> None:
    """Ozone 161 as an 8 h maximum is lightly polluted; as an hour it would be good."""
    file = table(tmp_path / "days.csv", DAYS, "杭州,2025-07-01,10,20,0.8,161,40,20")
    row = rows_of(assess(file)[1])[0]
    assert (row["aqi"], row["primary"], row["level"]) == ("101", "O3", "3")


def test_a_plain_o3_in_a_daily_file_is_refused(assess: Assess, tmp_path: Path) -> None:
    file = table(tmp_path / "days.csv", "station,date,o3,pm25", "A,2025-07-01,161,20")
    code, _, err = assess(file)
    assert code == 3
    assert "o3_8h" in err


def test_ties_are_joined_in_the_order_of_the_items(assess: Assess, tmp_path: Path) -> None:
    file = table(
        tmp_path / "days.csv", DAYS, "A,2026-07-01,150,80,4,160,120,60", "A,2026-07-02,50,40,2,100,50,35"
    )
    rows = rows_of(assess(file)[1])
    assert [row["primary"] for row in rows] == ["SO2,NO2,CO,O3,PM10,PM2.5", ""]
    assert [row["level"] for row in rows] == ["2", "1"]


@pytest.mark.parametrize(
    ("line", "aqi", "words"),
    [
        ("A,2026-02-01 00:00,10,,0.8,50,40,30", "43", "missing: NO2"),
        ("A,2026-03-01 00:00,10,,0.8,50,40,30", "", "so no AQI is given"),
        ("A,2026-03-01 00:00,10,--,0.8,50,40,70", "110", "missing: NO2"),
        ("A,2026-03-01 00:00,,,,,,", "", "all six items are missing"),
        ("A,2012-03-01 00:00,1,1,1,1,1,1", "", "no air quality index standard was in force"),
        ("A,2014-03-01 00:00,10,10,1,10,10,35", "50", "early implementation"),
        ("A,2020-03-01 00:00,900,10,1,10,10,35", "", "above the last breakpoint"),
        ("A,2020-03-01 00:00,10,10,1,10,10,<3", "10", "below detection"),
        ("A,2020-03-01 00:00,10,10,1,10,700,30", "500", ""),
    ],
)
def test_what_is_special_about_a_row_is_said(
    assess: Assess, tmp_path: Path, line: str, aqi: str, words: str
) -> None:
    code, out, _ = assess(table(tmp_path / "hours.csv", HOURS, line))
    row = rows_of(out)[0]
    assert code == 0
    assert row["aqi"] == aqi
    assert (words in row["reason"]) if words else row["reason"] == ""


def test_the_24_h_mean_judges_sulphur_dioxide_over_range(assess: Assess, tmp_path: Path) -> None:
    file = table(tmp_path / "hours.csv", f"{HOURS},so2_24h", "A,2020-03-01 00:00,900,10,1,10,10,35,475")
    row = rows_of(assess(file)[1])[0]
    assert (row["aqi"], row["primary"], row["iaqi_so2"]) == ("150", "SO2", "150")
    assert "other averaging time" in row["reason"]


def test_headings_units_and_encoding_of_the_field(assess: Assess, tmp_path: Path) -> None:
    file = table(
        tmp_path / "hours.csv",
        "站点,时间,二氧化硫,NO₂,CO(μg/m³),臭氧,ＰＭ１０,pm2_5(mg/m3)",
        "甲,2026年3月1日 0时,１０,20,800,50,100,0.07",
        encoding="gb18030",
    )
    row = rows_of(assess(file)[1])[0]
    assert [row[name] for name in INDICES] == ["4", "10", "8", "16", "86", "110"]


def test_refused_rows_stay_in_place_and_are_listed(assess: Assess, tmp_path: Path) -> None:
    file = table(
        tmp_path / "hours.csv",
        HOURS,
        "A,2026-03-01 00:00,10,20,0.8,50,100,70",
        "B,2026-03-01 00:00,10,20,0.8,50,abc,70",
        "C,tomorrow,10,20,0.8,50,100,70",
        "D,2026-03-01 00:00,10,-20,0.8,50,100,70",
    )
    out = tmp_path / "out.csv"
    code, printed, err = assess(file, "-o", out)
    rows = rows_of(out.read_text(encoding="utf-8"))
    assert (code, printed) == (1, "")
    assert [row["aqi"] for row in rows] == ["110", "", "", ""]
    assert "“pm10”" in rows[1]["reason"]
    assert "abc" in rows[1]["reason"]
    rejects = rows_of((tmp_path / "out.rejects.csv").read_text(encoding="utf-8"))
    assert [(r["row"], r["column"], r["value"], r["station"]) for r in rejects] == [
        ("3", "pm10", "abc", "B"),
        ("4", "time", "tomorrow", "C"),
        ("5", "no2", "-20", "D"),
    ]
    assert "wrong rows, not judged: 3" in err


def test_json_has_rows_and_summary_and_nothing_else_on_output(assess: Assess, tmp_path: Path) -> None:
    file = table(tmp_path / "hours.csv", HOURS, "A,2026-03-01 00:00,10,20,0.8,50,100,70", "A,x,1,1,1,1,1,1")
    code, out, _ = assess(file, "--json")
    document = json.loads(out)
    assert code == 1
    assert document["rows"][0]["aqi"] == "110"
    assert document["summary"] | {"levels": None} == {
        "period": "hour",
        "judged": 1,
        "editions": {"HJ 633-2012": 0, "HJ 633-2026": 1},
        "levels": None,
        "rows": 2,
        "refused": 1,
    }


def test_a_column_of_the_input_with_a_judged_name_is_kept_under_another(
    assess: Assess, tmp_path: Path
) -> None:
    file = table(tmp_path / "days.csv", f"{DAYS},aqi,level", "A,2025-07-01,10,20,0.8,161,40,20,99,良")
    row = rows_of(assess(file)[1])[0]
    assert (row["aqi"], row["aqi_given"], row["level"], row["level_given"]) == ("101", "99", "3", "良")


@pytest.mark.parametrize(
    ("heading", "line", "words"),
    [
        ("station,so2,no2", "A,1,2", "time"),
        ("station,time,ph", "A,2020-01-01 00:00,7", "so2"),
        ("station,time,pm25,PM2.5", "A,2020-01-01 00:00,7,8", "same parameter"),
        ("station,time,co(mg/L)", "A,2020-01-01 00:00,7", "mg/m³"),
    ],
)
def test_a_file_that_cannot_be_judged_is_refused_with_the_reason(
    assess: Assess, tmp_path: Path, heading: str, line: str, words: str
) -> None:
    code, out, err = assess(table(tmp_path / "wrong.csv", heading, line))
    assert (code, out) == (3, "")
    assert words in err
    assert "wrong.csv" in err


def test_an_empty_table_and_an_absent_file_are_refused(assess: Assess, tmp_path: Path) -> None:
    assert assess(table(tmp_path / "empty.csv", HOURS))[0] == 3
    assert assess(tmp_path / "absent.csv")[0] == 3


def test_output_appears_whole_or_not_at_all(assess: Assess, tmp_path: Path) -> None:
    file = table(tmp_path / "hours.csv", HOURS, "A,2026-03-01 00:00,10,20,0.8,50,100,70")
    code, _, err = assess(file, "-o", tmp_path / "absent" / "out.csv")
    assert code == 3
    assert "cannot be written" in err
    assert assess(file, "-o", tmp_path / "out.csv", "--bom")[0] == 0
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfstation")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hours.csv", "out.csv"]


def test_the_reason_is_in_the_language_of_the_reader(
    assess: Assess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUANZHI_LANG", "zh")
    file = table(tmp_path / "hours.csv", HOURS, "A,2026-02-01 00:00,10,,0.8,50,40,30")
    assert rows_of(assess(file)[1])[0]["reason"] == "缺测：NO2"


def test_the_platforms_own_file_is_read_with_its_swapped_fields(assess: Assess, tmp_path: Path) -> None:
    source = DATA / "cnemc_station_hours" / "open" / "station_hours.csv.gz"
    if not source.exists():
        pytest.skip("real data are not beside the checkout: cnemc_station_hours")
    out = tmp_path / "out.csv"
    code, _, err = assess(source, "--time-label", "end", "-o", out)
    rows = rows_of(out.read_text(encoding="utf-8"))
    official = [row for row in rows if row["aqi_given"]]
    with gzip.open(source, "rt", encoding="utf-8") as stream:
        assert len(rows) == sum(1 for _ in stream) - 1
    assert code == 0
    assert "o3_24h" in err
    assert all(int(float(row["aqi_given"])) == int(row["aqi"]) for row in official)
    assert all(row["reason"] for row in rows if not row["aqi"])
