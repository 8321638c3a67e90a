"""Reading the store in a view 读取监测数据库: on a reader's thread, in the language of who asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from asgiref.sync import async_to_sync
from django.http import HttpRequest

from huanzhi.library.rights import Thing, require
from huanzhi.library.series import Feature, Store
from huanzhi.messages import using
from huanzhi.programmes.live.audience import audience, things
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


class Seen:
    """The store as somebody may see it: places that he may not read are not there.

    Figures of a city are taken over all its places, whoever asks; only what names single places is taken
    through this.
    """

    def __init__(self, store: Store, places: frozenset[str] | None) -> None:
        self._store, self._places = store, places

    def features(self, *given: Any, **named: Any) -> list[Feature]:
        """Return the places that may be read, see `Store.features`."""
        found = self._store.features(*given, **named)
        return found if self._places is None else [one for one in found if one.code in self._places]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def seen_places(request: HttpRequest) -> frozenset[str] | None:
    """Return the codes of the places whose values who asks may read; None for all."""
    readers = parts_of(request).readers
    listed = async_to_sync(readers.run)(lambda store: store.features())
    return audience(actor(request), things({one.code: one for one in listed})).places


def read_seen(request: HttpRequest, kind: str, work: Callable[[Store], T]) -> T:
    """Run a read that names single places, with the store as who asks may see it; else as `read`."""
    require(actor(request), "read", Thing(kind))
    places = seen_places(request)
    return read(request, kind, lambda store: work(cast("Store", Seen(store, places))))


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
