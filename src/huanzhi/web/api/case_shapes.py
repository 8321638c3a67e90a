"""Shapes of the answers of cases: what goes in, what comes out, and how a case is shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field

from huanzhi.center.enforcement import judging, law, matters, papers, paying
from huanzhi.center.enforcement.conditions import active
from huanzhi.center.enforcement.listing import case_table
from huanzhi.center.enforcement.models import (
    Announcement,
    Case,
    CaseEvidence,
    CaseStep,
    Paper,
    Referral,
    Reply,
    Service,
    Term,
    iso,
)
from huanzhi.center.enforcement.moving import allowed
from huanzhi.center.enforcement.settings import rules, settings, table, words
from huanzhi.center.enforcement.terms import SOON
from huanzhi.library.proposals.models import Proposal, State
from huanzhi.library.rights import Actor, mask, may, thing_of, visible
from huanzhi.messages import catalogue
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.issue_shapes import move_row


class CaseIn(Schema):
    """A case to open; an issue gives what it knows of place, party and time."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"issue": "HZ-20261122-0001", "matter": "1107-1"},
                {
                    "title": "废水超标",
                    "origin": "own",
                    "region": "990001",
                    "party_name": "甲厂",
                    "act_from": "2026-09-01",
                },
            ]
        },
    )

    title: str = Field("", max_length=200)
    origin: str = Field("own", max_length=20)
    source_ref: str = Field("", max_length=200)
    issue: str = Field("", max_length=32)
    region: str = Field("", max_length=12)
    enterprise: str = Field("", max_length=64)
    party_kind: str = Field("organisation", max_length=20)
    party_name: str = Field("", max_length=200)
    party_code: str = Field("", max_length=40)
    party_person: str = Field("", max_length=100)
    party_address: str = Field("", max_length=300)
    party_phone: str = Field("", max_length=40)
    matter: str = Field("", max_length=60)
    act: str = Field("", max_length=8000)
    act_from: date | None = None
    act_to: date | None = None
    place: str = Field("", max_length=300)
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    reason: str = Field("", max_length=2000)


class CaseChange(Schema):
    """What is known now; what is not named stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"law": "old", "law_why": "旧法较轻"}]}
    )

    title: str | None = Field(None, max_length=200)
    enterprise: str | None = Field(None, max_length=64)
    party_kind: str | None = Field(None, max_length=20)
    party_name: str | None = Field(None, max_length=200)
    party_code: str | None = Field(None, max_length=40)
    party_person: str | None = Field(None, max_length=100)
    party_address: str | None = Field(None, max_length=300)
    party_phone: str | None = Field(None, max_length=40)
    matter: str | None = Field(None, max_length=60)
    act: str | None = Field(None, max_length=8000)
    act_from: date | None = None
    act_to: date | None = None
    place: str | None = Field(None, max_length=300)
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    law: str | None = Field(None, max_length=10)
    law_why: str | None = Field(None, max_length=2000)
    requirement: str | None = Field(None, max_length=4000)
    facts: dict[str, str | int | bool | None] | None = None
    reason: str = Field("", max_length=2000)


class CaseMove(Schema):
    """A step to take: its name, what it brings, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"transition": "file", "outputs": {"finding": "事实初步查明"}}]},
    )

    transition: str = Field(max_length=20)
    outputs: dict[str, str | int | None] = Field(default_factory=dict)
    reason: str = Field("", max_length=2000)


class OfficersIn(Schema):
    """Who handles a case: certificate number by code of the person."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"officers": {"wang": "330200-001", "zhao": "330200-002"}}]}
    )

    officers: dict[str, str] = Field(max_length=20)
    reason: str = Field("", max_length=2000)


class CaseEvidenceIn(Schema):
    """What is told of a piece of evidence."""

    kind: str = Field(max_length=20)
    proves: str = Field("", max_length=500)
    source: str = Field("", max_length=300)
    taken_at: datetime | None = None
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)


class PaperIn(Schema):
    """A document to make: its template, and what is entered for it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"template": "notice", "values": {"intended": "罚款 10 万元"}}]}
    )

    template: str = Field(max_length=40)
    values: dict[str, str] = Field(default_factory=dict, max_length=40)


class ServiceIn(Schema):
    """How a document was served."""

    way: str = Field(max_length=20)
    day: date
    receiver: str = Field("", max_length=200)
    note: str = Field("", max_length=500)
    proof: int | None = None
    consent: bool = False


class QuestionIn(Schema):
    """Answers that a rulebook asks for."""

    inputs: dict[str, str | int | float | bool | None] = Field(default_factory=dict, max_length=60)


class ExemptionIn(Schema):
    """Why there is no penalty; a second person decides."""

    finding: str = Field(min_length=1, max_length=4000)
    requirement: str = Field("", max_length=4000)
    reason: str = Field("", max_length=2000)


class TermIn(Schema):
    """A term that an officer begins."""

    rule: str = Field(max_length=40)
    note: str = Field("", max_length=500)


class CaseReplyIn(Schema):
    """What the party answers."""

    sort: str = Field(max_length=20)
    words: str = Field("", max_length=8000)


class PaidIn(Schema):
    """That a part was paid."""

    day: date
    receipt: str = Field(min_length=1, max_length=100)


class PartIn(Schema):
    """A part of a fine [yuan]."""

    amount: Decimal = Field(max_digits=14, decimal_places=2)
    due: date


class PartsIn(Schema):
    """How a fine is paid in parts, or later."""

    parts: list[PartIn] = Field(min_length=1, max_length=60)


class ReferralIn(Schema):
    """A referral to draft; only its handlers see it."""

    sort: str = Field(max_length=20)
    target: str = Field(max_length=200)
    grounds: str = Field(max_length=4000)
    handlers: list[str] = Field(default_factory=list, max_length=50)


class ReceiptIn(Schema):
    """A receipt or a result."""

    state: str = Field(max_length=20)
    words: str = Field(max_length=2000)


class PublishIn(Schema):
    """That a decision is published, and until when."""

    ends: date | None = None
    reason: str = Field("", max_length=2000)


class CaseOut(Schema):
    """A case with all that belongs to it."""

    model_config = ConfigDict(extra="allow")

    number: str
    title: str
    state: str
    revision: int
    steps: list[dict[str, Any]]
    terms: list[dict[str, Any]]
    papers: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    moves: list[dict[str, Any]]


class CaseBoard(Schema):
    """How the cases stand, in numbers."""

    model_config = ConfigDict(extra="allow")

    states: list[dict[str, Any]]
    open: int
    overdue: int
    soon: int


def shown(who: Actor, case: Case) -> dict[str, Any]:
    """Return a case with all that somebody may see of it."""
    row = mask(who, case, {**case_table().row(case), **_more(case)})
    now = datetime.now(UTC)
    state, matter = table().states[case.state], matters.matter_of(case.matter) if case.matter else None
    question = law.judge(case.act_from, case.act_to)
    limit, basis = law.limitation(case.act_from, case.act_to, case.law, harm=bool(case.facts.get("damage")))
    proposal = Proposal.objects.filter(
        subject_kind=Case.KIND, subject=case.number, state=State.OPEN, expires__gt=now
    ).first()
    return {
        **row,
        "state_zh": state.zh,
        "state_en": state.en,
        "open": state.open,
        "overdue": bool(case.due and case.due < now and state.open),
        "matter_row": matter.row() if matter else None,
        "law_question": {one: _in(question.key, one, basis=question.basis) for one in ("zh", "en")},
        "law_plain": bool(question.law),
        "limitation": {"day": limit.isoformat() if limit else None, "basis": basis},
        "officers": [_officer(one) for one in active(case)],
        "steps": [step_row(one) for one in CaseStep.objects.filter(case=case).order_by("number")],
        "evidence": [{"id": one.pk, **one.told()} for one in CaseEvidence.objects.filter(case=case)],
        "terms": [term_row(one, now) for one in Term.objects.filter(case=case, referral=None)],
        "papers": [paper_row(one) for one in Paper.objects.filter(case=case).exclude(state="replaced")],
        "replies": [reply_row(one) for one in Reply.objects.filter(case=case).order_by("pk")],
        "payments": paying.account(case, now.astimezone(CHINA).date()),
        "late_fee": dict(settings()["late_fee"]),
        "findings": [judging.finding_row(one) for one in case.findings.order_by("-pk")[:40]],
        "referrals": [referral_row(one) for one in _referrals(who, case)],
        "announcement": _announced(case),
        "moves": [
            {**move_row(one), "missing": [_both(key) for key in gaps]} for one, gaps in allowed(who, case)
        ],
        "may": {
            name: may(who, name, thing_of(case)).allowed
            for name in ("change", "command", "approve", "export")
        },
        "proposal": proposal.pk if proposal else None,
    }


def words_rows() -> dict[str, Any]:
    """Return states, steps, terms, templates and words, for forms."""
    states = [
        {"code": code, "zh": one.zh, "en": one.en, "open": one.open} for code, one in table().states.items()
    ]
    lists = ("origin", "party_kind", "law", "evidence", "service_way", "reply", "referral", "referral_state")
    terms = [{"value": code, **_rule(one)} for code, one in rules().items()]
    made = [
        {
            "code": one.code,
            "zh": one.zh,
            "en": one.en,
            "series": one.series,
            "served": one.served,
            "states": list(one.states),
            "inputs": papers.inputs_of(one),
        }
        for one in papers.templates().values()
    ]
    every = [{**move_row(one), "from": sorted(one.origins)} for one in table().transitions.values()]
    rows = {name: _choices(words(name)) for name in lists}
    decision = _choices(table().choices["decision"])
    fields = {"fields": _choices(matters.words("field")), "sorts": _choices(matters.words("sort"))}
    return {
        "states": states,
        "transitions": every,
        "terms": terms,
        "templates": made,
        "decision": decision,
        **rows,
        **fields,
    }


def step_row(step: CaseStep) -> dict[str, Any]:
    """Return a step as it is shown."""
    known = table().transitions.get(step.transition)
    title = {one: _in("cases.opened", one) for one in ("zh", "en")}
    told = ("number", "actor", "actor_name", "transition", "before", "after", "outputs", "reason", "digest")
    named = {"zh": known.zh, "en": known.en} if known else title
    return {name: getattr(step, name) for name in told} | named | {"at": iso(step.at), "due": iso(step.due)}


def term_row(term: Term, now: datetime) -> dict[str, Any]:
    """Return a term as it is shown, with basis and confidence."""
    rule = rules()[term.rule]
    times = {name: iso(getattr(term, name)) for name in ("started", "due", "ended")}
    running = term.state == "running"
    late = running and term.due is not None and term.due < now
    soon = running and term.due is not None and not late and term.due < now + SOON
    note = {one: _in(term.due_note, one) for one in ("zh", "en")} if term.due_note else None
    told = {
        "id": term.pk,
        "rule": term.rule,
        **_rule(rule),
        "state": term.state,
        **times,
        "clock": term.clock,
    }
    mine = {"by_hand": rule.begins == "hand", "suspended": term.suspended, "note": term.note}
    return {**told, **mine, "due_words": note, "over": late, "soon": soon, "ended_by": term.ended_by}


def paper_row(paper: Paper) -> dict[str, Any]:
    """Return a document as it is shown, with how it was served."""
    services = [
        {
            "way": one.way,
            "day": one.day.isoformat(),
            "effective": one.effective.isoformat() if one.effective else None,
            "receiver": one.receiver,
            "note": one.note,
            "proof": one.proof_id,
            "actor_name": one.actor_name or one.actor,
        }
        for one in Service.objects.filter(paper=paper).order_by("pk")
    ]
    template = papers.templates().get(paper.template)
    en, to_serve = (template.en, template.served) if template else ("", False)
    mine = {"en": en, "to_serve": to_serve, "values": paper.values, "revision": paper.revision}
    return {**paper.told(), **mine, "made_by": paper.made_by, "services": services}


def reply_row(one: Reply) -> dict[str, Any]:
    """Return a reply of the party as it is shown."""
    told = {name: getattr(one, name) for name in ("code", "sort", "words", "in_time", "actor_name")}
    return {**told, "filed": iso(one.filed)}


def referral_row(one: Referral) -> dict[str, Any]:
    """Return a referral as its handlers see it."""
    told = {
        name: getattr(one, name) for name in ("code", "sort", "target", "grounds", "state", "log", "revision")
    }
    people = [{"code": each.code, "name": each.name} for each in one.handlers.order_by("code")]
    terms = [term_row(each, datetime.now(UTC)) for each in Term.objects.filter(referral=one)]
    mine = {
        "case": one.case.number,
        "made": iso(one.made),
        "made_by": one.made_by,
        "simulated": one.simulated,
    }
    return {**told, **mine, "handlers": people, "terms": terms}


def _more(case: Case) -> dict[str, Any]:
    names = (
        "party_kind", "party_code", "party_person", "party_address", "party_phone", "act", "place", "lon",
        "lat", "law", "law_why", "facts", "opinion", "requirement", "source_ref", "opened_by", "volume",
        "fingerprint",
    )  # fmt: skip
    days = {
        name: getattr(case, name).isoformat() if getattr(case, name) else None
        for name in ("act_from", "act_to")
    }
    return {name: getattr(case, name) for name in names} | days


def _officer(one: Any) -> dict[str, Any]:
    return {
        "code": one.person.code,
        "name": one.person.name,
        "certificate": one.certificate,
        "since": iso(one.since),
    }


def _referrals(who: Actor, case: Case) -> Any:
    rows = Referral.objects.filter(case=case).select_related("case")
    return visible(who, Referral.KIND, rows).order_by("pk")


def _announced(case: Case) -> dict[str, Any] | None:
    found = Announcement.objects.filter(case=case).first()
    if found is None:
        return None
    return {"code": found.code, "published": found.published, "ends": found.ends, "party": found.party}


def _rule(one: Any) -> dict[str, Any]:
    told = {
        name: getattr(one, name)
        for name in ("zh", "en", "number", "unit", "basis", "confidence", "party", "earliest")
    }
    return {**told, "rule_note": one.note, "extend": list(one.extend)}


def _choices(told: Any) -> list[dict[str, Any]]:
    return [{"value": code, **{name: one[name] for name in one}} for code, one in told.items()]


def _both(key: str) -> dict[str, str]:
    return {"key": key, **{one: _in(key, one) for one in ("zh", "en")}}


def _in(key: str, language: str, **values: object) -> str:
    from huanzhi.center.enforcement.settings import code_from

    return catalogue()[key][language].format(day=code_from().isoformat(), **values)  # type: ignore[index]
