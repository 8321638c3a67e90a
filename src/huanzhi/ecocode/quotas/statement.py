"""Statement 对账单 of an enterprise: what it held, what came and went, what it holds, by pollutant."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from huanzhi.ecocode.quotas.settings import SCHEME, amount_of, settings
from huanzhi.library.accounts.models import Account, Posting
from huanzhi.library.accounts.reading import balances
from huanzhi.library.documents import Column, Table
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.messages import language, text


def statement(enterprise: Enterprise, first: date, last: date) -> dict[str, Any]:
    """Return the statement of the days from `first` to `last`, both included."""
    accounts = list(
        Account.objects.filter(scheme=SCHEME, enterprise=enterprise).order_by("commodity", "code")
    )
    before, after = balances(accounts, first - timedelta(days=1)), balances(accounts, last)
    rows = Posting.objects.filter(
        account__in=accounts, transaction__day__gte=first, transaction__day__lte=last
    )
    postings = rows.select_related("transaction", "account").order_by("transaction__day", "pk")
    return {
        "enterprise": enterprise.code,
        "enterprise_name": enterprise.name,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "unit": settings()["unit"]["unit"],
        "accounts": [
            {
                "account": one.code,
                "commodity": one.commodity,
                "until": one.until.isoformat() if one.until else None,
                "free_before": amount_of(before[one.pk].free),
                "frozen_before": amount_of(before[one.pk].frozen),
                "free": amount_of(after[one.pk].free),
                "frozen": amount_of(after[one.pk].frozen),
            }
            for one in accounts
        ],
        "postings": [_posting(one) for one in postings],
        "simulated": enterprise.simulated,
    }


def _posting(one: Posting) -> dict[str, Any]:
    return {
        "number": one.transaction.number,
        "day": one.transaction.day.isoformat(),
        "sort": one.transaction.sort,
        "account": one.account.code,
        "commodity": one.account.commodity,
        "part": one.part,
        "amount": amount_of(one.units),
        "free_after": amount_of(one.free_after),
        "frozen_after": amount_of(one.frozen_after),
        "reference": one.transaction.reference,
    }


def sheets(told: dict[str, Any]) -> list[Table]:
    """Return a statement as two tables: balances, and what came and went."""
    return [_accounts(told), _postings(told)]


def _word(table: str, code: str) -> str:
    row = settings()[table].get(code)
    return str(row[language()]) if row else code


def _columns(names: tuple[str, ...], numeric: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(Column(text(f"quotas.column_{name}"), numeric=name in numeric) for name in names)


def _accounts(told: dict[str, Any]) -> Table:
    numeric = ("free_before", "frozen_before", "free", "frozen")
    names = ("commodity", "until", *numeric)
    body = [
        [_word("pollutant", row["commodity"]), row["until"], *(Decimal(row[name]) for name in numeric)]
        for row in told["accounts"]
    ]
    span = {"name": told["enterprise_name"], "first": told["from"], "last": told["to"]}
    title = text("quotas.statement", **span)
    return Table("accounts", title, _columns(names, numeric), body, text("quotas.statement_note"))


def _postings(told: dict[str, Any]) -> Table:
    numeric = ("amount", "free_after", "frozen_after")
    names = ("day", "number", "sort", "commodity", "part", *numeric)
    body = [
        [
            row["day"],
            row["number"],
            _word("entry", row["sort"]),
            _word("pollutant", row["commodity"]),
            _word("part", row["part"]),
            *(Decimal(row[name]) for name in numeric),
        ]
        for row in told["postings"]
    ]
    return Table("postings", text("quotas.statement_postings"), _columns(names, numeric), body)
