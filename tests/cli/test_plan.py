"""``huanzhi plan``: the JSON document that others read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from huanzhi.cli.plan import command

TEXT = (
    "云溪市治水计划\n一、目标\n到2025年,全市达标率达到95%以上。\n附件\n"
    "序号\n举措\n责任单位\n1\n建设管网(2024年)\n市水利局\n"
)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "plan.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


def run(*arguments: str):
    return CliRunner().invoke(command, list(arguments), catch_exceptions=False)


def test_one_file_gives_one_object_on_standard_output(plan: Path):
    told = json.loads(run("import", str(plan), "--json", "-").stdout)
    (target,) = told["targets"]
    assert {
        name: target[name]
        for name in ("region", "indicator", "op", "value", "unit", "year", "stretch", "damaged")
    } == {
        "region": "云溪市",
        "indicator": "达标率",
        "op": "≥",
        "value": 95,
        "unit": "%",
        "year": 2025,
        "stretch": None,
        "damaged": [],
    }
    (measure,) = told["measures"]
    assert {name: measure[name] for name in ("no", "text", "years", "bodies", "task")} == {
        "no": 1,
        "text": "建设管网",
        "years": [2024],
        "bodies": ["市水利局"],
        "task": "",
    }
    for item in (target, measure):
        assert TEXT[item["start"] : item["end"]] == item["quote"]
    assert isinstance(told["warnings"], list)


def test_several_files_give_a_list_of_objects_in_a_file(plan: Path, tmp_path: Path):
    out = tmp_path / "out.json"
    assert run("import", str(plan), str(plan), "--json", str(out)).exit_code == 0
    told = json.loads(out.read_text(encoding="utf-8"))
    assert [each["source"]["name"] for each in told["documents"]] == ["plan.txt", "plan.txt"]


def test_of_several_files_the_bad_ones_are_told_and_the_good_ones_kept(plan: Path, tmp_path: Path):
    old, out = tmp_path / "old.doc", tmp_path / "out.json"
    old.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(100))
    assert run("import", str(plan), str(old), "--json", str(out)).exit_code == 1
    told = json.loads(out.read_text(encoding="utf-8"))
    assert [each["source"]["name"] for each in told["documents"]] == ["plan.txt"]
    assert [(each["file"], each["error"]) for each in told["refused"]] == [("old.doc", "plans.old_word")]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_document_comes_in_by_standard_input(encoding: str):
    found = CliRunner().invoke(
        command, ["import", "-", "--json", "-"], input=TEXT.encode(encoding), catch_exceptions=False
    )
    told = json.loads(found.stdout)
    assert (told["source"]["name"], told["source"]["encoding"]) == ("stdin", encoding)
    assert [each["value"] for each in told["targets"]] == [95]


def test_without_json_a_table_for_people(plan: Path):
    printed = run("import", str(plan)).stdout
    assert "达标率" in printed
    assert "市水利局" in printed


def test_the_text_is_what_the_places_count_in(plan: Path):
    assert run("text", str(plan)).stdout == TEXT
