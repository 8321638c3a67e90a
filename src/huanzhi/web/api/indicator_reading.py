"""Reading the store for an indicator whose right was decided before, in the language of who asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync
from django.http import HttpRequest

from huanzhi.library.series import Store
from huanzhi.messages import using
from huanzhi.programmes.indicators.keeping import Reading
from huanzhi.web.api.errors import language_of
from huanzhi.web.application import parts_of


def reading(request: HttpRequest) -> Reading:
    """Return what runs a read of the store on a reader's thread."""
    spoken = language_of(request)

    def run(work: Callable[[Store], Any]) -> Any:
        def in_language(store: Store) -> Any:
            with using(spoken):
                return work(store)

        return async_to_sync(parts_of(request).readers.run)(in_language)

    return run
