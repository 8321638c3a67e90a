"""Papers 成品文件: the tables of a judged figure as CSV, workbook or Word file to keep."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import HttpResponse

from huanzhi.errors import InputError
from huanzhi.library.documents import Document, Heading, Paragraph, Table, write_docx, write_xlsx
from huanzhi.messages import language, text

Paper = Literal["csv", "xlsx", "docx"]
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "json": "application/json; charset=utf-8",
}


def paper(tables: Sequence[Table], form: Paper, name: str, *, mark: str = "") -> HttpResponse:
    """Return tables as a file to download; CSV holds the first of them."""
    if form == "csv":
        return download(csv_text(tables[0], mark).encode("utf-8-sig"), "csv", f"{name}.csv")
    write = write_xlsx if form == "xlsx" else write_docx
    content = written(bulletin(tables, mark), write, form)
    return download(content, form, f"{name}.{form}")


def bulletin(tables: Sequence[Table], mark: str) -> Document:
    """Return tables as a document under the caption of the first."""
    blocks: list[Heading | Paragraph | Table] = []
    for table in tables:
        blocks += [Heading(1, table.caption), table]
    title = tables[0].caption + (text("report.in_caption", mark=mark) if mark else "")
    today = date.today()
    day = text("report.date", year=today.year, month=today.month, day=today.day, month_name=f"{today:%B}")
    return Document(title, tuple(blocks), language(), mark, date=day)


def written(document: Document, write: Callable[[Document, Path], object], form: str) -> bytes:
    """Return the bytes of a document as `write` makes them."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"paper.{form}"
        write(document, target)
        return target.read_bytes()


def csv_text(table: Table, mark: str = "") -> str:
    """Return a table as CSV, its mark in a comment line."""
    stream = io.StringIO()
    if mark:
        stream.write(f"# {mark}\r\n")
    writer = csv.writer(stream)
    writer.writerow(f"{one.heading}({one.unit})" if one.unit else one.heading for one in table.columns)
    writer.writerows([["" if cell is None else cell for cell in row] for row in table.rows])
    return stream.getvalue()


def download(content: bytes, form: str, name: str) -> HttpResponse:
    """Return bytes as a file under a name that may hold any letters."""
    response = HttpResponse(content, content_type=MEDIA.get(form, "application/octet-stream"))
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def fingerprinted(content: bytes, form: str, name: str, sm3: str) -> HttpResponse:
    """Return bytes as a file with their SM3 fingerprint beside them, for whoever verifies them later."""
    response = download(content, form, name)
    response["X-SM3"] = sm3
    return response


def one_of(rows: QuerySet[Any], key: int, error: str = "issues.no_evidence") -> Any:
    """Return the row of a number; raise `InputError` ``error`` where there is none, or none can be."""
    found = rows.filter(pk=key).first() if abs(key) < 1 << 62 else None
    if found is None:
        raise InputError(error, value=key)
    return found
