"""What people do with a warning: mute its rule at its place, or release it, always with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta

from huanzhi.center.warnings.entering import note
from huanzhi.center.warnings.keeping import release
from huanzhi.center.warnings.models import Mute, Warning
from huanzhi.center.warnings.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor
from huanzhi.standards.periods import CHINA


def release_by_hand(actor: Actor, row: Warning, reason: str, now: datetime) -> Warning:
    """Release a warning; if its signs go on it rises anew.

    Raises
    ------
    InputError
        ``warnings.not_open``, ``warnings.needs_reason``, or what rights and revision refuse.
    """
    if row.state != "open":
        raise InputError("warnings.not_open", value=row.code)
    release(row, now, _reasoned(reason), actor)
    return row


def mute(actor: Actor, row: Warning, until: datetime, reason: str, now: datetime) -> Mute:
    """Mute the rule of a warning at its place until a moment; what it sees is kept and opens no issue.

    Raises
    ------
    InputError
        ``warnings.mute_until``, ``warnings.needs_reason``, or what rights refuse.
    """
    days = settings()["mute"]["most_days"]
    if not now < until <= now + timedelta(days=days):
        raise InputError("warnings.mute_until", column="until", value=until.isoformat(), days=days)
    made = Mute(
        code=f"{row.rule}|{row.subject}|{now:%Y%m%dT%H%M%S%f}",
        rule=row.rule,
        subject=row.subject,
        region=row.region,
        until=until,
        reason=_reasoned(reason),
        muted_by=actor.code,
        simulated=row.simulated,
    )
    save(actor, made, reason)
    row.muted = True
    save(actor, row, reason)
    note(row, "muted", actor, now, {"until": until.isoformat()}, reason)
    return made


def _reasoned(reason: str) -> str:
    if not reason.strip():
        raise InputError("warnings.needs_reason", column="reason")
    return reason.strip()


def step_done(actor: Actor, row: Warning, name: str, words: str, now: datetime) -> Warning:
    """Note that a step after a warning was taken.

    Raises
    ------
    InputError
        ``warnings.no_step`` where there is none of that name, or it was taken already.
    """
    found = next((one for one in row.steps if one["name"] == name and not one.get("done")), None)
    if found is None:
        raise InputError("warnings.no_step", value=name)
    moment = now.astimezone(CHINA).isoformat(timespec="seconds")
    done = {"done": moment, "by": actor.code, "words": words.strip()}
    row.steps = [{**one, **done} if one["name"] == name else one for one in row.steps]
    save(actor, row, words)
    note(row, "step", actor, now, {"step": name}, words)
    return row
