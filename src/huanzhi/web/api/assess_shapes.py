"""Shapes of an assessment 评价结果: what is asked, and the rows of air and of surface water."""

from __future__ import annotations

from typing import Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from huanzhi.web.api.papers import Paper
from huanzhi.web.api.reading import beginning

Editions = Literal["auto", "2012", "2026"]


class Asked(Schema):
    """What is assessed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"period": "2026-03", "region": "330200"}]})
    period: str = Field(
        max_length=30, description="2026-03-01T08, 2026-03-01, 2026-03, 2026Q1, 2026, 2026-03-01..2026-03-07"
    )
    region: str | None = Field(None, max_length=60, description="code or name of a region")
    format: Paper | None = None

    @property
    def within(self) -> str | None:
        """Return the region as places are matched: a name, or how the codes of the subtree begin."""
        return beginning(self.region)


class LatestOut(Schema):
    """The newest periods that anything was reported of; null where there is nothing."""

    hour: str | None
    day: str | None
    month: str | None


class AirAsked(Asked):
    """What air is assessed, and by which edition."""

    by: Literal["city", "county", "station"] = "city"
    edition: Editions = Field("auto", description="auto judges each day by the edition in force on it")


class LevelOut(Schema):
    """A level or class with its official colour."""

    number: int
    name: str
    colour: str
    lowest: int | None = None
    highest: int | None = None


class PeriodOut(Schema):
    """A period with those it is compared with."""

    code: str
    kind: str
    words: str
    previous: str
    year_before: str


class ItemOut(Schema):
    """One item of a place: numbers are texts with the decimals by which they are published."""

    item: str
    value: str | None
    unit: str
    iaqi: int | None = None
    index: str | None = None
    limit: str | None = None
    within: bool | None = None
    percentile: int | None = None
    valid_days: int | None = None
    needed: int | None = None
    previous: str | None = None
    year_before: str | None = None


class AirRowOut(Schema):
    """One place: of an hour or day its AQI, of a longer period its good days and composite index."""

    key: str
    name: str
    region: str
    simulated: bool
    points: int
    source: str | None = None
    aqi: int | None = None
    level: LevelOut | None = None
    primary: list[str] = Field(default_factory=list)
    missing: list[str] = Field(default_factory=list)
    flagged: list[str] = Field(default_factory=list)
    items: list[ItemOut]
    aqi_previous: int | None = None
    aqi_year_before: int | None = None
    valid_days: int | None = None
    good_days: int | None = None
    good_rate: str | None = None
    good_rate_previous: str | None = None
    good_rate_year_before: str | None = None
    levels: dict[str, int] = Field(default_factory=dict)
    primary_days: dict[str, int] = Field(default_factory=dict)
    index: str | None = None
    index_previous: str | None = None
    index_year_before: str | None = None
    change_previous: str | None = None
    change_year_before: str | None = None
    main: list[str] = Field(default_factory=list)
    reasons: list[str] = Field(default_factory=list)


class AirOut(Schema):
    """Air of a period."""

    period: PeriodOut
    by: str
    editions: list[str]
    forced: bool
    levels: list[LevelOut]
    rows: list[AirRowOut]
    silent: list[str]
    simulated: bool
    cautions: list[str]


class LimitingOut(Schema):
    """An item that sets the class."""

    item: str
    value: str
    unit: str
    multiple: str | None


class SectionOut(Schema):
    """One section."""

    key: str
    name: str
    region: str
    basin: str
    kind: str
    simulated: bool
    samples: int
    level: LevelOut | None
    grade: str
    limiting: list[LimitingOut]
    skipped: list[str]
    doubtful: list[str]
    previous: str
    year_before: str
    change: str
    target: str
    target_met: bool | None


class WaterOut(Schema):
    """Surface water of a period."""

    period: PeriodOut
    editions: list[str]
    levels: list[LevelOut]
    shares: dict[str, int]
    shares_year_before: dict[str, int]
    verdict: str
    change: str
    exceeding: dict[str, int]
    rows: list[SectionOut]
    silent: list[str]
    simulated: bool
    cautions: list[str]
