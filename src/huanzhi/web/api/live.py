"""Live 实时数据: ``GET /api/v1/live``, the newest value of every place and parameter."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from huanzhi.web.api.events import SignedInHere
from huanzhi.web.application import parts_of

router = Router(tags=["live"], auth=SignedInHere())


@router.get("live", url_name="live")
async def live(request: HttpRequest, kind: str = "", features: str = "") -> dict[str, Any]:
    """Return the newest value of every place and parameter."""
    picture = parts_of(request).news.picture
    wanted = frozenset(filter(None, features.split(",")))
    places = []
    for code, cells in picture.cells.items():
        feature = picture.features[code]
        if (kind and feature.kind != kind) or (wanted and code not in wanted):
            continue
        values = [
            {name: part for name, part in cell.event().items() if name not in ("feature", "simulated")}
            for cell in cells.values()
        ]
        places.append(
            {
                "feature": code,
                "name": feature.name,
                "kind": feature.kind,
                "region": feature.region_code,
                "lon": feature.lon,
                "lat": feature.lat,
                "simulated": feature.simulated,
                "values": values,
            }
        )
    return {"revision": picture.revision, "places": places}
