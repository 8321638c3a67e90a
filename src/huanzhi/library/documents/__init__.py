"""Documents 文档: official documents and workbooks made from one description.

A report is described once as :class:`Document` (headings, paragraphs, tables, charts) and written as an
official document 公文 in the layout of GB/T 9704 (:func:`write_docx`) and as a workbook with the same figures
(:func:`write_xlsx`).
"""

from __future__ import annotations

from huanzhi.library.documents.blocks import (
    Block,
    Chart,
    Column,
    Document,
    Heading,
    Paragraph,
    Series,
    Table,
)
from huanzhi.library.documents.official import write_docx
from huanzhi.library.documents.workbook import write_xlsx

__all__ = [
    "Block",
    "Chart",
    "Column",
    "Document",
    "Heading",
    "Paragraph",
    "Series",
    "Table",
    "write_docx",
    "write_xlsx",
]
