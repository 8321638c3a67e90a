"""Refreshing 巡检: what of ledgers, plans, stores and manifests does not fit, kept as findings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from huanzhi.ecocode.waste import storage
from huanzhi.ecocode.waste.balance import balances
from huanzhi.ecocode.waste.findings import Found, renew
from huanzhi.ecocode.waste.models import Entry, Manifest, Plan
from huanzhi.ecocode.waste.plans import due
from huanzhi.ecocode.waste.settings import manifests, settings
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.standards.periods import CHINA

BALANCES = ("balance_negative", "balance_stocktake", "balance_manifests", "plan_exceeded")
STORAGE = ("storage_note", "storage_long")
TERMS = ("manifest_unconfirmed", "plan_unfiled")


def refresh(now: datetime) -> dict[str, dict[str, int]]:
    """Renew all findings that follow from what is kept; it may be done again at any time."""
    day = now.astimezone(CHINA).date()
    known = {one.pk: one for one in Enterprise.objects.select_related("region", "organisation")}
    return {
        "balance": renew(BALANCES, _balances(known, day), day),
        "storage": renew(STORAGE, _storage(known, day), day),
        "terms": renew(TERMS, [*_unconfirmed(now), *_unfiled(known, day)], day),
    }


def _balances(known: dict[int, Enterprise], day: date) -> Iterator[Found]:
    """Go through what does not fit in the balances of the year."""
    for one in balances(None, date(day.year, 1, 1), day):
        for row in one.mismatches():
            what = row.get("what", "")
            source = f"{one.waste}@{day.year}{'-' + what if what else ''}"
            yield Found(known[one.enterprise], row["reason"], source, day, one.waste, row, row["confidence"])


def _storage(known: dict[int, Enterprise], day: date) -> Iterator[Found]:
    for stock, rule, how in storage.aged(storage.stocks(None, day), day):
        if how == "within":
            continue
        sort, days = ("storage_long", rule["days"]) if how == "over" else ("storage_note", rule["note_days"])
        assert stock.oldest is not None
        facts: dict[str, Any] = {
            "oldest": stock.oldest.isoformat(),
            "side": rule["side"],
            "limit_days": rule["days"],
            "basis": rule["basis"],
        }
        source = f"{stock.waste}@{stock.oldest:%Y%m%d}"
        begun = storage.since(stock, days)
        yield Found(known[stock.enterprise], sort, source, begun, stock.waste, facts, rule["confidence"])


def _unconfirmed(now: datetime) -> Iterator[Found]:
    """Go through the manifests that the receiver has not confirmed in its term."""
    confidence = manifests()["terms"]["confirm"]["confidence"]
    rows = Manifest.objects.filter(state="delivered", confirm_due__lt=now)
    for row in rows.select_related("receiver__region", "receiver__organisation").order_by("pk"):
        assert row.confirm_due is not None
        due_day = row.confirm_due.astimezone(CHINA).date()
        facts = {"manifest": row.number, "due": due_day.isoformat()}
        yield Found(row.receiver, "manifest_unconfirmed", row.number, due_day, "", facts, confidence)


def _unfiled(known: dict[int, Enterprise], day: date) -> Iterator[Found]:
    """Go through generators with a ledger this year and no filed plan, once the day is over."""
    if day < due(day.year):
        return
    filed = set(Plan.objects.filter(year=day.year, state="filed").values_list("enterprise", flat=True))
    year = date(day.year, 1, 1)
    made = Entry.objects.filter(kind="generated", day__gte=year, day__lte=day).order_by()
    for key in sorted(set(made.values_list("enterprise", flat=True).distinct()) - filed):
        facts = {"year": day.year, "due": due(day.year).isoformat()}
        yield Found(
            known[key],
            "plan_unfiled",
            str(day.year),
            due(day.year),
            "",
            facts,
            settings()["plan"]["confidence"],
        )
