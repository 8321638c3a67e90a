"""The view that answers every address below ``/sta/v1.1``."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from huanzhi.errors import HuanzhiError, InputError
from huanzhi.library.series import Store
from huanzhi.messages import using
from huanzhi.web.api.errors import language_of, refusal
from huanzhi.web.api.sensorthings.answer import Bare, NotFoundError, Reply, landing
from huanzhi.web.api.sensorthings.answer import answer as answer_path
from huanzhi.web.api.sensorthings.catalogue import Catalogues
from huanzhi.web.api.sensorthings.query import parse_query
from huanzhi.web.application import parts_of

ROOT = "/sta/v1.1"
LONGEST = 8_000
"""Letters of a query. DEFAULT, NOT FROM THE DOCUMENTS."""

_catalogues = Catalogues()


async def answer(request: HttpRequest, rest: str | None = None) -> HttpResponse:
    """Answer one request."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    base = request.build_absolute_uri(ROOT)
    path, query = (rest or "").strip("/"), request.META.get("QUERY_STRING", "")
    if not path:
        return JsonResponse(landing(base), json_dumps_params=_JSON)
    language = language_of(request)

    def read(store: Store) -> HttpResponse:
        with using(language):
            reply = Reply(store, _catalogues.of(store), base)
            return respond(answer_path(reply, path, parse_query(query), query))

    try:
        if len(query) > LONGEST:
            raise InputError("sensorthings.long_query", expected=f"≤ {LONGEST}")
        return await parts_of(request).readers.run(read)
    except NotFoundError as error:
        return refusal(request, error, 404)
    except InputError as error:
        return refusal(request, error, 400)
    except HuanzhiError as error:
        return refusal(request, error)


_JSON = {"ensure_ascii": False, "separators": (",", ":")}


def respond(document: object) -> HttpResponse:
    """Return a document, or a bare value as text."""
    if isinstance(document, Bare):
        plain = document.value if isinstance(document.value, str) else json.dumps(document.value)
        return HttpResponse(plain, content_type="text/plain; charset=utf-8")
    return JsonResponse(document, safe=False, json_dumps_params=_JSON)
