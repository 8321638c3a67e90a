"""Noise standards 噪声标准, typed: GB 3096 zones; GB 12348, GB 12523 and GB 22337 boundaries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from functools import cache

from huanzhi.standards import edition, in_force
from huanzhi.standards.model import Edition, Table
from huanzhi.standards.parameters import plain

ZONES, PLANT, SITE, COMMUNITY, EVALUATION = "GB 3096", "GB 12348", "GB 12523", "GB 22337", "HJ 640"
STANDARDS = (ZONES, PLANT, SITE, COMMUNITY)


class DayPart(IntEnum):
    """Day 昼间 or night 夜间."""

    DAY = 0
    NIGHT = 1


@dataclass(frozen=True, slots=True)
class Correction:
    """Correction of a measured level by its difference from the background, in whole dB(A)."""

    low: int
    high: int
    correction: int


@dataclass(frozen=True, slots=True)
class NoiseLimits:
    """Limits of one noise standard [dB(A)].

    Attributes
    ----------
    zones : tuple of str
        Zones 声环境功能区 in the standard's order.
    limits : tuple of (int, int)
        Limit by day and by night of each zone.
    night_starts, day_starts : int
        Hours at which they begin.
    margins : mapping of str to int
        Noise event → by how much the night maximum may exceed the night limit; empty without such a rule.
    indoor_reduction : int or None
        By how much the limits are lowered where the level is measured indoors.
    corrections : tuple of Correction
        Correction for background noise; empty without such a rule.
    """

    edition: Edition
    zones: tuple[str, ...]
    limits: tuple[tuple[int, int], ...]
    day_starts: int
    night_starts: int
    margins: dict[str, int]
    indoor_reduction: int | None
    corrections: tuple[Correction, ...]
    table: Table

    def zone(self, text: str) -> int | None:
        """Return the number of the zone that a text means, ``2``, ``2类`` or ``4a``; None if it means none.

        A standard with one row only takes it for every text.
        """
        if len(self.zones) == 1:
            return 0
        wanted = plain(text).removesuffix("区").removesuffix("类")
        for number, row in enumerate(self.table.rows):
            if wanted in {plain(spelling) for spelling in (row["name"], *row.get("aliases", ()))}:
                return number
        return None


def limits_on(identity: str, day: date) -> NoiseLimits:
    """Return the limits of a noise standard that judge a China day.

    Raises
    ------
    StandardError
        If no edition that Huanzhi holds was in force.
    """
    return limits_of(identity, in_force(identity, day).id)


@cache
def limits_of(identity: str, year: str) -> NoiseLimits:
    """Return the limits of the edition called `year`."""
    chosen = edition(identity, year)
    table, periods = chosen.table("limits"), chosen.table("periods")
    margins = chosen.table("night_maximum").rows if "night_maximum" in chosen.tables else ()
    indoor = chosen.table("indoor").row("室内")["reduction"] if "indoor" in chosen.tables else None
    return NoiseLimits(
        edition=chosen,
        zones=table.names(),
        limits=tuple((row["day"], row["night"]) for row in table.rows),
        day_starts=periods.row("昼间")["from"],
        night_starts=periods.row("夜间")["from"],
        margins={row["event"]: row["margin"] for row in margins},
        indoor_reduction=indoor,
        corrections=_corrections(chosen),
        table=table,
    )


def grade_limits(chosen: Edition, name: str) -> tuple[tuple[Decimal, ...], tuple[str, ...]]:
    """Return the upper limits and the names of the grades of HJ 640 for one kind of average."""
    limits = chosen.table("grades").row(name)["values"]
    return tuple(Decimal(limit) for limit in limits), chosen.table("grade_names").names()


def _corrections(chosen: Edition) -> tuple[Correction, ...]:
    if "background_correction" not in chosen.tables:
        return ()
    rows = chosen.table("background_correction").rows
    return tuple(Correction(row["from"], row["to"], row["correction"]) for row in rows)
