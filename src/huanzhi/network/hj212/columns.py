"""Frames into columns 列: the fast way in, for many frames at once.

Three paths give the same answer: numba (`scan`), regular expressions (`plain`), and the readable `decode`,
which also reads for the other two whatever is not regular.

>>> from huanzhi.network import hj212
>>> segment = b"ST=32;CN=2011;PW=1;MN=7;Flag=4;CP=&&w01018-Rtd=4.10,w01018-Flag=N&&"
>>> columns = decode_columns(hj212.build(segment))
>>> columns.names, columns.units.tolist(), columns.decimals.tolist(), columns.mark.tolist()
((('w01018', 'Rtd'),), [410], [2], [b'N'])
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huanzhi.network.hj212 import words
from huanzhi.network.hj212.dialect import STANDARD, Dialect
from huanzhi.network.hj212.merge import Rest, Scanned, merged, scanned
from huanzhi.network.hj212.regular import (
    CN,
    FLAG,
    MISSING,
    MN,
    OFFSET,
    OK,
    PNO,
    PNUM,
    QN,
    RF,
    SIZE,
    ST,
    TEXT,
    TIME,
    VERDICT,
    VERDICTS,
    packed,
)
from huanzhi.network.hj212.tables import Edition, editions

Entry = TypeVar("Entry", str, tuple[str, str])
Path = Literal["numba", "plain", "readable"]
BEST: Path = "numba" if words.COMPILED else "plain"
"""The fastest path that is installed."""

_EPC = re.compile(r"[0-9A-F]{24}\Z")


@dataclass(frozen=True, slots=True)
class Columns:
    """Frames and their values as columns.

    Attributes
    ----------
    rows : ndarray of int64, shape (n, 14)
        Facts of each frame, see `regular`; read them by the properties.
    mns : tuple of str
        Device numbers; the column MN points into it.
    edition : ndarray of S4, shape (n,)
        Edition of each frame.
    frame : ndarray of int32, shape (v,)
        Frame of each value.
    name : ndarray of int32, shape (v,)
        Place in `names` of each value.
    names : tuple of (str, str)
        Factor and kind.
    units : ndarray of int64, shape (v,)
        The value as an integer of 10**-decimals; of text, where it stands in `source`.
    decimals : ndarray of int8, shape (v,)
        Decimals as written; -1 where the value is text.
    mark : ndarray of S4, shape (v,)
        Mark 数据标记 of the factor; empty where it has none.
    source : bytes
        What `text` reads from.
    consumed : int
        How many bytes of the input were read; the rest is an unfinished frame.
    """

    rows: NDArray[np.int64]
    mns: tuple[str, ...]
    edition: NDArray[np.bytes_]
    frame: NDArray[np.int32]
    name: NDArray[np.int32]
    names: tuple[tuple[str, str], ...]
    units: NDArray[np.int64]
    decimals: NDArray[np.int8]
    mark: NDArray[np.bytes_]
    source: bytes
    consumed: int

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def ok(self) -> NDArray[np.bool_]:
        """Whether each frame is taken; only those have values."""
        return self.rows[:, OK].astype(bool)

    @property
    def data_time(self) -> NDArray[np.int64]:
        """DataTime of each frame [s, UTC]; `regular.MISSING` where there is none."""
        return self.rows[:, TIME]

    @property
    def verdict(self) -> list[str]:
        """Verdict on the CRC of each frame."""
        return [VERDICTS[number].value for number in self.rows[:, VERDICT]]

    def text(self, place: int) -> str:
        """Return the text of a value whose decimals are -1."""
        start, size = int(self.units[place]) >> 16, int(self.units[place]) & 0xFFFF
        return self.source[start : start + size].decode("utf-8", "replace")

    def frames_table(self) -> pa.Table:
        """Return the frames as a table: one row each, refused ones too."""
        rows = self.rows
        times = rows[:, TIME]
        columns: dict[str, Any] = {
            "offset": rows[:, OFFSET],
            "size": rows[:, SIZE].astype(np.int32),
            "ok": self.ok,
            "crc": _dictionary(rows[:, VERDICT].astype(np.int32), [verdict.value for verdict in VERDICTS]),
            "edition": pa.array(self.edition.astype("U4")),
            "qn": pa.array(rows[:, QN], mask=rows[:, QN] < 0),
            "st": pa.array(rows[:, ST].astype(">u4").view("S4").astype("U4")),
            "cn": pa.array(rows[:, CN].astype(np.int16), mask=rows[:, CN] < 0),
            "mn": _dictionary(rows[:, MN].astype(np.int32), self.mns),
            "flag": pa.array(rows[:, FLAG].astype(np.int16), mask=rows[:, FLAG] < 0),
            "pnum": pa.array(rows[:, PNUM].astype(np.int16), mask=rows[:, PNUM] == 0),
            "pno": pa.array(rows[:, PNO].astype(np.int16), mask=rows[:, PNO] == 0),
            "resent": rows[:, RF].astype(bool),
            "data_time": pa.array(times, mask=times == MISSING),
        }
        return pa.table(columns)

    def values_table(self) -> pa.Table:
        """Return the values as a table, with MN, CN and time of their frames."""
        taken: list[Any] = [
            np.ascontiguousarray(self.rows[:, place]).astype(kind).take(self.frame)
            for place, kind in ((MN, np.int32), (CN, np.int16), (TIME, np.int64), (RF, np.bool_))
        ]
        mn, cn, times, resent = taken
        is_text = self.decimals == TEXT
        texts = [self.text(int(place)) for place in np.flatnonzero(is_text)]
        places = np.cumsum(is_text, dtype=np.int32) - 1
        columns: dict[str, Any] = {
            "mn": _dictionary(mn, self.mns),
            "cn": cn,
            "data_time": pa.array(times, mask=times == MISSING),
            "code": _dictionary(self.name, [code for code, _ in self.names]),
            "kind": _dictionary(self.name, [kind for _, kind in self.names]),
            "value": pa.array(self.units, mask=is_text),
            "decimals": pa.array(self.decimals, mask=is_text),
            "mark": _dictionary(*_coded(self.mark)),
            "text": _dictionary(np.where(is_text, places, np.int32(-1)), texts),
            "resent": resent,
            "frame": self.frame,
        }
        return pa.table(columns)


def decode_columns(
    data: bytes, dialect: Dialect = STANDARD, *, at_end: bool = True, path: Path = BEST
) -> Columns:
    """Decode many frames into columns.

    Parameters
    ----------
    data : bytes
        Part of a stream that begins where a frame may begin.
    dialect : Dialect
        What is taken; a strict one is read on the readable path.
    at_end : bool
        Whether the stream ends here. Otherwise an unfinished frame at the end is left: see
        `Columns.consumed`.
    path : str
        ``numba``, ``plain`` or ``readable``; the answer is the same.
    """
    rest = Rest(data, dialect, plainly=path == "plain" and not dialect.strict)
    if path == "numba" and not dialect.strict:
        arrays, consumed = scanned(data, dialect, rest, at_end=at_end)
    else:
        arrays, consumed = None, rest.read_all(at_end=at_end)
    return _columns(data, arrays, rest, consumed, dialect)


def _columns(data: bytes, arrays: Scanned | None, rest: Rest, consumed: int, dialect: Dialect) -> Columns:
    rows, values, source = merged(data, arrays, rest)
    mns, rows[:, MN] = _sorted([*(arrays.mns if arrays else ()), *rest.mns], rows[:, MN])
    names, name = _sorted([*(arrays.names if arrays else ()), *rest.names], values.name)
    return Columns(
        rows=rows,
        mns=mns,
        edition=_editions(rows, mns, dialect.edition),
        frame=values.frame,
        name=name,
        names=names,
        units=values.units,
        decimals=values.decimals,
        mark=values.mark.astype("<u4").view("S4"),
        source=source,
        consumed=consumed,
    )


def _sorted(entries: list[Entry], places: NDArray[Any]) -> tuple[tuple[Entry, ...], NDArray[np.int32]]:
    """Return what is used of a dictionary, sorted and without doubles, and the places that point into it."""
    used = np.flatnonzero(np.bincount(places, minlength=len(entries)))
    found = tuple(sorted({entries[place] for place in used}))
    rank = {entry: place for place, entry in enumerate(found)}
    moved = np.array([rank.get(entry, 0) for entry in entries], dtype=np.int32)
    return found, moved.take(places) if len(places) else places.astype(np.int32)


def _editions(rows: NDArray[np.int64], mns: tuple[str, ...], given: Edition | None) -> NDArray[np.bytes_]:
    if given:
        return np.full(len(rows), given.value.encode("ascii"), dtype="S4")
    version = np.where(rows[:, FLAG] < 0, 0, rows[:, FLAG] >> 2)
    found = np.full(len(rows), Edition.HJ212_2025.value.encode("ascii"), dtype="S4")
    for edition, facts in editions().items():
        if facts.version is not None:
            found[version == facts.version] = edition.value.encode("ascii")
    water = (version == editions()[Edition.HJ212_2025].version) & (rows[:, ST] == packed("21"))
    if water.any():
        own = np.array([not _EPC.match(mn) for mn in mns], dtype=bool)
        found[water & own[rows[:, MN]]] = Edition.HJ1404_2024.value.encode("ascii")
    return found


def _dictionary(places: NDArray[np.int32], entries: Sequence[str]) -> pa.DictionaryArray:
    indices = pa.array(places, mask=places < 0) if len(places) and places.min() < 0 else pa.array(places)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(entries), pa.string()))


def _coded(marks: NDArray[np.bytes_]) -> tuple[NDArray[np.int32], list[str]]:
    coded = pa.array(marks.view("<u4")).dictionary_encode()
    found = coded.dictionary.to_numpy().view("S4").tolist()
    return coded.indices.to_numpy(), [mark.decode("ascii") for mark in found]
