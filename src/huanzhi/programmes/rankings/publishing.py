"""Publishing a bulletin 通报发布: drafted from the store, published only if the store still says the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.publications.masking import refuse_personal
from huanzhi.library.publications.models import Publication
from huanzhi.library.publications.releasing import proposed, released
from huanzhi.library.publications.writing import Draft, draft
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.library.series import Store, open_store
from huanzhi.programmes.rankings.bulletins import SORTS, Asked, content
from huanzhi.standards.periods import CHINA


def draft_bulletin(
    actor: Actor, store: Store, asked: Asked, region: str, reason: str, now: datetime, issuer: str = ""
) -> Publication:
    """Draft the bulletin of a ranking; one that was published before is corrected by it, with the reason.

    Parameters
    ----------
    region : str
        Code of the region that it is about; empty for none.
    """
    made = content(store, asked, now.astimezone(CHINA).date(), issuer)
    return draft(actor, _given(asked, made, region, reason, issuer), now)


def _given(asked: Asked, made: Mapping[str, Any], region: str, reason: str, issuer: str) -> Draft:
    told = {name: getattr(asked, name) for name in Asked.__dataclass_fields__}
    return Draft(
        sort=SORTS[asked.medium],
        subject=asked.subject(),
        content=made,
        period=asked.period,
        region=region,
        asked={**told, "issuer": issuer},
        reason=reason,
        simulated=bool(made["zh"]["mark"]),
    )


def publish_bulletin(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Publish a bulletin, if the store gives the ranking that was proposed; `actor` is the second person.

    Raises
    ------
    InputError
        ``publications.changed_since``
    """
    held = proposed(proposal)
    with open_store("read") as store:
        if rows_of(store, held) != held.content["data"]["rows"]:
            raise InputError("publications.changed_since", value=held.number)
    refuse_personal(held.content)
    return released(held, proposal.decider or actor.code, proposal.decided or datetime.now(UTC), proposal)


def rows_of(store: Store, held: Publication) -> Any:
    """Return the rows that the store gives today for what a bulletin was made from."""
    return anew(store, held, held.drafted)["data"]["rows"]


def anew(store: Store, held: Publication, now: datetime) -> dict[str, Any]:
    """Return the snapshot that the store gives now for what a bulletin was made from."""
    asked = Asked(**{name: value for name, value in held.asked.items() if name in Asked.__dataclass_fields__})
    return content(store, asked, now.astimezone(CHINA).date(), str(held.asked.get("issuer", "")))


def publish_release(store: Store, named: Mapping[str, str], proposal: Proposal) -> str:
    """Make the bulletin of a ranking that was published on the screen of rankings; return its number.

    One that is public already and says the same stays; one that is being written stays, too.
    """
    about = {name: named[name] for name in ("medium", "period", "by", "region", "edition", "weights")}
    asked = Asked(area=named["region"], **about)
    now = proposal.decided or datetime.now(UTC)
    made = content(store, asked, now.astimezone(CHINA).date())
    last = Publication.objects.filter(subject=asked.subject()).order_by("-version").first()
    if last is not None and (last.state in ("draft", "proposed") or _same(last, made)):
        return str(last.number)
    held = draft(SYSTEM, _given(asked, made, "", proposal.reason, ""), now)
    held.drafted_by = proposal.proposer
    released(held, proposal.decider, now, proposal)
    return str(held.number)


def _same(last: Publication, made: Mapping[str, Any]) -> bool:
    return last.state == "published" and bool(last.content["data"]["rows"] == made["data"]["rows"])
