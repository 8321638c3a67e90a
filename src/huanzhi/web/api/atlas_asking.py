"""What every operation of the map begins with: who asks, in which language, when and where."""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse

from huanzhi.atlas.layers import Layer, layers
from huanzhi.atlas.marks import Question
from huanzhi.atlas.places import (
    Allowed,
    Business,
    business,
    freshen,
    layer_in,
    reading,
    register_layer,
)
from huanzhi.atlas.showing import Box, Showing, Shown
from huanzhi.atlas.wind import Arrow, arrows
from huanzhi.errors import InputError
from huanzhi.library.rights import Actor
from huanzhi.library.series import Store
from huanzhi.messages import Language, text, using
from huanzhi.standards.parameters import parameter
from huanzhi.standards.periods import china_date, from_china, to_china
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.application import parts_of

WINDY = ("air_stations", "air_fence")
"""Layers of the stations that measure wind."""

JOINT = ("aqi", "class", "ratio", "age")
"""Figures that are no parameter of one's own."""

FIRST, LAST = -2_208_988_800, 7_258_118_400
"""Moments that are understood [s UTC]: from 1900 to 2200. DEFAULT, NOT FROM THE DOCUMENTS."""

_MOMENT = "2026-11-22T10:00:00+08:00"


@dataclass(frozen=True)
class Asking:
    """One request to the map."""

    actor: Actor
    language: Language
    home: Path | None
    known: Business
    now: int

    @classmethod
    async def of(cls, request: HttpRequest) -> Asking:
        """Return who asks what; reads the registers where they have changed."""
        known = await sync_to_async(business)()
        return cls(actor(request), language_of(request), parts_of(request).readers.home, known, wall())

    def speaking(self) -> AbstractContextManager[None]:
        """Speak the reader's language."""
        return using(self.language)

    def allowed(self, of: Layer) -> Allowed:
        """Return the question whether the reader may see a place of a layer."""
        return reading(self.actor, of)

    def layer(self, code: str) -> Layer:
        """Return a layer, declared here or by a register.

        Raises
        ------
        InputError
            If there is none of that code.
        """
        return layer_in(code, self.known)

    @property
    def layers(self) -> list[Layer]:
        """All layers, lowest first."""
        declared = [register_layer(code, told) for code, told in self.known.registers.items()]
        return sorted([*layers().values(), *declared], key=lambda one: one.order)

    @property
    def today(self) -> date:
        """Today in China."""
        return china_date(self.now)


def wall() -> int:
    """Return the clock on the wall [s UTC]."""
    return int(time.time())


@lru_cache(maxsize=4)
def showing(home: Path | None) -> Showing:
    """Return what keeps the layers of a data folder."""
    return Showing(home)


async def freshened(wanted: Iterable[Layer]) -> None:
    """Let other rooms bring anew what layers show of theirs."""
    for name in {one.source["of"] for one in wanted if one.source["name"] == "brought"}:
        await sync_to_async(freshen)(name)


async def shown(request: HttpRequest, asking: Asking, question: Question) -> Shown:
    """Return a layer, read on a reader's thread."""
    keeper = showing(asking.home)
    await freshened([question.layer])
    held: Shown = await parts_of(request).readers.run(
        lambda store: keeper.layer(store, question, asking.known)
    )
    return held


def winds(store: Store, asking: Asking, at: int | None) -> list[Arrow]:
    """Return the wind at the stations that the reader may see."""
    keeper, seen = showing(asking.home), set()
    for of in (asking.layer(code) for code in WINDY):
        allowed = asking.allowed(of)
        seen |= {place.code for place in keeper.tree(store, of, asking.known).places if allowed(place)}
    return arrows(store, [one for one in store.features("air_station") if one.code in seen], at)


def head_of(found: Shown, language: Language) -> dict[str, Any]:
    """Return what stands beside the features of a layer."""
    question = found.question
    at = None if question.at is None else to_china(question.at).isoformat()
    with using(language):
        told = {"parameter": question.parameter, "unit": unit_of_figure(question.parameter)}
        return {"layer": question.layer.code, **told, "at": at, "remark": question.layer.remark}


def unit_of(code: str) -> dict[str, str]:
    """Return a parameter's words and unit."""
    known = parameter(code)
    return {
        "code": code,
        "symbol": known.symbol or code,
        "zh": known.name,
        "en": known.name_en,
        "unit": known.unit,
    }


def unit_of_figure(code: str) -> str:
    """Return the unit of what colours a layer; empty for a joint figure."""
    return "" if not code or code in JOINT else parameter(code).unit


def moment_of(words: str, name: str = "at") -> int | None:
    """Return a moment [s UTC] from ISO 8601; without a zone it is China time; None for empty.

    Raises
    ------
    InputError
        If it is no moment, or lies too far away.
    """
    if not words:
        return None
    try:
        moment = from_china(datetime.fromisoformat(words.replace(" ", "+")))
    except (ValueError, OverflowError):
        moment = LAST + 1
    if not FIRST <= moment <= LAST:
        raise InputError("atlas.moment", column=name, value=words, expected=_MOMENT)
    return moment


def box_of(words: str) -> Box | None:
    """Return west, south, east, north from four numbers between commas; None for empty.

    Raises
    ------
    InputError
        If they are not four numbers on the globe.
    """
    if not words:
        return None
    try:
        west, south, east, north = (float(part) for part in words.split(","))
    except ValueError:
        raise InputError(
            "atlas.box", column="bbox", value=words, expected=text("atlas.four_numbers")
        ) from None
    spots = ((west, south), (east, north))
    if not all(on_globe(lon, lat) for lon, lat in spots) or south > north:
        raise InputError("atlas.box", column="bbox", value=words, expected=text("atlas.four_numbers"))
    return west, south, east, north


def on_globe(lon: float, lat: float) -> bool:
    """Return whether a longitude and a latitude are on the globe; numbers that are none are not."""
    return math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90


def geojson(
    request: HttpRequest, document: Mapping[str, Any] | bytes, media: str = "application/geo+json"
) -> HttpResponse:
    """Answer with a document and its weak ETag; 304 where the reader has it."""
    body = (
        document
        if isinstance(document, bytes)
        else json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    )
    tag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    known = [each.strip() for each in request.headers.get("If-None-Match", "").split(",")]
    response = HttpResponse(status=304) if tag in known else HttpResponse(body, content_type=media)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Accept-Language, Cookie"
    return response
