"""Receiving 接收: a parcel is verified, comes in its order, and is taken whole, once; or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi.errors import InputError
from huanzhi.library.kept import keep
from huanzhi.library.records.acting import act
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of
from huanzhi.network.exchange import parcel
from huanzhi.network.exchange.keys import secret_of
from huanzhi.network.exchange.mapping import Pair, Payload, inward
from huanzhi.network.exchange.models import Exchange, Target
from huanzhi.standards.periods import stamp

Handler = Callable[[Actor, Target, Sequence[Mapping[str, Any]], datetime], Mapping[str, Any]]
"""Takes rows in our fields in; what it returns is kept as the outcome. It raises InputError to refuse all."""

ACKNOWLEDGEMENT = Payload(
    "acknowledgement",
    "回执",
    "acknowledgement",
    "in",
    "回执",
    "",
    (
        Pair("sequence", "sequence", "integer", required=True),
        Pair("sm3", "sm3", required=True, most=64),
        Pair("result", "result", required=True, words={"received": "received", "refused": "refused"}),
        Pair("words", "words", most=500),
    ),
)
"""What either side says of a parcel of the other."""


def receive(
    actor: Actor,
    content: bytes,
    payloads: Mapping[str, Payload],
    handlers: Mapping[str, Handler],
    now: datetime,
) -> Exchange:
    """Take a parcel in.

    The same parcel again is entered as a duplicate and nothing is done. What is refused is entered too, with
    the place, and takes no number.

    Raises
    ------
    InputError
        If it is no parcel, of nobody known, tampered with, out of its order, or a row is wrong.
    """
    found = _opened(content)
    target = _target(found)
    entry = _entry(actor, target, found, now)
    require(actor, "import", thing_of(entry))
    try:
        parcel.read(content, secret_of(target.code), must_sign=bool(secret_of(target.code)))
        return _taken(actor, entry, found, payloads, handlers, content)
    except InputError as error:
        entry.pk, entry.revision, entry.sequence = None, 0, None
        entry.number = _number(target, "refused")
        entry.state, entry.fault, entry.ended = "refused", error.as_dict(), now
        act(actor, entry, "refuse", error.key)
        raise


def _opened(content: bytes) -> parcel.Parcel:
    return parcel.read(content)


def _target(found: parcel.Parcel) -> Target:
    code = str(found.manifest["target"])[:40]
    target = Target.objects.select_related("region").filter(code=code, active=True).first()
    if target is None:
        raise InputError("exchange.no_target", column="target", value=code)
    return target


def _entry(actor: Actor, target: Target, found: parcel.Parcel, now: datetime) -> Exchange:
    manifest = found.manifest
    return Exchange(
        number=f"{target.code}-in-{manifest['sequence']:06d}",
        target=target,
        direction="in",
        payload=manifest["payload"][:40],
        purpose=manifest["purpose"][:300],
        basis=target.basis,
        sequence=manifest["sequence"],
        rows=len(found.rows),
        columns=[str(one)[:100] for one in manifest["columns"]],
        name=f"{target.code}-in-{manifest['sequence']:06d}.zip",
        size=found.size,
        sha256=found.sha256,
        sm3=found.sm3,
        state="received",
        actor=actor.code,
        begun=now,
        simulated=target.simulated,
    )


def _taken(
    actor: Actor,
    entry: Exchange,
    found: parcel.Parcel,
    payloads: Mapping[str, Payload],
    handlers: Mapping[str, Handler],
    content: bytes,
) -> Exchange:
    with transaction.atomic():
        target = (
            Target.objects.select_for_update(of=("self",)).select_related("region").get(pk=entry.target.pk)
        )
        known = Exchange.objects.filter(target=target, direction="in", sha256=entry.sha256, state="received")
        if known.exists():
            return _duplicate(actor, entry)
        _in_order(target, found)
        payload = _payload(target, entry.payload, payloads)
        rows = inward(payload, found.rows)
        keep(content, entry.sha256)
        handler = acknowledge if payload is ACKNOWLEDGEMENT else handlers[payload.name]
        entry.outcome = dict(handler(actor, target, rows, entry.begun))
        entry.ended = entry.begun
        target.received = found.manifest["sequence"]
        act(SYSTEM, target, "number", entry.number)
        act(actor, entry, "receive", entry.payload)
    return entry


def _duplicate(actor: Actor, entry: Exchange) -> Exchange:
    entry.number, entry.sequence = _number(entry.target, "duplicate"), None
    entry.state, entry.ended = "duplicate", entry.begun
    return act(actor, entry, "duplicate", entry.payload)  # type: ignore[no-any-return]


def _number(target: Target, word: str) -> str:
    count = Exchange.objects.filter(number__startswith=f"{target.code}-{word}-").count() + 1
    return f"{target.code}-{word}-{count:06d}"


def _in_order(target: Target, found: parcel.Parcel) -> None:
    given, expected = found.manifest["sequence"], target.received + 1
    if given != expected:
        key = "exchange.gap" if given > expected else "exchange.old"
        raise InputError(key, column="sequence", value=given, expected=str(expected))


def _payload(target: Target, name: str, payloads: Mapping[str, Payload]) -> Payload:
    if name == ACKNOWLEDGEMENT.name:
        return ACKNOWLEDGEMENT
    if name not in target.payloads or name not in payloads or payloads[name].direction != "in":
        expected = ", ".join(
            one for one in target.payloads if one in payloads and payloads[one].direction == "in"
        )
        raise InputError("exchange.not_agreed", column="payload", value=name, expected=expected)
    return payloads[name]


def acknowledge(
    actor: Actor, target: Target, rows: Sequence[Mapping[str, Any]], now: datetime
) -> dict[str, Any]:
    """Note what the other side says of our parcels; InputError with the row that names none of ours."""
    done = 0
    for number, row in enumerate(rows, 1):
        entry = Exchange.objects.filter(target=target, direction="out", sequence=row["sequence"]).first()
        if entry is None or entry.sm3 != row["sm3"]:
            raise InputError("exchange.not_ours", row=number, column="sequence", value=row["sequence"])
        entry.acknowledged, entry.next_try = now, None
        entry.state = "acknowledged" if row["result"] == "received" else "refused"
        entry.outcome = {**entry.outcome, "answer": row["words"] or ""}
        act(actor, entry, "acknowledge", str(row["result"]))
        done += 1
    return {"acknowledged": done}


def acknowledgement_of(entry: Exchange) -> bytes:
    """Return the parcel by which we tell the other side what became of its own.

    It bears the number of the parcel that it answers, so that it can be made again and is the same.
    """
    if entry.direction != "in" or entry.sequence is None:
        raise InputError("exchange.not_now", value=entry.number)
    row = {"sequence": entry.sequence, "sm3": entry.sm3, "result": "received", "words": ""}
    manifest = {
        "target": entry.target.code,
        "sender": "huanzhi",
        "direction": "out",
        "payload": ACKNOWLEDGEMENT.name,
        "purpose": ACKNOWLEDGEMENT.purpose,
        "sequence": entry.sequence,
        "made": stamp(entry.begun),
        "columns": ACKNOWLEDGEMENT.columns,
    }
    return parcel.build(manifest, [row], secret_of(entry.target.code))
