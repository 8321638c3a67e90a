"""What goes in of rectification: batches, lines, tasks, steps, findings, returns, sweeps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from huanzhi.web.api.days import Day

Key = Annotated[int, Field(ge=1, le=1 << 62)]
"""Key of a row, as a database can hold it."""


class RectificationBatchIn(Schema):
    """A batch of feedback."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"code": "ZY2-JJ", "name": "第二轮", "origin": "central", "region": "990001"}]
        },
    )

    code: str = Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")
    name: str = Field(min_length=1, max_length=200)
    origin: str = Field(max_length=20)
    region: str = Field(max_length=12)
    round: str = Field("", max_length=40)
    fed_back: date | None = None
    expected: int | None = Field(None, ge=0, le=100_000)
    note: str = Field("", max_length=1000)


class RectificationItemIn(Schema):
    """What a person fills in of a line; what is not named stays as it is."""

    model_config = ConfigDict(extra="forbid")

    serial: str | None = Field(None, max_length=20)
    nature: str | None = Field(None, max_length=20)
    title: str | None = Field(None, max_length=200)
    problem: str | None = Field(None, max_length=8000)
    target: str | None = Field(None, max_length=4000)
    measures: str | None = Field(None, max_length=8000)
    category: str | None = Field(None, max_length=40)
    enterprise: str | None = Field(None, max_length=64)
    organisation: str | None = Field(None, max_length=40)
    lead_name: str | None = Field(None, max_length=200)
    cooperating: str | None = Field(None, max_length=500)
    in_charge: str | None = Field(None, max_length=100)
    supervisor: str | None = Field(None, max_length=40)
    term_class: str | None = Field(None, max_length=20)
    term: date | None = None
    reason: str = Field("", max_length=2000)


class RectificationTaskIn(Schema):
    """A task to hand over by hand, as a delegated petition."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"batch": "ZY2-JJ", "title": "码头堆场扬尘", "nature": "petition", "term": "2026-12-31"}
            ]
        },
    )

    batch: str = Field(max_length=40)
    parent: str = Field("", max_length=32)
    title: str = Field(min_length=1, max_length=200)
    problem: str = Field("", max_length=8000)
    target: str = Field("", max_length=4000)
    measures: list[str] = Field(default_factory=list, max_length=100)
    serial: str = Field("", max_length=20)
    nature: str = Field("task", max_length=20)
    category: str = Field("other", max_length=40)
    region: str = Field("", max_length=12)
    enterprise: str = Field("", max_length=64)
    lead: str = Field("", max_length=40)
    cooperating: str = Field("", max_length=500)
    in_charge: str = Field("", max_length=100)
    supervisor: str = Field("", max_length=40)
    term_class: str = Field("", max_length=20)
    term: date | None = None
    requirement: str = Field("", max_length=4000)


class RectificationArrangeIn(Schema):
    """What the plan says of a task; what is not named stays as it is."""

    model_config = ConfigDict(extra="forbid")

    title: str | None = Field(None, min_length=1, max_length=200)
    target: str | None = Field(None, max_length=4000)
    organisation: str | None = Field(None, max_length=40)
    supervisor: str | None = Field(None, max_length=40)
    cooperating: str | None = Field(None, max_length=500)
    in_charge: str | None = Field(None, max_length=100)
    term_class: str | None = Field(None, max_length=20)
    mechanism: str | None = Field(None, max_length=2000)


class RectificationMeasureIn(Schema):
    """A measure, its unit and its own term."""

    words: str = Field(min_length=1, max_length=2000)
    unit: str = Field("", max_length=200)
    due: date | None = None


class RectificationDoneIn(Schema):
    """When a measure was done, null where it is not, and with what result."""

    done_on: date | None = None
    result: str = Field("", max_length=2000)


class RectificationStepIn(Schema):
    """A step to take, as for issues."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"transition": "approve_plan", "outputs": {"requirement": "按期完成"}}]
        },
    )

    transition: str = Field(max_length=20)
    outputs: dict[str, str | int | None] = Field(default_factory=dict)
    exhibits: list[Key] = Field(default_factory=list, max_length=200)
    reason: str = Field("", max_length=2000)


class RectificationExhibitIn(Schema):
    """What is told of a piece of evidence."""

    kind: str = Field(max_length=20)
    use: str = Field(max_length=20)
    taken_at: datetime | None = None
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)


class RectificationFindingIn(Schema):
    """What was found for one of the five items."""

    item: str = Field(max_length=20)
    passed: bool
    words: str = Field(min_length=1, max_length=2000)
    exhibit: int = Field(ge=1, le=1 << 62)


class RectificationSiteCheckIn(Schema):
    """The record of a check on site."""

    at: datetime
    people: str = Field(min_length=1, max_length=500)
    words: str = Field(min_length=1, max_length=4000)
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)


class RectificationLetterIn(Schema):
    """A letter to issue."""

    kind: str = Field(max_length=20)
    words: str = Field("", max_length=4000)


class RectificationWordsIn(Schema):
    """Words."""

    words: str = Field(min_length=1, max_length=4000)


class RectificationReturnIn(Schema):
    """A monthly return: the six items in words, and how far the work is."""

    items: dict[str, str] = Field(max_length=20)
    progress: int | None = None


class RectificationSweepIn(Schema):
    """What to sweep: which enterprises are alike, and what to look for."""

    title: str = Field("", max_length=200)
    region: str = Field("", max_length=12)
    industry: str = Field("", max_length=100)
    management: str = Field("", max_length=20)
    park: str = Field("", max_length=100)
    checks: list[str] = Field(default_factory=list, max_length=50)
    due: date | None = None


class RectificationObjectIn(Schema):
    """What was found at an enterprise of a sweep."""

    result: Literal["clean", "found"]
    words: str = Field("", max_length=2000)
    answers: list[bool] = Field(default_factory=list, max_length=50)


class RectificationDrawIn(Schema):
    """Which write-offs to draw from, and the seed."""

    first: Day
    last: Day
    seed: str = Field(min_length=1, max_length=100)
