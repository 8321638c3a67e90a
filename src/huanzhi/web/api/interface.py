"""The API 接口: one place that names every operation and says what is wrong in one shape."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from huanzhi import __version__
from huanzhi.errors import HuanzhiError
from huanzhi.web.api.errors import refusal
from huanzhi.web.api.push import router as push

api = NinjaAPI(title="Huanzhi 环治", version=__version__, openapi_url="v1/openapi.json", docs_url=None)
api.add_router("v1/", push)


@api.exception_handler(HuanzhiError)
def on_error(request: HttpRequest, error: HuanzhiError) -> HttpResponse:
    """Answer with an error."""
    return refusal(request, error)
