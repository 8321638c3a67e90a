"""Shapes of the enterprise file's answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field


class FileOut(Schema):
    """The head of a file and the sections that open to the reader."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"examples": [{"code": "SIM0000", "name": "模拟企业", "open_issues": 1}]},
    )

    code: str
    name: str | None
    open_issues: int
    late_issues: int
    exceeding_days: int
    open_statements: int
    key_classes: list[dict[str, Any]]
    sections: list[dict[str, Any]]
    own: bool


class GridCellOut(Schema):
    """One quarter of an outlet and a parameter."""

    model_config = ConfigDict(extra="allow")

    quarter: str
    state: Literal["compliant", "exceeding", "unknown", "not_applicable"]
    reckoned: str | None = None


class GridRowOut(Schema):
    """One outlet and parameter."""

    outlet: str
    outlet_name: str
    parameter: str
    name: str
    symbol: str
    cells: list[GridCellOut]


class GridOut(Schema):
    """The grid of four states."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"quarters": ["2026Q3", "2026Q4"], "rows": []}]}
    )

    quarters: list[str]
    running: str
    rows: list[GridRowOut]
    outlets: list[dict[str, Any]]
    reckoned: str | None
    rules: dict[str, Any]


class GridWhyOut(Schema):
    """Why a cell is what it is."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"examples": [{"quarter": "2026Q4", "state": "exceeding", "over": 2}]},
    )

    outlet: str
    parameter: str
    quarter: str
    state: str
    due: int
    valid: int
    over: int
    missing: int
    stopped: int
    needed: int
    days: list[dict[str, str]]
    exceeding: list[dict[str, str]]
    limits: list[dict[str, Any]]
    steps: list[dict[str, str]]
    cautions: list[str]


class GridWhyIn(Schema):
    """Which cell, and as of when."""

    outlet: str = Field(max_length=64)
    parameter: str = Field(max_length=40, examples=["w01018"])
    quarter: str = Field(max_length=6, examples=["2026Q3"])
    as_of: datetime | None = None


class FileTimelineOut(Schema):
    """Events in the life of an enterprise, and what is due next."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"events": [], "next": [], "stages": []}]})

    events: list[dict[str, Any]]
    next: list[dict[str, Any]]
    stages: list[dict[str, Any]]


class FileRegisterOut(Schema):
    """Enterprise, outlets, permits and limits as of a moment."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"enterprise": None, "outlets": []}]})

    as_of: str | None
    enterprise: dict[str, Any] | None
    outlets: list[dict[str, Any]]
    permits: list[dict[str, Any]]
    limits: list[dict[str, Any]]


class NearbyOut(Schema):
    """What lies around."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"metres": 5000, "items": []}]})

    metres: int
    lon: float | None
    lat: float | None
    items: list[dict[str, Any]]


class PublicFileOut(Schema):
    """What everybody may read of an enterprise."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"code": "SIM0000", "name": "模拟企业"}]}
    )

    code: str
    name: str
    region_name: str
    management: str
    key_unit: bool
    permit: dict[str, Any] | None
    code_level: dict[str, Any] | None
    outlets: list[dict[str, Any]]
    penalties: list[dict[str, Any]]
    simulated: bool


class ReckonedOut(Schema):
    """How many outlets were looked at and how many cells reckoned anew."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"outlets": 2, "reckoned": 4}]})

    outlets: int
    reckoned: int


class StatementIn(Schema):
    """A statement to file; an enterprise files its own without naming itself."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "sort": "exceedance",
                    "outlet": "SIM0000DW001",
                    "parameter": "w01018",
                    "day": "2026-11-20",
                    "cause": "treatment",
                    "words": "曝气风机故障，已于当日修复",
                }
            ]
        },
    )

    sort: Literal["exceedance", "error"]
    enterprise: str = Field("", max_length=18)
    outlet: str = Field("", max_length=64)
    parameter: str = Field("", max_length=40)
    period: str = Field("", max_length=20)
    day: date | None = None
    value: str = Field("", max_length=40)
    limit: str = Field("", max_length=40)
    unit: str = Field("", max_length=30)
    cause: str = Field("", max_length=20)
    subject_kind: str = Field("", max_length=40)
    subject_key: str = Field("", max_length=150)
    subject_field: str = Field("", max_length=60)
    should_be: str = Field("", max_length=500)
    words: str = Field(min_length=1, max_length=4000)


class StatementMoveIn(Schema):
    """A step to take, with its words."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"move": "accept", "words": "情况属实"}]}
    )

    move: str = Field(max_length=20)
    words: str = Field("", max_length=4000)


class StatementPieceIn(Schema):
    """What a file is."""

    kind: str = Field("file", max_length=20)


class StatementOut(Schema):
    """A statement with its steps, files and the steps that I may take."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"number": "SM-20261122-0001"}]})

    number: str
    kind: str
    state: str
    steps: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    moves: list[dict[str, Any]]
    may_attach: bool
    revision: int


class StatementWordsOut(Schema):
    """Words of the forms."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"cause": []}]})

    may_file: bool
