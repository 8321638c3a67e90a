"""Rankings 排名: cities by the composite air index and by the water quality index, and by improvement."""

from __future__ import annotations

from huanzhi.programmes.rankings.air import AirRank, AirRanking, rank_air
from huanzhi.programmes.rankings.water import WaterRank, WaterRanking, rank_water

__all__ = ["AirRank", "AirRanking", "WaterRank", "WaterRanking", "rank_air", "rank_water"]
