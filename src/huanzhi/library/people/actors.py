"""People and keys as rights see them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from huanzhi.library.people.models import ApiKey
from huanzhi.library.rights import Actor, Held
from huanzhi.library.rights.scopes import KEY_ROLE
from huanzhi.standards.periods import CHINA


def actor_of(person: Any, day: date | None = None) -> Actor:
    """Return the actor of a person, with the roles that hold on a day, today by default."""
    day = day or datetime.now(UTC).astimezone(CHINA).date()
    grants = (
        person.grants.select_related("region", "organisation").order_by("pk") if may_act(person, day) else ()
    )
    held = tuple(
        Held(grant.role, grant.region.path, grant.organisation.code if grant.organisation else "")
        for grant in grants
        if grant.holds(day)
    )
    organisation = person.organisation.code if person.organisation else ""
    return Actor(person.code, person.name, held, organisation)


def actor_of_key(key: ApiKey) -> Actor:
    """Return the actor of a key."""
    organisation = key.organisation.code if key.organisation else ""
    held = Held(KEY_ROLE, key.region.path if key.region else "", organisation)
    return Actor(f"key:{key.code}", key.name, (held,), organisation, tuple(key.scopes.split(",")))


def may_act(person: Any, day: date) -> bool:
    """Return whether a person is active and valid on a day."""
    return bool(person.is_active and person.holds(day))
