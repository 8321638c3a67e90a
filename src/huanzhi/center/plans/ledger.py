"""The ledger 台账: assign, split, report, send back, supervise; what is overdue; the boards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from huanzhi.center.inspections.evidence import kept_fields
from huanzhi.center.issues.models import Issue
from huanzhi.center.plans.models import Measure, MeasureEvidence
from huanzhi.center.plans.settings import open_states, settings
from huanzhi.errors import InputError
from huanzhi.library.people.models import Organisation
from huanzhi.library.records.acting import act, stored_of
from huanzhi.library.rights import Actor, may, require, thing_of
from huanzhi.library.trail.chain import append
from huanzhi.standards.periods import CHINA

Given = Mapping[str, Any]


def move(actor: Actor, measure: Measure, name: str, given: Given, now: datetime) -> Measure:
    """Take a step of the table ``[move]``.

    Raises
    ------
    InputError
        If the actor may not, it is not the time for it, or something is missing.
    """
    row = settings()["move"].get(name)
    if row is None:
        raise InputError(
            "center_plans.choice", column="move", value=name, expected=", ".join(settings()["move"])
        )
    with transaction.atomic():
        held: Measure = stored_of(measure)
        if held.revision != measure.revision:
            raise InputError("records.stale", value=measure.number)
        require(actor, row["right"], thing_of(held))
        if held.state not in row["from"]:
            raise InputError("center_plans.not_now", value=held.number)
        for field in row["needs"]:
            if given.get(field) in (None, "", []):
                raise InputError("center_plans.missing", column=field)
        if row.get("proof") and not proven(held):
            raise InputError("center_plans.no_evidence")
        _EFFECTS[name](held, given, now)
        held.state = row.get("to", held.state)
        step(held, actor, name, str(given.get("words") or "")[:2000], now)
        act(actor, held, name, str(given.get("words") or "")[:500])
    return held


def step(measure: Measure, actor: Actor, name: str, words: str, now: datetime) -> None:
    """Add a line to the history of a measure."""
    at = now.astimezone(CHINA).isoformat(timespec="microseconds")
    row = {"at": at, "actor": actor.code, "name": actor.name, "move": name, "words": words}
    measure.steps = [*measure.steps, {**row, "percent": measure.percent}]


def proven(measure: Measure) -> bool:
    """Return whether evidence came in since the measure was last sent back."""
    since = [each["at"] for each in measure.steps if each["move"] in ("send_back", "refused")]
    rows = MeasureEvidence.objects.filter(measure=measure)
    return (rows.filter(received_at__gte=datetime.fromisoformat(since[-1])) if since else rows).exists()


def _body(code: str) -> Organisation:
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise InputError("center_plans.no_body", value=code)
    return found


def _assign(measure: Measure, given: Given, now: datetime) -> None:
    measure.lead = _body(str(given["lead"]))
    if given.get("due"):
        measure.due = date.fromisoformat(str(given["due"]))
    if given.get("joint") is not None:
        measure.joint = [{"name": body.name, "code": body.code} for body in map(_body, given["joint"])]


def _split(measure: Measure, given: Given, now: datetime) -> None:
    listed = [str(words).strip()[:300] for words in given["deliverables"] if str(words).strip()]
    if len(listed) > settings()["limits"]["deliverables"]:
        raise InputError("issues.too_many", most=settings()["limits"]["deliverables"])
    done = {each["words"]: each["done"] for each in measure.deliverables}
    measure.deliverables = [{"words": words, "done": done.get(words, "")} for words in dict.fromkeys(listed)]


def _report(measure: Measure, given: Given, now: datetime) -> None:
    percent = int(given["percent"])
    if not 0 <= percent <= 100:
        raise InputError("center_plans.percent", column="percent", value=percent)
    today = now.astimezone(CHINA).date().isoformat()
    done = set(given.get("done") or ())
    measure.deliverables = [
        {**each, "done": each["done"] or today} if at in done else each
        for at, each in enumerate(measure.deliverables)
    ]
    measure.percent, measure.last_return = percent, now


def _done(measure: Measure, given: Given, now: datetime) -> None:
    waiting = open_issues(measure)
    if waiting:
        raise InputError("center_plans.waits", value="、".join(waiting))
    left = [each["words"] for each in measure.deliverables if not each["done"]]
    if left:
        raise InputError("center_plans.left", value="、".join(left)[:200])
    measure.percent, measure.last_return = 100, now


def _send_back(measure: Measure, given: Given, now: datetime) -> None:
    measure.percent = min(measure.percent, 99)


def _supervise(measure: Measure, given: Given, now: datetime) -> None:
    measure.supervised = now


def _depend(measure: Measure, given: Given, now: datetime) -> None:
    number = str(given["issue"]).strip()
    if not Issue.objects.filter(number=number).exists():
        raise InputError("center_plans.no_issue", value=number)
    measure.issues = list(dict.fromkeys([*measure.issues, number]))


_EFFECTS: dict[str, Callable[[Measure, Given, datetime], None]] = {
    "assign": _assign,
    "split": _split,
    "report": _report,
    "done": _done,
    "send_back": _send_back,
    "supervise": _supervise,
    "depend": _depend,
}


def open_issues(measure: Measure) -> list[str]:
    """Return the issues that a measure depends on and that are not at their end."""
    from huanzhi.center.issues.table import table

    rows = Issue.objects.filter(number__in=measure.issues).filter(state__in=table().open_states())
    return list(rows.order_by("number").values_list("number", flat=True))


def allowed(actor: Actor, measure: Measure) -> list[str]:
    """Return the steps that somebody may take now."""
    thing = thing_of(measure)
    rows = settings()["move"].items()
    return [
        name for name, row in rows if measure.state in row["from"] and may(actor, row["right"], thing).allowed
    ]


def attach(
    actor: Actor, measure: Measure, content: bytes, name: str, kind: str, now: datetime | None = None
) -> MeasureEvidence:
    """Keep a piece of evidence; durable on return. The same bytes twice are one piece."""
    require(actor, "change", thing_of(measure))
    told = kept_fields(actor, content, name, kind, now)
    with transaction.atomic():
        known = MeasureEvidence.objects.filter(measure=measure, sha256=told["sha256"]).first()
        if known is not None:
            return known
        if MeasureEvidence.objects.filter(measure=measure).count() >= settings()["limits"]["evidence"]:
            raise InputError("issues.too_many", most=settings()["limits"]["evidence"])
        made = MeasureEvidence(measure=measure, **told)
        made.save()
        shown = {**told, "received_at": told["received_at"].isoformat()}
        append(actor, "attach", Measure.KIND, measure.number, after=shown)
    return made


def board(rows: QuerySet[Measure], by: str, today: date) -> list[dict[str, Any]]:
    """Return how measures stand by department, year of the deadline, or task."""
    groups: dict[str, dict[str, Any]] = {}
    for measure in rows.select_related("lead"):
        code, name = _group(measure, by)
        group = groups.setdefault(
            code, {"code": code, "name": name, **dict.fromkeys(COUNTED, 0), "percent": 0}
        )
        group["total"] += 1
        group["finished"] += measure.state == "finished"
        group["reported"] += measure.state == "reported"
        group["overdue"] += measure.overdue(today)
        group["supervised"] += measure.supervised is not None and measure.state in open_states()
        group["percent"] += measure.percent
    found = [{**group, "percent": round(group["percent"] / group["total"])} for group in groups.values()]
    return sorted(found, key=lambda group: (-group["overdue"], -group["total"], group["code"]))


COUNTED = ("total", "finished", "reported", "overdue", "supervised")


def _group(measure: Measure, by: str) -> tuple[str, str]:
    if by == "lead":
        name = measure.lead.name if measure.lead else measure.lead_name
        return (measure.lead.code if measure.lead else name), name
    if by == "due":
        year = str(measure.due.year) if measure.due else ""
        return year, year
    return measure.task, measure.task
