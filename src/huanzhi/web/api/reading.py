"""Reading the store in a view 读取监测数据库: on a reader's thread, in the language of who asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from asgiref.sync import async_to_sync
from django.http import HttpRequest

from huanzhi.library.rights import Thing, require
from huanzhi.library.series import Store
from huanzhi.messages import using
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.application import parts_of

T = TypeVar("T")

GB2260 = 6
"""Digits of a code of GB/T 2260, in pairs of province, city and county."""


def beginning(region: str | None) -> str | None:
    """Return how the codes of a region's subtree begin; a name as it is, None where there is none.

    >>> beginning("330200"), beginning("330000"), beginning("330282"), beginning("宁波市")
    ('3302', '33', '330282', '宁波市')
    """
    if not region or not region.isdigit() or len(region) != GB2260:
        return region or None
    return region[:2] + region[2:].removesuffix("00").removesuffix("00")


def read(request: HttpRequest, kind: str, work: Callable[[Store], T]) -> T:
    """Run a read for who may read things of a `kind`.

    Raises
    ------
    InputError
        ``rights.refused`` if who asks may not, and as `work` does.
    StoreError
        If there is no store, or too many reads wait.
    """
    require(actor(request), "read", Thing(kind))
    spoken = language_of(request)

    def in_language(store: Store) -> T:
        with using(spoken):
            return work(store)

    found: T = async_to_sync(parts_of(request).readers.run)(in_language)
    return found
