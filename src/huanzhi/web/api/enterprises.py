"""Enterprises 企业, outlets 排放口, permits 排污许可证 and their limits."""

from __future__ import annotations

from ninja import Router

from huanzhi.web.api.routes import add_routes

router = Router(tags=["enterprises"])
add_routes(router, "enterprise", "outlet", "permit", "permit_limit")
