"""Sending 送出: parcel, number and entry are durable first; then it leaves; then the entry says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.db.models import Q

from huanzhi.errors import HuanzhiError, InputError
from huanzhi.library.home import home_folder
from huanzhi.library.kept import keep, read, write_whole
from huanzhi.library.records.acting import act
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of
from huanzhi.network.exchange import parcel
from huanzhi.network.exchange.keys import secret_of
from huanzhi.network.exchange.mapping import Payload, outward
from huanzhi.network.exchange.models import Exchange, Target
from huanzhi.network.exchange.pushing import push
from huanzhi.network.exchange.settings import settings
from huanzhi.standards.periods import CHINA, stamp

SENDER = "huanzhi"
Rows = Sequence[Mapping[str, Any]]


def send(actor: Actor, target: Target, payload: Payload, rows: Rows, now: datetime) -> Exchange:
    """Send rows of a payload to a target.

    Raises
    ------
    InputError
        If the actor may not, the target does not take this payload, or a row cannot be said in its fields.
    """
    entry = prepare(actor, target, payload, outward(payload, rows), now)
    return deliver(entry, now)


def prepare(actor: Actor, target: Target, payload: Payload, rows: Rows, now: datetime) -> Exchange:
    """Keep a parcel with its sequence number and its entry of the log; durable on return."""
    if not target.active or payload.name not in target.payloads:
        raise InputError("exchange.not_agreed", column="payload", value=payload.name, expected=target.name)
    with transaction.atomic():
        held = Target.objects.select_for_update(of=("self",)).select_related("region").get(pk=target.pk)
        entry = _entry(actor, held, payload, len(rows), now)
        require(actor, "export", thing_of(entry))
        content = parcel.build(_manifest(entry, payload), rows, secret_of(held.code))
        found = parcel.read(content)
        entry.sha256, entry.sm3, entry.size = found.sha256, found.sm3, found.size
        keep(content, found.sha256)
        held.sent = entry.sequence
        act(SYSTEM, held, "number", entry.number)
        act(actor, entry, "prepare", payload.purpose)
    target.refresh_from_db()
    return entry


def _entry(actor: Actor, target: Target, payload: Payload, rows: int, now: datetime) -> Exchange:
    sequence = target.sent + 1
    name = f"{target.code}-{sequence:06d}-{payload.name}.zip"
    return Exchange(
        number=f"{target.code}-out-{sequence:06d}",
        target=target,
        direction="out",
        payload=payload.name,
        purpose=payload.purpose,
        basis=payload.basis or target.basis,
        sequence=sequence,
        rows=rows,
        columns=payload.columns,
        name=name,
        state="prepared",
        actor=actor.code,
        begun=now,
        next_try=now,
        simulated=target.simulated,
    )


def _manifest(entry: Exchange, payload: Payload) -> dict[str, Any]:
    return {
        "target": entry.target.code,
        "sender": SENDER,
        "direction": "out",
        "payload": payload.name,
        "purpose": payload.purpose,
        "basis": entry.basis,
        "sequence": entry.sequence,
        "made": stamp(entry.begun),
        "columns": payload.columns,
        "simulated": entry.simulated,
    }


def deliver(entry: Exchange, now: datetime) -> Exchange:
    """Let a parcel leave, and say so; it may be done again at any time and leaves the same bytes."""
    content = bytes_of(entry)
    entry.attempts += 1
    try:
        entry.outcome = _leave(entry, content, now)
    except HuanzhiError as error:
        entry.state, entry.fault = "failed", error.as_dict()
        entry.next_try = _next(entry.attempts, now)
        return act(SYSTEM, entry, "fail", error.key)  # type: ignore[no-any-return]
    entry.state, entry.ended, entry.next_try, entry.fault = "sent", now, None, {}
    return act(SYSTEM, entry, "send")  # type: ignore[no-any-return]


def _leave(entry: Exchange, content: bytes, now: datetime) -> dict[str, Any]:
    if entry.target.way == "file":
        write_whole(out_folder(entry.target) / entry.name, content)
        return {"file": entry.name}
    told = {"target": entry.target.code, "sequence": entry.sequence, "sm3": entry.sm3, "sha256": entry.sha256}
    return push(entry.target.address, content, told, secret_of(entry.target.code), now.astimezone(CHINA))


def _next(attempts: int, now: datetime) -> datetime | None:
    """Return when it is tried again; None once it was tried often enough."""
    limits = settings()["push"]
    if attempts >= limits["attempts"]:
        return None
    waits = limits["wait_minutes"]
    return now + timedelta(minutes=waits[min(attempts, len(waits)) - 1])


def resume(now: datetime) -> dict[str, int]:
    """Deliver what was prepared and did not leave, and what failed and is due again."""
    done = {"sent": 0, "failed": 0}
    rows = Exchange.objects.filter(
        Q(state="prepared") | Q(state="failed", next_try__lte=now), direction="out"
    )
    for entry in rows.select_related("target__region").order_by("pk"):
        done["sent" if deliver(entry, now).state == "sent" else "failed"] += 1
    return done


def again(actor: Actor, entry: Exchange, now: datetime) -> Exchange:
    """Try once more to deliver what failed."""
    require(actor, "export", thing_of(entry))
    if entry.direction != "out" or entry.state not in ("failed", "prepared"):
        raise InputError("exchange.not_now", value=entry.number)
    return deliver(entry, now)


def bytes_of(entry: Exchange) -> bytes:
    """Return the bytes of a parcel as they were prepared, checked against their digest."""
    return read(SimpleNamespace(sha256=entry.sha256, name=entry.name))


def out_folder(target: Target, home: Path | None = None) -> Path:
    """Return the folder in which files for a target are laid down."""
    return home_folder(home) / "exchange" / "out" / target.code


def note_pull(actor: Actor, target: Target, payload: Payload, rows: Rows, now: datetime) -> Exchange:
    """Enter into the log that the other side read rows by itself."""
    count = Exchange.objects.filter(target=target, direction="pull").count() + 1
    entry = Exchange(
        number=f"{target.code}-pull-{count:06d}",
        target=target,
        direction="pull",
        payload=payload.name,
        purpose=payload.purpose,
        basis=payload.basis or target.basis,
        rows=len(rows),
        columns=payload.columns,
        state="sent",
        actor=actor.code,
        begun=now,
        ended=now,
        simulated=target.simulated,
    )
    require(actor, "export", thing_of(entry))
    return act(actor, entry, "pull", payload.purpose)  # type: ignore[no-any-return]
