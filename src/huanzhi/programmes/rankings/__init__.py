"""Rankings 排名: cities by the composite air index and by the water quality index, and by improvement."""

from __future__ import annotations

from huanzhi.programmes.rankings.air import AirRank, AirRanking, rank_air

__all__ = ["AirRank", "AirRanking", "rank_air"]
