"""Emission of this year 本年实际排放量 [t], as the permits' reckoning of online data has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate, groupby, zip_longest

from huanzhi.ecocode.permits.models import MonthAmount
from huanzhi.library.enterprises.models import Enterprise

_TONNE = Decimal(10) ** 9
"""mg in a tonne."""


def emitted(enterprises: Iterable[Enterprise], day: date) -> dict[tuple[str, str], Decimal]:
    """Return what enterprises emitted from the first of January to a day, by code and parameter.

    What was not reckoned has no entry.
    """
    keys = [one.pk for one in enterprises]
    rows = MonthAmount.objects.filter(
        outlet__enterprise__in=keys, year=day.year, month__lte=day.month, through__gt=0
    )
    found: dict[tuple[str, str], int] = defaultdict(int)
    fields = ("outlet__enterprise__code", "parameter", "measured", "substituted")
    for code, parameter, measured, substituted in rows.values_list(*fields):
        found[code, parameter] += measured + substituted
    return {key: (Decimal(total) / _TONNE).quantize(Decimal("0.0001")) for key, total in found.items()}


def passed_on(enterprise: Enterprise, parameter: str, amount: Decimal, day: date) -> date:
    """Return the day on which emission since the first of January rose above an amount [t].

    Where the days of a month are not known it is the last day of those that are, else the first of the month.
    """
    rows = MonthAmount.objects.filter(
        outlet__enterprise=enterprise, parameter=parameter, year=day.year, month__lte=day.month, through__gt=0
    )
    most, before = amount * _TONNE, 0
    for month, held in groupby(rows.order_by("month", "pk"), key=lambda one: one.month):
        months = list(held)
        total = sum(one.measured + one.substituted for one in months)
        if before + total > most:
            daily = [sum(parts) for parts in zip_longest(*(one.days for one in months), fillvalue=0)]
            sums = list(accumulate(daily, initial=before))[1:]
            place = next((at for at, mass in enumerate(sums) if mass > most), max(len(sums) - 1, 0))
            return min(date(day.year, month, 1) + timedelta(days=place), day)
        before += total
    return date(day.year, 1, 1)
