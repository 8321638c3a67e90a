"""The same document as txt in several encodings, html, docx and pdf gives the same items."""

from __future__ import annotations

import io
import zipfile

import pytest

from huanzhi import plans
from huanzhi.errors import InputError

from . import papers
from .made_up import FIVE_YEARS, FIVE_YEARS_TABLE, FIVE_YEARS_TABLE_TARGETS, FIVE_YEARS_TARGETS, TASK_TABLE
from .test_targets import answers

WANTED = sorted({*FIVE_YEARS_TARGETS, *FIVE_YEARS_TABLE_TARGETS}, key=str)  # what is said twice counts once


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.html", papers.html(FIVE_YEARS, FIVE_YEARS_TABLE, TASK_TABLE)),
        ("old.htm", papers.html(FIVE_YEARS, FIVE_YEARS_TABLE, TASK_TABLE, encoding="gb18030")),
        ("plan.docx", papers.docx(FIVE_YEARS, FIVE_YEARS_TABLE, TASK_TABLE)),
        ("plan.pdf", papers.pdf(FIVE_YEARS, FIVE_YEARS_TABLE, TASK_TABLE)),
    ],
)
def test_every_format_gives_the_same_targets_and_measures(name: str, content: bytes):
    plan = plans.extract(plans.read(content, name))
    assert sorted(answers(plan.targets), key=str) == WANTED
    assert [m.years for m in plan.measures] == [(2023,), (2024,), (2022, 2024), ()]
    assert plan.metadata["title"] == "云溪市人民政府办公室关于印发云溪市生态环境保护“十四五”规划的通知"
    assert plan.metadata["number"] == "云政办发〔2021〕45号"
    for item in (*plan.targets, *plan.measures, *plan.systems, *plan.warnings):
        assert plan.source.text[item.start : item.end] == item.quote


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_gives_the_same_text(encoding: str):
    source = plans.read(FIVE_YEARS.encode(encoding), "plan.txt")
    assert source.text == FIVE_YEARS
    assert sorted(answers(plans.extract(source).targets), key=str) == sorted(FIVE_YEARS_TARGETS, key=str)


def test_half_width_punctuation_changes_nothing():
    half = FIVE_YEARS.translate(str.maketrans("，：；（）％～", ",:;()%~"))
    found = answers(plans.extract(plans.read(half.encode(), "plan.txt")).targets)
    assert sorted(found, key=str) == sorted(FIVE_YEARS_TARGETS, key=str)


def test_lines_broken_at_one_width_are_joined():
    width = 34
    broken = "\n".join(
        line[at : at + width] for line in FIVE_YEARS.splitlines() for at in range(0, len(line), width)
    )
    found = answers(plans.extract(plans.read(broken.encode(), "plan.txt")).targets)
    assert sorted(found, key=str) == sorted(FIVE_YEARS_TARGETS, key=str)


def test_a_document_on_one_line_is_parted_at_its_headings():
    one = " ".join(FIVE_YEARS.splitlines())
    plan = plans.extract(plans.read(one.encode(), "plan.txt"))
    assert sorted(answers(plan.targets), key=str) == sorted(FIVE_YEARS_TARGETS, key=str)
    assert (plan.counts["chapter"], plan.counts["section"], plan.counts["bullet"]) == (3, 7, 3)


def test_automatic_numbers_of_word_are_written_out():
    from docx import Document

    document = Document()
    for words in ("总体要求", "主要目标"):
        document.add_paragraph(words, style="List Number")
    held = io.BytesIO()
    document.save(held)
    assert plans.read(held.getvalue(), "plan.docx").text == "1.总体要求\n2.主要目标\n"


def test_cells_that_span_rows_of_a_page_are_repeated():
    page = (
        "<table><tr><td>任务</td><td>举措</td><td>责任单位</td></tr>"
        "<tr><td rowspan=2>治水</td><td>建设管网</td><td>市水利局</td></tr>"
        "<tr><td>清淤</td><td>市水利局</td></tr></table>"
    )
    found = plans.extract(plans.read(page.encode(), "plan.html")).measures
    assert [(m.task, m.text) for m in found] == [("治水", "建设管网"), ("治水", "清淤")]


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("plan.doc", b"\xd0\xcf\x11\xe0" + bytes(100), "plans.old_word"),
        ("locked.docx", b"\xd0\xcf\x11\xe0" + bytes(100), "plans.old_word"),
        ("data.txt", "到2025年\0\0达到95%".encode(), "plans.format"),
        ("locked.pdf", papers.locked(papers.pdf(FIVE_YEARS)), "plans.locked"),
        ("cut.pdf", papers.pdf(FIVE_YEARS)[:900], "plans.damaged_file"),
        ("scan.pdf", papers.scanned(), "plans.pictures_only"),
        ("plan.png", b"\x89PNG" + bytes(100), "plans.format"),
        ("plan.txt", b"", "plans.no_text"),
        ("plan.txt", b"\xff\xff\xff\x81", "plans.encoding"),
        ("plan.pdf", b"%PDF-1.4 broken", "plans.damaged_file"),
        ("empty.pdf", papers.pdf("", head=" "), "plans.no_text"),
        ("plan.html", b"<html><body><script>1</script></body></html>", "plans.no_text"),
    ],
)
def test_files_that_cannot_be_read_are_refused_with_a_reason(name: str, content: bytes, key: str):
    with pytest.raises(InputError) as refused:
        plans.read(content, name)
    assert refused.value.key == key


def test_a_damaged_word_file_is_refused():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("word/document.xml", "<broken")
    with pytest.raises(InputError) as refused:
        plans.read(held.getvalue(), "plan.docx")
    assert refused.value.key == "plans.damaged_file"


def test_a_word_file_with_a_broken_part_is_refused():
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(papers.docx("目标"))) as whole,
        zipfile.ZipFile(held, "w") as archive,
    ):
        for each in whole.namelist():
            archive.writestr(each, whole.read(each)[: 400 if each == "word/document.xml" else None])
    for content in (held.getvalue(), papers.docx("目标")[:4000]):
        with pytest.raises(InputError) as refused:
            plans.read(content, "plan.docx")
        assert refused.value.key == "plans.damaged_file"


def test_a_sheet_is_no_document():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(InputError) as refused:
        plans.read(held.getvalue(), "plan.xlsx")
    assert refused.value.key == "plans.format"
