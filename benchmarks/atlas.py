"""How quickly the map answers: questions of place, layers and tiles; ``python -m benchmarks.atlas``.

Beside the figures of questions stands brute force over all places, in the same run.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Point

from huanzhi.atlas.geodesy import distances
from huanzhi.atlas.layers import layer
from huanzhi.atlas.marks import Mark, Question
from huanzhi.atlas.places import Place
from huanzhi.atlas.selecting import Tree
from huanzhi.atlas.showing import Shown
from huanzhi.atlas.tiles import Tile

FEATURES, MANY = 20_000, 100_000
ROUNDS = 200
SEED = 7
SPREAD = 0.25


def main() -> None:
    """Print a table of medians and 95th percentiles in milliseconds."""
    rng = np.random.default_rng(SEED)
    spots = rng.uniform((120.8, 28.2), (121.8, 29.2), (FEATURES, 2))
    tree = Tree(tuple(_place(n, *spot) for n, spot in enumerate(spots.tolist())))
    tree.index.query(Point(0, 0))
    asked = rng.uniform((121.0, 28.4), (121.6, 29.0), (ROUNDS, 2)).tolist()
    print(f"{FEATURES} places, {ROUNDS} questions: median / p95 ms (brute force median)")
    for name, ask, plain in _questions(tree, spots):
        _row(name, [_timed(ask, x, y) for x, y in asked], [_timed(plain, x, y) for x, y in asked[:10]])
    _layers(rng)


def _questions(tree: Tree, spots: Any) -> list[tuple[str, Callable[..., Any], Callable[..., Any]]]:
    def area(x: float, y: float) -> Any:
        return Point(x, y).buffer(SPREAD / 2, quad_segs=16)

    points = shapely.points(spots)
    return [
        (
            "select by polygon",
            lambda x, y: tree.within(area(x, y)),
            lambda x, y: area(x, y).intersects(points),
        ),
        ("buffer 5 km", lambda x, y: tree.around(x, y, 5000), lambda x, y: distances(x, y, spots)),
        ("nearest 10", lambda x, y: tree.nearest(x, y, 10), lambda x, y: np.argsort(distances(x, y, spots))),
        ("upwind 5 km", lambda x, y: tree.upwind(x, y, 5000, 120, 30), lambda x, y: distances(x, y, spots)),
    ]


def _layers(rng: np.random.Generator) -> None:
    question = Question(layer("outlets"), "ratio", 0)
    for count in (FEATURES, MANY):
        places = rng.uniform((120.8, 28.2), (121.8, 29.2), (count, 2)).tolist()
        marks = tuple(
            Mark(_place(n, *spot), n % 4, "#3BA55D", "0.50", "value", 0, 60) for n, spot in enumerate(places)
        )
        shown = Shown(question, 1, marks)
        first = _timed(lambda held: held.collection(lambda _: True, None, {}), shown)
        size = len(shown.collection(lambda _: True, None, {})) / 1e6
        print(f"GeoJSON of {count}: {first:.0f} ms first, kept after; {size:.1f} MB")
        for z in (6, 8, 10, 12):
            tiles = _tiles(z)
            took = [
                _timed(lambda held, each: held._tile(each, lambda _: True), shown, each) for each in tiles
            ]
            _row(f"tile of {count} at z{z}", took, [])


def _tiles(z: int) -> list[Tile]:
    side = 1 << z
    x = int((121.3 / 360 + 0.5) * side)
    y = int((0.5 - np.arctanh(np.sin(np.radians(28.7))) / (2 * np.pi)) * side)
    return [Tile(z, x, y)] * 5


def _place(n: int, lon: float, lat: float) -> Place:
    return Place(f"P{n}", f"排放口{n}", "outlet", lon, lat)


def _timed(work: Callable[..., Any], *given: Any) -> float:
    begun = time.perf_counter()
    work(*given)
    return (time.perf_counter() - begun) * 1e3


def _row(name: str, took: list[float], plain: list[float]) -> None:
    beside = f" ({np.median(plain):.1f})" if plain else ""
    print(f"{name}: {np.median(took):.1f} / {np.percentile(took, 95):.1f}{beside}")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
