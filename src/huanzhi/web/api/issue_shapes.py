"""Shapes of the issues' answers: what goes in, what comes out, and how an issue is shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

from ninja import Schema
from pydantic import ConfigDict, Field

from huanzhi.center.issues.dispatching import leads
from huanzhi.center.issues.duplicates import alike
from huanzhi.center.issues.ladder import next_rung, rung
from huanzhi.center.issues.listing import issue_table
from huanzhi.center.issues.models import Evidence, Issue, Likeness, Step
from huanzhi.center.issues.moving import allowed
from huanzhi.center.issues.outside import is_outside, outside
from huanzhi.center.issues.settings import settings
from huanzhi.center.issues.table import Output, Transition, table
from huanzhi.library.proposals.models import Proposal, State
from huanzhi.library.rights import Actor, mask, visible
from huanzhi.messages import catalogue, text
from huanzhi.standards.periods import CHINA


class AlertRef(Schema):
    """An alert that stands, as ``GET /alerts`` names it."""

    kind: str = Field(max_length=40)
    feature: str = Field(max_length=64)
    subject: str = Field("", max_length=64)
    period: str = Field("", max_length=20)


class IssueIn(Schema):
    """A problem to open: from an alert that stands, or in one's own words."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "alert": {
                        "kind": "exceedance",
                        "feature": "990001-W1",
                        "subject": "w01018",
                        "period": "hour",
                    }
                },
                {"title": "河边异味", "category": "odour", "region": "990001", "lon": 121.5, "lat": 29.9},
            ]
        },
    )

    alert: AlertRef | None = None
    title: str = Field("", max_length=200)
    category: str = Field("", max_length=40)
    channel: str = Field("handed", max_length=40)
    region: str = Field("", max_length=12)
    words: str = Field("", max_length=8000)
    level: str = Field("general", max_length=20)
    place: str = Field("", max_length=64)
    enterprise: str = Field("", max_length=64)
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    since: datetime | None = None
    reason: str = Field("", max_length=2000)


class MoveIn(Schema):
    """A step to take: its name, what it brings, which evidence belongs to it, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"transition": "accept", "outputs": {"category": "outlet_water", "level": "general"}},
                {"transition": "suspend", "outputs": {"stop_ground": "appraisal"}, "reason": "送检"},
            ]
        },
    )

    transition: str = Field(max_length=20)
    outputs: dict[str, str | int | None] = Field(default_factory=dict)
    evidence: list[int] = Field(default_factory=list, max_length=200)
    reason: str = Field("", max_length=2000)


class WriteOffIn(Schema):
    """Why an issue can be written off."""

    conclusion: str = Field(min_length=1, max_length=4000)
    reason: str = Field("", max_length=2000)


class Why(Schema):
    """Why."""

    reason: str = Field("", max_length=2000)


class EvidenceIn(Schema):
    """What is told of a piece of evidence."""

    kind: str = Field(max_length=20)
    taken_at: datetime | None = None
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)


class EvidenceOut(Schema):
    """A piece of evidence, with the digests made when it arrived."""

    id: int
    step: int
    name: str
    kind: str
    size: int
    sha256: str
    sm3: str
    taken_at: str | None
    received_at: str
    lon: float | None
    lat: float | None
    actor: str
    actor_name: str


class StepOut(Schema):
    """A step that was taken."""

    number: int
    at: str
    actor: str
    actor_name: str
    transition: str
    zh: str
    en: str
    before: str
    after: str
    outputs: dict[str, Any]
    reason: str
    due: str | None
    digest: str


class IssueOut(Schema):
    """An issue with all that belongs to it."""

    model_config = ConfigDict(extra="allow")

    number: str
    title: str
    state: str
    revision: int
    steps: list[StepOut]
    evidence: list[EvidenceOut]
    alike: list[dict[str, Any]]
    moves: list[dict[str, Any]]
    clock: dict[str, Any]


class CureOut(Schema):
    """What the curve of the sensor shows since the work was done."""

    proved: bool
    feature: str
    parameter: str
    period: str
    start: str
    valid: int
    over: int
    run: int
    share: float
    need: int
    least: float
    limit: str
    words: str


class BoardOut(Schema):
    """How the issues stand, in numbers."""

    states: list[dict[str, Any]]
    open: int
    overdue: int
    soon: int
    suspended: int
    supervised: int
    reopened: int
    ages: list[dict[str, Any]]
    categories: list[dict[str, Any]]
    channels: list[dict[str, Any]]
    defences: list[dict[str, Any]]


class WordsOut(Schema):
    """States, steps and words, for forms."""

    states: list[dict[str, Any]]
    transitions: list[dict[str, Any]]
    categories: list[dict[str, Any]]
    channels: list[dict[str, Any]]
    levels: list[dict[str, Any]]
    evidence: list[dict[str, Any]]


class LeadsOut(Schema):
    """Who could lead, the likeliest first, with reasons."""

    items: list[dict[str, Any]]


class SampleOut(Schema):
    """A sample that anyone can draw again."""

    seed: str
    written_off: int
    items: list[str]


def shown(who: Actor, issue: Issue) -> dict[str, Any]:
    """Return an issue with all that somebody may see of it."""
    row = mask(who, issue, issue_table().row(issue))
    now = datetime.now(UTC)
    proposal = Proposal.objects.filter(
        subject_kind=Issue.KIND, subject=issue.number, state=State.OPEN, expires__gt=now
    ).first()
    state = table().states[issue.state]
    whole = {
        **row,
        "state_zh": state.zh,
        "state_en": state.en,
        "open": state.open,
        "words": issue.words,
        "facts": issue.facts,
        "source_ref": issue.source_ref,
        "opened_by": issue.opened_by,
        "person_name": issue.person.name if issue.person else None,
        "clock": issue.clock,
        "due_words": {one: _text(issue.due_note, one) for one in ("zh", "en")} if issue.due_note else None,
        "overdue": bool(issue.due and issue.due < now and state.open),
        "joined_to": issue.joined_to.number if issue.joined_to else None,
        "split_from": issue.split_from.number if issue.split_from else None,
        "rung": rung(issue),
        "next_rung": next_rung(issue, now) if state.open else "",
        "steps": [step_row(step) for step in Step.objects.filter(issue=issue).order_by("number")],
        "evidence": [piece_row(one) for one in Evidence.objects.filter(issue=issue).order_by("pk")],
        "alike": _alike(who, issue),
        "moves": [move_row(one) for one in allowed(who, issue)],
        "write_off": proposal.pk if proposal else None,
        "source_link": _source(issue),
        "ladder": _ladder(issue, now),
        "outside": False,
    }
    return outside(whole, who) if is_outside(who, issue) else whole


def _source(issue: Issue) -> str | None:
    """Return the address of the page of what raised it, where its channel has a room."""
    room = settings()["channel"].get(issue.channel, {}).get("room", "")
    if issue.channel == "ledger" and "/" in issue.source_ref:  # a finding of waste
        return f"{room}?part=findings&finding={quote(issue.source_ref, safe='')}"
    reference = issue.source_ref.partition("@")[0]
    return (
        f"{room}/{reference}"
        if room and reference and "/" not in reference and ":" not in reference
        else None
    )


def _ladder(issue: Issue, now: datetime) -> list[dict[str, Any]]:
    """Return the ladder: what was reached, when it was climbed, from how many days overdue it opens."""
    known, at = table().ladder, rung(issue)
    climbed = {
        str(step.outputs.get("ladder_step")): iso(step.at)
        for step in Step.objects.filter(issue=issue, transition="escalate").order_by("number")
    }
    return [
        {
            "code": code,
            **{one: table().choices["ladder"][code][one] for one in ("zh", "en")},
            "reached": known.steps.index(code) <= known.steps.index(at),
            "at": climbed.get(code),
            "open": code == next_rung(issue, now),
            "overdue_days": known.overdue_days[code],
        }
        for code in known.steps
    ]


def step_row(step: Step) -> dict[str, Any]:
    """Return a step as it is shown."""
    known = table().transitions.get(step.transition)
    named = {one: _text("issues.opened", one) for one in ("zh", "en")}
    return {
        "number": step.number,
        "at": iso(step.at),
        "actor": step.actor,
        "actor_name": step.actor_name,
        "transition": step.transition,
        "zh": known.zh if known else named["zh"],
        "en": known.en if known else named["en"],
        "before": step.before,
        "after": step.after,
        "outputs": step.outputs,
        "reason": step.reason,
        "due": iso(step.due),
        "digest": step.digest,
    }


def piece_row(piece: Evidence) -> dict[str, Any]:
    """Return a piece of evidence as it is shown."""
    return {"id": piece.pk, **piece.told()}


def move_row(move: Transition) -> dict[str, Any]:
    """Return a step that can be taken, with the form of what it must bring."""
    return {
        "name": move.name,
        "zh": move.zh,
        "en": move.en,
        "to": move.to,
        "two_people": move.two_people,
        "proof": move.proof,
        "evidence": list(move.evidence),
        "outputs": [_output(one, required=True) for one in move.outputs]
        + [_output(one, required=False) for one in move.optional],
    }


def lead_rows(issue: Issue, day: date) -> list[dict[str, Any]]:
    """Return who could lead, with the reasons in words."""
    return [
        {
            "organisation": one.organisation.code,
            "name": one.organisation.name,
            "reasons": [text(key, **values) for key, values in one.reasons],
        }
        for one in leads(issue, day)
    ]


def words_rows() -> dict[str, Any]:
    """Return states, steps and words."""
    states = [
        {"code": code, "zh": one.zh, "en": one.en, "open": one.open, "clock": _clock(one.clock)}
        for code, one in table().states.items()
    ]
    every = [{**move_row(one), "from": sorted(one.origins)} for one in table().transitions.values()]
    lists = {"categories": "category", "channels": "channel", "evidence": "evidence"}
    rows = {name: _choices(settings()[source]) for name, source in lists.items()}
    return {"states": states, "transitions": every, **rows, "levels": _choices(table().choices["level"])}


def iso(moment: datetime | None) -> str | None:
    """Return a moment in China time."""
    return moment.astimezone(CHINA).isoformat(timespec="seconds") if moment else None


def _alike(who: Actor, issue: Issue) -> list[dict[str, Any]]:
    rows = alike(issue)
    others = [_other(issue, one) for one in rows]
    seen = set(
        visible(who, Issue.KIND, Issue.objects.filter(pk__in=[one.pk for one in others])).values_list(
            "pk", flat=True
        )
    )
    return [
        {
            "number": other.number,
            "title": other.title,
            "state": other.state,
            "score": row.score,
            "reasons": row.reasons,
            "decided": row.state,
        }
        for row, other in zip(rows, others, strict=True)
        if other.pk in seen
    ]


def _other(issue: Issue, row: Likeness) -> Issue:
    other: Issue = row.other if row.issue_id == issue.pk else row.issue
    return other


def _output(output: Output, *, required: bool) -> dict[str, Any]:
    return {
        "name": output.name,
        "kind": output.kind,
        "zh": output.zh,
        "en": output.en,
        "required": required,
        "target": output.target,
        "least": output.least,
        "most": output.most,
        "choices": _choices(output.choices),
    }


def _choices(words: Any) -> list[dict[str, Any]]:
    return [{"value": code, "zh": one["zh"], "en": one["en"]} for code, one in words.items()]


def _clock(clock: Any) -> dict[str, Any] | None:
    if clock is None:
        return None
    names = ("number", "unit", "word", "basis", "confidence", "note")
    return {name: getattr(clock, name) for name in names}


def _text(key: str, language: str) -> str:
    return catalogue()[key][language]  # type: ignore[index]
