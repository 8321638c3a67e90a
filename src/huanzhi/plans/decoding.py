"""Bytes of a document become text: by its format, in the encoding that it is really in."""

from __future__ import annotations

import codecs
import hashlib
import re
from pathlib import PurePath

from huanzhi.errors import InputError
from huanzhi.plans import markup, printed, word
from huanzhi.plans.model import Source

FORMATS = ("txt", "html", "docx", "pdf")


def read(content: bytes, name: str) -> Source:
    """Read the bytes of a document.

    Parameters
    ----------
    content : bytes
        The file, whole.
    name : str
        Its name; the format is told by the first bytes and, for texts, by the name.

    Raises
    ------
    InputError
        Not one of the four formats, an encoding that cannot be read, or a document without text.
    """
    found = format_of(content, name)
    digest = hashlib.sha256(content).hexdigest()
    if found == "docx":
        text, tables, title = word.read(content, name)
        source = Source(name, found, text, tables, "", digest, title)
    elif found == "pdf":
        text, tables = printed.read(content, name)
        source = Source(name, found, text, tables, "", digest)
    else:
        text, encoding = decode(content, name)
        source = _text_source(text, name, found, encoding, digest)
    if not source.text.strip():
        raise InputError("plans.no_text", file=name)
    return source


def _text_source(text: str, name: str, found: str, encoding: str, digest: str) -> Source:
    if found == "txt":
        return Source(name, found, text, (), encoding, digest)
    laid, tables, title = markup.read(text)
    return Source(name, found, laid, tables, encoding, digest, title)


def format_of(content: bytes, name: str) -> str:
    """Return which of the four formats the bytes are.

    Raises
    ------
    InputError
        They are another known format: an old Word file, a sheet, a picture.
    """
    suffix = PurePath(name).suffix.lower().lstrip(".")
    if content.startswith(b"%PDF"):
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        if b"word/" in content:
            return "docx"
        raise InputError("plans.format", file=name, value=suffix, expected="txt, html, docx, pdf")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError("plans.old_word", file=name, value=suffix or None, expected="docx, pdf, html, txt")
    if content.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf")):
        raise InputError("plans.format", file=name, value=suffix, expected="txt, html, docx, pdf")
    if suffix in ("html", "htm", "xhtml", "mht") or re.match(
        rb"\s*(<!doctype html|<html)", content[:400], re.I
    ):
        return "html"
    return "txt"


def decode(content: bytes, name: str) -> tuple[str, str]:
    """Return the text and its encoding: UTF-8, UTF-16 with its mark, or GB18030.

    Raises
    ------
    InputError
        It is none of these.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _decoded(content, encoding, name), encoding
    if b"\0" in content:
        raise InputError("plans.format", file=name, expected="txt, html, docx, pdf")
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise InputError("plans.encoding", file=name, expected="UTF-8, GB18030")


def _decoded(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError("plans.encoding", file=name, expected="UTF-8, GB18030") from error
