"""Gathering what the bureau knows: decisions that were served, permits, emissions of closed quarters."""

from __future__ import annotations

from datetime import date

from huanzhi.center.enforcement.models import Paper
from huanzhi.ecocode.disclosure.known import Known, Penalty
from huanzhi.library.enterprises.models import Enterprise, Permit

TEMPLATE = "decision"
"""The document by which a penalty is decided."""


def known(day: date) -> Known:
    """Return what is known as of a day."""
    return Known(tuple(_penalties(day)), permits=_permits())


def _penalties(day: date) -> list[Penalty]:
    """Return the decisions that were served on enterprises by a day."""
    papers = Paper.objects.filter(template=TEMPLATE, state="served", served__lte=day)
    codes = set(Enterprise.objects.values_list("code", flat=True))
    found = []
    for paper in papers.select_related("case").order_by("pk"):
        code = next((one for one in (paper.case.enterprise, paper.case.party_code) if one in codes), "")
        if code and paper.served is not None:
            source, amount = f"case_paper:{paper.code}", paper.case.fine
            found.append(Penalty(code, paper.served, "fine", paper.document or paper.code, source, amount))
    return found


def _permits() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    rows = Permit.objects.filter(status="valid").values_list("enterprise__code", "code")
    for enterprise, code in rows:
        found.setdefault(enterprise, set()).add(code)
    return {enterprise: frozenset(codes) for enterprise, codes in found.items()}
