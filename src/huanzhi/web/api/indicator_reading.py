"""Reading the store for an indicator whose right was decided before, in the language of who asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from asgiref.sync import async_to_sync
from django.http import HttpRequest

from huanzhi.errors import InputError
from huanzhi.library.series import Store
from huanzhi.messages import using
from huanzhi.programmes.indicators.keeping import Reading
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.errors import language_of
from huanzhi.web.application import parts_of


def reading(request: HttpRequest) -> Reading:
    """Return what runs a read of the store on a reader's thread."""
    spoken = language_of(request)

    def run(work: Callable[[Store], Any]) -> Any:
        def in_language(store: Store) -> Any:
            with using(spoken):
                return work(store)

        return async_to_sync(parts_of(request).readers.run)(in_language)

    return run


EARLIEST, LATEST = date(2013, 1, 1), date(2100, 12, 31)
"""Days between which something is judged; no edition of HJ 663 judges an earlier one."""


def day_of(given: date | None) -> date:
    """Return the day up to which data count, yesterday by default; InputError where it is out of reach."""
    if given is None:
        return date.fromordinal(datetime.now(CHINA).date().toordinal() - 1)
    if not EARLIEST <= given <= LATEST:
        raise InputError("indicators.day", value=given.isoformat(), expected=f"{EARLIEST} – {LATEST}")
    return given


def plain(words: str) -> str:
    """Return a text that every database can look for."""
    return words.replace("\x00", "")
