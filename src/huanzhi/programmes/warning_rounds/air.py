"""Heavy-pollution weather 重污染天气研判: what was observed joins what is forecast."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from huanzhi.assess.aqi import aqi_by_day, items_of
from huanzhi.center.warnings.episodes import Expected, enter_forecast, propose
from huanzhi.center.warnings.models import AirForecast
from huanzhi.library.places.models import Region
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import Store
from huanzhi.programmes.air_cities import CityDays, read_cities
from huanzhi.programmes.spans import Span
from huanzhi.standards.periods import CHINA, Period

BACK = 10
"""Days back whose observed AQI is kept. Ours."""


def run(store: Store, now: datetime) -> dict[str, int]:
    """Keep the AQI of the last days of every city, and ask the rulebook wherever days are known.

    Of names that lie in one region, as points outside the city proper, that with the most points counts.
    """
    today = now.astimezone(CHINA).date()
    span = Span("days", today - timedelta(days=BACK), today - timedelta(days=1))
    regions = {one.code: one for one in Region.objects.filter(level__in=("city", "county"))}
    cities: dict[str, CityDays] = {}
    for city in read_cities(store, span):
        region = _region(city, regions)
        if region is not None and len(city.features) > len(getattr(cities.get(region.code), "features", ())):
            cities[region.code] = city
    kept = sum(
        len(enter_forecast(SYSTEM, regions[code], _observed(city, span), now, "observed"))
        for code, city in sorted(cities.items())
    )
    wanted = AirForecast.objects.filter(day__gte=today).values_list("region", flat=True).distinct()
    observed = AirForecast.objects.filter(day__gte=span.first).values_list("region", flat=True).distinct()
    found = [propose(regions[code], now) for code in {*wanted, *observed} if code in regions]
    return {"days": kept, "proposed": sum(one is not None and one.state == "proposed" for one in found)}


def _region(city: CityDays, regions: dict[str, Region]) -> Region | None:
    """Return the region of a city: by the code of its points, else by its name."""
    codes = {feature.region_code for feature in city.features if feature.region_code}
    for code in sorted(codes):
        if code in regions:
            path = [part for part in regions[code].path.split("/") if part]
            above = [part for part in path if part in regions and regions[part].level == "city"]
            return regions[above[0]] if above else regions[code]
    return next((one for one in regions.values() if one.name == city.name), None)


def _observed(city: CityDays, span: Span) -> list[Expected]:
    days = [span.first + timedelta(days=number) for number in range(span.days)]
    judged, _ = aqi_by_day(city.concentrations(), np.array(days, dtype="datetime64[D]"), Period.DAY)
    return [
        Expected(day, int(index), int(index), _primary(judged.primary[place]))
        for place, (day, index) in enumerate(zip(days, judged.aqi.tolist(), strict=True))
        if index >= 0
    ]


def _primary(bits: int) -> str:
    return "+".join(item.value for item in items_of(int(bits)))[:20]
