"""Explaining 为什么: judged values from the store with their arithmetic, and the way back to file and row."""

from __future__ import annotations

from huanzhi.programmes.explaining.origins import Origin, origins
from huanzhi.programmes.explaining.ranks import (
    explain_air_rank,
    explain_composite_rank,
    explain_water_rank,
)
from huanzhi.programmes.explaining.stored import Stored, stored_air, stored_water

__all__ = [
    "Origin",
    "Stored",
    "explain_air_rank",
    "explain_composite_rank",
    "explain_water_rank",
    "origins",
    "stored_air",
    "stored_water",
]
