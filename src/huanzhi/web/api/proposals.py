"""Proposals 双人操作: what one person proposes and another decides."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.errors import InputError
from huanzhi.library.people.managing import region_of
from huanzhi.library.proposals import deciding
from huanzhi.library.proposals.kinds import kinds
from huanzhi.library.proposals.models import Proposal, State
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.tables import Table
from huanzhi.library.rights import may
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer, document, filters

router = Router(tags=["proposals"])

COLUMNS = (
    Column("id", Kind.INTEGER, path="pk"),
    Column(
        "kind",
        Kind.CHOICE,
        path="sort",
        choices=tuple(kinds()),
        choice_titles={code: {"zh": one.zh, "en": one.en} for code, one in kinds().items()},
        filter=True,
    ),
    Column("subject_kind", filter=True),
    Column("subject", filter=True, search=True),
    Column("payload", Kind.JSON),
    Column("reason", search=True),
    Column("region", path="region__code"),
    Column("proposer", filter=True),
    Column("proposed", Kind.MOMENT, sort=True),
    Column("expires", Kind.MOMENT, sort=True),
    Column("state", Kind.CHOICE, choices=tuple(State.values), words="proposal_state", filter=True),
    Column("decider", filter=True),
    Column("decided", Kind.MOMENT, sort=True),
    Column("decision_reason"),
    Column("outcome", Kind.JSON),
    Column("simulated", Kind.TRUTH),
    Column("revision", Kind.INTEGER),
)
TABLE = Table("proposal", "proposals", Proposal, COLUMNS, ("region",))
Filters = filters("ProposalFilters", COLUMNS)


class ProposalOut(Schema):
    """A proposal; `may_decide` says whether the reader is one who could decide it."""

    id: int
    kind: str
    zh: str
    en: str
    subject_kind: str
    subject: str
    payload: dict[str, Any]
    reason: str
    region: str | None
    proposer: str
    proposed: str
    expires: str
    state: str
    decider: str
    decided: str | None
    decision_reason: str
    outcome: dict[str, Any] | None
    may_decide: bool
    simulated: bool
    revision: int


class ProposalIn(Schema):
    """What is proposed, about which record, and why."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(max_length=40, examples=["write_off"])
    subject_kind: str = Field(min_length=1, max_length=60)
    subject: str = Field(min_length=1, max_length=200)
    payload: dict[str, Any] = Field(default_factory=dict)
    reason: str = Field(min_length=1, max_length=2000)
    region: str = Field("", max_length=12)


class Reason(Schema):
    """Why."""

    reason: str = Field("", max_length=2000)


@router.get("proposals", response=Page[ProposalOut], operation_id="list_proposals")
def list_proposals(request: HttpRequest, paging: Query[Paging], wanted: Query[Filters]) -> HttpResponse:  # type: ignore[valid-type]
    """List the proposals that I may see."""
    return answer(request, TABLE, deciding.proposals_for(actor(request)), paging, wanted, _row(request))


@router.post("proposals", response={201: ProposalOut}, operation_id="propose")
def propose(request: HttpRequest, given: ProposalIn) -> HttpResponse:
    """Propose something that a second person has to decide."""
    made = deciding.propose(
        actor(request),
        given.kind,
        given.subject_kind,
        given.subject,
        reason=given.reason,
        now=_now(),
        payload=given.payload,
        region=region_of(given.region) if given.region else None,
    )
    return document(request, _row(request)(made), 201)


@router.get("proposals/{number}", response=ProposalOut, operation_id="get_proposal")
def get_proposal(request: HttpRequest, number: int) -> HttpResponse:
    """Return a proposal."""
    return document(request, _row(request)(_seen(request, number)))


@router.post("proposals/{number}/approve", response=ProposalOut, operation_id="approve_proposal")
def approve(request: HttpRequest, number: int, given: Reason) -> HttpResponse:
    """Approve a proposal: what it says is done with it, or neither is."""
    _seen(request, number)
    return document(
        request, _row(request)(deciding.approve(actor(request), number, reason=given.reason, now=_now()))
    )


@router.post("proposals/{number}/refuse", response=ProposalOut, operation_id="refuse_proposal")
def refuse(request: HttpRequest, number: int, given: Reason) -> HttpResponse:
    """Refuse a proposal, with a reason."""
    _seen(request, number)
    return document(
        request, _row(request)(deciding.refuse(actor(request), number, reason=given.reason, now=_now()))
    )


@router.post("proposals/{number}/withdraw", response=ProposalOut, operation_id="withdraw_proposal")
def withdraw(request: HttpRequest, number: int, given: Reason) -> HttpResponse:
    """Take one's own proposal back."""
    _seen(request, number)
    return document(
        request, _row(request)(deciding.withdraw(actor(request), number, reason=given.reason, now=_now()))
    )


def _seen(request: HttpRequest, number: int) -> Proposal:
    small = abs(number) < 1 << 63
    found = deciding.proposals_for(actor(request)).filter(pk=number).first() if small else None
    if found is None:
        raise InputError("proposals.none", value=number)
    return found


def _row(request: HttpRequest) -> Any:
    who = actor(request)

    def row(record: Any) -> dict[str, Any]:
        known = kinds().get(record.sort)
        open_ = record.state == State.OPEN and record.expires > _now()
        others = record.proposer != who.code
        return {
            **TABLE.row(record),
            "zh": known.zh if known else record.sort,
            "en": known.en if known else record.sort,
            "may_decide": open_ and others and may(who, "approve", record.thing()).allowed,
        }

    return row


def _now() -> datetime:
    return datetime.now(UTC)
