"""OpenID Connect 统一身份认证: sign-in through the identity provider of the city, where one is configured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from authlib.integrations.django_client import OAuth, OAuthError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from joserfc.errors import JoseError
from requests.exceptions import RequestException

from huanzhi.errors import HuanzhiError, InputError
from huanzhi.library.people.actors import may_act
from huanzhi.library.people.models import Person
from huanzhi.library.people.policy import policy
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.library.trail.chain import append
from huanzhi.messages import text
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import BY, address_of
from huanzhi.web.api.errors import refusal
from huanzhi.web.api.session import begin
from huanzhi.web.provider import Provider, configured
from huanzhi.web.throttling import Throttle

NEXT = "oidc_next"
PATIENCE = 10
"""Seconds that the provider has to answer. DEFAULT, NOT FROM THE DOCUMENTS."""
tries = Throttle()


def go(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider, with state, nonce and PKCE; ``next`` is where it comes back to."""
    provider = configured()
    if provider is None:
        return _back("oidc.not_configured")
    tries.count(address_of(request), policy().address_tries, policy().lock.total_seconds())
    request.session[NEXT] = request.GET.get("next", "")[:2000]
    try:
        answer: HttpResponse = _client(provider).authorize_redirect(
            request, request.build_absolute_uri("/oidc/callback")
        )
    except (RequestException, ValueError, RuntimeError, KeyError):
        return _back("oidc.unreachable")
    return answer


def come_back(request: HttpRequest) -> HttpResponse:
    """Sign in whom the provider names, if somebody of that name may sign in here."""
    provider = configured()
    if provider is None:
        return _back("oidc.not_configured")
    onward = request.session.get(NEXT, "")
    try:
        told = _client(provider).authorize_access_token(request)["userinfo"]
        person = _person(provider, dict(told))
    except RequestException:
        return _back("oidc.unreachable")
    except (OAuthError, JoseError, ValueError, KeyError):
        return _back("oidc.refused")
    except InputError as error:
        return _back(error.key)
    begin(request, person)
    request.session[BY] = provider.issuer
    told = {"address": address_of(request), "by": provider.issuer}
    append(Actor(person.code), "sign_in", "session", person.code, after=told)
    safe = url_has_allowed_host_and_scheme(onward, allowed_hosts=None) and onward.startswith("/")
    return HttpResponseRedirect(onward if safe else "/")


def guarded(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Return a view whose refusals are answers in the one shape of errors."""

    def answered(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except HuanzhiError as error:
            return refusal(request, error)

    return answered


def _client(provider: Provider) -> Any:
    registry = OAuth()
    return registry.register(
        "provider",
        client_id=provider.client,
        client_secret=provider.secret,
        server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": provider.scope, "code_challenge_method": "S256", "timeout": PATIENCE},
    )


def _person(provider: Provider, told: Mapping[str, Any]) -> Person:
    """Return whom the claims name: by the subject that was bound, else by name, which binds the subject.

    A name binds once; another subject that claims the same name later is refused.
    """
    if told["iss"].rstrip("/") != provider.issuer:
        raise InputError("oidc.refused")
    subject = f"{provider.issuer}|{told['sub']}"
    with transaction.atomic():
        person = Person.objects.filter(subject=subject).first()
        if person is None:
            name = str(told.get(provider.claim, ""))
            person = Person.objects.select_for_update().filter(code=name, subject="").first()
            if person is None:
                raise InputError("oidc.unknown")
            person.subject = subject
            save(SYSTEM, person, text("oidc.changed"))
    if not may_act(person, datetime.now(UTC).astimezone(CHINA).date()):
        raise InputError("oidc.unknown")
    return person


def _back(reason: str) -> HttpResponse:
    """Return to the screen of signing in, which says the reason in words."""
    return HttpResponseRedirect(f"/signin?error={reason}")
