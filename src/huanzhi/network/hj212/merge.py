"""Puts together what the compiled scan read and what it left to the other paths."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from huanzhi.network.hj212 import plain, scan, words
from huanzhi.network.hj212.crc import check
from huanzhi.network.hj212.decode import decode
from huanzhi.network.hj212.dialect import Dialect
from huanzhi.network.hj212.framing import LENGTH_MAX, Frame, Framer, first
from huanzhi.network.hj212.regular import (
    FRAME_COLUMNS,
    MN,
    TEXT,
    VERDICTS,
    Int64s,
    Value,
    facts,
    values_of,
)

_SIGNS_A_FRAME = 4
"""Equals signs that every regular frame has at least: ST, CN, MN, and that of CP."""
_ITEM_MIN, _ROOM = 4, 1 << 26
"""Bytes of the shortest item, and up to how many bytes of input room is made without counting."""
_WINDOW = 2 * LENGTH_MAX


@dataclass(frozen=True, slots=True)
class ValueArrays:
    """Values as arrays of one length; see `columns.Columns`."""

    frame: NDArray[np.int32]
    name: NDArray[np.int32]
    units: Int64s
    decimals: NDArray[np.int8]
    mark: NDArray[np.uint32]

    @classmethod
    def empty(cls, size: int) -> ValueArrays:
        """Return room for `size` values."""
        return cls(
            np.empty(size, np.int32),
            np.empty(size, np.int32),
            np.empty(size, np.int64),
            np.empty(size, np.int8),
            np.empty(size, np.uint32),
        )

    def upto(self, size: int) -> ValueArrays:
        """Return the first `size` values."""
        return ValueArrays(
            self.frame[:size], self.name[:size], self.units[:size], self.decimals[:size], self.mark[:size]
        )

    def with_inserted(self, places: NDArray[np.int64], other: ValueArrays) -> ValueArrays:
        """Return the values with others put in before the given places."""
        return ValueArrays(
            np.insert(self.frame, places, other.frame),
            np.insert(self.name, places, other.name),
            np.insert(self.units, places, other.units),
            np.insert(self.decimals, places, other.decimals),
            np.insert(self.mark, places, other.mark),
        )


@dataclass(frozen=True, slots=True)
class Scanned:
    """What the compiled scan read."""

    rows: Int64s
    values: ValueArrays
    names: list[tuple[str, str]]
    mns: list[str]


class Rest:
    """Frames that the compiled scan does not read, with their places among those that it read."""

    def __init__(self, data: bytes, dialect: Dialect, *, plainly: bool) -> None:
        self.data = data
        self.dialect = dialect
        self.plainly = plainly
        self.rows: list[list[int]] = []
        self.mns: list[str] = []
        self.names: list[tuple[str, str]] = []
        self.values: list[Value] = []
        self.value_rows: list[int] = []
        self.frames_before: list[int] = []
        self.values_before: list[int] = []

    def read_all(self, *, at_end: bool) -> int:
        """Read everything; return how many bytes were read."""
        framer = Framer()
        pieces = framer.feed(self.data)
        if at_end:
            pieces += framer.finish()
        for piece in pieces:
            self.add(piece, 0, 0)
        return len(self.data) - framer.waiting - framer.rubbish

    def read_one(self, start: int, frames: int, values: int, *, at_end: bool) -> int:
        """Read the piece at `start`; return where the next begins, `start` itself where it is unfinished."""
        size = _WINDOW
        while True:
            last = start + size >= len(self.data)
            piece = first(self.data[start : start + size], at_end=at_end and last)
            if piece is not None:
                self.add(replace(piece, offset=piece.offset + start), frames, values)
                return start + piece.offset + piece.size
            if last:
                return start
            size *= 4

    def add(self, frame: Frame, frames: int, values: int) -> None:
        """Take in one frame that comes after so many frames and values of the scan."""
        row, mn, found = self._plain(frame) or self._readable(frame)
        self.value_rows += [len(self.rows)] * len(found)
        self.values_before += [values] * len(found)
        self.rows.append(row)
        self.mns.append(mn)
        self.values += found
        self.frames_before.append(frames)

    def arrays(self, base: int, first_name: int) -> tuple[ValueArrays, bytes]:
        """Return the values as arrays, and their texts, which will stand from `base` on in the source."""
        made = ValueArrays.empty(len(self.values))
        keys = [(value.code, value.kind) for value in self.values]
        self.names = list(dict.fromkeys(keys))
        order = {key: first_name + place for place, key in enumerate(self.names)}
        marks = {value.mark for value in self.values}
        words = {mark: int.from_bytes(mark.encode("ascii"), "little") for mark in marks}
        made.name[:] = [order[key] for key in keys]
        made.decimals[:] = [value.decimals for value in self.values]
        made.mark[:] = [words[value.mark] for value in self.values]
        made.units[:], texts = _units(self.values, base)
        row_of = np.array(self.value_rows, dtype=np.int64)
        before = np.array(self.frames_before, dtype=np.int64)
        made.frame[:] = before[row_of] + row_of if len(row_of) else 0
        return made, b"".join(texts)

    def _plain(self, frame: Frame) -> plain.Row | None:
        if not self.plainly:
            return None
        report = check(frame.segment, frame.written_crc)
        return plain.read(frame, report, report.verdict in self.dialect.crc)

    def _readable(self, frame: Frame) -> plain.Row:
        done = decode(frame, self.dialect)
        taken = done.packet is not None and done.ok
        mn = done.packet.mn if done.packet else ""
        return facts(done), mn, values_of(done.packet) if done.packet and taken else []


def _units(values: list[Value], base: int) -> tuple[list[int], list[bytes]]:
    """Return the numbers of values; of texts, where they will stand from `base` on, and the texts."""
    units, texts = [], []
    for value in values:
        if value.decimals == TEXT:
            units.append(base << 16 | len(value.text))
            texts.append(value.text)
            base += len(value.text)
        else:
            units.append(value.units)
    return units, texts


def scanned(data: bytes, dialect: Dialect, rest: Rest, *, at_end: bool) -> tuple[Scanned, int]:
    """Scan `data` with the compiled path; what is not regular goes to `rest`. Return how much was read."""
    buffer = _padded(data)
    accepted = sum(1 << place for place, verdict in enumerate(VERDICTS) if verdict in dialect.crc)
    counted = len(data) >= _ROOM
    signs = int(words.count_bytes(buffer, words.EQUALS)) if counted else len(data) // _ITEM_MIN
    rows = np.empty((signs // _SIGNS_A_FRAME + 1, FRAME_COLUMNS), np.int64)
    values = ValueArrays.empty(signs + 1)
    state = np.zeros(words.STATE_SIZE, np.int64)
    names, mns = _Dictionary(1 << 11), _Dictionary(1 << 11)
    outcome = -1
    while outcome != words.DONE:
        outcome = scan.scan(
            buffer,
            len(data),
            accepted,
            words.TABLE,
            words.SIGNS,
            state,
            rows,
            (values.frame, values.name, values.units, values.decimals, values.mark),
            (names.keys, names.known),
            mns.keys,
        )
        if outcome == words.FULL_NAMES:
            names.grow()
        elif outcome == words.FULL_MNS:
            mns.grow()
        elif outcome != words.DONE:
            at = int(state[words.AT])
            end = rest.read_one(at, int(state[words.FRAMES]), int(state[words.VALUES]), at_end=at_end)
            if end == at:
                break
            state[words.AT] = end
    count = int(state[words.FRAMES])
    done = Scanned(rows[:count], values.upto(int(state[words.VALUES])), names.pairs(), mns.texts())
    return done, int(state[words.AT])


def _padded(data: bytes) -> NDArray[np.uint8]:
    """Return the bytes with room after them."""
    buffer = np.empty(len(data) + words.PADDING, np.uint8)
    buffer[: len(data)] = np.frombuffer(data, np.uint8)
    buffer[len(data) :] = 0
    return buffer


def merged(data: bytes, arrays: Scanned | None, rest: Rest) -> tuple[Int64s, ValueArrays, bytes]:
    """Return rows, values and source of both in the order of the stream."""
    if arrays is None:
        arrays = Scanned(np.empty((0, FRAME_COLUMNS), np.int64), ValueArrays.empty(0), [], [])
    if not rest.rows:
        return arrays.rows, arrays.values, data
    others, texts = rest.arrays(len(data), len(arrays.names))
    places = np.array(rest.frames_before, dtype=np.int64)
    added = np.array(rest.rows, dtype=np.int64)
    added[:, MN] = len(arrays.mns) + np.arange(len(added))
    moved = replace(arrays.values, frame=_moved(arrays.values.frame, places))
    values = moved.with_inserted(np.array(rest.values_before, dtype=np.int64), others)
    return np.insert(arrays.rows, places, added, axis=0), values, data + texts if texts else data


def _moved(frames: NDArray[np.int32], places: NDArray[np.int64]) -> NDArray[np.int32]:
    return (frames + np.searchsorted(places, frames, side="right")).astype(np.int32)


class _Dictionary:
    """Keys of up to 24 bytes that the compiled scan numbers in the order in which it meets them."""

    def __init__(self, size: int) -> None:
        self.keys = np.zeros((size, 4), np.uint64)
        self.known = np.zeros((size // 2 + 1, words.KNOWN_COLUMNS), np.uint64)

    def grow(self) -> None:
        """Make four times the room."""
        old = self._in_order()
        size = 4 * len(self.keys)
        self.keys = np.zeros((size, 4), np.uint64)
        known = np.zeros((size // 2 + 1, words.KNOWN_COLUMNS), np.uint64)
        known[: len(self.known)] = self.known
        self.known = known
        words.enter_all(self.keys, old)

    def pairs(self) -> list[tuple[str, str]]:
        """Return the keys as factor and kind."""
        keys = self._in_order()
        return list(zip(_texts(keys[:, :1]), _texts(keys[:, 1:]), strict=True))

    def texts(self) -> list[str]:
        """Return the keys as one text."""
        return _texts(self._in_order())

    def _in_order(self) -> NDArray[np.uint64]:
        numbers = self.keys[:, 3]
        used = np.flatnonzero(numbers)
        return self.keys[used[np.argsort(numbers[used])], :3]


def _texts(keys: NDArray[np.uint64]) -> list[str]:
    """Return the bytes of each row as a text."""
    size = 8 * keys.shape[1]
    plain = np.ascontiguousarray(keys, dtype="<u8").view(f"S{size}").ravel()
    found: list[str] = plain.astype(f"U{size}").tolist()
    return found
