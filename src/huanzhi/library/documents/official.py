"""Official documents 公文: a Word file in the layout of GB/T 9704-2012, with tables and native charts.

References
----------
.. [1] GB/T 9704-2012 党政机关公文格式, 5.2 (page and text), 7.3 (title, headings, annexes, date), 7.5 (page
   numbers); the figures stand in ``data/gbt9704.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_HEADER_FOOTER
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from huanzhi.library.documents import numbering
from huanzhi.library.documents.blocks import (
    Block,
    Chart,
    Column,
    Document,
    Heading,
    Paragraph,
    Table,
    cell_text,
)
from huanzhi.library.documents.charts import chart_parts
from huanzhi.library.documents.layout import Font, Layout, official
from huanzhi.messages import text, using

ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_FORMULA = re.compile(r"\b(?:PM|SO|NO|O)(10|2\.5|2|3)(?![\d.]*\d)")
CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write_docx(document: Document, path: Path) -> Path:
    """Write `document` as a Word file, replacing `path` in one step, and return the path."""
    with using(document.language):
        word = _Writer(document).written()
    part = path.with_name(f".{path.name}.part")
    word.save(str(part))
    return part.replace(path)


class _Writer:
    """Lays out one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.layout: Layout = official()
        self.word: Any = docx.Document()
        self.labels = numbering.labels(_all_blocks(document), document.language)
        self.headings = numbering.Headings(document.language)
        self.charts = 0

    def written(self) -> Any:
        """Return the finished Word document."""
        self._page()
        self._paragraph(
            self.document.title,
            "title",
            align="center",
            indent=False,
            after=0 if self.document.number else 28,
        )
        if self.document.number:
            self._paragraph(self.document.number, "body", align="center", indent=False, after=14)
        for block in self.document.blocks:
            self._block(block)
        self._signature()
        for number, (title, blocks) in enumerate(self.document.annexes, 1):
            self._annex(number, title, blocks)
        return self.word

    def _page(self) -> None:
        section, page = self.word.sections[0], self.layout.page
        section.page_width, section.page_height = Mm(page["width"]), Mm(page["height"])
        section.top_margin, section.left_margin = Mm(page["top"]), Mm(page["left"])
        section.right_margin, section.bottom_margin = Mm(self.layout.right), Mm(self.layout.bottom)
        number = self.layout.fonts["page_number"].size
        below = self.layout.bottom - self.layout.page_number["below_text"]
        section.footer_distance = Mm(below) - Pt(number)
        section.header_distance = Mm(page["top"] / 2)
        self.word.settings.odd_and_even_pages_header_footer = True
        self._normal_style()
        for part, align in ((WD_HEADER_FOOTER.PRIMARY, "right"), (WD_HEADER_FOOTER.EVEN_PAGE, "left")):
            self._page_number(section, part, align)
            self._head(section, part)
        self._properties()

    def _normal_style(self) -> None:
        style = self.word.styles["Normal"]
        body = self.layout.fonts["body"]
        style.font.name, style.font.size = body.west, Pt(body.size)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), body.east)

    def _properties(self) -> None:
        core = self.word.core_properties
        core.title, core.author = self.document.title, self.document.signature
        core.comments = self.document.mark
        core.language = {"zh": "zh-CN", "en": "en"}[self.document.language]

    def _page_number(self, section: Any, part: Any, align: str) -> None:
        footer = section.footer if part is WD_HEADER_FOOTER.PRIMARY else section.even_page_footer
        footer.is_linked_to_previous = False
        paragraph, font = footer.paragraphs[0], self.layout.fonts["page_number"]
        paragraph.alignment = ALIGN[align]
        side = "right_indent" if align == "right" else "left_indent"
        setattr(paragraph.paragraph_format, side, Pt(font.size))
        before, after = self.layout.page_number["text"]
        self._run(paragraph, before, font)
        for kind in ("begin", "PAGE", "end"):
            self._run(paragraph, "", font)._r.append(_field(kind))
        self._run(paragraph, after, font)

    def _head(self, section: Any, part: Any) -> None:
        header = section.header if part is WD_HEADER_FOOTER.PRIMARY else section.even_page_header
        header.is_linked_to_previous = False
        if self.document.mark:
            header.paragraphs[0].alignment = ALIGN["center"]
            self._run(header.paragraphs[0], self.document.mark, self.layout.fonts["mark"])

    def _block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self._heading(block)
        elif isinstance(block, Paragraph):
            self._paragraph(numbering.refer(block.text, self.labels), "body", align="both")
        elif isinstance(block, Table):
            self._table(block)
        else:
            self._chart(block)

    def _heading(self, heading: Heading) -> None:
        line = self.headings.next(heading.level) + heading.text
        paragraph = self._paragraph(line, f"heading{heading.level}", align="left")
        paragraph.paragraph_format.keep_with_next = True
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), str(heading.level - 1))
        paragraph._p.get_or_add_pPr().append(level)

    def _paragraph(
        self, line: str, style: str, *, align: str, indent: bool = True, after: float = 0.0
    ) -> Any:
        paragraph, font = self.word.add_paragraph(), self.layout.fonts[style]
        form = paragraph.paragraph_format
        paragraph.alignment = ALIGN[align]
        form.space_before, form.space_after = Pt(0), Pt(after)
        form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        form.line_spacing = Pt(max(self.layout.text["line"], font.size * 1.5 if style == "title" else 0))
        if indent:
            form.first_line_indent = Pt(font.size * self.layout.text["indent_characters"])
        self._run(paragraph, line, font)
        return paragraph

    def _run(self, paragraph: Any, line: str, font: Font) -> Any:
        for piece, lowered in lowered_pieces(line):
            run = self._piece(paragraph, piece, font)
            run.font.subscript = lowered or None
        return run

    def _piece(self, paragraph: Any, line: str, font: Font) -> Any:
        run = paragraph.add_run(line)
        run.font.name, run.font.size, run.font.bold = font.west, Pt(font.size), font.bold
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font.east)
        return run

    def _signature(self) -> None:
        for line in (self.document.signature, self.document.date):
            if line:
                paragraph = self._paragraph(line, "body", align="right", indent=False)
                paragraph.paragraph_format.right_indent = Pt(self.layout.fonts["body"].size * 4)

    def _annex(self, number: int, title: str, blocks: Sequence[Block]) -> None:
        several = len(self.document.annexes) > 1
        label = text("report.annex", number=number if several else "").rstrip()
        head = self._paragraph(label, "annex", align="left", indent=False, after=14)
        head.paragraph_format.page_break_before = True
        self._paragraph(title, "title", align="center", indent=False, after=14)
        for block in blocks:
            self._block(block)

    def _caption(self, key: str, caption: str, *, with_next: bool) -> None:
        mark = text("report.in_caption", mark=self.document.mark) if self.document.mark else ""
        line = f"{self.labels[key]}  {caption}{mark}"
        paragraph = self._paragraph(line, "caption", align="center", indent=False)
        paragraph.paragraph_format.keep_with_next = with_next

    def _table(self, table: Table) -> None:
        if not table.form:
            self._caption(table.key, table.caption, with_next=True)
        grid = self.word.add_table(rows=0 if table.form else 1, cols=len(table.columns))
        grid.style, grid.alignment, grid.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
        widths = _widths(table.columns, self.layout.page["block_width"])
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = Mm(width)
        if not table.form:
            headings = [_heading_cell(column) for column in table.columns]
            self._row(grid.rows[0], headings, table, widths, head=True, together=True)
        whole = len(table.rows) <= self.layout.text["whole_table_rows"]
        for number, cells in enumerate(table.rows, 1):
            printed = [
                cell_text(cell, column.decimals) for cell, column in zip(cells, table.columns, strict=True)
            ]
            together = whole and number < len(table.rows)
            self._row(grid.add_row(), printed, table, widths, together=together)
        self._note(table.note)

    def _row(
        self,
        row: Any,
        cells: Sequence[str],
        table: Table,
        widths: Sequence[float],
        *,
        head: bool = False,
        together: bool = False,
    ) -> None:
        """Fill a row; `together` keeps it on the page of the next one."""
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if head:
            properties.append(OxmlElement("w:tblHeader"))
        font = self.layout.fonts["table_head" if head else "table_cell"]
        for cell, line, column, width in zip(row._tr.tc_lst, cells, table.columns, widths, strict=True):
            align = "center" if head else ("right" if column.numeric else "left")
            cell.width = Mm(width)
            _fill(cell, line, font, align, together=together)

    def _note(self, note: str) -> None:
        font = self.layout.fonts["note"]
        paragraph = self.word.add_paragraph()
        form = paragraph.paragraph_format
        form.space_before, form.space_after = Pt(3), Pt(font.size)
        form.line_spacing = 1.0
        if note:
            self._run(paragraph, note, font)

    def _chart(self, chart: Chart) -> None:
        self.charts += 1
        paragraph = self.word.add_paragraph()
        paragraph.alignment = ALIGN["center"]
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_before = Pt(6)
        relationship = self._chart_part(chart)
        size = (Mm(self.layout.page["block_width"]), Mm(self.layout.chart["height"]))
        run = paragraph.add_run()
        run._r.append(_drawing(relationship, self.charts, chart.caption, size))
        self._caption(chart.key, chart.caption, with_next=bool(chart.note))
        if chart.note:
            self._note(chart.note)

    def _chart_part(self, chart: Chart) -> str:
        content, workbook = chart_parts(chart, self.layout)
        package = self.word.part.package
        part = Part(PackURI(f"/word/charts/chart{self.charts}.xml"), CHART_TYPE, content, package)
        name = PackURI(f"/word/embeddings/chart{self.charts}.xlsx")
        part.relate_to(Part(name, WORKBOOK_TYPE, workbook, package), RELATIONSHIP_TYPE.PACKAGE)
        relationship: str = self.word.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
        return relationship


def _all_blocks(document: Document) -> list[Block]:
    return [*document.blocks, *(block for _, annex in document.annexes for block in annex)]


def _fill(cell: Any, line: str, font: Font, align: str, *, together: bool) -> None:
    """Fill a table cell; written close to the XML, since long tables have many."""
    properties = cell.get_or_add_tcPr()
    middle = OxmlElement("w:vAlign")
    middle.set(qn("w:val"), "center")
    properties.append(middle)
    paragraph = cell.p_lst[0]
    paragraph.append(parse_xml(_cell_paragraph(align, together=together)))
    for number, part in enumerate(line.split("\n")):
        for place, (piece, lowered) in enumerate(lowered_pieces(part)):
            broken = number > 0 and place == 0
            paragraph.append(_cell_run(piece, font, broken=broken, lowered=lowered))


def _heading_cell(column: Column) -> str:
    return f"{column.heading}\n({column.unit})" if column.unit else column.heading


def _widths(columns: Sequence[Column], whole: float) -> list[float]:
    total = sum(column.width for column in columns)
    return [whole * column.width / total for column in columns]


def _field(kind: str) -> Any:
    """Return one piece of a page-number field: its begin, its instruction, its end."""
    if kind == "PAGE":
        instruction = OxmlElement("w:instrText")
        instruction.set(qn("xml:space"), "preserve")
        instruction.text = " PAGE "
        return instruction
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    return mark


def _cell_paragraph(align: str, *, together: bool) -> str:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    next_one = "<w:keepNext/>" if together else ""
    spacing = '<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>'
    return f'<w:pPr {space}>{next_one}{spacing}<w:jc w:val="{align}"/></w:pPr>'


def lowered_pieces(line: str) -> list[tuple[str, bool]]:
    """Split a line into pieces and whether each is a subscript 下标: the 2.5 of PM2.5, the 3 of O3."""
    pieces: list[tuple[str, bool]] = []
    last = 0
    for found in _FORMULA.finditer(line):
        pieces += [(line[last : found.start(1)], False), (found[1], True)]
        last = found.end(1)
    return [*(piece for piece in pieces if piece[0]), (line[last:], False)]


def _cell_run(line: str, font: Font, *, broken: bool, lowered: bool = False) -> Any:
    run = OxmlElement("w:r")
    properties = OxmlElement("w:rPr")
    fonts = OxmlElement("w:rFonts")
    for name, value in (("ascii", font.west), ("hAnsi", font.west), ("eastAsia", font.east)):
        fonts.set(qn(f"w:{name}"), value)
    properties.append(fonts)
    for name in ("sz", "szCs"):
        size = OxmlElement(f"w:{name}")
        size.set(qn("w:val"), str(round(font.size * 2)))
        properties.append(size)
    if lowered:
        script = OxmlElement("w:vertAlign")
        script.set(qn("w:val"), "subscript")
        properties.append(script)
    run.append(properties)
    if broken:
        run.append(OxmlElement("w:br"))
    words = OxmlElement("w:t")
    words.set(qn("xml:space"), "preserve")
    words.text = line
    run.append(words)
    return run


def _drawing(relationship: str, number: int, name: str, size: tuple[int, int]) -> Any:
    """Return the inline drawing that shows a chart part."""
    namespaces = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    )
    drawing: Any = parse_xml(
        f'<w:drawing {namespaces}><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{size[0]}" cy="{size[1]}"/><wp:docPr id="{number}" name="chart{number}"/>'
        "<wp:cNvGraphicFramePr/>"
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{relationship}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )
    drawing.find(qn("wp:inline")).find(qn("wp:docPr")).set("descr", name)
    return drawing
