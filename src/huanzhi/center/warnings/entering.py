"""Entering 登记: the one way in which a warning is kept: muted, folded, told, answered for, made an issue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.center.warnings.answering import owe
from huanzhi.center.warnings.models import Change, Mute, Warning
from huanzhi.center.warnings.settings import category, higher, rule_table, settings
from huanzhi.center.warnings.words import title, why
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.standards.parameters import all_parameters


def enter(row: Warning, now: datetime) -> Warning:
    """Keep a new warning: muted or folded where it is, with its reply owed and its issue opened."""
    with transaction.atomic():
        row.muted = is_muted(row, now)
        row.storm = _head(row, now)
        if not rule_table(row.rule).get("told"):
            row.organisation = row.organisation if not row.enterprise else ""
        save(SYSTEM, row, title(row.rule, "zh"))
        note(row, "raised", SYSTEM, now, {"level": row.level, "colour": row.colour})
        if row.storm is not None and row.storm.issue:
            row.issue = row.storm.issue
            save(SYSTEM, row)
        elif row.storm is None and not row.muted:
            if rule_table(row.rule)["issue"]:
                open_for(SYSTEM, row, now)
            owe(row, now)
    return row


def note(
    row: Warning,
    kind: str,
    actor: Actor,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    words: str = "",
) -> None:
    """Write down what has happened to a warning."""
    Change.objects.create(
        warning=row, kind=kind, actor=actor.code, at=now, facts=dict(facts or {}), words=words
    )


def rise(row: Warning, now: datetime, level: str = "", colour: str = "", actor: Actor = SYSTEM) -> None:
    """Raise the level of a warning, or give it another colour, and say so in its history."""
    before = {"from": row.level, "from_colour": row.colour}
    row.level = higher(row.level, level) if level else row.level
    row.colour = colour or row.colour
    save(actor, row)
    note(row, "level", actor, now, {**before, "level": row.level, "colour": row.colour})


def is_muted(row: Warning, now: datetime) -> bool:
    """Return whether the rule of a warning is muted at its subject."""
    return Mute.objects.filter(rule=row.rule, subject=row.subject, until__gt=now).exists()


def _head(row: Warning, now: datetime) -> Warning | None:
    """Return the warning that stands for this one: of the same owner, or of the same storm."""
    if not rule_table(row.rule).get("fold", True):
        return None
    table = settings()["storm"]
    heads = Warning.objects.filter(storm=None, muted=False, rule__in=_standing_for_others())
    owner = row.enterprise or row.subject
    fresh = Q(state="open") | Q(last__gt=now - timedelta(minutes=table["same_owner"]))
    same = heads.filter(fresh, Q(enterprise=owner) | Q(subject=owner)).order_by("since", "pk").first()
    if same is not None or row.rule not in table["rules"]:
        return same
    begun = heads.filter(rule=row.rule, since__gt=now - timedelta(minutes=table["within"]))
    return begun.order_by("since", "pk").first() if begun.count() + 1 >= table["least"] else None


def _standing_for_others() -> list[str]:
    """Return the rules whose warnings may stand for others: those that open an issue: none is lost."""
    return [rule for rule, table in settings()["rule"].items() if table["issue"]]


def open_for(actor: Actor, row: Warning, now: datetime) -> None:
    """Open the issue of a warning; what lies in no region that the library knows waits for the register."""
    if row.region is None:
        return
    row.issue = open_issue(actor, draft_of(row), now=now).number
    save(SYSTEM, row, row.issue)
    note(row, "issue", actor, now, {"issue": row.issue})


def draft_of(row: Warning) -> Draft:
    """Return the draft of the issue of a warning."""
    sensor = bool(rule_table(row.rule).get("sensor", True)) and bool(row.place)
    return Draft(
        title=f"{row.place_name or row.place}：{row.title or title(row.rule, 'zh')}",
        words=why(row, "zh"),
        category=category(row.rule, row.parameter.startswith("a")),
        channel="warning",
        region=row.region.code if row.region else "",
        place=row.place if sensor else "",
        place_name=row.place_name,
        parameter=row.parameter,
        enterprise=row.enterprise,
        source_ref=row.code,
        lon=row.lon,
        lat=row.lat,
        since=row.since,
        sensor=sensor,
        facts=_facts(row),
        simulated=row.simulated,
    )


def _facts(row: Warning) -> dict[str, object]:
    known = all_parameters().get(row.parameter)
    shown = {"value": row.value, "limit": row.limit, "unit": known.unit if known else ""}
    more = {"rule": row.rule, "version": row.version, "why": why(row, "zh"), "suspects": row.suspects}
    side = row.judged.get("side", "max")
    period = rule_table(row.rule).get("period", "instant")
    return {**shown, **more, "side": side, "period": period, "figures": row.facts}
