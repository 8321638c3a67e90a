"""Showing 审计依据的展示: what speaks against items, with outlets named to who may read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huanzhi.ecocode.audits.models import AuditItem
from huanzhi.ecocode.permits.allowing import outlet_names
from huanzhi.library.rights import Actor


def told_to(who: Actor, rows: Sequence[AuditItem]) -> list[list[dict[str, Any]]]:
    """Return for each item what speaks against it, in the words that somebody may read."""
    names = outlet_names(who, (one["outlet"] for row in rows for one in row.told if one.get("outlet")))
    return [[_told(dict(one), names) for one in row.told] for row in rows]


def _told(one: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    named = one.pop("named", {})
    return one | (named if names.get(one.pop("outlet", "")) else {})
