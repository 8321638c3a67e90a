"""Release of a ranking 排名发布: proposed by one person, published by another, and kept as it was published.

What is proposed is named with the digest of its rows. If the data change before the second person decides,
the ranking is another one and is not published; if they change later, the published one stays and the
difference shows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.proposals.kinds import register
from huanzhi.library.proposals.models import Proposal, State
from huanzhi.library.publications import releasing
from huanzhi.library.publications.models import Publication
from huanzhi.library.rights import Actor
from huanzhi.library.series import Store, open_store
from huanzhi.programmes.rankings.air import rank_air
from huanzhi.programmes.rankings.publishing import publish_bulletin, publish_release
from huanzhi.programmes.rankings.tables import air_payload
from huanzhi.programmes.rankings.water import rank_water
from huanzhi.programmes.rankings.water_tables import water_payload
from huanzhi.programmes.spans import parse_span

KIND = "publish_ranking"
SUBJECT = "ranking"
NAMED = ("medium", "period", "by", "region", "edition", "source", "weights")
"""What names a ranking."""

_DEFAULTS = {"region": "", "edition": "auto", "source": "auto", "weights": "equal"}


def named(payload: Mapping[str, Any]) -> dict[str, str]:
    """Return what names a ranking, with the usual words where nothing is said.

    Raises
    ------
    InputError
        If medium, period or kind of places is missing, or the period is none.
    """
    found = {name: str(payload.get(name) or _DEFAULTS.get(name, "")) for name in NAMED}
    for name in ("medium", "period", "by"):
        if not found[name]:
            raise InputError("books_api.release_needs", column=name)
    found["period"] = parse_span(found["period"]).code()
    return found


def subject_of(payload: Mapping[str, Any]) -> str:
    """Return the key of a ranking among proposals: ``air/2026-03/city///…``."""
    return "/".join(named(payload).values())


def payload_of(store: Store, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return a ranking for programs, with the digest of its rows."""
    span, region = parse_span(asked["period"]), asked["region"] or None
    options: dict[str, Any] = {"by": asked["by"], "region": region, "improvement": True}
    if asked["medium"] == "water":
        found = water_payload(rank_water(store, span, **options))
    else:
        options |= {name: asked[name] for name in ("edition", "source")}
        found = air_payload(rank_air(store, span, preset=asked["weights"], **options))
    document: dict[str, Any] = json.loads(json.dumps(found, ensure_ascii=False, default=str))
    return {**document, "digest": digest(document["rows"])}


def digest(rows: object) -> str:
    """Return the SHA-256 of the rows of a ranking."""
    plain = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def check(payload: Mapping[str, Any]) -> None:
    """Refuse a proposal that does not name a ranking, or its bulletin, and its digest."""
    if payload.get("publication"):
        releasing.check(payload)
        return
    named(payload)
    if not payload.get("digest"):
        raise InputError("books_api.release_needs", column="digest")


def publish(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Take the ranking again and keep it, if it is still the one that was proposed; its bulletin goes public.

    Raises
    ------
    InputError
        If the data have changed since.
    """
    if proposal.subject_kind == Publication.KIND:
        return publish_bulletin(actor, proposal)
    with open_store("read") as store:
        found = payload_of(store, named(proposal.payload))
        if found["digest"] != proposal.payload["digest"]:
            raise InputError("books_api.no_longer_the_same", value=proposal.subject)
        return {**found, "publication": publish_release(store, named(proposal.payload), proposal)}


def standing(payload: Mapping[str, Any]) -> Proposal | None:
    """Return the proposal that says how a ranking stands: the open one, else the one published last."""
    about = Proposal.objects.filter(sort=KIND, subject_kind=SUBJECT, subject=subject_of(payload))
    still_open: Proposal | None = about.filter(state=State.OPEN).order_by("-proposed").first()
    published: Proposal | None = about.filter(state=State.APPROVED).order_by("-decided").first()
    return still_open or published


register(KIND, publish, check, releasing.put_back)
