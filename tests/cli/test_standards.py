"""``huanzhi standards``: what is printed, in both languages and as JSON, and what is marked unconfirmed."""

from __future__ import annotations

import json
import re

import pytest

from huanzhi.cli import main
from huanzhi.standards import all_standards


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["standards", *arguments])
    out, err = capsys.readouterr()
    return int(end.value.code or 0), out, err


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUANZHI_LANG", "zh")


def test_list_names_every_edition_with_its_days(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "list", "--date", "2026-02-28")
    lines = {line.split("│")[0].strip(): line for line in out.splitlines() if "│" in line}
    assert code == 0
    assert "2016-01-01 至 2026-02-28" in lines["GB 3095-2012"]
    assert "施行 │" in lines["GB 3095-2012"]
    assert "施行 │" not in lines["GB 3095-2026"]
    assert "平台默认，非文件规定" in lines["HZ CODES-1"]


def test_list_of_one_subject(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "list", "--subject", "noise", "--json")
    assert {held["subject"] for held in json.loads(out)["standards"]} == {"noise"}


@pytest.mark.parametrize(
    ("day", "number", "phase"),
    [
        ("2025-06-01", "GB 3095-2012", None),
        ("2026-02-28", "GB 3095-2012", None),
        ("2026-03-01", "GB 3095-2026", "transition"),
        ("2031-01-01", "GB 3095-2026", "final"),
    ],
)
def test_show_takes_the_edition_and_phase_of_the_day(
    capsys: pytest.CaptureFixture[str], day: str, number: str, phase: str | None
) -> None:
    _, out, _ = run(capsys, "show", "GB 3095", "--date", day, "--json")
    document = json.loads(out)
    assert (document["number"], document["phase"]) == (number, phase)


@pytest.mark.parametrize("arguments", [("GB 3095", "--edition", "2012"), ("GB 3095-2012",), ("gb3095-2012",)])
def test_show_an_edition_by_name_whatever_the_day(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    code, out, _ = run(capsys, "show", *arguments, "--date", "2026-06-01")
    assert code == 0
    assert out.startswith("GB 3095-2012  环境空气质量标准\n")
    assert "注意：这一版本在 2026-06-01 不施行。" in out


def test_a_day_of_early_implementation_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "show", "GB 3095", "--date", "2014-01-01")
    assert code == 0
    assert "注意：这一版本在 2014-01-01 只在部分地区提前实施。" in out


def test_show_prints_clause_unit_and_limits(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "show", "GB 3095", "--date", "2025-06-01")
    assert "【limits】表1 环境空气污染物基本项目浓度限值（单位：µg/m³）" in out
    (row,) = [line for line in out.splitlines() if line.strip().startswith("PM2.5") and "日平均" in line]
    assert [cell.strip() for cell in row.split("│")][-2:] == ["35", "75"]


@pytest.mark.parametrize(
    ("language", "mark"), [("zh", "注意，数值的核实程度"), ("en", "Caution, confidence of the figures")]
)
def test_what_is_unconfirmed_is_marked_with_note_and_sources(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, mark: str
) -> None:
    monkeypatch.setenv("HUANZHI_LANG", language)
    _, text, _ = run(capsys, "show", "HZ CODES")
    _, out, _ = run(capsys, "show", "HZ CODES", "--json")
    tables = json.loads(out)["tables"]
    assert tables and not any(table["confirmed"] for table in tables)
    assert text.count(mark) == 1 + len(tables)


def test_the_columns_of_a_table_are_aligned_though_chinese_is_wide(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from rich.cells import cell_len

    _, out, _ = run(capsys, "show", "GB/T 2260")
    widths = {cell_len(line.split("│")[0]) for line in out.split("【")[1].splitlines() if "│" in line}
    assert len(widths) == 1


@pytest.mark.parametrize("identity", list(all_standards()))
def test_every_edition_of_every_standard_can_be_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, identity: str
) -> None:
    for edition in all_standards()[identity].editions:
        monkeypatch.setenv("HUANZHI_LANG", "zh")
        code, out, err = run(capsys, "show", identity, "--edition", edition.id)
        assert (code, err) == (0, "")
        assert out.count("【") >= sum(map(len, edition.tables.values()))
        code, out, _ = run(capsys, "show", identity, "--edition", edition.id, "--json")
        tables = [table for tables in edition.tables.values() for table in tables]
        assert [table["id"] for table in json.loads(out)["tables"]] == [table.id for table in tables]
        monkeypatch.setenv("HUANZHI_LANG", "en")
        assert run(capsys, "show", identity, "--edition", edition.id)[0] == 0


def test_brackets_in_names_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "show", "GB 36600")
    assert "苯并[a]芘" in out
    assert "二苯并[a,h]蒽" in out


def test_steps_of_a_ladder_are_readable(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "show", "GB 16297")
    assert "15: 0.26 / 0.39; 20: 0.43 / 0.65; 30: 1.4 / 2.2" in out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("show", "GB 1"), 4, "没有收录标准“GB 1”"),
        (("show", "GB 3095", "--date", "1990-01-01"), 4, "1990-01-01 没有现行的 GB 3095 版本"),
        (("show", "GB 3095", "--edition", "1996"), 4, "没有“1996”版"),
        (("show", "GB 3095", "--date", "yesterday"), 3, "值“yesterday”：不是日期（应为：YYYY-MM-DD）"),
        (("list", "--subject", "moon"), 3, "没有这一类标准"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_the_reason(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, words: str
) -> None:
    got, out, err = run(capsys, *arguments)
    assert (got, out) == (code, "")
    assert words in err


def test_errors_are_one_json_document_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "show", "GB 1", "--json")
    assert (code, err) == (4, "")
    assert json.loads(out)["error"] == "standards.unknown"


def test_a_chinese_screen_has_no_words_of_the_data_files(capsys: pytest.CaptureFixture[str]) -> None:
    """Headings, averaging times and phases are said in Chinese, item by item."""
    for number in ("GB 3095", "HJ 633", "HJ 663", "GB 18918", "GB 12348", "环办22号"):
        _, out, _ = run(capsys, "show", number, "--date", "2026-11-22")
        headings = [line for line in out.splitlines() if "┃" in line]
        assert headings and not [line for line in headings if re.search("[a-z]{4}", line)]
        assert not re.search(
            r"day_max|over_range|eight_hours|transition|min_sections", out.replace("【over_range】", "")
        )
