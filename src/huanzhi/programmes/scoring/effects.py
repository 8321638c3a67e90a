"""Effects 污染防治工作评估: what was done beside what changed (S31); a comparison, not a cause."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from huanzhi.center.issues.models import Issue
from huanzhi.center.petitions.models import Petition
from huanzhi.center.plans.models import Measure
from huanzhi.library.indicators.models import Value
from huanzhi.library.places.models import Region
from huanzhi.programmes.indicators.counting import day_begins

QUALITY = ("pm25_mean", "good_day_rate", "water_good_share")


def effects(regions: list[Region], year: int) -> list[dict[str, Any]]:
    """Return a row for each region: what was done, and the quality against the year before."""
    return [_row(region, year) for region in regions]


def _row(region: Region, year: int) -> dict[str, Any]:
    first, end = day_begins(date(year, 1, 1)), day_begins(date(year + 1, 1, 1))
    inside = {"region__path__startswith": region.path}
    issues = Issue.objects.filter(opened__gte=first, opened__lt=end, joined_to=None, **inside)
    measures = Measure.objects.filter(due__year=year, **inside)
    return {
        "region": region.pk,
        "region_name": region.name,
        "simulated": region.simulated,
        "measures": measures.count(),
        "measures_done": measures.filter(state="finished").count(),
        "funds": _value("control_funds", region, year),
        "issues": issues.count(),
        "issues_closed": issues.filter(closed__isnull=False).count(),
        "complaints": Petition.objects.filter(received__gte=first, received__lt=end, **inside).count(),
        **{name: _value(name, region, year) for name in QUALITY},
        **{f"{name}_change": _change(name, region, year) for name in QUALITY},
    }


def _value(indicator: str, region: Region, year: int) -> str | None:
    rows = Value.objects.filter(
        indicator=indicator, region=region, first=date(year, 1, 1), state__in=("reckoned", "confirmed")
    )
    found = rows.exclude(value="").order_by("-last", "-pk").first()
    return found.value if found else None


def _change(indicator: str, region: Region, year: int) -> str | None:
    now, before = (_value(indicator, region, one) for one in (year, year - 1))
    return f"{Decimal(now) - Decimal(before):f}" if now and before else None
