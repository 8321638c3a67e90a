"""Session 登录: sign in, sign out, who I am, my password."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any, cast

from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from ninja import Router, Schema
from ninja.errors import HttpError
from ninja.utils import check_csrf
from pydantic import Field

from huanzhi.library.people import passwords, signing
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.models import Person
from huanzhi.library.rights.matrix import roles
from huanzhi.library.trail.chain import append
from huanzhi.web.api.actors import BEGUN, SEEN, Changing, actor, address_of, person_of

router = Router(tags=["session"])
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Credentials(Schema):
    """What a person signs in with."""

    name: str = Field(max_length=200, examples=["duty"])
    password: str = Field(max_length=1000)


class Passwords(Schema):
    """The old password and the new one."""

    old: str = Field(max_length=1000)
    new: str = Field(max_length=1000)


class HeldOut(Schema):
    """A role that somebody holds, with its names and the path of the region where it holds."""

    role: str
    zh: str
    en: str
    path: str
    organisation: str


class SessionOut(Schema):
    """Who is signed in; `code` is empty for nobody. With `must_change` only the password can be changed."""

    code: str
    name: str
    organisation: str
    held: list[HeldOut]
    must_change: bool
    simulated: bool
    oidc: bool
    csrf: str


@router.get("session", response=SessionOut, auth=None, operation_id="get_session")
def get_session(request: HttpRequest, response: HttpResponse) -> SessionOut:
    """Return who is signed in, and the token that changes need."""
    return _session(request, response)


@router.post("session", response=SessionOut, auth=None, operation_id="sign_in")
def sign_in(request: HttpRequest, response: HttpResponse, given: Credentials) -> SessionOut:
    """Sign in; a new session begins. Too many failures are answered by 429 with Retry-After."""
    if check_csrf(request):
        raise HttpError(403, "csrf")
    person = signing.sign_in(given.name, given.password, address_of(request), datetime.now(UTC))
    begin(request, person)
    return _session(request, response)


@router.delete("session", response=SessionOut, auth=Changing(), operation_id="sign_out")
def sign_out(request: HttpRequest, response: HttpResponse, everywhere: bool = False) -> SessionOut:
    """Sign out, here or everywhere."""
    who = actor(request)
    if everywhere:
        passwords.sign_out_everywhere(who, cast(Person, request.user))
    else:
        append(who, "sign_out", "session", who.code)
    logout(request)
    return _session(request, response)


@router.put("session/password", response=SessionOut, auth=Changing(), operation_id="change_password")
def change_password(request: HttpRequest, response: HttpResponse, given: Passwords) -> SessionOut:
    """Change one's own password; every other session of the person ends."""
    person = cast(Person, request.user)
    passwords.change_own(person, given.old, given.new)
    update_session_auth_hash(request, person)
    return _session(request, response)


def begin(request: HttpRequest, person: Person) -> None:
    """Begin a new session of a person; nothing of the one before is kept."""
    request.session.flush()
    login(request, person, BACKEND)
    now = int(time.time())
    request.session[BEGUN], request.session[SEEN] = now, now


def _session(request: HttpRequest, response: HttpResponse) -> SessionOut:
    from huanzhi.web.provider import configured

    token = _token(request, response)
    person = person_of(request)
    common: dict[str, Any] = {"oidc": configured() is not None, "csrf": token}
    if person is None:
        nobody = {"code": "", "name": "", "organisation": "", "held": []}
        return SessionOut(**nobody, must_change=False, simulated=False, **common)
    who = actor_of(person)
    return SessionOut(
        code=who.code,
        name=who.name,
        organisation=who.organisation,
        held=[_held(one.role, one.path, one.organisation) for one in who.held],
        must_change=person.must_change,
        simulated=person.simulated,
        **common,
    )


def _token(request: HttpRequest, response: HttpResponse) -> str:
    """Return the token that changes need, and leave its secret in the cookie; one that is there stays."""
    guard = CsrfViewMiddleware(lambda _: response)
    if "CSRF_COOKIE" not in request.META:
        guard.process_request(request)
    token = get_token(request)
    guard.process_response(request, response)
    return token


def _held(role: str, path: str, organisation: str) -> HeldOut:
    known = roles().get(role)
    zh, en = (known.zh, known.en) if known else (role, role)
    return HeldOut(role=role, zh=zh, en=en, path=path, organisation=organisation)
