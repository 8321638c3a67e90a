"""Noise 噪声: levels against limits by zone and part of the day, background correction, energy means, grades.

Day 昼间 is 06:00–22:00 and night 夜间 22:00–06:00 by the tables of each standard. At night the maximum
of sudden noise 突发噪声 (frequent 频发 or sporadic 偶发 at boundaries) may exceed the limit by a margin.

References
----------
.. [1] GB 3096-2008, 5.1 表1, 5.4.
.. [2] GB 12348-2008, 4.1, 5.7 表4; GB 12523-2011, 4; GB 22337-2008, 4.1.
.. [3] HJ 640-2012 (grades and day-night level from memory).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import MISSING, count, divide_half_even, rescale, round_fraction
from huanzhi.assess.explanation import Explanation, Step
from huanzhi.assess.readings import Readings, readings
from huanzhi.errors import StandardError
from huanzhi.standards import Edition, Words
from huanzhi.standards.noise import DayPart, NoiseLimits, grade_limits
from huanzhi.standards.periods import CHINA_OFFSET, DAY, HOUR

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Verdicts = npt.NDArray[np.int8]
UNKNOWN, MET, EXCEEDED = 0, 1, 2
_DIGITS = Context(prec=34)


@dataclass(frozen=True, slots=True)
class NoiseJudgement:
    """Verdicts on n levels.

    Attributes
    ----------
    limit, maximum_limit : ndarray of int64, shape (n,)
        Limits [dB(A)] of the equivalent level and of the night maximum; `exact.MISSING` where there is none.
    leq, maximum : ndarray of int8, shape (n,)
        `MET`, `EXCEEDED` or `UNKNOWN` for each of the two.
    verdict : ndarray of int8, shape (n,)
        Exceeded where either is, met where the level is and no maximum stands against it.
    exceed : ndarray of int64, shape (n,)
        By how much the level exceeds its limit, in units of 10**-`decimals`; 0 where met.
    """

    limit: Ints
    maximum_limit: Ints
    leq: Verdicts
    maximum: Verdicts
    verdict: Verdicts
    exceed: Ints
    decimals: int


def day_part(seconds: npt.ArrayLike, limits: NoiseLimits) -> Verdicts:
    """Return day or night of each instant by China time.

    Parameters
    ----------
    seconds : array_like of int64, shape (n,)
        Seconds UTC.

    Returns
    -------
    ndarray of int8, shape (n,)
        `DayPart`; the hour at which a part begins belongs to it.
    """
    hour = (np.asarray(seconds, dtype=np.int64) + CHINA_OFFSET) % DAY // HOUR
    light = (hour >= limits.day_starts) & (hour < limits.night_starts)
    return np.where(light, DayPart.DAY, DayPart.NIGHT).astype(np.int8)


def zone_limits(
    limits: NoiseLimits, zones: npt.ArrayLike, parts: npt.ArrayLike, indoor: npt.ArrayLike | None = None
) -> Ints:
    """Return the limit [dB(A)] of each level.

    Parameters
    ----------
    zones : array_like of int, shape (n,)
        Number of the zone in `limits.zones`; -1 where not known.
    parts : array_like of DayPart, shape (n,)
        -1 where not known.
    indoor : array_like of bool, shape (n,), optional
        Whether it was measured indoors because the boundary lies within 1 m of the building.

    Raises
    ------
    StandardError
        If a level was measured indoors and the standard has no rule for it.
    """
    places, halves = np.asarray(zones, dtype=np.int64), np.asarray(parts, dtype=np.int64)
    known = (places >= 0) & (halves >= 0)
    table = np.array(limits.limits, dtype=np.int64)
    found = np.where(known, table[np.where(known, places, 0), np.where(known, halves, 0)], MISSING)
    inside = np.zeros(found.shape, np.bool_) if indoor is None else np.asarray(indoor, dtype=np.bool_)
    if inside.any() and limits.indoor_reduction is None:
        raise StandardError("noise.no_indoor", number=limits.edition.number)
    return np.where(inside & known, found - (limits.indoor_reduction or 0), found)


def judge(
    limits: NoiseLimits,
    zones: npt.ArrayLike,
    parts: npt.ArrayLike,
    leq: Readings,
    maximum: Readings | None = None,
    events: Sequence[str] | None = None,
    indoor: npt.ArrayLike | None = None,
) -> NoiseJudgement:
    """Judge equivalent levels, and at night the maximum levels, by zone.

    Parameters
    ----------
    leq : Readings, shape (n,)
        Equivalent continuous A-weighted level 等效连续A声级 [dB(A)].
    maximum : Readings, shape (n,), optional
        Maximum A-weighted level 最大A声级 [dB(A)] of sudden noise.
    events : sequence of str, shape (n,), optional
        Kind of the sudden noise, a key of `limits.margins`; any other text leaves it open between them.
    zones, parts, indoor
        As for `zone_limits`.
    """
    limit = zone_limits(limits, zones, parts, indoor)
    verdict = _verdict(leq, limit, limit)
    night = np.asarray(parts, dtype=np.int64) == DayPart.NIGHT
    low, high = _maximum_limits(limits, limit, night, events)
    top = np.zeros_like(verdict) if maximum is None else _verdict(maximum, low, high)
    open_top = np.zeros(len(leq), np.bool_) if maximum is None else maximum.present & (high != MISSING)
    worst = np.where((verdict == EXCEEDED) | (top == EXCEEDED), EXCEEDED, verdict)
    unsure = (worst == MET) & open_top & (top == UNKNOWN)
    over = leq.high - np.where(limit == MISSING, 0, limit) * 10**leq.decimals
    return NoiseJudgement(
        limit=limit,
        maximum_limit=np.where(low == high, low, MISSING),
        leq=verdict,
        maximum=top,
        verdict=np.where(unsure, UNKNOWN, worst).astype(np.int8),
        exceed=np.where(verdict == UNKNOWN, MISSING, np.maximum(over, 0)),
        decimals=leq.decimals,
    )


def without_background(
    measured: Readings, background: Readings, limits: NoiseLimits
) -> tuple[Readings, Bools]:
    """Correct measured levels for background noise 背景噪声修正.

    Parameters
    ----------
    measured, background : Readings, shape (n,)
        Levels [dB(A)]; where the background is missing the level is taken as it is.

    Returns
    -------
    corrected : Readings
        Missing where the background lies too close and must be lowered first.
    repeat : ndarray of bool, shape (n,)
        Where the measurement must be repeated.

    Raises
    ------
    StandardError
        If the standard has no table of corrections.

    References
    ----------
    .. [1] GB 12348-2008, 5.7, 表4.
    """
    if not limits.corrections:
        raise StandardError("standards.no_table", table="background_correction", number=limits.edition.number)
    decimals = max(measured.decimals, background.decimals)
    both = measured.measured & background.measured
    level = np.where(both, rescale(measured.high, measured.decimals, decimals), 0)
    difference = level - np.where(both, rescale(background.high, background.decimals, decimals), 0)
    one = 10**decimals
    repeat = both & (difference < limits.corrections[0].low * one)
    beyond = difference > limits.corrections[-1].high * one
    whole = divide_half_even(difference, np.int64(one))
    change = np.zeros(len(measured), np.int64)
    for row in limits.corrections:
        here = both & ~beyond & (whole >= row.low) & (whole <= row.high)
        change = np.where(here, row.correction * 10**measured.decimals, change)
    units = np.where(repeat | ~measured.present, MISSING, measured.high + change)
    corrected = readings(units, measured.decimals)
    return corrected, np.asarray(repeat)


def energy_mean(levels: Readings, decimals: int) -> Decimal | None:
    """Return the energy mean 能量平均 of levels, 10 lg(Σ 10^(0.1 L) / n), skipping missing ones.

    Parameters
    ----------
    levels : Readings, shape (n,)
        Levels [dB(A)]; below detection is not a level and is skipped.
    decimals : int
        Decimals of the mean, rounded by GB/T 8170; the same on every machine.

    Returns
    -------
    Decimal or None
        None where no level is there.
    """
    units, counts = np.unique(levels.high[levels.measured], return_counts=True)
    if not len(units):
        return None
    total = sum(
        (
            energy(Decimal(int(u)).scaleb(-levels.decimals)) * int(n)
            for u, n in zip(units, counts, strict=True)
        ),
        Decimal(0),
    )
    return _level(total / int(counts.sum()), decimals)


def day_night_level(day: Decimal, night: Decimal, edition: Edition) -> Decimal:
    """Return the day-night level 昼夜等效声级 Ldn from the level by day and by night [dB(A)].

    References
    ----------
    .. [1] HJ 640-2012 (from memory).
    """
    table = edition.table("day_night")
    rows = [table.row(name) for name in ("昼间", "夜间")]
    parts = [
        energy(level + row["penalty"]) * row["hours"] for level, row in zip((day, night), rows, strict=True)
    ]
    return _level(sum(parts, Decimal(0)) / sum(row["hours"] for row in rows), level_decimals(edition))


def energy(level: Decimal) -> Decimal:
    """Return the relative energy 10^(0.1 L) of a level, to 34 digits."""
    return _DIGITS.power(Decimal(10), _DIGITS.divide(level, Decimal(10)))


def level_decimals(edition: Edition) -> int:
    """Return the decimals to which mean levels are given."""
    return int(edition.table("reporting").row("level")["decimals"])


def mean_level(levels: Readings, edition: Edition) -> Decimal | None:
    """Return the arithmetic mean 算术平均 of point levels, by which a city is graded; None without any."""
    units = levels.high[levels.measured]
    if not count(units):
        return None
    exact = Fraction(sum(int(u) for u in units), len(units)) / Fraction(10) ** levels.decimals
    decimals = level_decimals(edition)
    return Decimal(round_fraction(exact, decimals)).scaleb(-decimals)


def grade(level: Decimal, name: str, edition: Edition) -> str:
    """Return the grade 等级 of a city's mean level.

    Parameters
    ----------
    level : Decimal
        Mean level [dB(A)], rounded here by GB/T 8170 to the decimals of the table.
    name : str
        Row of the table: ``区域昼间``, ``区域夜间``, ``道路交通昼间``, ``道路交通夜间``.

    References
    ----------
    .. [1] HJ 640-2012 (from memory).
    """
    limits, names = grade_limits(edition, name)
    decimals = level_decimals(edition)
    rounded = Decimal(round_fraction(Fraction(level), decimals)).scaleb(-decimals)
    return names[sum(rounded > limit for limit in limits)]


def attainment(verdicts: npt.ArrayLike) -> tuple[int, int]:
    """Return how many levels meet their limit and how many were judged: the attainment rate 达标率."""
    found = np.asarray(verdicts)
    return int((found == MET).sum()), int((found != UNKNOWN).sum())


def attainment_rate(verdicts: npt.ArrayLike, edition: Edition) -> Decimal | None:
    """Return the attainment rate [%] rounded by GB/T 8170; None where nothing was judged."""
    met, judged = attainment(verdicts)
    decimals = int(edition.table("reporting").row("rate")["decimals"])
    if not judged:
        return None
    return Decimal(round_fraction(Fraction(100 * met, judged), decimals)).scaleb(-decimals)


def explain_noise(
    limits: NoiseLimits,
    zone: int,
    part: DayPart,
    leq: Readings,
    maximum: Readings | None = None,
    event: str = "",
) -> Explanation:
    """Explain the verdict on one level; arguments as for `judge` with n = 1."""
    found = judge(limits, [zone], [part], leq, maximum, [event])
    row = limits.edition.table("periods").rows[part]
    limit = int(found.limit[0])
    values = {
        "leq": leq.text(0),
        "zone": limits.zones[zone],
        "period": Words(row["name"], row["en"]),
        "limit": limit,
    }
    word = {MET: "met", EXCEEDED: "exceeded", UNKNOWN: "unknown"}
    steps = [Step(f"noise.leq_{word[int(found.leq[0])]}", values, limits.table.clause)]
    if maximum is not None and maximum.present[0] and part is DayPart.NIGHT and limits.margins:
        top = {"maximum": maximum.text(0), "limit": limit + limits.margins.get(event, _most(limits))}
        clause = limits.edition.table("night_maximum").clause
        steps.append(Step(f"noise.maximum_{word[int(found.maximum[0])]}", top, clause))
    exceed = Decimal(int(found.exceed[0])).scaleb(-found.decimals) if found.exceed[0] != MISSING else None
    return Explanation(
        inputs={"leq": leq.text(0), "lmax": maximum.text(0) if maximum is not None else ""},
        editions=(limits.edition,),
        steps=tuple(steps),
        result={"limit": limit, "exceed_db": exceed, "verdict": word[int(found.verdict[0])]},
        tables=(limits.table,),
    )


def _verdict(levels: Readings, low: Ints, high: Ints) -> Verdicts:
    """Judge levels by a limit that lies between `low` and `high` [dB(A)]."""
    one = 10**levels.decimals
    judged = levels.present & (low != MISSING)
    met = judged & (levels.high <= np.where(judged, low, 0) * one)
    over = judged & (levels.low > np.where(judged, high, 0) * one)
    return np.where(met, MET, np.where(over, EXCEEDED, UNKNOWN)).astype(np.int8)


def _maximum_limits(
    limits: NoiseLimits, limit: Ints, night: Bools, events: Sequence[str] | None
) -> tuple[Ints, Ints]:
    """Return the least and the greatest limit that the night maximum may have, given what is known of it."""
    none = np.full(limit.shape, MISSING, np.int64)
    if not limits.margins:
        return none, none
    least, most = min(limits.margins.values()), _most(limits)
    pairs = [(limits.margins.get(e, least), limits.margins.get(e, most)) for e in events or [""] * len(limit)]
    margins = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    judged = night & (limit != MISSING)
    base = np.where(judged, limit, 0)
    return np.where(judged, base + margins[:, 0], MISSING), np.where(judged, base + margins[:, 1], MISSING)


def _most(limits: NoiseLimits) -> int:
    return max(limits.margins.values())


def _level(mean: Decimal, decimals: int) -> Decimal:
    exact = _DIGITS.multiply(Decimal(10), _DIGITS.log10(mean))
    return Decimal(round_fraction(Fraction(exact), decimals)).scaleb(-decimals)
