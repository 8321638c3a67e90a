"""What quotas tell the code: holding less than is emitted or permitted 排污权不足."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from huanzhi.ecocode.occurrence import Occurrence
from huanzhi.ecocode.quotas.emission import emitted as emitted_of
from huanzhi.ecocode.quotas.emission import passed_on
from huanzhi.ecocode.quotas.position import Emitted, Position, positions
from huanzhi.ecocode.quotas.settings import SCHEME, settings
from huanzhi.library.accounts.models import Account
from huanzhi.library.enterprises.models import Enterprise


def occurrences(day: date, emitted: Emitted | None = None) -> Iterator[Occurrence]:
    """Yield ``quota_short`` for every pollutant of which an enterprise of the scheme holds too little.

    Only who ever held an account is in the scheme. What falls short of the permit does so from the first of
    January, what falls short of the emission from the day on which that rose above the quota. Emission is
    what the permits' reckoning has of the year, where none is given.
    """
    traders = Account.objects.filter(scheme=SCHEME, enterprise__isnull=False).values("enterprise")
    rows = Enterprise.objects.filter(pk__in=traders).select_related("region").order_by("code")
    for one in positions(rows, day, emitted_of(rows, day) if emitted is None else emitted):
        if one.standing not in ("short_emitted", "short_permit"):
            continue
        name = settings()["pollutant"][one.commodity]
        yield Occurrence(
            one.enterprise.code,
            "quota_short",
            f"quota:{one.enterprise.code}/{one.commodity}/{day.year}",
            _since(one, day),
            facts={
                "parameter": one.commodity,
                "by": "emission" if one.standing == "short_emitted" else "permit",
                "short": one.short or 0,
            },
            title=(f"{name['zh']}排污权不足", f"too little quota of {name['en']}"),
            address=f"/accounts?tab=quotas&enterprise={one.enterprise.code}",
            simulated=one.simulated,
        )


def _since(one: Position, day: date) -> date:
    if one.standing != "short_emitted":
        return date(day.year, 1, 1)
    return passed_on(one.enterprise, one.commodity, one.quota, day)
