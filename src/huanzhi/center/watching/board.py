"""The board 实时数据板: the newest minutes of every series, as rows of one table in memory.

It is filled with observations as they are stored and can be filled again from the store at any time. Values
are floats that stand for the reported decimals: a value and a limit with the same digits are the same float.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from huanzhi.standards.periods import Period

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MINUTE = 60
KEPT = 1600
"""Minutes that are kept: a day, and some hours. Ours."""

_PERIODS = (Period.INSTANT.value, Period.MINUTE.value)
_NEVER = -(1 << 40)


class Board:
    """Rows of (feature, parameter), columns of minutes; what was never heard is NaN.

    Attributes
    ----------
    rows : dict
        (feature, parameter) → row.
    newest : ndarray of int64, shape (rows,)
        Newest minute of each row [minutes since 1970 UTC].
    heard : dict
        Feature → when something of it arrived last [s UTC].
    momentary : set
        Features that send values of moments.
    """

    def __init__(self, minutes: int = KEPT) -> None:
        self.minutes = minutes
        self.rows: dict[tuple[str, str], int] = {}
        self.heard: dict[str, int] = {}
        self.momentary: set[str] = set()
        self.newest: Ints = np.full(64, _NEVER, dtype=np.int64)
        self._values: Floats = np.full((64, minutes), np.nan)
        self._flags = np.zeros((64, minutes), dtype=np.int32)
        self._stamps: Ints = np.full((64, minutes), _NEVER, dtype=np.int64)

    def take(self, table: pa.Table, arrived: int) -> None:
        """Put observations on the board: those of moments; means of minutes where a place sends no moments.

        Parameters
        ----------
        table : pyarrow.Table
            Schema of `huanzhi.library.series.SCHEMA`; other periods are left alone.
        arrived : int
            When they arrived [s UTC].
        """
        features, of_feature = _coded(table, "feature")
        self.heard.update(dict.fromkeys(features, arrived))
        periods, of_period = _coded(table, "period")
        moments, means = (of_period == _place_of(periods, name) for name in _PERIODS)
        self.momentary |= {features[f] for f in np.unique(of_feature[moments]).tolist()}
        by_means = np.array([name not in self.momentary for name in features], dtype=np.bool_)
        wanted = moments | (means & by_means[of_feature])
        parameters, of_parameter = _coded(table, "parameter")
        pairs = of_feature * len(parameters) + of_parameter
        number, decimals = _numbers(table)
        minutes = np.asarray(table.column("time"), dtype=np.int64) // MINUTE
        flags = np.asarray(table.column("flag"), dtype=np.int32)
        keys, inverse = np.unique(pairs[wanted], return_inverse=True)
        names = [divmod(key, len(parameters)) for key in keys.tolist()]
        known = np.array([self.row(features[f], parameters[p]) for f, p in names], dtype=np.int64)
        self._write(known[inverse], minutes[wanted], (number / 10.0**decimals)[wanted], flags[wanted])

    def settle(self) -> None:
        """Let every feature have been heard when its newest value was made, as after filling from a store."""
        newest: dict[str, int] = {}
        for (feature, _), row in self.rows.items():
            newest[feature] = max(newest.get(feature, 0), int(self.newest[row]) * MINUTE)
        self.heard = {feature: moment for feature, moment in newest.items() if moment > 0}

    def row(self, feature: str, parameter: str) -> int:
        """Return the row of a series; a new one where it has none."""
        found = self.rows.get((feature, parameter))
        if found is None:
            found = self.rows[feature, parameter] = len(self.rows)
            if found == len(self.newest):
                self._grow()
        return found

    def window(
        self, rows: Ints, length: int, ends: Ints | None = None
    ) -> tuple[Floats, npt.NDArray[np.int32]]:
        """Return the last minutes of rows and their flags.

        Parameters
        ----------
        rows : ndarray of int, shape (n,)
        length : int
        ends : ndarray of int, shape (n,), optional
            Last minute of each; its newest by default.

        Returns
        -------
        values : ndarray of float, shape (n, length)
            NaN where there is none.
        flags : ndarray of int, shape (n, length)
        """
        last = self.newest[rows] if ends is None else ends
        wanted = last[:, None] + np.arange(1 - length, 1)
        column = wanted % self.minutes
        there = self._stamps[rows[:, None], column] == wanted
        values = np.where(there, self._values[rows[:, None], column], np.nan)
        return values, np.where(there, self._flags[rows[:, None], column], 0)

    def _write(self, rows: Ints, minutes: Ints, values: Floats, flags: npt.NDArray[np.int32]) -> None:
        late = minutes <= self.newest[rows] - self.minutes
        rows, minutes, values, flags = rows[~late], minutes[~late], values[~late], flags[~late]
        column = minutes % self.minutes
        self._values[rows, column] = values
        self._flags[rows, column] = flags
        self._stamps[rows, column] = minutes
        np.maximum.at(self.newest, rows, minutes)

    def _grow(self) -> None:
        more = len(self.newest)
        self.newest = np.concatenate([self.newest, np.full(more, _NEVER, dtype=np.int64)])
        self._values = np.concatenate([self._values, np.full((more, self.minutes), np.nan)])
        self._flags = np.concatenate([self._flags, np.zeros((more, self.minutes), dtype=np.int32)])
        self._stamps = np.concatenate([self._stamps, np.full((more, self.minutes), _NEVER, dtype=np.int64)])


def _coded(table: pa.Table, name: str) -> tuple[list[str], Ints]:
    column = table.column(name).combine_chunks().dictionary_encode()
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    return cast(list[str], column.dictionary.to_pylist()), np.asarray(column.indices, dtype=np.int64)


def _place_of(names: list[str], name: str) -> int:
    return names.index(name) if name in names else -1


def _numbers(table: pa.Table) -> tuple[Floats, Ints]:
    units = table.column("value").combine_chunks()
    number = np.asarray(units.to_numpy(zero_copy_only=False), dtype=np.float64)
    return number, np.asarray(table.column("decimals"), dtype=np.int64)


def of_rows(board: Board, pairs: Iterable[tuple[str, str]]) -> Ints:
    """Return the rows of series, made where missing."""
    return np.array([board.row(*pair) for pair in pairs], dtype=np.int64)
