"""Showing layers 图层数据: marks kept for a moment, so that many readers cost one reading."""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from huanzhi.atlas import legends
from huanzhi.atlas.contours import Method, bands
from huanzhi.atlas.layers import Layer, layer, settings, shape_of
from huanzhi.atlas.marks import VALUE, Mark, Question, fits, marks, places, read
from huanzhi.atlas.places import Allowed, Business, Place
from huanzhi.atlas.seen import newest
from huanzhi.atlas.selecting import Tree
from huanzhi.atlas.tiles import Tile, TileLayer
from huanzhi.library.devices import Register, open_register
from huanzhi.library.home import home_folder
from huanzhi.library.series import Store
from huanzhi.messages import language
from huanzhi.standards.periods import china_date

KEPT_FOR = 1.0
TREE_KEPT_FOR = 5.0
KEPT = 64
"""Seconds for which marks, and trees of places, are not read again, and how many layers are kept.

DEFAULT, NOT FROM THE DOCUMENTS.
"""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Shown:
    """A layer as it is at a moment, for everybody.

    Attributes
    ----------
    revision : int
        Revision of the store that it was made from.
    """

    question: Question
    revision: int
    marks: tuple[Mark, ...]
    made: float = 0.0
    texts: dict[Any, bytes] = field(default_factory=dict, compare=False, repr=False)
    contours: dict[Any, list[dict[str, Any]]] = field(default_factory=dict, compare=False, repr=False)

    def visible(self, allowed: Allowed, box: Box | None = None) -> list[Mark]:
        """Return the marks that may be seen, within a box of west, south, east, north."""
        return [mark for mark in self.marks if allowed(mark.place) and (box is None or inside(mark, box))]

    @cached_property
    def owners(self) -> tuple[Place, ...]:
        """One place of each region, owner and sensitivity: what rights depend on."""
        found = {(m.place.path, m.place.owner, m.place.sensitivity): m.place for m in self.marks}
        return tuple(found.values())

    def collection(self, allowed: Allowed, box: Box | None, head: Mapping[str, Any]) -> bytes:
        """Return the layer as GeoJSON for one reader; kept for readers with the same rights."""
        key = (tuple(map(allowed, self.owners)), box, tuple(sorted(head.items())))
        if key not in self.texts:
            seen = self.visible(allowed, box)
            features = [mark.feature(self.question.layer, self.question.parameter) for mark in seen]
            document = {"type": "FeatureCollection", **head, "features": features}
            self.texts[key] = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        return self.texts[key]

    def contour(self, of: Layer, allowed: Allowed, area: BaseGeometry) -> list[dict[str, Any]]:
        """Return the bands between the marks that one reader may see, as GeoJSON features."""
        key = (language(), tuple(map(allowed, self.owners)), area.wkb)
        if key not in self.contours:
            held = [mark for mark in self.visible(allowed) if mark.state == VALUE]
            self.contours[key] = _contour(of, held, area)
        return self.contours[key]

    @cached_property
    def arrays(self) -> tuple[Any, Any]:
        """Longitudes and latitudes, shape (n, 2), and levels, shape (n,)."""
        spots = [(mark.place.lon, mark.place.lat) for mark in self.marks]
        levels = np.array([mark.level for mark in self.marks], dtype=np.int64)
        return np.array(spots, dtype=np.float64).reshape(-1, 2), levels

    def tile(self, tile: Tile, allowed: Allowed) -> bytes:
        """Return a vector tile for one reader; of marks in one small cell the worst stands for all."""
        key = (tile, tuple(map(allowed, self.owners)))
        if key not in self.texts:
            self.texts[key] = self._tile(tile, allowed)
        return self.texts[key]

    def _tile(self, tile: Tile, allowed: Allowed) -> bytes:
        written, (spots, levels) = TileLayer(self.question.layer.code, tile), self.arrays
        west, south, east, north = tile.bounds()
        near = np.flatnonzero(
            ((spots >= (west, south)) & (spots <= (east, north))).all(axis=1) if len(spots) else []
        )
        near = np.array([n for n in near.tolist() if allowed(self.marks[n].place)], dtype=np.intp)
        chosen, stood_for = written.thinned(spots[near], levels[near])
        told = [_told(self.marks[n], c) for n, c in zip(near[chosen], stood_for.tolist(), strict=True)]
        return written.points(spots[near][chosen], told).encoded()


def _told(mark: Mark, count: int) -> dict[str, Any]:
    """Return what a tile says of a mark that stands for `count`."""
    place = mark.place
    return {
        "code": place.code,
        "name": place.name,
        "level": mark.level,
        "colour": mark.colour,
        "number": mark.number,
        "shape": shape_of(place.control),
        "state": mark.state,
        "simulated": place.simulated,
        "age": mark.age,
        "stands_for": count,
    }


def _contour(of: Layer, held: Sequence[Mark], area: BaseGeometry) -> list[dict[str, Any]]:
    """Return the bands of the levels that were in force at the newest of the marks."""
    spots = [(mark.place.lon, mark.place.lat) for mark in held]
    if not spots:
        return []
    grades = legends.grades(of.judge, china_date(max(mark.time or 0 for mark in held)))
    # An index is a whole number: 50 is in one level and 51 in the next.
    edges = [float(grade.high) + 0.5 for grade in grades[:-1] if grade.high is not None]
    within = area if not area.is_empty else shapely.MultiPoint(spots).convex_hull
    found = bands(spots, [mark.index for mark in held], edges, within, Method(**settings("contour")))
    told = {"layer": of.code, "remark": of.remark, "simulated": any(mark.place.simulated for mark in held)}
    return [
        {
            "type": "Feature",
            "geometry": shapely.geometry.mapping(band),
            "properties": {"level": grade.level, "name": grade.name, "colour": grade.colour, **told},
        }
        for grade, band in zip(grades, found, strict=True)
        if not band.is_empty
    ]


def inside(mark: Mark, box: Box) -> bool:
    """Return whether a mark lies in a box; one whose west is east of its east crosses the date line."""
    west, south, east, north = box
    lon, lat = mark.place.lon, mark.place.lat
    across = west <= lon <= east if west <= east else lon >= west or lon <= east
    return across and south <= lat <= north


class Showing:
    """Keeps the layers that were asked for; a service for many threads."""

    def __init__(self, home: Path | None = None, kept_for: float = KEPT_FOR) -> None:
        self.home = home_folder(home)
        self.kept_for = kept_for
        self._kept: OrderedDict[Any, Shown] = OrderedDict()
        self._trees: dict[str, tuple[float, Tree]] = {}
        self._lock = threading.Lock()

    def layer(self, store: Store, question: Question, known: Business) -> Shown:
        """Return a layer, read again only where the store has changed and a moment has passed."""
        key = (question.layer.code, question.parameter, question.at, known.revision)
        with self._lock:
            held = self._kept.get(key)
        if held is not None and time.monotonic() - held.made < self.kept_for:
            return held
        revision = store.revision()
        fleeting = question.layer.judge == "heard" or question.layer.source["name"] == "brought"
        if held is not None and held.revision == revision and not fleeting:
            fresh = replace(held, made=time.monotonic())
        else:
            fresh = self._read(store, question, known, revision)
        with self._lock:
            self._kept[key] = fresh
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return fresh

    def tree(self, store: Store, of: Layer, known: Business) -> Tree:
        """Return the places of a layer as a tree; it is built again only where a place has changed."""
        made, held = self._trees.get(of.code, (-TREE_KEPT_FOR, Tree(())))
        if time.monotonic() - made < min(TREE_KEPT_FOR, self.kept_for * TREE_KEPT_FOR):
            return held
        with self.register() as register:
            question = Question(of, of.parameter(), int(time.time()))
            found = tuple(selected(store, of, places(store, register, question, known)))
        fresh = held if held.places == found else Tree(found)
        self._trees[of.code] = (time.monotonic(), fresh)
        return fresh

    def limits(self) -> dict[str, Mapping[str, Any]]:
        """Return the limits of the permits, by feature and parameter."""
        with self.register() as register:
            return _limits(register)

    def _read(self, store: Store, question: Question, known: Business, revision: int) -> Shown:
        with self.register() as register:
            found = selected(store, question.layer, places(store, register, question, known))
            limits = _limits(register) if question.layer.judge == "permit" else {}
        rows = read(store, found, question)
        drawn = tuple(marks(found, rows, limits, question))
        return Shown(question, revision, drawn, time.monotonic())

    def register(self) -> Any:
        """Open the register of devices, None where there is none yet."""
        there = (self.home / "register.sqlite").exists()
        return closing(open_register(self.home)) if there else nullcontext()


def selected(store: Store, of: Layer, found: Sequence[Place]) -> list[Place]:
    """Return the places that are a layer's by what they report."""
    source = of.source
    other = layer(source["except"]).source if "except" in source else None
    tested = other or source
    codes = [*tested.get("needs", ()), *tested.get("lacks", ())]
    if not codes or not found:
        return list(found)
    rows = newest(store, [place.code for place in found], codes, "*")
    return [place for place in found if fits(place, rows.get(place.code, {}), tested) is (other is None)]


def _limits(register: Register | None) -> dict[str, Mapping[str, Any]]:
    return {code: outlet.permits for code, outlet in register.outlets().items()} if register else {}
