"""Emission quotas 排污权: balances, positions, deals, pledges, statements.

A change names the revision that it began from in ``If-Match``; 412 where somebody else was quicker.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from huanzhi.ecocode.quotas import dealing, pledging
from huanzhi.ecocode.quotas.deciding import propose_reversal
from huanzhi.ecocode.quotas.emission import emitted
from huanzhi.ecocode.quotas.expiring import ending
from huanzhi.ecocode.quotas.listing import BALANCES, DEALS, PLEDGES, POSTINGS, row_of
from huanzhi.ecocode.quotas.models import QuotaDeal, QuotaPledge
from huanzhi.ecocode.quotas.position import positions
from huanzhi.ecocode.quotas.settings import SCHEME, settings
from huanzhi.ecocode.quotas.statement import sheets, statement
from huanzhi.errors import InputError
from huanzhi.library.accounts.models import Account, Posting
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.proposals.models import Proposal, State
from huanzhi.library.records.columns import Column, Kind, both
from huanzhi.library.records.selecting import WHOLE
from huanzhi.library.rights import Actor, Thing, mask, may, visible
from huanzhi.library.rights.decision import rules_held
from huanzhi.messages import text, using
from huanzhi.standards.periods import CHINA, stamp
from huanzhi.web.api.accounts import found_transaction
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, answer_rows, begun_from, document, filters
from huanzhi.web.api.once import idempotent
from huanzhi.web.api.own import own_choices
from huanzhi.web.api.papers import paper
from huanzhi.web.api.quota_shapes import (
    QuotaDealIn,
    QuotaDealOut,
    QuotaPledgeIn,
    QuotaPledgeOut,
    QuotaProposalOut,
    QuotaReversalIn,
    QuotaStatementOut,
    QuotaStepIn,
    QuotaWordsOut,
)

router = Router(tags=["quotas"])
BalanceFilters = filters(
    "QuotaBalanceFilters",
    BALANCES.columns,
    held=(bool | None, Field(None, description="something is in it")),
    ending=(bool | None, Field(None, description="its term ends soon")),
)
PostingFilters = filters("QuotaPostingFilters", POSTINGS.columns)
DealFilters = filters(
    "QuotaDealFilters",
    DEALS.columns,
    open=(bool | None, Field(None, description="not decided yet")),
    enterprise=(str | None, Field(None, max_length=18, description="on either side")),
)
PledgeFilters = filters(
    "QuotaPledgeFilters", PLEDGES.columns, open=(bool | None, Field(None, description="not released"))
)
MOST_POSITIONS = 2000
"""Most enterprises of which positions are reckoned at once. Ours."""


@router.get("quota-words", response=QuotaWordsOut, operation_id="quota_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return the words of forms and lists, prices with their confidence, and what the reader may begin."""
    who = actor(request)
    tables = ("pollutant", "sort", "state", "account", "entry", "part", "pledge")
    found: dict[str, Any] = {
        name: [{"value": code, **row} for code, row in settings()[name].items()] for name in tables
    }
    found |= {name: settings()[name] for name in ("unit", "term", "lapse", "price", "source")}
    found["own"] = own_choices(who)
    found["may_draft"] = any(rules_held(who, "create", QuotaDeal.KIND))
    found["may_pledge"] = any(rules_held(who, "create", QuotaPledge.KIND))
    found["may_grant"] = any(rule.reach == "region" for _, rule in rules_held(who, "create", QuotaDeal.KIND))
    found["banks"] = _banks() if found["may_pledge"] else []
    return document(request, found)


@router.get("quota-balances", response=Page[dict[str, Any]], operation_id="list_quota_balances")
def list_balances(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[BalanceFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the accounts of quotas with their balances; also as CSV or XLSX."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    rows = visible(actor(request), Account.KIND, Account.objects.filter(scheme=SCHEME))
    if (held := asked.pop("held", None)) is not None:
        empty = {"free": 0, "frozen": 0}
        rows = rows.exclude(**empty) if held else rows.filter(**empty)
    if asked.pop("ending", False):
        rows = rows.filter(pk__in=ending(_today()).values("pk"))
    paging.sort = paging.sort or "code"
    return answer(request, BALANCES, rows, paging, asked, row_of(BALANCES))


@router.get("quota-postings", response=Page[dict[str, Any]], operation_id="list_quota_postings")
def list_postings(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[PostingFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the postings of quotas, the newest first; also as CSV or XLSX."""
    rows = Posting.objects.filter(transaction__scheme=SCHEME).select_related("transaction", "account")
    paging.sort = paging.sort or "-day"
    return answer(
        request, POSTINGS, visible(actor(request), Posting.KIND, rows), paging, wanted, row_of(POSTINGS)
    )


def _told(name: str, zh: str, en: str, kind: Kind = Kind.TEXT, **more: Any) -> Column:
    return Column(name, kind, titles=both(zh, en), editable=False, **more)


_STANDINGS = {
    "short_emitted": both("实际排放超过持有", "emits more than it holds"),
    "short_permit": both("持有少于许可", "holds less than permitted"),
    "enough": both("足够", "enough"),
    "unknown": both("未知", "unknown"),
}
_POSITIONS = (
    _told("enterprise", "企业编码", "enterprise", filter=True, sort=True),
    _told("enterprise_name", "企业", "name of the enterprise", search=True, sort=True),
    _told("region", "行政区划", "region"),
    _told("commodity", "污染物", "pollutant", filter=True, sort=True),
    _told("free", "可用 (t/a)", "free (t/a)", Kind.DECIMAL),
    _told("frozen", "冻结 (t/a)", "frozen (t/a)", Kind.DECIMAL),
    _told("quota", "持有 (t/a)", "held (t/a)", Kind.DECIMAL),
    _told("permit", "许可量 (t/a)", "permitted (t/a)", Kind.DECIMAL),
    _told("emitted", "本年实际排放 (t)", "emitted this year (t)", Kind.DECIMAL),
    _told("short", "缺口 (t/a)", "short (t/a)", Kind.DECIMAL),
    Column(
        "standing",
        Kind.CHOICE,
        titles=both("状况", "standing"),
        choices=tuple(_STANDINGS),
        choice_titles=_STANDINGS,
        filter=True,
        sort=True,
        editable=False,
    ),
    _told("simulated", "模拟", "simulated", Kind.TRUTH, filter=True),
)
PositionFilters = filters(
    "QuotaPositionFilters",
    _POSITIONS,
    region=(str | None, Field(None, max_length=12, description="code of a region; its whole subtree")),
    day=(date | None, Field(None, description="as of the end of a day")),
)


@router.get("quota-positions", response=Page[dict[str, Any]], operation_id="list_quota_positions")
def list_positions(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[PositionFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List what enterprises hold, may emit and have emitted this year, by pollutant, and what is short."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    day = asked.pop("day", None) or _today()
    region = asked.pop("region", "")
    rows = _enterprises(actor(request))
    if asked.get("enterprise"):
        rows = rows.filter(code=asked["enterprise"].replace("\x00", ""))
    if region and region != WHOLE:
        rows = rows.filter(region__path__contains=f"{region}/".replace("\x00", ""))
    holders = Account.objects.filter(scheme=SCHEME, enterprise__isnull=False).values("enterprise")
    chosen = list(rows.filter(pk__in=holders).order_by("code")[:MOST_POSITIONS])
    found = [one.as_dict() for one in positions(chosen, day, emitted(chosen, day))]
    return answer_rows(request, _POSITIONS, found, paging, asked, lambda: "quota-positions")


@router.get("quota-deals", response=Page[dict[str, Any]], operation_id="list_quota_deals")
def list_deals(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[DealFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List deals, the newest first; also as CSV or XLSX."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    rows = _deals(actor(request))
    if (is_open := asked.pop("open", None)) is not None:
        waiting = ("drafted", "agreed", "proposed")
        rows = rows.filter(state__in=waiting) if is_open else rows.exclude(state__in=waiting)
    if side := asked.pop("enterprise", "").replace("\x00", ""):
        rows = rows.filter(seller__code=side) | rows.filter(buyer__code=side)
    paging.sort = paging.sort or "-made"
    return answer(request, DEALS, rows, paging, asked, row_of(DEALS))


@router.post("quota-deals", response={201: QuotaDealOut}, operation_id="draft_quota_deal")
@idempotent
def draft_deal(request: HttpRequest, given: QuotaDealIn) -> HttpResponse:
    """Draft a deal; who drafts for its own side consents to it."""
    who = actor(request)
    made = dealing.draft(who, given.model_dump(), datetime.now(UTC))
    return document(request, shown_deal(who, made), 201)


@router.get("quota-deals/{number}", response=QuotaDealOut, operation_id="get_quota_deal")
def get_deal(request: HttpRequest, number: str) -> HttpResponse:
    """Return a deal with its steps."""
    return document(request, shown_deal(actor(request), _deal(request, number)))


@router.post("quota-deals/{number}/steps", response=QuotaDealOut, operation_id="step_quota_deal")
@idempotent
def step_deal(request: HttpRequest, number: str, given: QuotaStepIn) -> HttpResponse:
    """Take a step: ``consent_seller``, ``consent_buyer``, ``propose``, ``withdraw``."""
    who, deal, now = actor(request), _deal(request, number), datetime.now(UTC)
    begun_from(request, deal)
    side = given.step.removeprefix("consent_")
    if given.step == "propose":
        dealing.propose_deal(who, deal, given.words, now)
    elif given.step == "withdraw":
        dealing.withdraw_deal(who, deal, given.words, now)
    elif given.step.startswith("consent_") and side in dealing.SIDES:
        dealing.consent(who, deal, side, given.words, now)
    else:
        raise InputError("quotas.choice", column="step", value=given.step)
    return document(request, shown_deal(who, _deal(request, number)))


@router.get("quota-pledges", response=Page[dict[str, Any]], operation_id="list_quota_pledges")
def list_pledges(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[PledgeFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List pledges, the newest first; a bank sees its own."""
    asked = wanted.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    rows = _pledges(actor(request))
    if (is_open := asked.pop("open", None)) is not None:
        rows = rows.exclude(state="released") if is_open else rows.filter(state="released")
    paging.sort = paging.sort or "-begun"
    return answer(request, PLEDGES, rows, paging, asked, row_of(PLEDGES))


@router.post("quota-pledges", response={201: QuotaPledgeOut}, operation_id="register_quota_pledge")
@idempotent
def register_pledge(request: HttpRequest, given: QuotaPledgeIn) -> HttpResponse:
    """Register a pledge; what is pledged is frozen at once."""
    who = actor(request)
    made = pledging.pledge(who, given.model_dump(), datetime.now(UTC))
    return document(request, shown_pledge(who, made), 201)


@router.get("quota-pledges/{number}", response=QuotaPledgeOut, operation_id="get_quota_pledge")
def get_pledge(request: HttpRequest, number: str) -> HttpResponse:
    """Return a pledge with its steps."""
    return document(request, shown_pledge(actor(request), _pledge(request, number)))


@router.post("quota-pledges/{number}/steps", response=QuotaPledgeOut, operation_id="step_quota_pledge")
@idempotent
def step_pledge(request: HttpRequest, number: str, given: QuotaStepIn) -> HttpResponse:
    """Take a step: ``release``, ``default``."""
    who, held, now = actor(request), _pledge(request, number), datetime.now(UTC)
    begun_from(request, held)
    steps = {"release": pledging.release, "default": pledging.mark_default}
    if given.step not in steps:
        raise InputError("quotas.choice", column="step", value=given.step, expected=", ".join(steps))
    steps[given.step](who, held, given.words, now)
    return document(request, shown_pledge(who, _pledge(request, number)))


@router.post("quota-reversals", response={201: QuotaProposalOut}, operation_id="propose_quota_reversal")
@idempotent
def propose_back(request: HttpRequest, given: QuotaReversalIn) -> HttpResponse:
    """Propose that a transaction is turned back; a second person decides."""
    who = actor(request)
    wrong = found_transaction(who, given.transaction)
    made = propose_reversal(who, wrong, given.reason, datetime.now(UTC))
    return document(request, {"proposal": made.pk}, 201)


@router.get("quota-statements/{enterprise}", response=QuotaStatementOut, operation_id="get_quota_statement")
def get_statement(
    request: HttpRequest,
    enterprise: str,
    first: date | None = None,
    last: date | None = None,
    form: Literal["json", "docx", "xlsx"] = "json",
) -> HttpResponse:
    """Return the statement of an enterprise, this year so far by default; also as DOCX or XLSX.

    Another's accounts are answered as those of an enterprise that does not exist.
    """
    who = actor(request)
    rows = Enterprise.objects.select_related("region", "organisation")
    found = rows.filter(code=enterprise).first() if "\x00" not in enterprise else None
    body = found.organisation.code if found and found.organisation else ""
    thing = Thing(Account.KIND, found.region.path, body, "own") if found else None
    if found is None or thing is None or not may(who, "read", thing).allowed:
        raise InputError("issues.no_enterprise", value=enterprise.replace("\x00", ""))
    end = last or _today()
    begin = first or date(end.year, 1, 1)
    if begin > end:
        raise InputError("quotas.span", value=begin.isoformat(), expected=end.isoformat())
    told = statement(found, begin, end)
    if form == "json":
        return document(request, told)
    with using(language_of(request)):
        mark = text("rankings.mark_simulated") if found.simulated else ""
        return paper(sheets(told), form, f"quota-{found.code}-{end}", mark=mark)


def shown_deal(who: Actor, deal: QuotaDeal) -> dict[str, Any]:
    """Return a deal as it is shown."""
    return {
        **mask(who, deal, row_of(DEALS)(deal)),
        "words": deal.words,
        "seller_by": deal.seller_by,
        "seller_at": stamp(deal.seller_at),
        "buyer_by": deal.buyer_by,
        "buyer_at": stamp(deal.buyer_at),
        "consent": list(settings()["sort"][deal.sort]["consent"]),
        "proposal": deal.proposal,
        "may_decide": _may_decide(who, deal),
        "made_by": deal.made_by,
        "steps": deal.steps,
        "allowed": dealing.allowed(who, deal),
    }


def shown_pledge(who: Actor, held: QuotaPledge) -> dict[str, Any]:
    """Return a pledge as it is shown."""
    return {
        **mask(who, held, row_of(PLEDGES)(held)),
        "made_by": held.made_by,
        "steps": held.steps,
        "allowed": pledging.allowed(who, held),
    }


def _may_decide(who: Actor, deal: QuotaDeal) -> bool:
    """Return whether somebody may decide the open proposal of a deal: a second person with the right."""
    held = Proposal.objects.select_related("region").filter(pk=deal.proposal, state=State.OPEN).first()
    return held is not None and held.proposer != who.code and may(who, "approve", held.thing()).allowed


def _today() -> date:
    return datetime.now(CHINA).date()


def _banks() -> list[dict[str, str]]:
    rows = Organisation.objects.filter(kind="bank").order_by("code")
    return [{"code": one.code, "name": one.name} for one in rows]


def _enterprises(who: Actor) -> Any:
    """Return the enterprises whose accounts somebody may read."""
    rows = visible(who, Account.KIND, Account.objects.filter(scheme=SCHEME, enterprise__isnull=False))
    return Enterprise.objects.filter(pk__in=rows.order_by().values("enterprise"))


def _deals(who: Actor) -> Any:
    return visible(who, QuotaDeal.KIND, QuotaDeal.objects.all())


def _pledges(who: Actor) -> Any:
    return visible(who, QuotaPledge.KIND, QuotaPledge.objects.all())


def _deal(request: HttpRequest, number: str) -> QuotaDeal:
    rows = _deals(actor(request)).select_related("region", "seller__organisation", "buyer__organisation")
    found: QuotaDeal | None = rows.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise InputError("quotas.none", value=number.replace("\x00", ""))
    return found


def _pledge(request: HttpRequest, number: str) -> QuotaPledge:
    rows = _pledges(actor(request)).select_related("region", "enterprise__organisation", "bank")
    found: QuotaPledge | None = rows.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise InputError("quotas.no_pledge", value=number.replace("\x00", ""))
    return found
