"""Warnings of the test city 模拟预警: targets of its sections, forecasts of its air, cuts, a draft of a rule.

All of it is made up, marked as simulated, and made through the services that people use; made again it stays.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from huanzhi.center.warnings import episodes, own_rules
from huanzhi.center.warnings.cut_models import CutMeasure
from huanzhi.center.warnings.models import AirForecast, Episode, OwnRule
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region, Section, SectionTarget
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.standards.periods import CHINA

STRICT_EVERY = 4
"""Every so many sections have the stricter target. Ours, for the test city."""
FORECAST = ((95, 120, "PM2.5"), (140, 165, "PM2.5"), (150, 178, "PM2.5"), (90, 110, "PM10"))
"""A made-up forecast of the days ahead: low and high AQI, primary pollutant."""

PAST = (6, 3)
"""Days before now on which an episode of the test city began and ended."""
PAST_DAYS = ((185, 215, "PM2.5"), (205, 230, "PM2.5"), (190, 225, "PM2.5"), (170, 210, "PM2.5"))
"""What a made-up forecaster expected of its days; what was observed is reckoned from the stations."""
SHARES = {"yellow": 10, "orange": 20, "red": 40}
"""Shares of emission that the listed enterprises of the test city undertake to cut [%]. Made up."""


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
    _cuts(region)
    _past_episode(region, now)
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


def _cuts(region: Region) -> None:
    """List the enterprises with waste gas."""
    listed = CutMeasure.objects.values_list("enterprise", flat=True)
    firms = Enterprise.objects.filter(region__path__startswith=region.path, simulated=True)
    for firm in firms.filter(outlets__medium="gas").exclude(pk__in=listed).distinct().order_by("code"):
        for level, share in SHARES.items():
            words = f"模拟：停用部分生产线，废气排放减少 {share}%"
            save(SYSTEM, CutMeasure(enterprise=firm, level=level, words=words, share=share), "模拟")


def _past_episode(region: Region, now: datetime) -> None:
    """Begin and end an episode some days ago, so that there is one to compare."""
    if Episode.objects.filter(region=region).exists():
        return
    began, ended = (now - timedelta(days=days) for days in PAST)
    first = began.astimezone(CHINA).date()
    days = [
        episodes.Expected(first + timedelta(days=place), low, high, primary)
        for place, (low, high, primary) in enumerate(PAST_DAYS)
    ]
    episodes.enter_forecast(SYSTEM, region, days, began)
    row = episodes.propose(region, began)
    if row is not None:
        episodes.activate(SYSTEM, row, row.proposed, "模拟", began)
        episodes.end(SYSTEM, row, "模拟：扩散条件转好", ended)


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
