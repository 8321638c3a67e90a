"""Shapes of patrols in the API."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from huanzhi.center.patrols.models import Area, Finding, Patrol, Piece, Plan
from huanzhi.center.patrols.owing import Terms, span_of, spans
from huanzhi.center.patrols.recording import FoundIn, PatrolIn, PieceIn
from huanzhi.center.patrols.settings import checklists, schema_of, settings
from huanzhi.center.patrols.tables import PATROLS
from huanzhi.library.records.tables import shown
from huanzhi.messages import catalogue, language, text
from huanzhi.web.api.once import Clean

UUID = r"^[0-9A-Fa-f][0-9A-Fa-f-]{7,39}$"


class FindingIn(Clean):
    """Something found; `client` is a UUID that the device made."""

    client: str = Field(pattern=UUID)
    category: str = Field(max_length=40)
    title: str = Field(min_length=1, max_length=120)
    at: AwareDatetime
    words: str = Field("", max_length=4000)
    level: Literal["general", "serious", "major"] = "general"
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    handled: bool = Field(False, description="handled on the spot; the issue still needs a verification")
    measures: str = Field("", max_length=2000)


class FileIn(Clean):
    """A photo, signature or file that follows under ``/patrols/{code}/files/{client}``."""

    client: str = Field(pattern=UUID)
    kind: Literal["photo", "signature", "file"]
    name: str = Field(min_length=1, max_length=200)
    sha256: str = Field("", pattern=r"^([0-9a-fA-F]{64})?$")
    size: int = Field(0, ge=0)
    taken_at: AwareDatetime | None = None
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    accuracy: float | None = Field(None, ge=0)
    finding: str = Field("", max_length=40)


class SignedIn(Clean):
    """A signature: drawn, as a file of the kind ``signature``, or typed with a statement."""

    way: Literal["drawn", "typed"]
    name: str = Field("", max_length=100)
    statement: str = Field("", max_length=500)


class PatrolBody(Clean):
    """A patrol as the device kept it; times by the clock of the device, with their zone."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "client": "5b3c9e0e-5f0e-4a55-9f0d-0d6f6a4b1c11",
                    "area": "WG-990011-01",
                    "started": "2026-11-22T08:00:00+08:00",
                    "ended": "2026-11-22T08:40:00+08:00",
                    "track": [[1795478400000, 121.5, 29.9, 8.0]],
                    "signed": {"way": "typed", "name": "张三", "statement": "以上情况属实"},
                }
            ]
        },
    )

    client: str = Field(pattern=UUID)
    area: str = Field(max_length=64)
    plan: str = Field("", max_length=80)
    started: AwareDatetime
    ended: AwareDatetime
    sent: AwareDatetime | None = Field(None, description="or in the header Device-Time")
    track: list[list[float]] = Field(
        default_factory=list, description="[[ms since 1970, lon, lat, accuracy m]]"
    )
    checklist: str = Field("", max_length=40)
    answers: dict[str, str] = Field(default_factory=dict)
    words: str = Field("", max_length=4000)
    signed: SignedIn
    findings: list[FindingIn] = Field(default_factory=list)
    files: list[FileIn] = Field(default_factory=list)

    def given(self, sent: datetime) -> PatrolIn:
        """Return it as the service takes it."""
        return PatrolIn(
            self.client,
            self.area,
            self.started,
            self.ended,
            sent,
            self.plan,
            self.track,
            self.checklist,
            self.answers,
            self.words,
            self.signed.model_dump(),
            [FoundIn(**one.model_dump()) for one in self.findings],
            [PieceIn(**one.model_dump()) for one in self.files],
        )


class PatrolOut(Schema):
    """A patrol with its track, reasons, findings and files; ``awaited`` counts files yet to come."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [{"code": "XC-20261122-5B3C9E0E5F", "verdict": "valid", "metres": 812.4}]
        },
    )

    code: str
    client: str
    area: str
    area_name: str
    verdict: str
    reasons: list[dict[str, Any]]
    metres: float
    minutes: float
    findings: list[dict[str, Any]]
    files: list[dict[str, Any]]
    awaited: int
    revision: int


class CoverageOut(Schema):
    """What is owed and done in periods that ended between two days."""

    model_config = ConfigDict(extra="allow")

    code: str
    name: str
    plans: int
    owed: int
    done: int
    missing: int
    beyond: int
    owed_now: int
    done_now: int
    invalid: int
    findings: int
    metres: int
    minutes: int
    rate: float | None


class TasksOut(Schema):
    """What a person has to do in the field, with everything that is needed to do it without a network."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"day": "2026-11-22", "patrols": []}]}
    )

    day: date
    patrols: list[dict[str, Any]]
    areas: list[dict[str, Any]]
    sightings: list[dict[str, Any]]
    issues: list[dict[str, Any]]
    checklists: dict[str, dict[str, Any]]
    words: dict[str, list[dict[str, Any]]]


def patrol_row(patrol: Patrol) -> dict[str, Any]:
    """Return a patrol as it is told in full; the rights of its reader are asked before."""
    pieces = list(patrol.pieces.select_related("finding"))
    found = list(patrol.findings.all())
    patrol.found = len(found)  # type: ignore[attr-defined]
    return {
        **PATROLS.row(patrol),
        "client": patrol.client,
        "sent": shown(patrol.sent),
        "points": patrol.points,
        "track": patrol.track,
        "geometry": patrol.area.geometry,
        "reasons": [{**one, "words": text(one["key"], **one["values"])} for one in patrol.reasons],
        "rule": {
            **patrol.rule,
            "confidence": confidence_words(patrol.rule.get("source", {}).get("confidence", "")),
        },
        "checklist": patrol.checklist,
        "answers": patrol.answers,
        "items": _items(patrol.checklist),
        "words": patrol.words,
        "signed": patrol.signed,
        "findings": [finding_row(one) for one in found],
        "files": [piece_row(one) for one in pieces],
        "awaited": sum(not one.sha256 for one in pieces),
    }


def _items(checklist: str) -> list[dict[str, str]]:
    """Return the items of a check list in the reader's language."""
    table = checklists().get(checklist, {"item": []})
    return [{"code": one["code"], "name": one[language()]} for one in table["item"]]


def finding_row(found: Finding) -> dict[str, Any]:
    """Return a finding."""
    names = ("client", "category", "title", "words", "level", "lon", "lat", "handled", "measures", "issue")
    return {name: getattr(found, name) for name in names} | {"at": shown(found.at)}


def piece_row(piece: Piece) -> dict[str, Any]:
    """Return a file of a patrol; with neither digest nor arrival while it is awaited."""
    names = ("client", "kind", "name", "sha256", "sm3", "size", "lon", "lat", "accuracy")
    return {name: getattr(piece, name) for name in names} | {
        "taken_at": shown(piece.taken_at),
        "arrived": shown(piece.arrived),
        "finding": piece.finding.client if piece.finding else "",
    }


def area_row(area: Area) -> dict[str, Any]:
    """Return an area for the map of the phone."""
    names = (
        "code",
        "name",
        "category",
        "level",
        "water_body",
        "covers",
        "geometry",
        "lon",
        "lat",
        "simulated",
    )
    return {name: getattr(area, name) for name in names} | {
        "region": area.region_id,
        "checklist": settings()["category"][area.category]["checklist"],
    }


def task_row(plan: Plan, day: date, done: int) -> dict[str, Any]:
    """Return what a plan asks for in the period of a day, and how much of it is done."""
    span = span_of(plan.per, day)
    last = span.end.fromordinal(span.end.toordinal() - 1)
    terms = Terms(plan.per, plan.times, plan.months, plan.valid_from, plan.valid_to)
    due = any(one == span for one in spans(terms, last, last))
    names = ("code", "per", "times", "min_minutes", "min_metres", "min_gap_hours", "months", "basis")
    return {name: getattr(plan, name) for name in names} | {
        "area": plan.area.code,
        "area_name": plan.area.name,
        "keeper": plan.keeper.name if plan.keeper else "",
        "confidence": confidence_words(plan.source.get("confidence", "")),
        "from": span.start.isoformat(),
        "until": last.isoformat(),
        "owed": plan.times if due else 0,
        "done": done,
        "simulated": plan.simulated,
    }


def confidence_words(told: str) -> str:
    """Return how far a table is confirmed, in the reader's language."""
    key = f"confidence.{told.split(',')[0].lower().replace(' ', '_')}"
    return text(key) if key in catalogue() else told


def lists_for_phone() -> dict[str, dict[str, Any]]:
    """Return the check lists with their schemas."""
    return {
        code: {
            "zh": one["zh"],
            "en": one["en"],
            "version": one["version"],
            "basis": one["basis"],
            "schema": schema_of(code),
        }
        for code, one in checklists().items()
    }


def words_for_phone() -> dict[str, list[dict[str, Any]]]:
    """Return the words of the forms: areas, roles, periods, categories of issues."""
    from huanzhi.center.issues.settings import settings as issue_settings
    from huanzhi.center.sightings.settings import settings as sighting_settings

    tables = {name: settings()[name] for name in ("category", "level", "role", "per")}
    tables["issue_category"] = issue_settings()["category"]
    tables["sighting_ground"] = sighting_settings()["ground"]
    return {
        name: [{"value": code, "zh": one["zh"], "en": one["en"]} for code, one in table.items()]
        for name, table in tables.items()
    }


def now_utc() -> datetime:
    """Return the moment of the platform's clock."""
    return datetime.now(UTC)
