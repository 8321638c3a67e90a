"""Raising 触发: what regular work over the store has found becomes warnings, holds them, and lets them end.

A rule sees a subject once: as long as it is seen the warning stands, and it ends when the rule has not seen
it for as long as its table says. A colour only rises while the warning stands. The
same work may be done twice without harm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from huanzhi.center.warnings.answering import owe
from huanzhi.center.warnings.entering import enter, rise
from huanzhi.center.warnings.keeping import release
from huanzhi.center.warnings.models import Warning
from huanzhi.center.warnings.places import where
from huanzhi.center.warnings.settings import (
    higher,
    level_of_colour,
    levels,
    replies,
    rule_table,
    settings,
)
from huanzhi.center.warnings.switches import is_on
from huanzhi.center.watching.facts import Facts
from huanzhi.library.calendar import Duration, known_end
from huanzhi.library.places.models import Region
from huanzhi.standards.periods import CHINA, stamp

NOWHERE = Facts({})


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has found.

    Attributes
    ----------
    place : str
        Code of a feature; empty for what concerns a region.
    subject : str
        What it is about, where that is not the place.
    facts : mapping
        Figures.
    judged : mapping
        What a rulebook said; ``words`` holds texts by language for the sentence of the reason.
    """

    rule: str
    place: str
    since: datetime
    parameters: tuple[str, ...] = ()
    value: float | None = None
    limit: float | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    subject: str = ""
    version: str = ""
    colour: str = ""
    level: str = ""
    title: str = ""
    judged: Mapping[str, Any] = field(default_factory=dict)
    region: Region | None = None
    simulated: bool = False


def raise_or_hold(finding: Finding, now: datetime) -> Warning | None:
    """Raise the warning of a finding, or let the one that stands go on; None where its rule is off there."""
    subject = finding.subject or finding.place
    row = Warning.objects.filter(rule=finding.rule, subject=subject, state="open").first()
    if row is not None:
        return _held(row, finding, now)
    made = _row(finding, subject, now)
    if not is_on(made.rule, made.region) or Warning.objects.filter(code=made.code).exists():
        return None
    return enter(made, now)


def _held(row: Warning, finding: Finding, now: datetime) -> Warning:
    row.last = now
    if not _worse(finding.colour, row.colour):
        Warning.objects.filter(pk=row.pk).update(last=now)
        return row
    row.judged, row.facts = dict(finding.judged), dict(finding.facts)
    row.value, row.limit = finding.value, finding.limit
    row.version = finding.version or row.version
    rise(row, now, level_of_colour(finding.colour), finding.colour)
    if not row.muted and row.storm_id is None:
        owe(row, now)
    return row


def _worse(one: str, other: str) -> bool:
    order = list(settings()["colours"])
    return one in order and (other not in order or order.index(one) > order.index(other))


def release_unseen(rule: str, seen: Iterable[str], now: datetime, looked: Iterable[str] | None = None) -> int:
    """End the warnings of a rule whose subjects were not seen for as long as its table says.

    Parameters
    ----------
    looked : iterable of str, optional
        Subjects that could be looked at; where nothing was known of a subject its warning stays.
    """
    minutes = rule_table(rule).get("release", 60)
    rows = Warning.objects.filter(rule=rule, state="open", last__lt=now - timedelta(minutes=minutes))
    if looked is not None:
        rows = rows.filter(subject__in=list(looked))
    gone = [row for row in rows if row.subject not in set(seen)]
    for row in gone:
        release(row, now)
    return len(gone)


def _row(finding: Finding, subject: str, now: datetime) -> Warning:
    known = where(finding.place or subject, NOWHERE)
    table = rule_table(finding.rule)
    level = finding.level or str(table["level"])
    if finding.colour:
        level = higher(level_of_colour(finding.colour), levels()[0])
    row = Warning(
        code=code_of(finding.rule, subject, finding.since),
        rule=finding.rule,
        version=finding.version or str(settings()["version"]),
        title=finding.title,
        place=finding.place,
        place_name=known.name if finding.place else "",
        subject=subject,
        enterprise=known.enterprise,
        organisation=known.organisation,
        region=finding.region or known.region,
        lon=known.lon,
        lat=known.lat,
        parameter=finding.parameters[0] if finding.parameters else "",
        parameters=list(finding.parameters),
        value=finding.value,
        limit=finding.limit,
        facts=dict(finding.facts),
        suspects=[known.enterprise] if known.enterprise else [],
        level=level,
        colour=finding.colour,
        judged=dict(finding.judged),
        since=finding.since,
        last=now,
        simulated=known.simulated or finding.simulated,
    )
    row.steps = steps(str(table.get("steps", "")), now)
    return row


def steps(name: str, now: datetime) -> list[dict[str, Any]]:
    """Return the steps after a warning with their terms; a term without known holidays has no end."""
    table = replies()["steps"].get(name, {"step": []})
    return [{**one, "due": _due(one, now), "confidence": table["confidence"]} for one in table["step"]]


def _due(one: Mapping[str, Any], now: datetime) -> str | None:
    end, _ = known_end(now, Duration(one["number"], one["unit"]))
    return stamp(end)


def code_of(rule: str, subject: str, since: datetime) -> str:
    """Return the code of a warning: the same rule, subject and first moment give the same one."""
    text = f"{rule}|{subject}|{int(since.timestamp())}"
    number = int(hashlib.blake2b(text.encode(), digest_size=8).hexdigest(), 16) % 10**8
    return f"YJ-{since.astimezone(CHINA):%Y%m%d}-{number:08d}"
