"""Addresses 网址: where each part of the web answers."""

from __future__ import annotations

from django.urls import path, re_path

from huanzhi.web.api.interface import api
from huanzhi.web.api.sensorthings.views import answer

urlpatterns = [
    path("api/", api.urls),
    re_path(r"^sta/v1\.1(?P<rest>/.*)?$", answer),
]
