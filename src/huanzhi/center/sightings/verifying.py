"""Verifying 核查: handed to somebody, then confirmed, which opens an issue, or dismissed with a reason."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from huanzhi.center.issues import evidence
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.center.sightings.models import Shot, Sighting
from huanzhi.center.sightings.settings import checked, settings
from huanzhi.errors import InputError
from huanzhi.library.people.models import Person
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.trail.chain import append

OPEN = ("new", "assigned")
TEN_YEARS = timedelta(days=3653)
"""Farther off no clock of a device in use is. Ours."""


@dataclass(frozen=True, slots=True)
class ShotIn:
    """A photo that will follow."""

    client: str
    name: str
    sha256: str = ""
    size: int = 0
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """What was found there.

    Attributes
    ----------
    confirmed : bool
        The problem is there; else `ground` says why not.
    at, sent : datetime
        By the clock of the device.
    """

    client: str
    confirmed: bool
    at: datetime
    sent: datetime
    title: str = ""
    category: str = ""
    level: str = "general"
    words: str = ""
    ground: str = ""
    lon: float | None = None
    lat: float | None = None
    shots: Sequence[ShotIn] = ()


def assign(actor: Actor, spot: Sighting, person: str, due: date | None, reason: str = "") -> Sighting:
    """Hand a spot to somebody for verification.

    Raises
    ------
    InputError
        ``sightings.closed``, ``issues.no_person``, or what rights and revision refuse.
    """
    require(actor, "command", thing_of(spot))
    _still_open(spot)
    spot.person = Person.objects.filter(code=person).first()
    if spot.person is None:
        raise InputError("issues.no_person", column="person", value=person)
    spot.state, spot.due = "assigned", due
    save(actor, spot, reason)
    return spot


def verify(actor: Actor, spot: Sighting, visit: Visit, now: datetime) -> Sighting:
    """Take in what was found at a spot; the same visit again is the same.

    A spot that somebody else has settled meanwhile is refused as stale, so that the device shows both.

    Raises
    ------
    InputError
        ``sightings.closed`` (412), ``sightings.ground`` where a dismissal has none, or what rights refuse.
    """
    if spot.visit.get("client") == visit.client:
        return spot
    _still_open(spot)
    require(actor, "change", thing_of(spot))
    for moment in (visit.at, visit.sent, *(one.taken_at for one in visit.shots if one.taken_at)):
        if abs(moment - now) > TEN_YEARS:
            raise InputError("patrols.times", value=moment.isoformat())
    if visit.at > visit.sent:
        raise InputError("patrols.times", column="at", value=visit.at.isoformat())
    with transaction.atomic():
        if visit.confirmed:
            issue = open_issue(actor, _draft(spot, visit), now=now)
            spot.issue, spot.state, spot.ground = issue.number, "confirmed", ""
        else:
            spot.state, spot.ground = "dismissed", _ground(visit)
        spot.result, spot.verified_at, spot.verified_by = visit.words, now, actor.code
        spot.visit = _told(visit, now)
        save(actor, spot, visit.words[:2000])
        for one in visit.shots:
            Shot(
                sighting=spot,
                client=one.client,
                name=evidence.clean_name(one.name),
                told=one.sha256.lower(),
                size=one.size,
                taken_at=one.taken_at,
                lon=one.lon,
                lat=one.lat,
                accuracy=one.accuracy,
            ).save()
    return spot


def _still_open(spot: Sighting) -> None:
    if spot.state not in OPEN:
        raise InputError("sightings.closed", value=spot.code, state=settings()["state"][spot.state]["zh"])


def _ground(visit: Visit) -> str:
    if not visit.ground or not visit.words.strip():
        raise InputError("sightings.ground", column="ground")
    return checked("ground", visit.ground, "ground")


def _told(visit: Visit, now: datetime) -> dict[str, Any]:
    return {
        "client": visit.client,
        "at": visit.at.isoformat(),
        "sent": visit.sent.isoformat(),
        "clock_s": round((visit.sent - now).total_seconds(), 1),
        "lon": visit.lon,
        "lat": visit.lat,
    }


def _draft(spot: Sighting, visit: Visit) -> Draft:
    measured = {"value": spot.value, "unit": spot.unit} if spot.value else {}
    return Draft(
        visit.title or spot.name or spot.code,
        visit.category or spot.category,
        spot.channel,
        spot.region_id,
        "\n".join(part for part in (spot.words, visit.words) if part),
        visit.level,
        parameter=spot.parameter,
        source_ref=spot.code,
        lon=spot.lon,
        lat=spot.lat,
        since=spot.seen_at,
        facts={"sighting": spot.code, "source": spot.source, "area_m2": spot.area_m2, **measured},
        simulated=spot.simulated,
    )


def upload(actor: Actor, spot: Sighting, client: str, content: bytes, now: datetime) -> Shot:
    """Keep the bytes of a photo that a visit told of; of a confirmed spot it is evidence of the issue.

    Raises
    ------
    InputError
        ``patrols.no_file`` if no such photo was told of, ``receipts.digest`` if the bytes are others.
    """
    require(actor, "change", thing_of(spot))
    with transaction.atomic():
        shot = Shot.objects.select_for_update().filter(sighting=spot, client=client).first()
        if shot is None:
            raise InputError("patrols.no_file", value=client)
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 != (shot.sha256 or shot.told or sha256) or not content:
            raise InputError("receipts.digest", value=sha256, expected=shot.sha256 or shot.told)
        if shot.sha256:
            return shot
        evidence.keep(content, sha256)
        shot.sha256, shot.sm3 = sha256, hashlib.new("sm3", content).hexdigest()
        shot.size, shot.arrived = len(content), now
        shot.save()
        append(actor, "attach", Sighting.KIND, spot.code, after=shot.told_row())
        if spot.issue:
            issue = Issue.objects.get(number=spot.issue)
            evidence.attach(
                actor, issue, content, shot.name, "photo", shot.taken_at, shot.lon, shot.lat, now=now
            )
    return shot


def rates(rows: Iterable[Mapping[str, Any]], by: str) -> list[dict[str, Any]]:
    """Return the hit rate 命中率 by source, channel, category or region: confirmed of what was verified.

    A spot that could not be reached is verified by nobody and counts as waiting.
    """
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        code = str(row[by] or "")
        told = found.setdefault(
            code, {"code": code, "spots": 0, "waiting": 0, "confirmed": 0, "dismissed": 0}
        )
        told["spots"] += 1
        settled = row["state"] if row["ground"] != "unreachable" else "waiting"
        told[settled if settled in ("confirmed", "dismissed") else "waiting"] += 1
    for told in found.values():
        verified = told["confirmed"] + told["dismissed"]
        told["rate"] = round(told["confirmed"] / verified, 4) if verified else None
    return sorted(found.values(), key=lambda told: (-told["spots"], told["code"]))
