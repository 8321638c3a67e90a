"""Shapes of what permits take and give over the API."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from huanzhi.web.api.once import Clean


class PermitHandOverIn(Clean):
    """What was done."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"words": "10月台账已按证记录并保存"}]}
    )

    words: str = Field(min_length=1, max_length=500)


class PermitReportRowIn(Clean):
    """A quantity of an outlet; words where there is none."""

    outlet: str = Field(max_length=64)
    parameter: str = Field(max_length=40)
    tonnes: str = Field("", max_length=20)
    words: str = Field("", max_length=500)


class PermitReportIn(Clean):
    """Quantities and statements of a report."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "rows": [
                        {"outlet": "SIM0001DW001", "parameter": "w01018", "tonnes": "1.25", "words": ""}
                    ],
                    "answers": {"compliance": "按证排污"},
                }
            ]
        },
    )

    rows: list[PermitReportRowIn] = Field(default_factory=list, max_length=500)
    answers: dict[str, str] = Field(default_factory=dict, max_length=10)


class PermitReviewIn(Clean):
    """What the bureau makes of a report."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"verdict": "returned", "words": "与在线数据相差较大，请核实"}]},
    )

    verdict: Literal["accepted", "returned"]
    words: str = Field("", max_length=2000)


class PermitRequirementIn(Clean):
    """A line of the self-monitoring plan."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"outlet": "SIM0001DW001", "parameter": "w21011", "frequency": "quarter"}]
        },
    )

    outlet: str = Field(max_length=64)
    parameter: str = Field(max_length=40)
    frequency: str = Field(max_length=12)
    method: str = Field("", max_length=200)


class PermitSampleIn(Clean):
    """A result as it was written."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "requirement": "SIM0001DW001.w21011",
                    "day": "2026-11-03",
                    "written": "<0.01",
                    "unit": "mg/L",
                }
            ]
        },
    )

    requirement: str = Field(max_length=120)
    day: date
    written: str = Field("", max_length=30)
    unit: str = Field("", max_length=30)
    laboratory: str = Field("", max_length=200)
    report_number: str = Field("", max_length=100)
    words: str = Field("", max_length=500)


class KeyListIn(Clean):
    """Which list to draft."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"region": "990001", "year": 2026}]}
    )

    region: str = Field(max_length=12)
    year: int = Field(ge=2023, le=2100)


class KeyEntryIn(Clean):
    """An enterprise to put into a class, or to take out, with the reason."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"enterprise": "91990001SIM0000001", "category": "noise", "inside": True, "words": "群众反映"}
            ]
        },
    )

    enterprise: str = Field(max_length=18)
    category: str = Field(max_length=20)
    inside: bool = True
    words: str = Field(min_length=1, max_length=1000)


class KeyObjectionIn(Clean):
    """An objection to a draft, or to one entry of it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "某公司", "words": "已停产两年"}]}
    )

    entry: str = Field("", max_length=80)
    name: str = Field("", max_length=200)
    words: str = Field(min_length=1, max_length=2000)


class KeyAnswerIn(Clean):
    """The answer to an objection."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"upheld": False, "words": "核实仍在排放"}]}
    )

    upheld: bool
    words: str = Field(min_length=1, max_length=2000)


class KeyPublishIn(Clean):
    """Why a list may be published."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"words": "异议已全部答复"}]})

    words: str = Field(min_length=1, max_length=2000)


class ReductionTargetIn(Clean):
    """A target of a region."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "region": "990001",
                    "parameter": "a21002",
                    "base_year": 2020,
                    "base": "1200",
                    "year": 2026,
                    "target": "120",
                }
            ]
        },
    )

    region: str = Field(max_length=12)
    parameter: str = Field(max_length=40)
    base_year: int = Field(ge=2000, le=2100)
    base: str = Field(max_length=20)
    year: int = Field(ge=2000, le=2100)
    target: str = Field(max_length=20)
    source: str = Field("", max_length=300)


class ReductionProjectIn(Clean):
    """A project that reduces."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "region": "990001",
                    "title": "锅炉超低改造",
                    "parameter": "a21002",
                    "quantity": "35",
                    "year": 2026,
                }
            ]
        },
    )

    region: str = Field(max_length=12)
    enterprise: str = Field("", max_length=18)
    title: str = Field(min_length=1, max_length=200)
    parameter: str = Field(max_length=40)
    quantity: str = Field(max_length=20)
    year: int = Field(ge=2000, le=2100)
    accepted: bool = False
    words: str = Field("", max_length=1000)


class PermitRowOut(Schema):
    """A row of permits."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"code": "91990001SIM0000001"}]})


class PermitHolderOut(Schema):
    """An enterprise with its permit, limits, quantities, duties and reports."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [{"code": "91990001SIM0000001", "name": "模拟企业", "allowances": []}]
        },
    )

    code: str
    name: str
    allowances: list[dict[str, Any]]


class PermitReportOut(Schema):
    """A report with its rows, answers and steps."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {"code": "91990001SIM0000001.report_quarter.2026Q3", "state": "draft", "revision": 1}
            ]
        },
    )

    code: str
    state: str
    rows: list[dict[str, Any]]
    revision: int


class KeyListOut(Schema):
    """A list with its clocks, counts and what I may do."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"examples": [{"code": "990001-2026", "state": "draft", "revision": 1}]},
    )

    code: str
    state: str
    revision: int
