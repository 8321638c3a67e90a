"""Quantities as the monitors have them 在线核算量: months added up to periods, outlets to enterprises."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from huanzhi.assess.emission.allowance import Level, Standing, forecast, share_of_span, standing
from huanzhi.assess.emission.amounts import TONNE, Amount, added
from huanzhi.ecocode.permits.models import MonthAmount
from huanzhi.ecocode.permits.periods import Span
from huanzhi.ecocode.permits.settings import settings
from huanzhi.library.enterprises.models import PermitLimit

Key = tuple[str, str]
"""Code of the outlet, parameter."""


@dataclass(frozen=True, slots=True)
class Series:
    """What left an outlet, or all outlets of an enterprise, in a period.

    Attributes
    ----------
    days : tuple of int
        [mg], one after the other.
    months : tuple of int
        Those that were reckoned, of all outlets; the others are unknown.
    """

    amount: Amount
    days: tuple[int, ...]
    rules: str
    through: int
    months: tuple[int, ...] = ()

    def known_share(self, span: Span) -> Fraction:
        """Return the share of a period that is known: its reckoned months, and of them the hours."""
        share = self.amount.known_share
        return (Fraction(1) if share is None else share) * Fraction(len(self.months), span.months)


def of_period(rows: Iterable[MonthAmount], span: Span) -> dict[Key, Series]:
    """Return outlet and parameter → what left in a period; nothing where no month of it was reckoned."""
    found: dict[Key, list[MonthAmount]] = defaultdict(list)
    for row in rows:
        if row.year == span.year and row.month in span.numbers:
            found[row.outlet.code, row.parameter].append(row)
    return {key: _joined(months) for key, months in found.items()}


def _joined(months: list[MonthAmount]) -> Series:
    ordered = sorted(months, key=lambda one: one.month)
    rules = "、".join(sorted({rule for one in ordered for rule in one.rules.split("、") if rule}))
    return Series(
        added(one.amount for one in ordered),
        tuple(day for one in ordered for day in one.days),
        rules,
        max(one.through for one in ordered),
        tuple(one.month for one in ordered),
    )


def months_of(enterprise: str, year: int) -> list[MonthAmount]:
    """Return the months of the outlets of an enterprise in a year."""
    rows = MonthAmount.objects.filter(outlet__enterprise__code=enterprise, year=year)
    return list(rows.select_related("outlet"))


def together(series: Mapping[Key, Series]) -> dict[str, Series]:
    """Return parameter → what left all outlets together; days are added where they line up at the end."""
    found: dict[str, list[Series]] = defaultdict(list)
    for (_, parameter), one in series.items():
        found[parameter].append(one)
    return {name: _summed(parts) for name, parts in found.items()}


def _summed(parts: list[Series]) -> Series:
    longest = max(len(one.days) for one in parts)
    days = [0] * longest
    for one in parts:
        for place, mass in enumerate(one.days, longest - len(one.days)):
            days[place] += mass
    rules = "、".join(sorted({one.rules for one in parts if one.rules}))
    months = sorted(set[int].intersection(*(set(one.months) for one in parts)))
    amount = added(one.amount for one in parts)
    return Series(amount, tuple(days), rules, max(one.through for one in parts), tuple(months))


@dataclass(frozen=True, slots=True)
class Allowed:
    """A permitted quantity with how it stands; `outlet` is empty for the enterprise.

    Attributes
    ----------
    written : str
        The quantity as the permit writes it.
    series : Series or None
        None where nothing was reckoned: unknown, not nothing.
    """

    limit: PermitLimit
    outlet: str
    parameter: str
    span: Span
    tonnes: Fraction
    series: Series | None
    standing: Standing | None


def span_of(limit: PermitLimit, day: date) -> Span | None:
    """Return the period of a permitted quantity in which a day lies; None for what is no quantity."""
    if limit.averaging == "month":
        return Span(day.year, day.month, 1)
    if limit.averaging == "quarter":
        return Span(day.year, day.month - (day.month - 1) % 3, 3)
    return Span(day.year, 1, 12) if limit.averaging == "year" else None


def allowances(enterprise: str, day: date, months: list[MonthAmount] | None = None) -> list[Allowed]:
    """Return every permitted quantity of an enterprise on a day and how it stands.

    A quantity of an outlet is held against the outlet; one of no outlet against all outlets together.
    """
    rows = PermitLimit.objects.filter(enterprise__code=enterprise, measure="amount")
    limits = [one for one in rows.select_related("outlet", "permit") if one.holds(day) and one.value]
    return judged(limits, months_of(enterprise, day.year) if months is None else months, day)


def judged(limits: Iterable[PermitLimit], months: list[MonthAmount], day: date) -> list[Allowed]:
    """Return how quantities of one enterprise stand by its months."""
    found: list[Allowed] = []
    periods: dict[Span, tuple[dict[Key, Series], dict[str, Series]]] = {}
    for limit in limits:
        span = span_of(limit, day)
        if span is None:
            continue
        if span not in periods:
            series = of_period(months, span)
            periods[span] = (series, together(series))
        code = limit.outlet.code if limit.outlet is not None else ""
        by_outlet, whole = periods[span]
        one = by_outlet.get((code, limit.parameter)) if code else whole.get(limit.parameter)
        tonnes = Fraction(Decimal(limit.value)) * Fraction(settings()["mass"].get(limit.unit or "t", "1"))
        known = one is not None and (limit.unit or "t") in settings()["mass"]
        stands = _standing(one, tonnes, span, day) if one is not None and known else None
        found.append(Allowed(limit, code, limit.parameter, span, tonnes, one, stands))
    return sorted(found, key=lambda each: (each.outlet, each.parameter, each.span))


def _standing(series: Series, tonnes: Fraction, span: Span, day: date) -> Standing:
    ours: Mapping[str, Any] = settings()["ours"]
    levels = [Level(row["name"], row["blocks"], Fraction(row["known"])) for row in ours["levels"]]
    over = Span(span.year, span.first, max(1, min(span.months, day.month - span.first + 1)))
    known = series.known_share(over)
    ahead = forecast(series.days, max((span.after - day).days, 0), ours["block_days"], known, levels)
    ahead = ahead.over(TONNE) if ahead else None
    share = share_of_span(span.begins, span.after, day)
    whole = known >= Fraction(ours["tolerance"]["known"])
    return standing(Fraction(series.amount.total, TONNE), tonnes, share, ahead, whole=whole)
