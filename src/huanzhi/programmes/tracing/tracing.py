"""Tracing an issue or a warning: chooses the way to look, gathers sources and data, ranks with reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from huanzhi.atlas.basemap import base_map
from huanzhi.atlas.selecting import upwind_area
from huanzhi.atlas.wind import Wind, arrows, wind_at
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.settings import settings
from huanzhi.center.warnings.models import Warning
from huanzhi.center.warnings.settings import category
from huanzhi.center.warnings.settings import settings as warning_settings
from huanzhi.library.rights import Actor
from huanzhi.library.series import Store
from huanzhi.programmes.tracing.sources import Found, Source, looked_at, sources, table
from huanzhi.simulate.tracing import (
    Basin,
    Parts,
    River,
    Spot,
    apart,
    basin,
    bearing,
    data_weight,
    load_shares,
    locate,
    nearest,
    river_weight,
    score,
    turned,
    way,
    wind_weight,
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is traced: where, when and what was seen.

    Attributes
    ----------
    category : str
        Word of the categories of issues, which tells the medium.
    named : frozenset of str
        Codes of outlets and enterprises that the rule itself named.
    """

    place: str
    parameter: str
    category: str
    lon: float | None
    lat: float | None
    at: datetime
    named: frozenset[str] = frozenset()


def of_issue(issue: Issue) -> Question:
    """Return what is asked of an issue: the moment is that of the finding."""
    named = frozenset(str(code) for code in issue.facts.get("suspects", ()))
    moment = issue.since or issue.opened
    return Question(issue.place, issue.parameter, issue.category, issue.lon, issue.lat, moment, named)


def of_warning(row: Warning) -> Question:
    """Return what is asked of a warning; one of a month or quarter is asked at its last sign."""
    moment = row.last if row.rule in warning_settings()["tracing"]["spans"] else row.since
    word = category(row.rule, row.parameter.startswith("a"))
    named = frozenset(map(str, row.suspects))
    return Question(row.place, row.parameter, word, row.lon, row.lat, moment, named)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A source, and what speaks for looking there.

    Attributes
    ----------
    metres, seconds : float or None
        Distance along the way, and travel time.
    turn : float or None
        Angle off the wind [degrees].
    parts : Parts
        Parts of the score.
    named : bool
        The rule that raised the issue named it.
    """

    source: Source
    metres: float
    seconds: float | None
    turn: float | None
    parts: Parts
    score: float
    found: Found
    named: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """The result: by which way, at which moment, among how many sources, and the suspects.

    Attributes
    ----------
    method : str
        ``own``, ``river``, ``wind``, ``around``, or ``none`` where the place is not known.
    told : mapping
        Facts of the way: river and chainage, or wind.
    area : mapping or None
        What was looked at, as GeoJSON geometry.
    """

    method: str
    at: datetime
    searched: int
    suspects: Sequence[Suspect]
    told: Mapping[str, Any] = field(default_factory=dict)
    area: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    source: Source
    metres: float
    place: float
    seconds: float | None = None
    turn: float | None = None


def trace(actor: Actor, store: Store | None, asked: Issue | Question) -> Trace:
    """Return who may have caused what was seen, the likeliest first.

    The values of the store and the map are those that stand now; the moment is that of the finding. Without a
    store nothing is known of the wind and of the data of the sources.
    """
    issue = asked if isinstance(asked, Question) else of_issue(asked)
    at = issue.at
    if issue.lon is None or issue.lat is None:
        return Trace("none", at, 0, ())
    medium = settings()["category"].get(issue.category, {}).get("medium", "")
    gas = medium == "air" or (medium not in ("water",) and issue.parameter.startswith("a"))
    every = sources(actor, gas=gas)
    method, candidates, told, area = _looked(store, issue, every, at, gas=gas)
    return Trace(method, at, len(every), _ranked(store, issue, candidates, at), told, area)


_Looked = tuple[str, list[_Candidate], dict[str, Any], Mapping[str, Any] | None]


def _looked(
    store: Store | None, issue: Question, every: Sequence[Source], at: datetime, *, gas: bool
) -> _Looked:
    own = [one for one in every if one.code == issue.place]
    if own:
        return "own", [_Candidate(own[0], 0.0, 1.0, 0.0)], {}, None
    ways: tuple[Callable[..., _Looked | None], ...] = (_upwind,) if gas else (_upstream,)
    for look in ways:
        found = look(store, issue, every, at)
        if found is not None:
            return found
    return _around(issue, every)


def _upstream(store: Store | None, issue: Question, every: Sequence[Source], at: datetime) -> _Looked | None:
    """Find what lies up the river, by the travel time; None where there is no river."""
    known, asked = rivers(), table()["river"]
    here = nearest(known, *_place(issue))
    if here is None or here.off > asked["off_m"]:
        return None
    found = []
    for source in every:
        spot = nearest(known, source.lon, source.lat)
        gone = way(known, spot, here) if spot is not None and spot.off <= asked["off_m"] else None
        if gone is not None and gone.seconds <= asked["most_hours"] * 3600:
            place = river_weight(gone.metres, asked["reach_m"])
            found.append(_Candidate(source, gone.metres, place, gone.seconds))
    river = known.rivers[here.river]
    told = {"river": river.name, "along": here.along, "off": here.off, "velocity": river.velocity}
    return "river", found, told, _course(river, here)


def _upwind(store: Store | None, issue: Question, every: Sequence[Source], at: datetime) -> _Looked | None:
    """Find what stands in the wind of the time; None in a calm or where no wind was measured."""
    if store is None:
        return None
    lon, lat = _place(issue)
    stations = [one for one in store.features("air_station") if one.lon is not None]
    wind = wind_at(lon, lat, arrows(store, stations, int(at.timestamp())))
    if wind is None:
        return None
    asked, found = table()["wind"], []
    for source in every:
        metres = apart(lon, lat, source.lon, source.lat)
        turn = turned(bearing(lon, lat, source.lon, source.lat), wind.direction)
        if metres <= asked["most_m"] and turn <= 2 * asked["half_angle"]:
            place = wind_weight(metres, turn, asked["half_angle"], asked["reach_m"])
            found.append(_Candidate(source, metres, place, metres / wind.speed, turn))
    told = {"speed": wind.speed, "direction": wind.direction, "stations": list(wind.stations)}
    return "wind", found, told, _sector(lon, lat, wind, asked)


def _around(issue: Question, every: Sequence[Source]) -> _Looked:
    asked, (lon, lat) = table()["around"], _place(issue)
    found = []
    for source in every:
        metres = apart(lon, lat, source.lon, source.lat)
        if metres <= asked["most_m"]:
            found.append(_Candidate(source, metres, river_weight(metres, asked["reach_m"])))
    return "around", found, {"metres": asked["most_m"]}, None


def _ranked(
    store: Store | None, issue: Question, candidates: Sequence[_Candidate], at: datetime
) -> list[Suspect]:
    near = sorted(candidates, key=lambda one: -one.place)[: 3 * table()["most"]]
    seen = [looked_at(store, one.source, issue.parameter, *_window(one, at)) for one in near]
    shares = load_shares([found.shown.load for found in seen])
    made = [
        _suspect(one, found, share, bool({one.source.code, one.source.enterprise} & issue.named))
        for one, found, share in zip(near, seen, shares, strict=True)
    ]
    return sorted(made, key=lambda one: (-one.score, one.metres))[: table()["most"]]


def _suspect(one: _Candidate, found: Found, share: float | None, named: bool) -> Suspect:
    weights = table()["weights"]
    place = max(one.place, 0.9) if named else one.place
    parts = Parts(round(place, 3), _rounded(data_weight(found.shown, weights["silent"])), _rounded(share))
    whole = score(parts, weights)
    return Suspect(one.source, one.metres, one.seconds, one.turn, parts, whole, found, named)


def _window(one: _Candidate, at: datetime) -> tuple[datetime, datetime]:
    """Return when it was let go: the travel time before, with its spread; about the moment if unknown."""
    around = timedelta(hours=table()["data"]["around_hours"])
    if one.seconds is None:
        return at - around, at + timedelta(hours=1)
    spread = timedelta(seconds=one.seconds * table()["river"]["spread"])
    left = at - timedelta(seconds=one.seconds)
    return left - spread - around, left + spread + timedelta(hours=1)


def rivers() -> Basin:
    """Return the rivers of the base map; a velocity that it does not tell is that of the table."""
    asked, found = table()["river"], []
    for one in base_map().of(("river",)):
        told, shape = one["properties"], one["geometry"]
        lines = [shape["coordinates"]] if shape["type"] == "LineString" else shape["coordinates"]
        course = [(float(at[0]), float(at[1])) for line in lines for at in line]
        velocity = float(told.get("velocity") or asked["velocity"])
        if len(course) > 1:
            found.append(River(str(told["code"]), str(told["name"]), course, velocity))
    return basin(found, asked["join_m"])


def _place(issue: Question) -> tuple[float, float]:
    assert issue.lon is not None and issue.lat is not None
    return float(issue.lon), float(issue.lat)


def _sector(lon: float, lat: float, wind: Wind, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    shape = upwind_area(lon, lat, asked["most_m"], wind.direction, asked["half_angle"])
    return {"type": "Polygon", "coordinates": [[list(at) for at in shape.exterior.coords]]}


def _course(river: River, here: Spot) -> Mapping[str, Any]:
    """Return the course of a river down to a place."""
    above = [at for at in river.course if locate(river, *at).along < here.along]
    return {"type": "LineString", "coordinates": [list(at) for at in above]}


def _rounded(part: float | None) -> float | None:
    return None if part is None else round(part, 3)
