"""Shapes of the warnings' answers: what goes in, what comes out, and how a warning is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from huanzhi.center.warnings.answering import lateness
from huanzhi.center.warnings.catalogue import thresholds_of
from huanzhi.center.warnings.dispatching import Proposal
from huanzhi.center.warnings.listing import warning_table
from huanzhi.center.warnings.models import Change, Mute, Reply, Warning
from huanzhi.center.warnings.rule_models import OWN
from huanzhi.center.warnings.settings import levels, replies, settings
from huanzhi.center.warnings.words import title, why
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.rights import Actor, Thing, may, thing_of, visible
from huanzhi.messages import catalogue, text
from huanzhi.standards.periods import CHINA

TABLE = warning_table()
CURVE = timedelta(hours=2)
"""How much of the curve around a warning its link shows on each side. Ours."""


class WarningOut(Schema):
    """A warning; `why` in both languages, `curve` is the address of its series around it."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [{"code": "YJ-20261122-01234567", "rule": "over_limit", "level": "warning"}]
        },
    )

    code: str
    rule: str
    rule_name: str
    rule_name_en: str
    version: str
    thresholds: dict[str, Any]
    confidence: str
    level: str
    level_name: str
    colour: str
    state: str
    place: str
    place_name: str
    parameters: list[str]
    facts: dict[str, Any]
    suspects: list[str]
    suspect_names: list[dict[str, Any]]
    why: str
    why_en: str
    judged: dict[str, Any]
    curve: str
    folded: list[str]
    mutes: list[dict[str, Any]]
    replies: list[dict[str, Any]]
    responsible: list[dict[str, str]]
    reply_state: str
    reply_clock: dict[str, Any]
    late: dict[str, int]
    steps: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    may_change: bool
    may_reply: bool
    may_dispatch: bool
    may_trace: bool
    release_reason: str
    revision: int


class ReleaseIn(Schema):
    """Why a warning is released by hand."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "现场核实为仪器维护"}]}
    )

    reason: str = Field(min_length=1, max_length=500)


class MuteIn(ReleaseIn):
    """Why, and until when, the rule of a warning is muted at its place."""

    until: AwareDatetime


class WarningReplyIn(Schema):
    """What a responsible unit answers; causes stand under ``/warnings/words``."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"cause": "maintenance", "words": "9 时至 10 时更换采样泵。"}]},
    )

    cause: str = Field(max_length=30)
    words: str = Field(min_length=1, max_length=4000)
    measures: str = Field("", max_length=4000)
    expected: date | None = None


class JudgeIn(Schema):
    """Whether the last reply explains the warning; a refusal says why."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"accepted": True}]})

    accepted: bool
    reason: str = Field("", max_length=500)


class DispatchIn(Schema):
    """Who leads and what is asked; what is empty is taken as proposed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"lead": "990001-bureau", "requirement": "现场核查并反馈"}]},
    )

    lead: str = Field(max_length=64)
    requirement: str = Field(min_length=1, max_length=4000)
    level: str = Field("", max_length=20)
    handler: str = Field("", max_length=100)
    reason: str = Field("", max_length=500)
    trace: str = Field("", max_length=400_000, description="token of the trace that was shown")


class StepIn(Schema):
    """What was found by a step."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"words": "复核属实"}]})

    words: str = Field("", max_length=2000)


class DispatchedOut(Schema):
    """The issue that a warning was dispatched as."""

    issue: str
    state: str
    revision: int


class DispatchProposalOut(Schema):
    """What is proposed for the issue of a warning."""

    issue: str
    state: str
    leads: list[dict[str, Any]]
    requirement: str
    level: str
    category: str
    open: bool


class WarningWords(Schema):
    """Words of warnings: levels, colours, causes, parts, steps of the ladder, kinds of changes."""

    levels: list[dict[str, str]]
    colours: list[dict[str, str]]
    states: list[dict[str, str]]
    reply_states: list[dict[str, str]]
    causes: list[dict[str, Any]]
    parts: list[dict[str, str]]
    ladder: list[dict[str, str]]
    changes: list[dict[str, str]]
    rules: list[dict[str, Any]]


class WarningFiguresOut(Schema):
    """How warnings stand, and how long it took from alarm to disposal."""

    open: int
    levels: dict[str, int]
    rules: list[dict[str, Any]]
    owed: int
    overdue: int
    given: int
    without_issue: int
    handled: int
    median_minutes: float | None
    days: int


def shown(who: Actor, row: Warning) -> dict[str, Any]:
    """Return a warning as it is answered."""
    now = datetime.now(UTC)
    thresholds, confidence = thresholds_of(row)
    mutes = Mute.objects.filter(rule=row.rule, subject=row.subject, until__gt=now).order_by("until")
    bureau = may(who, "change", thing_of(row)).allowed
    more = {
        "rule_name": title(row.rule, "zh"),
        "rule_name_en": title(row.rule, "en"),
        "version": row.version,
        "thresholds": thresholds,
        "confidence": confidence,
        "level_name": text(f"warnings.level_{row.level}"),
        "parameters": row.parameters,
        "facts": row.facts,
        "judged": row.judged,
        "suspects": row.suspects if bureau else [],
        "suspect_names": suspects(row) if bureau else [],
        "why": why(row, "zh"),
        "why_en": why(row, "en"),
        "curve": curve(row, now),
        "folded": list(row.folded.order_by("pk").values_list("code", flat=True)) if bureau else [],
        "mutes": [{"until": iso(one.until), "reason": one.reason, "by": one.muted_by} for one in mutes],
        "replies": [reply_row(one) for one in visible(who, Reply.KIND, row.replies.all())],
        "responsible": row.responsible,
        "reply_clock": row.reply_clock,
        "late": lateness(row, now),
        "steps": row.steps,
        "changes": [change_row(one) for one in row.changes.all()] if bureau else _own_changes(row),
        "may_change": bureau,
        "may_reply": may_reply(who, row),
        "may_dispatch": may(who, "command", issue_thing(row)).allowed,
        "may_trace": bureau and traceable(row),
        "release_reason": row.release_reason,
    }
    return {**line(row), **more}


def line(row: Warning) -> dict[str, Any]:
    """Return a warning in a list, with the name of its rule and how long it stands."""
    end = row.released or datetime.now(UTC)
    names = {"rule_name": row.title or title(row.rule, "zh"), "rule_name_en": title(row.rule, "en")}
    minutes = int((end - row.since).total_seconds() // 60)
    handling = int((row.handled - row.since).total_seconds() // 60) if row.handled else None
    late = bool(lateness(row, datetime.now(UTC)))
    return {**TABLE.row(row), **names, "minutes": minutes, "handling_minutes": handling, "reply_late": late}


def may_reply(who: Actor, row: Warning) -> bool:
    """Return whether somebody may answer a warning now."""
    if row.reply_state not in ("owed", "refused"):
        return False
    return may(who, "create", thing_of(Reply(warning=row))).allowed


def traceable(row: Warning) -> bool:
    """Return whether sources of a warning are sought: it is of a station or section, or of a place found."""
    own = row.rule.startswith(OWN) and not row.enterprise
    return row.lon is not None and (own or row.rule in settings()["tracing"]["rules"])


def issue_thing(row: Warning) -> Thing:
    """Return what rights see of the issue that a warning would become."""
    return Thing("issue", row.region.path if row.region else "", "")


def suspects(row: Warning) -> list[dict[str, Any]]:
    """Return the suspects by name, with the reason for which each is one."""
    known = dict(Enterprise.objects.filter(code__in=row.suspects).values_list("code", "name"))
    reason = "warnings.suspect_fitted" if row.subject != row.place else "warnings.suspect_owner"
    return [
        {"code": code, "name": known.get(code, code), "enterprise": code in known, "reason": text(reason)}
        for code in row.suspects
    ]


def reply_row(row: Reply) -> dict[str, Any]:
    """Return a reply."""
    names = ("number", "by", "by_name", "cause", "words", "measures", "state", "decided_by", "decision")
    times = {"at": iso(row.at), "decided": iso(row.decided) if row.decided else None}
    expected = row.expected.isoformat() if row.expected else None
    return {**{name: getattr(row, name) for name in names}, **times, "expected": expected}


_OPEN_CHANGES = ("raised", "level", "owed", "replied", "accepted", "refused", "remind", "raise", "released")


def _own_changes(row: Warning) -> list[dict[str, Any]]:
    """Return what who is warned sees of the history: nothing of how the bureau goes on with it."""
    return [change_row(one) for one in row.changes.filter(kind__in=_OPEN_CHANGES)]


def change_row(row: Change) -> dict[str, Any]:
    """Return a change."""
    return {
        "at": iso(row.at),
        "kind": row.kind,
        "actor": row.actor,
        "facts": row.facts,
        "words": row.words,
    }


def proposal_row(found: Proposal) -> dict[str, Any]:
    """Return what is proposed, the leads with their reasons in words."""
    told = [
        {
            "organisation": one.organisation.code,
            "name": one.organisation.name,
            "reasons": [text(key, **values) for key, values in one.reasons],
        }
        for one in found.leads
    ]
    names = ("issue", "state", "requirement", "level", "category", "open")
    return {**{name: getattr(found, name) for name in names}, "leads": told}


def words_rows(rules: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the words of warnings."""
    table = replies()
    return {
        "levels": [_message("level", one) for one in levels()],
        "colours": [
            {**_message("colour", one), "hue": settings()["hues"].get(one, "")}
            for one in ("green", *settings()["colours"], "none", "unknown")
        ],
        "states": [_message("state", one) for one in ("open", "released")],
        "reply_states": [_message("reply", one) for one in ("owed", "given", "accepted", "refused")],
        "causes": [{"code": code, **words} for code, words in table["cause"].items()],
        "parts": [{"code": code, **words} for code, words in table["part"].items()],
        "ladder": [{"code": code, **table["ladder"][code]} for code in table["ladder"]["order"]],
        "changes": [_message("change", one) for one in CHANGES],
        "rules": rules,
    }


CHANGES = (
    *("raised", "level", "issue", "owed", "replied", "accepted", "refused", "remind", "raise"),
    *("muted", "released", "dispatched", "step", "judged"),
)


def _message(area: str, code: str) -> dict[str, str]:
    told: Mapping[str, str] = catalogue()[f"warnings.{area}_{code}"]
    return {"code": code, "zh": told["zh"], "en": told["en"]}


def curve(row: Warning, now: datetime) -> str:
    """Return the address of the series around a warning."""
    end = min((row.released or row.last) + CURVE, now)
    asked = {"start": iso(row.since - CURVE), "end": iso(end), "period": "instant"}
    parameters = {"parameter": row.parameter} if row.parameter else {}
    return f"/api/v1/series/{row.place}?{urlencode(parameters | asked)}"


def iso(moment: datetime) -> str:
    """Return a moment in China time."""
    return moment.astimezone(CHINA).isoformat(timespec="seconds")
