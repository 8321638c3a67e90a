"""Episodes of heavy pollution 重污染天气: proposed by the rulebook, made active, raised and ended by people.

Days come from a forecaster's form, from a forecast, or from what was observed; a day that was observed counts
as such. An episode is never active by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from huanzhi.center.warnings.cutting import tell
from huanzhi.center.warnings.entering import note, rise
from huanzhi.center.warnings.judging import ask
from huanzhi.center.warnings.keeping import release
from huanzhi.center.warnings.models import AirForecast, Episode, Warning
from huanzhi.center.warnings.raising import Finding, raise_or_hold
from huanzhi.center.warnings.settings import level_of_colour, settings
from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of
from huanzhi.standards.periods import CHINA

BOOK = "heavy_pollution"
RULE = "heavy_pollution"
AHEAD, BACK = 10, 10
"""Days around today in which an episode is looked for. Ours."""
BOUNDS = (150, 200, 300)
"""Bounds of the AQI whose lasting the inputs of the rulebook name."""
DAY_HOURS = 24


@dataclass(frozen=True, slots=True)
class Expected:
    """A day as a forecaster enters it: range of the AQI, primary pollutant."""

    day: date
    low: int
    high: int
    primary: str = ""


def enter_forecast(
    actor: Actor, region: Region, days: Iterable[Expected], now: datetime, source: str = "forecaster"
) -> list[AirForecast]:
    """Keep the AQI that is expected on days; what was observed is not written over by a forecast.

    Raises
    ------
    InputError
        ``warnings.aqi_range`` where the low is above the high, or what rights refuse.
    """
    made = []
    with transaction.atomic():
        for one in days:
            if one.low > one.high:
                raise InputError("warnings.aqi_range", column="low", value=f"{one.low}–{one.high}")
            held = AirForecast.objects.filter(region=region, day=one.day).first()
            if held is not None and held.source == "observed" and source != "observed":
                continue
            row = held or AirForecast(code=f"{region.code}@{one.day}", region=region, day=one.day)
            if _same(row, one, source):
                continue
            row.low, row.high, row.primary, row.source = one.low, one.high, one.primary, source
            row.issued, row.by, row.simulated = now, actor.code, region.simulated
            made.append(save(actor, row))
    return made


def _same(row: AirForecast, one: Expected, source: str) -> bool:
    return bool(row.pk) and (row.low, row.high, row.primary, row.source) == (
        one.low,
        one.high,
        one.primary,
        source,
    )


def days_of(region: Region, today: date) -> list[dict[str, Any]]:
    """Return the days around today with the AQI that counts: the upper end of a forecast."""
    rows = AirForecast.objects.filter(
        region=region, day__gte=today - timedelta(days=BACK), day__lte=today + timedelta(days=AHEAD)
    )
    return [
        {
            "day": one.day.isoformat(),
            "aqi": one.high,
            "low": one.low,
            "source": one.source,
            "primary": one.primary,
        }
        for one in rows.order_by("day")
    ]


def longest(days: Sequence[Mapping[str, Any]], bound: int) -> list[Mapping[str, Any]]:
    """Return the longest run of days one after the other whose AQI is above a bound; the first of equals."""
    best: list[Mapping[str, Any]] = []
    run: list[Mapping[str, Any]] = []
    for one in days:
        follows = run and date.fromisoformat(one["day"]) == date.fromisoformat(run[-1]["day"]) + timedelta(
            days=1
        )
        run = [*run, one] if follows and one["aqi"] > bound else [one] if one["aqi"] > bound else []
        best = run if len(run) > len(best) else best
    return best


def inputs_of(days: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return what the rulebook is asked: the highest AQI, and how long each bound is passed in a row."""
    lasting = {f"hours_over_{bound}": len(longest(days, bound)) * DAY_HOURS for bound in BOUNDS}
    return {"max_aqi": max((int(one["aqi"]) for one in days), default=0), **lasting}


def propose(region: Region, now: datetime) -> Episode | None:
    """Ask the rulebook about the days ahead; keep what it proposes, None where it proposes nothing.

    Days that are over count only as part of a run that still goes on.
    """
    today = now.astimezone(CHINA).date()
    days = _going_on(days_of(region, today), today)
    standing = standing_in(region)
    if not days and standing is None:
        return None
    inputs = inputs_of(days)
    judged = ask(BOOK, today, region.code, inputs)
    level = str(judged["outputs"].get("level", "none"))
    if standing is None:
        if level == "none":
            return None
        run = longest(days, BOUNDS[0]) or longest(days, BOUNDS[1]) or days
        first, last = date.fromisoformat(run[0]["day"]), date.fromisoformat(run[-1]["day"])
        standing = Episode(code=f"ZWR-{region.code}-{first:%Y%m%d}", region=region, first=first, last=last)
        known = Episode.objects.filter(code=standing.code).first()
        standing = known or standing
    if _unchanged(standing, level, days):
        return standing
    if standing.state == "proposed" and level == "none":
        standing.state = "dropped"
    elif standing.state == "dropped" and level != standing.proposed:
        standing.state = "proposed"
    standing.proposed, standing.days, standing.judged = level, list(days), judged
    standing.simulated = region.simulated
    return save(SYSTEM, standing)


def _going_on(days: Sequence[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """Return the days from the run before today that touches it, on."""
    ahead = [one for one in days if one["day"] >= today.isoformat()]
    before: list[dict[str, Any]] = []
    expected = today - timedelta(days=1)
    for one in reversed([one for one in days if one["day"] < today.isoformat()]):
        if one["day"] != expected.isoformat() or one["aqi"] <= BOUNDS[0]:
            break
        before, expected = [one, *before], expected - timedelta(days=1)
    return [*before, *ahead]


def _unchanged(row: Episode, level: str, days: Sequence[Mapping[str, Any]]) -> bool:
    return bool(row.pk) and row.proposed == level and row.days == list(days)


def standing_in(region: Region) -> Episode | None:
    """Return the episode that is proposed or active in a region."""
    return Episode.objects.filter(region=region, state__in=("proposed", "active")).order_by("-pk").first()


def activate(actor: Actor, row: Episode, level: str, reason: str, now: datetime) -> Episode:
    """Make an episode active at a level, or change the level of the one that is active.

    Raises
    ------
    InputError
        ``warnings.no_colour``, ``warnings.episode_over``, ``warnings.needs_reason`` where the level is not
        the one proposed, or what rights refuse.
    """
    require(actor, "command", thing_of(row))
    if level not in settings()["colours"]:
        raise InputError("warnings.no_colour", column="level", value=level)
    if row.state not in ("proposed", "active"):
        raise InputError("warnings.episode_over", value=row.code)
    if level != row.proposed and not reason.strip():
        raise InputError("warnings.needs_reason", column="reason")
    with transaction.atomic():
        before = row.level
        row.state, row.level = "active", level
        row.started = row.started or now
        warning = _warning(row, now)
        if warning is not None:
            row.warning = warning.code
            if before and before != level:
                _recolour(actor, warning, level, now)
            note(warning, "judged", actor, now, {"colour": level, "from_colour": before}, reason)
        save(actor, row, reason or f"as proposed: {row.proposed}")
        tell(row, now)
    return row


def _warning(row: Episode, now: datetime) -> Warning | None:
    known = Warning.objects.filter(code=row.warning).first() if row.warning else None
    if known is not None:
        return known
    words = {
        language: {"first": row.first.isoformat(), "last": row.last.isoformat()} for language in ("zh", "en")
    }
    return raise_or_hold(
        Finding(
            RULE,
            "",
            now,
            facts=dict(row.judged.get("inputs", {})),
            subject=row.code,
            version=str(row.judged.get("version", "")),
            colour=row.level,
            judged={**row.judged, "words": words},
            region=row.region,
            simulated=row.simulated,
        ),
        now,
    )


def _recolour(actor: Actor, warning: Warning, level: str, now: datetime) -> None:
    """Give the warning of an episode its new colour, up or down: a person decided so."""
    warning.level = level_of_colour(level)
    rise(warning, now, "", level, SYSTEM)


def end(actor: Actor, row: Episode, reason: str, now: datetime) -> Episode:
    """End an active episode, or drop one that was proposed; always with a reason.

    Raises
    ------
    InputError
        ``warnings.episode_over``, ``warnings.needs_reason``, or what rights refuse.
    """
    require(actor, "command", thing_of(row))
    if row.state not in ("proposed", "active"):
        raise InputError("warnings.episode_over", value=row.code)
    if not reason.strip():
        raise InputError("warnings.needs_reason", column="reason")
    with transaction.atomic():
        active = row.state == "active"
        row.state = "released" if active else "dropped"
        row.ended = now if active else None
        warning = Warning.objects.filter(code=row.warning, state="open").first() if row.warning else None
        if warning is not None:
            release(warning, now, reason.strip()[:500], SYSTEM)
        save(actor, row, reason)
    return row
