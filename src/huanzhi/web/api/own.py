"""One's own enterprises 本企业: those of the reader's organisation, as far as he may see them."""

from __future__ import annotations

from typing import Any

from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.rights import Actor, visible


def own_enterprises(who: Actor) -> Any:
    """Return the rows of one's own enterprises by code; none for who belongs to no organisation."""
    rows = visible(who, Enterprise.KIND, Enterprise.objects.select_related("region", "organisation"))
    own = rows.filter(organisation__code=who.organisation) if who.organisation else rows.none()
    return own.order_by("code")


def own_choices(who: Actor) -> list[dict[str, str]]:
    """Return code and name of one's own enterprises, for a form."""
    return [{"code": one.code, "name": one.name} for one in own_enterprises(who)]


def enterprise_of(who: Actor, code: str) -> Enterprise | None:
    """Return the enterprise that is named, as far as the reader may see it; one's own where none is named."""
    if not code:
        return own_enterprises(who).first()  # type: ignore[no-any-return]
    rows = visible(who, Enterprise.KIND, Enterprise.objects.select_related("region", "organisation"))
    return rows.filter(code=code.replace("\x00", "")).first()  # type: ignore[no-any-return]
