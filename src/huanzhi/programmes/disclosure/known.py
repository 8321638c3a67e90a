"""Gathering what the bureau knows: decisions that were served, permits, emissions of closed quarters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Count, Sum

from huanzhi.center.enforcement.models import Paper
from huanzhi.ecocode.disclosure.known import Emission, Known, Penalty
from huanzhi.ecocode.permits.models import MonthAmount
from huanzhi.library.enterprises.models import Enterprise, Permit

MONTHS = 12
MILLIGRAMS = 10**9
"""Milligrams of a tonne."""

TEMPLATE = "decision"
"""The document by which a penalty is decided."""


def known(day: date) -> Known:
    """Return what is known as of a day."""
    return Known(tuple(_penalties(day)), _emissions(day), _permits())


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


def _emissions(day: date) -> dict[tuple[str, int, str], Emission]:
    """Return what online monitoring reckons for the years that are over.

    An enterprise whose outlets lack any month of a parameter is left out: part of a year says nothing.
    """
    rows = MonthAmount.objects.filter(year__lt=day.year).order_by()
    of = ("outlet", "outlet__enterprise__code", "year", "parameter")
    found = rows.values(*of).annotate(months=Count("pk"), one=Sum("measured"), two=Sum("substituted"))
    sums: dict[tuple[str, int, str], int] = {}
    partial: set[tuple[str, int, str]] = set()
    for row in found:
        key = (row["outlet__enterprise__code"], row["year"], row["parameter"])
        sums[key] = sums.get(key, 0) + int(row["one"]) + int(row["two"])
        if row["months"] < MONTHS:
            partial.add(key)
    source = "permit_emission"
    return {
        key: Emission(Decimal(amount) / MILLIGRAMS, source)
        for key, amount in sums.items()
        if key not in partial
    }
