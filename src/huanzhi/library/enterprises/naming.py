"""Naming 指名: whom somebody may name as the other side of a deal, a manifest, a booking."""

from __future__ import annotations

from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.rights import Actor, may, thing_of
from huanzhi.library.rights.decision import RESTRICTED


def nameable(who: Actor, code: str) -> Enterprise | None:
    """Return an enterprise by code; None where there is none, or one for named readers only.

    Who deals with another has to name it, so that more is not hidden here than that.
    """
    rows = Enterprise.objects.select_related("region", "organisation")
    found: Enterprise | None = rows.filter(code=code).first() if code and "\x00" not in code else None
    if found is None or found.sensitivity != RESTRICTED or may(who, "read", thing_of(found)).allowed:
        return found
    return None
