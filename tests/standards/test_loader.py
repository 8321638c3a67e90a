"""The loader refuses damaged tables, each with one exact sentence in both languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi import standards
from huanzhi.errors import StandardError
from huanzhi.messages import using
from huanzhi.standards import Words
from huanzhi.standards.loader import all_standards, read

HEAD = """
[[standard]]
id = "GB 1"
title = "试验标准"
title_en = "Trial standard"
subject = "air"
"""
OLD = """
[[standard.edition]]
id = "2012"
number = "GB 1-2012"
from = 2012-01-01
to = 2025-12-31
"""
NEW = """
[[standard.edition]]
id = "2026"
number = "GB 1-2026"
from = 2026-01-01
confidence = "CONFIRMED"
"""
GOOD = HEAD + OLD + NEW


def table(kind: str, rows: str, axis: str = "[]", more: str = "") -> str:
    body = f'id = "t"\nkind = "{kind}"\naxis = {axis}\nrows = [{rows}]\n{more}\n'
    return GOOD + "[[standard.edition.table]]\n" + body


PHASES = """
[[standard.edition.phase]]
id = "first"
from = 2026-01-01
to = 2026-06-30

[[standard.edition.phase]]
id = "second"
from = {second}
"""
CLASSES = '{ name = "a", direction = "le", values = [1, 2] }'
TABLE = '[[standard.edition.table]]\nid = "t"\nkind = "values"\nrows = [{ name = "a" }]\n'

DAMAGED = [
    (
        "gap of editions",
        HEAD + OLD.replace("2025-12-31", "2025-12-30") + NEW,
        "文件 x.toml：GB 1-2012 与 GB 1-2026 之间有空档",
        "file x.toml: there is a gap between GB 1-2012 and GB 1-2026",
    ),
    (
        "overlap of editions",
        HEAD + OLD.replace("2025-12-31", "2026-01-01") + NEW,
        "文件 x.toml：GB 1-2012 与 GB 1-2026 的施行期重叠",
        "file x.toml: GB 1-2012 and GB 1-2026 overlap in time",
    ),
    (
        "an edition that never ends before another",
        HEAD + OLD.replace("to = 2025-12-31\n", "") + NEW,
        "文件 x.toml：GB 1-2012 与 GB 1-2026 的施行期重叠",
        "file x.toml: GB 1-2012 and GB 1-2026 overlap in time",
    ),
    (
        "an edition that ends before it begins",
        HEAD + OLD.replace("2025-12-31", "2011-12-31"),
        "文件 x.toml：GB 1-2012 的废止日早于施行日",
        "file x.toml: GB 1-2012 ends before it begins",
    ),
    (
        "an edition twice",
        GOOD.replace('id = "2026"', 'id = "2012"'),
        "文件 x.toml：GB 1 中“2012”出现两次",
        "file x.toml: “2012” stands twice in GB 1",
    ),
    (
        "early implementation that runs into the edition",
        GOOD + "early = { from = 2025-01-01, to = 2026-01-01 }\n",
        "文件 x.toml：GB 1-2026 的提前实施期没有在施行日之前结束",
        "file x.toml: the early implementation of GB 1-2026 does not end before it is in force",
    ),
    (
        "gap of phases",
        GOOD + PHASES.format(second="2026-07-02"),
        "文件 x.toml：GB 1-2026 first 与 GB 1-2026 second 之间有空档",
        "file x.toml: there is a gap between GB 1-2026 first and GB 1-2026 second",
    ),
    (
        "phases that do not cover the edition",
        GOOD + PHASES.format(second="2026-07-01\nto = 2030-12-31"),
        "文件 x.toml：GB 1-2026 的各阶段没有覆盖整个施行期",
        "file x.toml: the phases of GB 1-2026 do not cover its time in force",
    ),
    (
        "a table of a phase that does not exist",
        table("values", '{ name = "a" }', more='phase = "third"'),
        "文件 x.toml：表 GB 1-2026 t 所属的阶段“third”不存在",
        "file x.toml: table GB 1-2026 t belongs to a phase “third” that does not exist",
    ),
    (
        "a table twice",
        GOOD + TABLE + TABLE,
        "文件 x.toml：表 GB 1-2026 t 收录了两次",
        "file x.toml: table GB 1-2026 t is given twice",
    ),
    (
        "a table without rows",
        table("values", ""),
        "文件 x.toml：表 GB 1-2026 t 没有行",
        "file x.toml: table GB 1-2026 t has no rows",
    ),
    (
        "two rows of one name",
        table("values", '{ name = "a" }, { name = "a" }'),
        "文件 x.toml：表 GB 1-2026 t 有重名或无名的行",
        "file x.toml: table GB 1-2026 t has rows without a name or with the same name",
    ),
    (
        "an unknown kind",
        table("matrix", '{ name = "a" }'),
        "文件 x.toml：表 GB 1-2026 t 的类型“matrix”不认识",
        "file x.toml: table GB 1-2026 t is of unknown kind “matrix”",
    ),
    (
        "breakpoints that fall",
        table("breakpoints", '{ name = "SO2", values = [0, 50, 40] }', "[0, 50, 100]"),
        "文件 x.toml：GB 1-2026 t SO2 的值不单调",
        "file x.toml: GB 1-2026 t SO2 is not monotone",
    ),
    (
        "breakpoints without an end",
        table("breakpoints", '{ name = "SO2", values = [0, 50, 100] }', "[0, 50]"),
        "文件 x.toml：GB 1-2026 t SO2 的值比表头多",
        "file x.toml: GB 1-2026 t SO2 has more values than the axis",
    ),
    (
        "classes that grow stricter",
        table("classes", '{ name = "a", direction = "le", values = [2, 1] }', '["I", "II"]'),
        "文件 x.toml：GB 1-2026 t a 的值不单调",
        "file x.toml: GB 1-2026 t a is not monotone",
    ),
    (
        "not to be found after a number",
        table("classes", '{ name = "a", direction = "le", values = [1, "ND"] }', '["I", "II"]'),
        "文件 x.toml：GB 1-2026 t a 的值不单调",
        "file x.toml: GB 1-2026 t a is not monotone",
    ),
    (
        "classes without a direction",
        table("classes", '{ name = "a", values = [1, 2] }', '["I", "II"]'),
        "文件 x.toml：GB 1-2026 t a 缺少“direction”",
        "file x.toml: GB 1-2026 t a lacks “direction”",
    ),
    (
        "a limit in words",
        table("classes", '{ name = "a", direction = "le", values = [1, "two"] }', '["I", "II"]'),
        "文件 x.toml，值“two”：GB 1-2026 t a 的限值不是数",
        "file x.toml, value “two”: a limit of GB 1-2026 t a is not a number",
    ),
    (
        "columns that do not fit the heading",
        table("columns", CLASSES, '["coal", "oil", "gas"]'),
        "文件 x.toml：GB 1-2026 t a 的值与表头不对应",
        "file x.toml: the values of GB 1-2026 t a do not match its columns",
    ),
    (
        "bands with a gap",
        table("bands", '{ name = "low", max = 50 }, { name = "high", min = 51 }'),
        "文件 x.toml：表 GB 1-2026 t 的“low”与“high”不相接",
        "file x.toml: bands “low” and “high” of table GB 1-2026 t do not meet",
    ),
    (
        "an empty band",
        table("bands", '{ name = "low", max = 50 }, { name = "mid", min = 50, max = 50 }'),
        "文件 x.toml：GB 1-2026 t mid 的值不单调",
        "file x.toml: GB 1-2026 t mid is not monotone",
    ),
    (
        "a ladder with a step twice",
        table("ladder", '{ name = "a", values = [[15, 1], [15, 2]] }'),
        "文件 x.toml：GB 1-2026 t a 的值不单调",
        "file x.toml: GB 1-2026 t a is not monotone",
    ),
    (
        "ranges that narrow",
        table("ranges", '{ name = "pH", values = [[6, 9], [6.5, 8.5]] }', '["I", "II"]'),
        "文件 x.toml：GB 1-2026 t pH 的值不单调",
        "file x.toml: GB 1-2026 t pH is not monotone",
    ),
    (
        "a control value below the screening value",
        table("thresholds", '{ name = "As", first = [60, 20] }'),
        "文件 x.toml：GB 1-2026 t As 的值不单调",
        "file x.toml: GB 1-2026 t As is not monotone",
    ),
    (
        "an unknown key of a table",
        table("values", '{ name = "a" }', more='colour = "red"'),
        "文件 x.toml：table 中有不认识的键：colour",
        "file x.toml: unknown keys in table: colour",
    ),
    (
        "an unknown key of an edition",
        GOOD + 'until = "2030"\n',
        "文件 x.toml：edition 中有不认识的键：until",
        "file x.toml: unknown keys in edition: until",
    ),
    (
        "an unknown key of a standard",
        HEAD + 'titel = "x"\n' + NEW,
        "文件 x.toml：standard 中有不认识的键：titel",
        "file x.toml: unknown keys in standard: titel",
    ),
    (
        "a number that is missing",
        GOOD.replace('number = "GB 1-2026"\n', ""),
        "文件 x.toml：缺少“number”",
        "file x.toml: “number” is missing",
    ),
    (
        "a date in quotes",
        GOOD.replace("2026-01-01", '"2026-01-01"'),
        "文件 x.toml，值“2026-01-01”：施行日期应写成 年-月-日",
        "file x.toml, value “2026-01-01”: dates in force are written YYYY-MM-DD",
    ),
    (
        "a date with a clock",
        GOOD.replace("2026-01-01", "2026-01-01T00:00:00"),
        "文件 x.toml，值“2026-01-01 00:00:00”：施行日期应写成 年-月-日",
        "file x.toml, value “2026-01-01 00:00:00”: dates in force are written YYYY-MM-DD",
    ),
    (
        "a word of confidence that is none",
        GOOD.replace("CONFIRMED", "SURE"),
        "文件 x.toml，值“SURE”：可信程度用词不对（应为：CONFIRMED, ONE SOURCE, MEMORY ONLY, CONFLICT, "
        "NOT CONFIRMED, NOT FOUND, DEFAULT, NOT FROM THE DOCUMENTS）",
        "file x.toml, value “SURE”: not a confidence word (expected: CONFIRMED, ONE SOURCE, MEMORY ONLY, "
        "CONFLICT, NOT CONFIRMED, NOT FOUND, DEFAULT, NOT FROM THE DOCUMENTS)",
    ),
    (
        "a row of unknown confidence",
        table("values", '{ name = "a", confidence = "SURE" }'),
        "文件 x.toml，值“SURE”：可信程度用词不对（应为：CONFIRMED, ONE SOURCE, MEMORY ONLY, CONFLICT, "
        "NOT CONFIRMED, NOT FOUND, DEFAULT, NOT FROM THE DOCUMENTS）",
        "file x.toml, value “SURE”: not a confidence word (expected: CONFIRMED, ONE SOURCE, MEMORY ONLY, "
        "CONFLICT, NOT CONFIRMED, NOT FOUND, DEFAULT, NOT FROM THE DOCUMENTS)",
    ),
    (
        "a note in one language",
        table("values", '{ name = "a" }', more='note = "words"'),
        '文件 x.toml，值“words”：应同时写明中文和英文（应为：{ zh = "…", en = "…" }）',
        'file x.toml, value “words”: must stand in Chinese and in English (expected: { zh = "…", en = "…" })',
    ),
    (
        "a source with an empty half",
        GOOD + 'sources = [{ zh = "原文", en = "" }]\n',
        "文件 x.toml，值“{'zh': '原文', 'en': ''}”：应同时写明中文和英文（应为：{ zh = \"…\", en = \"…\" }）",
        "file x.toml, value “{'zh': '原文', 'en': ''}”: must stand in Chinese and in English "
        '(expected: { zh = "…", en = "…" })',
    ),
    (
        "a title in one language",
        table("values", '{ name = "a" }', more='title_en = "Limits"'),
        "文件 x.toml，值“{'zh': None, 'en': 'Limits'}”：应同时写明中文和英文"
        '（应为：{ zh = "…", en = "…" }）',
        "file x.toml, value “{'zh': None, 'en': 'Limits'}”: must stand in Chinese and in English "
        '(expected: { zh = "…", en = "…" })',
    ),
    (
        "a file without a standard",
        "",
        "文件 x.toml：缺少“standard”",
        "file x.toml: “standard” is missing",
    ),
]


def test_good_tables_are_read() -> None:
    (held,) = read(GOOD + PHASES.format(second="2026-07-01") + TABLE, "x.toml")
    assert [edition.id for edition in held.editions] == ["2012", "2026"]
    assert held.editions[1].table("t").names() == ("a",)


def test_a_default_of_ours_does_not_borrow_the_sources_of_the_standard() -> None:
    sourced = GOOD + 'sources = [{ zh = "原文", en = "the text" }]\n'
    tables = TABLE + TABLE.replace('"t"', '"ours"') + 'confidence = "DEFAULT, NOT FROM THE DOCUMENTS"\n'
    (held,) = read(sourced + tables, "x.toml")
    edition = held.editions[1]
    assert edition.table("t").provenance.sources == (Words("原文", "the text"),)
    assert edition.table("ours").provenance.sources == ()


def test_fractions_stay_exact() -> None:
    (held,) = read(table("classes", '{ name = "a", direction = "le", values = [0.1] }', '["I"]'), "x.toml")
    (value,) = held.editions[1].table("t").row("a")["values"]
    assert value == Decimal("0.1")
    assert isinstance(value, Decimal)


@pytest.mark.parametrize(("name", "content", "zh", "en"), DAMAGED, ids=[case[0] for case in DAMAGED])
def test_damaged_tables_are_refused(name: str, content: str, zh: str, en: str) -> None:
    with pytest.raises(StandardError) as caught:
        read(content, "x.toml")
    with using("zh"):
        assert str(caught.value) == zh
    with using("en"):
        assert str(caught.value) == en
    assert caught.value.exit_code == 4


def test_what_is_no_toml_is_refused_with_the_place() -> None:
    with pytest.raises(StandardError) as caught:
        read("[[standard]\n", "x.toml")
    with using("en"):
        assert str(caught.value).startswith("file x.toml: not valid TOML: ")
        assert "line 1" in str(caught.value)


@given(st.dates(date(2010, 1, 1), date(2030, 12, 31)))
def test_a_day_is_judged_by_the_edition_of_its_own_time(day: date) -> None:
    held = standards.in_force("GB 3095", day, early=True) if day >= date(2013, 1, 1) else None
    if held is not None:
        assert held.id == ("2012" if day < date(2026, 3, 1) else "2026")


def test_the_day_before_the_first_edition_is_judged_by_none() -> None:
    with pytest.raises(StandardError) as caught:
        standards.in_force("GB 3095", date(2012, 12, 31), early=True)
    with using("en"):
        assert str(caught.value) == "no edition of GB 3095 was in force on 2012-12-31"


@pytest.mark.parametrize("spelling", ["GB 3095", "gb3095", "ＧＢ　３０９５", "GB/T 14848", "gb／t14848"])
def test_ids_are_found_however_they_are_written(spelling: str) -> None:
    assert standards.standard(spelling).id in ("GB 3095", "GB/T 14848")


def test_an_edition_is_found_by_its_year() -> None:
    assert standards.edition("GB 3095", "2012").number == "GB 3095-2012"
    with pytest.raises(StandardError) as caught:
        standards.edition("GB 3095", "1996")
    with using("zh"):
        assert str(caught.value) == "GB 3095 没有“1996”版；已收录：2012, 2026"


def test_unknown_tables_and_rows_are_refused() -> None:
    edition = standards.edition("GB 3095", "2012")
    with pytest.raises(StandardError) as no_table, using("en"):
        edition.table("colours")
    with pytest.raises(StandardError) as no_row, using("en"):
        edition.table("limits").row("SO3")
    with using("en"):
        assert str(no_table.value) == "GB 3095-2012 has no table “colours”"
        assert str(no_row.value) == "table limits (表1) has no row “SO3”"


def test_a_table_of_phases_needs_a_day() -> None:
    edition = standards.edition("GB 3095", "2026")
    assert edition.table("limits", date(2026, 3, 1)).phase == "transition"
    assert edition.table("limits", date(2031, 1, 1)).phase == "final"
    with pytest.raises(StandardError):
        edition.table("limits")


def test_tables_cannot_be_changed() -> None:
    row = standards.edition("GB 3095", "2012").table("limits").rows[0]
    with pytest.raises(TypeError):
        row["values"] = []  # type: ignore[index]
    with pytest.raises(TypeError):
        all_standards()["GB 1"] = None  # type: ignore[index, assignment]
