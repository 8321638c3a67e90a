"""Marks 点位标记: places with level, official colour, number, shape, state and age."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from huanzhi.atlas import legends
from huanzhi.atlas.judging import Asked, Verdict, judged, needed
from huanzhi.atlas.layers import Layer, palette, shape_of
from huanzhi.atlas.places import Business, Place, brought, enterprises, place_of, tabled
from huanzhi.atlas.seen import Rows, Seen, newest
from huanzhi.library.devices import Register
from huanzhi.library.series import Feature, Store
from huanzhi.library.series.schema import STEPS
from huanzhi.standards.periods import DAY, Period, china_date, to_china

VALUE, NO_DATA, STALE, UNDER_REVIEW = "value", "no_data", "stale", "under_review"
"""States of a mark."""

BEYOND = 1_000_000
"""Days that are longer than any."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be shown.

    Attributes
    ----------
    parameter : str
        What colours the layer.
    now : int
        The clock on the wall [s UTC].
    at : int, optional
        A past moment [s UTC] instead of the newest values.
    """

    layer: Layer
    parameter: str
    now: int
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A place as it is drawn.

    Attributes
    ----------
    level : int
        Class from 1, best first; 0 where there is none.
    state : str
        ``value``, ``no_data``, ``stale`` or ``under_review``.
    time : int, optional
        Start of the period of the value [s UTC].
    age : int, optional
        Seconds from the end of that period.
    by : tuple of str
        Parameters that decide the level.
    index : float
        What the level was read from; NaN where there is none.
    """

    place: Place
    level: int
    colour: str
    number: str
    state: str
    time: int | None = None
    age: int | None = None
    by: tuple[str, ...] = ()
    index: float = float("nan")

    def feature(self, layer: Layer, parameter: str) -> dict[str, Any]:
        """Return the mark as a GeoJSON feature."""
        place = self.place
        return {
            "type": "Feature",
            "id": place.code,
            "geometry": place.outline
            or {"type": "Point", "coordinates": [round(place.lon, 6), round(place.lat, 6)]},
            "properties": {
                "code": place.code,
                "name": place.name,
                "layer": layer.code,
                "kind": place.kind,
                "control": place.control,
                "shape": shape_of(place.control),
                "parameter": parameter,
                "level": self.level,
                "colour": self.colour,
                "number": self.number,
                "by": ",".join(self.by),
                "state": self.state,
                "simulated": place.simulated,
                "time": None if self.time is None else to_china(self.time).isoformat(),
                "age": self.age,
                **({"due": place.due.isoformat()} if place.due else {}),
            },
        }


def step_of(period: str) -> int:
    """Return the length of a period [s]; 0 for a moment."""
    return 0 if period == "*" else STEPS.get(Period(period), 0)


def places(store: Store, register: Register | None, question: Question, known: Business) -> list[Place]:
    """Return all places of a layer, whoever may see them."""
    layer, source = question.layer, question.layer.source
    if source["name"] == "enterprises":
        return list(enterprises(known, layer, store.features("outlet")))
    if source["name"] == "table":
        return list(tabled(known, layer))
    if source["name"] == "brought":
        return brought(source["of"])
    features = store.features()
    if source["name"] == "devices":
        return list(_devices(register, {one.code: one for one in features}, layer, known))
    wanted = [one for one in features if one.kind in source["kinds"]]
    found = (place_of(feature, layer, known) for feature in wanted)
    return [place for place in found if place is not None]


def _devices(
    register: Register | None, features: Mapping[str, Feature], layer: Layer, known: Business
) -> Iterable[Place]:
    for device in register.devices() if register else ():
        feature = features.get(device.outlet)
        place = place_of(feature, layer, known) if feature else None
        if place is not None:
            yield Place(
                code=device.mn,
                name=device.name or device.mn,
                kind="device",
                lon=place.lon,
                lat=place.lat,
                path=place.path,
                owner=device.enterprise or place.owner,
                sensitivity=layer.sensitivity,
                simulated=device.simulated,
                features=place.features,
            )


def marks(
    found: Sequence[Place], rows: Rows, limits: Mapping[str, Mapping[str, Any]], question: Question
) -> list[Mark]:
    """Return the marks of places.

    Parameters
    ----------
    rows : mapping
        Feature → parameter → newest row.
    limits : mapping
        Feature → parameter → limit of the permit.
    """
    if question.layer.source["name"] in ("table", "brought"):
        return [_placed(place, question) for place in found]
    asked = Asked(question.parameter, clock(found, rows, question), limits)
    own = {code: rows[code] for place in found for code in place.features if rows.get(code)}
    verdicts = judged(question.layer.judge, own, asked)
    return [_mark(place, verdicts, asked, question) for place in found]


def read(store: Store, found: Sequence[Place], question: Question) -> Rows:
    """Return the newest rows that the marks of places need."""
    layer = question.layer
    codes = sorted({code for place in found for code in place.features})
    parameters = needed(layer.judge, question.parameter, layer.parameters)
    back = layer.stale_after + step_of(layer.period)
    return newest(store, codes, parameters, layer.period, question.at, back) if codes else {}


def clock(found: Sequence[Place], rows: Rows, question: Question) -> int:
    """Return the moment that ages count from.

    It is the moment asked for, else the clock on the wall; for a simulated city whose own clock is a day or
    more from that, the end of its newest value.
    """
    if question.at is not None:
        return question.at
    simulated = {code for place in found if place.simulated for code in place.features}
    times = [seen.time for code in simulated for seen in rows.get(code, {}).values()]
    newest_end = max(times, default=question.now) + step_of(question.layer.period)
    return newest_end if abs(newest_end - question.now) > DAY else question.now


def _mark(place: Place, verdicts: Mapping[str, Verdict], asked: Asked, question: Question) -> Mark:
    layer = question.layer
    found = [verdicts[code] for code in place.features if code in verdicts]
    if not found:
        return Mark(place, 0, str(palette()["plain"]["no_data"]), "", NO_DATA)
    worst = max(found, key=lambda verdict: verdict.level)
    age = max(0, asked.now - worst.time - step_of(layer.period))
    colour = legends.colour(layer.judge, china_date(worst.time), worst.level)
    told = (_state(worst, age, layer), worst.time, age, worst.by, worst.index)
    return Mark(place, worst.level, colour, worst.number, *told)


def _placed(place: Place, question: Question) -> Mark:
    """Return the mark of a place that has no values: by the date that is due there, or simply there."""
    today = china_date(question.at or question.now)
    level = place.level or (1 if question.layer.judge == "place" else _due_level(place.due, today))
    return Mark(place, level, legends.colour(question.layer.judge, today, level), place.short, VALUE)


def _due_level(due: date | None, today: date) -> int:
    """Return how urgent a date is, from 1; 1 as well where nothing is due."""
    left = (due - today).days if due else BEYOND
    urgent = (n for n, row in enumerate(palette()["due"], 1) if left >= row.get("days_left", -BEYOND))
    return next(urgent)


def _state(verdict: Verdict, age: int, layer: Layer) -> str:
    if layer.judge != "heard" and age > layer.stale_after:
        return STALE
    return UNDER_REVIEW if verdict.under_review else VALUE


def fits(place: Place, rows: Mapping[str, Seen], source: Mapping[str, Any]) -> bool:
    """Return whether the parameters that a place reports make it one of a layer."""
    needs, lacks = source.get("needs", ()), source.get("lacks", ())
    return all(code in rows for code in needs) and not any(code in rows for code in lacks)
