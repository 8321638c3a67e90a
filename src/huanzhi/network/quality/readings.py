"""What instruments read of their standards 标样核查: the marked momentary values, one for each check.

Means leave the time of a check out, so that its reading stands in the momentary values alone: those that the
device marks as calibration, and the ``SampleRd`` of HJ 212-2025. They are read day by day, around the hours
that are marked, since momentary values are many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huanzhi.assess.exact import MISSING, Ints, rescale
from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.assess.states import State
from huanzhi.library.series import Store, Window
from huanzhi.library.series.schema import STEPS
from huanzhi.network.quality.places import Place
from huanzhi.standards.periods import CHINA_OFFSET, DAY, HOUR, Period

CHECKED = int(DeviceFlag.CALIBRATION | DeviceFlag.STANDARD_CHECK)
SAMPLE = "-SampleRd"
_APART = HOUR
"""Readings further apart [s] belong to two checks."""


def read_checks(
    store: Store, places: Mapping[str, Place], group: Sequence[str], window: Window, revision: int
) -> dict[tuple[str, str], tuple[Ints, int]]:
    """Return the reading of each check at its step of the window, with the decimals, by series.

    A check takes some time, and its first and last moments may lie outside of it: the middle one counts.
    """
    checked = {(code, name) for code in group for name in places[code].check_standard}
    found: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
    for start, end in _spans(window, checked):
        rows = _marked(store, checked, start, end, revision)
        for feature, parameter, time, value, decimals in rows:
            found.setdefault((feature, parameter), []).append((time, value, decimals))
    return {series: _by_step(sorted(rows), window) for series, rows in found.items()}


def _spans(window: Window, checked: set[tuple[str, str]]) -> Iterator[tuple[int, int]]:
    """Yield for each day from the first to the last hour in which a checked series is marked."""
    step = STEPS[window.period]
    wanted = np.array([[(one, other) in checked for other in window.parameters] for one in window.features])
    if not wanted.any():
        return
    marked = (((window.flags & CHECKED) != 0) & wanted[:, :, None]).any(axis=(0, 1))
    days = (window.times + CHINA_OFFSET) // DAY
    for day in np.unique(days[marked]):
        times = window.times[marked & (days == day)]
        yield int(times[0]), int(times[-1]) + step


def _marked(
    store: Store, checked: set[tuple[str, str]], start: int, end: int, revision: int
) -> Iterator[tuple[str, str, int, int, int]]:
    """Yield the marked momentary values of checked series: feature, parameter, time, value, decimals."""
    features = sorted({feature for feature, _ in checked})
    names = sorted({name for _, name in checked})
    names += [f"{name}{SAMPLE}" for name in names]
    for period in (Period.INSTANT, Period.MINUTE):
        rows = store.range(features, names, period, start, end, as_of=revision)
        listed = _readings_of(rows).to_pydict()
        columns = (listed[name] for name in ("feature", "parameter", "time", "value", "decimals"))
        for feature, parameter, time, value, decimals in zip(*columns, strict=True):
            name = parameter.removesuffix(SAMPLE)
            if (feature, name) in checked:
                yield feature, name, time, value, decimals


def _readings_of(rows: pa.Table) -> pa.Table:
    sample = pc.ends_with(rows.column("parameter"), SAMPLE)
    said = pc.not_equal(pc.bit_wise_and(rows.column("flag"), pa.scalar(CHECKED, pa.int32())), 0)
    value = pc.equal(rows.column("state"), int(State.VALUE))
    return rows.filter(pc.and_(value, pc.or_(sample, said)))


def _by_step(rows: Sequence[tuple[int, int, int]], window: Window) -> tuple[Ints, int]:
    """Lay the middle reading of each check on the steps of the window."""
    decimals = max(each for _, _, each in rows)
    times = np.array([time for time, _, _ in rows], dtype=np.int64)
    whole = np.full(window.times.shape, MISSING, dtype=np.int64)
    together = np.concatenate([[True], np.diff(times) > _APART])
    starts = np.append(np.flatnonzero(together), times.size)
    for first, last in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        _, value, each = rows[(first + last) // 2]
        at = int(np.searchsorted(window.times, times[(first + last) // 2], side="right")) - 1
        whole[at] = int(rescale(value, each, decimals))
    return whole, decimals
