"""Shapes of the API of disclosure."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field


class DisclosureListIn(Schema):
    """The list of a region and year to draw up."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"region": "990001", "year": 2026}]}
    )

    region: str = Field(max_length=12)
    year: int = Field(ge=2022, le=2100)


class DisclosureReasonIn(Schema):
    """Why a list may be published."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "公示期满无异议"}]})

    reason: str = Field(min_length=1, max_length=2000)


class DisclosureObjectionIn(Schema):
    """An objection."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"words": "我单位已不属于重点排污单位"}]}
    )

    words: str = Field(min_length=1, max_length=2000)


class DisclosureAnswerIn(Schema):
    """What becomes of an objection."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"state": "rejected", "words": "仍在重点名录内"}]}
    )

    state: Literal["upheld", "rejected"]
    words: str = Field(min_length=1, max_length=2000)


class DisclosureEventIn(Schema):
    """An event of article 8 that no room of the platform holds."""

    model_config = ConfigDict(extra="forbid")

    day: date
    sort: str = Field(max_length=20)
    amount: str | None = Field(None, max_length=20, pattern=r"^\d{1,12}(\.\d{1,2})?$")
    document: str = Field("", max_length=100)


class DisclosureTraitIn(Schema):
    """What decides whether an enterprise discloses."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"listed": True, "events": []}]}
    )

    listed: bool = False
    bond: bool = False
    other: bool = False
    audit_from: int | None = Field(None, ge=2000, le=2100)
    audit_accepted: int | None = Field(None, ge=2000, le=2100)
    events: list[DisclosureEventIn] = Field(default_factory=list, max_length=100)
    words: str = Field("", max_length=500)


class DisclosureTemporaryIn(Schema):
    """A document that makes a temporary report owed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"event": "penalty", "received": "2026-11-20", "title": "收到行政处罚决定书"}]
        },
    )

    enterprise: str = Field("", max_length=18)
    event: str = Field(max_length=12)
    received: date
    title: str = Field(min_length=1, max_length=200)
    document: str = Field("", max_length=100)


class DisclosureDraftIn(Schema):
    """What is written so far, by section."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"content": {"basic": {}}}]})

    content: dict[str, Any]


class DisclosureReportIn(DisclosureDraftIn):
    """What to disclose, with the truth commitment; a correction with its reason."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"content": {"basic": {"name": "…", "code": "…"}}, "agreed": True, "person": "张三"}]
        },
    )

    agreed: bool = False
    person: str = Field("", max_length=100)
    position: str = Field("", max_length=100)
    reason: str = Field("", max_length=1000)


class DisclosureMoveIn(Schema):
    """A step with a finding."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"move": "notice", "words": "请五日内答复"}]}
    )

    move: str = Field(max_length=12)
    words: str = Field("", max_length=2000)


class DisclosureVoidIn(Schema):
    """Why an item is not owed."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "决定书已撤销"}]})

    reason: str = Field(min_length=1, max_length=500)


class DisclosureOut(Schema):
    """One record of disclosure, with what I may do with it."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"code": "E1-2025-A"}]})


class DisclosurePatrolOut(Schema):
    """What a patrol did."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"owed": 0, "found": 2, "cured": 1}]})

    owed: int
    found: int
    cured: int
