"""Shapes of the API of service firms."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field


class ServiceFirmIn(Schema):
    """A firm for the register."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "模拟检测有限公司", "kind": "testing", "region": "990001"}]},
    )

    name: str = Field(min_length=1, max_length=200)
    kind: str = Field(max_length=12)
    region: str = Field(max_length=12)
    organisation: str = Field("", max_length=40)
    qualification: str = Field("", max_length=200)
    qualified_until: date | None = None
    address: str = Field("", max_length=300)
    contact: str = Field("", max_length=100)
    phone: str = Field("", max_length=40)
    reason: str = Field("", max_length=200)


class ServicePersonIn(Schema):
    """A person or an expert."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "张三", "kind": "engineer", "firm": "9133…"}]},
    )

    name: str = Field(min_length=1, max_length=100)
    kind: str = Field(max_length=12)
    firm: str = Field("", max_length=18)
    region: str = Field("", max_length=12)
    field: str = Field("", max_length=200)


class ServicePromiseIn(Schema):
    """What a contract of treatment promised."""

    model_config = ConfigDict(extra="forbid")

    place: str = Field(max_length=64)
    parameter: str = Field(max_length=40)
    period: Literal["day", "hour"] = "day"
    limit: str = Field(max_length=20)
    share: str = Field(max_length=8)
    first: date
    last: date


class ServiceWorkIn(Schema):
    """A work of a firm for an enterprise."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"firm": "9133…", "enterprise": "E1", "title": "季度监测报告", "begun": "2026-09-01"}
            ]
        },
    )

    firm: str = Field(max_length=18)
    enterprise: str = Field(max_length=18)
    title: str = Field(min_length=1, max_length=200)
    begun: date
    ended: date | None = None
    kind: str = Field("", max_length=12)
    person: str = Field("", max_length=40)
    contract: str = Field("", max_length=100)
    promised: ServicePromiseIn | None = None


class ServiceWorkChangeIn(Schema):
    """What is changed of a work, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"title": "季度监测报告", "ended": "2026-10-08", "reason": "成果已交付"}]
        },
    )

    title: str = Field(min_length=1, max_length=200)
    contract: str = Field("", max_length=100)
    ended: date | None = None
    reason: str = Field(min_length=1, max_length=200)


class ServiceCheckIn(Schema):
    """Answers of the check list: yes, partly or no."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "answers": {
                        "complete": "yes",
                        "sound": "yes",
                        "method": "partly",
                        "conclusion": "yes",
                        "timely": "no",
                    }
                }
            ]
        },
    )

    answers: dict[str, Literal["yes", "partly", "no"]] = Field(max_length=20)
    words: str = Field("", max_length=2000)


class ServiceMarkIn(Schema):
    """An entry of the credit file."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"kind": "penalty", "day": "2026-10-01", "words": "罚款2万元"}]},
    )

    kind: str = Field(max_length=15)
    day: date
    words: str = Field(min_length=1, max_length=500)
    person: str = Field("", max_length=40)


class ServiceStandingIn(Schema):
    """Where a firm or a person shall stand, and why."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"to": "exited", "reason": "出具虚假报告"}]}
    )

    to: Literal["listed", "exited", "banned"]
    reason: str = Field(min_length=1, max_length=2000)


class ServiceOut(Schema):
    """One record, with what I may do with it."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"code": "9133…"}]})


class OpenServiceQuery(Schema):
    """What to look for."""

    q: str = Field("", max_length=100)
    kind: str = Field("", max_length=12)
    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=1_000_000)


class OpenServicesOut(Schema):
    """What the public sees of service firms."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [], "total": 0}]})

    items: list[dict[str, Any]]
    total: int
    words: dict[str, Any]
