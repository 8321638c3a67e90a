"""``huanzhi assess water`` on files."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from huanzhi.cli import cli

OPEN = Path(__file__).parents[3] / "shared/data/surface_water_cnemc_20260204/open/sections.csv"
HEAD = "section,time,kind,ph,do,codmn,nh3n,tp,hg,target\n"


def run(tmp_path, rows, *options, head=HEAD):
    file = tmp_path / "sections.csv"
    file.write_text(head + rows, encoding="utf-8")
    return CliRunner().invoke(cli, ["assess", "water", str(file), *options])


def table(result):
    return list(csv.DictReader(io.StringIO(result.stdout)))


@pytest.fixture(autouse=True)
def chinese(monkeypatch):
    monkeypatch.setenv("HUANZHI_LANG", "zh")


def test_river_and_lake_limits(tmp_path):
    cells = "2026-02-04 10:00,{},7.93,9.85,0.97,0.043,0.029,,Ⅱ\n"
    result = run(
        tmp_path, "甲," + cells.format("river") + "乙," + cells.format("lake") + "丙湖心," + cells.format("")
    )
    rows = table(result)
    assert result.exit_code == 0
    assert [row["class"] for row in rows] == ["Ⅱ", "Ⅲ", "Ⅲ"]
    assert [row["kind_used"] for row in rows] == ["river", "lake", "lake"]
    assert [row["target_met"] for row in rows] == ["yes", "no", "no"]
    assert rows[1]["limiting"] == "总磷"
    assert rows[2]["kind_basis"] == "名称样式：湖心"
    assert rows[0]["skipped"] == "汞"


def test_multiples_and_grade(tmp_path):
    row = table(run(tmp_path, "明星路桥,2026-02-04 10:00,,7.16,10.29,3.71,0.158,0.501,,\n"))[0]
    assert (row["class"], row["grade"], row["multiples"]) == ("劣Ⅴ", "重度污染", "总磷(1.5)")
    assert row["main_pollutants"] == "总磷"
    assert row["reason"] == ""


def test_below_detection_and_markers(tmp_path):
    rows = table(run(tmp_path, "甲,2026-02-04,,--,8,NA,0.01L,<0.01,<0.0002,\n空,2026-02-04,,--,,,,,,\n"))
    assert rows[0]["class"] == "Ⅳ"
    assert "检出限" in rows[0]["reason"]
    assert rows[1]["class"] == ""
    assert rows[1]["reason"] == "没有参评项目的监测值，不评价"


def test_refused_rows_stay_with_the_reason_and_are_listed(tmp_path):
    out = tmp_path / "out.csv"
    rows = (
        "甲,2026-02-04,,7,8,2,-0.1,0.1,,\n"
        "乙,2026-02-04,,15,8,2,0.1,0.1,,\n"
        "丙,2026-02-04,lagoon,7,8,2,0.1,0.1,,\n"
        "丁,2006-02-04,,7,8,2,0.1,0.1,,\n"
        "戊,soon,,7,8,2,0.1,0.1,,\n"
        "己,2026-02-04,,7,8,2,0.1,0.1,,Ⅸ\n"
        "庚,2026-02-04,,7,8,2,0.1,0.1,,\n"
    )
    result = run(tmp_path, rows, "-o", str(out))
    assert result.exit_code == 1
    written = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert [row["class"] for row in written] == [""] * 6 + ["Ⅱ"]
    assert all(row["reason"] for row in written[:6])
    rejects = list(csv.DictReader(io.StringIO((tmp_path / "out.rejects.csv").read_text(encoding="utf-8"))))
    assert [row["row"] for row in rejects] == ["2", "3", "4", "5", "6", "7"]


def test_the_headings_of_the_national_platform(tmp_path):
    head = (
        "省份,流域,断面名称,监测时间,水温(℃),pH(无量纲),溶解氧(mg/L),高锰酸盐指数(mg/L),氨氮(mg/L),"
        "总磷(mg/L),总氮(mg/L),叶绿素α(mg/L)\n"
    )
    row = table(
        run(
            tmp_path,
            "某省,某流域,某点,02-04 10:00,10,7.9,9.9,1.0,0.04,0.029,1.2,0.002\n",
            "--year",
            "2026",
            head=head,
        )
    )[0]
    assert (row["省份"], row["class"], row["kind_used"], row["separate"]) == ("某省", "Ⅲ", "lake", "总氮(Ⅳ)")


def test_units_are_converted(tmp_path):
    head = "section,time,总磷(μg/L)\n"
    assert table(run(tmp_path, "甲,2026-02-04,200\n", head=head))[0]["class"] == "Ⅲ"


def test_a_doubtful_reservoir_shows_the_other_limits(tmp_path):
    row = table(run(tmp_path, "某某水库,2026-02-04,,7,8,2,0.1,0.03,,\n"))[0]
    assert (row["class"], row["kind_used"]) == ("Ⅱ", "river")
    assert row["reason"] == "水体类型存疑：按湖库限值为Ⅲ类"


def test_target_for_all_and_json(tmp_path):
    result = run(tmp_path, "甲,2026-02-04,,7,8,2,0.1,0.1,,\n", "--target", "Ⅰ", "--json")
    document = json.loads(result.stdout)
    assert document["rows"][0]["target_met"] == "no"
    assert document["summary"]["classes"] == {"Ⅱ": 1}


@pytest.mark.parametrize("head", ["section,time,x\n", "time,tp\n", "section,tp\n"])
def test_files_without_the_needed_columns_are_refused(tmp_path, head):
    result = run(tmp_path, ",".join("1" for _ in head.split(",")) + "\n", head=head)
    assert type(result.exception).__name__ == "InputError"


def test_the_open_data_of_the_national_platform():
    if not OPEN.exists():
        pytest.skip("shared data absent: ../shared/data/surface_water_cnemc_20260204")
    rows = table(CliRunner().invoke(cli, ["assess", "water", str(OPEN), "--year", "2026"]))
    agree = sum(row["class"] == row["水质类别"].replace("--", "") for row in rows)
    assert agree / len(rows) >= 0.96
