"""Emission of this year 本年实际排放量 [t], as the permits' reckoning of online data has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

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
