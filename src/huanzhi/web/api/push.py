"""Push 数据推送: ``POST /api/v1/observations`` with a key; the answer 201 means durable."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, JsonResponse
from ninja import Router

from huanzhi.errors import InputError, StoreError
from huanzhi.network.push import ApiKey, Receiver
from huanzhi.network.push.keys import WRITE, check, recall
from huanzhi.web.application import parts_of

router = Router(tags=["push"], auth=None)

_VALUE = {"oneOf": [{"type": "number"}, {"type": "string"}, {"type": "null"}]}
_RECORD = {
    "type": "object",
    "required": ["station"],
    "properties": {
        "station": {"type": "string"},
        "parameter": {"type": "string"},
        "period": {"type": "string"},
        "time": {"type": "string"},
        "time_end": {"type": "string"},
        "value": _VALUE,
        "unit": {"type": "string"},
    },
    "additionalProperties": _VALUE,
}
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "oneOf": [
                        {
                            "type": "object",
                            "required": ["observations"],
                            "properties": {"observations": {"type": "array", "items": _RECORD}},
                        },
                        {"type": "array", "items": _RECORD},
                        _RECORD,
                    ]
                }
            }
        },
    },
    "parameters": [
        {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}},
        {"name": "Authorization", "in": "header", "schema": {"type": "string"}},
    ],
}


@router.post("observations", openapi_extra=BODY, response={201: dict[str, Any]}, url_name="push")
async def push(request: HttpRequest) -> JsonResponse:
    """Take observations; 201 when they are durable, 200 when they were taken before."""
    receiver = _receiver(request)
    key = await authorised(request, WRITE)
    if request.content_type != "application/json":
        raise InputError("web_api.media", value=request.content_type, expected="application/json")
    answer = await receiver.receive(request.body, key, request.headers.get("Idempotency-Key", ""))
    return JsonResponse(answer.reply, status=200 if answer.again else 201)


async def authorised(request: HttpRequest, scope: str) -> ApiKey:
    """Return the key of a request.

    Raises
    ------
    InputError
        If there is none, it does not hold, or it has not the scope.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    presented = token.strip() if scheme.lower() == "bearer" else request.headers.get("X-API-Key", "")
    key = recall(presented) or await sync_to_async(check)(presented)
    if key is None:
        raise InputError("web_api.no_key", expected="Authorization: Bearer hz_…")
    if not key.may(scope):
        raise InputError("web_api.forbidden", value=key.name, expected=scope)
    return key


def _receiver(request: HttpRequest) -> Receiver:
    receiver = parts_of(request).receiver
    if receiver is None:
        raise StoreError("web_api.read_only")
    return receiver
