"""``huanzhi sample make`` writes the shipped sample."""

import json
from pathlib import Path

import pytest

from huanzhi.cli import main


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    return int(end.value.code or 0)


def test_make_writes_the_files_and_says_that_they_are_simulated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("sample", "make", str(tmp_path / "town"), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["simulated"] is True
    assert {Path(file["file"]).name for file in told["files"]} == {
        p.name for p in (tmp_path / "town").iterdir()
    }


def test_make_prints_a_table_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sample", "make", str(tmp_path)) == 0
    assert "water_sections.csv" in capsys.readouterr().out.replace("\n", "")
