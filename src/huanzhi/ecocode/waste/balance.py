"""Balance 物料平衡: opening + generated + received − used − disposed − transferred = closing, to the gram.

Against it stand the stock-takings, the plan of the year and the manifests of both sides. The pure part
reckons over rows; `balances` reads them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, Subquery, Sum

from huanzhi.ecocode.waste.codes import kilograms
from huanzhi.ecocode.waste.models import Entry, Manifest
from huanzhi.ecocode.waste.plans import in_force
from huanzhi.ecocode.waste.settings import settings

FLOWS = ("generated", "received", "used", "disposed", "transferred")
Key = tuple[int, str]


@dataclass(slots=True)
class Balance:
    """The balance of one enterprise and waste over days [g].

    Attributes
    ----------
    opening : int
        Stock before the first day.
    flows : mapping
        Kind of entry → amount in the period; ``opening`` entries of the period are in it too.
    counted : (date, int, int), optional
        Day of the last stock-taking in the period, what was counted, what the ledger says then.
    sent, arrived : int
        What manifests say that left the enterprise, and that came to it, in the period.
    planned, year : int, optional
        Planned to be generated in the year; generated in it until the last day.
    """

    enterprise: int
    waste: str
    opening: int = 0
    flows: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    counted: tuple[date, int, int] | None = None
    sent: int = 0
    arrived: int = 0
    planned: int | None = None
    year: int = 0

    @property
    def closing(self) -> int:
        """Return the stock after the last day."""
        return self.opening + sum(sign(kind) * grams for kind, grams in self.flows.items())

    def mismatches(self) -> list[dict[str, Any]]:
        """Return what does not fit, each with figures in kilograms, tolerance and confidence."""
        table = settings()["balance"]
        found = []
        if self.closing < -table["negative_kg"] * 1000:
            found.append(_told("balance_negative", 0, self.closing, table["negative_kg"] * 1000))
        pairs = [("transferred", self.flows.get("transferred", 0), self.sent)]
        pairs += [("received", self.flows.get("received", 0), self.arrived)]
        for what, ledger, manifests in pairs:
            if _beyond(ledger, manifests):
                found.append(
                    {
                        **_told("balance_manifests", manifests, ledger, _tolerance(ledger, manifests)),
                        "what": what,
                    }
                )
        if self.counted is not None:
            day, counted, book = self.counted
            if _beyond(book, counted):
                found.append(
                    {
                        **_told("balance_stocktake", counted, book, _tolerance(book, counted)),
                        "day": day.isoformat(),
                    }
                )
        if self.planned is not None and self.year > self.planned * settings()["plan"]["exceeded"]:
            allowed = round(self.planned * (settings()["plan"]["exceeded"] - 1))
            found.append(_told("plan_exceeded", self.planned, self.year, allowed))
        return found


def sign(kind: str) -> int:
    """Return what an entry of a kind adds to the stock: 1, 0 or -1."""
    return int(settings()["kind"][kind]["sign"])


def _tolerance(one: int, other: int) -> float:
    table = settings()["balance"]
    return max(float(table["share"]) * max(abs(one), abs(other)), table["least_kg"] * 1000)


def _beyond(one: int, other: int) -> bool:
    return abs(one - other) > _tolerance(one, other)


def _told(reason: str, expected: int, found: int, tolerance: float) -> dict[str, Any]:
    table = settings()
    confidence = table["plan" if reason == "plan_exceeded" else "balance"]
    return {
        "reason": reason,
        "expected_kg": kilograms(expected),
        "found_kg": kilograms(found),
        "gap_kg": kilograms(found - expected),
        "tolerance_kg": round(tolerance / 1000, 3),
        "confidence": confidence.get("exceeded_confidence", confidence["confidence"]),
    }


def balances(enterprises: Iterable[int] | None, first: date, last: date, waste: str = "") -> list[Balance]:
    """Return the balances of enterprises, by code of waste, over the days from `first` to `last`.

    What manifests say is what the platform has entered in their name, which nobody changes.

    Parameters
    ----------
    enterprises : iterable of int, optional
        Primary keys; all where there are none.
    """
    rows = Entry.objects.order_by()
    chosen = None if enterprises is None else list(enterprises)
    if chosen is not None:
        rows = rows.filter(enterprise__in=chosen)
    if waste:
        rows = rows.filter(waste=waste)
    made: dict[Key, Balance] = {}
    _flows(made, rows, first, last)
    _count(made, rows, first, last)
    _continuous(made, None if chosen is None else set(chosen), first, last, waste)
    _plans(made, chosen, last)
    return [made[key] for key in sorted(made)]


def keys(enterprises: Iterable[int], last: date, waste: str = "") -> list[Key]:
    """Return enterprise and waste of the balances that there are until a day, without reckoning them."""
    rows = Entry.objects.order_by().filter(enterprise__in=enterprises, day__lte=last)
    if waste:
        rows = rows.filter(waste=waste)
    found = set(rows.values_list("enterprise", "waste").distinct())
    inside = set(rows.values_list("enterprise", flat=True)) if (flowing := _pipes()) else set()
    for number, one, other in flowing:
        told = Entry.objects.filter(manifest=number, day__lte=last).order_by()
        for code in set(told.values_list("waste", flat=True)) if not waste else {waste}:
            found |= {(key, code) for key in (one, other) if key in inside}
    return sorted(found)


def _of(made: dict[Key, Balance], enterprise: int, waste: str) -> Balance:
    return made.setdefault((enterprise, waste), Balance(enterprise, waste))


def _sum(**within: Any) -> Any:
    """Return the sum of the amounts of the rows that fit; none where no row does."""
    return Sum("grams", filter=Q(**within))


def _flows(made: dict[Key, Balance], rows: Any, first: date, last: date) -> None:
    """Sum in one pass what was before, what flows, what manifests say of it, what the year generated."""
    days = {"day__gte": first, "day__lte": last}
    sums = (
        rows.filter(day__lte=last)
        .values_list("enterprise", "waste", "kind")
        .annotate(
            before=_sum(day__lt=first),
            flow=_sum(**days),
            told=_sum(source=MANIFEST, **days),
            year=_sum(day__gte=date(last.year, 1, 1)),
        )
    )
    for enterprise, waste, kind, before, flow, told, year in sums:
        one = _of(made, enterprise, waste)
        one.opening += sign(kind) * int(before or 0)
        if flow is not None:
            one.flows[kind] += int(flow)
        if kind == "transferred":
            one.sent += int(told or 0)
        elif kind == "received":
            one.arrived += int(told or 0)
        elif kind == "generated":
            one.year = int(year or 0)


MANIFEST = "manifest"
"""Source of the rows that the platform enters in the name of a manifest."""


def _count(made: dict[Key, Balance], rows: Any, first: date, last: date) -> None:
    """Take the last stock-taking of each waste, and what the ledger says at the end of that day."""
    taken = rows.filter(kind="stocktake", day__gte=first, day__lte=last)
    days: dict[Key, tuple[date, int]] = {}
    sums = taken.values_list("enterprise", "waste", "day").annotate(all=Sum("grams")).order_by("day")
    for enterprise, waste, day, grams in sums:
        days[enterprise, waste] = (day, int(grams))
    if not days:
        return
    same = Entry.objects.filter(enterprise=OuterRef("enterprise"), waste=OuterRef("waste"), kind="stocktake")
    until = same.filter(day__gte=first, day__lte=last).order_by("-day").values("day")[:1]
    counted = rows.filter(enterprise__in={enterprise for enterprise, _ in days})
    held = counted.filter(day__lte=Subquery(until)).values_list("enterprise", "waste", "kind")
    book: dict[Key, int] = defaultdict(int)
    for enterprise, waste, kind, grams in held.annotate(all=Sum("grams")):
        book[enterprise, waste] += sign(kind) * int(grams)
    for key, (day, grams) in days.items():
        _of(made, *key).counted = (day, grams, book[key])


def _pipes() -> list[tuple[str, int, int]]:
    """Return number, generator and receiver of the continuous transfers."""
    rows = Manifest.objects.filter(continuous=True).order_by("pk")
    return list(rows.values_list("number", "generator", "receiver"))


def _continuous(
    made: dict[Key, Balance], chosen: set[int] | None, first: date, last: date, waste: str
) -> None:
    """Of continuous transfers the daily rows of both sides are the manifest: compare each with the other."""
    sides = {number: (one, other) for number, one, other in _pipes()}
    rows = Entry.objects.filter(manifest__in=sides, source=MANIFEST, day__gte=first, day__lte=last)
    rows = rows.filter(waste=waste) if waste else rows
    sums = rows.order_by().values_list("manifest", "waste", "kind").annotate(all=Sum("grams"))
    for number, code, kind, grams in sums:
        generator, receiver = sides[number]
        for key, side in ((generator, "transferred"), (receiver, "received")):
            if chosen is not None and key not in chosen:
                continue
            one, told = _of(made, key, code), -int(grams) if kind == side else int(grams)
            if side == "transferred":
                one.sent += told
            else:
                one.arrived += told


def _plans(made: dict[Key, Balance], chosen: list[int] | None, last: date) -> None:
    for plan in in_force(last.year, chosen):
        planned: dict[str, int] = defaultdict(int)
        for item in plan.items:
            planned[item["waste"]] += item["made"]
        for waste, grams in planned.items():
            if (plan.enterprise_id, waste) in made:
                made[plan.enterprise_id, waste].planned = grams
