"""Assessing 评价: what the store holds of air and surface water over a period, with both comparisons."""

from __future__ import annotations

from huanzhi.programmes.assessing.air import AirAssessment, AirRow, assess_air, index_edition
from huanzhi.programmes.assessing.air_periods import AirPeriod, AirPeriods, assess_air_period
from huanzhi.programmes.assessing.water import SectionRow, WaterAssessment, assess_water
from huanzhi.programmes.assessing.when import When, parse_when

__all__ = [
    "AirAssessment",
    "AirPeriod",
    "AirPeriods",
    "AirRow",
    "SectionRow",
    "WaterAssessment",
    "When",
    "assess_air",
    "assess_air_period",
    "assess_water",
    "index_edition",
    "parse_when",
]
