"""``huanzhi report status`` and ``huanzhi demo``: files, JSON, errors."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest

from huanzhi.cli import main


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    return int(end.value.code or 0)


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("var")
    assert run("demo", "--home", str(folder)) == 0
    return folder


@pytest.fixture(autouse=True)
def environment(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUANZHI_HOME", str(var / "sample" / "store"))
    monkeypatch.setenv("HUANZHI_LANG", "zh")


def test_demo_leaves_store_and_report(var: Path) -> None:
    assert (var / "sample" / "reports" / "status-2026-03.docx").exists()
    assert (var / "sample" / "reports" / "status-2026-03.xlsx").exists()
    assert (var / "sample" / "store").is_dir()


def test_demo_leaves_a_page_in_both_languages_for_each_report(var: Path) -> None:
    pages = list(var.rglob("*.html"))
    assert {page.stem for page in pages} == {docx.stem for docx in var.rglob("*.docx")}
    shown = pages[0].read_text(encoding="utf-8")
    assert "模拟甲市" in shown and "Environmental status report" in shown


def test_demo_again_starts_afresh_and_tells_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        capsys.readouterr()
        assert run("demo", "--home", str(tmp_path), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["simulated"] and len(told["imported"]) == 6 and told["reports"]


def test_demo_never_empties_a_folder_that_it_did_not_make(tmp_path: Path) -> None:
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "mine.txt").write_text("mine", encoding="utf-8")
    assert run("demo", "--home", str(tmp_path)) == 3
    assert (tmp_path / "sample" / "mine.txt").exists()


def test_a_report_is_written_as_docx_and_xlsx(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    target = tmp_path / "new" / "report.docx"
    arguments = ("--region", "模拟甲市", "--period", "2026-02", "-o", str(target), "--json")
    assert run("report", "status", *arguments, "--issuer", "某局", "--exceptional", "2026-02-14") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["air"]["all"]["valid_days"] == 28 and Path(told["xlsx"]).exists()
    lines = [paragraph.text for paragraph in docx.Document(str(target)).paragraphs]
    assert "某局" in lines


def test_a_report_in_english(tmp_path: Path) -> None:
    target = tmp_path / "report.docx"
    assert run("report", "status", "--period", "2026-02", "-o", str(target), "--lang", "en") == 0
    lines = [paragraph.text for paragraph in docx.Document(str(target)).paragraphs]
    assert any(line.startswith("1  Summary") for line in lines)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--region", "月球", "--period", "2026-02", "-o", "r.docx"),
        ("--period", "2031-02", "-o", "r.docx"),
        ("--period", "2026-02", "-o", "r.pdf"),
    ],
)
def test_what_cannot_be_reported_is_an_input_error(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("report", "status", *arguments) == 3
    assert not list(tmp_path.iterdir())
