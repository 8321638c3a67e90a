"""The centre 一中心: cases, issues, dangers, petitions and visits, as occurrences of enterprises.

Referrals are for their named handlers only and are not told; of petitions nothing but number and matter is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from huanzhi.center.enforcement.models import Announcement, Case
from huanzhi.center.hazards.models import Hazard
from huanzhi.center.inspections.models import Task
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.table import table as issue_table
from huanzhi.center.petitions.models import Petition
from huanzhi.ecocode.occurrence import Occurrence
from huanzhi.programmes.conduct.settings import settings
from huanzhi.standards.periods import CHINA

DAY = timedelta(days=1)
KINDS = (
    "penalty",
    "order",
    "data_fraud",
    "no_approval",
    "hidden_discharge",
    "permit_none",
    "issue_open_overdue",
    "hazard_overdue",
    "petition_repeated",
    "inspected",
)


def occurrences(day: date) -> Iterator[Occurrence]:
    """Yield what the centre knows as of a day."""
    yield from cases(day)
    yield from issues(day)
    yield from hazards(day)
    yield from petitions(day)
    yield from visits(day)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + DAY, time(), CHINA)


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def cases(day: date) -> Iterator[Occurrence]:
    """Yield penalties and orders that were decided; a closed case is carried out."""
    rows = Case.objects.filter(decided_on__lte=day, decision__in=("penalty", "order")).exclude(enterprise="")
    for case in rows.order_by("pk"):
        until = _day(case.closed) if case.closed and _day(case.closed) <= day else None
        yield _of_case(case, case.decision, until)
        also = settings()["matter"].get(case.matter, {}).get("also", "")
        if also and case.decision == "penalty":
            yield _of_case(case, also, until)


def _of_case(case: Case, kind: str, until: date | None) -> Occurrence:
    assert case.decided_on is not None
    words = ("行政处罚", "penalty") if case.decision == "penalty" else ("责令改正", "order to correct")
    return Occurrence(
        case.enterprise,
        kind,
        f"case:{case.number}",
        case.decided_on,
        max(until, case.decided_on + DAY) if until else None,
        case_facts(case),
        (f"{words[0]} {case.title}"[:300], f"{words[1]} {case.title}"[:300]),
        f"/enforcement/{case.number}",
        case.simulated,
    )


def case_facts(case: Case) -> dict[str, Any]:
    """Return what the rules weigh of a case; a penalty without a fine is a warning and minor."""
    told: Mapping[str, Any] = case.facts or {}
    fined = case.fine is not None and case.fine > 0
    facts: dict[str, Any] = {
        "severity": str(told.get("severity") or ("ordinary" if fined else "minor")),
        "sanction": "fine" if fined else "warning",
        "matter": case.matter,
        "exceedance": bool(settings()["matter"].get(case.matter, {}).get("exceedance", False)),
    }
    if fined:
        facts["amount"] = str(case.fine)
    if told.get("medium") in ("air", "water", "waste", "noise", "other"):
        facts["medium"] = told["medium"]
    return facts


def published(day: date) -> dict[str, date]:
    """Return by source of an event from when it is shown to the public."""
    rows = Announcement.objects.filter(published__lte=day).filter(Q(ends__isnull=True) | Q(ends__gt=day))
    return {f"case:{number}": begun for number, begun in rows.values_list("case__number", "published")}


def issues(day: date) -> Iterator[Occurrence]:
    """Yield the issues of enterprises that stand open past their term."""
    now = _end_of(day)
    rows = Issue.objects.filter(state__in=issue_table().open_states(), due__lt=now, suspended=False)
    for issue in rows.exclude(enterprise="").order_by("pk"):
        yield Occurrence(
            issue.enterprise,
            "issue_open_overdue",
            f"issue:{issue.number}",
            _day(issue.due) + DAY if issue.due else day,
            None,
            {"level": issue.level, "category": issue.category},
            (f"问题逾期未办结 {issue.title}"[:300], f"overdue: {issue.title}"[:300]),
            f"/issues/{issue.number}",
            issue.simulated,
        )


def hazards(day: date) -> Iterator[Occurrence]:
    """Yield the hidden dangers that are not mended in their term."""
    rows = Hazard.objects.filter(state__in=("reported", "rectifying"), due__lt=_end_of(day))
    for one in rows.select_related("enterprise").order_by("pk"):
        assert one.due is not None
        yield Occurrence(
            one.enterprise.code,
            "hazard_overdue",
            f"hazard:{one.number}",
            _day(one.due) + DAY,
            None,
            {"grade": one.grade},
            (f"隐患逾期 {one.title}"[:300], f"danger overdue: {one.title}"[:300]),
            f"/hazards/{one.number}",
            one.simulated,
        )


def petitions(day: date) -> Iterator[Occurrence]:
    """Yield enterprises of which the same was complained so often and found true within the days."""
    told = settings()["petitions"]
    since = _end_of(day) - timedelta(days=int(told["back_days"]))
    rows = Petition.objects.filter(
        received__gte=since, replied__lt=_end_of(day), verdict__in=told["verdicts"]
    )
    found: dict[tuple[str, str], list[Petition]] = {}
    for one in rows.exclude(enterprise="").order_by("received"):
        found.setdefault((one.enterprise, one.category), []).append(one)
    for (enterprise, category), held in found.items():
        if len(held) < int(told["times"]):
            continue
        at = held[int(told["times"]) - 1]
        assert at.replied is not None
        yield Occurrence(
            enterprise,
            "petition_repeated",
            f"petitions:{category}:{_day(held[0].received):%Y%m%d}",
            _day(at.replied),
            _content(held, day),
            {"times": len(held), "true": True, "category": category},
            (f"同类信访 {len(held)} 次属实", f"{len(held)} complaints of the same found true"),
            "",
            at.simulated,
        )


def _content(held: list[Petition], day: date) -> date | None:
    """Return the day on which the last of the complainants said that it was solved; None while not."""
    last = held[-1]
    if last.solved != "yes" or last.closed is None or _day(last.closed) > day:
        return None
    return _day(last.closed)


def visits(day: date) -> Iterator[Occurrence]:
    """Yield visits that found nothing: something is known of the enterprise then."""
    rows = Task.objects.filter(result="clean", visited__lt=_end_of(day), confirmed__isnull=False)
    for task in rows.filter(enterprise__isnull=False).select_related("enterprise").order_by("pk"):
        assert task.enterprise is not None and task.visited is not None
        begun = _day(task.visited)
        yield Occurrence(
            task.enterprise.code,
            "inspected",
            f"inspection:{task.number}",
            begun,
            begun + DAY,
            {},
            ("检查未发现问题", "inspected, nothing found"),
            f"/inspections/{task.number}",
            task.simulated,
        )
