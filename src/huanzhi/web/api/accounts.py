"""Accounts 账户: transactions with their postings, balances as of a day, and the recount of a scheme."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import ConfigDict

from huanzhi.errors import InputError
from huanzhi.library.accounts.checking import check
from huanzhi.library.accounts.models import Account, Posting, Transaction
from huanzhi.library.accounts.reading import balances
from huanzhi.library.rights import Actor, visible
from huanzhi.library.rights.decision import rules_held
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import document

router = Router(tags=["accounts"])
Scheme = Literal["quota", "waste", "carbon"]


class AccountTransactionOut(Schema):
    """A transaction with those of its postings that I may see."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"number": "JY-2026-00001"}]})

    number: str
    scheme: str
    sort: str
    day: date
    postings: list[dict[str, Any]]


class AccountCheckOut(Schema):
    """What a recount found; `whole` where every transaction, balance and commodity agrees."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"scheme": "quota", "whole": True}]})

    scheme: str
    whole: bool
    accounts: int
    transactions: int
    postings: int
    sums: dict[str, int]
    faults: list[str]


class AccountBalanceOut(Schema):
    """What an account held at the end of a day."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "quota/reserve/990000/w01018"}]})

    code: str
    day: date | None
    unit: str
    free: str
    frozen: str
    revision: int


@router.get("account-check", response=AccountCheckOut, operation_id="check_accounts")
def get_check(request: HttpRequest, scheme: Scheme = "quota") -> HttpResponse:
    """Recount a scheme: every transaction sums to nothing, every balance is that of its postings."""
    who = actor(request)
    if not any(rule.reach == "region" for _, rule in rules_held(who, "read", Account.KIND)):
        raise InputError("rights.refused", value="read", expected=Account.KIND)
    found = check(scheme)
    names = ("whole", "accounts", "transactions", "postings", "sums", "faults")
    return document(request, {"scheme": scheme, **{name: getattr(found, name) for name in names}})


@router.get("account-balance", response=AccountBalanceOut, operation_id="get_account_balance")
def get_balance(request: HttpRequest, code: str, day: date | None = None) -> HttpResponse:
    """Return what an account held at the end of a day; now where no day is given."""
    rows = visible(actor(request), Account.KIND, Account.objects.all())
    found = rows.filter(code=code).first() if "\x00" not in code else None
    if found is None:
        raise InputError("accounts.no_account", value=code.replace("\x00", ""))
    held = balances([found], day)[found.pk]
    return document(
        request,
        {
            "code": found.code,
            "day": day,
            "unit": found.unit,
            "free": f"{found.amount(held.free):f}",
            "frozen": f"{found.amount(held.frozen):f}",
            "revision": found.revision,
        },
    )


@router.get(
    "account-transactions/{number}", response=AccountTransactionOut, operation_id="get_account_transaction"
)
def get_transaction(request: HttpRequest, number: str) -> HttpResponse:
    """Return a transaction with those of its postings that the reader may see."""
    return document(request, shown(actor(request), found_transaction(actor(request), number)))


def found_transaction(who: Actor, number: str) -> Transaction:
    """Return a transaction of which somebody may see a posting; InputError ``accounts.none`` otherwise."""
    found = Transaction.objects.filter(number=number).first() if "\x00" not in number else None
    if found is None or not _postings(who, found).exists():
        raise InputError("accounts.none", value=number.replace("\x00", ""))
    return found


def shown(who: Actor, one: Transaction) -> dict[str, Any]:
    """Return a transaction as it is shown."""
    later = Transaction.objects.filter(reverses=one).first()
    return {
        "number": one.number,
        "scheme": one.scheme,
        "sort": one.sort,
        "day": one.day.isoformat(),
        "at": one.at.astimezone(CHINA).isoformat(timespec="seconds"),
        "actor": one.actor,
        "actor_name": one.actor_name,
        "reason": one.reason,
        "reference": one.reference,
        "digest": one.digest,
        "reverses": one.reverses.number if one.reverses else None,
        "reversed_by": later.number if later else None,
        "simulated": one.simulated,
        "postings": [_leg(leg) for leg in _postings(who, one).select_related("account__enterprise")],
    }


def _postings(who: Actor, one: Transaction) -> Any:
    return visible(who, Posting.KIND, Posting.objects.filter(transaction=one)).order_by("pk")


def _leg(leg: Posting) -> dict[str, Any]:
    own = leg.account
    return {
        "account": own.code,
        "sort": own.sort,
        "enterprise": own.enterprise.code if own.enterprise else None,
        "enterprise_name": own.enterprise.name if own.enterprise else None,
        "commodity": own.commodity,
        "until": own.until.isoformat() if own.until else None,
        "part": leg.part,
        "unit": own.unit,
        **{name: f"{own.amount(getattr(leg, name)):f}" for name in ("units", "free_after", "frozen_after")},
    }
