"""Keeping months 月核算: reckoned from the store in regular work, kept for lists, reports and forecasts.

The quarter that is not over is reckoned anew each time, for its capture decides what is put in, and the one
before it for some days more, so that late data and marks are in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from huanzhi.assess.emission.amounts import FIELDS, Amount, by_period
from huanzhi.assess.emission.hours import Origin
from huanzhi.ecocode.permits.models import MonthAmount
from huanzhi.ecocode.permits.periods import Span
from huanzhi.ecocode.permits.standings import forget
from huanzhi.errors import StoreError
from huanzhi.library.enterprises.models import Outlet, PermitLimit
from huanzhi.library.reviews import Ledger, open_ledger
from huanzhi.library.series import Store, open_store
from huanzhi.programmes.emission.reading import Reckoned, days_of, months_of, reckon
from huanzhi.standards.periods import CHINA, HOUR, start_of_day

LAG = 2 * HOUR
"""How long an hour is waited for, so that late minutes are in it. Ours."""
MEAN = "mean_before"
"""The one rule of HJ 356, which needs no name beside the standard."""
LATE = timedelta(days=15)
"""How long the quarter before is reckoned anew. Ours."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of one outlet and parameter; `days` [mg] of the days that are over."""

    outlet: str
    parameter: str
    year: int
    month: int
    amount: Amount
    days: tuple[int, ...]
    rules: str
    through: int


def wanted(codes: Iterable[str] | None = None) -> dict[str, list[str]]:
    """Return outlet → parameters that its permits limit by quantity or content."""
    rows = PermitLimit.objects.filter(outlet__isnull=False, measure__in=("amount", "concentration"))
    if codes is not None:
        rows = rows.filter(outlet__code__in=list(codes))
    found: dict[str, list[str]] = {}
    for code, parameter in rows.order_by("outlet__code", "parameter").values_list(
        "outlet__code", "parameter"
    ):
        if parameter not in found.setdefault(code, []):
            found[code].append(parameter)
    return found


def months(found: Reckoned, today: date) -> Iterator[Month]:
    """Go through the months of reckoned hours; a day counts as over when the day in China is past it."""
    labels, days = months_of(found.times), days_of(found.times)
    known = np.flatnonzero(found.hours.origins != Origin.MISSING)
    first = int(labels[known[0]]) if known.size else None
    amounts = by_period(found.hours, labels, found.milligrams)
    daily = by_period(found.hours, days, found.milligrams)
    over = (today - date(1970, 1, 1)).days
    for label, amount in sorted(amounts.items()):
        if first is None or label < first:
            continue
        inside = np.unique(days[labels == label])
        yield Month(
            found.outlet,
            found.parameter,
            label // 12,
            label % 12 + 1,
            amount,
            tuple(daily[int(day)].total for day in inside if int(day) < over),
            _rules(found, labels == label),
            int(found.times[labels == label][-1]) + HOUR,
        )


def _rules(found: Reckoned, inside: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> str:
    if not bool((found.hours.origins[inside] == Origin.SUBSTITUTED).any()):
        return ""
    names = sorted({gap.rule for gap in found.hours.gaps if gap.value is not None and gap.rule})
    steps = [name for name in names if name != MEAN]
    return "、".join(f"{found.standard} {name}".strip() for name in steps or [""])[:200]


def first_of(now: datetime, *, anew: bool = False) -> int:
    """Return where reckoning begins: the quarter of some days ago, or the year."""
    day = (now.astimezone(CHINA) - LATE).date()
    begins = date(now.astimezone(CHINA).year, 1, 1)
    if not anew:
        begins = max(Span(day.year, day.month - (day.month - 1) % 3, 3).begins, date(day.year, 1, 1))
    return start_of_day(begins)


def keep(
    store: Store,
    now: datetime,
    ledger: Ledger | None = None,
    *,
    anew: bool = False,
    codes: Iterable[str] | None = None,
) -> dict[str, int]:
    """Reckon the months that are not settled and keep them; return how many outlets and months.

    Parameters
    ----------
    anew : bool
        From the first of January on.
    codes : iterable of str
        Outlets; all of them by default.
    """
    local = now.astimezone(CHINA).date()
    end = int(now.timestamp()) // HOUR * HOUR - LAG
    places = wanted(codes)
    rows = Outlet.objects.in_bulk(places, field_name="code")
    fresh = not MonthAmount.objects.filter(year=local.year).exists()
    start = first_of(now, anew=anew or fresh)
    made = 0
    for code, parameters in places.items():
        outlet = rows[code]
        gas = outlet.attributes.get("gas") or {}
        found = reckon(store, ledger, code, parameters, start, end, gas) if start < end else []
        made += _store(outlet, [month for one in found for month in months(one, local)])
    return {"outlets": len(places), "months": made}


def _store(outlet: Outlet, found: list[Month]) -> int:
    rows = [
        MonthAmount(
            outlet=outlet,
            parameter=one.parameter,
            year=one.year,
            month=one.month,
            days=list(one.days),
            rules=one.rules,
            through=one.through,
            simulated=outlet.simulated,
            **{name: getattr(one.amount, name) for name in FIELDS},
        )
        for one in found
    ]
    MonthAmount.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["outlet", "parameter", "year", "month"],
        update_fields=[*FIELDS, "days", "rules", "through", "simulated"],
    )
    forget([outlet.enterprise_id])
    return len(rows)


def run(now: datetime | None = None, *, anew: bool = False) -> dict[str, int]:
    """Reckon from the store of the data folder; nothing where there is none yet."""
    try:
        with open_store("read") as store, reviews(store) as ledger:
            return keep(store, now or datetime.now(UTC), ledger, anew=anew)
    except StoreError as error:
        if error.key == "series.none_here":
            return {"outlets": 0, "months": 0}
        raise


@contextmanager
def reviews(store: Store) -> Iterator[Ledger | None]:
    """Open the ledger of reviews beside a store; None where nobody reviewed anything yet."""
    try:
        held = open_ledger("read", store.home)
    except StoreError as error:
        if error.key != "quality.no_ledger":
            raise
        yield None
        return
    with held as ledger:
        yield ledger


def of_year(store: Store, ledger: Ledger | None, outlet: Outlet, year: int, now: datetime) -> list[Month]:
    """Return the months of an outlet in a year, straight from the store."""
    start = start_of_day(date(year, 1, 1))
    end = min(start_of_day(date(year + 1, 1, 1)), int(now.timestamp()) // HOUR * HOUR - LAG)
    if start >= end:
        return []
    parameters = wanted([outlet.code]).get(outlet.code, [])
    gas = outlet.attributes.get("gas") or {}
    found = reckon(store, ledger, outlet.code, parameters, start, end, gas)
    return [month for one in found for month in months(one, now.astimezone(CHINA).date())]
