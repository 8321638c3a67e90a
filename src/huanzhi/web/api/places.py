"""Places 点位: stations, sections, wells, zones and points."""

from __future__ import annotations

from ninja import Router

from huanzhi.web.api.routes import add_routes

router = Router(tags=["places"])
add_routes(router, "station", "section", "section_target", "well", "zone", "point")
