"""People as rights see them."""

from __future__ import annotations

from typing import Any

from huanzhi.library.rights import Actor, Held


def actor_of(person: Any) -> Actor:
    """Return the actor of a person, with the roles that hold today."""
    held = tuple(
        Held(grant.role, grant.region.path, grant.organisation.code if grant.organisation else "")
        for grant in person.grants.select_related("region", "organisation")
    )
    organisation = person.organisation.code if person.organisation else ""
    return Actor(person.code, person.name, held, organisation)
