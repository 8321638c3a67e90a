"""``huanzhi draw``: from a file of pools to a draw that verifies, and one that does not."""

import json

import pytest

from huanzhi.cli import main

POOLS = {
    "number": "SJ-1",
    "title": "四季度抽查",
    "made": "2026-11-20T10:00:00+08:00",
    "beacon": {"source": "双色球 2026133", "due": "2026-11-21T21:15:00+08:00"},
    "rules": {"until": "2026-12-31"},
    "strata": [{"id": "key", "take": 3}],
    "objects": [{"code": f"E{n}", "name": f"企业{n}", "stratum": "key", "weight": 1 + n} for n in range(8)],
    "inspectors": [{"code": f"P{n}", "name": f"人员{n}"} for n in range(4)],
    "conflicts": [{"inspector": "P0", "object": "E1"}],
}
BEACON = "03 07 11 19 25 30 + 12"


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pools.json").write_text(json.dumps(POOLS), encoding="utf-8")

    def go(*words):
        with pytest.raises(SystemExit) as ended:
            main(["draw", *words])
        out = capsys.readouterr()
        return ended.value.code, out.out + out.err

    return go


def test_make_reveal_and_verify(run, tmp_path):
    code, words = run("make", "pools.json", "-o", "committed.json", "--secret", "secret.json")
    commitment = json.loads((tmp_path / "committed.json").read_text(encoding="utf-8"))["commitment"]
    assert (code, commitment in words) == (0, True)
    assert (tmp_path / "secret.json").stat().st_mode & 0o077 == 0
    assert run("verify", "committed.json")[0] == 0
    code, _ = run(
        "reveal", "committed.json", "--secret", "secret.json", "--beacon", BEACON, "-o", "drawn.json"
    )
    assert code == 0
    code, words = run("verify", "drawn.json", "--commitment", commitment, "--beacon", BEACON, "--json")
    told = json.loads(words)
    assert (code, told["whole"], told["state"], told["drawn"], told["names"]) == (0, True, "drawn", 3, 0)
    names = (
        "reveal",
        "committed.json",
        "--secret",
        "secret.json",
        "--beacon",
        BEACON,
        "--names",
        "-o",
        "open.json",
    )
    assert run(*names)[0] == 0
    assert json.loads(run("verify", "open.json", "--json")[1])["names"] == 12


def test_a_change_is_named(run, tmp_path):
    run("make", "pools.json", "-o", "c.json", "--secret", "s.json")
    run("reveal", "c.json", "--secret", "s.json", "--beacon", BEACON, "-o", "d.json")
    paper = json.loads((tmp_path / "d.json").read_text(encoding="utf-8"))
    paper["result"]["objects"][1]["object"] = "0" * 64
    (tmp_path / "d.json").write_text(json.dumps(paper), encoding="utf-8")
    code, words = run("verify", "d.json")
    assert (code, "result.objects[1].object" in words) == (1, True)


def test_nothing_is_overwritten_and_wrong_files_are_refused(run, tmp_path):
    run("make", "pools.json", "-o", "c.json", "--secret", "s.json")
    assert run("make", "pools.json", "-o", "c2.json", "--secret", "s.json")[0] == 3
    (tmp_path / "x.json").write_text("{", encoding="utf-8")
    assert run("verify", "x.json")[0] == 3
    (tmp_path / "y.json").write_text(json.dumps({**POOLS, "strata": []}), encoding="utf-8")
    assert run("make", "y.json", "-o", "c3.json", "--secret", "s3.json")[0] == 3
