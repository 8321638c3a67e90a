"""The fast way through a frame: length, CRC and header of a frame that is as the standard wants it.

What is not plainly so takes the readable way, `huanzhi.network.hj212.decode`, which says what is wrong.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from huanzhi.network.hj212 import crc

_LENGTH = re.compile(rb"##([0-9]{4})")
_HEADER = re.compile(
    rb"QN=([0-9]{17});ST=([0-9A-Z]{2});CN=([0-9]{4});PW=([0-9A-Za-z]{0,9});MN=([0-9A-Za-z_]{1,64});"
    rb"Flag=([4-9]|1[01]);(?:PNUM=[0-9]{1,4};PNO=[0-9]{1,4};)?(?:RF=1;)?CP=&&(?:\w[\w-]{0,30}=[^=&]|&&)"
)
_TAIL = 4
_PREFIX = 6


class Quick(NamedTuple):
    """Header of a frame, as bytes."""

    raw: bytes
    qn: bytes
    st: bytes
    cn: bytes
    pw: bytes
    mn: bytes
    flag: int


def next_frame(buffer: bytearray | bytes, at: int) -> tuple[Quick | None, int]:
    """Read the frame at `at`.

    Returns
    -------
    tuple of Quick or None, int
        The header and where the frame ends, with its CR LF. Without a header, an end of -1 means that more
        bytes are needed, and an end of 0 that the frame must take the readable way.
    """
    found = _LENGTH.match(buffer, at)
    if found is None:
        return None, 0 if len(buffer) - at >= _PREFIX or not b"##".startswith(buffer[at : at + 2]) else -1
    first = at + _PREFIX
    end = first + int(found[1])
    stop = end + _TAIL
    if len(buffer) < stop + 2:
        return None, 0 if b"\r\n" in buffer[first:] else -1
    segment = bytes(buffer[first:end])
    header = _HEADER.match(segment)
    if header is None or buffer[stop : stop + 2] != b"\r\n" or not segment.endswith(b"&&"):
        return None, 0
    if not segment.isascii() or b"%04X" % crc.crc(segment) != buffer[end:stop]:
        return None, 0
    qn, st, cn, pw, mn = header.group(1, 2, 3, 4, 5)
    return Quick(bytes(buffer[at:stop]), qn, st, cn, pw, mn, int(header[6])), stop + 2


def answer(quick: Quick, cn: bytes) -> bytes:
    """Return the frame that answers a quick one with command `cn`, in the edition of its Flag."""
    flag = quick.flag & ~3
    segment = b"QN=%b;ST=91;CN=%b;PW=%b;MN=%b;Flag=%d;CP=&&&&" % (quick.qn, cn, quick.pw, quick.mn, flag)
    return b"##%04d%b%04X\r\n" % (len(segment), segment, crc.crc(segment))
