"""Reading 可见范围: the issues that somebody may read, as a question that the database answers quickly.

Where issues lie is a short list. If the rights reach every region of it, no row has to be asked for its
region; otherwise the filter of the rights is laid over the rows as it is.
"""

from __future__ import annotations

import time
from typing import Any

from huanzhi.center.issues.counting import kept
from huanzhi.center.issues.models import Issue
from huanzhi.library.places.models import Region
from huanzhi.library.rights import Actor, Thing, may, visible
from huanzhi.library.rights.placing import fixed_sensitivity


def readable(who: Actor) -> Any:
    """Return the issues that `who` may read: the same rows as `visible`."""
    every = Issue.objects.all()
    if all(_reached(who, path) for path in _paths()):
        return every
    return visible(who, Issue.KIND, every)


def _reached(who: Actor, path: str) -> bool:
    sensitivity = fixed_sensitivity(Issue, Issue.KIND)
    return may(who, "read", Thing(Issue.KIND, path, sensitivity=sensitivity)).allowed


def _paths() -> list[str]:
    """Return the paths of the regions in which issues lie."""
    return kept("paths", Issue.objects.all(), time.time(), _asked)


def _asked() -> list[str]:
    codes = Issue.objects.order_by().values_list("region", flat=True).distinct()
    return list(Region.objects.filter(pk__in=list(codes)).values_list("path", flat=True))
