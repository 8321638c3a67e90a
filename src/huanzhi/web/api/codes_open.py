"""What everybody may see of codes 环保码公开查询: levels without reasons, signed codes, serious breaches."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Router

from huanzhi.ecocode.grades import repairs, tokens
from huanzhi.ecocode.grades.models import Code, Event
from huanzhi.ecocode.grades.settings import settings
from huanzhi.ecocode.grades.showing import public_row
from huanzhi.errors import InputError
from huanzhi.web.api.actors import address_of
from huanzhi.web.api.code_shapes import OpenBreachesOut, OpenCodeKeyOut, OpenCodeOut, OpenCodesOut
from huanzhi.web.api.codes import today
from huanzhi.web.api.lists import document
from huanzhi.web.throttling import Throttle

router = Router(tags=["open"], auth=None)
lookups = Throttle()
MOST, A_MINUTE = 20, 120
"""Enterprises of an answer, look-ups of an address in a minute. DEFAULT, NOT FROM THE DOCUMENTS."""
HIDDEN = ("restricted", "own")


@router.get("open/codes", response=OpenCodesOut, operation_id="find_open_codes")
def find(request: HttpRequest, q: str = "") -> HttpResponse:
    """Find enterprises by part of the name or by the whole code, with their levels."""
    _counted(request)
    words = q.strip().replace("\x00", "")[:60]
    if len(words) < 2:
        return document(request, {"items": [], "total": 0})
    rows = _shown().filter(Q(enterprise__name__icontains=words) | Q(enterprise__code=words))
    keys = rows.order_by("enterprise__code").values_list("enterprise", flat=True)
    wanted = list(dict.fromkeys(keys))
    held: dict[int, list[Code]] = {}
    for one in _shown().filter(enterprise__in=wanted[:MOST]).order_by("enterprise__code", "sort"):
        held.setdefault(one.enterprise_id, []).append(one)
    return document(request, {"items": [public_row(one) for one in held.values()], "total": len(wanted)})


@router.get("open/code-key", response=OpenCodeKeyOut, operation_id="open_code_key")
def get_key(request: HttpRequest) -> HttpResponse:
    """Return the public key with which anybody can check a signed code offline."""
    return document(request, {"algorithm": "Ed25519", "pem": tokens.public_pem()})


@router.get("open/serious-breaches", response=OpenBreachesOut, operation_id="open_serious_breaches")
def get_breaches(request: HttpRequest) -> HttpResponse:
    """Return the list of serious breaches that are published, each with the day on which it is taken off."""
    _counted(request)
    day = today()
    rows = [
        {
            "enterprise": one.enterprise.code,
            "name": one.enterprise.name,
            "title": {"zh": one.title_zh, "en": one.title_en},
            "simulated": one.simulated,
            **(repairs.publication(one, day) or {}),
        }
        for one in repairs.serious_list(day)
        if one.enterprise.sensitivity not in HIDDEN
    ]
    return document(request, {"items": rows, "day": day.isoformat()})


@router.get("open/codes/{named}", response=OpenCodeOut, operation_id="get_open_code")
def get_open(request: HttpRequest, named: str) -> HttpResponse:
    """Return what everybody may see of an enterprise, by its code or by a signed code, which is checked."""
    _counted(request)
    signed = _signed(named) if named.startswith(f"{tokens.MARK}.") else None
    code = str(signed["content"]["code"]) if signed else named.replace("\x00", "")[:40]
    rows = list(_shown().filter(enterprise__code=code))
    if not rows:
        raise InputError("grades.no_enterprise", value=code)
    day = today()
    events = [one for one in _published(rows[0].enterprise_id) if repairs.publication(one, day) is not None]
    shown = {
        **public_row(rows),
        "day": day.isoformat(),
        "signed": signed,
        "events": [
            {
                "title": {"zh": one.title_zh, "en": one.title_en},
                "day": one.day.isoformat(),
                **(repairs.publication(one, day) or {}),
            }
            for one in events
        ],
    }
    return document(request, shown)


def _published(enterprise: int) -> Any:
    rows = Event.objects.filter(enterprise=enterprise, published__isnull=False, state="standing")
    return rows.select_related("enterprise", "region").order_by("-day")


def _signed(token: str) -> dict[str, Any]:
    """Return the content of a signed code, and whether it still holds."""
    content = tokens.read(token, tokens.private_key().public_key())
    return {"content": content, "holds": tokens.holds(content, today()), "genuine": True}


def _shown() -> Any:
    rows = Code.objects.filter(sort__in=settings()["public"]["sorts"])
    return rows.exclude(enterprise__sensitivity__in=HIDDEN).select_related("enterprise__region")


def _counted(request: HttpRequest) -> None:
    lookups.count(address_of(request), A_MINUTE, 60)
