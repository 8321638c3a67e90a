"""Who asks 请求者: the person of the session, for every operation of the API."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import APIKeyCookie

from huanzhi.library.people.actors import actor_of
from huanzhi.library.rights import Actor
from huanzhi.settings import SESSION_COOKIE_NAME


class SignedIn(APIKeyCookie):
    """A session of a person; changes need the CSRF token as well."""

    param_name = SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """Return who asks; None where nobody has signed in."""
        person = request.user
        return actor_of(person) if person.is_authenticated else None


def actor(request: HttpRequest) -> Actor:
    """Return who asks."""
    found: Actor = request.auth  # type: ignore[attr-defined]
    return found
