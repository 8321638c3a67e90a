"""Weather 气象 of the city: one wind, temperature, humidity, pressure and rain for the whole district."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from huanzhi.city.chance import Floats, Times, key, smooth
from huanzhi.city.model import description
from huanzhi.standards.periods import CHINA_OFFSET, DAY


@dataclass(frozen=True, slots=True)
class Weather:
    """Weather at n moments.

    Attributes
    ----------
    wind : array, shape (n,)
        Speed [m/s].
    wind_from : array, shape (n,)
        Direction that it comes from [degrees].
    temperature, humidity, pressure, rain : array, shape (n,)
        [degrees Celsius], [%], [kPa], [mm/h].
    """

    wind: Floats
    wind_from: Floats
    temperature: Floats
    humidity: Floats
    pressure: Floats
    rain: Floats


def weather(seed: int, times: Times) -> Weather:
    """Return the weather at `times` [s UTC]."""
    table = description()["weather"]
    day = sun(times)
    hours = 3600.0
    turn = table["wind_turn"] * smooth(key(seed, "wind from"), times, table["wind_hours"] * hours)
    gust = table["gust_turn"] * smooth(key(seed, "gust"), times, table["gust_minutes"] * 60.0)
    speed = table["wind_speed"] * (1 + 0.35 * smooth(key(seed, "wind"), times, 3 * hours) + 0.25 * day)
    rain = rainfall(seed, times)
    warmth = table["temperature_wander"] * smooth(key(seed, "temperature"), times, 40 * hours)
    damp = table["humidity"] - 14 * day + 6 * smooth(key(seed, "humidity"), times, 11 * hours)
    return Weather(
        wind=np.maximum(speed, table["wind_speed_least"]),
        wind_from=(table["wind_from"] + turn + gust) % 360.0,
        temperature=table["temperature"] + table["temperature_day"] * day + warmth - 2.0 * (rain > 0),
        humidity=np.clip(damp + 20.0 * (rain > 0), 20.0, 99.0),
        pressure=table["pressure"] + 0.4 * smooth(key(seed, "pressure"), times, 50 * hours),
        rain=rain,
    )


def rainfall(seed: int, times: Times) -> Floats:
    """Return the rain [mm/h]."""
    table = description()["weather"]
    series = smooth(key(seed, "rain"), times, table["rain_hours"] * 3600.0)
    return np.asarray(np.maximum(series - table["rain_threshold"], 0.0) * table["rain_rate"])


def sun(times: Times) -> Floats:
    """Return the course of the day, -1 early in the morning, 1 in the afternoon (15 o'clock in China)."""
    phase = ((times + CHINA_OFFSET) % DAY) / DAY
    return np.cos((phase - 15 / 24) * 2 * np.pi)


def china_hour(times: Times) -> Floats:
    """Return the hour of the China day, with its fraction."""
    return ((times + CHINA_OFFSET) % DAY) / 3600.0
