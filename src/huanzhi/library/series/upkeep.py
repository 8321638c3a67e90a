"""Looking after a store: verify, sweep, summary, and the history of one observation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from huanzhi.errors import StoreError
from huanzhi.library.series.faults import storage_faults
from huanzhi.library.series.inbox import Inbox
from huanzhi.library.series.manifest import Manifest, Part
from huanzhi.library.series.model import Batch
from huanzhi.library.series.reading import Reader, Selection, part_problem
from huanzhi.library.series.schema import KEYS, PERIODS, STORED

GRACE = timedelta(hours=24)
"""How long a replaced file stays; longer than the longest report reads."""

VERSION_SCHEMA = pa.schema(
    [
        ("revision", pa.int64()),
        ("at", pa.timestamp("us", "UTC")),
        ("value", pa.int64()),
        ("decimals", pa.int8()),
        ("state", pa.int8()),
        ("flag", pa.int32()),
        ("row", pa.int32()),
        ("batch", pa.string()),
        ("source", pa.string()),
        ("format", pa.string()),
        ("sha256", pa.string()),
        ("note", pa.string()),
    ]
)
"""One revision of an observation, with the batch and source that brought it."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: a message key with the file or period concerned."""

    key: str
    file: str


@dataclass(frozen=True)
class Report:
    """Outcome of a verification; sound when there are no problems."""

    parts: int
    rows: int
    raw: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Swept:
    """Outcome of a sweep."""

    files: int
    bytes: int


@dataclass(frozen=True)
class Summary:
    """What a store holds; `rows` counts every revision, `periods` gives rows and span of each period."""

    revision: int
    batches: int
    features: int
    parameters: int
    parts: dict[str, int]
    rows: int
    bytes: int
    raw_bytes: int
    periods: dict[str, tuple[int, int, int]]


def history_table(reader: Reader, manifest: Manifest, selection: Selection) -> pa.Table:
    """Return every revision of the selected observation, oldest first; see :data:`VERSION_SCHEMA`."""
    parts = reader.parts(selection)
    condition, columns = selection.condition(), ", ".join(STORED.names)
    versions = " union all ".join(
        reader.scan([part for part in parts if (part.kind == "history") is past], condition, columns)
        for past in (False, True)
    )
    rows = reader.fetch(f"select * from ({versions}) order by rev", parts)
    batches = {batch.receipt.revision: batch for batch in manifest.batches()}
    return pa.Table.from_pylist(
        [_version(row, batches[row["rev"]]) for row in rows.to_pylist()], VERSION_SCHEMA
    )


def _version(row: dict[str, int | None], batch: Batch) -> dict[str, object]:
    source = batch.source
    told = {"source": source.name, "format": source.format, "sha256": source.sha256, "note": source.note}
    return {**row, "revision": row["rev"], "at": batch.at, "batch": batch.receipt.batch, **told}


def verify(manifest: Manifest, reader: Reader, inbox: Inbox) -> Report:
    """Check parts, raw bytes and the uniqueness of keys."""
    parts, digests = manifest.live_parts(), inbox.digests()
    problems = [*_part_problems(reader, parts), *_raw_problems(inbox, digests)]
    if not problems:
        problems = list(_key_problems(reader, parts))
    return Report(len(parts), sum(part.rows for part in parts), len(digests), tuple(problems))


def _part_problems(reader: Reader, parts: list[Part]) -> Iterator[Problem]:
    for part in parts:
        if key := part_problem(reader.folder, part):
            yield Problem(key, str(reader.folder / part.name))


def _raw_problems(inbox: Inbox, digests: list[str]) -> Iterator[Problem]:
    for sha256 in digests:
        try:
            inbox.read(sha256)
        except StoreError as error:
            yield Problem(error.key, sha256)


def _key_problems(reader: Reader, parts: list[Part]) -> Iterator[Problem]:
    """Look for keys that stand twice among base parts, and for rows that stand twice anywhere."""
    keys = ", ".join(KEYS)
    for period in sorted({part.period for part in parts}):
        of_period = [part for part in parts if part.period == period]
        base = reader.scan([part for part in of_period if part.kind == "base"])
        rest = reader.scan(of_period)
        for rows, unique in ((base, keys), (rest, f"{keys}, rev")):
            twice = (
                f"select count(*) as n from (select 1 from ({rows}) group by {unique} having count(*) > 1)"
            )
            if reader.fetch(twice, of_period).column("n")[0].as_py():
                yield Problem("series.key_twice", str(PERIODS[period]))
                break


def sweep(manifest: Manifest, inbox: Inbox, home: Path, grace: timedelta) -> Swept:
    """Delete replaced parts and leftovers older than `grace`."""
    before = datetime.now(UTC) - grace
    folder = home / "parts"
    dead = manifest.dead_parts(before)
    with storage_faults(folder):
        known = manifest.known_parts()
        known |= set(inbox.digests())
        strays = [file for file in _files(home) if _is_stray(file, known) and _older(file, before)]
        doomed = [*(folder / name for name in dead if (folder / name).exists()), *strays]
        size = sum(file.stat().st_size for file in doomed)
        for file in doomed:
            file.unlink()
    with manifest.transaction():
        manifest.forget_parts(dead)
    return Swept(len(doomed), size)


def _files(home: Path) -> list[Path]:
    return [*(home / "parts").iterdir(), *(home / "inbox").glob("*/*")]


def _is_stray(file: Path, known: set[str]) -> bool:
    return file.name not in known


def _older(file: Path, before: datetime) -> bool:
    return file.stat().st_mtime < before.timestamp()


def summarise(manifest: Manifest, inbox: Inbox) -> Summary:
    """Count what the store holds."""
    parts = manifest.live_parts()
    kinds = {kind: sum(part.kind == kind for part in parts) for kind in ("base", "overlay", "history")}
    periods = {
        str(PERIODS[number]): _extent([part for part in parts if part.period == number])
        for number in sorted({part.period for part in parts})
    }
    return Summary(
        revision=manifest.head(),
        batches=len(manifest.batches()),
        features=len(manifest.codes().features),
        parameters=len(manifest.codes().parameters),
        parts=kinds,
        rows=sum(part.rows for part in parts),
        bytes=sum(part.bytes for part in parts),
        raw_bytes=inbox.size(),
        periods=periods,
    )


def _extent(parts: list[Part]) -> tuple[int, int, int]:
    return sum(p.rows for p in parts), min(p.first for p in parts), max(p.last for p in parts)
