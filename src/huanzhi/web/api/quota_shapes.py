"""Shapes of the API of emission quotas: deals, pledges, reversals, statements."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field

from huanzhi.web.api.once import Clean


class QuotaDealIn(Clean):
    """A deal to draft; which sides it has, `quota-words` tells."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"kind": "grant", "buyer": "E1", "commodity": "w01018", "amount": "12.5"}]
        },
    )

    kind: str = Field(max_length=20)
    commodity: str = Field(max_length=40)
    amount: str = Field(max_length=40)
    seller: str = Field("", max_length=18)
    buyer: str = Field("", max_length=18)
    region: str = Field("", max_length=12)
    price: str = Field("", max_length=30)
    contract: str = Field("", max_length=100)
    until: date | None = None
    words: str = Field("", max_length=2000)


class QuotaStepIn(Clean):
    """A step of a deal or pledge."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"step": "propose", "words": "符合总量要求"}]}
    )

    step: str = Field(max_length=20)
    words: str = Field("", max_length=2000)


class QuotaPledgeIn(Clean):
    """A pledge to register."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"enterprise": "E1", "bank": "B1", "commodity": "w01018", "amount": "5", "contract": "ZY-1"}
            ]
        },
    )

    enterprise: str = Field(max_length=18)
    bank: str = Field(max_length=40)
    commodity: str = Field(max_length=40)
    amount: str = Field(max_length=40)
    contract: str = Field(min_length=1, max_length=100)
    loan: str = Field("", max_length=30)
    ends: date | None = None
    words: str = Field("", max_length=2000)


class QuotaReversalIn(Clean):
    """A transaction to turn back."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"transaction": "JY-2026-00001", "reason": "数量有误"}]},
    )

    transaction: str = Field(max_length=32)
    reason: str = Field(min_length=1, max_length=2000)


class QuotaDealOut(Schema):
    """A deal with its steps and those that I may take."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"number": "PQ-2026-00001"}]})

    number: str
    kind: str
    state: str
    amount: str
    steps: list[dict[str, Any]]
    allowed: list[str]
    revision: int


class QuotaPledgeOut(Schema):
    """A pledge with its steps and those that I may take."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"number": "PZ-2026-00001"}]})

    number: str
    state: str
    amount: str
    steps: list[dict[str, Any]]
    allowed: list[str]
    revision: int


class QuotaWordsOut(Schema):
    """Words of forms and lists, prices with their confidence, and what I may begin."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"pollutant": []}]})

    pollutant: list[dict[str, Any]]
    price: list[dict[str, Any]]
    may_draft: bool
    may_pledge: bool


class QuotaProposalOut(Schema):
    """The proposal that a second person decides."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"proposal": 7}]})

    proposal: int


class QuotaStatementOut(Schema):
    """What an enterprise held, what came and went, what it holds."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"enterprise": "E1"}]})

    enterprise: str
    accounts: list[dict[str, Any]]
    postings: list[dict[str, Any]]
