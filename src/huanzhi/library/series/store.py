"""The observation store 监测数据库: one door to inbox, hot table and history.

One process writes, any number read. What a write returns for is durable; a read sees whole batches only.
A store object belongs to one thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Literal

import numpy as np
import pyarrow as pa

from huanzhi.errors import InputError, StoreError
from huanzhi.library.home import home_folder
from huanzhi.library.series import compaction, upkeep
from huanzhi.library.series.aggregate import By, Step, aggregate_table, check_choice
from huanzhi.library.series.conditions import Question, ask
from huanzhi.library.series.encoding import (
    check_rows,
    distinct,
    encode_keys,
    fit,
    order_by_key,
    stored_rows,
    withdrawal_rows,
)
from huanzhi.library.series.faults import storage_faults
from huanzhi.library.series.hot import Hot
from huanzhi.library.series.inbox import Inbox
from huanzhi.library.series.lock import WriterLock, waited_lock
from huanzhi.library.series.manifest import Codes, Manifest
from huanzhi.library.series.model import Batch, Feature, Receipt, Source, Window
from huanzhi.library.series.parts import PartWriter, sync_folder
from huanzhi.library.series.reading import Reader, Selection
from huanzhi.library.series.schema import KEY_SCHEMA, PERIOD_IDS, PERIODS, READ_SCHEMA, STORED, empty
from huanzhi.library.series.slices import window_rows
from huanzhi.library.series.window import dense_window
from huanzhi.library.series.writing import (
    Change,
    Fate,
    batch_id,
    commit,
    fates,
    heat,
    newest_rows,
    newest_table,
)
from huanzhi.standards.periods import CHINA, Period, from_china

Moment = int | datetime
"""A time: seconds UTC, or a datetime (a naive one is China time)."""

AsOf = int | datetime | None
"""A revision, or a moment whose newest revision is meant (a naive one is China time); None for now."""


def open_store(
    mode: Literal["write", "read"] = "write", home: Path | None = None, wait: float = 0.0, as_of: AsOf = None
) -> Store:
    """Open the observation store, as its one writer or as one of many readers.

    Parameters
    ----------
    home : Path, optional
        Data folder; by default HUANZHI_HOME, else the user's data folder. A writer makes it where missing.
    wait : float
        Seconds that a writer waits for another one to let go.
    as_of : datetime or int, optional
        Moment or revision to which a reader goes back.

    Raises
    ------
    StoreError
        If there is no store to read, another process writes, or the store is of another version.
    """
    folder = home_folder(home)
    if mode == "read":
        return Store(folder, None, as_of)
    with storage_faults(folder):
        found = folder.exists()
        for needed in (folder / "parts", folder / "inbox"):
            needed.mkdir(parents=True, exist_ok=True)
        if not found:
            sync_folder(folder.parent)
        store = Store(folder, waited_lock(folder / "writer.lock", wait))
        sync_folder(folder)
        return store


class Store:
    """An open store; see :func:`open_store`. Use it as a context manager."""

    def __init__(self, home: Path, lock: WriterLock | None, as_of: AsOf = None) -> None:
        self.home, self.lock, self.as_of = home, lock, as_of
        writable = lock is not None
        if not writable and not (home / "manifest.sqlite").exists():
            raise StoreError("series.none_here", file=home)
        with ExitStack() as opened:
            if lock is not None:
                opened.callback(lock.release)
            self.manifest = Manifest(home / "manifest.sqlite", writable=writable)
            opened.callback(self.manifest.close)
            self.inbox = Inbox(home / "inbox.sqlite", home / "inbox", writable=writable)
            opened.callback(self.inbox.close)
            self.hot = Hot(home / "hot.sqlite", writable=writable)
            opened.callback(self.hot.close)
            self.reader = Reader(self.manifest, home / "parts")
            opened.callback(self.reader.close)
            if writable and self.hot.taken() != self.manifest.newest_batch():
                self.hot.rebuild(newest_rows(self.reader, Selection()), self.manifest.newest_batch())
            self._opened = opened.pop_all()

    def close(self) -> None:
        """Close everything and let the writer's lock go."""
        self._opened.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, table: pa.Table, features: Sequence[Feature], source: Source) -> Receipt:
        """Write a batch of observations, all of it or nothing; durable on return.

        A key that is there with the same value, decimals, state and flag is unchanged; with anything else it
        becomes a new revision and the old row stays in the history. The same batch again changes nothing.

        Parameters
        ----------
        table : pyarrow.Table
            ``schema.SCHEMA``. A missing value is null with state MISSING; of a key given twice the last row
            counts.
        features : sequence of Feature
            The places that the table names, unless the store knows them; known ones are brought up to date.

        Raises
        ------
        InputError
            If the table does not fit, or names an unknown feature or period.
        StoreError
            If the disk is full, a part is damaged, or the store is open for reading.
        """
        self._require_writer()
        fitted = fit(table)
        check_rows(fitted)
        self.inbox.keep(source)
        return self._change(fitted, features, source, work="write")

    def withdraw(self, keys: pa.Table, reason: str, source: Source) -> Receipt:
        """Withdraw observations: they leave the current values and stay in the history.

        Parameters
        ----------
        keys : pyarrow.Table
            Columns feature, parameter, period, time. Keys that hold nothing count as unchanged.
        reason : str
            Why; kept as the note of the batch.
        """
        self._require_writer()
        self.inbox.keep(source)
        noted = Source(
            source.name, source.format, source.sha256, reason, source.simulated, options=source.options
        )
        return self._change(fit(keys, KEY_SCHEMA), (), noted, work="withdraw")

    def _change(self, table: pa.Table, features: Sequence[Feature], source: Source, work: str) -> Receipt:
        batch = batch_id(source, table) if source.sha256 else f"r{self.manifest.head() + 1}"
        rev = self.manifest.head() + 1
        changed_features, numbers, new_parameters = self._numbers(table, features)
        if known := self.manifest.batches("id = ?", (batch,)):
            self._update_features(rev, changed_features)
            return _again(known[0].receipt)
        keys = encode_keys(table, numbers)
        order = order_by_key(keys)
        withdrawing = work == "withdraw"
        rows = withdrawal_rows(keys, order, rev) if withdrawing else stored_rows(table, keys, order, rev)
        found = fates(self.reader, rows, withdrawing=withdrawing)
        receipt = _receipt(batch, rev, table.num_rows, found, withdrawing=withdrawing)
        change = Change(rows, found, changed_features, new_parameters, receipt, source, work)
        before = self.manifest.newest_batch()
        commit(self.manifest, PartWriter(self.home / "parts"), change)
        heat(self.hot, self.reader, change, before)
        return receipt

    def _update_features(self, rev: int, changed: Sequence[tuple[int, Feature]]) -> None:
        if changed:
            with self.manifest.transaction():
                self.manifest.add_revision(rev, "features")
                self.manifest.save_features(changed)

    def _numbers(
        self, table: pa.Table, features: Sequence[Feature]
    ) -> tuple[list[tuple[int, Feature]], Codes, list[tuple[int, str]]]:
        """Number the codes of a batch: what changes among features, all numbers, the new parameters."""
        known = self.manifest.features() if features else {}
        codes = dict(self.manifest.codes().features)
        given = {feature.code: feature for feature in features}
        for code in given:
            codes.setdefault(code, len(codes) + 1)
        changed = [
            (codes[code], feature)
            for code, feature in given.items()
            if code not in known or known[code][1] != feature
        ]
        parameters = dict(self.manifest.codes().parameters)
        fresh = [code for code in distinct(table, "parameter") if code not in parameters]
        new = [(len(parameters) + place, code) for place, code in enumerate(fresh, start=1)]
        return changed, Codes(codes, parameters | {code: number for number, code in new}), new

    def features(
        self, kind: str | None = None, region: str | None = None, codes: Sequence[str] | None = None
    ) -> list[Feature]:
        """Return the features, in the order they came.

        Parameters
        ----------
        region : str, optional
            A region's name, or the beginning of a GB/T 2260 code (``33`` takes in all of its cities).
        """
        return [
            feature
            for _, feature in self.manifest.features(codes).values()
            if (kind is None or feature.kind == kind) and (region is None or _lies_in(feature, region))
        ]

    def last(
        self,
        features: Sequence[str] | None = None,
        parameters: Sequence[str] | None = None,
        as_of: AsOf = None,
    ) -> pa.Table:
        """Return the newest row of every series, whatever its state (a missing value is news too).

        Returns
        -------
        pyarrow.Table
            ``schema.READ_SCHEMA``, by feature, parameter and period.
        """
        selection = self._selection(features, parameters)
        hot = self.hot.read(selection, self.manifest.newest_batch()) if as_of is self.as_of is None else None
        rows = newest_table(self.reader, selection, self._revision(as_of)) if hot is None else hot
        return self._named(rows)

    def range(
        self,
        features: Sequence[str] | None = None,
        parameters: Sequence[str] | None = None,
        period: Period | str | None = None,
        start: Moment | None = None,
        end: Moment | None = None,
        as_of: AsOf = None,
    ) -> pa.Table:
        """Return observations in [`start`, `end`), one a key: the newest revision.

        Returns
        -------
        pyarrow.Table
            ``schema.READ_SCHEMA``, by feature (in the order they came), parameter, period and time.
        """
        selection = self._selection(features, parameters, period, start, end)
        rows = self.reader.rows_sql(selection, self._revision(as_of))
        query = f"select * from ({rows}) order by feature, parameter, period, time"
        return self._named(self.reader.fetch(query).cast(STORED))

    def page(self, question: Question) -> pa.Table:
        """Return one page of the observations that a question is about.

        Returns
        -------
        pyarrow.Table
            ``schema.READ_SCHEMA``, in the order asked for.
        """
        query = question.page_sql(self._question_sql(question), self.manifest.codes())
        return self._named(ask(self.reader, query).cast(STORED))

    def count(self, question: Question) -> int:
        """Return how many observations a question is about, on all of its pages."""
        found = ask(self.reader, f"select count(*) as n from ({self._question_sql(question)})")
        return int(found.column("n")[0].as_py())

    def _question_sql(self, asked: Question) -> str:
        selection = self._selection(asked.features, asked.parameters, asked.period, asked.start, asked.end)
        rows = self.reader.rows_sql(selection, self._revision(asked.as_of))
        return f"select * from ({rows}) where {asked.condition_sql(self.manifest.codes())}"

    def window(
        self,
        features: Sequence[str],
        parameters: Sequence[str],
        period: Period | str,
        start: Moment,
        end: Moment,
        as_of: AsOf = None,
    ) -> Window:
        """Return observations on a dense time axis in [`start`, `end`), in scaled integers.

        A feature or parameter that the store does not know is all missing.

        Raises
        ------
        StoreError
            If values at the common decimals do not fit an int64.
        """
        wanted = _period(period)
        span = (_seconds(start), _seconds(end))
        selection = self._selection(features, parameters, wanted, *span)
        found, codes = window_rows(self.reader, selection, self._revision(as_of)), self.manifest.codes()
        numbers = (
            [codes.features.get(code, 0) for code in features],
            [codes.parameters.get(code, 0) for code in parameters],
        )
        return dense_window(found, features, parameters, numbers, wanted, span)

    def parts_of(self, period: Period | str, start: Moment, end: Moment) -> tuple[str, ...]:
        """Return the parts from which [`start`, `end`) is read: the same names, the same values."""
        selection = self._selection(None, None, period, start, end)
        return tuple(part.name for part in self.reader.parts(selection))

    def aggregate(
        self,
        parameters: Sequence[str] | None,
        period: Period | str,
        start: Moment | None = None,
        end: Moment | None = None,
        by: By = "feature",
        step: Step = "day",
        as_of: AsOf = None,
        features: Sequence[str] | None = None,
        excluded_flags: int = 0,
    ) -> pa.Table:
        """Return counts, exact sums, minima and maxima over China days, months or years.

        Parameters
        ----------
        excluded_flags : int
            Rows with any of these flag bits are left out.

        Returns
        -------
        pyarrow.Table
            ``aggregate.AGGREGATE_SCHEMA``.

        Raises
        ------
        StoreError
            If a sum does not fit an int64.
        """
        check_choice(by, By)
        check_choice(step, Step)
        selection = self._selection(features, parameters, period, start, end)
        rows = self.reader.rows_sql(selection, self._revision(as_of))
        names = (
            list(self.manifest.features().values()),
            [(number, code) for code, number in self.manifest.codes().parameters.items()],
        )
        return aggregate_table(self.reader, rows, names, by, step, excluded_flags)

    def history(self, feature: str, parameter: str, period: Period | str, time: Moment) -> pa.Table:
        """Return every revision of one observation, oldest first, with its batch and source."""
        at = _seconds(time)
        selection = self._selection([feature], [parameter], period, at, at + 1)
        return upkeep.history_table(self.reader, self.manifest, selection)

    def batch(self, batch: str) -> Batch:
        """Return one batch with its receipt and source.

        Raises
        ------
        InputError
            If there is no such batch.
        """
        found = self.manifest.batches("id = ?", (batch,))
        if not found:
            raise InputError("series.no_batch", value=batch)
        return found[0]

    def batches(self) -> list[Batch]:
        """Return all batches, in the order they came."""
        return self.manifest.batches()

    def raw(self, sha256: str) -> bytes:
        """Return the raw bytes of a source from the inbox."""
        return self.inbox.read(sha256)

    def revision(self) -> int:
        """Return the newest revision; give it as `as_of` to several reads that must see the same store."""
        return self.manifest.head()

    def compact(self) -> compaction.Outcome:
        """Merge small parts and corrections; superseded rows go to history parts, nothing is dropped."""
        self._require_writer()
        return compaction.compact(self.manifest, self.reader)

    def keep_compact(self) -> compaction.Outcome | None:
        """Compact if so many parts have gathered that reading slows; for after a long import, by the way."""
        self._require_writer()
        return self.compact() if compaction.worn(self.manifest.live_parts()) else None

    def sweep(self, grace: timedelta = upkeep.GRACE) -> upkeep.Swept:
        """Delete files that nothing needs: replaced parts and leftovers of killed writers, after a grace."""
        self._require_writer()
        return upkeep.sweep(self.manifest, self.inbox, self.home, grace)

    def verify(self) -> upkeep.Report:
        """Check every part and all raw bytes against their checksums, and that no key is there twice."""
        return upkeep.verify(self.manifest, self.reader, self.inbox)

    def summary(self) -> upkeep.Summary:
        """Say what the store holds."""
        return upkeep.summarise(self.manifest, self.inbox)

    def _require_writer(self) -> None:
        if self.lock is None:
            raise StoreError("series.read_only", file=self.home)

    def _selection(
        self,
        features: Sequence[str] | None,
        parameters: Sequence[str] | None,
        period: Period | str | None = None,
        start: Moment | None = None,
        end: Moment | None = None,
    ) -> Selection:
        codes = self.manifest.codes()
        return Selection(
            None if features is None else _known(features, codes.features),
            None if parameters is None else _known(parameters, codes.parameters),
            None if period is None else [PERIOD_IDS[_period(period)]],
            None if start is None else _seconds(start),
            None if end is None else _seconds(end),
        )

    def _revision(self, as_of: AsOf) -> int | None:
        as_of = self.as_of if as_of is None else as_of
        if isinstance(as_of, datetime):
            return self.manifest.revision_at(as_of if as_of.tzinfo else as_of.replace(tzinfo=CHINA))
        return as_of

    def _named(self, rows: pa.Table) -> pa.Table:
        """Turn stored rows into the rows that callers know: codes in place of numbers."""
        if not rows.num_rows:
            return empty(READ_SCHEMA)
        codes = self.manifest.codes()
        words = {
            "feature": ["", *codes.features],
            "parameter": ["", *codes.parameters],
            "period": [str(PERIODS[number]) for number in sorted(PERIODS)],
        }
        named = [pa.array(listed, pa.string()).take(rows.column(name)) for name, listed in words.items()]
        rest = [rows.column(name) for name in STORED.names[len(words) :]]
        return pa.table([*named, *rest], schema=READ_SCHEMA)


def _again(first: Receipt) -> Receipt:
    """Return the receipt of a batch that is there already."""
    return Receipt(first.batch, first.revision, first.received, 0, 0, first.received, 0)


def _receipt(batch: str, rev: int, received: int, found: np.ndarray, *, withdrawing: bool) -> Receipt:
    counts = np.bincount(found, minlength=len(Fate)).tolist()
    revised = counts[Fate.REVISED]
    return Receipt(
        batch=batch,
        revision=rev,
        received=received,
        new=counts[Fate.NEW] + counts[Fate.RETURNED],
        revised=0 if withdrawing else revised,
        unchanged=counts[Fate.UNCHANGED] + counts[Fate.ABSENT],
        withdrawn=revised if withdrawing else 0,
        repeated=received - found.size,
    )


def _known(wanted: Sequence[str], codes: Mapping[str, int]) -> list[int]:
    return [codes[code] for code in wanted if code in codes]


def _lies_in(feature: Feature, region: str) -> bool:
    by_code = region.isdigit() and feature.region_code.startswith(region)
    return by_code or region in (feature.region, feature.province)


def _period(period: Period | str) -> Period:
    try:
        return Period(period)
    except ValueError:
        raise InputError("series.unknown_period", value=period, expected=", ".join(Period)) from None


def _seconds(moment: Moment) -> int:
    return from_china(moment) if isinstance(moment, datetime) else int(moment)
