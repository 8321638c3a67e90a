"""Shapes of rectification: how tasks, sweeps and lines of ledgers are shown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ninja import Schema
from pydantic import ConfigDict

from huanzhi.center.issues.settings import settings as issue_settings
from huanzhi.center.issues.table import Transition
from huanzhi.center.rectification import checking, clocks, ladder, looking_back, wall
from huanzhi.center.rectification.listing import sweep_table, task_table
from huanzhi.center.rectification.models import (
    Batch,
    Exhibit,
    Finding,
    Letter,
    Objection,
    Paper,
    Publication,
    Return,
    Sweep,
    Task,
)
from huanzhi.center.rectification.moving import allowed
from huanzhi.center.rectification.settings import settings, table, talk_table
from huanzhi.library.proposals.models import Proposal, State
from huanzhi.library.records.stepping import whole
from huanzhi.library.rights import Actor, Thing, mask, may, thing_of
from huanzhi.messages import catalogue, text
from huanzhi.rules.showing import answer as shown_answer
from huanzhi.standards.periods import stamp
from huanzhi.web.api.issue_shapes import move_row

TASK = task_table()


class RectificationOut(Schema):
    """A task with all that belongs to it."""

    model_config = ConfigDict(extra="allow")

    number: str
    title: str
    state: str
    revision: int
    steps: list[dict[str, Any]]
    moves: list[dict[str, Any]]


class RectificationOpenRow(Schema):
    """What was approved to be public of a task."""

    number: str
    batch: str
    title: str
    region: str
    lead: str
    target: str
    term: str | None
    done_on: str | None
    words: str
    channel: str
    published: str
    ends: str | None
    stopped: bool
    written_off: str | None
    simulated: bool


def shown(who: Actor, task: Task) -> dict[str, Any]:
    """Return a task with all that somebody may see of it."""
    now = datetime.now(UTC)
    row = mask(who, task, TASK.row(task))
    result = checking.verdict(task, now)
    book = checking.holding.in_force("write_off", clocks.today(now), task.region_id)
    state = table().states[task.state]
    return {
        **row,
        **wall.tile(task, clocks.today(now)),
        "problem": task.problem,
        "quote": task.quote,
        "offset": task.offset,
        "source": task.source,
        "target": task.target,
        "supervisor": task.supervisor.code if task.supervisor else None,
        "term_basis": task.term_basis,
        "term_class_told": settings()["term_class"].get(task.term_class),
        "mechanism": task.mechanism,
        "state_zh": state.zh,
        "state_en": state.en,
        "open": task.is_open,
        "clock": task.clock,
        "due_words": {one: _text(task.due_note, one) for one in ("zh", "en")} if task.due_note else None,
        "round": task.round,
        "parent": task.parent.number if task.parent else None,
        "children": [wall.tile(one, clocks.today(now)) for one in task.children.select_related("region")],
        "measures": list(task.measures.values("number", "words", "unit", "due", "done_on", "result")),
        "exhibits": [exhibit_row(one) for one in task.exhibits.select_related("evidence")],
        "items": _items(task),
        "item_basis": settings()["item_basis"],
        "site_checks": [_site_check(one) for one in task.site_checks.all()],
        "publications": [_publication(one) for one in task.publications.all()],
        "letters": [letter_row(one) for one in task.letters.all()],
        "letters_open": ladder.open_letters(task, now),
        "rung": ladder.rung(task),
        "returns": [return_row(one) for one in task.returns.order_by("-month")],
        "papers": [paper_row(one) for one in task.papers.order_by("-pk")],
        "talks": list(task.talks.values("number", "trigger", "level", "state", "day")),
        "sweeps": list(task.sweeps.values("code", "title", "state", "due")),
        "signs": [
            {"number": one.number, "title": one.title, "state": one.state} for one in looking_back.signs(task)
        ],
        "verdict": {**shown_answer(book, result), "inputs": checking.inputs(task, now)},
        "unmet": checking.unmet(result),
        "steps": [step_row(one) for one in task.steps.order_by("number")],
        "steps_whole": whole(task.steps),
        "moves": [_move(one, blocked) for one, blocked in allowed(who, task, now)],
        "may": _may(who, task),
        "write_off": _proposals(who, task, now),
    }


def step_row(step: Any) -> dict[str, Any]:
    """Return a step as it is shown."""
    known = table().transitions.get(step.transition)
    named = (
        {one: _text(f"rectification.step_{step.transition}", one) for one in ("zh", "en")}
        if not known
        else {}
    )
    return {
        "number": step.number,
        "at": stamp(step.at),
        "actor": step.actor,
        "actor_name": step.actor_name,
        "organisation": step.organisation,
        "transition": step.transition,
        "zh": known.zh if known else named["zh"],
        "en": known.en if known else named["en"],
        "after": step.after,
        "outputs": step.outputs,
        "reason": step.reason,
        "digest": step.digest,
    }


def exhibit_row(one: Exhibit) -> dict[str, Any]:
    """Return a piece of evidence in its use."""
    told = one.evidence.told()
    return {**told, "id": one.pk, "evidence": one.evidence_id, "use": one.use, "step": one.step}


def letter_row(one: Letter) -> dict[str, Any]:
    """Return a letter with its words and how sure its day is."""
    known = settings()["letter"][one.kind]
    return {
        "id": one.pk,
        "kind": one.kind,
        "zh": known["zh"],
        "en": known["en"],
        "state": one.state,
        "round": one.round,
        "proposed": stamp(one.proposed),
        "issued": stamp(one.issued),
        "actor_name": one.actor_name or one.actor,
        "words": one.words,
        "reply": one.reply,
        "auto": one.auto,
        "why": one.why,
    }


def return_row(one: Return) -> dict[str, Any]:
    """Return a monthly return."""
    now = datetime.now(UTC)
    late = (one.submitted or now) > one.due
    names = ("code", "month", "items", "progress", "state", "submitted_by", "comment", "revision")
    moments = {name: stamp(getattr(one, name)) for name in ("due", "submitted", "reminded")}
    return {**{name: getattr(one, name) for name in names}, **moments, "late": late}


def paper_row(one: Paper) -> dict[str, Any]:
    """Return a special report by its digests."""
    names = ("name", "sha256", "sm3", "size", "task_revision", "actor_name")
    return {"id": one.pk, "at": stamp(one.at), **{name: getattr(one, name) for name in names}}


def batch_row(one: Batch) -> dict[str, Any]:
    """Return a batch with what was read in its document."""
    counted = {
        "tasks": one.tasks.count(),
        "items_open": one.items.filter(state="open").count(),
    }
    told = {"code": one.code, "name": one.name, "origin": one.origin, "round": one.round}
    more = {"region": one.region_id, "region_name": one.region.name, "expected": one.expected}
    dated = {"fed_back": one.fed_back, "source": one.source, "digest": one.digest, "note": one.note}
    return {**told, **more, **dated, **counted, "clues": one.clues, "revision": one.revision}


def sweep_row(who: Actor, sweep: Sweep) -> dict[str, Any]:
    """Return a sweep with its objects."""
    names = (
        "enterprise",
        "name",
        "region",
        "result",
        "answers",
        "words",
        "actor_name",
        "at",
        "task",
        "issue",
    )
    objects = [{name: getattr(one, name) for name in names} for one in sweep.objects_swept.all()]
    for one in objects:
        one["at"] = stamp(one["at"])
    thing = thing_of(sweep)
    return {
        **sweep_table().row(sweep),
        "scope": sweep.scope,
        "checks": sweep.checks,
        "conclusion": sweep.conclusion,
        "confidence": settings()["sweep"]["confidence"],
        "items": objects,
        "may_work": may(who, "change", thing).allowed,
        "may_close": may(who, "command", thing).allowed,
    }


def words_rows() -> dict[str, Any]:
    """Return states, steps and words of tasks and talks, for forms."""
    names = ("level", "origin", "nature", "term_class", "item", "use", "letter", "talk_trigger", "talk_level")
    lists = {name: _choices(settings()[name]) for name in names}
    return {
        "states": _states(table().states),
        "talk_states": _states(talk_table().states),
        **lists,
        "return_items": _choices(settings()["returns"]["item"]),
        "returns": {name: value for name, value in settings()["returns"].items() if name != "item"},
        "categories": _choices(issue_settings()["category"]),
        "evidence": _choices(issue_settings()["evidence"]),
        "five": [{"value": one, **settings()["five"]["word"][one]} for one in settings()["five"]["steps"]],
        "five_basis": settings()["five"]["basis"],
        "publication": settings()["publication"],
        "late": settings()["late"],
        "talk_basis": settings()["talk_basis"],
    }


def _choices(rows: Any) -> list[dict[str, Any]]:
    return [{"value": code, **row} for code, row in rows.items()]


def _states(states: Any) -> list[dict[str, Any]]:
    names = ("number", "unit", "word", "basis", "confidence", "note")
    return [
        {
            "code": code,
            "zh": one.zh,
            "en": one.en,
            "open": one.open,
            "clock": {name: getattr(one.clock, name) for name in names} if one.clock else None,
        }
        for code, one in states.items()
    ]


def _items(task: Task) -> list[dict[str, Any]]:
    last: dict[str, Finding] = {one.item: one for one in task.findings.filter(round=task.round)}
    rows = []
    for code, row in settings()["item"].items():
        one = last.get(code)
        told = (
            {"passed": one.passed, "words": one.words, "by": one.actor_name or one.actor, "at": stamp(one.at)}
            if one
            else {}
        )
        rows.append(
            {
                "item": code,
                "zh": row["zh"],
                "en": row["en"],
                "exhibit": one.exhibit_id if one else None,
                **told,
            }
        )
    return rows


def _site_check(one: Any) -> dict[str, Any]:
    names = ("round", "people", "words", "lon", "lat", "actor_name")
    return {"at": stamp(one.at), **{name: getattr(one, name) for name in names}}


def _publication(one: Publication) -> dict[str, Any]:
    objections = [
        {
            "at": stamp(each.at),
            "words": each.words,
            "outcome": each.outcome,
            "answer": each.answer,
            "answered": stamp(each.answered),
        }
        for each in Objection.objects.filter(publication=one)
    ]
    moments = {"begun": stamp(one.begun), "ends": stamp(one.ends)}
    told = {
        "round": one.round,
        "channel": one.channel,
        "state": one.state,
        "clock": one.clock,
        "shown": one.shown,
    }
    return {**told, **moments, "objections": objections}


def _move(step: Transition, blocked: list[str]) -> dict[str, Any]:
    told = [{one: _text(key, one) for one in ("zh", "en")} for key in blocked]
    return {**move_row(step), "blocked": told}


def _may(who: Actor, task: Task) -> dict[str, bool]:
    thing = thing_of(task)
    found = {one: may(who, one, thing).allowed for one in ("change", "command", "approve", "export")}
    talk = Thing("talk", task.region.path, task.organisation.code if task.organisation else "")
    return {**found, "talk": may(who, "create", talk).allowed}


def _proposals(who: Actor, task: Task, now: datetime) -> list[dict[str, Any]]:
    rows = Proposal.objects.filter(subject_kind=Task.KIND, subject=task.number).order_by("-pk")
    return [
        {
            "id": one.pk,
            "state": "expired" if one.state == State.OPEN and one.expires <= now else str(one.state),
            "proposer": one.proposer,
            "organisation": one.proposer_organisation,
            "proposed": stamp(one.proposed),
            "conclusion": one.payload.get("conclusion", ""),
            "decider": one.decider,
            "decided": stamp(one.decided),
            "reason": one.decision_reason,
            "may_decide": one.state == State.OPEN
            and one.expires > now
            and who.code != one.proposer
            and who.organisation not in ("", one.proposer_organisation)
            and may(who, "approve", one.thing()).allowed,
        }
        for one in rows
    ]


def _text(key: str, language: str) -> str:
    found = catalogue().get(key)
    return found[language] if found else text(key)  # type: ignore[index]
