"""Regions 行政区划: the tree, as lists and as branches."""

from __future__ import annotations

from ninja import Router

from huanzhi.web.api.routes import add_routes

router = Router(tags=["regions"])
add_routes(router, "region")
