"""Vector tiles 矢量瓦片 in the Mapbox format, for layers with too many features for one GeoJSON.

Points, lines and polygons are clipped to the tile with a margin, laid on its grid and written by hand: the
format is a few messages of varints, and points in thousands must not cost a geometry object each.

References
----------
.. [1] Mapbox Vector Tile Specification 2.1, 4.3 (geometry), 4.4 (attributes).
.. [2] OGC 17-083r4, the WebMercatorQuad tile matrix set.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from huanzhi.errors import InputError

Value = str | int | float | bool | None

EXTENT = 4096
MARGIN = 64
CELL = 16
"""Steps of the grid of a tile, how far beyond its edge things are kept, and the side of a thinning cell."""

MOST_ZOOM = 22
MOST_LATITUDE = 85.0511287798066
"""Where the square world of the tiles ends [degrees]."""

_MOVE, _LINE, _CLOSE = 1, 2, 7
_POINT, _LINES, _AREA = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: zoom, column from the west, row from the north."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        side = 1 << self.z if 0 <= self.z <= MOST_ZOOM else 0
        if not (0 <= self.x < side and 0 <= self.y < side):
            raise InputError("atlas.tile", value=f"{self.z}/{self.x}/{self.y}")

    def bounds(self, margin: float = MARGIN / EXTENT) -> tuple[float, float, float, float]:
        """Return west, south, east, north [degrees] with a margin in shares of the tile."""
        side = 1 << self.z
        west, east = ((self.x + part) / side * 360.0 - 180.0 for part in (-margin, 1.0 + margin))
        north, south = (_latitude((self.y + part) / side) for part in (-margin, 1.0 + margin))
        return west, south, east, north

    def grid(self, spots: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Return places [degrees] in steps of the tile from its north-west corner, shape (n, 2)."""
        sine = np.sin(np.radians(np.clip(spots[:, 1], -MOST_LATITUDE, MOST_LATITUDE)))
        east = spots[:, 0] / 360.0 + 0.5
        south = 0.5 - np.arctanh(sine) / (2.0 * math.pi)
        world = np.stack([east, south], axis=1) * (1 << self.z) - (self.x, self.y)
        return np.asarray(np.rint(world * EXTENT), dtype=np.int64)


def _latitude(share: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1.0 - 2.0 * share))))


class TileLayer:
    """A layer of a tile that is being written."""

    def __init__(self, name: str, tile: Tile) -> None:
        self.name, self.tile = name, tile
        self.keys: dict[str, int] = {}
        self.values: dict[tuple[type, Value], int] = {}
        self.features: list[bytes] = []

    def thinned(
        self, spots: npt.NDArray[np.float64], weights: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Choose the points that a tile shows: of those in one cell the heaviest.

        Parameters
        ----------
        spots : ndarray of float, shape (n, 2)
        weights : ndarray of int, shape (n,)

        Returns
        -------
        chosen, stood_for : ndarray of int
            Numbers of the chosen points, and how many points each stands for.
        """
        cells = self.tile.grid(spots) // CELL
        keys = cells[:, 0] * (1 << 40) + cells[:, 1]
        order = np.lexsort((-weights, keys))
        _, first, counts = np.unique(keys[order], return_index=True, return_counts=True)
        return order[first], counts

    def points(self, spots: npt.NDArray[np.float64], properties: Sequence[Mapping[str, Value]]) -> TileLayer:
        """Add points that lie in the tile or its margin; the others are left out.

        Parameters
        ----------
        spots : ndarray of float, shape (n, 2)
            Longitudes and latitudes [degrees].
        properties : sequence of mapping, length n
        """
        steps = self.tile.grid(spots)
        inside = ((steps >= -MARGIN) & (steps < EXTENT + MARGIN)).all(axis=1)
        for place in np.flatnonzero(inside).tolist():
            x, y = steps[place].tolist()
            self._add(_POINT, [_MOVE | 1 << 3, _zigzag(x), _zigzag(y)], properties[place])
        return self

    def shape(self, given: BaseGeometry, properties: Mapping[str, Value]) -> TileLayer:
        """Add a shape, cut at the margin of the tile; nothing where nothing of it is left."""
        west, south, east, north = self.tile.bounds()
        found = shapely.clip_by_rect(given, west, south, east, north)
        if found.is_empty:
            return self
        snapped = shapely.transform(found, lambda spots: self.tile.grid(spots).astype(np.float64))
        kind, commands = _commands(_parts(snapped))
        if commands:
            self._add(kind, commands, properties)
        return self

    def _add(self, kind: int, commands: Iterable[int], properties: Mapping[str, Value]) -> None:
        tags: list[int] = []
        for key, value in properties.items():
            if value is not None:
                tags.append(self.keys.setdefault(key, len(self.keys)))
                tags.append(self.values.setdefault((type(value), value), len(self.values)))
        self.features.append(_packed(2, tags) + _number(3, kind) + _packed(4, commands))

    def encoded(self) -> bytes:
        """Return the layer as a message; nothing where it has no features."""
        if not self.features:
            return b""
        body = [_number(15, 2), _text(1, self.name)]
        body += [_field(2, feature) for feature in self.features]
        body += [_text(3, key) for key in self.keys]
        body += [_field(4, _value(value)) for _, value in self.values]
        body.append(_number(5, EXTENT))
        return _field(3, b"".join(body))


def _parts(found: BaseGeometry) -> list[BaseGeometry]:
    """Return the points, lines or areas of a snapped shape, those of the highest dimension."""
    whole = shapely.make_valid(found) if found.geom_type.endswith("Polygon") else found
    flat = [part for group in shapely.get_parts(whole) for part in shapely.get_parts(group)]
    for wanted in (Polygon, LineString, Point):
        same = [part for part in flat if isinstance(part, wanted) and not part.is_empty]
        if same:
            return same
    return []


def _commands(parts: Sequence[BaseGeometry]) -> tuple[int, list[int]]:
    pen, commands = _Pen(), []
    if not parts:
        return 0, []
    if isinstance(parts[0], Polygon):
        for part in parts:
            ringed = shapely.geometry.polygon.orient(part, sign=1.0)
            for ring in (ringed.exterior, *ringed.interiors):
                commands += pen.line(ring.coords[:-1], least=3, closed=True)
        return _AREA, commands
    if isinstance(parts[0], LineString):
        for part in parts:
            commands += pen.line(part.coords, least=2, closed=False)
        return _LINES, commands
    return _POINT, [_MOVE | len(parts) << 3, *(n for part in parts for n in pen.to(*part.coords[0]))]


class _Pen:
    """Where the drawing stands; every step is written from there."""

    def __init__(self) -> None:
        self.x = self.y = 0

    def to(self, x: float, y: float) -> tuple[int, int]:
        east, south = round(x), round(y)
        step = (_zigzag(east - self.x), _zigzag(south - self.y))
        self.x, self.y = east, south
        return step

    def line(self, spots: Iterable[Sequence[float]], least: int, *, closed: bool) -> list[int]:
        """Return the commands of a line without repeated points; none where it is shorter than `least`."""
        steps = [(round(spot[0]), round(spot[1])) for spot in spots]
        kept = [spot for n, spot in enumerate(steps) if n == 0 or spot != steps[n - 1]]
        if len(kept) < least:
            return []
        commands = [_MOVE | 1 << 3, *self.to(*kept[0]), _LINE | (len(kept) - 1) << 3]
        for spot in kept[1:]:
            commands += self.to(*spot)
        return commands + ([_CLOSE | 1 << 3] if closed else [])


def _zigzag(number: int) -> int:
    return (number << 1) ^ (number >> 63)


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


def _number(tag: int, number: int) -> bytes:
    return _varint(tag << 3) + _varint(number)


def _field(tag: int, content: bytes) -> bytes:
    return _varint(tag << 3 | 2) + _varint(len(content)) + content


def _text(tag: int, words: str) -> bytes:
    return _field(tag, words.encode())


def _packed(tag: int, numbers: Iterable[int]) -> bytes:
    return _field(tag, b"".join(map(_varint, numbers)))


def _value(value: Value) -> bytes:
    if isinstance(value, bool):
        return _number(7, int(value))
    if isinstance(value, int):
        return _number(6, _zigzag(value))
    if isinstance(value, float):
        return _varint(3 << 3 | 1) + struct.pack("<d", value)
    return _text(1, str(value))
