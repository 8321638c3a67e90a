"""Bounties 悬赏 and honours 褒扬: written, published, claimed, closed."""

from __future__ import annotations

from datetime import date, datetime

from huanzhi.center.rewards.amounts import bounty_most
from huanzhi.center.rewards.awarding import next_code
from huanzhi.center.rewards.models import Bounty, Honour
from huanzhi.center.rewards.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor

STEPS = {
    "publish": ("draft", "open"),
    "claim": ("open", "claimed"),
    "close": ("open", "closed"),
    "pay": ("claimed", "closed"),
}
"""Steps of a bounty: from which state to which."""


def write(
    actor: Actor, title: str, words: str, region: str, amount: int, until: date | None, now: datetime
) -> Bounty:
    """Write a bounty; it is a draft until it is published.

    Raises
    ------
    InputError
        ``rewards.beyond`` if it is more than the place allows.
    """
    most, confidence = bounty_most(region)
    if not 1 <= amount <= most:
        raise InputError("rewards.beyond", column="amount", value=amount, expected=f"≤ {most}")
    made = Bounty(code=next_code(Bounty, "XS", now), title=title.strip(), words=words.strip(), amount=amount)
    made.region, made.until, made.confidence = _region(region), until, confidence
    save(actor, made)
    return made


def step(actor: Actor, bounty: Bounty, name: str, petition: str = "") -> Bounty:
    """Take a step of a bounty.

    Raises
    ------
    InputError
        ``rewards.not_now``, ``rewards.choice``.
    """
    if name not in STEPS:
        raise InputError("rewards.choice", column="step", value=name, expected=", ".join(STEPS))
    before, after = STEPS[name]
    if bounty.state != before:
        raise InputError("rewards.not_now", value=bounty.state, expected=before)
    bounty.state, bounty.sensitivity = after, "public"
    bounty.petition = petition or bounty.petition
    save(actor, bounty, name)
    return bounty


def honour(
    actor: Actor, name: str, kind: str, deed: str, day: date, region: str, now: datetime, *, public: bool
) -> Honour:
    """Commend somebody who agreed to be named."""
    if kind not in settings()["honour_kind"]:
        raise InputError(
            "rewards.choice", column="kind", value=kind, expected=", ".join(settings()["honour_kind"])
        )
    made = Honour(code=next_code(Honour, "BY", now), name=name.strip(), kind=kind, deed=deed.strip(), day=day)
    made.region, made.sensitivity = _region(region), "public" if public else "internal"
    save(actor, made)
    return made


def _region(code: str) -> Region:
    found = Region.objects.filter(pk=code).first()
    if found is None:
        raise InputError("petitions.no_region", column="region", value=code)
    return found
