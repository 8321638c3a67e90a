"""Dense windows for the assessments: every series on one axis, in scaled integers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from huanzhi.assess import exact
from huanzhi.assess.states import State
from huanzhi.errors import StoreError
from huanzhi.library.series.model import Window
from huanzhi.library.series.schema import Ints, dense_times, numpy_column
from huanzhi.standards.periods import Period

WINDOW_COLUMNS = ("feature", "parameter", "time", "value", "decimals", "state", "flag")


def dense_window(
    rows: pa.Table,
    features: Sequence[str],
    parameters: Sequence[str],
    numbers: tuple[Sequence[int], Sequence[int]],
    period: Period,
    span: tuple[int, int],
) -> Window:
    """Lay stored rows out on a dense axis.

    Parameters
    ----------
    rows : pyarrow.Table
        :data:`WINDOW_COLUMNS` of stored rows, one a key.
    numbers : pair of sequences of int
        Numbers of `features` and of `parameters` in the rows; 0 for one that the store does not know.
    span : (int, int)
        Start and end, seconds UTC. A row off the axis (a moment that begins no period) is left out; the axis
        of ``INSTANT`` is made of the moments that are there.
    """
    instants = np.unique(numpy_column(rows, "time")) if period is Period.INSTANT else None
    times = dense_times(period, *span) if instants is None else instants
    rows, at = _places(rows, numbers, times)
    units, decimals = _common_units(rows, at[1], len(parameters))
    shape = (len(features), len(parameters), times.size)
    cells = np.ravel_multi_index(at, shape) if rows.num_rows else np.empty(0, np.int64)
    return Window(
        features=tuple(features),
        parameters=tuple(parameters),
        period=period,
        times=times,
        units=_scatter(cells, units, shape, exact.MISSING, np.int64),
        decimals=decimals,
        states=_scatter(cells, numpy_column(rows, "state"), shape, State.MISSING, np.int8),
        flags=_scatter(cells, numpy_column(rows, "flag"), shape, 0, np.int32),
    )


def _places(
    rows: pa.Table, numbers: tuple[Sequence[int], Sequence[int]], times: Ints
) -> tuple[pa.Table, tuple[Ints, Ints, Ints]]:
    """Return the rows that lie on the axes, with their three indices."""
    feature = _index(numbers[0])[numpy_column(rows, "feature")]
    parameter = _index(numbers[1])[numpy_column(rows, "parameter")]
    moments = numpy_column(rows, "time")
    step = np.searchsorted(times, moments)
    step = np.minimum(step, max(times.size - 1, 0))
    on_axis = times[step] == moments if times.size else np.zeros(moments.size, bool)
    if on_axis.all():
        return rows, (feature, parameter, step)
    return rows.filter(pa.array(on_axis)), (feature[on_axis], parameter[on_axis], step[on_axis])


def _index(numbers: Sequence[int]) -> Ints:
    index = np.zeros(max(numbers, default=0) + 1, np.int64)
    index[list(numbers)] = np.arange(len(numbers))
    return index


def _common_units(rows: pa.Table, parameter: Ints, count: int) -> tuple[Ints, tuple[int, ...]]:
    """Bring the values of each parameter to its most decimals; a null value becomes MISSING."""
    reported = numpy_column(rows, "decimals").astype(np.int64)
    values = rows.column("value")
    there = values.is_valid().to_numpy()
    units = values.fill_null(0).to_numpy()
    most = np.zeros(count, np.int64)
    np.maximum.at(most, parameter[there], reported[there])
    factor = 10 ** np.maximum(most[parameter] - reported, 0)
    if np.any(np.abs(units) > np.iinfo(np.int64).max // factor):
        raise StoreError("series.too_large")
    return np.where(there, units * factor, exact.MISSING), tuple(most.tolist())


def _scatter(
    cells: Ints, values: npt.NDArray[Any], shape: tuple[int, ...], blank: int, kind: npt.DTypeLike
) -> npt.NDArray[Any]:
    whole: npt.NDArray[Any] = np.full(int(np.prod(shape)), blank, kind)
    whole[cells] = values
    return whole.reshape(shape)
