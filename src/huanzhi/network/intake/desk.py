"""The writing desk 写入台: the one thread of a process that writes the store, with group commit.

A store object belongs to one thread, so whoever takes something in hands it to the desk and waits for a
future. One process writes at a time: the desk holds the store while there is work and then lets go, so that
the gateway's drain, or an import, has its turn.

Messages that come while a commit is under way share the next one: their raw bytes become the lines of one
raw document, and every observation carries the line that it came in. A future is done only when its message
is durable.
"""

from __future__ import annotations

import hashlib
import json
import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import pyarrow as pa

from huanzhi.errors import InputError, StoreError
from huanzhi.library.series import Feature, Receipt, Source, Store, open_store
from huanzhi.network.feeds.importing import Known, known_places, refuse_mixture, with_what_is_known
from huanzhi.network.intake.message import Message

T = TypeVar("T")

MOST_WAITING = 2_000
"""Pieces of work that may wait; beyond it senders are told to come again. DEFAULT, NOT FROM THE DOCUMENTS."""

MOST_GROUPED = 500
"""Messages of one commit. DEFAULT, NOT FROM THE DOCUMENTS."""


PATIENCE = 30.0
"""Seconds that the desk waits for another writer to let go of the store. Ours."""

TURN = 1.0
"""Seconds after which the desk lets other writers have a turn. Ours."""

GAP = 0.02
"""Seconds between two turns. Ours."""

IDLE = 0.05
"""Seconds without work after which a turn ends. Ours."""


TIDY = 5.0
"""Seconds between two looks at whether the store should be compacted. Ours."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a message: it is durable, in this batch and revision, on this line of its raw bytes."""

    batch: str
    revision: int
    observations: int
    line: int

    def as_dict(self) -> dict[str, Any]:
        """Return the machine form."""
        return {"batch": self.batch, "revision": self.revision, "observations": self.observations}


@dataclass(frozen=True, slots=True)
class _Work:
    """Something to do with the store, or a message to write."""

    future: Future[Any]
    call: Callable[[Store], Any] | None = None
    message: Message | None = None


Written = Sequence[tuple[Message, Taken]]


class Keeper(Protocol):
    """Something that the desk's thread keeps beside the store, such as receipts."""

    def open(self) -> None:
        """Open it, on the desk's thread."""

    def remember(self, written: Written) -> None:
        """Remember what was written: it is durable, and its senders have not heard yet."""

    def close(self) -> None:
        """Close it."""


class Desk:
    """The writing desk of one store; a service.

    Parameters
    ----------
    home : Path, optional
        Data folder of the store.
    keepers : sequence of Keeper
        What else is brought up to date with every batch.
    """

    def __init__(self, home: Path | None = None, keepers: Sequence[Keeper] = ()) -> None:
        self.home, self.keepers = home, keepers
        self._waiting: queue.Queue[_Work | None] = queue.Queue(MOST_WAITING)
        self._thread: threading.Thread | None = None
        self._open = False
        self._tidy_at = 0.0

    async def start(self) -> None:
        """Begin; StoreError if the store cannot be had for writing."""
        self.open()

    async def stop(self) -> None:
        """Write what waits, then close the store."""
        self.close()

    def open(self) -> None:
        """Begin; see `start`."""
        ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="writing desk", daemon=True)
        self._thread.start()
        ready.result()
        self._open = True

    def close(self) -> None:
        """End; see `stop`. A second call does nothing."""
        thread, self._thread, self._open = self._thread, None, False
        if thread is not None:
            self._waiting.put(None)
            thread.join()

    def submit(self, message: Message) -> Future[Taken]:
        """Hand in a message; the future is done when it is durable.

        Raises
        ------
        StoreError
            If the desk is closed or too much waits.
        """
        future: Future[Taken] = Future()
        self._put(_Work(future, message=message))
        return future

    def call(self, work: Callable[[Store], T]) -> Future[T]:
        """Run something of its own with the open store, in turn."""
        future: Future[T] = Future()
        self._put(_Work(future, call=work))
        return future

    def _put(self, work: _Work) -> None:
        if not self._open:
            raise StoreError("intake.closed")
        try:
            self._waiting.put_nowait(work)
        except queue.Full:
            raise StoreError("intake.busy", number=MOST_WAITING) from None

    def _run(self, ready: Future[None]) -> None:
        with ExitStack() as opened:
            try:
                for keeper in self.keepers:
                    keeper.open()
                    opened.callback(keeper.close)
                open_store("write", self.home, PATIENCE).close()
            except BaseException as error:  # noqa: BLE001 (handed to who waits)
                ready.set_exception(error)
                return
            ready.set_result(None)
            while (first := self._waiting.get()) is not None:
                self._turn(first)

    def _turn(self, first: _Work) -> None:
        """Hold the store for as long as there is work, but not so long that other writers starve."""
        try:
            store = open_store("write", self.home, PATIENCE)
        except BaseException as error:  # noqa: BLE001 (handed to who waits)
            first.future.set_exception(error)
            return
        until, work = time.monotonic() + TURN, first
        with store:
            while True:
                self._do(store, self._group(work))
                following = self._follow() if time.monotonic() < until else None
                if following is None:
                    break
                work = following
            self._tidy(store)
        time.sleep(GAP)

    def _tidy(self, store: Store) -> None:
        """Now and then, join the small parts that many commits have made."""
        if time.monotonic() >= self._tidy_at:
            self._tidy_at = time.monotonic() + TIDY
            with suppress(StoreError):
                store.keep_compact()

    def _follow(self) -> _Work | None:
        """Return the next work if it comes soon; the sign of the end stays in the queue."""
        with suppress(queue.Empty):
            work = self._waiting.get(timeout=IDLE)
            if work is not None:
                return work
            self._waiting.put(None)
        return None

    def _group(self, first: _Work) -> list[_Work]:
        """Return one call, or all messages that wait with the first one."""
        group = [first]
        while first.message is not None and len(group) < MOST_GROUPED:
            with self._waiting.mutex:
                head = self._waiting.queue[0] if self._waiting.queue else None
            if head is None or head.message is None:
                break
            group.append(self._waiting.get())  # type: ignore[arg-type]
        return group

    def _do(self, store: Store, group: list[_Work]) -> None:
        if (call := group[0].call) is not None:
            _settle(group[0].future, lambda: call(store))
            return
        for alike in _by_truth(group):
            self._write(store, alike)

    def _write(self, store: Store, group: list[_Work]) -> None:
        """Write messages as one batch; where one is at fault, each on its own."""
        messages = [work.message for work in group if work.message is not None]
        try:
            taken = write_group(store, messages)
            for keeper in self.keepers:
                keeper.remember(list(zip(messages, taken, strict=True)))
        except InputError as error:
            if len(group) == 1:
                group[0].future.set_exception(error)
                return
            for work in group:
                self._write(store, [work])
            return
        except BaseException as error:  # noqa: BLE001 (handed to who waits)
            for work in group:
                work.future.set_exception(error)
            return
        for work, one in zip(group, taken, strict=True):
            work.future.set_result(one)


def _settle(future: Future[Any], work: Callable[[], Any]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 (handed to who waits)
        future.set_exception(error)


def _by_truth(group: Iterable[_Work]) -> list[list[_Work]]:
    """Part simulated messages from real ones: a batch is one or the other."""
    parts: dict[bool, list[_Work]] = {}
    for work in group:
        if work.message is not None:
            parts.setdefault(work.message.reading.simulated, []).append(work)
    return list(parts.values())


def write_group(store: Store, messages: Sequence[Message]) -> list[Taken]:
    """Write messages as one batch; durable on return.

    Raises
    ------
    InputError
        If one does not fit the store; none is written then.
    StoreError
        If the disk does not take it.
    """
    known = known_places((message.reading for message in messages), store)
    for message in messages:
        refuse_mixture(message.reading, known)
    raw = "".join(_raw_line(message) for message in messages).encode()
    tables = [on_line(message.reading.table, line) for line, message in enumerate(messages, start=1)]
    receipt = store.write(pa.concat_tables(tables), places_of(messages, known), _source(messages, raw))
    return [_taken(receipt, message, line) for line, message in enumerate(messages, start=1)]


def _taken(receipt: Receipt, message: Message, line: int) -> Taken:
    return Taken(receipt.batch, receipt.revision, message.reading.table.num_rows, line)


def _source(messages: Sequence[Message], raw: bytes) -> Source:
    ways = ",".join(dict.fromkeys(message.way for message in messages))
    origins = ", ".join(dict.fromkeys(message.origin for message in messages))
    simulated = messages[0].reading.simulated
    return Source(origins[:200], ways, hashlib.sha256(raw).hexdigest(), simulated=simulated, raw=raw)


def _raw_line(message: Message) -> str:
    line = {
        "received": message.received,
        "way": message.way,
        "origin": message.origin,
        "body": message.raw.decode("utf-8", "surrogateescape"),
    }
    return json.dumps(line) + "\n"


def on_line(table: pa.Table, line: int) -> pa.Table:
    """Return observations with the line of the raw document that they came in as their row."""
    rows = pa.array(np.full(table.num_rows, line, np.int32))
    return table.set_column(table.schema.get_field_index("row"), table.schema.field("row"), rows)


def places_of(messages: Sequence[Message], known: Known) -> list[Feature]:
    """Return the places of messages, filled with what is known; later messages know better."""
    found = dict(known)
    for message in messages:
        for place in with_what_is_known(message.reading.features, found):
            before = found.get(place.code)
            same_kind = before is not None and not message.told_kind
            found[place.code] = replace(place, kind=before.kind) if before and same_kind else place
    return list(found.values())
