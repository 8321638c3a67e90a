"""Shapes of the petitions' answers: what goes in, what comes out, and how a petition is shown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field

from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.settings import settings as issue_settings
from huanzhi.center.issues.table import table as issue_table
from huanzhi.center.petitions import files, informants, replying, terms
from huanzhi.center.petitions.listing import petition_table
from huanzhi.center.petitions.matters import alike
from huanzhi.center.petitions.models import File, Petition, Step, Term
from huanzhi.center.petitions.moving import allowed
from huanzhi.center.petitions.settings import settings, table
from huanzhi.library.people.models import Organisation, Person
from huanzhi.library.proposals.models import Proposal, State
from huanzhi.library.rights import Actor, may, thing_of, visible
from huanzhi.messages import Language, catalogue, text
from huanzhi.web.api.issue_shapes import iso, move_row

SHOWN_FILES = files.ENDINGS


class InformantIn(Schema):
    """Who tells it; all of it may be left out."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("", max_length=100)
    phone: str = Field("", max_length=40)
    address: str = Field("", max_length=300)
    identity: str = Field("", max_length=40)
    contact: str = Field("", max_length=100)


class PetitionIn(Schema):
    """What somebody told an officer."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "channel": "phone",
                    "category": "odour",
                    "region": "990011",
                    "words": "工厂夜间排放刺鼻气味",
                    "where": "滨海路与海丰路口",
                    "informant": {"phone": "13800000000"},
                }
            ]
        },
    )

    channel: str = Field("phone", max_length=20)
    words: str = Field(min_length=1, max_length=4000)
    category: str = Field(max_length=40)
    region: str = Field("", max_length=12)
    title: str = Field("", max_length=200)
    where: str = Field("", max_length=300)
    target: str = Field("", max_length=200)
    enterprise: str = Field("", max_length=64)
    level: str = Field("general", max_length=20)
    urgent: str = Field("", max_length=20)
    identity: str = Field("", max_length=12)
    external: str = Field("", max_length=64)
    marked: list[str] = Field([], max_length=50, description="passages to be masked, as names of others")
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    received: datetime | None = None
    informant: InformantIn | None = None


class Given(Schema):
    """A step with what it brings."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"transition": "accept", "outputs": {"category": "odour", "level": "general"}}]
        },
    )

    transition: str = Field(max_length=20)
    outputs: dict[str, Any] = Field(default_factory=dict)
    reason: str = Field("", max_length=2000)


class PetitionReplyIn(Schema):
    """The words of an answer, for another person to approve."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reply": "经查，情况属实。"}]})

    reply: str = Field(min_length=1, max_length=4000)
    reason: str = Field("", max_length=2000)


class ExtensionIn(Schema):
    """By how many days the term is to be longer, and why."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"days": 30, "finding": "须委托检测"}]}
    )

    days: int = Field(ge=1, le=365)
    finding: str = Field(min_length=1, max_length=2000)


class WhyIn(Schema):
    """Why it has to be read."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "回访核实现场情况"}]}
    )

    reason: str = Field(min_length=2, max_length=500)


class MarkIn(Schema):
    """Passages of the texts that are to be masked, as they stand there."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"passages": ["李某"]}]})

    passages: list[str] = Field(min_length=1, max_length=50)


class HandlerIn(WhyIn):
    """Who becomes handler as well, and why."""

    person: str = Field(max_length=60)


class ReceiptOut(Schema):
    """The number of a petition, and the code by which the informant follows it: told once, kept nowhere."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"number": "XF-20261122-0001", "code": "7K3M9QWERT", "fresh": True}]}
    )

    number: str
    code: str
    fresh: bool
    again: int = 1


class PetitionOut(Schema):
    """A petition with its steps, terms, the moves that the reader may make; nothing of the informant."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"examples": [{"number": "XF-20261122-0001", "state": "accepted", "revision": 2}]},
    )

    number: str
    revision: int


class InformantOut(Schema):
    """What is known of an informant: masked, or whole once a reason was given."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"phone": "138****0000"}]})

    revealed: bool
    given: list[str]


class PetitionBoardOut(Schema):
    """How many petitions stand in each state, are late, or due within two days."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"open": 12, "overdue": 1, "soon": 2}]})

    open: int
    overdue: int
    soon: int
    supervised: int
    states: list[dict[str, Any]]


class ItemsOut(Schema):
    """Rows."""

    items: list[dict[str, Any]]


class PetitionFiguresOut(Schema):
    """Figures: counts, shares on time, satisfaction."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"total": 120, "score": 4.2}]})

    total: int
    score: float | None


class PetitionWordsOut(Schema):
    """States, steps, and the words of the forms."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"states": []}]})

    states: list[dict[str, Any]]


class PetitionSheetOut(Schema):
    """What a sheet would do, or did."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"fresh": 3, "known": 1, "wrong": 0}]})

    fresh: int
    known: int
    wrong: int
    errors: list[dict[str, Any]]
    items: list[dict[str, Any]]
    numbers: list[str]


def shown(who: Actor, petition: Petition) -> dict[str, Any]:
    """Return a petition with all that somebody may see of it; of the informant only whether there is one."""
    now, state = datetime.now(UTC), table().states[petition.state]
    known = informants.of(petition)
    reads = informants.may_read(who, petition)
    pieces = File.objects.filter(petition=petition)
    works = may(who, "change", thing_of(petition)).allowed
    return {
        **petition_table().row(petition),
        "state_zh": state.zh,
        "state_en": state.en,
        "open": state.open,
        "words": petition.words,
        "urgent": petition.urgent,
        "reply": petition.reply,
        "solved": petition.solved,
        "extended": petition.extended,
        "person_name": petition.person.name if petition.person else None,
        "overdue": bool(petition.due and petition.due < now and state.open),
        "due_words": _both(petition.due_note) if petition.due_note else None,
        "terms": [_term(one, now) for one in Term.objects.filter(petition=petition)],
        "steps": [step_row(one) for one in Step.objects.filter(petition=petition).order_by("number")],
        "moves": [move_row(one) for one in allowed(who, petition, now)],
        "proposals": _proposals(petition, now),
        "informant": {"given": bool(known and known.given), "may_read": reads},
        "files": [_file(one, reads) for one in pieces],
        "issue_state": _issue(who, petition),
        "joined": list(petition.joined.order_by("number").values_list("number", flat=True)),
        "alike": _alike(who, petition),
        "draft": replying.draft(petition) if works and petition.state == "handled" else "",
        "extension_most": 0 if petition.extended else terms.most_days(petition, now),
    }


def step_row(step: Step) -> dict[str, Any]:
    """Return a step as it is shown."""
    known = table().transitions.get(step.transition)
    named = _both(f"petitions.step_{step.transition}") if known is None else {"zh": known.zh, "en": known.en}
    return {
        "number": step.number,
        "at": iso(step.at),
        "actor": step.actor,
        "actor_name": step.actor_name,
        "transition": step.transition,
        **named,
        "before": step.before,
        "after": step.after,
        "outputs": step.outputs,
        "told": _told(step),
        "reason": step.reason,
    }


def _told(step: Step) -> list[dict[str, str]]:
    """Return the outputs of a step in words, in both languages."""
    move_ = table().transitions.get(step.transition)
    known = {one.name: one for one in (*move_.outputs, *move_.optional)} if move_ else {}
    rows = []
    for name, value in step.outputs.items():
        one = known.get(name)
        if one is None:
            continue
        choice = one.choices.get(str(value)) or _named(one.target, str(value))
        rows.append(
            {
                "zh": one.zh,
                "en": one.en,
                "value": choice["zh"] if choice else str(value),
                "value_en": choice["en"] if choice else str(value),
            }
        )
    return rows


def _named(target: str, code: str) -> dict[str, str] | None:
    """Return the name of what a code stands for."""
    models = {"organisation": Organisation, "person": Person}
    found = models[target].objects.filter(code=code).first() if target in models else None
    return {"zh": found.name, "en": found.name} if found is not None else None


def _both(key: str) -> dict[str, str]:
    return {"zh": _text(key, "zh"), "en": _text(key, "en")}


def _text(key: str, language: Language) -> str:
    return catalogue()[key][language] if key in catalogue() else text(key)


def _term(term: Term, now: datetime) -> dict[str, Any]:
    late = term.due is not None and not term.void and (term.met or now) > term.due
    return {
        "step": term.step,
        **_both(f"petitions.term_{term.step}"),
        "days": term.days,
        "day_type": term.day_type,
        "started": iso(term.started),
        "due": iso(term.due),
        "met": iso(term.met),
        "void": term.void,
        "late": late and term.step not in terms.CITIZENS,
        "basis": term.basis,
        "confidence": term.confidence,
        "note": term.note,
    }


def _file(file: File, reads: bool) -> dict[str, Any]:
    return {
        "code": file.code,
        "media": file.media,
        "size": file.size,
        "passed": file.passed,
        "may_read": reads,
    }


def _proposals(petition: Petition, now: datetime) -> list[dict[str, Any]]:
    found = Proposal.objects.filter(
        subject_kind=Petition.KIND, subject=petition.number, state=State.OPEN, expires__gt=now
    )
    return [{"number": one.pk, "sort": one.sort, "payload": one.payload, "by": one.proposer} for one in found]


def _issue(who: Actor, petition: Petition) -> dict[str, Any] | None:
    rows = visible(who, Issue.KIND, Issue.objects.all())
    found = rows.filter(number=petition.issue).first() if petition.issue else None
    if found is None:
        return None
    state = issue_table().states[found.state]
    return {
        "number": found.number,
        "title": found.title,
        "state": found.state,
        "zh": state.zh,
        "en": state.en,
    }


def _alike(who: Actor, petition: Petition) -> list[dict[str, Any]]:
    if petition.state not in ("received", "accepted"):
        return []
    rows = visible(who, Petition.KIND, Petition.objects.all())
    return [
        {"number": one.number, "title": one.title, "state": one.state, "issue": one.issue, "score": score}
        for one, score in alike(petition, rows)
    ]


def words_rows() -> dict[str, Any]:
    """Return states, steps and words."""
    states = [
        {"code": code, "zh": one.zh, "en": one.en, "open": one.open} for code, one in table().states.items()
    ]
    every = [{**move_row(one), "from": sorted(one.origins)} for one in table().transitions.values()]
    return {
        "states": states,
        "transitions": every,
        "channels": choices(settings()["channel"]),
        "identities": choices(settings()["identity"]),
        "categories": choices(issue_settings()["category"]),
        "levels": choices(table().choices["level"]),
        "urgent": choices(table().choices["urgent"]),
        "verdicts": choices(table().choices["verdict"]),
        "satisfaction": choices(settings()["satisfaction"]),
        "escalations": [
            {"value": one["name"], "zh": one["zh"], "en": one["en"], "hours": one["hours"]}
            for one in settings()["escalation"]["steps"]
        ],
        "unsatisfied": settings()["unsatisfied"]["at_most"],
    }


def choices(words: Any) -> list[dict[str, str]]:
    """Return the words of a table as the choices of a form."""
    return [{"value": code, "zh": one["zh"], "en": one["en"]} for code, one in words.items()]
