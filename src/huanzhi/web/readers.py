"""Readers 读取线程: open stores for the views, each on a thread of its own, with a bound on who waits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from huanzhi.errors import StoreError
from huanzhi.library.series import Store, open_store

T = TypeVar("T")

THREADS = 2
"""Reads at a time. DEFAULT, NOT FROM THE DOCUMENTS."""

MOST_WAITING = 64
"""Reads that may wait or run. DEFAULT, NOT FROM THE DOCUMENTS."""


class Readers:
    """Runs reads of one store; a service. A store that is not there yet is opened when it is."""

    def __init__(self, home: Path | None = None, threads: int = THREADS) -> None:
        self.home, self.threads = home, threads
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
            If there is no store, or too many reads wait.
        """
        if self._held >= MOST_WAITING:
            raise StoreError("web_api.busy", number=MOST_WAITING)
        self._held += 1
        try:
            return await asyncio.wrap_future(self._pool.submit(lambda: work(self._store())))
        finally:
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
