"""Rewards 举报奖励.

Quotes by the rulebook, applications, payout against a code, ledger; bounties and honours.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.center.petitions.models import Petition
from huanzhi.center.rewards import bounties
from huanzhi.center.rewards.amounts import quote
from huanzhi.center.rewards.awarding import apply, balance, eligible, redeem, renew, settle, tell_code
from huanzhi.center.rewards.listing import bounty_table, honour_table, ledger_rows, reward_table
from huanzhi.center.rewards.models import Bounty, Honour, Reward
from huanzhi.errors import InputError
from huanzhi.library.rights import ANYONE, may, thing_of, visible
from huanzhi.messages import text
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer, answer_rows, begun_from, document, filters
from huanzhi.web.api.open_reports import CodeIn, followed
from huanzhi.web.throttling import Throttle

router = Router(tags=["rewards"])
TABLE, BOUNTIES, HONOURS = reward_table(), bounty_table(), honour_table()
RewardFilters = filters("RewardFilters", TABLE.columns)
BountyFilters = filters("BountyFilters", BOUNTIES.columns)
HonourFilters = filters("HonourFilters", HONOURS.columns)
payouts = Throttle()
TRIES, HOUR = 10, 3600


class RewardIn(Schema):
    """An application: the petition, the fine of the decision, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"petition": "XF-20261122-0001", "fine": 200000, "reason": "举报属实，已作出处罚决定"}
            ]
        },
    )

    petition: str = Field(max_length=32)
    fine: int = Field(0, ge=0, le=10_000_000_000)
    case: str = Field("", max_length=80)
    amount: int | None = Field(None, ge=1, le=10_000_000_000)
    reason: str = Field(min_length=1, max_length=2000)


class QuoteQuery(Schema):
    """For which petition, and on which fine [yuan]."""

    petition: str = Field(max_length=32)
    fine: int = Field(0, ge=0, le=10_000_000_000)


class QuoteOut(Schema):
    """What the rulebook gives, with its basis and confidence; `why_not` where the petition earns none."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"amount": 10000, "most": 500000, "why_not": ""}]}
    )

    amount: int
    most: int | None
    rule: dict[str, Any]
    why_not: str


class SecretIn(Schema):
    """A payout code, as the informant shows it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"code": "7K3M9QWERT2H4J6N"}]})

    code: str = Field(min_length=4, max_length=40)


class WhyIn(Schema):
    """Why."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "兑付码遗失"}]})

    reason: str = Field(min_length=1, max_length=500)


class RewardOut(Schema):
    """A reward."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"code": "JL-20261122-001", "state": "approved"}]}
    )

    code: str
    state: str
    amount: int


class PayoutCodeOut(Schema):
    """A payout code: told once, kept nowhere."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"reward": "JL-20261122-001", "code": "7K3M9QWERT2H4J6N", "amount": 10000}]
        }
    )

    reward: str
    code: str
    amount: int
    fetch_until: str | None


class BalanceOut(Schema):
    """What was approved, paid and lapsed, and what is owed [yuan]."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"approved": 10000, "paid": 0, "lapsed": 0, "owed": 10000}]}
    )

    approved: int
    paid: int
    lapsed: int
    owed: int


class BountyIn(Schema):
    """A bounty."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"title": "征集偷排线索", "words": "…", "region": "990001", "amount": 50000}]
        },
    )

    title: str = Field(min_length=1, max_length=200)
    words: str = Field(min_length=1, max_length=4000)
    region: str = Field(max_length=12)
    amount: int = Field(ge=1, le=10_000_000_000)
    until: date | None = None


class BountyStepIn(Schema):
    """A step of a bounty: ``publish``, ``claim``, ``close``, ``pay``."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"step": "publish"}]})

    step: str = Field(max_length=12)
    petition: str = Field("", max_length=32)


class HonourIn(Schema):
    """A commendation of who agreed to be named."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"name": "某社区", "kind": "collective", "deed": "…", "day": "2026-06-05", "region": "990001"}
            ]
        },
    )

    name: str = Field(min_length=1, max_length=100)
    kind: str = Field(max_length=12)
    deed: str = Field(min_length=1, max_length=1000)
    day: date
    region: str = Field(max_length=12)
    public: bool = False


@router.get("rewards", response=Page[dict[str, Any]], operation_id="list_rewards")
def list_rewards(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[RewardFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List rewards, the newest first; no payout code is in any form."""
    settle()
    rows = visible(actor(request), Reward.KIND, Reward.objects.all())
    paging.sort = paging.sort or "-applied"
    return answer(request, TABLE, rows, paging, wanted)


@router.get("rewards/balance", response=BalanceOut, operation_id="rewards_balance")
def get_balance(request: HttpRequest) -> HttpResponse:
    """Return what was approved, paid and lapsed, and what is still owed."""
    return document(request, balance(visible(actor(request), Reward.KIND, Reward.objects.all())))


@router.get("rewards/ledger", response=Page[dict[str, Any]], operation_id="rewards_ledger")
def get_ledger(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the lines of the ledger."""
    rows = visible(actor(request), Reward.KIND, Reward.objects.all())
    columns, lines = ledger_rows(rows)
    return answer_rows(request, columns, lines, paging)


@router.get("rewards/quote", response=QuoteOut, operation_id="quote_reward")
def get_quote(request: HttpRequest, wanted: Query[QuoteQuery]) -> HttpResponse:
    """Return what the rulebook in force at the place of a petition gives for a fine."""
    petition = _petition(request, wanted.petition)
    found = quote(wanted.fine, datetime.now(CHINA).date(), petition.region_id)
    why = eligible(petition)
    told = {"amount": found.amount, "most": found.most, "rule": dict(found.rule)}
    return document(request, {**told, "why_not": text(why) if why else ""})


@router.post("rewards", response={201: RewardOut}, operation_id="apply_for_reward")
def create(request: HttpRequest, given: RewardIn) -> HttpResponse:
    """Apply for a reward; another person approves it under ``/proposals``."""
    petition = _petition(request, given.petition)
    made = apply(actor(request), petition, given.fine, given.reason, case=given.case, amount=given.amount)
    return _reward(request, made, 201)


@router.post("rewards/redeem", response=RewardOut, operation_id="redeem_reward")
def pay(request: HttpRequest, given: SecretIn) -> HttpResponse:
    """Pay out against a code, once; neither who applied nor who approved may."""
    who = actor(request)
    payouts.look(who.code, TRIES, HOUR)
    try:
        return _reward(request, redeem(who, given.code))
    except InputError:
        payouts.note(who.code, HOUR)
        raise


@router.get("rewards/{code}", response=RewardOut, operation_id="get_reward")
def get_reward(request: HttpRequest, code: str) -> HttpResponse:
    """Return a reward."""
    settle()
    return _reward(request, _found(request, Reward, code))


@router.post("rewards/{code}/renew", response=RewardOut, operation_id="renew_reward_code")
def post_renew(request: HttpRequest, code: str, given: WhyIn) -> HttpResponse:
    """Void a lost payout code; the informant asks for another by number and code."""
    held = _found(request, Reward, code)
    begun_from(request, held)
    return _reward(request, renew(actor(request), held, given.reason))


@router.get("bounties", response=Page[dict[str, Any]], operation_id="list_bounties")
def list_bounties(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[BountyFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List bounties, drafts among them."""
    return answer(
        request, BOUNTIES, visible(actor(request), Bounty.KIND, Bounty.objects.all()), paging, wanted
    )


@router.post("bounties", response={201: dict[str, Any]}, operation_id="write_bounty")
def post_bounty(request: HttpRequest, given: BountyIn) -> HttpResponse:
    """Write a bounty; it is a draft until it is published."""
    made = bounties.write(actor(request), now=datetime.now(UTC), **given.model_dump())
    return document(request, BOUNTIES.row(made), 201)


@router.post("bounties/{code}/steps", response=dict[str, Any], operation_id="step_bounty")
def post_bounty_step(request: HttpRequest, code: str, given: BountyStepIn) -> HttpResponse:
    """Publish, claim, close or settle a bounty."""
    held = _found(request, Bounty, code)
    begun_from(request, held)
    return document(request, BOUNTIES.row(bounties.step(actor(request), held, given.step, given.petition)))


@router.get("honours", response=Page[dict[str, Any]], operation_id="list_honours")
def list_honours(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[HonourFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List commendations."""
    return answer(
        request, HONOURS, visible(actor(request), Honour.KIND, Honour.objects.all()), paging, wanted
    )


@router.post("honours", response={201: dict[str, Any]}, operation_id="commend")
def post_honour(request: HttpRequest, given: HonourIn) -> HttpResponse:
    """Commend a collective or a person who agreed to be named."""
    made = bounties.honour(actor(request), now=datetime.now(UTC), **given.model_dump())
    return document(request, HONOURS.row(made), 201)


@router.get("open/bounties", response=Page[dict[str, Any]], auth=None, operation_id="open_bounties")
def open_bounties(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the bounties that are published, for anybody."""
    request.auth = ANYONE  # type: ignore[attr-defined]
    rows = visible(ANYONE, Bounty.KIND, Bounty.objects.all())
    return answer(request, BOUNTIES, rows, paging)


@router.get("open/honours", response=Page[dict[str, Any]], auth=None, operation_id="open_honours")
def open_honours(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the commendations that are published, for anybody."""
    request.auth = ANYONE  # type: ignore[attr-defined]
    return answer(request, HONOURS, visible(ANYONE, Honour.KIND, Honour.objects.all()), paging)


@router.post("open/progress/reward", response=PayoutCodeOut, auth=None, operation_id="fetch_payout_code")
def fetch_code(request: HttpRequest, given: CodeIn) -> HttpResponse:
    """Tell the payout code of an approved reward to who knows number and code of the petition, once."""
    held, code = tell_code(followed(request, given))
    until = held.fetch_until.astimezone(CHINA).isoformat(timespec="seconds") if held.fetch_until else None
    response = document(
        request, {"reward": held.code, "code": code, "amount": held.amount, "fetch_until": until}
    )
    response["Cache-Control"] = "no-store"
    return response


@router.post("open/progress/reward/state", response=dict[str, Any], auth=None, operation_id="reward_state")
def get_state(request: HttpRequest, given: CodeIn) -> HttpResponse:
    """Return how the reward of a petition stands, to who knows its number and code."""
    held = Reward.objects.filter(petition=followed(request, given)).first()
    told = {"state": held.state, "amount": held.amount} if held and held.state != "applied" else {"state": ""}
    response = document(request, told)
    response["Cache-Control"] = "no-store"
    return response


def _petition(request: HttpRequest, number: str) -> Petition:
    rows = visible(actor(request), Petition.KIND, Petition.objects.select_related("region"))
    found: Petition | None = rows.filter(number=number.replace("\x00", "")).first()
    if found is None:
        raise InputError("petitions.none", value=number.replace("\x00", ""))
    return found


def _found(request: HttpRequest, model: Any, code: str) -> Any:
    rows = visible(actor(request), model.KIND, model.objects.select_related("region"))
    found = rows.filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise InputError(
            "rewards.none" if model is Reward else "rewards.no_bounty", value=code.replace("\x00", "")
        )
    return found


def _reward(request: HttpRequest, reward: Reward, status: int = 200) -> HttpResponse:
    held = Reward.objects.select_related("region", "petition").get(pk=reward.pk)
    who = actor(request)
    pays = may(who, "run", thing_of(held)).allowed and who.code not in (held.applied_by, held.approved_by)
    more = {"rule": held.rule, "reason": held.reason, "may_pay": pays}
    return document(request, {**TABLE.row(held), **more}, status)
