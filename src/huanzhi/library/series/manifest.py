"""The manifest 清单: revisions, batches, parts, features. What it does not name is not in the store.

A part is *base* (its keys are unique among all base parts), *overlay* (corrections and withdrawals that
outrank base rows) or *history* (superseded rows). A change of the store is one transaction here, made after
the part files are durable.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from huanzhi.errors import StoreError
from huanzhi.library.series.databases import open_database
from huanzhi.library.series.faults import storage_faults
from huanzhi.library.series.model import Batch, Feature, Receipt, Source

VERSION = 1

PartKind = Literal["base", "overlay", "history"]

_TABLES = """
create table if not exists meta (key text primary key, value text not null);
create table if not exists revision (rev integer primary key, at integer not null, work text not null);
create table if not exists batch (
  id text primary key, rev integer not null unique references revision, received integer not null,
  new integer not null, revised integer not null, unchanged integer not null, withdrawn integer not null,
  repeated integer not null, source text not null, format text not null, sha256 text not null,
  note text not null, simulated integer not null, options text not null);
create table if not exists part (
  name text primary key, kind text not null, period integer not null, first integer not null,
  last integer not null, rev_first integer not null, rev_last integer not null, rows integer not null,
  bytes integer not null, sha256 text not null, born integer not null, dead integer);
create index if not exists part_live on part (period, first, last) where dead is null;
create table if not exists feature (
  id integer primary key, code text not null unique, name text not null, kind text not null,
  region text not null, province text not null, basin text not null, region_code text not null,
  lon real, lat real, simulated integer not null, attributes text not null);
create table if not exists parameter (id integer primary key, code text not null unique);
"""
_MARK = f"insert or ignore into meta values ('version', '{VERSION}');"

_FEATURE_COLUMNS = (
    "code",
    "name",
    "kind",
    "region",
    "province",
    "basin",
    "region_code",
    "lon",
    "lat",
    "simulated",
    "attributes",
)


@dataclass(frozen=True)
class Part:
    """A part file as the manifest knows it; `first` and `last` are the times of its rows."""

    name: str
    kind: PartKind
    period: int
    first: int
    last: int
    rev_first: int
    rev_last: int
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Codes:
    """Numbers of the feature and parameter codes, in the order of the numbers, which count from 1."""

    features: Mapping[str, int]
    parameters: Mapping[str, int]


class Manifest:
    """The manifest of one store; `writable` creates it where it is missing."""

    def __init__(self, path: Path, *, writable: bool) -> None:
        self.path = path
        self.db = open_database(path, _TABLES + _MARK, writable=writable)
        self._codes: tuple[int, Codes] = (-1, Codes({}, {}))
        self._check_version()

    def _check_version(self) -> None:
        with storage_faults(self.path):
            found = self.db.execute("select value from meta where key = 'version'").fetchone()
        if int(found[0]) != VERSION:
            raise StoreError("series.version", file=self.path, found=found[0], ours=VERSION)

    def close(self) -> None:
        """Close the database."""
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the changes inside the block all at once, durable at its end, or not at all."""
        with storage_faults(self.path):
            self.db.execute("begin immediate")
            try:
                yield
                self.db.execute("commit")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("rollback")
                raise

    def head(self) -> int:
        """Return the newest revision, 0 in an empty store."""
        return self._number("select coalesce(max(rev), 0) from revision")

    def newest_batch(self) -> int:
        """Return the revision of the newest batch, 0 if there is none."""
        return self._number("select coalesce(max(rev), 0) from batch")

    def revision_at(self, moment: datetime) -> int:
        """Return the newest revision at a moment, 0 before the first."""
        return self._number("select coalesce(max(rev), 0) from revision where at <= ?", _micros(moment))

    def add_revision(self, rev: int, work: str) -> None:
        """Enter the next revision; its time never runs backwards, whatever the clock does."""
        latest = self._number("select coalesce(max(at), 0) from revision")
        now = max(time.time_ns() // 1000, latest)
        self.db.execute("insert into revision values (?, ?, ?)", (rev, now, work))

    def add_parts(self, parts: Iterable[Part], born: int) -> None:
        """Enter parts as live from a revision on."""
        self.db.executemany(
            "insert into part values (:name, :kind, :period, :first, :last, :rev_first, :rev_last, :rows,"
            " :bytes, :sha256, :born, null)",
            [{**asdict(part), "born": born} for part in parts],
        )

    def bury_parts(self, parts: Iterable[Part], dead: int) -> None:
        """Mark parts as replaced at a revision; their files stay until swept."""
        self.db.executemany("update part set dead = ? where name = ?", [(dead, part.name) for part in parts])

    def live_parts(
        self, periods: Sequence[int] | None = None, start: int | None = None, end: int | None = None
    ) -> list[Part]:
        """Return the live parts that may hold rows of `periods` in [`start`, `end`)."""
        wanted = "" if periods is None else f" and period in ({','.join(map(str, periods))})"
        low, high = -(2**63) if start is None else start, 2**63 - 1 if end is None else end
        rows = self.db.execute(
            "select name, kind, period, first, last, rev_first, rev_last, rows, bytes, sha256 from part"
            f" where dead is null and last >= ? and first < ?{wanted} order by period, first, name",
            (low, high),
        )
        return [Part(*row) for row in rows]

    def dead_parts(self, before: datetime) -> list[str]:
        """Return the names of the parts that were replaced before a moment."""
        rows = self.db.execute(
            "select name from part join revision on rev = dead where at < ?", (_micros(before),)
        )
        return [name for (name,) in rows]

    def known_parts(self) -> set[str]:
        """Return the names of all parts, live and dead."""
        return {name for (name,) in self.db.execute("select name from part")}

    def forget_parts(self, names: Sequence[str]) -> None:
        """Take parts off the list, once their files are gone."""
        self.db.executemany("delete from part where name = ?", [(name,) for name in names])

    def add_batch(self, receipt: Receipt, source: Source) -> None:
        """Enter a batch with its receipt and source."""
        counts = (receipt.received, receipt.new, receipt.revised, receipt.unchanged, receipt.withdrawn)
        origin = (source.name, source.format, source.sha256, source.note, source.simulated, source.options)
        self.db.execute(
            "insert into batch values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (receipt.batch, receipt.revision, *counts, receipt.repeated, *origin),
        )

    def batches(self, where: str = "true", values: Sequence[object] = ()) -> list[Batch]:
        """Return batches in the order they came; `where` is a condition of ours on the columns."""
        rows = self.db.execute(
            "select id, rev, received, new, revised, unchanged, withdrawn, repeated, source, format, sha256,"
            f" note, simulated, options, at from batch join revision using (rev) where {where} order by rev",
            values,
        )
        return [_batch(row) for row in rows]

    def features(self, codes: Sequence[str] | None = None) -> dict[str, tuple[int, Feature]]:
        """Return every feature, or those of `codes`, with its number, by code."""
        columns = f"select id, {','.join(_FEATURE_COLUMNS)} from feature"
        if codes is None:
            rows = self.db.execute(f"{columns} order by id")
        else:
            wanted = json.dumps(list(codes))
            rows = self.db.execute(
                f"{columns} where code in (select value from json_each(?)) order by id", (wanted,)
            )
        return {row[1]: (row[0], _feature(row[1:])) for row in rows}

    def save_features(self, features: Iterable[tuple[int, Feature]]) -> None:
        """Enter features, or bring what is known of them up to date."""
        columns = ",".join(_FEATURE_COLUMNS)
        changes = ",".join(f"{name} = excluded.{name}" for name in _FEATURE_COLUMNS[1:])
        self.db.executemany(
            f"insert into feature (id, {columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            f" on conflict (id) do update set {changes}",
            [(number, *_feature_row(feature)) for number, feature in features],
        )

    def codes(self) -> Codes:
        """Return the numbers of all codes; they are read anew when the store has changed."""
        head = self.head()
        if self._codes[0] != head:
            features = dict(self.db.execute("select code, id from feature order by id"))
            parameters = dict(self.db.execute("select code, id from parameter order by id"))
            self._codes = (head, Codes(features, parameters))
        return self._codes[1]

    def save_parameters(self, parameters: Iterable[tuple[int, str]]) -> None:
        """Enter parameter codes."""
        self.db.executemany("insert or ignore into parameter values (?, ?)", list(parameters))

    def _number(self, query: str, *values: object) -> int:
        return int(self.db.execute(query, values).fetchone()[0])


def _feature(row: Sequence[object]) -> Feature:
    fields = dict(zip(_FEATURE_COLUMNS, row, strict=True))
    fields["simulated"] = bool(fields["simulated"])
    fields["attributes"] = json.loads(str(fields["attributes"]))
    return Feature(**fields)  # type: ignore[arg-type]


def _feature_row(feature: Feature) -> tuple[object, ...]:
    attributes = json.dumps(dict(feature.attributes), ensure_ascii=False, sort_keys=True)
    return (*(getattr(feature, name) for name in _FEATURE_COLUMNS[:-1]), attributes)


def _batch(row: Sequence[object]) -> Batch:
    receipt = Receipt(*row[:8])  # type: ignore[arg-type]
    name, form, sha256, note, simulated, options, at = row[8:]
    source = Source(str(name), str(form), str(sha256), str(note), bool(simulated), options=str(options))
    return Batch(receipt, source, datetime.fromtimestamp(int(str(at)) / 1e6, UTC))


def _micros(moment: datetime) -> int:
    aware = moment if moment.tzinfo else moment.astimezone()
    return int(aware.timestamp() * 1_000_000)
