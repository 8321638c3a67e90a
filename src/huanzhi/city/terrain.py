"""Ground of the test city 测试城市底图: district, townships, coast, sea, islands, lakes, rivers and parks.

Borders are drawn by dividing edges again and again, each middle moved aside by chance that is named by the
edge; neighbours share their edges to the last digit. Rivers go through the places of their sections.

>>> ground = terrain(seed=7)
>>> [one.name for one in ground.of("district")], len(ground.of("township"))
(['模拟区'], 9)
>>> ground.township_at(124.32, 28.2)
'990001001'
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import shapely
from shapely.geometry import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

from huanzhi.city import geometry
from huanzhi.city.chance import between
from huanzhi.city.model import Place, description

Spot = tuple[float, float]
RING_POINTS = 10


@dataclass(frozen=True)
class Ground:
    """One thing of the ground.

    Attributes
    ----------
    kind : str
        ``district``, ``township``, ``coast``, ``sea``, ``island``, ``lake``, ``river`` or ``park``.
    code : str
        Twelve digits or fewer for divisions, the city's own codes for the rest.
    shape : shapely geometry
        Longitude and latitude [degrees], CGCS2000.
    """

    kind: str
    code: str
    name: str
    shape: BaseGeometry
    parent: str = ""

    def feature(self) -> dict[str, Any]:
        """Return it as a GeoJSON feature, marked as simulated."""
        properties = {"code": self.code, "name": self.name, "kind": self.kind, "simulated": True}
        if self.parent:
            properties["parent"] = self.parent
        return {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(self.shape)}


@dataclass(frozen=True)
class Terrain:
    """The whole ground."""

    seed: int
    things: tuple[Ground, ...]

    def of(self, *kinds: str) -> tuple[Ground, ...]:
        """Return the things of some kinds, in order."""
        return tuple(thing for thing in self.things if thing.kind in kinds)

    def township_at(self, lon: float, lat: float) -> str:
        """Return the code of the township at a place; empty outside the district."""
        spot = Point(lon, lat)
        return next((one.code for one in self.of("township") if one.shape.covers(spot)), "")


def collections(seed: int | None = None) -> dict[str, dict[str, Any]]:
    """Return the ground as GeoJSON feature collections: boundaries, coast, lakes, rivers, parks."""
    ground = terrain(seed)
    layers = {
        "boundaries": ("district", "township"),
        "coast": ("coast", "sea", "island"),
        "lakes": ("lake",),
        "rivers": ("river",),
        "parks": ("park",),
    }
    return {
        name: {"type": "FeatureCollection", "features": [one.feature() for one in ground.of(*kinds)]}
        for name, kinds in layers.items()
    }


_CALMER = (1.0, 0.5, 0.25, 0.1, 0.0)
"""Shares of the roughness that are tried, the roughest first, until every township has land of its own."""


def terrain(seed: int | None = None) -> Terrain:
    """Return the ground of the city of a seed; that of ``city.toml`` where none is given."""
    return _terrain(description()["seed"] if seed is None else seed)


@cache
def _terrain(seed: int) -> Terrain:
    table = description("terrain")
    coast = _rough(table["coast"], seed, table["roughness"])
    district = Polygon([*coast, *_rough(table["land"], seed, table["roughness"])[1:-1]])
    islands = [(row, _blob(row, seed)) for row in table["island"]]
    townships = tuple(_townships(seed, district, table))
    whole = shapely.union_all([one.shape for one in townships])
    things = [
        Ground("district", description()["region_code"], description()["name"], whole),
        *townships,
        Ground("coast", "COAST", f"{description()['mark']}海岸线", LineString(coast)),
        _sea(coast, [shape for _, shape in islands], table),
        *(Ground("island", f"I{n}", row["name"], shape) for n, (row, shape) in enumerate(islands, 1)),
        *(Ground("lake", row["code"], row["name"], _blob(row, seed)) for row in table["lake"]),
        *_rivers(seed, table["course_roughness"]),
        *_parks(),
    ]
    return Terrain(seed, tuple(_on_globe(thing) for thing in things))


def _townships(seed: int, district: Polygon, table: Mapping[str, Any]) -> Iterator[Ground]:
    """Divide the district: the cells nearest to each centre, their common edges made rough once."""
    centres = MultiPoint([row["at"] for row in table["township"]])
    cells = shapely.voronoi_polygons(centres, extend_to=district.buffer(9), only_edges=True)
    inside = shapely.intersection(cells, district)
    lines = list(_lines(inside))
    tries = (_faces(seed, district, lines, table["roughness"] * share, table) for share in _CALMER)
    faces = next(found for found in tries if found is not None)
    for row, face in zip(table["township"], faces, strict=True):
        code = description()["region_code"]
        yield Ground("township", code + row["code"], row["name"], face, code)


def _faces(
    seed: int, district: Polygon, lines: Sequence[LineString], roughness: float, table: Mapping[str, Any]
) -> list[Polygon] | None:
    """Return the land of each township; None where an edge so rough crosses another or a centre."""
    edges = [_rough(line.coords, seed, roughness) for line in lines]
    faces = shapely.get_parts(shapely.polygonize([*_split(district, edges), *map(LineString, edges)]))
    around = [[face for face in faces if face.covers(Point(row["at"]))] for row in table["township"]]
    if any(len(found) != 1 for found in around) or len({id(found[0]) for found in around}) < len(around):
        return None
    return [found[0] for found in around]


def _split(district: Polygon, edges: Sequence[Sequence[Spot]]) -> list[LineString]:
    """Cut the border of the district where inner edges meet it."""
    ends = MultiPoint([spot for edge in edges for spot in (edge[0], edge[-1])])
    ring = district.exterior
    meeting = [end for end in ends.geoms if ring.distance(end) < 1e-9]
    return _cut(ring, sorted({ring.project(end): end for end in meeting}.items()))


def _cut(ring: Any, ends: Sequence[tuple[float, Any]]) -> list[LineString]:
    """Return a ring cut at points that lie on it, the points themselves being the ends."""
    spots = [(ring.project(Point(spot)), tuple(spot)) for spot in ring.coords[:-1]]
    cuts = [(along, (end.x, end.y)) for along, end in ends]
    whole = sorted(dict([*spots, *cuts]).items())
    at = [place for place, (along, _) in enumerate(whole) if along in {along for along, _ in cuts}]
    turned = [spot for _, spot in [*whole[at[0] :], *whole[: at[0] + 1]]]
    marks = [place - at[0] for place in at] + [len(turned) - 1]
    return [LineString(turned[a : b + 1]) for a, b in pairwise(marks)]


def _lines(found: BaseGeometry) -> Iterator[LineString]:
    """Go through the straight lines of a geometry, merged where only two meet."""
    parts = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(_simple(found))))
    yield from parts


def _simple(found: BaseGeometry) -> list[BaseGeometry]:
    parts = [part for group in shapely.get_parts(found).tolist() for part in shapely.get_parts(group)]
    return [part for part in parts if isinstance(part, LineString)]


def _sea(coast: Sequence[Spot], islands: Sequence[Polygon], table: Mapping[str, Any]) -> Ground:
    water = Polygon([*coast, *table["sea"]])
    return Ground("sea", "SEA", f"{description()['mark']}海域", water.difference(shapely.union_all(islands)))


def _rivers(seed: int, roughness: float) -> Iterator[Ground]:
    for code, river in geometry.rivers(description()["river"]).items():
        row = next(row for row in description()["river"] if row["code"] == code)
        fixed = _anchors(river.points, row["sections"])
        yield Ground("river", code, river.name, LineString(_rough(fixed, seed, roughness)))


def _anchors(points: Sequence[Place], chainages: Sequence[float]) -> list[Spot]:
    """Return the bends of a river and the places of its sections, down the river."""
    bends = [
        (sum(geometry.distance(*pair) for pair in pairwise(points[: n + 1])), points[n])
        for n in range(len(points))
    ]
    stops = [(float(chainage), geometry.place_at(points, chainage)) for chainage in chainages]
    return [(place.x, place.y) for _, place in sorted([*bends, *stops], key=lambda pair: pair[0])]


def _parks() -> Iterator[Ground]:
    for row in description()["park"]:
        (x, y), reach = row["at"], row["radius"]
        yield Ground(
            "park", row["code"], row["name"], shapely.box(x - reach, y - reach, x + reach, y + reach)
        )


def _blob(row: Mapping[str, Any], seed: int) -> Polygon:
    """Return a round thing with a rough border."""
    reaches = [between(0.7, 1.3, seed, "terrain", row["name"], number) for number in range(RING_POINTS)]
    ring = _round(row["at"], row["radius"], reaches).exterior.coords
    return Polygon(_rough(ring, seed, description("terrain")["roughness"] / 2))


def _round(at: Spot, radius: float, reaches: Sequence[float]) -> Polygon:
    step = 2 * math.pi / len(reaches)
    around = enumerate(reaches)
    return Polygon(
        [
            (at[0] + radius * r * math.sin(n * step), at[1] + radius * r * math.cos(n * step))
            for n, r in around
        ]
    )


def _rough(spots: Sequence[Any], seed: int, roughness: float) -> list[Spot]:
    """Return a line with every edge divided and moved aside; its own points stay."""
    fixed = [(float(x), float(y)) for x, y in spots]
    inner = [spot for pair in pairwise(fixed) for spot in _divided(*pair, seed, roughness)]
    return [*inner, fixed[-1]]


def _divided(start: Spot, end: Spot, seed: int, roughness: float) -> list[Spot]:
    """Return the points of an edge without its end, the same ones in both directions."""
    length = math.dist(start, end)
    if length < description("terrain")["finest"] * 2:
        return [start]
    low, high = min(start, end), max(start, end)
    aside = between(-roughness, roughness, seed, "terrain", *(f"{part:.6f}" for part in (*low, *high)))
    across = (low[1] - high[1], high[0] - low[0])
    middle = tuple((a + b) / 2 + aside * c for a, b, c in zip(low, high, across, strict=True))
    return [
        *_divided(start, (middle[0], middle[1]), seed, roughness),
        *_divided((middle[0], middle[1]), end, seed, roughness),
    ]


def _on_globe(thing: Ground) -> Ground:
    """Return a thing in degrees, to a tenth of a metre."""
    table = description()["map"]
    scale = (table["east_degrees_per_km"], table["north_degrees_per_km"])
    origin = (table["lon"], table["lat"])
    shape = shapely.transform(thing.shape, lambda spots: (spots * scale + origin).round(6))
    return Ground(thing.kind, thing.code, thing.name, shape, thing.parent)
