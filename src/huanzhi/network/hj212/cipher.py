"""Encrypted data areas of HJ 212-2025 数据加密: SM4 on the text between ``CP=&&`` and ``&&``.

Whole groups of 16 bytes are encrypted, what is left over stays plain; length and CRC are those of the plain
text. On the wire the cipher bytes are met in four forms; raw bytes keep the length field true and are what
`encrypt` makes.

References
----------
.. [1] HJ 212-2025, appendix A (read in public extracts; the wire form is an inference).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from huanzhi.network.hj212 import crc, sm4

AREA = b"CP=&&"
CLOSE = b"&&"
_PLAIN = re.compile(rb"[\s;,]*[\w-]+\s*=|[\s;,]*\Z")
_SHORT_NAME = re.compile(rb"[\w-]{1,20}=")
_FIELDS = re.compile(rb"[\w-]+\s*=[\t\r\n\x20-\x7e\x80-\xff]*")
_TEXT = re.compile(rb"[\t\r\n -~]*\Z")
_PRINTED = re.compile(rb"\{(0[xX][0-9A-Fa-f]{2}(?:\s*,\s*0[xX][0-9A-Fa-f]{2})*)\s*\}(.*)\Z", re.S)
_HEX = re.compile(rb"((?:[0-9A-Fa-f]{32})+)(.{0,15})\Z", re.S)
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{22,}={0,2}\Z")


class Form(StrEnum):
    """How cipher bytes are written on the wire."""

    RAW = "raw"
    PRINTED = "printed"
    HEX = "hex"
    BASE64 = "base64"


class Opened(NamedTuple):
    """A decrypted segment, and whether its CRC fits: only then was the key right."""

    segment: bytes
    form: Form
    report: crc.CrcReport


def looks_encrypted(segment: bytes) -> bool:
    """Whether the data area is not plain text."""
    area = _area(segment)
    if area is None or len(area[1]) < sm4.BLOCK or _SHORT_NAME.match(area[1]):
        return False
    form = next(_forms(area[1]))[0]
    return form is not Form.RAW or (not _PLAIN.match(area[1]) and not _TEXT.match(area[1]))


def open_segment(segment: bytes, written: bytes, keys: Iterable[bytes]) -> Opened | None:
    """Decrypt a segment with the first key and form whose plain text fits the CRC and reads as fields.

    The CRC has 256 states, so a wrong key fits it now and then; what does not read is the last choice.

    Parameters
    ----------
    segment : bytes
        Data segment as received.
    written : bytes
        CRC of the frame, which is that of the plain text.
    keys : iterable of bytes
        Keys that may have been used, newest first: after a rotation (1014) the old one is kept for a while.
    """
    area = _area(segment)
    if area is None:
        return None
    before, inner, after = area
    fitting = None
    for form, blocks, rest in _forms(inner):
        for key in keys:
            fields = sm4.decrypt(blocks, key) + rest
            plain = before + fields + after
            report = crc.check(plain, written)
            if report.verdict not in (crc.Verdict.BAD, crc.Verdict.NONE):
                opened = Opened(plain, form, report)
                if _FIELDS.fullmatch(fields):
                    return opened
                fitting = fitting or opened
    return fitting


def encrypt(segment: bytes, key: bytes, form: Form = Form.RAW) -> bytes:
    """Return a segment with its data area encrypted."""
    area = _area(segment)
    if area is None:
        return segment
    before, inner, after = area
    whole = len(inner) - len(inner) % sm4.BLOCK
    return before + written(sm4.encrypt(inner[:whole], key), form) + inner[whole:] + after


def written(data: bytes, form: Form) -> bytes:
    """Return cipher bytes in a form of the wire."""
    if form is Form.PRINTED:
        return b"{" + ",".join(f"0x{byte:02X}" for byte in data).encode("ascii") + b"}" if data else b""
    if form is Form.HEX:
        return data.hex().upper().encode("ascii")
    return base64.b64encode(data) if form is Form.BASE64 else data


def _area(segment: bytes) -> tuple[bytes, bytes, bytes] | None:
    start = segment.find(AREA)
    end = segment.rfind(CLOSE)
    first = start + len(AREA)
    return (segment[:first], segment[first:end], segment[end:]) if start >= 0 and end >= first else None


def _forms(inner: bytes) -> Iterator[tuple[Form, bytes, bytes]]:
    if found := _PRINTED.match(inner):
        data = bytes(int(byte, 16) for byte in found[1].split(b","))
        yield from _blocks(Form.PRINTED, data, found[2])
    if found := _HEX.match(inner):
        yield Form.HEX, bytes.fromhex(found[1].decode("ascii")), found[2]
    yield from _base64_forms(inner)
    whole = len(inner) - len(inner) % sm4.BLOCK
    if whole:
        yield Form.RAW, inner[:whole], inner[whole:]


def _base64_forms(inner: bytes) -> Iterator[tuple[Form, bytes, bytes]]:
    """Find the end of the Base64 text: what follows it, less than a block, may look like more of it."""
    for count in range(len(inner) * 3 // 4 // sm4.BLOCK, 0, -1):
        size = -(-count * sm4.BLOCK // 3) * 4
        if len(inner) - sm4.BLOCK < size <= len(inner) and _BASE64.match(inner[:size]):
            yield from _blocks(Form.BASE64, base64.b64decode(inner[:size]), inner[size:])


def _blocks(form: Form, data: bytes, rest: bytes) -> Iterator[tuple[Form, bytes, bytes]]:
    if data and len(data) % sm4.BLOCK == 0:
        yield form, data, rest
