"""Tables and registers on the command line."""

import json

import pytest
from openpyxl import load_workbook

from huanzhi.cli import main
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region, Station
from huanzhi.library.registers.models import Register
from huanzhi.library.registers.shipped import shipped
from huanzhi.library.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def still(monkeypatch, tmp_path):
    """Keep the tables of the test; they are up to date."""
    monkeypatch.setattr("django.core.management.call_command", lambda *a, **k: None)
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))


def run(*words):
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    return ended.value.code or 0


def test_a_sheet_goes_out_and_comes_in(tmp_path, capsys):
    file = tmp_path / "站.xlsx"
    assert run("table", "template", "station", "-o", file) == 0
    book = load_workbook(file)
    book.active.append(["S1", "甲站", "空气自动站", "国控", "330282"])
    book.save(file)
    assert run("table", "import", "stations", file) == 0
    assert Station.objects.count() == 0
    assert run("table", "import", "stations", file, "--accept", "--reason", "首次") == 0
    assert Station.objects.get().control_level == "national"
    assert "首次" in Entry.objects.get(kind="station").details["reason"]
    assert run("table", "export", "station", "-o", tmp_path / "out.xlsx", "--region", "330200") == 0
    assert load_workbook(tmp_path / "out.xlsx").active["A2"].value == "S1"


def test_a_wrong_sheet_changes_nothing(tmp_path, capsys):
    file = tmp_path / "站.xlsx"
    run("table", "template", "station", "-o", file)
    book = load_workbook(file)
    book.active.append(["S1", "甲站", "火", "国控", "330282"])
    book.save(file)
    assert run("table", "import", "station", file, "--accept", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["wrong"], found["accepted"], found["errors"][0]["value"]) == (1, False, "火")
    assert Station.objects.count() == 0
    assert run("table", "import", "nothing", file) == 3


def test_a_list_is_adopted(tmp_path, capsys):
    from huanzhi.library.series import open_store

    with open_store(mode="write"):
        pass
    file = tmp_path / "list.json"
    one = {"code": "SIM1", "name": "模拟厂", "simulated": True, "outlets": []}
    file.write_text(json.dumps({"enterprises": [one]}), encoding="utf-8")
    assert run("table", "adopt", file, "--json") == 0
    assert json.loads(capsys.readouterr().out)["made"] == {"organisation": 1, "enterprise": 1}
    assert Enterprise.objects.get().region == Region.objects.get(pk="000000")
    file.write_text("{}", encoding="utf-8")
    assert run("table", "adopt", file) == 3


def test_registers_are_listed_shown_and_declared(tmp_path, capsys):
    assert run("register", "list", "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["registers"]) == len(shipped())
    run("register", "show", "camera")
    schema = json.loads(capsys.readouterr().out)
    schema["properties"]["brand"] = {"type": "string", "x-zh": "品牌"}
    file = tmp_path / "camera.json"
    file.write_text(json.dumps(schema), encoding="utf-8")
    assert run("register", "declare", "camera", file) == 0
    assert Register.objects.get(code="camera").revision == 2
    assert run("register", "due", "camera", "--until", "2026-12-31") == 0
    file.write_text("[", encoding="utf-8")
    assert run("register", "declare", "camera", file) == 3
    assert run("register", "show", "none") == 3
