"""The view that answers every address below ``/sta/v1.1``."""

from __future__ import annotations

import json

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from huanzhi.errors import HuanzhiError, InputError
from huanzhi.library.series import Store
from huanzhi.messages import using
from huanzhi.programmes.live.audience import audience, things
from huanzhi.web.api.actors import asker
from huanzhi.web.api.errors import language_of, refusal, status_of
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
    places: frozenset[str] | None = frozenset()

    def read(store: Store) -> HttpResponse:
        with using(language):
            reply = Reply(store, _catalogues.of(store, places), base)
            return respond(answer_path(reply, path, parse_query(query), query))

    try:
        if len(query) > LONGEST:
            raise InputError("sensorthings.long_query", expected=f"≤ {LONGEST}")
        places = await _places(request)
        return await parts_of(request).readers.run(read)
    except NotFoundError as error:
        return refusal(request, error, 404)
    except InputError as error:
        return refusal(request, error, 400 if status_of(error) == 422 else None)
    except HuanzhiError as error:
        return refusal(request, error)


async def _places(request: HttpRequest) -> frozenset[str] | None:
    """Return the places that who asks may see; None for all."""
    if settings.SENSORTHINGS_OPEN:
        return None
    who = await sync_to_async(asker)(request)
    listed = await parts_of(request).readers.run(lambda store: store.features())
    known = await sync_to_async(things)({one.code: one for one in listed})
    return audience(who, known).places


_JSON = {"ensure_ascii": False, "separators": (",", ":")}


def respond(document: object) -> HttpResponse:
    """Return a document, or a bare value as text."""
    if isinstance(document, Bare):
        plain = document.value if isinstance(document.value, str) else json.dumps(document.value)
        return HttpResponse(plain, content_type="text/plain; charset=utf-8")
    return JsonResponse(document, safe=False, json_dumps_params=_JSON)
