"""News 动态: follows store and gateway from a thread, keeps the picture, and hands out events; a service."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from huanzhi.errors import StoreError
from huanzhi.library.events import Bus, Newest, Tail
from huanzhi.library.series import Feature
from huanzhi.programmes.live import Picture

EVERY = 0.15
"""Seconds between two looks. DEFAULT, NOT FROM THE DOCUMENTS."""


class News:
    """What has changed, in this process or in another one.

    Attributes
    ----------
    bus : Bus
    picture : Picture
    """

    def __init__(self, home: Path | None = None, every: float = EVERY) -> None:
        self.home, self.every = home, every
        self.bus, self.picture = Bus(), Picture()
        self._ended = threading.Event()

    async def start(self) -> None:
        """Begin to follow."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="news", daemon=True)
        self._thread.start()

    async def stop(self) -> None:
        """Follow no more."""
        self._ended.set()
        await self._loop.run_in_executor(None, self._thread.join)
        self.bus.close()

    def _run(self) -> None:
        tail: Tail | None = None
        known: Mapping[str, Feature] = {}
        while not self._ended.wait(self.every):
            try:
                tail = tail or Tail(self.home)
                fresh = tail.revision == 0
                rows = tail.news()
                if any(row.feature not in known for row in rows):
                    known = tail.features()
                    self._call(self.picture.know, known)
                if rows:
                    self._call(self._take, rows, fresh)
            except StoreError:
                tail = None
        if tail is not None:
            tail.close()

    def _call(self, work: Any, *arguments: Any) -> None:
        if not self._ended.is_set():
            self._loop.call_soon_threadsafe(work, *arguments)

    def _take(self, rows: Sequence[Newest], fresh: bool) -> None:
        cells = self.picture.take(rows)
        if not fresh:
            self.bus.publish("values", ((cell.newest.key, cell.event()) for cell in cells))
