"""Life of an enterprise 全生命周期: assessment, permit, acceptance, operation, changes, exit; what is next.

The days come from projects, permits, outlets and the trail; what is due next, for the enterprise and for the
officer, from the table ``data/lifecycle.toml`` with its basis and confidence.
"""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from huanzhi.ecocode.files.models import STAGES, Project
from huanzhi.library.calendar import Duration, known_end
from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit
from huanzhi.library.records.history import Change, history
from huanzhi.library.records.tables import table_of
from huanzhi.library.rights import Actor, visible
from huanzhi.standards.periods import CHINA

CLOSED = "closed"
QUIET = ("revision", "lon", "lat", "attributes", "sensitivity", "organisation", "organisation_name")
"""Columns whose change is no event in the life of an enterprise."""


@cache
def lifecycle() -> Mapping[str, Any]:
    """Return the tables by name."""
    file = resources.files("huanzhi.programmes.enterprise_file") / "data" / "lifecycle.toml"
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))


def timeline(who: Actor, enterprise: Enterprise, today: date) -> dict[str, Any]:
    """Return the events in the life of an enterprise, the oldest first, and what is due next."""
    projects = list(_seen(who, Project, enterprise))
    permits = list(_seen(who, Permit, enterprise))
    events = [
        *(one for project in projects for one in _of_project(project)),
        *(one for permit in permits for one in _of_permit(permit, today)),
        *(one for outlet in _seen(who, Outlet, enterprise) for one in _of_outlet(outlet)),
        *_of_register(enterprise),
    ]
    steps = [*_project_steps(projects), *_permit_steps(permits, today)]
    return {
        "events": sorted(events, key=lambda one: (one["day"], one["event"])),
        "next": sorted(steps, key=lambda one: one["due"] or "9999"),
        "stages": _stages(events),
    }


def _seen(who: Actor, model: Any, enterprise: Enterprise) -> Any:
    rows = model._default_manager.filter(enterprise=enterprise)
    return visible(who, model.KIND, rows).order_by("code")


def _event(name: str, day: date, words: str, key: str, *, coming: bool = False) -> dict[str, Any]:
    told = lifecycle()["event"][name]
    return {
        "event": name,
        "stage": told["stage"],
        "day": day.isoformat(),
        "zh": told["zh"],
        "en": told["en"],
        "words": words,
        "key": key,
        "coming": coming,
    }


def _of_project(project: Project) -> Iterator[dict[str, Any]]:
    for stage in STAGES:
        day = getattr(project, stage)
        if day is not None:
            yield _event(stage, day, project.name, project.code)


def _of_permit(permit: Permit, today: date) -> Iterator[dict[str, Any]]:
    begun = permit.issued or permit.valid_from
    if begun is not None:
        yield _event("issued", begun, permit.code, permit.code)
    if permit.valid_to is not None:
        yield _event("expires", permit.valid_to, permit.code, permit.code, coming=permit.valid_to > today)


def _of_outlet(outlet: Outlet) -> Iterator[dict[str, Any]]:
    if outlet.valid_from is not None:
        yield _event("outlet", outlet.valid_from, outlet.name, outlet.code)
    if outlet.valid_to is not None:
        yield _event("outlet_ended", outlet.valid_to, outlet.name, outlet.code)


def _of_register(enterprise: Enterprise) -> Iterator[dict[str, Any]]:
    """Yield what the trail tells of the enterprise itself; only which fields changed, never their values."""
    for change in reversed(history(table_of(Enterprise.KIND), enterprise.code)):
        day = change.at.astimezone(CHINA).date()
        if change.before is None:
            yield _event("entered", day, "", enterprise.code)
        elif _value(change.after, "status") == CLOSED != _value(change.before, "status"):
            yield _event("closed", day, "", enterprise.code)
        else:
            named = _changed(change)
            if named:
                yield _event("changed", day, "、".join(named), enterprise.code)


def _value(record: Any, name: str) -> Any:
    return getattr(record, name)


def _changed(change: Change) -> list[str]:
    table = table_of(Enterprise.KIND)
    return [
        column.heading()
        for column in table.columns
        if column.editable
        and column.name not in QUIET
        and "__" not in column.source
        and getattr(change.before, column.source) != getattr(change.after, column.source)
    ]


def _project_steps(projects: Sequence[Project]) -> Iterator[dict[str, Any]]:
    """Yield the next step of every project that is under way."""
    for project in projects:
        for step in lifecycle()["step"]:
            begun = getattr(project, step["after"])
            fits = step.get("eia_class", project.eia_class) == project.eia_class
            if begun is None or not fits or project.given_up is not None or _past(project, step["after"]):
                continue
            due, note = _due(begun, step)
            yield _next(step, due, note, project.name, project.code)


def _past(project: Project, stage: str) -> bool:
    """Return whether a project has come further than a stage."""
    return any(getattr(project, later) is not None for later in STAGES[STAGES.index(stage) + 1 :])


def _due(begun: date, step: Mapping[str, Any]) -> tuple[date | None, str]:
    if "months" in step:
        return after_months(begun, step["months"]), ""
    if step["unit"] == "calendar":
        return begun + timedelta(days=step["days"]), ""
    start = datetime.combine(begun, datetime.min.time(), CHINA)
    end, gap = known_end(start, Duration(step["days"], step["unit"]))
    return (end.astimezone(CHINA).date() if end else None), f"issues.due_{gap}" if gap else ""


def after_months(day: date, months: int) -> date:
    """Return the same day so many months later, the last of the month where there is none.

    >>> after_months(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _permit_steps(permits: Sequence[Permit], today: date) -> Iterator[dict[str, Any]]:
    """Yield the renewal of a permit that holds and whose end is known."""
    told = lifecycle()["permit"]
    holding = [one for one in permits if one.status == "valid" and one.holds(today) and one.valid_to]
    for permit in holding:
        due = permit.valid_to - timedelta(days=told["renew_days"])  # type: ignore[operator]
        yield _next({**told, "id": "renew", "who": "enterprise"}, due, "", permit.code, permit.code)


def _next(step: Mapping[str, Any], due: date | None, note: str, words: str, key: str) -> dict[str, Any]:
    return {
        **{name: step[name] for name in ("id", "who", "zh", "en", "basis", "confidence")},
        "due": due.isoformat() if due else None,
        "due_note": note,
        "words": words,
        "key": key,
    }


def _stages(events: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the stages with the last day of each; None where nothing is known of it."""
    found: dict[str, str] = {}
    for one in events:
        if not one["coming"]:
            found[one["stage"]] = max(one["day"], found.get(one["stage"], ""))
    return [
        {"stage": name, "zh": words["zh"], "en": words["en"], "day": found.get(name)}
        for name, words in lifecycle()["stage"].items()
    ]
