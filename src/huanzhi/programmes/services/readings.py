"""Readings of a promise: one for each day or hour that was due, none where nothing is valid."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from huanzhi.assess import exact
from huanzhi.assess.states import State
from huanzhi.ecocode.services.effect import Promise
from huanzhi.errors import StoreError
from huanzhi.library.series import Store, open_store
from huanzhi.standards.periods import start_of_day

USABLE = (int(State.VALUE), int(State.BELOW_DETECTION))


def readings(promise: Promise) -> list[Decimal | None]:
    """Return the readings that were due, oldest first; all are missing where there is no store."""
    try:
        with open_store("read") as store:
            return of_store(store, promise)
    except StoreError as error:
        if error.key != "series.none_here":
            raise
        return [None] * due(promise)


def due(promise: Promise) -> int:
    """Return how many readings were due."""
    days = (promise.last - promise.first).days + 1
    return days * (24 if promise.period == "hour" else 1)


def of_store(store: Store, promise: Promise) -> list[Decimal | None]:
    """Return the readings that a store holds."""
    start = datetime.fromtimestamp(start_of_day(promise.first), UTC)
    end = datetime.fromtimestamp(start_of_day(promise.last + timedelta(days=1)), UTC)
    window = store.window([promise.place], [promise.parameter], promise.period, start, end)
    decimals = window.decimals[0] if window.decimals else 0
    units, states = window.units[0, 0], window.states[0, 0]
    found: list[Decimal | None] = [
        Decimal(int(unit)).scaleb(-decimals) if state in USABLE and unit != exact.MISSING else None
        for unit, state in zip(units, states, strict=True)
    ]
    return found + [None] * (due(promise) - len(found))
