"""Session 登录: sign in, sign out, and who I am."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Schema

from huanzhi.errors import InputError
from huanzhi.library.people.actors import actor_of

router = Router(tags=["session"])


class Credentials(Schema):
    """What a person signs in with."""

    name: str
    password: str


class HeldOut(Schema):
    """A role that somebody holds."""

    role: str
    path: str
    organisation: str


class SessionOut(Schema):
    """Who is signed in; `code` is empty where nobody is."""

    code: str
    name: str
    organisation: str
    held: list[HeldOut]
    csrf: str


@router.get("session", response=SessionOut, auth=None)
def get_session(request: HttpRequest) -> SessionOut:
    """Return who is signed in, and the token that changes need."""
    return _session(request)


@router.post("session", response=SessionOut, auth=None)
def sign_in(request: HttpRequest, given: Credentials) -> SessionOut:
    """Sign in."""
    person = authenticate(request, username=given.name, password=given.password)
    if person is None:
        raise InputError("web_api.wrong_password")
    login(request, person)
    return _session(request)


@router.delete("session", response=SessionOut)
def sign_out(request: HttpRequest) -> SessionOut:
    """Sign out."""
    logout(request)
    return _session(request)


def _session(request: HttpRequest) -> SessionOut:
    token = get_token(request)
    if not request.user.is_authenticated:
        return SessionOut(code="", name="", organisation="", held=[], csrf=token)
    actor = actor_of(request.user)
    held = [HeldOut(role=one.role, path=one.path, organisation=one.organisation) for one in actor.held]
    return SessionOut(
        code=actor.code, name=actor.name, organisation=actor.organisation, held=held, csrf=token
    )
