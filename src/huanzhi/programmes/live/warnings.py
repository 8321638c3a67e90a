"""Warnings of the test city 模拟预警: targets of its sections, a forecast of its air, a draft of a rule.

All of it is made up, marked as simulated, and made through the services that people use; made again it stays.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from huanzhi.center.warnings import episodes, own_rules
from huanzhi.center.warnings.models import AirForecast, OwnRule
from huanzhi.library.places.models import Region, Section, SectionTarget
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.standards.periods import CHINA

STRICT_EVERY = 4
"""Every so many sections have the stricter target. Ours, for the test city."""
FORECAST = ((95, 120, "PM2.5"), (140, 165, "PM2.5"), (150, 178, "PM2.5"), (90, 110, "PM10"))
"""A made-up forecast of the days ahead: low and high AQI, primary pollutant."""


def furnish(now: datetime, city: str = "990001") -> dict[str, int]:
    """Give the test city targets, a forecast and a draft where there are none yet.

    Parameters
    ----------
    city : str
        Region of the city; its sections must be there.
    """
    region = Region.objects.filter(pk=city).first()
    if region is None:
        return {"targets": 0, "forecasts": 0, "rules": 0}
    _targets(city)
    _forecast(region, now)
    _rule(region)
    return {
        "targets": SectionTarget.objects.filter(simulated=True).count(),
        "forecasts": AirForecast.objects.filter(simulated=True).count(),
        "rules": OwnRule.objects.filter(simulated=True).count(),
    }


def _targets(city: str) -> None:
    rows = Section.objects.filter(region__path__contains=f"{city}/", simulated=True, targets=None, target="")
    for number, section in enumerate(rows.order_by("code")):
        target = "II" if number % STRICT_EVERY == 0 else "III"
        save(SYSTEM, SectionTarget(section=section, target=target, basis="模拟", simulated=True), "模拟")


def _forecast(region: Region, now: datetime) -> None:
    today = now.astimezone(CHINA).date()
    if AirForecast.objects.filter(region=region, day__gt=today).exists():
        return
    days = [
        episodes.Expected(today + timedelta(days=place), low, high, primary)
        for place, (low, high, primary) in enumerate(FORECAST)
    ]
    episodes.enter_forecast(SYSTEM, region, days, now)
    episodes.propose(region, now)


def _rule(region: Region) -> None:
    if OwnRule.objects.filter(region=region).exists():
        return
    spec = {
        "sort": "compare",
        "kind": "outlet",
        "parameter": "w01018",
        "period": "hour",
        "side": "over",
        "against": "limit",
        "share": "0.9",
        "n": 3,
        "m": 4,
    }
    row = OwnRule(code=own_rules.new_code(region), region=region, simulated=True, spec=spec)
    given = {
        "name": "化学需氧量接近限值",
        "name_en": "COD near its limit",
        "basis": "模拟",
        "category": "outlet_water",
    }
    own_rules.write(SYSTEM, row, given, "模拟")
