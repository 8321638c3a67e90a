"""Opening a case 案件来源: from an issue, a transfer, a report, or an inspection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from huanzhi.center.enforcement import law, terms
from huanzhi.center.enforcement.models import Case, next_number
from huanzhi.center.enforcement.settings import checked, table
from huanzhi.center.enforcement.writing import write
from huanzhi.center.issues.models import Issue
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.stepping import Move
from huanzhi.library.rights import Actor, require, thing_of, visible
from huanzhi.standards.periods import CHINA


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known when a case is opened; what is not known stays empty."""

    title: str = ""
    origin: str = "own"
    source_ref: str = ""
    issue: str = ""
    region: str = ""
    enterprise: str = ""
    party_kind: str = "organisation"
    party_name: str = ""
    party_code: str = ""
    party_person: str = ""
    party_address: str = ""
    party_phone: str = ""
    matter: str = ""
    act: str = ""
    act_from: date | None = None
    act_to: date | None = None
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    simulated: bool = False


def open_case(actor: Actor, draft: Draft, reason: str = "", *, now: datetime | None = None) -> Case:
    """Open a case; an issue that has an open case for the same party gives that.

    Raises
    ------
    InputError
        If the actor may not, or the draft names what is not known.
    """
    now = now or datetime.now(UTC)
    with transaction.atomic():
        issue = _issue(actor, draft.issue)
        made = _case(actor, draft, issue, now)
        require(actor, "create", thing_of(made))
        known = _known(made)
        if known is not None:
            return known
        year = now.astimezone(CHINA).year
        made.number = f"AJ-{year}-{next_number('case', year):04d}"
        made.save()
        terms.happen(made, "open", now)
        outputs = {"origin": made.origin, "issue": made.issue}
        write(actor, made, Move("open", None, outputs, reason, now))
    return made


def _known(made: Case) -> Case | None:
    if not made.issue:
        return None
    states = table().open_states()
    rows = Case.objects.filter(issue=made.issue, party_name=made.party_name, state__in=states)
    return rows.first()


def _issue(actor: Actor, number: str) -> Issue | None:
    if not number:
        return None
    rows = visible(actor, Issue.KIND, Issue.objects.select_related("region"))
    found: Issue | None = rows.filter(number=number).first()
    if found is None:
        raise InputError("issues.none", value=number)
    return found


def _case(actor: Actor, draft: Draft, issue: Issue | None, now: datetime) -> Case:
    checked("origin", draft.origin, "origin")
    checked("party_kind", draft.party_kind, "party_kind")
    party = _enterprise(draft.enterprise or (issue.enterprise if issue else ""))
    title = draft.title.strip() or (issue.title if issue else "")
    if not title:
        raise InputError("issues.no_title")
    seen = issue.since if issue is not None and issue.since else None
    first = draft.act_from or (seen.astimezone(CHINA).date() if seen else None)
    return Case(
        title=title[:200],
        origin="issue" if issue else draft.origin,
        source_ref=draft.source_ref,
        issue=issue.number if issue else "",
        region=_region(draft.region, party, issue),
        organisation=Organisation.objects.filter(code=actor.organisation).first(),
        **_party(draft, party),
        matter=draft.matter,
        act=draft.act or (issue.words if issue else ""),
        act_from=first,
        act_to=draft.act_to,
        law=law.judge(first, draft.act_to).law,
        place=draft.place or (issue.place_name if issue else ""),
        lon=draft.lon if draft.lon is not None else (issue.lon if issue else None),
        lat=draft.lat if draft.lat is not None else (issue.lat if issue else None),
        facts=dict(draft.facts),
        opened_by=actor.code,
        opened=now,
        entered=now,
        simulated=draft.simulated or bool((issue or party) and (issue or party).simulated),  # type: ignore[union-attr]
    )


def _party(draft: Draft, party: Enterprise | None) -> dict[str, Any]:
    """Return the party: what the draft says, else the file of the enterprise."""
    return {
        "enterprise": party.code if party else "",
        "party_kind": draft.party_kind,
        "party_name": draft.party_name or (party.name if party else ""),
        "party_code": draft.party_code or (party.code if party else ""),
        "party_person": draft.party_person,
        "party_address": draft.party_address or (party.address if party else ""),
        "party_phone": draft.party_phone or (party.phone if party else ""),
        "party_body": party.organisation if party else None,
    }


def _enterprise(code: str) -> Enterprise | None:
    return Enterprise.objects.select_related("organisation").filter(code=code).first() if code else None


def _region(code: str, party: Enterprise | None, issue: Issue | None) -> Region:
    near = issue or party
    wanted = code or (near.region_id if near is not None else "")
    found = Region.objects.filter(pk=wanted).first()
    if found is None:
        raise InputError("issues.no_region", value=wanted or None)
    return found
