"""Board 看板 and bulk verbs of issues: columns by state, and one step for many."""

from __future__ import annotations

from datetime import UTC, datetime
from time import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.center.issues.bulk import Done, move_many
from huanzhi.center.issues.counting import kept
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.table import table
from huanzhi.library.records.selecting import selected
from huanzhi.library.rights import mask_all
from huanzhi.messages import using
from huanzhi.programmes.issue_marks import bring_issues
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.issues import TABLE, IssueFilters, found_issue, wanted_issues
from huanzhi.web.api.lists import document

router = Router(tags=["issues"])
bring_issues()
MOST_CARDS = 50


class ColumnsOut(Schema):
    """Columns of the board: every state with its number and the issues whose term ends first."""

    columns: list[dict[str, Any]]


class OneOf(Schema):
    """An issue as it was read."""

    number: str = Field(max_length=32)
    revision: int


class MovesIn(Schema):
    """One step for many issues, with the reason that each of them keeps."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "issues": [{"number": "HZ-20261122-0001", "revision": 3}],
                    "transition": "supervise",
                    "outputs": {"requirement": "三日内书面报告进展"},
                    "reason": "超期未办结",
                }
            ]
        },
    )

    issues: list[OneOf] = Field(min_length=1, max_length=200)
    transition: str = Field(max_length=20)
    outputs: dict[str, str | int | None] = Field(default_factory=dict)
    reason: str = Field(max_length=2000)


class MovesOut(Schema):
    """What came of each: its new state, or the fault that kept it as it was."""

    done: int
    refused: int
    items: list[dict[str, Any]]


@router.get("issues/columns", response=ColumnsOut, operation_id="issue_columns")
def get_columns(request: HttpRequest, wanted: Query[IssueFilters], cards: int = 10) -> HttpResponse:  # type: ignore[valid-type]
    """Return the open states as columns of the board, each with the issues whose term ends first."""
    rows, asked = wanted_issues(request, wanted)
    rows = selected(TABLE, rows, asked)
    most = max(1, min(cards, MOST_CARDS))
    return document(
        request, {"columns": [_column(request, rows, code, most) for code in table().open_states()]}
    )


@router.post("issues/moves", response=MovesOut, operation_id="move_issues")
def take_steps(request: HttpRequest, given: MovesIn) -> HttpResponse:
    """Take one step for many issues; each goes by itself, and what is refused says why."""
    asked = [(one.number, one.revision) for one in given.issues]
    with using(language_of(request)):
        done = move_many(
            actor(request),
            asked,
            lambda number: found_issue(request, number),
            given.transition,
            given.outputs,
            given.reason,
        )
        rows = [_told(one) for one in done]
    refused = sum(one.fault is not None for one in done)
    return document(request, {"done": len(done) - refused, "refused": refused, "items": rows})


def _column(request: HttpRequest, rows: Any, code: str, most: int) -> dict[str, Any]:
    state, now = table().states[code], datetime.now(UTC)
    own = rows.filter(state=code).order_by("due", "pk")
    keys = list(own.values_list("pk", flat=True)[:most])
    cards = Issue.objects.filter(pk__in=keys).select_related("region", "organisation", "person")
    held = sorted(cards, key=lambda one: keys.index(one.pk))
    shown = mask_all(actor(request), [(one, _card(one, now)) for one in held])
    total = kept("column", own, time(), own.count)
    return {"state": code, "zh": state.zh, "en": state.en, "total": total, "cards": shown}


def _card(issue: Issue, now: datetime) -> dict[str, Any]:
    names = ("number", "title", "level", "category", "region_name", "organisation_name", "due", "revision")
    row = TABLE.row(issue)
    told = {name: row[name] for name in (*names, "supervised", "suspended", "reopened", "simulated")}
    return {**told, "overdue": issue.is_overdue(now)}


def _told(one: Done) -> dict[str, Any]:
    fault = one.fault.as_dict() if one.fault else None
    return {"number": one.number, "state": one.state, "revision": one.revision, "fault": fault}
