"""Sending again 幂等: ``Idempotency-Key`` gives the first answer to every later sending of the same."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import wraps
from typing import Any, get_type_hints

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import ConfigDict, model_validator

from huanzhi.errors import InputError
from huanzhi.library.receipts.keeping import Answer, Sent, once
from huanzhi.web.api.actors import actor

HEADER = "Idempotency-Key"
AGAIN = "Idempotent-Replayed"
DEVICE_TIME = "Device-Time"


class Clean(Schema):
    """Takes nothing that is not declared, and no text that a database cannot hold."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def storable(cls, given: Any) -> Any:
        """Refuse the zero character and halves of pairs."""
        told = getattr(given, "_obj", given)
        if isinstance(told, dict):
            for text in texts_of(told):
                if not storable(text):
                    raise ValueError("text")
        return given


def texts_of(given: Any) -> Iterator[str]:
    """Go through the texts of a document, those of its names too."""
    if isinstance(given, str):
        yield given
    elif isinstance(given, dict):
        for name, value in given.items():
            yield from (str(name), *texts_of(value))
    elif isinstance(given, list | tuple):
        for value in given:
            yield from texts_of(value)


def storable(text: str) -> bool:
    """Return whether every database can hold a text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def idempotent(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return a view that does the work of a key once; without a key it is as before."""

    @wraps(view)
    def held(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        key = request.headers.get(HEADER, "")
        if not key:
            return view(request, *given, **named)
        sent = Sent(key, f"{request.method} {request.path}"[:400], digest_of(request))
        answer = once(actor(request), sent, lambda: _kept(view(request, *given, **named)), datetime.now(UTC))
        response = HttpResponse(answer.body, status=answer.status, content_type=answer.media)
        response["Cache-Control"] = "private, no-store"
        if answer.again:
            response[AGAIN] = "true"
        return response

    held.__signature__ = _resolved(view)  # type: ignore[attr-defined]
    return held


def _resolved(view: Callable[..., Any]) -> inspect.Signature:
    """Return the signature of a view with its types as they are, which its router cannot find from here."""
    told, hints = inspect.signature(view), get_type_hints(view, include_extras=True)
    parameters = [
        one.replace(annotation=hints.get(name, one.annotation)) for name, one in told.parameters.items()
    ]
    return told.replace(parameters=parameters)


def device_time(request: HttpRequest, otherwise: datetime) -> datetime:
    """Return the clock of the device at the sending (``Device-Time``), which changes each time it is sent.

    Raises
    ------
    InputError
        ``receipts.device_time`` if it is no moment with its zone.
    """
    told = request.headers.get(DEVICE_TIME, "")
    if not told:
        return otherwise
    try:
        found = datetime.fromisoformat(told)
        if found.tzinfo is None:
            raise ValueError(told)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError("receipts.device_time", column=DEVICE_TIME, value=told[:40]) from None


def digest_of(request: HttpRequest) -> str:
    """Return the SHA-256 of what was sent; of a form, of its fields and files, whatever parts them."""
    if not (request.content_type or "").startswith("multipart/"):
        return hashlib.sha256(request.body).hexdigest()
    found = hashlib.sha256()
    for name in sorted(request.POST):
        for value in request.POST.getlist(name):
            found.update(f"{name}={len(value)}:{value}\n".encode())
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            found.update(f"{name}={file.name}:{file.size}\n".encode())
            for piece in file.chunks():
                found.update(piece)
            file.seek(0)
    return found.hexdigest()


def _kept(response: HttpResponse) -> Answer:
    return Answer(response.status_code, response["Content-Type"], response.content.decode())
