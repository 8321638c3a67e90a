"""Which encoding a text has: UTF-8, with BOM or without, UTF-16 with BOM, GB18030 (GBK, GB 2312).

Never a guess that turns one Chinese text into another.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from huanzhi.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes, file: Path) -> tuple[str, str]:
    """Return the text of a file and the name of its encoding.

    Raises
    ------
    InputError
        If the bytes are no text, or are UTF-8 with a broken place; the row is named.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _strict(data, name, file), name
    if b"\0" in data:
        raise InputError("feeds.nul_byte", file=file, row=_row(data, data.index(b"\0")))
    if data.isascii():
        return data.decode("ascii"), "utf-8"
    if _is_utf8(data):
        if _is_disguised_gb(data):
            return _strict(data, "gb18030", file), "gb18030"
        return data.decode("utf-8"), "utf-8"
    return _gb18030(data, file), "gb18030"


def _strict(data: bytes, name: str, file: Path) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise InputError("feeds.broken_text", file=file, row=_row(data, error.start), encoding=name) from None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_disguised_gb(data: bytes) -> bool:
    """Tell whether valid UTF-8 is really GB text: other alphabets, but Chinese as GB.

    Latin-1 and Greek signs (°, ³, µ, α) are what a UTF-8 table of measurements has without any Chinese.
    """
    strange = {letter for letter in set(data.decode("utf-8")) if not letter.isascii()}
    if not strange or any(letter >= "\u0800" or letter < "\u0100" or _greek(letter) for letter in strange):
        return False
    try:
        return all(_common_chinese(c) for c in data.decode("gb18030") if not c.isascii())
    except UnicodeDecodeError:
        return False


def _greek(letter: str) -> bool:
    return "\u0370" <= letter <= "\u03ff"


def _common_chinese(letter: str) -> bool:
    return "\u4e00" <= letter <= "\u9fff" or "\u3000" <= letter <= "\u303f" or "\uff00" <= letter <= "\uffef"


def _gb18030(data: bytes, file: Path) -> str:
    """Decode GB18030, unless the text is UTF-8 that was cut or damaged, or no text at all."""
    loose = data.decode("utf-8", errors="replace")
    broken = loose.count("\ufffd")
    whole = sum(1 for letter in loose if letter >= "\u0800") - broken
    if whole > 3 * broken:
        place = loose.index("\ufffd")
        raise InputError(
            "feeds.broken_text", file=file, row=loose.count("\n", 0, place) + 1, encoding="utf-8"
        )
    text = _strict(data, max(("gb18030", "utf-8"), key=lambda name: _readable(data, name)), file)
    for place, letter in enumerate(text):
        if not letter.isprintable() and letter not in "\t\r\n\f\u3000\xa0\u200b\ufeff":
            raise InputError("feeds.not_text", file=file, row=text.count("\n", 0, place) + 1)
    return text


def _readable(data: bytes, name: str) -> int:
    """Return how many bytes can be read in an encoding before it breaks."""
    try:
        data.decode(name)
    except UnicodeDecodeError as error:
        return error.start
    return len(data)


def _row(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1
