"""Quantities of the year 年累计排放量: flow times content of every hour since the first of January.

An hour counts where flow and content are both known and may be judged; what is missing adds nothing and is
counted as missing. Reckoning goes on from the last hour that was counted; late hours are taken by reckoning
the year anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from huanzhi.center.warnings.models import YearQuantity
from huanzhi.center.watching.rules.rule import FLOWS
from huanzhi.library.enterprises.models import PermitLimit
from huanzhi.library.series import Store
from huanzhi.programmes.warning_rounds.values import Series, read
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import CHINA, DAY, HOUR, Period, start_of_day
from huanzhi.standards.units import factor

CHUNK = 31 * DAY
"""Seconds of hours that are read at once. Ours."""
LAG = 2 * HOUR
"""How long an hour is waited for, so that late minutes are in it. Ours."""
TONNE = Fraction(1, 10**9)
"""Tonnes in a milligram."""
FLOW_OF = {"w00000": "L/s", "a00000": "m³/s"}


@dataclass(frozen=True, slots=True)
class Allowed:
    """A permitted quantity of a year [t]."""

    outlet: str
    parameter: str
    tonnes: float


def allowed(day: datetime) -> list[Allowed]:
    """Return the yearly quantities that permits allow on a day."""
    rows = PermitLimit.objects.filter(measure="amount", averaging="year", outlet__isnull=False)
    local = day.astimezone(CHINA).date()
    return [
        Allowed(one.outlet.code, one.parameter, float(one.value))
        for one in rows.select_related("outlet")
        if one.outlet is not None and one.holds(local) and one.value
    ]


def reckon(store: Store, now: datetime, *, anew: bool = False) -> dict[str, int]:
    """Add the hours that are over since the last time, for every permitted quantity.

    Parameters
    ----------
    anew : bool
        Begin again with the first of January.
    """
    wanted = allowed(now)
    year = now.astimezone(CHINA).year
    begin = start_of_day(now.astimezone(CHINA).date().replace(month=1, day=1))
    end = int(now.timestamp()) // HOUR * HOUR - LAG
    held = {(one.outlet, one.parameter): one for one in YearQuantity.objects.filter(year=year)}
    hours = 0
    rows = [_row(one, held, year, begin, anew) for one in wanted]
    for start in sorted({row.through for row in rows if row.through < end}):
        mine = [row for row in rows if row.through == start]
        hours += _add(store, mine, start, end)
    for row in rows:
        row.save()
    return {"quantities": len(rows), "hours": hours}


def _row(
    one: Allowed, held: Mapping[tuple[str, str], YearQuantity], year: int, begin: int, anew: bool
) -> YearQuantity:
    row = held.get((one.outlet, one.parameter)) or YearQuantity(
        outlet=one.outlet, parameter=one.parameter, year=year, through=begin
    )
    if anew:
        row.tonnes, row.hours, row.missing, row.through = 0.0, 0, 0, begin
    row.permitted = one.tonnes
    return row


def _add(store: Store, rows: list[YearQuantity], start: int, end: int) -> int:
    codes = sorted({row.outlet for row in rows})
    parameters = sorted({row.parameter for row in rows} | set(FLOWS))
    hours = 0
    for first in range(start, end, CHUNK):
        last = min(first + CHUNK, end)
        series = read(store, codes, Period.HOUR, first, last, parameters)
        for row in rows:
            hours += _take(row, series, (last - first) // HOUR)
    for row in rows:
        row.through = end
    return hours


def _take(row: YearQuantity, series: Series, due: int) -> int:
    content = {one.time: one.value for one in series.get((row.outlet, row.parameter), []) if one.judged}
    flow = FLOWS[0] if row.parameter.startswith("w") else FLOWS[1]
    to_mg = _milligrams(row.parameter, flow)
    gone, counted = Fraction(0), 0
    for one in series.get((row.outlet, flow), []):
        if one.judged and one.time in content:
            gone += one.value * content[one.time] * to_mg * HOUR
            counted += 1
    row.tonnes += float(gone * TONNE)
    row.hours += counted
    row.missing += due - counted
    return counted


def _milligrams(parameter: str, flow: str) -> Fraction:
    """Return mg/s in one unit of the content times one unit of the flow, as the store keeps both."""
    known, carried = all_parameters().get(parameter), all_parameters().get(flow)
    per = FLOW_OF[flow].split("/")[0]
    content = factor(known.unit, f"mg/{per}") if known is not None and known.unit else Fraction(1)
    return Fraction(content) * (factor(carried.unit, FLOW_OF[flow]) if carried and carried.unit else 1)


def emitted(year: int) -> dict[tuple[str, str], tuple[float, float, int]]:
    """Return outlet and parameter → what has left [t], what is permitted [t], last hour [s UTC]."""
    return {
        (one.outlet, one.parameter): (one.opening + one.tonnes, one.permitted or 0.0, one.through)
        for one in YearQuantity.objects.filter(year=year)
        if one.permitted
    }


def year_of(moment: int) -> int:
    """Return the China year of a moment."""
    return datetime.fromtimestamp(moment, UTC).astimezone(CHINA).year
