"""The board 看板: cases by state, late ones, those due soon, fines; counted by the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Sum

from huanzhi.center.enforcement.models import Finding
from huanzhi.center.enforcement.settings import rules, table
from huanzhi.center.enforcement.terms import SOON


def board(rows: Any, now: datetime) -> dict[str, Any]:
    """Return the counts of the cases in `rows`, a query that is filtered by rights already."""
    open_ = Q(state__in=table().open_states())
    late, soon = open_ & Q(due__lt=now), open_ & Q(due__gte=now, due__lt=now + SOON)
    groups = list(
        rows.order_by()
        .values("state")
        .annotate(n=Count("pk"), late=Count("pk", filter=late), soon=Count("pk", filter=soon))
    )
    counts = {row["state"]: row for row in groups}
    whole = rows.aggregate(
        open=Count("pk", filter=open_),
        overdue=Count("pk", filter=late),
        soon=Count("pk", filter=soon),
        suspended=Count("pk", filter=open_ & Q(suspended=True)),
        unknown=Count("pk", filter=open_ & Q(due=None) & ~Q(due_rule="")),
        fines=Sum("fine", filter=Q(decision="penalty")),
        penalties=Count("pk", filter=Q(decision="penalty")),
        exempt=Count("pk", filter=Q(decision="exempt")),
    )
    return {
        **whole,
        "fines": str(whole["fines"] or 0),
        "total": sum(row["n"] for row in groups),
        "screened": rows.order_by().filter(pk__in=_screened()).count(),
        "states": [_state(code, counts.get(code, {})) for code in table().states],
        "terms": _terms(rows.filter(open_), now),
    }


def _screened() -> Any:
    """Return the cases that were screened for damage 一案双查."""
    return Finding.objects.filter(sort="damage").values("case")


def _state(code: str, row: dict[str, Any]) -> dict[str, Any]:
    state = table().states[code]
    told = {"state": code, "zh": state.zh, "en": state.en, "open": state.open}
    return {**told, "number": row.get("n", 0), "overdue": row.get("late", 0), "soon": row.get("soon", 0)}


def _terms(rows: Any, now: datetime) -> list[dict[str, Any]]:
    """Return by the term that ends first how many cases wait for it, and how many are late."""
    groups = (
        rows.order_by()
        .exclude(due_rule="")
        .values("due_rule")
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(due__lt=now)))
    )
    return [
        {
            "code": row["due_rule"],
            "zh": rules()[row["due_rule"]].zh,
            "en": rules()[row["due_rule"]].en,
            "number": row["n"],
            "overdue": row["late"],
        }
        for row in sorted(groups, key=lambda one: -one["n"])
        if row["due_rule"] in rules()
    ]
