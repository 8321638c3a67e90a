"""Readers 读取线程: open stores for the views, each on a thread of its own, with a bound on who waits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Generic, TypeVar

from huanzhi.errors import StoreError
from huanzhi.library.series import Store, open_store

T = TypeVar("T")

THREADS = 2
"""Reads at a time. DEFAULT, NOT FROM THE DOCUMENTS."""

MOST_WAITING = 64
"""Reads that may wait or run. DEFAULT, NOT FROM THE DOCUMENTS."""


LONGEST = 20.0
"""Seconds that a read may take, its waiting with it. DEFAULT, NOT FROM THE DOCUMENTS."""


class _Job(Generic[T]):
    """A read that can be interrupted while it runs."""

    def __init__(self, work: Callable[[Store], T]) -> None:
        self.work = work
        self._lock = threading.Lock()
        self._running: Store | None = None

    def run(self, store: Store) -> T:
        self._running = store
        try:
            return self.work(store)
        finally:
            with self._lock:
                self._running = None

    def interrupt(self) -> None:
        with self._lock:
            if self._running is not None:
                self._running.reader.db.interrupt()


class Readers:
    """Runs reads of one store; a service. A store that is not there yet is opened when it is."""

    def __init__(self, home: Path | None = None, threads: int = THREADS, longest: float = LONGEST) -> None:
        self.home, self.threads, self.longest = home, threads, longest
        self._lock = threading.Lock()
        self._local = threading.local()
        self._held = 0

    async def start(self) -> None:
        """Begin."""
        self._pool = ThreadPoolExecutor(self.threads, "store reader")

    async def stop(self) -> None:
        """Let the running reads end, then close."""
        barrier = threading.Barrier(self.threads)
        for ended in [self._pool.submit(self._close, barrier) for _ in range(self.threads)]:
            await asyncio.wrap_future(ended)
        self._pool.shutdown()

    async def run(self, work: Callable[[Store], T]) -> T:
        """Run a read on one of the threads.

        Raises
        ------
        StoreError
            If there is no store, too many reads wait, or this one took longer than :data:`LONGEST`.
        """
        if self._held >= MOST_WAITING:
            raise StoreError("web_api.busy", number=MOST_WAITING)
        with self._lock:
            self._held += 1
        job = _Job(work)
        future = self._pool.submit(lambda: job.run(self._store()))
        future.add_done_callback(lambda _: self._let_go())
        try:
            async with asyncio.timeout(self.longest):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            job.interrupt()
            raise StoreError("series.interrupted") from None

    def _let_go(self) -> None:
        with self._lock:
            self._held -= 1

    def _store(self) -> Store:
        store: Store | None = getattr(self._local, "store", None)
        if store is None:
            store = self._local.store = open_store("read", self.home)
        return store

    def _close(self, barrier: threading.Barrier) -> None:
        """Close this thread's store; the barrier makes every thread run this once."""
        barrier.wait()
        store: Store | None = getattr(self._local, "store", None)
        if store is not None:
            store.close()
