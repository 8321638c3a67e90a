"""The command line with one more address, ``/api/v1/empty``: an async view that asks and does nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from huanzhi.library.database import ready


async def empty(request: HttpRequest) -> HttpResponse:
    """Answer with two bytes."""
    return HttpResponse(b"{}", content_type="application/json")


if __name__ == "__main__":
    from huanzhi.cli import main

    ready()
    from huanzhi.web import urls

    urls.urlpatterns.insert(0, path("api/v1/empty", empty))
    main()
