"""Asking about a place 点位查询: who may, which parameter, period and span are meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from asgiref.sync import sync_to_async
from django.http import HttpRequest

from huanzhi.errors import InputError
from huanzhi.library.reviews import Ledger, open_ledger
from huanzhi.library.reviews.tables import FILE
from huanzhi.library.rights import Thing, may, require
from huanzhi.library.rights.decision import OWN
from huanzhi.library.series import Feature, Store
from huanzhi.library.series.schema import MONTHS, STEPS
from huanzhi.messages import using
from huanzhi.network.quality.held import is_main
from huanzhi.programmes.place import limit_steps
from huanzhi.programmes.place.known import Known, known
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import CHINA, DAY, HOUR, Period, from_china, start_of_day
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.application import parts_of

T = TypeVar("T")

USUAL = {
    Period.INSTANT: HOUR * 6,
    Period.MINUTE: HOUR * 6,
    Period.TEN_MINUTES: DAY,
    Period.HOUR: DAY * 7,
    Period.EIGHT_HOURS: DAY * 7,
    Period.DAY: DAY * 31,
    Period.DAY_MAX_HOUR: DAY * 31,
    Period.DAY_MAX_EIGHT_HOURS: DAY * 31,
    Period.MONTH: DAY * 730,
    Period.QUARTER: DAY * 1461,
    Period.YEAR: DAY * 3653,
}
"""Span of a curve where none is asked for [s]. DEFAULT, NOT FROM THE DOCUMENTS."""

LONGEST = {Period.INSTANT: DAY * 400, Period.MINUTE: DAY * 800, Period.TEN_MINUTES: DAY * 3700}
LONGEST_ELSE = DAY * 366 * 30
"""Longest span of one request [s]. DEFAULT, NOT FROM THE DOCUMENTS."""

FIRST = "a34004"
PREFERRED = (Period.HOUR, Period.DAY, Period.MONTH, Period.TEN_MINUTES, Period.MINUTE, Period.INSTANT)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, settled."""

    known: Known
    parameter: str
    period: Period
    span: tuple[int, int]


async def reading(request: HttpRequest, work: Callable[[Store], T]) -> T:
    """Run a read of the store in the reader's language."""
    spoken = language_of(request)

    def in_language(store: Store) -> T:
        with using(spoken):
            return work(store)

    return await parts_of(request).readers.run(in_language)


async def permitted(request: HttpRequest, code: str, action: str = "read") -> Known:
    """Return what is known of a place, for who may read it.

    Raises
    ------
    InputError
        ``series_api.no_place`` (404), or ``rights.refused`` (403).
    """
    feature = await reading(request, lambda store: _feature(store, code))
    found: Known = await sync_to_async(known)(feature, home_of(request))
    require(actor(request), action, found.thing)
    return found


def may_see_frames(request: HttpRequest, found: Known) -> bool:
    """Return whether who asks may see the raw bytes: the bureau and the owner."""
    thing = Thing("gateway", found.thing.path, found.thing.owner, OWN)
    return may(actor(request), "read", thing).allowed


def home_of(request: HttpRequest) -> Path | None:
    """Return the data folder of the running service."""
    home: Path | None = parts_of(request).readers.home
    return home


def _feature(store: Store, code: str) -> Feature:
    found = store.features(codes=[code])
    if not found:
        raise InputError("series_api.no_place", value=code)
    return found[0]


def settled(store: Store, found: Known, parameter: str, period: str, start: str, end: str) -> Asked:
    """Return which series and span are meant: by default the first parameter, hours, the newest week.

    Raises
    ------
    InputError
        If the place has no such series, or the span does not hold.
    """
    held = held_of(store, found.subject.code)
    chosen = parameter or first_of(found, held)
    periods = held.get(chosen)
    if not periods:
        known_codes = ", ".join(sorted(held))[:200]
        raise InputError("series_api.no_parameter", value=parameter, expected=known_codes or None)
    averaging = _averaging(periods, period)
    newest = periods.get(averaging, max(periods.values())) + _step(averaging)
    until = moment_of(end) if end else newest
    since = moment_of(start) if start else until - USUAL[averaging]
    _checked(since, until, averaging)
    return Asked(found, chosen, averaging, (since, until))


def held_of(store: Store, code: str) -> dict[str, dict[Period, int]]:
    """Return parameter → period → start of the newest value."""
    table = store.last([code]).to_pydict()
    found: dict[str, dict[Period, int]] = {}
    for name, period, time in zip(table["parameter"], table["period"], table["time"], strict=True):
        found.setdefault(name, {})[Period(period)] = time
    return found


def first_of(found: Known, held: dict[str, dict[Period, int]]) -> str:
    """Return the parameter that a page opens on: fine particles, else the first that a limit judges."""
    if FIRST in held:
        return FIRST
    named = [code for code in held if code in all_parameters() and is_main(code)]
    for code in named:
        for period, time in held[code].items():
            if any(one.applies for one in limit_steps(found.subject, code, period, time, time + 1)):
                return code
    return next(iter(named), next(iter(held), ""))


def _averaging(periods: dict[Period, int], wanted: str) -> Period:
    if not wanted:
        return next((one for one in PREFERRED if one in periods), next(iter(periods)))
    if wanted not in list(Period):
        raise InputError("series.unknown_period", value=wanted, expected=", ".join(Period))
    return Period(wanted)


def _step(period: Period) -> int:
    return STEPS.get(period, DAY * 31 * MONTHS.get(period, 0) or 1)


def _checked(start: int, end: int, period: Period) -> None:
    if start >= end:
        raise InputError("series_api.span", value=f"{start}–{end}")
    most = LONGEST.get(period, LONGEST_ELSE)
    if end - start > most:
        raise InputError("series_api.too_long", expected=f"≤ {most // DAY} d", value=(end - start) // DAY)


def moment_of(written: str) -> int:
    """Return the seconds of an ISO 8601 date or time; China time where no zone is said.

    Raises
    ------
    InputError
        If it is neither.
    """
    try:
        if len(written) == len("2026-03-01"):
            return start_of_day(date.fromisoformat(written))
        # A plus sign that was not escaped arrives as a space.
        found = from_china(datetime.fromisoformat(written.replace(" ", "+") if "T" in written else written))
    except (ValueError, OverflowError):
        raise InputError("series_api.moment", value=written, expected="2026-03-01T08:00+08:00") from None
    return found


def revision_of(written: str) -> int | datetime | None:
    """Return a revision or a moment of the store; None where none is asked for."""
    if not written:
        return None
    return int(written) if written.isdigit() else datetime.fromtimestamp(moment_of(written), CHINA)


@contextmanager
def ledger_of(home: Path | None) -> Iterator[Ledger | None]:
    """Open the ledger of reviews; None where nobody has marked anything yet."""
    from huanzhi.library.home import home_folder

    if not (home_folder(home) / FILE).exists():
        yield None
        return
    with open_ledger("read", home) as ledger:
        yield ledger
