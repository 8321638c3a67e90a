"""Intake 接报: what somebody told becomes a petition, and who told it is kept apart, sealed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from huanzhi.center.issues.settings import settings as issue_settings
from huanzhi.center.petitions import files, informants, terms
from huanzhi.center.petitions.masking import masked
from huanzhi.center.petitions.models import Counter, Informant, Petition
from huanzhi.center.petitions.sealing import fingerprint
from huanzhi.center.petitions.settings import checked, settings
from huanzhi.center.petitions.writing import CITIZEN, PERSONAL, write
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.checking import check
from huanzhi.library.rights import SYSTEM, Actor, require, thing_of
from huanzhi.standards.periods import CHINA

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10
"""Ten signs of 31: about 49 bits, and few tries are allowed."""

AUTOMATIC = ("system", "")


@dataclass(frozen=True, slots=True)
class Told:
    """What was told.

    Attributes
    ----------
    words, where, target, title : str
        As they were given; kept sealed, and masked for everybody else.
    informant : mapping
        ``name``, ``phone``, ``address``, ``identity``, ``contact``.
    external : str
        Number that the channel gave it; told twice, it is one petition.
    photos : sequence of (bytes, media)
    marked : sequence of str
        Passages that whoever takes it in marked to be masked, as names of third persons.
    """

    channel: str
    words: str
    category: str = "other"
    region: str = ""
    identity: str = "anonymous"
    title: str = ""
    where: str = ""
    target: str = ""
    enterprise: str = ""
    level: str = "general"
    urgent: str = ""
    external: str = ""
    lon: float | None = None
    lat: float | None = None
    received: datetime | None = None
    informant: Mapping[str, str] = field(default_factory=dict)
    photos: Sequence[tuple[bytes, str]] = ()
    marked: Sequence[str] = ()
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a petition was given.

    Its row, the code by which the informant follows it, and whether it is new.
    """

    petition: Petition
    code: str
    fresh: bool = True


def receive(actor: Actor, told: Told, *, now: datetime | None = None) -> Receipt:
    """Take in what was told.

    Parameters
    ----------
    actor : Actor
        The officer, who becomes handler of the informant; ``SYSTEM`` where a citizen tells it over the web.

    Raises
    ------
    InputError
        If the actor may not, or a word is not of the tables, or nothing was told.
    """
    now = now or datetime.now(UTC)
    if not told.words.strip():
        raise InputError("petitions.no_words", column="words")
    with transaction.atomic():
        known = _known(told)
        if known is not None:
            return Receipt(known, "", fresh=False)
        petition, code = _petition(told, actor, now), new_code()
        petition.number = _number(now.astimezone(CHINA).date())
        petition.query = digest_of(code, petition.number)
        before = _same(petition, told, now)
        petition.again = before + 1
        require(actor, "create", thing_of(petition))
        check(petition)
        petition.save()
        informants.keep(petition, _whole(told), () if actor.code in AUTOMATIC else (actor.code,))
        files.keep(petition, told.photos, now)
        terms.stepped(petition, "receive", now)
        by = CITIZEN if actor == SYSTEM and not told.simulated else actor
        write(by, petition, "", "receive", _outputs(petition), "", now)
    return Receipt(petition, code)


def _outputs(petition: Petition) -> dict[str, object]:
    return {"channel": petition.channel, "identity": petition.identity, "again": petition.again}


def _known(told: Told) -> Petition | None:
    if not told.external:
        return None
    return Petition.objects.filter(channel=told.channel, external=told.external).first()


def _petition(told: Told, actor: Actor, now: datetime) -> Petition:
    checked("channel", told.channel, "channel")
    checked("identity", told.identity, "identity")
    personal = {name: str(told.informant.get(name) or "") for name in PERSONAL[:-1]}
    personal["marked"] = "\n".join(told.marked)
    enterprise = Enterprise.objects.filter(code=told.enterprise).first() if told.enterprise else None
    region = _region(told, enterprise)
    where, target = masked(told.where.strip(), personal), masked(told.target.strip(), personal)
    office = Organisation.objects.filter(code=actor.organisation).first() if actor.organisation else None
    return Petition(
        channel=told.channel,
        external=told.external[:64],
        identity=told.identity,
        category=told.category,
        level=told.level,
        urgent=told.urgent,
        title=(masked(told.title.strip(), personal) or _title(told, where, region))[:200],
        words=masked(told.words.strip(), personal)[:8000],
        where=where[:300],
        target=(target or (enterprise.name if enterprise else ""))[:200],
        enterprise=enterprise.code if enterprise else "",
        region=region,
        organisation=office,
        lon=told.lon if told.lon is not None else getattr(enterprise, "lon", None),
        lat=told.lat if told.lat is not None else getattr(enterprise, "lat", None),
        received=told.received or now,
        simulated=told.simulated or region.simulated,
    )


def _title(told: Told, where: str, region: Region) -> str:
    words = issue_settings()["category"].get(told.category)
    return f"{where or region.name}：{words['zh'] if words else told.category}"


def _region(told: Told, enterprise: Enterprise | None) -> Region:
    wanted = told.region or (enterprise.region_id if enterprise is not None else "")
    found = Region.objects.filter(pk=wanted).first()
    if found is None:
        raise InputError("petitions.no_region", column="region", value=wanted or None)
    return found


def _whole(told: Told) -> dict[str, str]:
    own = {"title": told.title, "words": told.words, "where": told.where, "target": told.target}
    own["marked"] = "\n".join(told.marked)
    return {**{name: str(told.informant.get(name) or "") for name in PERSONAL[:-1]}, **own}


def _same(petition: Petition, told: Told, now: datetime) -> int:
    """Return how many petitions on the same matter the same informant made before."""
    same = informants.same_of({name: str(value or "") for name, value in told.informant.items()})
    if not same:
        return 0
    since = now - timedelta(days=settings()["alike"]["window_days"])
    earlier = Informant.objects.filter(same=same, petition__received__gte=since)
    alike = earlier.filter(petition__category=petition.category, petition__region=petition.region)
    return alike.count()


def new_code() -> str:
    """Return a code for the informant, random."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def digest_of(code: str, number: str) -> str:
    """Return the digest of a code as it is kept; nobody finds the code from it without the key."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return fingerprint(f"{number}|{plain}", "query")


def _number(day: date) -> str:
    Counter.objects.get_or_create(day=day)
    counter = Counter.objects.select_for_update().get(day=day)
    counter.last += 1
    counter.save()
    return f"XF-{day:%Y%m%d}-{counter.last:04d}"
