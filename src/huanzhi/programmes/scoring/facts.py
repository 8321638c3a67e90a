"""Facts 考核事实: what goes into an assessment, each with the numbers of the rows that prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from huanzhi.assess.allowance import share
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.table import table
from huanzhi.center.plans.models import Measure
from huanzhi.center.plans.settings import open_states
from huanzhi.center.rectification.models import Task
from huanzhi.library.indicators.models import Target
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.programmes.indicators.counting import day_begins

MOST_NAMED = 60
"""Rows that prove a fact and are named. DEFAULT, NOT FROM THE DOCUMENTS."""

WRITTEN_OFF = ("written_off", "looked_back")


@dataclass(frozen=True, slots=True)
class Facts:
    """Inputs of the rulebook, and what proves each."""

    inputs: Mapping[str, Any]
    evidence: Mapping[str, list[dict[str, str]]] = field(default_factory=dict)


def of_region(region: Region, year: int, day: date) -> Facts:
    """Return the facts of a region for a year, up to a day; what is unknown is None."""
    inside = Q(region__path__startswith=region.path)
    targets = Target.objects.filter(region=region, year=year, state="active")
    told, proof = _targets(targets)
    stretched = [one for one in targets if one.judged.get("stretch_verdict") in ("met", "on_track")]
    proof["stretched"] = [_named(one.number, one.indicator) for one in stretched]
    tasks, measures = _due_tasks(inside, day), _due_measures(inside, day)
    issues, proof["overdue_issues"] = _overdue_issues(inside, day)
    rectified, proof["rectified"] = _done(tasks, Q(state__in=WRITTEN_OFF))
    done, proof["measures"] = _done(measures, Q(state="finished"))
    inputs = {**told, "stretched": len(stretched), "rectified": rectified, "measures": done}
    return Facts({**inputs, "overdue_issues": issues}, proof)


def of_body(body: Organisation, year: int, day: date) -> Facts:
    """Return the facts of a department for a year, up to a day."""
    told, proof = _targets(Target.objects.filter(organisation=body, year=year, state="active"))
    lead = _due_measures(Q(lead=body), day)
    done, proof["measures"] = _done(lead, Q(state="finished"))
    late = lead.filter(state__in=open_states()[:2])
    proof["overdue_measures"] = _rows(late)
    tasks = _due_tasks(Q(organisation=body), day).exclude(state__in=WRITTEN_OFF)
    proof["overdue_tasks"] = _rows(tasks)
    issues, proof["overdue_issues"] = _overdue_issues(Q(organisation=body), day)
    inputs = {
        "missed": told["missed"],
        "overdue_measures": late.count(),
        "measures": done,
        "overdue_tasks": tasks.count(),
        "overdue_issues": issues,
    }
    proof.pop("at_risk")
    return Facts(inputs, proof)


def _targets(rows: Any) -> tuple[dict[str, int], dict[str, list[dict[str, str]]]]:
    verdicts = {"missed": "not_met", "at_risk": "at_risk"}
    found = {
        name: [one for one in rows if one.judged.get("verdict") == verdict]
        for name, verdict in verdicts.items()
    }
    proof = {name: [_named(one.number, one.indicator) for one in each] for name, each in found.items()}
    return {name: len(each) for name, each in found.items()}, proof


def _due_tasks(where: Q, day: date) -> Any:
    return Task.objects.filter(where, standing=False, nature="task", term__isnull=False, term__lte=day)


def _due_measures(where: Q, day: date) -> Any:
    return Measure.objects.filter(where, due__isnull=False, due__lte=day)


def _overdue_issues(where: Q, day: date) -> tuple[int, list[dict[str, str]]]:
    end = day_begins(date.fromordinal(day.toordinal() + 1))
    rows = Issue.objects.filter(where, state__in=table().open_states(), due__lt=end, joined_to=None)
    return rows.count(), _rows(rows)


def _done(rows: Any, good: Q) -> tuple[Decimal | None, list[dict[str, str]]]:
    return share(rows.filter(good).count(), rows.count(), 1), _rows(rows.exclude(good))


def _rows(rows: Any) -> list[dict[str, str]]:
    return [_named(*row) for row in rows.order_by("number").values_list("number", "title")[:MOST_NAMED]]


def _named(number: str, name: str) -> dict[str, str]:
    return {"number": number, "name": name[:120]}
