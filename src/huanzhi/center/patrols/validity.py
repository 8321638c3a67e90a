"""Does a patrol count 有效巡查: what was done against what is asked, with every reason; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from huanzhi.assess.tracks import Limits, Track, measure
from huanzhi.standards.periods import CHINA

_HOUR = 3600
_DAY = 86_400
_DEGREE_M = 111_320.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a patrol must bring; None asks for nothing. `judged` is False where no table asks for anything."""

    min_minutes: int | None = None
    min_metres: int | None = None
    min_gap_hours: int | None = None
    months: str = ""
    judged: bool = True


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, by the clock of the device put right by that of the platform.

    Attributes
    ----------
    before : datetime, optional
        End of the last valid patrol of the same plan.
    inside : float, optional
        Share of the track within the area; None where the area has no outline.
    clock_s : float
        By how much the device was ahead.
    """

    started: datetime
    ended: datetime
    arrived: datetime
    metres: float
    used: int
    before: datetime | None = None
    inside: float | None = None
    clock_s: float = 0.0


Reason = dict[str, Any]


def judge(asked: Asked, done: Done, table: Mapping[str, Any]) -> tuple[str, list[Reason]]:
    """Return ``valid``, ``invalid`` or ``unjudged``, and the reasons.

    What cannot be verified does not count: where a way is asked for, a patrol without a track is invalid.
    """
    notes = _notes(done, table["record"])
    if not asked.judged:
        return "unjudged", [_reason("no_rule"), *notes]
    lacking = [*_time(asked, done), *_way(asked, done, table["track"]), *_season(asked, done)]
    if lacking:
        return "invalid", [*lacking, *notes]
    fine = _reason("ok", minutes=_minutes(done), metres=round(done.metres))
    return "valid", [fine, *notes]


def _time(asked: Asked, done: Done) -> list[Reason]:
    found = []
    if asked.min_minutes is not None and _minutes(done) < asked.min_minutes:
        found.append(_reason("minutes", minutes=_minutes(done), least=asked.min_minutes))
    if asked.min_gap_hours is not None and done.before is not None:
        hours = (done.started - done.before).total_seconds() / _HOUR
        if hours < asked.min_gap_hours:
            found.append(_reason("gap", hours=round(hours, 1), least=asked.min_gap_hours))
    return found


def _way(asked: Asked, done: Done, table: Mapping[str, Any]) -> list[Reason]:
    found = []
    if asked.min_metres is not None:
        if done.used < 2:
            found.append(_reason("no_track"))
        elif done.metres < asked.min_metres:
            found.append(_reason("metres", metres=round(done.metres), least=asked.min_metres))
    if done.inside is not None and done.used >= 2 and done.inside < table["inside_share"]:
        found.append(_reason("outside", share=round(done.inside, 2), least=table["inside_share"]))
    return found


def _season(asked: Asked, done: Done) -> list[Reason]:
    if asked.months and done.started.astimezone(CHINA).month not in months_of(asked.months):
        return [_reason("season", months=asked.months)]
    return []


def _notes(done: Done, table: Mapping[str, Any]) -> list[Reason]:
    found = []
    if abs(done.clock_s) > table["clock_s"]:
        found.append(_reason("clock", seconds=round(done.clock_s)))
    days = (done.arrived - done.ended).total_seconds() / _DAY
    if days > 1:
        found.append(_reason("late", days=round(days, 1)))
    return found


def _minutes(done: Done) -> float:
    return round((done.ended - done.started).total_seconds() / 60, 1)


def _reason(key: str, **values: Any) -> Reason:
    return {"key": f"patrols.reason_{key}", "values": values}


def months_of(written: str) -> frozenset[int]:
    """Return the months of ``3-12``, ``11-2`` or ``5``; all of them where it is empty."""
    if not written:
        return frozenset(range(1, 13))
    first, _, last = written.partition("-")
    begin, end = int(first), int(last or first)
    inside = range(begin, end + 1) if begin <= end else [*range(begin, 13), *range(1, end + 1)]
    return frozenset(inside)


def track_of(points: Sequence[Sequence[float]], limits: Limits) -> Track:
    """Measure points ``[milliseconds, longitude, latitude, accuracy]``."""
    rows = np.array(points, dtype=float).reshape(-1, 4)
    return measure(rows[:, 0] / 1000, rows[:, 1], rows[:, 2], rows[:, 3], limits)


def share_inside(
    points: Sequence[Sequence[float]], track: Track, outline: Mapping[str, Any] | None, near_m: float
) -> float | None:
    """Return the share of the points that count within an area; of a line, within `near_m` of it [m].

    None where there is no outline or no track.
    """
    if not outline or track.used == 0:
        return None
    rows = np.array(points, dtype=float).reshape(-1, 4)[track.kept]
    scale = float(np.cos(np.radians(rows[:, 2].mean())))
    flat = shapely.transform(shape(outline), lambda place: place * (scale * _DEGREE_M, _DEGREE_M))
    spots = shapely.points(rows[:, 1:3] * (scale * _DEGREE_M, _DEGREE_M))
    return float((shapely.distance(flat, spots) <= near_m).mean())
