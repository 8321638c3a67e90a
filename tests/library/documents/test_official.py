"""A document is laid out as GB/T 9704 asks, and its tables and charts stay editable."""

from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from openpyxl import load_workbook

from huanzhi.library.documents import (
    Chart,
    Column,
    Document,
    Heading,
    Paragraph,
    Series,
    Table,
    write_docx,
    write_xlsx,
)
from huanzhi.library.documents.workbook import sheet_name

RANKS = Table(
    "ranks",
    "城市排名：综合指数",
    (Column("名次", numeric=True), Column("城市"), Column("综合指数", decimals=2, numeric=True)),
    [(1, "甲市", Decimal("3.5")), (2, "=乙市", None)],
    note="注：仅为样例。",
)
CHART = Chart(
    "days",
    "逐日浓度",
    "line",
    ["1", "2", "3"],
    (Series("今年", [10, None, Decimal("12.5")]), Series("限值", [35, 35, 25], stroke="dashed")),
    axis="µg/m³",
)
BARS = Chart(
    "bars", "级别", "column", ["优", "良"], (Series("天", [3, 2], ("00E400", "FFFF00")),), labels=True
)
DOCUMENT = Document(
    "样例报告",
    (
        Heading(1, "总体"),
        Paragraph("见[[ranks]]和[[days]]。"),
        Heading(2, "空气"),
        Heading(3, "浓度"),
        RANKS,
        CHART,
        BARS,
    ),
    mark="模拟数据",
    signature="某市生态环境局",
    date="2026年4月1日",
    annexes=(("来源", (Table("src", "来源", (Column("文件"),), [("a.csv",)]),)),),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_docx(DOCUMENT, tmp_path_factory.mktemp("docx") / "report.docx")


def near(length: int, wanted: int) -> bool:
    return abs(length - wanted) <= Pt(0.1)


def test_page_and_text_block_are_those_of_the_standard(path: Path) -> None:
    section = docx.Document(str(path)).sections[0]
    assert near(section.page_width, Mm(210)) and near(section.page_height, Mm(297))
    assert near(section.top_margin, Mm(37)) and near(section.left_margin, Mm(28))
    assert near(section.page_width - section.left_margin - section.right_margin, Mm(156))
    assert near(section.page_height - section.top_margin - section.bottom_margin, Mm(225))


def test_body_lines_are_fixed_indented_and_in_the_body_font(path: Path) -> None:
    body = next(p for p in docx.Document(str(path)).paragraphs if p.text.startswith("见"))
    assert body.paragraph_format.line_spacing == Pt(28)
    assert body.paragraph_format.first_line_indent == Pt(32)
    assert body.runs[0].font.size == Pt(16)
    assert body.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"


def test_headings_are_numbered_and_references_resolved(path: Path) -> None:
    lines = [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]
    assert "一、总体" in lines and "（一）空气" in lines and "1．浓度" in lines
    assert "见表1和图1。" in lines


def test_page_numbers_stand_outside_on_odd_and_even_pages(path: Path) -> None:
    section = docx.Document(str(path)).sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert odd.alignment != even.alignment
    assert odd.text == "—  —" and "PAGE" in odd._p.xml
    assert all(run.font.size == Pt(14) for run in odd.runs)


def test_the_mark_stands_on_every_page_and_table(path: Path) -> None:
    document = docx.Document(str(path))
    assert document.sections[0].header.paragraphs[0].text == "模拟数据"
    assert document.sections[0].even_page_header.paragraphs[0].text == "模拟数据"
    captions = [p.text for p in document.paragraphs if p.text.startswith(("表", "图"))]
    assert len(captions) == 4 and all("（模拟数据）" in caption for caption in captions)


def test_table_heads_repeat_and_unknown_is_a_dash(path: Path) -> None:
    table = docx.Document(str(path)).tables[0]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [cell.text for cell in table.rows[1].cells] == ["1", "甲市", "3.50"]
    assert table.rows[2].cells[2].text == "—"


def test_charts_are_native_with_their_workbooks_and_gaps_stay_gaps(path: Path) -> None:
    with ZipFile(path) as package:
        names = package.namelist()
        chart = package.read("word/charts/chart1.xml").decode()
        relations = package.read("word/charts/_rels/chart1.xml.rels").decode()
    assert "word/embeddings/chart1.xlsx" in names and "word/charts/chart2.xml" in names
    assert 'dispBlanksAs val="gap"' in chart and "<c:v>12.5</c:v>" in chart
    assert 'Id="rId1"' in relations and not any("media" in name for name in names)
    assert chart.index("externalData") > chart.index("</c:chart>")


def test_english_numbers_headings_and_labels_in_english(tmp_path: Path) -> None:
    english = Document("Report", (Heading(1, "Air"), Heading(2, "Days"), RANKS), language="en")
    document = docx.Document(str(write_docx(english, tmp_path / "en.docx")))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert "1  Air" in lines and "1.1  Days" in lines and any(line.startswith("Table 1") for line in lines)


def test_workbook_has_a_sheet_a_table_with_numbers_as_numbers(tmp_path: Path) -> None:
    book = load_workbook(write_xlsx(DOCUMENT, tmp_path / "report.xlsx"))
    assert len(book.sheetnames) == 2
    sheet = book.worksheets[0]
    assert sheet["A2"].value == "模拟数据" and sheet.freeze_panes == "A4"
    assert sheet["C4"].value == 3.5 and sheet["C4"].number_format == "0.00"
    assert sheet["C5"].value is None


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    book = load_workbook(write_xlsx(DOCUMENT, tmp_path / "report.xlsx"))
    assert book.worksheets[0]["B5"].data_type == "s" and book.worksheets[0]["B5"].value == "=乙市"


def test_sheet_names_are_short_allowed_and_different() -> None:
    first = sheet_name("甲/乙:丙" * 20, [])
    assert len(first) <= 31 and "/" not in first and ":" not in first
    assert sheet_name(first, [first]) != first
