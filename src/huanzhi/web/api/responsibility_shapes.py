"""Shapes of the API of responsibility audits."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field


class ResponsibilityBeginIn(Schema):
    """Whom to audit, from which day on; twelve months where no day is given."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"enterprise": "SIM0001"}]})

    enterprise: str = Field(min_length=1, max_length=18)
    first: date | None = None


class ResponsibilityJudgeIn(Schema):
    """What the auditor found of an item; why where the archive says otherwise, a demand where it failed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"finding": "failed", "demand": "补办备案", "days": 30}]},
    )

    finding: Literal["compliant", "failed", "unknown", "not_applicable"]
    reason: str = Field("", max_length=2000)
    demand: str = Field("", max_length=1000)
    days: int | None = Field(None, ge=1, le=10_000)


class ResponsibilityWordsIn(Schema):
    """Words of a step."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"words": "审计完成"}]})

    words: str = Field("", max_length=4000)


class ResponsibilityWordsOut(Schema):
    """The form with the words of its tables, and what I may do."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"may_begin": True}]})

    item: list[dict[str, Any]]
    may_begin: bool


class ResponsibilityAuditOut(Schema):
    """An audit with its items and what I may do with it."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"number": "ZRSJ-2026-0001"}]})

    number: str
    state: str
    items: list[dict[str, Any]]
    moves: list[str]
    revision: int
