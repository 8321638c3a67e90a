"""Mean of a month 月均浓度 for article 13: of hourly means (air) or daily means (water), each with its limit.

The regulation (实施条例 第十条) takes the mean of the month of the hourly means of air and of the daily means
of water, and asks that none of them exceeds. What is missing is never assumed: with one mean unknown it is
unknown whether all were within.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from huanzhi.assess.exact import MISSING, Ints, round_fraction
from huanzhi.assess.explanation import Step
from huanzhi.assess.quality_series import Mask
from huanzhi.assess.tax.model import Discharge, Medium
from huanzhi.assess.tax.reductions import WHOLE, share_of
from huanzhi.assess.tax.tables import Law

FINER = 4
"""Decimals that the mean of a month has more than what was measured. Ours."""


@dataclass(frozen=True, slots=True)
class MonthMeans:
    """What a month of one outlet and pollutant was.

    Attributes
    ----------
    mean : Decimal, optional
        Of the means that are known; None where none is.
    limit : Decimal, optional
        The strictest limit of the month; None where a day on which it ran has none.
    within : bool, optional
        Whether every mean was within the limit of its day; None where one is unknown and none exceeds.
    due, known, over : int
        Means of hours (air) or of days (water): due, known, beyond the limit of their day.
    hours, missing, stopped : int
        Hours in which it ran, those of them without a value that holds, hours in which it stood still.
    """

    mean: Decimal | None
    limit: Decimal | None
    within: bool | None
    due: int
    known: int
    over: int
    hours: int
    missing: int
    stopped: int


def month_means(
    medium: Medium,
    contents: Ints,
    decimals: int,
    running: Mask,
    days: Ints,
    limits: Mapping[int, Decimal],
) -> MonthMeans:
    """Return the means of one month.

    Parameters
    ----------
    contents : ndarray of int64, shape (n,)
        Means of the hours at `decimals`; ``exact.MISSING`` where no value holds. Below detection stands as
        the limit of detection: ours, for the mean is then never too low.
    running : ndarray of bool, shape (n,)
        Hours in which the outlet did not stand still: one mean each is due.
    days : ndarray of int64, shape (n,)
        Day of each hour, in any count.
    limits : mapping
        Day → limit in the unit of the contents; a day without one is left out.

    References
    ----------
    .. [1] 环境保护税法 第十三条; 环境保护税法实施条例 第十条.
    """
    parts = _parts(medium, contents, running, days)
    known = [(day, value) for day, value in parts if value is not None]
    scale = 10**decimals
    over = sum(day in limits and value > Fraction(limits[day]) * scale for day, value in known)
    ran = {int(day) for day in days[running]}
    whole = bool(parts) and len(known) == len(parts) and ran <= limits.keys()
    mean = sum((value for _, value in known), Fraction(0)) / len(known) / scale if known else None
    missing = int((running & (contents == MISSING)).sum())
    return MonthMeans(
        None if mean is None else _rounded(mean, decimals),
        min(limits[day] for day in ran) if ran and ran <= limits.keys() else None,
        False if over else (True if whole else None),
        len(parts),
        len(known),
        over,
        int(running.sum()),
        missing,
        int((~running).sum()),
    )


def _parts(medium: Medium, contents: Ints, running: Mask, days: Ints) -> list[tuple[int, Fraction | None]]:
    """Return the day and the mean of each hour, or of each day: None where an hour of it is missing."""
    hours = [
        (int(day), None if value == MISSING else Fraction(int(value)))
        for day, value in zip(days[running], contents[running], strict=True)
    ]
    if medium == "air":
        return hours
    grouped: dict[int, list[Fraction | None]] = {}
    for day, value in hours:
        grouped.setdefault(day, []).append(value)
    return [(day, _mean(values)) for day, values in grouped.items()]


def _mean(values: list[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) / len(known) if len(known) == len(values) else None


def _rounded(value: Fraction, decimals: int) -> Decimal:
    exact = Decimal(round_fraction(value * 10 ** (decimals + FINER), 0)).scaleb(-decimals - FINER)
    return Decimal(f"{exact.normalize():f}")


@dataclass(frozen=True, slots=True)
class Proposed:
    """What article 13 may take off, proposed from the means of a month.

    Attributes
    ----------
    verdict : str
        ``proposed``, ``not_low``, ``over``, ``unknown`` (a mean or a limit is missing), ``no_data``.
    pays : Fraction
        Share of the tax that would be paid; 1 where nothing is proposed.
    """

    verdict: str
    pays: Fraction
    steps: tuple[Step, ...]


def propose(row: Discharge, found: MonthMeans, law: Law, unit: str) -> Proposed:
    """Return what article 13 may take off of a row, with its arithmetic; nothing where a mean is unknown."""
    clause = law.table("reductions").clause
    key = "tax.step_mean_hours" if row.medium == "air" else "tax.step_mean_days"
    if found.mean is None:
        return Proposed("no_data", WHOLE, (Step("tax.step_no_mean", {"due": found.due}, clause),))
    counts = {name: getattr(found, name) for name in ("due", "known", "missing", "stopped", "over")}
    steps = [Step(key, {**counts, "mean": f"{found.mean:f}", "unit": unit}, clause)]
    if found.limit is None:
        steps.append(Step("tax.step_no_limit", {}, clause))
        return Proposed("unknown", WHOLE, tuple(steps))
    pays, told = share_of(_with(row, found), law)
    if found.over:
        steps.append(Step("tax.step_over", counts, clause))
    elif found.within is None:
        steps.append(Step("tax.step_hours_missing", counts, clause))
    return Proposed(_verdict(found, pays), pays, (*steps, *told))


def _with(row: Discharge, found: MonthMeans) -> Discharge:
    told = {"concentration": found.mean, "limit": found.limit, "within": found.within}
    return Discharge(row.outlet, row.month, row.medium, row.item, row.quantity, **told)  # type: ignore[arg-type]


def _verdict(found: MonthMeans, pays: Fraction) -> str:
    if found.over:
        return "over"
    if found.within is None:
        return "unknown"
    return "proposed" if pays < WHOLE else "not_low"
