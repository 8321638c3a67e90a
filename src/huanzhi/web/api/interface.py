"""The API 接口: one place that names every operation and says what is wrong in one shape."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from huanzhi import __version__
from huanzhi.errors import HuanzhiError
from huanzhi.web.api import (
    assess,
    atlas,
    enterprises,
    events,
    explain,
    imports,
    live,
    network,
    organisations,
    places,
    push,
    rankings,
    regions,
    reports,
    series,
    session,
    standards,
)
from huanzhi.web.api.actors import SignedIn
from huanzhi.web.api.errors import malformed, refusal

ROUTERS = (
    assess.router,
    explain.router,
    imports.router,
    rankings.router,
    reports.router,
    standards.router,
    atlas.router,
    events.router,
    live.router,
    network.router,
    push.router,
    series.router,
    session.router,
    regions.router,
    organisations.router,
    places.router,
    enterprises.router,
)

api = NinjaAPI(
    title="Huanzhi 环治", version=__version__, openapi_url="v1/openapi.json", docs_url=None, auth=SignedIn()
)
for router in ROUTERS:
    api.add_router("v1/", router)


@api.exception_handler(HuanzhiError)
def on_error(request: HttpRequest, error: HuanzhiError) -> HttpResponse:
    """Answer with an error."""
    return refusal(request, error)


@api.exception_handler(ValidationError)
def on_malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer with what of a request is not as declared."""
    return refusal(request, malformed(error.errors))
