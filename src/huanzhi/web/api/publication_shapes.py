"""Shapes of publications and reports of regions, as the API gives them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from huanzhi.library.documents import Chart, numbering
from huanzhi.library.publications.content import document_of
from huanzhi.library.publications.drawing import drawn
from huanzhi.library.publications.settings import settings
from huanzhi.messages import Language
from huanzhi.standards.periods import CHINA

RankBy = Literal["city", "county", "township", "province", "basin"]


class PublicationDraftIn(Schema):
    """What is to be drafted; a ranking says what is ranked, a notice its title and words."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"sort": "air_ranking", "period": "2026-10", "region": "990001", "by": "township"}]
        },
    )

    sort: str = Field(max_length=24)
    period: str = Field("", max_length=30)
    region: str = Field(max_length=12)
    by: RankBy = "county"
    edition: Literal["auto", "2012", "2026"] = "auto"
    weights: Literal["equal", "claimed_2026"] = "equal"
    ranked_on: Literal["published", "exact"] = "published"
    issuer: str = Field("", max_length=100)
    title: str = Field("", max_length=300)
    words: str = Field("", max_length=20_000)
    reason: str = Field("", max_length=2000)


class PublicationWordsIn(Schema):
    """One paragraph or heading, written anew; block -1 is the title."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"language": "zh", "block": 0, "words": "……"}]}
    )

    language: Literal["zh", "en"] = "zh"
    block: int = Field(ge=-1, le=5000)
    words: str = Field(min_length=1, max_length=8000)
    reason: str = Field("", max_length=500)


class PublicationReasonIn(Schema):
    """Why."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "数据已核对"}]})

    reason: str = Field("", max_length=2000)


class PublicationOut(Schema):
    """A publication with its content, its versions, and what the reader may do."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"number": "GK-20261122-001", "state": "draft"}]}
    )

    number: str
    state: str
    revision: int


class RegionReportIn(Schema):
    """Which region reports for which period."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"region": "990001001", "period": "2026-10"}]}
    )

    region: str = Field(max_length=12)
    period: str = Field(max_length=30)
    issuer: str = Field("", max_length=100)


class RegionReportStepIn(Schema):
    """A step of a report: review, submit, send_back, renew; and words to it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"step": "review", "words": ""}]}
    )

    step: Literal["review", "submit", "send_back", "renew"]
    words: str = Field("", max_length=2000)


class ReportReminderIn(Schema):
    """Whom to remind of which period."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"region": "990001001", "period": "2026-10"}]}
    )

    region: str = Field(max_length=12)
    period: str = Field(max_length=30)
    words: str = Field("", max_length=500)


class RegionReportOut(Schema):
    """A report of a region with its content, its edits and what the reader may do."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"number": "ZK-990001001-2026-10", "state": "draft"}]}
    )

    number: str
    state: str
    revision: int


class RegionCoverageOut(Schema):
    """Who of a tree of regions has reported for a period."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"period": "2026-10", "expected": 7, "submitted": 1}]}
    )

    period: str
    expected: int
    submitted: int
    overdue: int
    items: list[dict[str, Any]]


def readable(content: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Return the document of a snapshot with its tables and figures numbered and referred to."""
    told = content.get(language) or content.get("zh") or {}
    spoken: Language = language if content.get(language) else "zh"
    made = document_of(content, spoken).blocks
    known = numbering.labels(made, spoken)
    blocks = [_readable(one, n, known) for n, one in enumerate(told["blocks"])]
    for block, drawing in zip(blocks, made, strict=True):
        if isinstance(drawing, Chart):
            block["svg"] = drawn(drawing)
    head = {name: told.get(name, "") for name in ("title", "mark", "signature", "date", "number")}
    return {**head, "language": spoken, "blocks": blocks}


def _readable(block: Mapping[str, Any], place: int, known: dict[str, str]) -> dict[str, Any]:
    made = {**block, "block": place}
    if block["kind"] == "paragraph":
        made["written"], made["text"] = block["text"], numbering.refer(block["text"], known)
    if "key" in block:
        made["label"] = known.get(block["key"], "")
    return made


def publication_words(name: str, code: str, language: Language) -> str:
    """Return a word of publications in a language."""
    found = settings()[name].get(code)
    return str(found[language]) if found else code


def stamp(moment: datetime | None) -> str | None:
    """Return a moment in China time; None where there is none."""
    return moment.astimezone(CHINA).isoformat(timespec="seconds") if moment else None
