"""Organisations 机构, departments 部门, duties 职责 and shifts 值班."""

from __future__ import annotations

from ninja import Router

from huanzhi.web.api.routes import add_routes

router = Router(tags=["organisations"])
add_routes(router, "organisation", "department", "duty", "shift")
