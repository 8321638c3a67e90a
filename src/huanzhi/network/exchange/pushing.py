"""Pushing 接口推送: one signed request; no redirect is followed, of the answer the status counts."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from huanzhi.errors import InputError
from huanzhi.network.exchange.keys import signature
from huanzhi.network.exchange.settings import settings


class _Still(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: what is signed for one address goes to no other."""

    def redirect_request(self, *args: Any) -> None:
        """Refuse."""


_opener = urllib.request.build_opener(_Still, urllib.request.ProxyHandler({}))


def checked_address(address: str) -> str:
    """Return an address of HTTP; InputError ``exchange.address`` otherwise."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise InputError("exchange.address", column="address", value=address[:200], expected="https://…")
    return address


def push(address: str, content: bytes, told: Mapping[str, Any], secret: str, now: datetime) -> dict[str, Any]:
    """Send a parcel; return status and the beginning of the answer.

    The request carries sequence, digest, moment, and a signature (HMAC-SM3) over these three; the sequence
    with the digest lets the other side take it once, however often it is sent.

    Raises
    ------
    InputError
        ``exchange.not_taken`` with the status where the other side refuses; ``exchange.unreachable`` where it
        cannot be reached.
    """
    moment = now.isoformat(timespec="seconds")
    signed = f"{told['sequence']}\n{told['sm3']}\n{moment}".encode()
    headers = {
        "Content-Type": "application/zip",
        "Idempotency-Key": f"{told['target']}-{told['sequence']}-{told['sha256'][:16]}",
        "X-Huanzhi-Sequence": str(told["sequence"]),
        "X-Huanzhi-SM3": str(told["sm3"]),
        "X-Huanzhi-Time": moment,
        "X-Huanzhi-Signature": signature(secret, signed) if secret else "",
    }
    request = urllib.request.Request(checked_address(address), content, headers, method="POST")
    limits = settings()["push"]
    try:
        with _opener.open(request, timeout=limits["timeout_seconds"]) as answer:
            words = answer.read(limits["answer_bytes"]).decode("utf-8", "replace")
            return {"status": answer.status, "answer": words[:500]}
    except urllib.error.HTTPError as error:
        raise InputError("exchange.not_taken", value=error.code, expected="2xx") from None
    except (OSError, ValueError) as error:
        raise InputError("exchange.unreachable", value=str(error)[:200]) from None
