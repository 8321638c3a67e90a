"""Shapes of codes and credit in the API."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

Which = Literal["code", "credit"]


class CodeEventIn(Schema):
    """An event that an officer enters."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "enterprise": "91330000000000000X",
                    "kind": "data_fraud",
                    "day": "2026-11-20",
                    "words": "查实",
                }
            ]
        },
    )

    enterprise: str = Field(max_length=18)
    kind: str = Field(max_length=40)
    day: date
    until: date | None = None
    words: str = Field(min_length=1, max_length=300)
    facts: dict[str, str | int | bool] = Field(default_factory=dict, max_length=20)


class CodeReleaseIn(Schema):
    """The mending of an event that is accepted."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"day": "2026-11-20", "words": "现场核实已整改"}]}
    )

    day: date
    words: str = Field(min_length=1, max_length=2000)


class CodeAppealIn(Schema):
    """What is wrong with an event."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"words": "当日为校准数据", "proof": "校准记录"}]}
    )

    words: str = Field(min_length=1, max_length=4000)
    proof: str = Field("", max_length=4000)


class CodeAppealDecisionIn(Schema):
    """A decision on an appeal; with a day or facts the event is corrected, without them it is struck."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"accept": True, "words": "校准记录属实"}]}
    )

    accept: bool
    words: str = Field(min_length=1, max_length=4000)
    day: date | None = None
    facts: dict[str, str | int | bool] | None = Field(None, max_length=20)


class CreditRepairIn(Schema):
    """An application for the repair of credit."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"grade": "ordinary", "duty_done": "2026-09-01", "commitment": True, "proof": "缴款凭证"}
            ]
        },
    )

    grade: Literal["minor", "ordinary", "serious"]
    duty_done: date | None = None
    commitment: bool = False
    proof: str = Field(min_length=1, max_length=4000)


class CreditRepairDecisionIn(Schema):
    """A decision on an application."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"grant": True, "words": "条件满足，准予修复"}]}
    )

    grant: bool
    words: str = Field(min_length=1, max_length=4000)


class CodeByHandIn(Schema):
    """A level by hand, to be decided by another person."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"which": "code", "level": "yellow", "until": "2026-12-31", "reason": "专项核查"}]
        },
    )

    which: Which
    level: str = Field(max_length=20)
    until: date | None = None
    reason: str = Field(min_length=1, max_length=2000)


class CodeOut(Schema):
    """Where an enterprise stands by code and credit, with reasons as far as the reader may see them."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"code": "SIM000001"}]})

    code: str
    name: str
    standings: list[dict[str, Any]]
    may: dict[str, bool]


class CodeEventOut(Schema):
    """An event with what was known of it when."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"code": "E0123456789"}]})

    code: str
    kind: str
    states: list[dict[str, Any]]
    revision: int


class CodeCaseOut(Schema):
    """An appeal or an application."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"number": "SS-2026-0001"}]})

    number: str
    state: str
    revision: int


class CodeFiguresOut(Schema):
    """How many enterprises stand where, by level and by region."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"total": 3, "levels": []}]})

    total: int
    levels: list[dict[str, Any]]
    regions: list[dict[str, Any]]


class CodeSchemesOut(Schema):
    """Every scheme, and which one each place uses."""

    schemes: list[dict[str, Any]]
    chosen: list[dict[str, Any]]
    here: dict[str, Any]


class CodeHistoryOut(Schema):
    """The history of a code, and the days on which something was known."""

    items: list[dict[str, Any]]
    known: list[str]


class CodeTokenOut(Schema):
    """A signed code and the address at which it is shown."""

    token: str
    address: str
    day: str
    last: str


class CodeWordsOut(Schema):
    """Words of the forms."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"kinds": []}]})

    kinds: list[dict[str, Any]]


class OpenCodeOut(Schema):
    """What everybody may see of an enterprise's code."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"code": "SIM000001"}]})

    code: str
    name: str
    levels: list[dict[str, Any]]


class OpenCodesOut(Schema):
    """What everybody may see of some enterprises."""

    items: list[dict[str, Any]]
    total: int


class OpenCodeKeyOut(Schema):
    """The key with which signed codes are checked."""

    algorithm: str
    pem: str


class OpenBreachesOut(Schema):
    """The list of serious breaches, each with the day on which it is taken off."""

    items: list[dict[str, Any]]
    day: str
