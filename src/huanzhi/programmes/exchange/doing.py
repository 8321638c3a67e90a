"""Doing exchanges: for people, for the command line, and for regular work."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.rights import Actor, require, thing_of, visible
from huanzhi.network.exchange import sending
from huanzhi.network.exchange.mapping import outward
from huanzhi.network.exchange.models import Exchange, Target
from huanzhi.network.exchange.receiving import receive
from huanzhi.programmes.exchange.handling import HANDLERS
from huanzhi.programmes.exchange.payloads import payload_of, payloads, rows_of
from huanzhi.standards.periods import CHINA


def target_of(actor: Actor, code: str) -> Target:
    """Return a target that somebody may see; InputError ``exchange.none`` otherwise."""
    rows = visible(actor, Target.KIND, Target.objects.select_related("region"))
    found: Target | None = rows.filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise InputError("exchange.none", column="target", value=code[:40])
    return found


def send(actor: Actor, target: Target, name: str, now: datetime) -> Exchange:
    """Send a payload to a target: what the sender himself may read of it."""
    require(actor, "export", thing_of(target))
    rows = rows_of(actor, name, target.region, day_of(now))
    return sending.send(actor, target, payload_of(name), rows, now)


def take(actor: Actor, content: bytes, now: datetime) -> Exchange:
    """Take a parcel of another system in."""
    return receive(actor, content, payloads(), HANDLERS, now)


def preview(actor: Actor, target: Target, name: str, now: datetime) -> list[dict[str, Any]]:
    """Return what would be sent, as the other side would read it; nothing leaves."""
    return outward(payload_of(name), rows_of(actor, name, target.region, day_of(now)))


def pulled(actor: Actor, target: Target, name: str, now: datetime) -> list[dict[str, Any]]:
    """Return a payload to the other side that asks for it by itself, and enter that into the log."""
    if not target.active or name not in target.payloads:
        raise InputError("exchange.not_agreed", column="payload", value=name, expected=target.name)
    require(actor, "export", thing_of(target))
    rows = preview(actor, target, name, now)
    sending.note_pull(actor, target, payload_of(name), rows, now)
    return rows


def resume() -> dict[str, int]:
    """Deliver what did not leave yet; regular work."""
    return sending.resume(datetime.now(UTC))


def day_of(now: datetime) -> date:
    """Return the day of a moment in China."""
    return now.astimezone(CHINA).date()
