"""Reckoning 计算: verdicts of quarters from the store, kept until what they came from changes.

A kept verdict names in its digest the limits, the parts of the store, the rules and the last day that it came
from. Regular work reckons anew where they differ; any verdict can be reckoned as of any moment of the store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction

from huanzhi.ecocode.files.models import QuarterVerdict
from huanzhi.library.enterprises.models import Outlet
from huanzhi.library.rights.decision import INTERNAL, OWN
from huanzhi.library.series import Feature, Store
from huanzhi.programmes.enterprise_file.judging import Column, Verdict, judge
from huanzhi.programmes.enterprise_file.quarters import Quarter, judging, last_quarters
from huanzhi.programmes.enterprise_file.reading import Judged, Values, judged_outlets, nothing, steps_of
from huanzhi.programmes.place.limits import LimitStep
from huanzhi.standards.periods import Period, china_date


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the grid with everything that it came from."""

    judged: Judged
    parameter: str
    quarter: Quarter
    verdict: Verdict
    steps: tuple[LimitStep, ...]
    digest: str


def reckon(
    store: Store,
    outlets: Sequence[Judged],
    quarter: Quarter,
    today: date,
    *,
    parameters: Sequence[str] | None = None,
    as_of: datetime | int | None = None,
    known: Mapping[tuple[str, str], str] | None = None,
) -> Iterator[Cell]:
    """Yield the cells of a quarter.

    Parameters
    ----------
    parameters : sequence of str, optional
        Only these; by default all that the permits limit.
    as_of : datetime or int, optional
        The store as it was then.
    known : mapping, optional
        Digests by outlet and parameter that hold: such cells are passed over.
    """
    values = Values(store, outlets, quarter, today, as_of)
    if values.number <= 0:
        return
    parts = read_from(store, quarter, today)
    for one in outlets:
        for parameter in one.parameters() if parameters is None else parameters:
            steps = steps_of(one, parameter, *values.span)
            digest = _digest(steps, parts, quarter.over_by(today), one)
            if known is None or known.get((one.row.code, parameter)) != digest:
                verdict = _judged(one, parameter, steps, values, quarter)
                yield Cell(one, parameter, quarter, verdict, steps, digest)


def _judged(
    one: Judged, parameter: str, steps: tuple[LimitStep, ...], values: Values, quarter: Quarter
) -> Verdict:
    """Judge one cell; hours are read where a limit asks for them or daily values are lacking."""
    start, number = values.span[0], values.number
    there = one.there(quarter.first, number)
    if not steps:
        return judge(start, number, (), nothing(number), None, there)
    day = values.column(one.row.code, parameter, Period.DAY)
    hour: Column | None = None
    if any(step.averaging == "hour" for step in steps) or not day.counts.all():
        hour = values.column(one.row.code, parameter, Period.HOUR)
    return judge(start, number, steps, day, hour, there)


def read_from(store: Store, quarter: Quarter, today: date) -> str:
    """Return what names the parts of the store that a quarter is judged from."""
    names = [
        name for period in (Period.DAY, Period.HOUR) for name in store.parts_of(period, *quarter.span(today))
    ]
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def _digest(steps: tuple[LimitStep, ...], parts: str, until: date, one: Judged) -> str:
    there = (one.row.valid_from, one.row.valid_to)
    told = repr((steps, parts, until, there, judging()["day"], judging()["quarter"], judging()["unstated"]))
    return hashlib.sha256(told.encode()).hexdigest()


def keep_up(
    store: Store,
    now: datetime,
    *,
    outlets: Iterable[Outlet] | None = None,
    quarters: Sequence[Quarter] | None = None,
) -> dict[str, int]:
    """Reckon anew the kept verdicts whose ground changed; return how many were looked at and changed.

    Parameters
    ----------
    outlets, quarters : optional
        Only of these; by default all outlets, and the quarters that are shown.
    """
    today = china_date(int(now.timestamp()))
    chosen = quarters or last_quarters(today, judging()["kept"]["quarters"])
    features = {one.code: one for one in store.features(kind="outlet")}
    rows = Outlet.objects.all() if outlets is None else outlets
    done = {"outlets": 0, "reckoned": 0}
    for batch in _batches(iter(rows), judging()["kept"]["together"]):
        found = judged_outlets(batch, features)
        done["outlets"] += len(found)
        for quarter in chosen:
            cells = list(reckon(store, found, quarter, today, known=_known(batch, quarter)))
            done["reckoned"] += _keep(cells, now, store)
    return done


def _batches(rows: Iterator[Outlet], size: int) -> Iterator[list[Outlet]]:
    while batch := list(islice(rows, size)):
        yield batch


def _known(outlets: Sequence[Outlet], quarter: Quarter) -> dict[tuple[str, str], str]:
    rows = QuarterVerdict.objects.filter(
        outlet__in=[one.pk for one in outlets], year=quarter.year, quarter=quarter.number
    )
    names = rows.order_by("pk").values_list("outlet__code", "parameter", "digest")
    return {(outlet, parameter): digest for outlet, parameter, digest in names}


FIELDS = ("state", "due", "valid", "over", "missing", "stopped", "needed", "days", "limits", "last", "digest")
_UPDATED = (*FIELDS, "enterprise", "region", "organisation", "sensitivity", "reckoned", "store_revision")


def _keep(cells: Sequence[Cell], now: datetime, store: Store) -> int:
    """Write cells over what was kept of them."""
    if not cells:
        return 0
    rows = [row_of(cell, now, store.revision()) for cell in cells]
    with transaction.atomic():
        QuarterVerdict.objects.bulk_create(
            rows,
            batch_size=200,
            update_conflicts=True,
            unique_fields=["outlet", "parameter", "year", "quarter"],
            update_fields=[*_UPDATED, "simulated"],
        )
    return len(rows)


def row_of(cell: Cell, now: datetime, revision: int) -> QuarterVerdict:
    """Return a cell as it is kept."""
    row, verdict = cell.judged.row, cell.verdict
    return QuarterVerdict(
        enterprise_id=row.enterprise_id,
        outlet=row,
        region_id=row.region_id,
        organisation_id=row.organisation_id,
        sensitivity=OWN if row.sensitivity == INTERNAL else row.sensitivity,
        parameter=cell.parameter,
        year=cell.quarter.year,
        quarter=cell.quarter.number,
        simulated=row.simulated,
        reckoned=now,
        store_revision=revision,
        **told(cell, verdict),
    )


def told(cell: Cell, verdict: Verdict) -> dict[str, Any]:
    """Return what a verdict says, by the fields of its row."""
    last = cell.quarter.first + timedelta(days=len(verdict.days) - 1)
    return {
        "state": verdict.state,
        "due": verdict.due,
        "valid": verdict.valid,
        "over": verdict.count("over"),
        "missing": verdict.count("missing"),
        "stopped": verdict.count("stopped"),
        "needed": verdict.needed,
        "days": [one.as_dict() for one in verdict.over],
        "limits": [limit_row(step) for step in cell.steps],
        "last": last,
        "digest": cell.digest,
    }


def limit_row(step: LimitStep) -> dict[str, Any]:
    """Return a limit with its dates and where it comes from, as plain values."""
    names = ("bound", "unit", "standard", "edition", "clause", "grade", "basis", "averaging", "confidence")
    return {
        "first": china_date(step.start).isoformat(),
        "until": china_date(step.end).isoformat(),
        "value": f"{step.value:f}",
        **{name: getattr(step, name) for name in names},
    }


def refreshed(store: Store, enterprise: Any, now: datetime) -> Mapping[str, int]:
    """Bring the kept verdicts of one enterprise up to date."""
    return keep_up(store, now, outlets=Outlet.objects.filter(enterprise=enterprise))


def features_of(store: Store, outlets: Sequence[Outlet]) -> dict[str, Feature]:
    """Return the features of outlets by code."""
    return {one.code: one for one in store.features(codes=[row.code for row in outlets])}
