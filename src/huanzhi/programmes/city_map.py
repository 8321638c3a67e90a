"""Base map of the test city 测试城市底图, put into the data folder."""

from __future__ import annotations

from pathlib import Path

from huanzhi.atlas.basemap import Sheet, keep
from huanzhi.city.model import description
from huanzhi.city.terrain import collections


def install_city(home: Path | None = None, seed: int | None = None) -> list[Sheet]:
    """Keep the ground of the test city of a seed as base map; the same again changes nothing.

    Returns
    -------
    list of Sheet
        The map sources that stand in the data folder now, all of them simulated.
    """
    source = str(description()["remark"])
    return [
        keep(Sheet(name, source=source, simulated=True), collection["features"], home)
        for name, collection in collections(seed).items()
    ]
