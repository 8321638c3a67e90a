"""Legal terms 法定期限: begun and ended by what happens, stopped, extended, and looked at again.

A term whose holidays are not known has no end yet, and says so; it gets one when the table has the year.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from huanzhi.center.enforcement.models import Case, Referral, Term, iso
from huanzhi.center.enforcement.settings import Rule, rules
from huanzhi.center.issues import clocks
from huanzhi.errors import InputError

SOON = timedelta(days=3)
"""How long before its end a term is recalled. DEFAULT, NOT FROM THE DOCUMENTS."""


def happen(
    case: Case, event: str, now: datetime, *, at: datetime | None = None, referral: Any = None
) -> None:
    """End the terms that an event ends and begin those that it begins.

    Parameters
    ----------
    at : datetime, optional
        When it happened, where that is not now: the day of service, for one.
    """
    when = at or now
    for term in running(case):
        mine = referral is None or term.referral_id in (None, referral.pk)
        if event in rules()[term.rule].until and mine:
            end(term, when, event)
    for rule in rules().values():
        if rule.begins == event and (not rule.only or case.decision in rule.only):
            begin(case, rule, when, referral)
    refresh(case)


def running(case: Case) -> list[Term]:
    """Return the terms that run, or stand."""
    return list(Term.objects.filter(case=case, state="running").order_by("pk"))


def begin(case: Case, rule: Rule, at: datetime, referral: Referral | None = None, note: str = "") -> Term:
    """Begin a term; one of the same rule that still runs is void."""
    Term.objects.filter(case=case, rule=rule.code, state="running", referral=referral).update(state="void")
    term = Term(case=case, referral=referral, rule=rule.code, started=at, note=note)
    told = {"number": rule.number, "unit": rule.unit, "word": rule.zh, "basis": rule.basis}
    clocks.begin(term, at, {**told, "confidence": rule.confidence, "note": rule.note})
    term.save()
    return term


def begin_by_hand(case: Case, code: str, at: datetime, note: str = "") -> Term:
    """Begin a term that an officer begins: evidence registered, things sealed.

    Raises
    ------
    InputError
        ``cases.no_term`` if there is none that is begun by hand.
    """
    rule = rules().get(code)
    if rule is None or rule.begins != "hand":
        expected = ", ".join(one.code for one in rules().values() if one.begins == "hand")
        raise InputError("cases.no_term", value=code, expected=expected)
    term = begin(case, rule, at, note=note)
    refresh(case)
    return term


def end(term: Term, at: datetime, by: str) -> None:
    """End a term: in time, or late."""
    settle(term)
    term.state = "late" if term.due is not None and at > term.due else "met"
    term.ended, term.ended_by = at, by[:40]
    term.save()


def stop(case: Case, ground: str, now: datetime) -> None:
    """Let the terms stand that the stops of a case lengthen."""
    for term in running(case):
        if rules()[term.rule].stops and not term.suspended:
            clocks.stop(term, now)
            term.clock = {**term.clock, "stops": [*term.clock.get("stops", []), _stopped(ground, now)]}
            term.save()
    refresh(case)


def resume(case: Case, now: datetime) -> None:
    """Let the terms that stand run on."""
    for term in running(case):
        if term.suspended:
            clocks.resume(term, now)
            stops = term.clock.get("stops", [])
            term.clock = (
                {**term.clock, "stops": [*stops[:-1], {**stops[-1], "to": iso(now)}]} if stops else term.clock
            )
            term.save()
    refresh(case)


def extendable(case: Case) -> list[Term]:
    """Return the running terms that may be extended once more."""
    found = []
    for term in running(case):
        rule = rules()[term.rule]
        if len(term.clock.get("extensions", [])) < len(rule.extend) and rule.begins != "hand":
            found.append(term)
    return found


def extend(case: Case, now: datetime) -> None:
    """Extend what may be extended by the days of its rule."""
    for term in extendable(case):
        done = term.clock.get("extensions", [])
        days = rules()[term.rule].extend[len(done)]
        clocks.extend(term, now, days)
        term.clock = {**term.clock, "extensions": [*done, {"days": days, "at": iso(now)}]}
        term.save()
    refresh(case)


def settle(term: Term) -> None:
    """Look for the end of a term again where the holidays of a year were not known."""
    if term.due is not None or term.suspended or term.state != "running":
        return
    told = {name: value for name, value in term.clock.items() if name not in ("started", "exact")}
    days = int(told.get("extended", 0))
    clocks.begin(term, term.started, told)
    if days and term.due is not None:
        clocks.extend(term, term.due, days)
        term.clock = {**term.clock, "extended": days}


def end_of(case: Case, code: str) -> datetime | None:
    """Return the end of the last term of a rule; None where there is none, or it is not known."""
    term = Term.objects.filter(case=case, rule=code).exclude(state="void").order_by("-pk").first()
    if term is None:
        return None
    settle(term)
    found: datetime | None = term.due
    return found


def over(case: Case, codes: Iterable[str], now: datetime) -> bool:
    """Return whether the last terms of these rules were begun and are over."""
    ends = [end_of(case, code) for code in codes]
    return all(one is not None and now > one for one in ends)


def refresh(case: Case) -> None:
    """Take the term of the authority that ends first into the case; the case is not saved."""
    own = [one for one in running(case) if _ours(one)]
    for one in own:
        settle(one)
    known = sorted((one for one in own if one.due is not None), key=lambda one: one.due)
    case.due = known[0].due if known else None
    first = known[0] if known else (own[0] if own else None)
    case.due_rule = first.rule if first else ""
    case.due_note = first.due_note if first and not known else ""


def _ours(term: Term) -> bool:
    rule = rules()[term.rule]
    return not rule.party and not rule.earliest


def _stopped(ground: str, now: datetime) -> dict[str, Any]:
    return {"ground": ground, "from": iso(now), "to": None}
