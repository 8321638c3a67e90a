"""Exchange 数据交换: targets, payloads, the log, files out and in, and what the other side reads by itself.

Secrets are told once, when they are made, and are in no answer after that.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import ConfigDict, Field

from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import may, require, thing_of, visible
from huanzhi.library.rights.decision import rules_held
from huanzhi.library.trail.chain import append
from huanzhi.network.exchange import keys, receiving, sending
from huanzhi.network.exchange.listing import EXCHANGES, TARGETS
from huanzhi.network.exchange.models import Exchange, Target
from huanzhi.network.exchange.pushing import checked_address
from huanzhi.network.exchange.settings import settings
from huanzhi.programmes.exchange import doing
from huanzhi.programmes.exchange.payloads import payloads
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.papers import download

router = Router(tags=["exchange"])
TargetFilters = filters("ExchangeTargetFilters", TARGETS.columns)
EntryFilters = filters("ExchangeEntryFilters", EXCHANGES.columns)
Rows = Page[dict[str, Any]]
PREVIEWED = 20
"""Rows of a preview. Ours."""


class ExchangeTargetIn(Schema):
    """A system to exchange with."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "name": "公共信用信息平台",
                    "way": "file",
                    "region": "990001",
                    "payloads": ["credit_grades"],
                    "purpose": "共享信用等级",
                }
            ]
        },
    )

    name: str = Field(min_length=1, max_length=200)
    way: Literal["file", "http"] = "file"
    address: str = Field("", max_length=500)
    region: str = Field(max_length=12)
    payloads: list[str] = Field(max_length=30)
    purpose: str = Field(min_length=1, max_length=300)
    basis: str = Field("", max_length=300)
    active: bool = True


class ExchangeSecretIn(Schema):
    """A secret that was agreed on; empty to have one made."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"secret": ""}]})

    secret: str = Field("", max_length=200)


class ExchangeSendIn(Schema):
    """What to send to whom."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"target": "public_credit", "payload": "codes"}]}
    )

    target: str = Field(max_length=40)
    payload: str = Field(max_length=40)


class ExchangeOut(Schema):
    """One record, or rows of a payload."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"code": "public_credit"}]})


@router.get("exchange/words", response=ExchangeOut, operation_id="exchange_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return the words of the forms, the payloads with their tables of fields, and what I may do."""
    who = actor(request)
    found: dict[str, Any] = {
        name: [{"value": code, "zh": row["zh"], "en": row["en"]} for code, row in settings()[name].items()]
        for name in ("way", "direction", "state")
    }
    found["payload"] = [_payload(name) for name in payloads()]
    paths = [held.path for held in who.held if held.path]
    found["region"] = paths[0].rstrip("/").rpartition("/")[2] if paths else ""
    found |= {
        f"may_{word}": any(rules_held(who, action, kind))
        for word, action, kind in (
            ("agree", "change", Target.KIND),
            ("send", "export", Exchange.KIND),
            ("take", "import", Exchange.KIND),
        )
    }
    return document(request, found)


@router.get("exchange/targets", response=Rows, operation_id="list_exchange_targets")
def get_targets(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[TargetFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the systems that we exchange with."""
    paging.sort = paging.sort or "code"
    return answer(
        request, TARGETS, visible(actor(request), Target.KIND, Target.objects.all()), paging, wanted
    )


@router.get("exchange/targets/{code}", response=ExchangeOut, operation_id="get_exchange_target")
def get_target(request: HttpRequest, code: str) -> HttpResponse:
    """Return a target with what is agreed, its last numbers, and whether it has a secret."""
    return document(request, _target_out(request, doing.target_of(actor(request), code)))


@router.put("exchange/targets/{code}", response=ExchangeOut, operation_id="agree_exchange_target")
def agree(request: HttpRequest, code: str, given: ExchangeTargetIn) -> HttpResponse:
    """Enter a target, or change what is agreed with it."""
    held = Target.objects.select_related("region").filter(code=code.replace("\x00", "")).first()
    if held is not None:
        begun_from(request, held)
    region = Region.objects.filter(pk=given.region).first()
    unknown = [one for one in given.payloads if one not in payloads()]
    if region is None or unknown:
        value = given.region if region is None else unknown[0]
        raise InputError("exchange.not_known", column="payloads" if unknown else "region", value=value)
    if given.way == "http":
        checked_address(given.address)
    if not code.replace("-", "_").isidentifier() or not code.isascii() or len(code) > 40:
        raise InputError("exchange.choice", column="code", value=code[:40], expected="a-z 0-9 _ -")
    made = held or Target(code=code, simulated=region.simulated)
    for name, value in given.model_dump(exclude={"region"}).items():
        setattr(made, name, value)
    made.region = region
    return document(request, _target_out(request, save(actor(request), made)))


@router.post("exchange/targets/{code}/secret", response=ExchangeOut, operation_id="make_exchange_secret")
def make_secret(request: HttpRequest, code: str, given: ExchangeSecretIn) -> HttpResponse:
    """Keep a secret for a target; it is told only now."""
    who = actor(request)
    target = doing.target_of(who, code)
    require(who, "manage", thing_of(target))
    made = keys.make_secret(target.code, given.secret)
    append(who, "secret", Target.KIND, target.code, reason="made" if not given.secret else "given")
    return document(request, {"code": target.code, "secret": made if not given.secret else ""})


@router.get(
    "exchange/targets/{code}/preview/{payload}", response=ExchangeOut, operation_id="preview_exchange"
)
def preview(request: HttpRequest, code: str, payload: str) -> HttpResponse:
    """Return the first rows of what I would send, as the other side would read them; nothing leaves."""
    who = actor(request)
    rows = doing.preview(who, doing.target_of(who, code), payload, datetime.now(UTC))
    return document(request, {"payload": payload, "total": len(rows), "rows": rows[:PREVIEWED]})


@router.get("exchange/targets/{code}/pull/{payload}", response=ExchangeOut, operation_id="pull_exchange")
def pull(request: HttpRequest, code: str, payload: str) -> HttpResponse:
    """Return a payload to the other side, which asks with its own key; each reading is in the log."""
    who = actor(request)
    rows = doing.pulled(who, doing.target_of(who, code), payload, datetime.now(UTC))
    response = document(request, {"target": code, "payload": payload, "total": len(rows), "rows": rows})
    response["Cache-Control"] = "no-store"
    return response


@router.get("exchange/entries", response=Rows, operation_id="list_exchange_entries")
def get_entries(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[EntryFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List every exchange: what, with whom, by whom, what for, how many rows, which digest, how it went."""
    paging.sort = paging.sort or "-begun"
    return answer(request, EXCHANGES, _entries(request), paging, wanted)


@router.post("exchange/entries", response={201: ExchangeOut}, operation_id="send_exchange")
def send(request: HttpRequest, given: ExchangeSendIn) -> HttpResponse:
    """Send a payload to a target: what I may read of it, by the table of its fields."""
    who = actor(request)
    made = doing.send(who, doing.target_of(who, given.target), given.payload, datetime.now(UTC))
    return document(request, _entry_out(request, made), 201)


@router.post("exchange/files", response={201: ExchangeOut}, operation_id="take_exchange")
def take(request: HttpRequest, file: File[UploadedFile]) -> HttpResponse:
    """Take a parcel of another system in; one fault refuses it whole, the same again does nothing."""
    made = doing.take(actor(request), file.read(), datetime.now(UTC))
    return document(request, _entry_out(request, made), 201)


@router.get("exchange/entries/{number}", response=ExchangeOut, operation_id="get_exchange_entry")
def get_entry(request: HttpRequest, number: str) -> HttpResponse:
    """Return an exchange with its columns, digests, faults and outcome."""
    return document(request, _entry_out(request, _entry(request, number)))


@router.get("exchange/entries/{number}/file", operation_id="get_exchange_file")
def get_file(request: HttpRequest, number: str) -> HttpResponse:
    """Return the bytes of a parcel, as they were sent or received."""
    entry = _entry(request, number)
    require(actor(request), "export", thing_of(entry))
    if not entry.sha256 or entry.state in ("refused", "duplicate"):
        raise InputError("exchange.none", value=number[:60])
    return download(sending.bytes_of(entry), "", entry.name)


@router.get("exchange/entries/{number}/acknowledgement", operation_id="get_exchange_acknowledgement")
def get_acknowledgement(request: HttpRequest, number: str) -> HttpResponse:
    """Return the parcel that tells the other side that its own was taken."""
    entry = _entry(request, number)
    require(actor(request), "export", thing_of(entry))
    return download(receiving.acknowledgement_of(entry), "", f"{entry.number}-ack.zip")


@router.post("exchange/entries/{number}/again", response=ExchangeOut, operation_id="send_exchange_again")
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Try once more to deliver what failed: the same bytes under the same number."""
    entry = _entry(request, number)
    begun_from(request, entry)
    made = sending.again(actor(request), entry, datetime.now(UTC))
    return document(request, _entry_out(request, made))


def _payload(name: str) -> dict[str, Any]:
    one = payloads()[name]
    names = ("zh", "en", "direction", "purpose", "basis")
    fields = [{"ours": pair.ours, "theirs": pair.theirs, "required": pair.required} for pair in one.pairs]
    return {"value": name, **{word: getattr(one, word) for word in names}, "fields": fields}


def _target_out(request: HttpRequest, target: Target) -> dict[str, Any]:
    who, thing = actor(request), thing_of(target)
    return {
        **TARGETS.row(target),
        "has_secret": bool(keys.secret_of(target.code)),
        "may_change": may(who, "change", thing).allowed,
        "may_manage": may(who, "manage", thing).allowed,
        "may_send": may(who, "export", thing).allowed,
    }


def _entry_out(request: HttpRequest, entry: Exchange) -> dict[str, Any]:
    who = actor(request)
    sendable = entry.direction == "out" and entry.state in ("failed", "prepared")
    may_send = may(who, "export", thing_of(entry)).allowed
    return {
        **EXCHANGES.row(entry),
        "columns": entry.columns,
        "fault": entry.fault,
        "outcome": entry.outcome,
        "next_try": entry.next_try,
        "may_again": sendable and may_send,
        "may_file": may_send and bool(entry.sha256) and entry.state not in ("refused", "duplicate"),
        "may_acknowledge": may_send and entry.direction == "in" and entry.sequence is not None,
    }


def _entries(request: HttpRequest) -> Any:
    return visible(actor(request), Exchange.KIND, Exchange.objects.all())


def _entry(request: HttpRequest, number: str) -> Exchange:
    clean = number.replace("\x00", "")
    found: Exchange | None = _entries(request).select_related("target__region").filter(number=clean).first()
    if found is None:
        raise InputError("exchange.none", value=clean[:60])
    return found
