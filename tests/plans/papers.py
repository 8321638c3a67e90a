"""Made-up documents as html, docx and pdf files."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape

Rows = Sequence[Sequence[str]]


def html(text: str, *tables: Rows, encoding: str = "utf-8") -> bytes:
    """Return a web page with navigation, a script and a footer around the document."""
    paragraphs = "".join(f"<p>&nbsp;&nbsp;{escape(line)}</p>\n" for line in text.splitlines())
    drawn = "".join(_html_table(rows) for rows in tables)
    page = (
        f"<!DOCTYPE html><html><head><meta charset='{encoding}'><title>网站</title><style>p{{}}</style>"
        "<script>var 目标 = '达到99%';</script></head><body><nav>首页 | 政务公开</nav><div class='a'>"
        f"{paragraphs}{drawn}</div><div>打印 <a>关闭</a></div>"
        "<footer>版权所有 2020年 99%</footer></body></html>"
    )
    return page.encode(encoding)


def _html_table(rows: Rows) -> str:
    body = "".join(
        "<tr>" + "".join(f"<td><p>{escape(cell)}</p></td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table border=1>{body}</table>"


def docx(text: str, *tables: Rows) -> bytes:
    """Return a Word document."""
    from docx import Document

    document = Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    for rows in tables:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, words in zip(table.add_row().cells, row, strict=True):
                cell.text = words
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


SIZE, LEFT, RIGHT, TOP, LINE = 12, 60, 540, 780, 20
WIDE = (RIGHT - LEFT) // SIZE
PER_PAGE = 34


def pdf(text: str, *tables: Rows, head: str = "云溪市人民政府公报") -> bytes:
    """Return a PDF whose pages have a head, broken lines, ruled tables and a number."""
    lines: list[str | Rows] = []
    for paragraph in text.splitlines():
        lines += [paragraph[at : at + WIDE] for at in range(0, len(paragraph), WIDE)]
    lines += tables
    pages, used, page = [], 0, []
    for line in lines:
        height = 1 if isinstance(line, str) else len(line) * 3 + 1
        if used + height > PER_PAGE:
            pages, used, page = [*pages, page], 0, []
        page.append(line)
        used += height
    return _file([_stream(page, head, number) for number, page in enumerate([*pages, page], 1)])


def _stream(page: Sequence[str | Rows], head: str, number: int) -> bytes:
    drawn, y = [_say(head, LEFT + 150, TOP + 30)], TOP
    for item in page:
        if isinstance(item, str):
            drawn.append(_say(item, LEFT, y))
            y -= LINE
        else:
            drawn.append(_grid(item, y))
            y -= LINE * (3 * len(item) + 1)
    drawn.append(_say(f"— {number} —", 290, 40))
    return "\n".join(drawn).encode("ascii")


def _say(words: str, x: float, y: float) -> str:
    return f"BT /F1 {SIZE} Tf {x} {y} Td <{words.encode('utf-16-be').hex()}> Tj ET"


def _grid(rows: Rows, top: int) -> str:
    width, height = (RIGHT - LEFT) / len(rows[0]), LINE * 3
    room = int(width // SIZE)
    drawn = []
    for down, row in enumerate(rows):
        for across, cell in enumerate(row):
            x, y = LEFT + across * width, top - (down + 1) * height
            drawn.append(f"{x} {y} {width} {height} re S")
            pieces = [cell[at : at + room] for at in range(0, len(cell), room)]
            drawn += [_say(piece, x + 1, y + height - 15 * (n + 1)) for n, piece in enumerate(pieces)]
    return "\n".join(drawn)


def _file(streams: Sequence[bytes]) -> bytes:
    kids = " ".join(f"{6 + 2 * at} 0 R" for at in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        b" /DescendantFonts [4 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 5 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -200 1000 900]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 90 >>",
    ]
    for stream in streams:
        at = len(objects) + 2
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 840] /Contents {at} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def locked(content: bytes) -> bytes:
    """Return a PDF that asks for a password that nobody gave."""
    secret = b"<" + b"5a" * 32 + b">"
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O %s /U %s /P -4 >> /ID [<00> <00>]" % (secret, secret)
    return content.replace(b"/Root 1 0 R >>", b"/Root 1 0 R %s >>" % lock)


def scanned() -> bytes:
    """Return a PDF whose pages hold lines and no letter."""
    return _file([b"60 60 300 300 re S"])
