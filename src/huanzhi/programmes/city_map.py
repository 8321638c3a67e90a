"""Base map of the test city 测试城市底图, put into the data folder."""

from __future__ import annotations

from pathlib import Path

from huanzhi.atlas.basemap import Sheet
from huanzhi.city.model import description
from huanzhi.city.terrain import collections
from huanzhi.library.database import ready
from huanzhi.library.rights import SYSTEM, Actor


def install_city(home: Path | None = None, seed: int | None = None, actor: Actor = SYSTEM) -> list[Sheet]:
    """Keep the ground of the test city of a seed as base map; the same again changes nothing.

    The business database must be that of `home`, with its tables there.

    Returns
    -------
    list of Sheet
        The map sources that stand in the data folder now, all of them simulated.
    """
    ready()
    from huanzhi.atlas.keeping import keep_source

    source = str(description()["remark"])
    return [
        keep_source(actor, Sheet(name, source=source, simulated=True), collection["features"], home=home)
        for name, collection in collections(seed).items()
    ]
