"""Rows written 行已写入: tells of rows that were written, one by one or many at once.

What is reckoned from rows and kept listens, so that nobody meets it once the rows have changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import Signal

many = Signal()
"""Sent by `save_all` with ``rows``; a bulk write of the database itself tells nobody."""


def on_written(model: Any, told: Callable[[list[Any]], None], name: str) -> None:
    """Call `told` with the rows of a model that were written or removed; once for each `name`."""

    def one(instance: Any, **_more: Any) -> None:
        told([instance])

    def several(rows: list[Any], **_more: Any) -> None:
        told(rows)

    for signal in (post_save, post_delete):
        signal.connect(one, sender=model, weak=False, dispatch_uid=f"{name}-{model.__name__}")
    many.connect(several, sender=model, weak=False, dispatch_uid=f"{name}-{model.__name__}")
