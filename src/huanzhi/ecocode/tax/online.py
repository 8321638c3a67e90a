"""Quantities of online monitoring 在线监测排放量 as rows of a declaration."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from huanzhi import standards
from huanzhi.assess.tax.quarters import last_day, months_of
from huanzhi.assess.tax.tables import LAW
from huanzhi.ecocode.permits.models import MonthAmount
from huanzhi.library.enterprises.models import Enterprise


class Mean(NamedTuple):
    """Mean of a month, the limit it is held against, and whether every mean of an hour was within it."""

    mean: str
    limit: str
    within: bool | None


Means = Mapping[tuple[str, str, str], Mean]
"""By outlet, parameter and month."""

_KG = Decimal(10) ** 6
"""mg in a kg."""


def rows_of(enterprise: Enterprise, quarter: str, means: Means | None = None) -> list[dict[str, Any]]:
    """Return the rows of an enterprise for a quarter; a pollutant that the law does not tax has none.

    A month that was not reckoned has no row: missing is not nothing.
    """
    table = standards.in_force(LAW, last_day(quarter)).table("measured")
    items = {row["parameter"]: row for row in table.rows}
    year, months = int(quarter[:4]), months_of(quarter)
    held = MonthAmount.objects.filter(
        outlet__enterprise=enterprise,
        year=year,
        month__in=[int(month[5:]) for month in months],
        parameter__in=list(items),
    )
    rows = held.select_related("outlet").order_by("outlet__code", "month", "parameter")
    return [_row(one, items[one.parameter], means or {}) for one in rows if one.through]


def _row(one: MonthAmount, item: Mapping[str, Any], means: Means) -> dict[str, Any]:
    month = f"{one.year}-{one.month:02d}"
    quantity = (Decimal(one.measured + one.substituted) / _KG).quantize(Decimal("0.000001")).normalize()
    found = means.get((one.outlet.code, one.parameter, month))
    row = {
        "kind": item["medium"],
        "place": one.outlet.code,
        "month": month,
        "item": item["item"],
        "quantity": f"{quantity:f}",
        "source": "online",
    }
    if found is not None:
        row |= {"concentration": found.mean, "limit": found.limit, "within": found.within}
    return row
