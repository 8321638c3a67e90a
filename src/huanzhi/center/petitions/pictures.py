"""Pictures 图片: their kind by their first bytes, and what a camera wrote into them taken out; pure.

Place, time, device and owner stand in EXIF, XMP and text parts of a picture; none of them is needed to see
what is on
it, and each may tell who took it.
"""

from __future__ import annotations

import struct

KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"%PDF-": "application/pdf"}
"""Kinds that are taken, by how they begin."""

_KEPT_PNG = (
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"gAMA",
    b"sRGB",
    b"cHRM",
    b"iCCP",
    b"pHYs",
    b"sBIT",
    b"bKGD",
)
_KEPT_JPEG = (0xE0, 0xEE)
"""Parts of the head of a JPEG that tell only how it is coded."""


def kind_of(content: bytes) -> str:
    """Return the kind of a file; empty for what is not taken."""
    return next((kind for begin, kind in KINDS.items() if content.startswith(begin)), "")


def stripped(content: bytes) -> bytes:
    """Return a picture without what the camera wrote into it.

    What cannot be read to its end is returned empty.
    """
    kind = kind_of(content)
    if kind == "image/jpeg":
        return _jpeg(content)
    return _png(content) if kind == "image/png" else content


def _jpeg(content: bytes) -> bytes:
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        mark = content[at + 1]
        if mark == 0xDA:
            return b"".join([*kept, content[at:]])
        length = struct.unpack(">H", content[at + 2 : at + 4])[0]
        if mark == 0xFF:
            at += 1
            continue
        told = 0xE0 <= mark <= 0xEF or mark == 0xFE
        if not told or mark in _KEPT_JPEG:
            kept.append(content[at : at + 2 + length])
        at += 2 + length
    return b""


def _png(content: bytes) -> bytes:
    kept, at = [content[:8]], 8
    while at + 12 <= len(content):
        length = struct.unpack(">I", content[at : at + 4])[0]
        name = content[at + 4 : at + 8]
        if name in _KEPT_PNG:
            kept.append(content[at : at + 12 + length])
        if name == b"IEND":
            return b"".join(kept)
        at += 12 + length
    return b""
