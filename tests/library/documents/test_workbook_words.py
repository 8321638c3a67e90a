"""A document without tables is a workbook all the same: of its words, as text."""

from openpyxl import load_workbook

from huanzhi.library.documents import Document, Heading, Paragraph, write_xlsx


def test_a_document_without_tables_becomes_a_sheet_of_its_words(tmp_path):
    blocks = (Heading(1, "处罚决定"), Paragraph("=1+1 不是公式"))
    path = write_xlsx(Document("公开件/一", blocks, "zh", "模拟数据"), tmp_path / "a.xlsx")
    book = load_workbook(path)
    (sheet,) = book.worksheets
    assert sheet.title == "公开件 一"
    assert [row[0].value for row in sheet.iter_rows()] == [
        "公开件/一",
        "模拟数据",
        "处罚决定",
        "=1+1 不是公式",
    ]
    assert sheet["A4"].data_type == "s"


def test_a_document_of_nothing_still_opens(tmp_path):
    path = write_xlsx(Document("", (), "zh"), tmp_path / "a.xlsx")
    assert len(load_workbook(path).worksheets) == 1
