"""Opening 立项: a draft of any channel becomes an issue with a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from huanzhi.center.issues import clocks
from huanzhi.center.issues.duplicates import note_likeness
from huanzhi.center.issues.models import Counter, Issue
from huanzhi.center.issues.settings import checked
from huanzhi.center.issues.writing import write
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise, Outlet
from huanzhi.library.places.models import Point, Region, Section, Station, Well
from huanzhi.library.records.stepping import Move
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.standards.periods import CHINA

_PLACES = (Outlet, Station, Section, Well, Point)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known when a problem is found; never who told of it.

    Attributes
    ----------
    region : str
        Code; that of the place or the enterprise where it is empty.
    place, parameter, enterprise : str
        Codes.
    source_ref : str
        What raised it, as the channel names it; a second draft with the same gives the same issue.
    sensor : bool
        A sensor raised it.
    facts : mapping
        What was seen: ``value``, ``unit``, ``limit``, ``side`` (max or min), ``period``, ``why``, …
    """

    title: str
    category: str
    channel: str
    region: str = ""
    words: str = ""
    level: str = "general"
    place: str = ""
    place_name: str = ""
    parameter: str = ""
    enterprise: str = ""
    source_ref: str = ""
    lon: float | None = None
    lat: float | None = None
    since: datetime | None = None
    sensor: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)
    simulated: bool = False


def open_issue(
    actor: Actor, draft: Draft, reason: str = "", *, now: datetime | None = None, parent: Issue | None = None
) -> Issue:
    """Open an issue; if one was opened from the same source before, return that.

    Parameters
    ----------
    parent : Issue, optional
        Issue from which this one is split off.

    Raises
    ------
    InputError
        If the actor may not, or the draft names what is not known.
    """
    now = now or datetime.now(UTC)
    with transaction.atomic():
        made = _issue(actor, draft, now, parent)
        require(actor, "create", thing_of(made))
        known = _known(draft)
        if known is not None:
            return known
        made.number = _number(now.astimezone(CHINA).date())
        clocks.start(made, now)
        outputs = {"channel": draft.channel, "source_ref": draft.source_ref}
        write(actor, made, Move("open", None, outputs, reason, now))
        note_likeness(made)
    return made


def _known(draft: Draft) -> Issue | None:
    if not draft.source_ref:
        return None
    return Issue.objects.filter(channel=draft.channel, source_ref=draft.source_ref).first()


def _issue(actor: Actor, draft: Draft, now: datetime, parent: Issue | None) -> Issue:
    checked("category", draft.category, "category")
    checked("channel", draft.channel, "channel")
    if not draft.title.strip():
        raise InputError("issues.no_title")
    place, owner = _place(draft.place), _enterprise(draft.enterprise)
    owner = owner or getattr(place, "enterprise", None)
    near = place or owner
    return Issue(
        title=draft.title.strip()[:200],
        words=draft.words,
        category=draft.category,
        channel=draft.channel,
        source_ref=draft.source_ref,
        level=draft.level,
        region=_region(draft.region, near),
        lon=draft.lon if draft.lon is not None else getattr(near, "lon", None),
        lat=draft.lat if draft.lat is not None else getattr(near, "lat", None),
        place=draft.place,
        place_name=draft.place_name or getattr(place, "name", ""),
        parameter=draft.parameter,
        enterprise=owner.code if owner else draft.enterprise,
        enterprise_name=owner.name if owner else "",
        sensor=draft.sensor,
        facts=dict(draft.facts),
        opened_by=actor.code or "anyone",
        opened=now,
        entered=now,
        since=draft.since,
        noticed_before=None if draft.since is None else max(0, int((now - draft.since).total_seconds())),
        split_from=parent,
        simulated=draft.simulated or bool(near and near.simulated),
    )


def _place(code: str) -> Any:
    if not code:
        return None
    for model in _PLACES:
        found: Any = model._default_manager.filter(code=code).first()
        if found is not None:
            return found
    return None


def _enterprise(code: str) -> Enterprise | None:
    return Enterprise.objects.filter(code=code).first() if code else None


def _region(code: str, near: Any) -> Region:
    wanted = code or (near.region_id if near is not None else "")
    found = Region.objects.filter(pk=wanted).first()
    if found is None:
        raise InputError("issues.no_region", value=wanted or None)
    return found


def _number(day: date) -> str:
    Counter.objects.get_or_create(day=day)
    counter = Counter.objects.select_for_update().get(day=day)
    counter.last += 1
    counter.save()
    return f"HZ-{day:%Y%m%d}-{counter.last:04d}"
