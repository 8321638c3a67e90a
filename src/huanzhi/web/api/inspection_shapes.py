"""Shapes of the inspections' answers, and how plans, draws and tasks are shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from huanzhi.center.inspections import planning
from huanzhi.center.inspections.drawing import public_paper
from huanzhi.center.inspections.listing import DRAWS, PLANS, TASKS
from huanzhi.center.inspections.models import Draw, Plan, Subject, Task, TaskEvidence
from huanzhi.center.inspections.settings import checklist, checklists, settings
from huanzhi.center.inspections.tasks import allowed
from huanzhi.center.issues.settings import settings as issue_settings
from huanzhi.library.people.models import Person
from huanzhi.library.rights import Actor, Thing, mask, may, thing_of
from huanzhi.messages import catalogue
from huanzhi.rules import draws as kernel
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.days import Day


class SeatIn(Schema):
    """Who goes: how many of a body, and whether one of them must know the field."""

    model_config = ConfigDict(extra="forbid")

    body: str = Field("", max_length=40)
    count: int = Field(ge=1, le=20)
    skilled: bool = False


class InspectionPlanIn(Schema):
    """A plan to make."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "kind": "random",
                    "title": "2026 年双随机抽查",
                    "begins": "2026-01-01",
                    "ends": "2026-12-31",
                    "region": "990001",
                    "checklist": "general",
                }
            ]
        },
    )

    kind: str = Field(max_length=20)
    title: str = Field(min_length=1, max_length=200)
    words: str = Field("", max_length=4000)
    begins: date
    ends: date
    region: str = Field(max_length=12)
    organisation: str = Field("", max_length=40)
    checklist: str = Field("general", max_length=40)
    seats: list[SeatIn] = Field(default_factory=list, max_length=10)
    avoid_region: bool = False
    secret: bool = True


class TasksIn(Schema):
    """Whom to visit, and who goes."""

    model_config = ConfigDict(extra="forbid")

    enterprises: list[str] = Field(min_length=1, max_length=500)
    inspectors: list[str] = Field(min_length=1, max_length=20)


class LookBackIn(Schema):
    """Which write-offs to sample, by which seed, and who goes."""

    model_config = ConfigDict(extra="forbid")

    first: Day
    last: Day
    seed: str = Field(min_length=1, max_length=100)
    inspectors: list[str] = Field(min_length=1, max_length=20)


class WhyIn(Schema):
    """Why."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field("", max_length=500)


class CommitIn(Schema):
    """A draw to commit to: the quarter, and the public value of a later moment that decides."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "plan": "JH-2026-001",
                    "quarter": 4,
                    "source": "中国福利彩票双色球第 2026134 期开奖号码",
                    "due": "2026-11-24T21:15:00+08:00",
                }
            ]
        },
    )

    plan: str = Field(max_length=32)
    quarter: int = Field(ge=1, le=4)
    source: str = Field(min_length=2, max_length=200)
    due: AwareDatetime


class RevealIn(Schema):
    """The public value, as it was published."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"beacon": "01 05 12 18 22 33 + 07"}]}
    )

    beacon: str = Field(min_length=1, max_length=200)


class AnswerIn(Schema):
    """The answer to an item of the check list."""

    model_config = ConfigDict(extra="forbid")

    result: str = Field("unknown", max_length=12)
    words: str = Field("", max_length=2000)
    level: str = Field("general", max_length=12)


class AnswersIn(Schema):
    """Answers by item; items that are not named stay as they are."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"answers": {"permit": {"result": "ok"}}}]}
    )

    answers: dict[str, AnswerIn] = Field(max_length=200)


class TaskMoveIn(Schema):
    """A step to take, with what it needs."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"move": "file", "conclusion": "发现一处问题", "signed_by": "张三"}]},
    )

    move: str = Field(max_length=20)
    reason: str = Field("", max_length=500)
    result: str = Field("", max_length=12)
    conclusion: str = Field("", max_length=4000)
    signed_by: str = Field("", max_length=100)
    words: str = Field("", max_length=500)
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)


class SubstituteIn(WhyIn):
    """Another team."""

    inspectors: list[str] = Field(min_length=1, max_length=20)


class TaskEvidenceIn(Schema):
    """What is told of a piece of evidence."""

    kind: str = Field("photo", max_length=20)
    item: str = Field("", max_length=40)
    taken_at: datetime | None = None
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)


class TaskOut(Schema):
    """A task with its check list, answers, team, evidence and the steps that I may take."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"number": "JC-20261122-0001"}]})

    number: str
    state: str
    items: list[dict[str, Any]]
    answers: dict[str, Any]
    team: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    moves: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    revision: int


class InspectionPlanOut(Schema):
    """A plan with what each quarter asks and what was done."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"number": "JH-2026-001"}]})

    number: str
    title: str
    seats: list[dict[str, Any]]
    quotas: list[dict[str, Any]]
    progress: list[dict[str, Any]]
    revision: int


class DrawOut(Schema):
    """A draw: commitment, reveal, result, and the names that are open by now."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"number": "SJ-2026-001"}]})

    number: str
    state: str
    commitment: str
    paper: dict[str, Any]
    revision: int


class DrawVerdictOut(Schema):
    """Whether a draw verifies, and the first difference."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"whole": True, "state": "drawn"}]}
    )

    whole: bool
    state: str
    fault: str
    message: str
    where: str
    expected: str
    found: str


class ItemsOut(Schema):
    """Rows."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"items": []}]})

    items: list[dict[str, Any]]


class InspectionWordsOut(Schema):
    """Words of the forms."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"sorts": []}]})


def plan_shown(who: Actor, plan: Plan) -> dict[str, Any]:
    """Return a plan as it is shown."""
    drawn = plan.sort in settings()["drawn"]["sorts"]
    day = datetime.now(CHINA).date()
    thing = thing_of(plan)
    return {
        **mask(who, plan, PLANS.row(plan)),
        "words": plan.words,
        "seats": plan.seats,
        "avoid_region": plan.avoid_region,
        "made_by": plan.made_by,
        "made": iso(plan.made),
        "draws_objects": drawn,
        "quotas": planning.quotas(plan, day) if drawn else [],
        "progress": planning.progress(plan) if drawn else [],
        "terms": dict(settings()["terms"]),
        "may_command": may(who, "command", thing).allowed,
    }


def draw_shown(who: Actor, draw: Draw) -> dict[str, Any]:
    """Return a draw as it is shown: to anybody its paper, to who may know them the names behind it."""
    paper = public_paper(draw)
    own = may(who, "command", thing_of(draw.plan)).allowed
    return {
        **DRAWS.row(draw),
        "made_by": _by(draw, draw.made_by, own),
        "revealed_by": _by(draw, draw.revealed_by, own),
        "paper": paper,
        "counts": {name: len(paper["terms"][name]) for name in ("objects", "inspectors", "conflicts")},
        "strata": paper["terms"]["strata"],
        "due_passed": draw.beacon_due <= datetime.now(UTC),
        "may_command": own,
        "tasks": _tasks_of(who, draw),
        "chances": chances(paper),
    }


def _by(draw: Draw, code: str, own: bool) -> str:
    """Return who did it: by name to who runs the plan, as the organisation to everybody else."""
    if not code:
        return ""
    if not own:
        body: str = draw.plan.organisation.name
        return body
    return Person.objects.filter(code=code).values_list("name", flat=True).first() or code


def chances(paper: dict[str, Any]) -> dict[str, str]:
    """Return the exact chance of every object, as a fraction in decimals."""
    terms, found = paper["terms"], {}
    for stratum in terms["strata"]:
        rows = [(one["id"], one["weight"]) for one in terms["objects"] if one["stratum"] == stratum["id"]]
        for name, chance in kernel.chances(rows, stratum["take"]).items():
            found[name] = f"{float(chance):.4f}"
    return found


def _tasks_of(who: Actor, draw: Draw) -> list[dict[str, Any]]:
    rows = Task.objects.filter(draw=draw).select_related(*TASKS.related).order_by("number")
    seen = [one for one in rows if may(who, "read", thing_of(one)).allowed] if who.code else []
    return [
        {
            "number": one.number,
            "subject": one.subject,
            "state": one.state,
            "due": iso(one.due),
            "team": list(one.inspectors.order_by("code").values_list("name", flat=True)),
        }
        for one in seen
    ]


def task_shown(who: Actor, task: Task) -> dict[str, Any]:
    """Return a task as it is shown."""
    row = mask(who, task, TASKS.row(task))
    known = checklist(task.checklist)
    now = datetime.now(UTC)
    thing = thing_of(task)
    return {
        **row,
        "title": task.title,
        "checklist": task.checklist,
        "checklist_zh": known["zh"],
        "checklist_en": known["en"],
        "checklist_version": task.checklist_version,
        "checklist_confidence": known["confidence"],
        "items": [item_row(item) for item in known["item"]],
        "answers": task.answers,
        "team": [_member(one) for one in task.inspectors.select_related("organisation").order_by("code")],
        "evidence": [piece_row(one) for one in TaskEvidence.objects.filter(task=task)],
        "conclusion": task.conclusion,
        "public_words": task.public_words,
        "signed_by": task.signed_by,
        "lon": task.lon,
        "lat": task.lat,
        "due_note": note(task.due_note),
        "publish_note": note(task.publish_note),
        "overdue": bool(task.due and task.due < now and task.state == "assigned"),
        "late_to_publish": bool(task.publish_due and not task.published and task.publish_due < now),
        "terms": dict(settings()["terms"]),
        "steps": task.steps,
        **_risk(who, task),
        "moves": [move_row(name) for name in allowed(who, task)],
        "may_answer": task.state == "visiting" and may(who, "change", thing).allowed,
        "may_substitute": task.state == "assigned" and may(who, "command", thing).allowed,
    }


def item_row(item: Any) -> dict[str, Any]:
    """Return an item of a check list as it is shown."""
    return {
        "code": item["code"],
        "zh": item["zh"],
        "en": item["en"],
        "group_zh": item["group"]["zh"],
        "group_en": item["group"]["en"],
        "must": item["must"],
        "category": item["category"],
    }


def piece_row(piece: Any) -> dict[str, Any]:
    """Return a piece of evidence as it is shown."""
    names = ("item", "name", "kind", "size", "sha256", "sm3", "lon", "lat", "actor", "actor_name")
    times = {name: iso(getattr(piece, name)) for name in ("taken_at", "received_at")}
    return {"id": piece.pk, **{name: getattr(piece, name) for name in names}, **times}


def move_row(name: str) -> dict[str, Any]:
    """Return a step that can be taken."""
    row = settings()["move"][name]
    return {"name": name, "zh": row["zh"], "en": row["en"], "to": row["to"]}


def _risk(who: Actor, task: Task) -> dict[str, Any]:
    """Return the standing of the object when the task was made, for those who may read the pool."""
    if not may(who, "read", Thing(Subject.KIND, task.region.path)).allowed:
        return {}
    return {"risk_score": task.risk_score, "risk_rank": task.risk_rank, "listed": task.listed}


def _member(one: Any) -> dict[str, Any]:
    return {"code": one.code, "name": one.name, "organisation": one.organisation.name, "skills": one.skills}


def words_rows() -> dict[str, Any]:
    """Return the words of the forms, terms with their basis, and the check lists."""
    tables = (
        "sort",
        "state",
        "result",
        "answer",
        "class",
        "credit",
        "colour",
        "risk",
        "skill",
        "conflict",
        "plan_state",
        "draw_state",
    )
    found: dict[str, Any] = {name: _choices(settings()[name]) for name in tables}
    found["moves"] = [move_row(name) for name in settings()["move"]]
    found["evidence"] = _choices(issue_settings()["evidence"])
    found["terms"] = dict(settings()["terms"])
    found["team"] = dict(settings()["team"])
    found["drawn"] = list(settings()["drawn"]["sorts"])
    found["checklists"] = [
        {"value": code, **{name: row[name] for name in ("zh", "en", "version", "confidence")}}
        for code, row in checklists().items()
    ]
    return found


def _choices(table: Any) -> list[dict[str, Any]]:
    return [{"value": code, "zh": row["zh"], "en": row["en"]} for code, row in table.items()]


def note(key: str) -> dict[str, str] | None:
    """Return a note on a term in both languages."""
    return dict(catalogue()[key]) if key else None  # type: ignore[arg-type]


def iso(moment: datetime | None) -> str | None:
    """Return a moment in China time."""
    return moment.astimezone(CHINA).isoformat(timespec="seconds") if moment else None
