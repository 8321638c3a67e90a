"""Balance 物料平衡: opening + generated + received − used − disposed − transferred = closing, to the gram.

Against it stand the stock-takings, the plan of the year and the manifests of both sides. The pure part
reckons over rows; `balances` reads them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Sum

from huanzhi.ecocode.waste.codes import kilograms
from huanzhi.ecocode.waste.models import Entry, Manifest
from huanzhi.ecocode.waste.plans import in_force
from huanzhi.ecocode.waste.settings import settings
from huanzhi.standards.periods import CHINA

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
    _before(made, rows, first)
    _within(made, rows, first, last)
    _count(made, rows, first, last)
    _manifests(made, chosen, first, last, waste)
    _plans(made, rows, chosen, last)
    return [made[key] for key in sorted(made)]


def _of(made: dict[Key, Balance], enterprise: int, waste: str) -> Balance:
    return made.setdefault((enterprise, waste), Balance(enterprise, waste))


def _before(made: dict[Key, Balance], rows: Any, first: date) -> None:
    sums = rows.filter(day__lt=first).values_list("enterprise", "waste", "kind").annotate(all=Sum("grams"))
    for enterprise, waste, kind, grams in sums:
        _of(made, enterprise, waste).opening += sign(kind) * int(grams)


def _within(made: dict[Key, Balance], rows: Any, first: date, last: date) -> None:
    inside = rows.filter(day__gte=first, day__lte=last)
    sums = inside.values_list("enterprise", "waste", "kind").annotate(all=Sum("grams"))
    for enterprise, waste, kind, grams in sums:
        _of(made, enterprise, waste).flows[kind] += int(grams)


def _count(made: dict[Key, Balance], rows: Any, first: date, last: date) -> None:
    """Take the last stock-taking of each waste, and what the ledger says at the end of that day."""
    taken = rows.filter(kind="stocktake", day__gte=first, day__lte=last)
    days: dict[Key, tuple[date, int]] = {}
    sums = taken.values_list("enterprise", "waste", "day").annotate(all=Sum("grams")).order_by("day")
    for enterprise, waste, day, grams in sums:
        days[enterprise, waste] = (day, int(grams))
    for (enterprise, waste), (day, grams) in days.items():
        held = rows.filter(enterprise=enterprise, waste=waste, day__lte=day)
        book = sum(
            sign(kind) * int(all_) for kind, all_ in held.values_list("kind").annotate(all=Sum("grams"))
        )
        _of(made, enterprise, waste).counted = (day, grams, book)


def _manifests(
    made: dict[Key, Balance], chosen: list[int] | None, first: date, last: date, waste: str
) -> None:
    """Add what manifests say on both sides: what was loaded leaves, what was received comes."""
    moved = Manifest.objects.exclude(state__in=("filled", "dispatched", "void")).filter(continuous=False)
    for row in moved.order_by("pk").iterator(2000):
        left, came = left_on(row), came_on(row)
        for line in row.lines:
            if waste and line["waste"] != waste:
                continue
            if left is not None and first <= left <= last and _wanted(chosen, row.generator_id):
                _of(made, row.generator_id, line["waste"]).sent += gone(row.state, line)
            if came is not None and first <= came <= last and _wanted(chosen, row.receiver_id):
                _of(made, row.receiver_id, line["waste"]).arrived += line["received"] or 0
    _continuous(made, chosen, first, last, waste)


def gone(state: str, line: Mapping[str, Any]) -> int:
    """Return what left the generator for good by a line of a manifest [g]."""
    loaded: int = line["loaded"] or 0
    return min(loaded, line["received"] or 0) if state in ("accepted_part", "refused") else loaded


def left_on(manifest: Manifest) -> date | None:
    """Return the day on which the waste left: of the step by which it was loaded."""
    if manifest.paper:
        return manifest.happened.astimezone(CHINA).date()
    taken = [date.fromisoformat(one["at"][:10]) for one in manifest.steps if one["move"] == "take"]
    return taken[0] if taken else None


def came_on(manifest: Manifest) -> date | None:
    """Return the day on which the receiver confirmed."""
    return manifest.confirmed.astimezone(CHINA).date() if manifest.confirmed else None


def _wanted(chosen: list[int] | None, key: int) -> bool:
    return chosen is None or key in chosen


def _continuous(
    made: dict[Key, Balance], chosen: list[int] | None, first: date, last: date, waste: str
) -> None:
    """Of continuous transfers the daily rows of both sides are the manifest: compare each with the other."""
    numbers = Manifest.objects.filter(continuous=True).order_by("pk")
    for row in numbers:
        entries = Entry.objects.filter(manifest=row.number, day__gte=first, day__lte=last)
        if waste:
            entries = entries.filter(waste=waste)
        for code, kind, grams in entries.order_by().values_list("waste", "kind").annotate(all=Sum("grams")):
            if kind == "transferred" and _wanted(chosen, row.receiver_id):
                _of(made, row.receiver_id, code).arrived += int(grams)
            if kind == "received" and _wanted(chosen, row.generator_id):
                _of(made, row.generator_id, code).sent += int(grams)


def _plans(made: dict[Key, Balance], rows: Any, chosen: list[int] | None, last: date) -> None:
    year = date(last.year, 1, 1)
    inside = rows.filter(kind="generated", day__gte=year, day__lte=last)
    for enterprise, waste, grams in inside.values_list("enterprise", "waste").annotate(all=Sum("grams")):
        _of(made, enterprise, waste).year = int(grams)
    for plan in in_force(last.year, chosen):
        planned: dict[str, int] = defaultdict(int)
        for item in plan.items:
            planned[item["waste"]] += item["made"]
        for waste, grams in planned.items():
            if (plan.enterprise_id, waste) in made:
                made[plan.enterprise_id, waste].planned = grams
