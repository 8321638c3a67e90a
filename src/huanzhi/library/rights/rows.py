"""Rows and fields that somebody may read: the filter of lists and the mask of fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from huanzhi.library.rights.actor import SYSTEM, Actor

Rows = TypeVar("Rows")


def visible(actor: Actor, kind: str, queryset: Rows) -> Rows:
    """Return the rows of a kind that `actor` may read.

    The tables have ``region``, ``organisation`` and ``sensitivity``.
    """
    if actor == SYSTEM or actor.held:
        return queryset
    nothing: Rows = queryset.none()  # type: ignore[attr-defined]
    return nothing


def mask(actor: Actor, record: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row as `actor` may see it; fields named in `record.RESTRICTED` are None where he may not."""
    if actor == SYSTEM or actor.held:
        return dict(row)
    return {name: None if name in getattr(record, "RESTRICTED", ()) else value for name, value in row.items()}
