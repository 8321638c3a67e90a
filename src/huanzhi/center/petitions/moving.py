"""Moving 流转: the one door through which a petition goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from huanzhi.center.issues.machine import Asked, Standing, Taken, advance, possible
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.center.issues.table import Transition
from huanzhi.center.petitions import acceptance, informants, terms
from huanzhi.center.petitions.models import Petition, Step
from huanzhi.center.petitions.settings import settings, table
from huanzhi.center.petitions.writing import hide, write
from huanzhi.errors import InputError
from huanzhi.library.people.models import Organisation, Person
from huanzhi.library.rights import Actor, may, require, thing_of, visible

Outputs = Mapping[str, Any]
REVIEWS = ("review", "recheck")
CITIZENS = ("rate", "review", "recheck", "withdraw")
"""Steps that the informant himself may take, by number and code."""


def move(
    actor: Actor,
    petition: Petition,
    transition: str,
    outputs: Outputs | None = None,
    reason: str = "",
    *,
    now: datetime | None = None,
    by: Actor | None = None,
    approved: bool = False,
) -> Petition:
    """Take a step.

    Parameters
    ----------
    petition : Petition
        As the actor read it; if somebody else took a step meanwhile, nothing is done.
    outputs : mapping
        What the step has to bring; see ``data/states.toml``.
    by : Actor, optional
        Who is named, where the platform acts for the informant.

    Raises
    ------
    InputError
        ``rights.refused``, ``records.stale``, or what is missing.
    """
    move_ = table().transition(transition)
    require(actor, move_.right, thing_of(petition))
    given = {name: value for name, value in (outputs or {}).items() if value not in (None, "")}
    return taken(actor, petition, move_, given, reason, now or datetime.now(UTC), by=by, approved=approved)


def taken(
    actor: Actor,
    petition: Petition,
    move_: Transition,
    given: Outputs,
    reason: str,
    now: datetime,
    *,
    by: Actor | None = None,
    approved: bool = False,
) -> Petition:
    """Take a step whose right is checked."""
    with transaction.atomic():
        held = held_of(petition)
        before = held.state
        asked = Asked(move_.name, (by or actor).code, given, approved=approved)
        after = advance(standing(held), asked, table())
        given = hide(held, given)
        _timely(held, move_.name, now)
        held.state = after.state
        for name in ("category", "level", "urgent", "verdict", "score", "solved"):
            if name in given:
                setattr(held, name, int(given[name]) if name == "score" else given[name])
        special = _SPECIAL.get(move_.name)
        if special is not None:
            special(actor, held, given, now)
        if move_.to:
            held.closed = None if held.is_open else now
        terms.stepped(held, move_.name, now)
        write(by or actor, held, before, move_.name, given, reason, now)
    return held


def held_of(petition: Petition) -> Petition:
    """Return the stored petition, locked, if it is still as somebody read it."""
    held = Petition.objects.select_for_update(of=("self",)).select_related("region").get(pk=petition.pk)
    if held.revision != petition.revision:
        raise InputError("records.stale", value=petition.number)
    return held


def standing(petition: Petition) -> Standing:
    """Return where a petition stands, for the machine."""
    steps = Step.objects.filter(petition=petition).order_by("number").values_list("transition", "actor")
    return Standing(petition.state, tuple(Taken(*one) for one in steps))


def allowed(actor: Actor, petition: Petition, now: datetime) -> list[Transition]:
    """Return the steps that somebody may take now."""
    thing = thing_of(petition)
    moves = possible(standing(petition), actor.code, table())
    return [one for one in moves if may(actor, one.right, thing).allowed and _open(petition, one.name, now)]


def _open(petition: Petition, name: str, now: datetime) -> bool:
    try:
        _timely(petition, name, now)
    except InputError:
        return False
    return name != "rate"


def _timely(petition: Petition, name: str, now: datetime) -> None:
    """Refuse what the rules allow only for a time, or not on this channel."""
    if name == "return" and _rule(petition) == "petition" and not terms.within(petition, "objection", now):
        raise InputError("petitions.objection_over", value=petition.number)
    if name in REVIEWS and not terms.within(petition, f"{name}_apply", now):
        raise InputError("petitions.no_review", value=petition.number)


def _rule(petition: Petition) -> str:
    return str(settings()["channel"][petition.channel]["rule"])


def _accept(actor: Actor, petition: Petition, given: Outputs, now: datetime) -> None:
    acceptance.check(petition, "accept", "", now, str(given.get("urgent", "")))
    petition.accepted = now
    petition.person = Person.objects.filter(code=actor.code).first()
    found = informants.of(petition)
    if found is not None and not found.handlers.exists() and petition.person is not None:
        informants.add_handler(found, actor.code)
    petition.issue = _issue(actor, petition, str(given.get("issue", "")), now, str(given.get("summary", "")))


def _issue(actor: Actor, petition: Petition, number: str, now: datetime, summary: str = "") -> str:
    """Return the number of the issue: one that stands, or a new one.

    Many read an issue, the enterprise concerned among them: it gets the summary of an officer, or else only
    what, where
    and of whom; the words of the informant, though masked, stay with the petition.
    """
    if number:
        known = visible(actor, Issue.KIND, Issue.objects.all()).filter(number=number).first()
        if known is None or not known.is_open:
            raise InputError("petitions.no_open_issue", column="issue", value=number)
        return known.number
    draft = Draft(
        title=petition.title,
        category=petition.category,
        channel="petition",
        region=petition.region_id,
        words=summary or "\n".join(filter(None, (petition.title, petition.where, petition.target))),
        level=petition.level,
        enterprise=petition.enterprise,
        source_ref=petition.number,
        lon=petition.lon,
        lat=petition.lat,
        since=petition.received,
        simulated=petition.simulated,
    )
    return open_issue(actor, draft, now=now).number


def _reject(actor: Actor, petition: Petition, given: Outputs, now: datetime) -> None:
    acceptance.check(petition, "reject", str(given["ground"]), now)


def _assign(actor: Actor, petition: Petition, given: dict[str, Any], now: datetime) -> None:
    lead = Organisation.objects.filter(code=str(given["lead"])).first()
    if lead is None:
        raise InputError("petitions.no_organisation", column="lead", value=given["lead"])
    if given.get("way") == "mediate" and lead.kind not in settings()["mediation"]["kinds"]:
        raise InputError("petitions.no_mediation", column="lead", value=lead.name)
    given["direction"] = direction(petition.organisation, lead)
    petition.organisation = lead
    handler = str(given.get("handler", ""))
    if handler:
        person = Person.objects.filter(code=handler, organisation=lead).first()
        if person is None:
            raise InputError("petitions.no_person", column="handler", value=handler)
        petition.person = person
        found = informants.of(petition)
        if found is not None and informants.may_read(actor, petition):
            informants.add_handler(found, handler)


def direction(giver: Organisation | None, taker: Organisation) -> str:
    """Return which way a petition goes in the four-level network: down, up, sideways, or to mediation."""
    if taker.kind in settings()["mediation"]["kinds"]:
        return "mediation"
    ranks = settings()["node"]
    last = ranks.get(giver.region.level, {}).get("rank", 1) if giver else 1
    next_ = ranks.get(taker.region.level, {}).get("rank", 1)
    return "sideways" if last == next_ else "down" if next_ > last else "up"


def _returned(actor: Actor, petition: Petition, given: Outputs, now: datetime) -> None:
    last = Step.objects.filter(petition=petition, transition="accept").order_by("-number").first()
    person = Person.objects.filter(code=last.actor).first() if last else None
    petition.organisation = person.organisation if person else None
    petition.person = person


def _join(actor: Actor, petition: Petition, given: Outputs, now: datetime) -> None:
    rows = visible(actor, Petition.KIND, Petition.objects.all())
    target = rows.filter(number=str(given["target"])).first()
    while target is not None and target.joined_to is not None:
        target = target.joined_to
    if target is None or target.pk == petition.pk or not target.is_open or target.state == "received":
        raise InputError("petitions.no_target", column="target", value=given["target"])
    petition.joined_to, petition.issue, petition.accepted = target, target.issue, now
    petition.organisation = target.organisation
    terms.begin(petition, "handle", now)
    Petition.objects.filter(joined_to=petition).update(joined_to=target, issue=target.issue)


def _separate(actor: Actor, petition: Petition, given: Outputs, now: datetime) -> None:
    petition.joined_to = None
    petition.issue = _issue(actor, petition, "", now)


def _replied(actor: Actor, petition: Petition, given: Outputs, now: datetime) -> None:
    petition.reply, petition.replied = str(given["reply"]), now


def _called(actor: Actor, petition: Petition, given: Outputs, now: datetime) -> None:
    petition.called = str(given["reached"])


def _supervise(actor: Actor, petition: Petition, given: Outputs, now: datetime) -> None:
    petition.supervised = True


def _again(actor: Actor, petition: Petition, given: Outputs, now: datetime) -> None:
    petition.replied, petition.score, petition.escalation = None, None, ""
    petition.accepted = petition.accepted or now
    if not petition.issue:
        petition.issue = _issue(actor, petition, "", now)


def _extend(actor: Actor, petition: Petition, given: Outputs, now: datetime) -> None:
    days = int(given["days"])
    if petition.extended or days > terms.most_days(petition, now):
        raise InputError("petitions.extension", column="days", value=days)
    petition.extended = days
    terms.extend(petition, days)


_SPECIAL: Mapping[str, Callable[[Actor, Petition, dict[str, Any], datetime], None]] = {
    "accept": _accept,
    "reject": _reject,
    "dispatch": _assign,
    "transfer": _assign,
    "return": _returned,
    "join": _join,
    "separate": _separate,
    "reply": _replied,
    "review_decide": _replied,
    "recheck_decide": _replied,
    "call_back": _called,
    "supervise": _supervise,
    "reopen": _again,
    "extend": _extend,
}
