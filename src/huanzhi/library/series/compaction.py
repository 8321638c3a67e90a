"""Compaction: parts that share partitions become one sorted base part; superseded rows become history.

Nothing is dropped. Each step is one manifest transaction, so a kill leaves the store as it was before or
after; the replaced files stay until swept, for readers that still hold the old list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from huanzhi.library.series.manifest import Manifest, Part
from huanzhi.library.series.parts import PART_ROWS, ROW_GROUP, PartWriter, group_buckets
from huanzhi.library.series.reading import WITHDRAWN, Reader, Selection
from huanzhi.library.series.schema import HISTORY, KEYS, PERIODS, STORED, buckets, numpy_column

LOPSIDED = 8
"""A base part that outweighs its neighbours together by this factor is left alone, unless a correction
touches it: rewriting it would cost more than it saves."""

MANY_PARTS = 64
"""Parts of one period that make reading slow: 400 small ones read 30 times slower than 2 merged ones."""

HISTORY_PARTS = 16
"""History parts of a period that are joined into one."""

_KEYS = ", ".join(KEYS)


@dataclass(frozen=True)
class Outcome:
    """What a compaction did."""

    parts_before: int
    parts_after: int
    superseded: int
    """Rows that became history."""


def compact(manifest: Manifest, reader: Reader, part_rows: int = PART_ROWS) -> Outcome:
    """Compact all that is worth it, group by group."""
    before = manifest.live_parts()
    superseded = 0
    for period in sorted({part.period for part in before}):
        for group in plan([part for part in before if part.period == period], part_rows):
            superseded += _merge(manifest, reader, group, part_rows)
        _join_history(manifest, reader, period)
    return Outcome(len(before), len(manifest.live_parts()), superseded)


def worn(parts: Sequence[Part]) -> bool:
    """Tell whether any period has gathered so many parts that compaction is due."""
    return any(number > MANY_PARTS for number in Counter(part.period for part in parts).values())


def plan(parts: Sequence[Part], part_rows: int = PART_ROWS) -> list[list[Part]]:
    """Group the base and overlay parts of one period that are worth merging.

    Parts that share a partition belong together; so do small neighbours.
    """
    groups: list[list[Part]] = []
    reach = 0
    for part, (first, last) in _spans([part for part in parts if part.kind != "history"]):
        small = bool(groups) and _rows(groups[-1]) < part_rows and part.rows < part_rows
        if groups and (first <= reach or small):
            groups[-1].append(part)
        else:
            groups.append([part])
        reach = max(reach, last) if len(groups[-1]) > 1 else last
    return [chosen for group in groups if (chosen := _worthwhile(group))]


def _spans(parts: Sequence[Part]) -> list[tuple[Part, tuple[int, int]]]:
    """Return parts with the partitions of their first and last row, in order of time."""
    if not parts:
        return []
    ends = np.array([(part.first, part.last) for part in parts], np.int64)
    spans = buckets(ends.ravel(), PERIODS[parts[0].period]).reshape(-1, 2).tolist()
    paired = [(part, (first, last)) for part, (first, last) in zip(parts, spans, strict=True)]
    return sorted(paired, key=lambda pair: (pair[1], pair[0].name))


def _worthwhile(group: list[Part]) -> list[Part]:
    if any(part.kind == "overlay" for part in group):
        return group
    chosen = sorted(group, key=lambda part: part.rows)
    while len(chosen) > 1 and chosen[-1].rows > LOPSIDED * _rows(chosen[:-1]):
        chosen.pop()
    return chosen if len(chosen) > 1 else []


def _rows(parts: Sequence[Part]) -> int:
    return sum(part.rows for part in parts)


def _merge(manifest: Manifest, reader: Reader, group: Sequence[Part], part_rows: int) -> int:
    """Replace a group of parts; return how many rows became history."""
    with _replacing(manifest, reader, group) as writer:
        _write_base(reader, writer, group, part_rows)
        _write_history(reader, writer, group)
    return _rows([part for part in writer.parts if part.kind == "history"])


def _join_history(manifest: Manifest, reader: Reader, period: int) -> None:
    """Make one part of the history parts of a period when they are many."""
    past = [part for part in manifest.live_parts([period]) if part.kind == "history"]
    if len(past) < HISTORY_PARTS:
        return
    rows = reader.scan(past, columns=", ".join(HISTORY.names))
    query = f"select * from ({rows}) order by parameter, feature, time, rev"
    with _replacing(manifest, reader, past) as writer:
        writer.write("history", period, HISTORY, reader.stream(query, past, ROW_GROUP))


@contextmanager
def _replacing(manifest: Manifest, reader: Reader, parts: Sequence[Part]) -> Iterator[PartWriter]:
    """Replace `parts` by what is written inside the block, all at once or not at all."""
    writer = PartWriter(reader.folder)
    rev = manifest.head() + 1
    try:
        yield writer
        writer.settle()
        with manifest.transaction():
            manifest.add_revision(rev, "compact")
            manifest.add_parts(writer.parts, rev)
            manifest.bury_parts(parts, rev)
    except BaseException:
        writer.discard()
        raise


def _write_base(reader: Reader, writer: PartWriter, group: Sequence[Part], part_rows: int) -> None:
    period = group[0].period
    for start, end in _cuts(reader, group, part_rows):
        rows = reader.rows_sql(Selection(start=start, end=end), parts=group)
        query = f"select * from ({rows}) order by parameter, feature, time"
        writer.write("base", period, STORED, reader.stream(query, group, ROW_GROUP))


def _cuts(reader: Reader, group: Sequence[Part], part_rows: int) -> list[tuple[int | None, int | None]]:
    """Return the time bounds of the parts to write."""
    rows = reader.rows_sql(Selection(), parts=group)
    counts = reader.fetch(f"select time, count(*) as n from ({rows}) group by time order by time", group)
    if not counts.num_rows:
        return []
    starts, where = np.unique(
        buckets(numpy_column(counts, "time"), PERIODS[group[0].period]), return_inverse=True
    )
    sizes = np.bincount(where, numpy_column(counts, "n")).astype(np.int64)
    number = group_buckets(starts, sizes, part_rows)
    inner = starts[1:][np.diff(number) > 0].tolist()
    return list(zip([None, *inner], [*inner, None], strict=True))


def _write_history(reader: Reader, writer: PartWriter, group: Sequence[Part]) -> None:
    overlays = [part for part in group if part.kind == "overlay"]
    if not overlays:
        return
    base = [part for part in group if part.kind == "base"]
    query = f"""
      with corrected as materialized ({reader.scan(overlays)}),
      versions as (
        select * from ({reader.scan(base)}) semi join (select distinct {_KEYS} from corrected) using ({_KEYS})
        union all select * from corrected)
      select *, lead(rev) over (partition by {_KEYS} order by rev) as until from versions
      qualify until is not null or state = {WITHDRAWN} order by parameter, feature, time, rev"""
    writer.write("history", group[0].period, HISTORY, reader.stream(query, group, ROW_GROUP))
