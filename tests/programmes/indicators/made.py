"""A made-up city of published days with a winter and a summer, and its plan."""

from __future__ import annotations

from datetime import date, timedelta
from math import cos, pi

import pyarrow as pa

from huanzhi.assess.states import State
from huanzhi.library.series import SCHEMA, Feature, Source, open_store
from huanzhi.standards.air import ITEMS
from huanzhi.standards.periods import Period, start_of_day

CITY = Feature("city:模拟市", "模拟市", "city", region="模拟市", region_code="990001", simulated=True)
USUAL = {"so2": 8, "no2": 30, "pm10": 60, "co": 8, "o3": 90}
PLAN = """模拟市蓝天行动计划(2024-2026年)
一、主要目标
到2026年,全市细颗粒物(PM2.5)平均浓度下降到35微克/立方米,力争下降到33微克/立方米,空气质量优良天数比率达到85%以上;
受污染耕地安全利用率达到93%以上,湿地保护率达到%。
"""


def fine(day: date, level: int) -> int:
    """Return the PM2.5 of a day, whole µg/m³: high in winter, low in summer, a spell of ten bad days."""
    wave = cos(2 * pi * (day.timetuple().tm_yday - 15) / 365)
    bad = 60 if day.month == 1 and day.day <= 10 else 0
    return round(level + 15 * wave) + bad


def rows(feature: Feature, first: date, last: date, level: int, number: int = 1):
    """Return rows of published days, numbered as in a file."""
    found = []
    for place in range((last - first).days + 1):
        day = first + timedelta(days=place)
        for item in ITEMS:
            period = Period.DAY_MAX_EIGHT_HOURS if item.column == "o3" else Period.DAY
            value = fine(day, level) if item.value == "PM2.5" else USUAL[item.column]
            decimals = 1 if item.column == "co" else 0
            found.append(
                {
                    "feature": feature.code,
                    "parameter": item.parameter.code,
                    "period": str(period),
                    "time": start_of_day(day),
                    "value": value,
                    "decimals": decimals,
                    "state": int(State.VALUE),
                    "flag": 0,
                    "row": number + place,
                }
            )
    return found


def fill(home, levels, last=None, city=CITY):
    """Make a store with a year for each level, the last one up to `last`."""
    with open_store("write", home) as store:
        line = 2
        for year, level in sorted(levels.items()):
            end = last if last and last.year == year else date(year, 12, 31)
            made = rows(city, date(year, 1, 1), end, level, line)
            line += (end - date(year, 1, 1)).days + 1
            table = pa.Table.from_pylist(made, schema=SCHEMA)
            source = Source(f"days-{year}.csv", "made", f"{year}" * 16, simulated=True)
            store.write(table, [city], source)
    return home
