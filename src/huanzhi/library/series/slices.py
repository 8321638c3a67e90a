"""Slices of parts kept in memory: what a part file holds of one series.

Parts never change and their names are never used again, so a slice that was read once holds for ever; which
parts are alive is asked of the manifest every time. A screen that asks for the same series again, or for one
that has grown by a small part, so reads no file or a small one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from huanzhi.assess.states import State
from huanzhi.library.recent import Recent
from huanzhi.library.series.manifest import Part
from huanzhi.library.series.reading import Reader, Selection
from huanzhi.library.series.schema import STORED, Ints, numpy_column
from huanzhi.library.series.window import WINDOW_COLUMNS

MOST_BYTES = 128 << 20
"""Bytes of the slices that a process keeps. DEFAULT, NOT FROM THE DOCUMENTS."""

MOST_SLICES = 4096
"""Slices that one question may be made of; larger ones read the files. DEFAULT, NOT FROM THE DOCUMENTS."""

COLUMNS = ("feature", "parameter", "time", "value", "decimals", "state", "flag", "rev")
_SCHEMA = pa.schema([STORED.field(name) for name in COLUMNS])
_OVERHEAD = 512

Key = tuple[str, int, int]


def _weight(rows: pa.Table) -> int:
    return int(rows.nbytes) + _OVERHEAD


Kept = Recent[pa.Table]
"""Slices by part, feature and parameter."""

_kept: Kept = Recent(MOST_BYTES, _weight)


def window_rows(reader: Reader, selection: Selection, revision: int | None) -> pa.Table:
    """Return the rows of a window: of slices where few series are asked for as they stand, else of files."""
    parts = reader.parts(selection)
    number = len(selection.features or ()) * len(selection.parameters or ()) * len(parts)
    if revision is None and number <= MOST_SLICES:
        return sliced_rows(reader, selection, parts)
    rows = reader.rows_sql(selection, revision, parts=parts)
    return reader.fetch(f"select {', '.join(WINDOW_COLUMNS)} from ({rows})")


def sliced_rows(reader: Reader, selection: Selection, parts: Sequence[Part], kept: Kept = _kept) -> pa.Table:
    """Return the newest rows of some series, :data:`COLUMNS`, one a key, withdrawn ones left out.

    Parameters
    ----------
    selection : Selection
        Features, parameters, start and end are given.
    parts : sequence of Part
        The live parts that may hold them; those of superseded rows are not looked at.
    """
    series = [(feature, code) for feature in selection.features or () for code in selection.parameters or ()]
    shown = [part for part in parts if part.kind != "history"]
    slices = _slices(reader, series, shown, kept)
    found = {kind: _within(slices, series, shown, kind, selection) for kind in ("base", "overlay")}
    if not found["overlay"].num_rows:
        return found["base"]
    return _corrected(found["base"], found["overlay"])


def _within(
    slices: dict[Key, pa.Table],
    series: Sequence[tuple[int, int]],
    parts: Sequence[Part],
    kind: str,
    selection: Selection,
) -> pa.Table:
    chosen = [slices[part.name, *one] for part in parts if part.kind == kind for one in series]
    chosen = [one for one in chosen if one.num_rows]
    if not chosen:
        return _SCHEMA.empty_table()
    whole = pa.concat_tables(chosen)
    times = numpy_column(whole, "time")
    inside = np.ones(times.size, bool)
    if selection.start is not None:
        inside &= times >= selection.start
    if selection.end is not None:
        inside &= times < selection.end
    return whole if inside.all() else whole.filter(pa.array(inside))


def _corrected(base: pa.Table, overlay: pa.Table) -> pa.Table:
    """Lay the newest correction of each key over the base rows."""
    order = np.argsort(numpy_column(overlay, "rev"), kind="stable")
    keys = _keys(overlay)[order]
    _, last = np.unique(keys[::-1], return_index=True)
    newest = order[::-1][last]
    stays = ~np.isin(_keys(base), keys)
    newest = newest[numpy_column(overlay, "state")[newest] != State.WITHDRAWN]
    return pa.concat_tables([base.filter(pa.array(stays)), overlay.take(pa.array(newest))])


def _keys(rows: pa.Table) -> npt.NDArray[np.void]:
    """Return feature, parameter and time of each row as one comparable thing."""
    kind = np.dtype([("feature", np.int32), ("parameter", np.int32), ("time", np.int64)])
    made = np.empty(rows.num_rows, kind)
    for name in ("feature", "parameter", "time"):
        made[name] = numpy_column(rows, name)
    return made


def _slices(
    reader: Reader, series: Sequence[tuple[int, int]], parts: Sequence[Part], kept: Kept
) -> dict[Key, pa.Table]:
    """Return the slice of every part and series; those that are not kept are read in one question."""
    found = {(part.name, *one): kept.get((part.name, *one)) for part in parts for one in series}
    missing = [key for key, rows in found.items() if rows is None]
    if missing:
        names = {name for name, _, _ in missing}
        wanted = [part for part in parts if part.name in names]
        for key, rows in _read(reader, missing, wanted).items():
            kept.put(key, rows)
            found[key] = rows
    return {key: rows for key, rows in found.items() if rows is not None}


def _read(reader: Reader, missing: Sequence[Key], parts: Sequence[Part]) -> dict[Key, pa.Table]:
    features, parameters = {key[1] for key in missing}, {key[2] for key in missing}
    condition = Selection(sorted(features), sorted(parameters)).condition()
    scans = [
        reader.scan([part], condition, f"{number} as part, {', '.join(COLUMNS)}")
        for number, part in enumerate(parts)
    ]
    rows = reader.fetch(
        f"select * from ({' union all '.join(scans)}) order by part, feature, parameter, time", parts
    )
    numbers = {part.name: number for number, part in enumerate(parts)}
    marks = _marks(rows)
    rows = rows.select(COLUMNS).cast(_SCHEMA)
    return {key: _cut(rows, marks, (numbers[key[0]], key[1], key[2])) for key in missing}


def _marks(rows: pa.Table) -> Ints:
    """Return part, feature and parameter of each row as one number, which does not fall."""
    part, feature, parameter = (
        numpy_column(rows, name).astype(np.int64) for name in ("part", "feature", "parameter")
    )
    marks: Ints = (part << 44) | (feature << 20) | parameter
    return marks


def _cut(rows: pa.Table, marks: Ints, key: tuple[int, int, int]) -> pa.Table:
    """Return a copy of the rows of one slice, so that the others can be let go."""
    mark = (key[0] << 44) | (key[1] << 20) | key[2]
    first, last = np.searchsorted(marks, [mark, mark + 1])
    return rows.take(pa.array(np.arange(first, last)))
