"""Addresses 网址: where each part of the web answers."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, re_path

from huanzhi.web.api.interface import api
from huanzhi.web.api.sensorthings.views import answer


def identity(name: str) -> Callable[[HttpRequest], HttpResponse]:
    """Return a view of `huanzhi.web.oidc`, whose libraries are loaded by its first use and may be missing."""

    def view(request: HttpRequest) -> HttpResponse:
        try:
            from huanzhi.web import oidc
        except ModuleNotFoundError:
            return HttpResponseRedirect("/signin?error=oidc.not_configured")
        return oidc.guarded(getattr(oidc, name))(request)

    return view


urlpatterns = [
    path("oidc/login", identity("go")),
    path("oidc/callback", identity("come_back")),
    path("api/", api.urls),
    re_path(r"^sta/v1\.1(?P<rest>/.*)?$", answer),
]
