"""The pool of objects 检查对象名录库: every enterprise, what is counted of it, and what the rulebooks say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Count, Max, Q

from huanzhi import rules
from huanzhi.center.inspections.models import Subject, Task
from huanzhi.center.inspections.settings import settings
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.table import table as issue_table
from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit
from huanzhi.library.records.bulk import save_all
from huanzhi.library.rights import SYSTEM
from huanzhi.library.rulebooks import holding
from huanzhi.standards.periods import CHINA

REASON = "counted"
_MEDIUM = {"water": "water", "gas": "air", "noise": "noise", "waste": "waste"}
_COUNTED = ("exceedances", "complaints", "open_issues", "serious_issues", "months_since", "permit_state")
_JUDGED = ("sort", "risk", "score", "factor_milli", "share_ppm", "most_a_year", "reasons", "needs")

Asked = Any


def refresh(now: datetime, path: str = "") -> int:
    """Bring the pool up to date below the path of a region: new enterprises, counts, what the rulebooks say.

    The platform does it and says so; a row is written only where something changed. Return how many were.
    """
    enterprises = list(
        Enterprise.objects.filter(region__path__startswith=path).exclude(status="closed").order_by("code")
    )
    known = {one.enterprise_id: one for one in Subject.objects.filter(enterprise__in=enterprises)}
    counts = count(enterprises, now)
    books = _Books(now.astimezone(CHINA).date())
    changed = []
    for enterprise in enterprises:
        subject = known.get(enterprise.pk) or Subject(
            enterprise=enterprise, code=enterprise.code, simulated=enterprise.simulated
        )
        subject.enterprise = enterprise
        before = _state(subject)
        for name, value in counts[enterprise.pk].items():
            setattr(subject, name, value)
        judge(subject, books)
        if subject.pk is None or _state(subject) != before:
            subject.counted = now
            changed.append(subject)
    return save_all(SYSTEM, changed, REASON)


def judge_again(subjects: Iterable[Subject], now: datetime) -> int:
    """Judge objects anew whose credit or colour changed, and keep them; return how many there are."""
    books, changed = _Books(now.astimezone(CHINA).date()), list(subjects)
    for subject in changed:
        judge(subject, books)
    return save_all(SYSTEM, changed, REASON)


def _state(subject: Subject) -> list[Any]:
    return [getattr(subject, name) for name in (*_COUNTED, *_JUDGED)]


def count(enterprises: Iterable[Enterprise], now: datetime) -> dict[int, dict[str, Any]]:
    """Return by enterprise what is counted of it over the days of ``[counting]``."""
    told = settings()["counting"]
    since = now - timedelta(days=told["days"])
    of_code = _issues(since)
    visits = dict(
        Task.objects.filter(visited__isnull=False)
        .order_by()
        .values_list("enterprise")
        .annotate(last=Max("visited"))
        .values_list("enterprise", "last")
    )
    needs = _needs()
    permits = _permits(now.astimezone(CHINA).date(), told["permit_soon_days"])
    nothing = dict.fromkeys(("exceedances", "complaints", "open_issues", "serious_issues"), 0)
    return {
        one.pk: {
            **nothing,
            **of_code.get(one.code, {}),
            "months_since": (now - visits[one.pk]).days // 30 if one.pk in visits else None,
            "permit_state": permits.get(one.pk, ""),
            "needs": needs.get(one.pk, ""),
        }
        for one in enterprises
    }


def _issues(since: datetime) -> dict[str, dict[str, int]]:
    recent = Q(opened__gte=since)
    rows = (
        Issue.objects.exclude(enterprise="")
        .order_by()
        .values("enterprise")
        .annotate(
            exceedances=Count("pk", filter=recent & Q(channel="warning", category__startswith="outlet_")),
            complaints=Count("pk", filter=recent & Q(channel="petition")),
            open_issues=Count("pk", filter=Q(state__in=issue_table().open_states())),
            serious_issues=Count("pk", filter=recent & Q(level__in=("serious", "major"))),
        )
    )
    return {row.pop("enterprise"): row for row in rows}


def _needs() -> dict[int, str]:
    found: dict[int, set[str]] = {}
    for owner, medium in Outlet.objects.order_by().values_list("enterprise", "medium").distinct():
        if medium in _MEDIUM:
            found.setdefault(owner, set()).add(_MEDIUM[medium])
    return {owner: ",".join(sorted(words)) for owner, words in found.items()}


def _permits(day: date, soon: int) -> dict[int, str]:
    ends: dict[int, date | None] = {}
    for owner, end in Permit.objects.filter(status="valid").values_list("enterprise", "valid_to"):
        known = ends.get(owner, date.min)
        ends[owner] = None if end is None or known is None else max(end, known)
    return {
        owner: "valid"
        if end is None or end > day + timedelta(days=soon)
        else "soon"
        if end > day
        else "expired"
        for owner, end in ends.items()
    }


class _Books:
    """The rulebooks in force on a day, each asked for once a place."""

    def __init__(self, day: date) -> None:
        self.find = cache(lambda name, place: holding.in_force(name, day, place))

    def ask(self, name: str, place: str, inputs: Mapping[str, Any]) -> rules.Result:
        """Return what a rulebook answers."""
        return rules.evaluate(self.find(name, place), inputs)


def judge(subject: Subject, books: Any) -> None:
    """Let the rulebooks say risk, class and share of an object; the reasons are kept with it."""
    place = subject.enterprise.region_id
    risk = books.ask("inspection_risk", place, risk_inputs(subject))
    subject.score = int(risk.outputs["total"])
    subject.risk = str(risk.outputs.get("level", ""))
    subject.factor_milli = int(Decimal(str(risk.outputs.get("factor", 1))) * 1000)
    sort = books.ask("inspection_class", place, class_inputs(subject))
    subject.sort = str(sort.outputs["class"])
    share = books.ask(settings()["quarters"]["share"], place, share_inputs(subject))
    subject.share_ppm = int(Decimal(str(share.outputs["share"])) * 1_000_000)
    subject.most_a_year = int(str(share.outputs["most_a_year"]))
    subject.reasons = {name: _kept(one) for name, one in (("risk", risk), ("class", sort), ("share", share))}


def risk_inputs(subject: Subject) -> dict[str, Any]:
    """Return what the score asks for; what is not known is missing."""
    counts = ("exceedances", "complaints", "penalties", "open_issues", "serious_issues", "months_since")
    return {
        "key_unit": subject.enterprise.key_unit,
        **{name: getattr(subject, name) for name in counts},
        "credit": subject.credit or None,
        "colour": subject.colour or None,
        "permit": subject.permit_state or None,
    }


def class_inputs(subject: Subject) -> dict[str, Any]:
    """Return what the class asks for."""
    return {
        "key_unit": subject.enterprise.key_unit,
        "complaints": subject.complaints >= settings()["counting"]["many_complaints"],
        "penalised": subject.penalties > 0,
        "high_risk": subject.high_risk or subject.risk == "high",
        "under_construction": subject.under_construction,
        "open_rectification": subject.open_issues > 0,
    }


def share_inputs(subject: Subject) -> dict[str, Any]:
    """Return what the share asks for."""
    return {"class": subject.sort, "credit": subject.credit or None}


def _kept(result: rules.Result) -> dict[str, Any]:
    """Return what of a result is kept: rulebook, version, digest, and the rows that hit with their inputs."""
    hits = [
        {"row": hit.number, "group": hit.group, "points": None if hit.points is None else str(hit.points)}
        for hit in result.hits
    ]
    return {
        "rulebook": result.rulebook,
        "version": result.version,
        "digest": result.digest,
        "hits": hits,
        "unknown": list(result.unknown),
    }


def why(subject: Subject, day: date) -> dict[str, Any]:
    """Return the answers of the rulebooks with their reasons in the reader's words, made anew."""
    books, place = _Books(day), subject.enterprise.region_id
    asked = (
        ("risk", "inspection_risk", risk_inputs(subject)),
        ("class", "inspection_class", class_inputs(subject)),
        ("share", settings()["quarters"]["share"], share_inputs(subject)),
    )
    return {name: books.ask(book, place, inputs).as_dict() for name, book, inputs in asked}
