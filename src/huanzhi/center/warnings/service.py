"""The service of warnings: fills its board from the store, follows what is new, looks every minute.

It reads the store as every process can, so it runs wherever the worker runs. A board holds the newest row of
each series that the hot table had at each look.
"""

from __future__ import annotations

import asyncio
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import connection

from huanzhi.center.warnings.keeping import Keeper
from huanzhi.center.warnings.yearly import allowed
from huanzhi.center.watching.board import MINUTE, Board
from huanzhi.center.watching.facts import facts_of, with_yearly
from huanzhi.center.watching.rules import OverYearly
from huanzhi.center.watching.watch import Watch
from huanzhi.errors import StoreError
from huanzhi.library.devices import open_register
from huanzhi.library.events import Newest, Tail
from huanzhi.library.series import SCHEMA, open_store
from huanzhi.standards.periods import HOUR, Period

FILLED = 26 * HOUR
"""Seconds of the past that the board begins with. Ours."""

EVERY, AGAIN = 1.0, 5.0
"""Seconds between two looks at the store, and after something went wrong. DEFAULT, NOT FROM THE DOCUMENTS."""

RECKONED = 60
"""Minutes after which reckoned quantities of the year are taken over again. Ours."""

PATIENCE = 20.0
"""Seconds for which the end of the thread is waited for. Ours."""

Say = Callable[..., None]


def _silent(event: str, **facts: object) -> None:
    """Say nothing."""


class Service:
    """Watches the store of a data folder.

    Parameters
    ----------
    home : Path, optional
    say : callable
        Takes an event and its facts, for the log.
    every : float
        Seconds between two looks at the store.
    """

    def __init__(self, home: Path | None = None, say: Say = _silent, every: float = EVERY) -> None:
        self.home, self.every, self.say = home, every, say
        self._ended = threading.Event()

    async def start(self) -> None:
        """Begin on a thread."""
        self._thread = threading.Thread(target=self._run, name="warnings", daemon=True)
        self._thread.start()

    async def stop(self) -> None:
        """End after the look in hand."""
        self._ended.set()
        await asyncio.get_running_loop().run_in_executor(None, self._thread.join, PATIENCE)

    def _run(self) -> None:
        """Follow; what nobody foresaw is said in the log, and all is read anew; waiting is said once."""
        waits = ""
        while not self._ended.is_set():
            following = Following(self.home)
            try:
                following.begin(int(time.time()))
                while not self._ended.wait(self.every):
                    following.look(int(time.time()))
            except StoreError as error:
                if waits != error.key:
                    self.say("warnings_wait", reason=error.key)
                waits = error.key
                self._ended.wait(AGAIN)
            except Exception as error:  # noqa: BLE001 (a thread must not end unheard)
                trace = traceback.format_exc(limit=-3)
                self.say("warnings_failed", reason=type(error).__name__, words=str(error), trace=trace)
                self._ended.wait(AGAIN)
            finally:
                following.close()


class Following:
    """A watch that follows one store; it belongs to one thread."""

    def __init__(self, home: Path | None = None) -> None:
        self.home = home
        self.board = Board()
        self._tail: Tail | None = None
        self._register: Any = None
        self._known = -1
        self._minute = 0

    def begin(self, now: int) -> None:
        """Fill the board with what the store has of the last hours.

        Raises
        ------
        StoreError
            If there is no store yet.
        """
        self._tail = Tail(self.home)
        self._register = open_register(self.home)
        rows = self._tail.news()
        with open_store("read", self.home) as store:
            for period in (Period.INSTANT, Period.MINUTE):
                table = store.range(period=period, start=now - FILLED, end=now + HOUR)
                self.board.take(table.select(SCHEMA.names), now)
        self.board.take(table_of(rows), now)
        self.board.settle()
        self._know()
        self._minute = now // MINUTE

    def look(self, now: int) -> None:
        """Take what is new; when a minute is over, let every rule look.

        Parameters
        ----------
        now : int
            [s UTC]
        """
        assert self._tail is not None
        rows = self._tail.news()
        if rows:
            self.board.take(table_of(rows), now)
        if now // MINUTE > self._minute:
            self._minute = now // MINUTE
            self._know()
            if self._minute % RECKONED == 0:
                self._reckon()
            self.keeper.step(self._minute * MINUTE)

    def close(self) -> None:
        """Close what is open."""
        for opened in (self._tail, self._register):
            if opened is not None:
                opened.close()
        connection.close()

    def _reckon(self) -> None:
        """Take over what regular work has reckoned of the quantities of the year."""
        gone = {key: tonnes for key, (_, tonnes) in allowed().items()}
        for rule in self.keeper.watch.rules:
            if isinstance(rule, OverYearly):
                rule.reckoned(gone)

    def _know(self) -> None:
        """Read the register again where it has changed."""
        revision = self._register.revision()
        if revision != self._known:
            self._known = revision
            facts = with_yearly(facts_of(self._register.outlets().values()), allowed())
            self.keeper = Keeper(Watch(facts, self.board))


def table_of(rows: Sequence[Newest]) -> pa.Table:
    """Return newest rows as observations."""
    names = ("feature", "parameter", "period", "time", "value", "decimals", "state")
    columns: dict[str, Any] = {name: [getattr(row, name) for row in rows] for name in names}
    columns |= {"flag": [row.flag for row in rows], "row": [0] * len(rows)}
    return pa.table(columns, schema=SCHEMA)
