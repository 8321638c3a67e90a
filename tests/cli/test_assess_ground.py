"""``huanzhi assess groundwater|sea|soil|noise``: files in, judged files out."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from huanzhi.cli import main

SHARED = Path(__file__).parents[2] / "../shared/data"
WELLS = SHARED / "groundwater_telangana/groundwater_2018_2020_postmonsoon.csv"


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUANZHI_LANG", "zh")


class Assess:
    """Runs one command on a text and returns its judged rows and exit code."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys

    def __call__(self, kind: str, content: str, *arguments: str) -> tuple[list[dict[str, str]], int]:
        source, target = self.folder / "in.csv", self.folder / "out.csv"
        source.write_text(content, encoding="utf-8")
        code = self.run(kind, str(source), "-o", str(target), *arguments)
        with target.open(encoding="utf-8") as stream:
            return list(csv.DictReader(stream)), code

    def run(self, *arguments: str) -> int:
        with pytest.raises(SystemExit) as end:
            main(["assess", *arguments])
        return int(end.value.code or 0)

    def error(self, kind: str, content: str, *arguments: str) -> str:
        source = self.folder / "in.csv"
        source.write_text(content, encoding="utf-8")
        assert self.run(kind, str(source), *arguments) == 3
        return self.capsys.readouterr().err


@pytest.fixture
def assess(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Assess:
    return Assess(tmp_path, capsys)


def test_groundwater_is_judged_by_name_alias_and_code_in_any_unit(assess: Assess) -> None:
    rows, code = assess(
        "groundwater",
        "well,time,铁(μg/L),pH,w21003,氯仿(mg/L),嗅和味\n"
        "A,2020-05-01,300,7.2,0.1,0.06,无\n"
        "B,2020-05-01,300.1,7.2,0.1,0.0601,无\n"
        "C,2020-05-01,100,7,0.02,,有\n",
    )
    assert code == 0
    assert [row["class"] for row in rows] == ["Ⅲ", "Ⅳ", "Ⅴ"]
    assert [row["limiting"] for row in rows] == ["铁、三氯甲烷", "铁、三氯甲烷", "嗅和味"]
    assert rows[1]["multiples"] == "铁(0.00)、三氯甲烷(0.00)"
    assert {row["edition"] for row in rows} == {"GB/T 14848-2017"}
    assert rows[0]["well"] == "A" and rows[0]["铁(μg/L)"] == "300"


def test_detection_limits_are_never_silently_compliant(assess: Assess) -> None:
    rows, _ = assess(
        "groundwater", "well,time,汞\nA,2020-05-01,<0.0001\nB,2020-05-01,0.0005L\nC,2020-05-01,ND\n"
    )
    assert [row["class"] for row in rows] == ["Ⅰ", "", ""]
    assert [(row["class_best"], row["class_worst"]) for row in rows] == [("Ⅰ", "Ⅰ"), ("Ⅰ", "Ⅲ"), ("Ⅰ", "Ⅴ")]
    assert rows[1]["reason"] == "检出限高于类别限值，最好为Ⅰ，最差为Ⅲ，不能定类（汞）"


def test_nitrate_must_say_what_it_is_expressed_as(assess: Assess) -> None:
    content = "well,time,NO3\nA,2020-05-01,88\nB,2020-05-01,89\n"
    assert "--nitrate" in assess.error("groundwater", content)
    assert [row["class"] for row in assess("groundwater", content, "--nitrate", "NO3")[0]] == ["Ⅲ", "Ⅳ"]
    assert [row["class"] for row in assess("groundwater", content, "--nitrate", "N")[0]] == ["Ⅴ", "Ⅴ"]
    clear = content.replace("NO3", "硝酸盐(以NO3计)")
    assert [row["class"] for row in assess("groundwater", clear)[0]] == ["Ⅲ", "Ⅳ"]


def test_radioactivity_beyond_its_guide_value_asks_for_nuclide_analysis(assess: Assess) -> None:
    rows, _ = assess("groundwater", "well,time,总α放射性\nA,2020-05-01,0.6\nB,2020-05-01,0.5\n")
    assert [row["class"] for row in rows] == ["Ⅳ", "Ⅲ"]
    assert "核素分析" in rows[0]["reason"] and rows[1]["reason"] == ""


def test_wrong_cells_keep_their_row_with_the_place_in_words(assess: Assess, tmp_path: Path) -> None:
    rows, code = assess(
        "groundwater",
        "well,time,铁,嗅和味\nA,2020-05-01,x,无\nB,gestern,0.1,无\nC,2020-05-01,-1,无\nD,2020-05-01,0.1,略\nE,2018-04-30,0.1,\nF,2020-05-01,,\n",
    )
    assert code == 1
    assert [row["class"] for row in rows] == [""] * 6
    assert [row["reason"].split("，")[0] for row in rows[:4]] == [f"第 {n} 行" for n in (2, 3, 4, 5)]
    assert "没有现行" in rows[4]["reason"] and rows[5]["reason"] == "没有可评价的指标"
    assert len((tmp_path / "out.rejects.csv").read_text(encoding="utf-8").splitlines()) == 5


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("groundwater", "well,time,foo\nA,2020-05-01,1\n", "没有任何可评价的指标列"),
        ("groundwater", "well,铁\nA,1\n", "没有时间列"),
        ("groundwater", "well,time,铁,Fe\nA,2020-05-01,1,1\n", "同一项目"),
        ("groundwater", "well,time,铁(mg/kg)\nA,2020-05-01,1\n", "单位不符"),
        ("sea", "point,time,foo\nA,2020-05-01,1\n", "没有任何可评价的指标列"),
        ("soil", "point,time,镉\nA,2020-05-01,1\n", "没有用地类型列"),
        ("soil", "point,time,use,foo\nA,2020-05-01,水田,1\n", "没有任何可评价的指标列"),
        ("noise", "point,time,zone\nA,2020-05-01,1\n", "缺少一列"),
        ("noise", "point,time,zone,leq,background\nA,2020-05-01 07:00,1,50,40\n", "没有背景噪声修正表"),
    ],
)
def test_a_wrong_file_is_refused_with_the_reason(assess: Assess, kind: str, content: str, words: str) -> None:
    assert words in assess.error(kind, content)


def test_a_file_without_times_needs_a_day(assess: Assess) -> None:
    content = "well,铁\nA,0.3\n"
    assert assess("groundwater", content, "--date", "2020-01-01")[0][0]["class"] == "Ⅲ"
    assert assess("groundwater", content, "--date", "2017-01-01")[0][0]["class"] == ""
    early = assess("groundwater", "well,time,铁\nA,2017-01-01,0.3\n", "--edition", "2017")[0]
    assert early[0]["class"] == "Ⅲ"


def test_json_holds_rows_and_summary(
    assess: Assess, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "w.csv"
    source.write_text("well,time,铁\nA,2020-05-01,0.3\nB,2020-05-01,x\n", encoding="utf-8")
    assert assess.run("groundwater", str(source), "--json") == 1
    document = json.loads(capsys.readouterr().out)
    assert document["rows"][0]["class"] == "Ⅲ"
    assert document["summary"] == {
        "classes": {"Ⅲ": 1},
        "not_judged": 1,
        "items": ["铁"],
        "unused": [],
        "rows": 2,
        "refused": 1,
    }


def test_sea_water_with_nitrogen_in_three_parts(assess: Assess) -> None:
    rows, code = assess(
        "sea",
        "point,time,pH,DO,COD,NO3-N,NO2-N(μg/L),NH4-N,活性磷酸盐,Hg(μg/L)\n"
        "S1,2023-08-15,8.1,6.5,1,0.15,5,0.02,0.010,0.02\n"
        "S2,2023-08-15,8.1,6,3,0.25,20,0.03,0.03,0.05\n"
        "S3,2023-08-15,8.1,7,3,0.55,20,0.03,0.03,\n"
        "S4,2023-08-15,8.1,7,3,0.55,20,,0.03,\n"
        "S5,2020-08-15,8.1,7,1,0.1,20,0,0.01,\n",
    )
    assert code == 0
    assert [row["class"] for row in rows] == ["一类", "二类", "劣四类", "二类", "一类"]
    assert rows[1]["limiting"] == "溶解氧、化学需氧量、活性磷酸盐、无机氮"
    assert rows[2]["multiples"] == "无机氮(1.00)"
    assert [row["e_index"] for row in rows] == ["0.39", "6.00", "12.00", "", ""]
    assert [row["e_grade"] for row in rows] == ["未富营养", "中度富营养", "重度富营养", "", ""]
    assert "不计算富营养化指数" in rows[3]["reason"] and "HJ 442.10" in rows[4]["reason"]


def test_sea_sediment_and_biota_have_commands_of_their_own(assess: Assess) -> None:
    sediment, _ = assess(
        "sea", "point,time,Cd,有机碳(%)\nA,2020-05-01,0.5,2.1\nB,2020-05-01,5.1,1\n", "--medium", "sediment"
    )
    assert [row["class"] for row in sediment] == ["二类", "劣三类"]
    assert "e_index" not in sediment[0]
    biota, _ = assess(
        "sea", "point,time,铜(牡蛎),铜\nA,2020-05-01,100,\nB,2020-05-01,,51\n", "--medium", "biota"
    )
    assert [row["class"] for row in biota] == ["三类", "劣三类"]


def test_coliforms_where_shellfish_is_eaten_raw(assess: Assess) -> None:
    content = "point,time,粪大肠菌群\nA,2020-05-01,200\n"
    assert assess("sea", content)[0][0]["class"] == "一类"
    assert assess("sea", content, "--shellfish-raw")[0][0]["class"] == "四类"


def test_soil_of_every_use_in_one_file(assess: Assess) -> None:
    rows, code = assess(
        "soil",
        "point,time,use,ph,Cd,Hg(μg/kg),As,砷背景值\n"
        "A,2020-05-01,水田,5.5,0.3,500,30,\n"
        "B,2020-05-01,dry land,7.6,0.61,,,\n"
        "C,2020-05-01,水旱轮作,6.5,0.31,,,\n"
        "D,2020-05-01,第一类用地,,20,,25,30\n"
        "E,2020-05-01,first class,,,,25,\n"
        "F,2020-05-01,用途不明,,47.1,,,\n"
        "G,2020-05-01,果园,,0.5,,,\n"
        "H,2020-05-01,海,,5,,,\n",
    )
    assert code == 1
    assert [row["verdict"] for row in rows] == [
        *(
            "优先保护类",
            "安全利用类",
            "安全利用类",
            "风险可忽略",
            "需详细调查和风险评估",
            "风险不可接受",
            "",
            "",
        )
    ]
    assert rows[1]["ratio"] == "镉(1.02)" and rows[1]["option"] == "其他, pH >7.5"
    assert "砷 高于筛选值但不高于背景值" in rows[3]["reason"]
    assert "没有给出背景值" in rows[4]["reason"]
    assert "缺 pH" in rows[6]["reason"] and rows[6]["verdict_worst"] == "安全利用类"
    assert "用地类型" in rows[7]["reason"]


def test_soil_without_a_use_column_takes_the_option(assess: Assess) -> None:
    rows, _ = assess("soil", "point,镉\nA,21\n", "--use", "第一类用地", "--date", "2024-01-01")
    assert rows[0]["verdict"] == "需详细调查和风险评估"
    assert "用地类型" in assess.error("soil", "point,镉\nA,21\n", "--use", "海", "--date", "2024-01-01")


def test_noise_by_zone_and_time(assess: Assess) -> None:
    rows, code = assess(
        "noise",
        "point,time,zone,period,leq,lmax\n"
        "A,2024-05-01 06:00,1,,55.0,\n"
        "B,2024-05-01 22:00,1类,,45.1,61\n"
        "C,2024-05-01 12:00,2,夜间,50,65\n"
        "D,2024-05-01,4a,day,,\n"
        "E,2024-05-01,9,day,50,\n",
    )
    assert code == 1
    assert [row["verdict"] for row in rows] == ["达标", "超标", "达标", "", ""]
    assert [row["limit"] for row in rows] == ["55", "45", "50", "70", ""]
    assert [row["exceed_db"] for row in rows] == ["0.0", "0.1", "0.0", "", ""]
    assert "61" in rows[1]["reason"] and rows[3]["reason"] == "没有等效声级" and "4a" in rows[4]["reason"]


def test_a_bare_date_is_never_taken_for_the_night(assess: Assess) -> None:
    rows, _ = assess(
        "noise", "point,time,zone,leq\nA,2024-05-01,2,45\nB,20240501 07,2,45\nC,2024/5/1 0:30,2,45\n"
    )
    assert [row["limit"] for row in rows] == ["", "60", "50"]
    assert rows[0]["verdict"] == "" and "昼间还是夜间" in rows[0]["reason"]


def test_boundary_noise_with_background_event_and_indoor(assess: Assess) -> None:
    rows, _ = assess(
        "noise",
        "point,time,zone,leq,lmax,background,event,indoor\n"
        "A,2024-05-01 07:00,2,62,,57,,\n"
        "B,2024-05-01 07:00,2,62,,60,,\n"
        "C,2024-05-01 23:00,2,50,62,,偶发,\n"
        "D,2024-05-01 23:00,2,50,62,,频发,\n"
        "E,2024-05-01 23:00,2,50,62,,,\n"
        "F,2024-05-01 07:00,2,51,,,,是\n",
        "--standard",
        "GB 12348",
    )
    assert [row["verdict"] for row in rows] == ["达标", "", "达标", "超标", "", "超标"]
    assert (
        "60" in rows[0]["reason"] and "重新测量" in rows[1]["reason"] and "频发还是偶发" in rows[4]["reason"]
    )
    assert rows[5]["limit"] == "50"


def test_columns_that_mean_nothing_are_named(assess: Assess, capsys: pytest.CaptureFixture[str]) -> None:
    assess("groundwater", "well,time,铁,Feo\nA,2020-05-01,0.3,9\n")
    assert "：Feo\n" in capsys.readouterr().err
    assess("sea", "point,time,DO,NO3-N,foo\nA,2023-05-01,6,1,9\n")
    assert "：foo\n" in capsys.readouterr().err
    assess("soil", "point,time,use,ph,Cd,砷背景值,foo\nA,2023-05-01,第一类用地,6,1,9,1\n")
    assert "：foo\n" in capsys.readouterr().err


def test_the_summary_of_the_sea_grades_the_points(assess: Assess, capsys: pytest.CaptureFixture[str]) -> None:
    assess("sea", "point,time,DO\nA,2023-05-01,7\nB,2023-05-01,7\nC,2023-05-01,2\n", "--json")
    found = json.loads(capsys.readouterr().out)["summary"]["nearshore"]
    assert found["grade"] == "差" and found["shares"]["一类"] == 66.7 and "凭记忆" in found["caution"]


def test_the_summary_of_noise_has_attainment_rates(
    assess: Assess, capsys: pytest.CaptureFixture[str]
) -> None:
    levels = (("07:00", 60), ("08:00", 61), ("09:00", 59), ("23:00", 50))
    lines = [f"A,2024-05-01 {clock},2,{level}" for clock, level in levels]
    content = "\n".join(["point,time,zone,leq", *lines])
    assess("noise", content, "--json")
    summary = json.loads(capsys.readouterr().out)["summary"]
    assert summary["attainment"] == {"2 day": 66.7, "2 night": 100}


def test_a_building_site_needs_no_zone(assess: Assess) -> None:
    rows, _ = assess("noise", "point,time,leq\nA,2024-05-01 23:00,55.1\n", "--standard", "GB 12523")
    assert (rows[0]["limit"], rows[0]["verdict"]) == ("55", "超标")


def test_english_speaks_english(assess: Assess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUANZHI_LANG", "en")
    rows, _ = assess("noise", "point,time,zone,leq\nA,2024-05-01 23:00,2,55.1\n")
    assert rows[0]["verdict"] == "exceeded"


@pytest.mark.parametrize("kind", ["groundwater", "sea", "soil", "noise"])
def test_every_command_has_help(kind: str, assess: Assess, capsys: pytest.CaptureFixture[str]) -> None:
    assert assess.run(kind, "--help") == 0
    assert "--json" in capsys.readouterr().out


def test_real_wells_are_judged_without_an_error(assess: Assess, tmp_path: Path) -> None:
    if not WELLS.exists():
        pytest.skip("shared data absent: ../shared/data/groundwater_telangana")
    with WELLS.open(encoding="utf-8") as stream:
        wells = list(csv.DictReader(stream))
    names = {
        "pH": "pH",
        "TDS": "TDS_mg_L",
        "Cl": "Cl",
        "F": "F",
        "NO3": "NO3",
        "SO4": "SO4",
        "Na": "Na",
        "TH": "TH",
    }
    lines = [",".join(["well", "time", *names])]
    lines += [",".join([w["sno"], f"{w['year']}-11", *(w[name] for name in names.values())]) for w in wells]
    rows, code = assess("groundwater", "\n".join(lines), "--nitrate", "NO3")
    refused = [row for row in rows if not row["class"]]
    assert code == 1 and len(rows) == 1106
    assert [row["pH"] for row in refused] == ["8..05"]


def test_the_module_runs_from_a_shell(tmp_path: Path) -> None:
    source = tmp_path / "n.csv"
    source.write_text("point,time,zone,leq\nA,2024-05-01 07:00,2,60\n", encoding="utf-8")
    command = [sys.executable, "-m", "huanzhi.cli", "assess", "noise", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1].startswith("A,2024-05-01 07:00,2,60,60,0,")
