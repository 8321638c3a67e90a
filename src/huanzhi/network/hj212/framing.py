"""Frames out of bytes 成帧: by the length field, never by line, with resynchronisation after rubbish.

A frame is ``##``, four digits of length, the data segment, four digits of CRC, CR LF. Encrypted segments may
hold any byte, so the length decides. Where the length is wrong, the frame is still delimited, at the next
CR LF or the next head, and is handed on with its fault, so that nothing is lost in silence.

Whatever the chunks in which the bytes come, the pieces are the same.

References
----------
.. [1] HJ 212-2017, 6.3.1 表2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from huanzhi.network.hj212 import crc

HEAD = b"##"
TAIL = b"\r\n"
LENGTH_MAX = 9999
"""What four digits can hold; the editions ask for at most 1024, devices send more."""
SAMPLE = 64
"""Bytes of rubbish that are kept to be shown."""

_LENGTH = re.compile(rb"##(?:([0-9]{4})|([0-9]{3})(?=[A-Za-z]))")
_NEXT_HEAD = rb"##[0-9]{3}"
_STOP = re.compile(rb"\r\n|(?=" + _NEXT_HEAD + rb")")
_INTERRUPTION = re.compile(rb"(?:\r\n|&&[0-9A-Fa-f]{4})(?=" + _NEXT_HEAD + rb")")
_END = re.compile(rb"&&[0-9A-Fa-f]{4}\Z")
_HEX4 = re.compile(rb"[0-9A-Fa-f]{4}\Z")
_BLANK = b"\r\n \t\x00"


class Shape(StrEnum):
    """How a piece of the stream is shaped."""

    WHOLE = "whole"
    THREE_DIGITS = "three_digits"
    IN_CHARACTERS = "in_characters"
    WRONG_LENGTH = "wrong_length"
    CUT_SHORT = "cut_short"
    RUBBISH = "rubbish"


@dataclass(frozen=True, slots=True)
class Frame:
    """A piece of the stream: a frame, whole or damaged, or rubbish between frames.

    Attributes
    ----------
    raw : bytes
        From ``##`` to the CRC, without CR LF; of rubbish, at most the first `SAMPLE` bytes.
    offset : int
        Where it starts in the stream [bytes].
    size : int
        How many bytes of the stream it is, without CR LF.
    shape : Shape
        What is wrong with it, if anything.
    declared : int or None
        The length field.
    segment : bytes
        Data segment 数据段.
    written_crc : bytes
        The four characters after it; empty where there are none.
    tail : bool
        CR LF followed. True where that was not looked at.
    """

    raw: bytes
    offset: int
    size: int
    shape: Shape
    declared: int | None = None
    segment: bytes = b""
    written_crc: bytes = b""
    tail: bool = True


class _Cut(NamedTuple):
    shape: Shape
    declared: int
    head: int
    end: int
    """Where the segment ends; the CRC follows."""
    closed: bool


class Framer:
    """Cuts a stream into frames.

    Parameters
    ----------
    longest : int
        Greatest length field that is believed; a longer one is rubbish. Bounds the memory.
    wait_for_tail : bool
        Hand a frame on only when the two bytes after it were seen, and note whether they are CR LF.

    Examples
    --------
    >>> framer = Framer()
    >>> framer.feed(b"noise##0003a")
    []
    >>> [(piece.shape.value, piece.segment) for piece in framer.feed(b"bc" + crc.text(b"abc"))]
    [('rubbish', b''), ('whole', b'abc')]
    """

    def __init__(self, longest: int = LENGTH_MAX, *, wait_for_tail: bool = False) -> None:
        self.longest = min(longest, LENGTH_MAX)
        self.wait_for_tail = wait_for_tail
        self._buffer = bytearray()
        self._at = 0
        self._offset = 0
        self._rubbish = bytearray()
        self._rubbish_size = 0

    def feed(self, data: bytes) -> list[Frame]:
        """Take bytes as they come and return the pieces that are complete."""
        self._buffer += data
        pieces = list(self._pieces(at_end=False))
        self._offset += self._at
        del self._buffer[: self._at]
        self._at = 0
        return pieces

    def finish(self) -> list[Frame]:
        """Return what is left, damaged or not: the stream has ended or was silent for too long."""
        pieces = list(self._pieces(at_end=True))
        self._offset += len(self._buffer)
        self._buffer.clear()
        self._at = 0
        return pieces

    @property
    def waiting(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return len(self._buffer)

    @property
    def rubbish(self) -> int:
        """How many bytes of rubbish are held until the next frame begins."""
        return self._rubbish_size

    def _pieces(self, at_end: bool) -> Iterator[Frame]:
        while True:
            start = self._next_head(at_end)
            self._skip(start)
            if start >= len(self._buffer) or not self._buffer.startswith(HEAD, start):
                break
            match = _LENGTH.match(self._buffer, start)
            if match is None and len(self._buffer) - start < 6 and not at_end:
                break
            if match is None or int(match[1] or match[2]) > self.longest:
                self._note_rubbish(start + 1)
                continue
            cut = _cut(self._buffer, start, match, self.longest, at_end)
            if cut is None or (self._lacks_tail(cut) and not at_end):
                break
            yield from self._flush_rubbish()
            yield self._frame(start, cut)
        if at_end:
            yield from self._flush_rubbish()

    def _next_head(self, at_end: bool) -> int:
        found = self._buffer.find(HEAD, self._at)
        if found >= 0:
            return found
        return len(self._buffer) - (not at_end and self._buffer.endswith(b"#", self._at))

    def _lacks_tail(self, cut: _Cut) -> bool:
        return self.wait_for_tail and len(self._buffer) < cut.end + 4 + len(TAIL)

    def _skip(self, start: int) -> None:
        if not self._rubbish_size:
            while self._at < start and self._buffer[self._at] in _BLANK:
                self._at += 1
        if self._at < start:
            self._note_rubbish(start)

    def _note_rubbish(self, end: int) -> None:
        self._rubbish += self._buffer[self._at : min(end, self._at + SAMPLE - len(self._rubbish))]
        self._rubbish_size += end - self._at
        self._at = end

    def _flush_rubbish(self) -> Iterator[Frame]:
        if self._rubbish_size:
            offset = self._offset + self._at - self._rubbish_size
            yield Frame(bytes(self._rubbish), offset, self._rubbish_size, Shape.RUBBISH)
        self._rubbish.clear()
        self._rubbish_size = 0

    def _frame(self, start: int, cut: _Cut) -> Frame:
        stop = cut.end + 4 if cut.closed else cut.end
        frame = Frame(
            raw=bytes(self._buffer[start:stop]),
            offset=self._offset + start,
            size=stop - start,
            shape=cut.shape,
            declared=cut.declared,
            segment=bytes(self._buffer[cut.head : cut.end]),
            written_crc=bytes(self._buffer[cut.end : stop]),
            tail=not self.wait_for_tail or self._buffer.startswith(TAIL, stop),
        )
        self._at = stop
        return frame


def first(data: bytes, *, at_end: bool) -> Frame | None:
    """Return the first piece of a stream; None where it is not complete yet."""
    framer = Framer()
    framer._buffer += data
    return next(framer._pieces(at_end), None)


def frame_of_line(line: bytes) -> Frame:
    """Return the one frame that a line holds, whatever its length field says: for logs with one frame a line.

    CR and LF at the end belong to the log and are dropped.
    What stands before the first ``##`` is not part of the frame.
    """
    text = line.rstrip(_BLANK)
    match = _LENGTH.search(text)
    if match is None:
        return Frame(text[:SAMPLE], 0, len(text), Shape.RUBBISH)
    start, head, declared = match.start(), match.end(), int(match[1] or match[2])
    shape = Shape.THREE_DIGITS if match[1] is None else Shape.WHOLE
    cut = _by_length(text, head, declared, shape)
    if cut is None or cut.end + 4 != len(text):
        cut = _by_characters(text, head, declared) or _delimited(text, start, head, declared, len(text))
    stop = cut.end + 4 if cut.closed else cut.end
    return Frame(
        text[start:stop],
        start,
        stop - start,
        cut.shape,
        declared,
        text[head : cut.end],
        text[cut.end : stop],
    )


def build(segment: bytes, kind: crc.Verdict = crc.Verdict.HJ212) -> bytes:
    """Return the frame of a data segment: head, length, segment, CRC, tail.

    Raises
    ------
    ValueError
        If the segment is longer than four digits can say.
    """
    if len(segment) > LENGTH_MAX:
        raise ValueError(len(segment))
    return b"##%04d" % len(segment) + segment + crc.text(segment, kind) + TAIL


def _cut(buffer: bytearray, start: int, match: re.Match[bytes], longest: int, at_end: bool) -> _Cut | None:
    head, declared = match.end(), int(match[1] or match[2])
    stop = head + declared + 4
    broken_off = _INTERRUPTION.search(buffer, head, min(stop, len(buffer)))
    if broken_off is None and len(buffer) < stop:
        return _delimited(buffer, start, head, declared, len(buffer)) if at_end else None
    if broken_off is None:
        shape = Shape.THREE_DIGITS if match[1] is None else Shape.WHOLE
        cut = _by_length(buffer, head, declared, shape)
        if cut is not None:
            return cut
        if (cut := _by_characters(buffer, head, declared)) is not None:
            return cut
    limit = head + longest + 8
    found = _STOP.search(buffer, head, limit)
    if found is None and len(buffer) < limit and not at_end:
        return None
    return _delimited(buffer, start, head, declared, found.start() if found else min(limit, len(buffer)))


def _by_length(buffer: bytes | bytearray, head: int, declared: int, shape: Shape) -> _Cut | None:
    end = head + declared
    written = bytes(buffer[end : end + 4])
    if not _HEX4.match(written):
        return None
    segment = bytes(buffer[head:end])
    if segment.endswith(b"&&") or _crc_fits(segment, written):
        return _Cut(shape, declared, head, end, True)
    return None


def _by_characters(buffer: bytes | bytearray, head: int, declared: int) -> _Cut | None:
    """Take the length as a count of characters of UTF-8, as some devices send it."""
    found = _STOP.search(buffer, head, head + 3 * declared + 8)
    near = bytes(buffer[head : found.start() if found else head + 3 * declared])
    if near.isascii():
        return None
    text = near.decode("utf-8", "surrogateescape")[:declared]
    end = head + len(text.encode("utf-8", "surrogateescape"))
    cut = _by_length(buffer, head, end - head, Shape.IN_CHARACTERS) if end > head + declared else None
    return cut and cut._replace(declared=declared)


def _delimited(buffer: bytes | bytearray, start: int, head: int, declared: int, end: int) -> _Cut:
    """Cut where the next line or head begins, because the length field cannot be right."""
    if _END.search(buffer, max(head, end - 6), end):
        return _Cut(Shape.WRONG_LENGTH, declared, head, end - 4, True)
    return _Cut(Shape.CUT_SHORT, declared, head, max(end, head), False)


def _crc_fits(segment: bytes, written: bytes) -> bool:
    value = int(written, 16)
    return any(algorithm(segment) == value for algorithm in crc.ALGORITHMS.values())
