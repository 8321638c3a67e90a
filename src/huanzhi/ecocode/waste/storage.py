"""Storage time 贮存时间: the age of the oldest stock of each waste, first in, first out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from huanzhi.ecocode.waste.balance import sign
from huanzhi.ecocode.waste.models import Entry, Licence
from huanzhi.ecocode.waste.settings import settings
from huanzhi.library.records.selecting import valid_on


@dataclass(frozen=True, slots=True)
class Layer:
    """What is left of the stock that came on a day [g]."""

    day: date
    grams: int


@dataclass(frozen=True, slots=True)
class Stock:
    """The stock of one waste of an enterprise on a day."""

    enterprise: int
    waste: str
    layers: tuple[Layer, ...]

    @property
    def grams(self) -> int:
        """Return all of it."""
        return sum(layer.grams for layer in self.layers)

    @property
    def oldest(self) -> date | None:
        """Return the day of the oldest part; None where nothing is stored."""
        return self.layers[0].day if self.layers else None

    def age(self, day: date) -> int | None:
        """Return the days that the oldest part has been stored."""
        return (day - self.oldest).days if self.oldest else None

    def older(self, days: int, day: date) -> int:
        """Return how much has been stored for more than `days` [g]."""
        return sum(layer.grams for layer in self.layers if (day - layer.day).days > days)


def layers(moves: Iterable[tuple[date, int]]) -> tuple[Layer, ...]:
    """Return what is left of comings and goings, first in, first out.

    Parameters
    ----------
    moves : iterable of (date, int)
        Day and amount [g], in the order of days; what goes is below zero. What goes on a day may be of what
        comes on it. What goes beyond the stock is owed by what comes next.
    """
    held: deque[list[Any]] = deque()
    owed = 0
    for day, grams in moves:
        if grams >= 0:
            taken = min(owed, grams)
            owed -= taken
            if grams - taken:
                held.append([day, grams - taken])
            continue
        owed -= grams
        while owed and held:
            taken = min(owed, held[0][1])
            held[0][1] -= taken
            owed -= taken
            if not held[0][1]:
                held.popleft()
    return tuple(Layer(day, grams) for day, grams in held)


def net(rows: Iterable[tuple[date, str, int]]) -> list[tuple[date, int]]:
    """Return comings and goings by day, comings of a day first; corrections count on the day they mend."""
    sums: dict[tuple[date, int], int] = {}
    for day, kind, grams in rows:
        way = sign(kind)
        if way:
            sums[day, way] = sums.get((day, way), 0) + way * grams
    order = sorted(sums.items(), key=lambda one: (one[0][0], -one[0][1]))
    return [(day, grams) for (day, _), grams in order if grams]


def stocks(enterprises: Iterable[int] | None, day: date) -> list[Stock]:
    """Return the stock of each enterprise and waste at the end of a day, as the ledgers tell it now."""
    rows = Entry.objects.filter(day__lte=day)
    if enterprises is not None:
        rows = rows.filter(enterprise__in=list(enterprises))
    moves: dict[tuple[int, str], list[tuple[date, str, int]]] = {}
    read = rows.order_by("enterprise", "waste", "day", "pk").values_list(
        "enterprise", "waste", "day", "kind", "grams"
    )
    for enterprise, waste, moved, kind, grams in read.iterator(5000):
        moves.setdefault((enterprise, waste), []).append((moved, kind, grams))
    found = [Stock(enterprise, waste, layers(net(each))) for (enterprise, waste), each in moves.items()]
    return [stock for stock in found if stock.layers]


def operators(day: date) -> dict[int, int]:
    """Return the enterprises that hold a licence on a day, with the days by which storage was extended."""
    takes = [name for name, row in settings()["licence"].items() if row["takes"]]
    rows = Licence.objects.filter(valid_on(day), sort__in=takes).order_by("pk")
    found: dict[int, int] = {}
    for row in rows:
        found[row.enterprise_id] = max(found.get(row.enterprise_id, 0), row.storage_extended_days)
    return found


def rule(enterprise: int, held: dict[int, int]) -> dict[str, Any]:
    """Return the rule that holds for an enterprise: operator or producer, with its confidence."""
    side = "operator" if enterprise in held else "producer"
    row = settings()["storage"][side]
    longer = held.get(enterprise, 0)
    return {
        "side": side,
        "days": row["days"] + longer,
        "note_days": row["note_days"] + longer,
        "extended_days": longer,
        **{name: row[name] for name in ("zh", "en", "basis", "confidence")},
    }


def standing(stock: Stock, told: dict[str, Any], day: date) -> str:
    """Return how a stock stands: ``over``, ``note`` or ``within``."""
    age = stock.age(day) or 0
    return "over" if age > told["days"] else "note" if age > told["note_days"] else "within"


def aged(found: Sequence[Stock], day: date) -> list[tuple[Stock, dict[str, Any], str]]:
    """Return stocks with their rule and how they stand, the oldest first."""
    held = operators(day)
    told = [(stock, rule(stock.enterprise, held)) for stock in found]
    rows = [(stock, row, standing(stock, row, day)) for stock, row in told]
    return sorted(rows, key=lambda one: (one[0].oldest or day, one[0].enterprise, one[0].waste))


def since(stock: Stock, days: int) -> date:
    """Return the first day on which the oldest part was stored for more than `days`."""
    assert stock.oldest is not None
    return stock.oldest + timedelta(days=days + 1)
