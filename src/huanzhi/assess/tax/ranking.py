"""Which pollutants of an outlet are taxed: exemptions, one of several, the first by number (art. 9, 12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from huanzhi.assess.explanation import Step
from huanzhi.assess.tax.equivalents import WEIGHTED, Counted
from huanzhi.assess.tax.model import shown
from huanzhi.assess.tax.tables import Law
from huanzhi.errors import InputError

EXEMPT, ONLY_ONE, NOT_RANKED = "tax.exempt", "tax.only_one", "tax.not_ranked"


@dataclass(frozen=True, slots=True)
class Placed:
    """A counted row with its place; rank 0 where it took no part."""

    counted: Counted
    rank: int = 0

    @property
    def taxed(self) -> bool:
        """Return whether it is taxed."""
        return self.counted.reason == WEIGHTED


def place(rows: Iterable[Counted], law: Law) -> list[Placed]:
    """Return the rows of one outlet, month and medium with their places, in the order given.

    Raises
    ------
    InputError
        ``tax.twice`` if an item stands twice; ``tax.small_and_measured`` if an outlet is both measured and
        counted as a small discharger.
    """
    held = list(rows)
    _once(held)
    freed = [_freed(one, law) for one in held]
    single = list(_singled(freed, law))
    placed = [one for sort in dict.fromkeys(row.sort for row in single) for one in _ranked(single, sort, law)]
    return sorted(placed, key=lambda one: one.counted.index)


def _once(rows: Sequence[Counted]) -> None:
    items = [row.item for row in rows]
    for row in rows:
        if items.count(row.item) > 1:
            raise InputError("tax.twice", column="item", value=row.item, place=row.row.outlet)
    small = [row.sort == "water_small" for row in rows]
    if any(small) and not all(small):
        raise InputError("tax.small_and_measured", column="item", value=rows[0].row.outlet)


def stopped(row: Counted, reason: str, step: Step) -> Counted:
    """Return a row that is not taxed, with the step that tells why."""
    return replace(row, reason=reason, steps=(*row.steps, step))


def _freed(row: Counted, law: Law) -> Counted:
    """Take out what article 12 exempts; a plant only while it is within its standards."""
    if not row.row.exempt:
        return row
    table = law.table("exemptions")
    if row.row.exempt not in table.names():
        raise InputError(
            "tax.no_exemption", column="exempt", value=row.row.exempt, expected=", ".join(table.names())
        )
    case = table.row(row.row.exempt)
    if case["within"] and row.row.within is not True:
        step = Step("tax.step_exempt_not", {"case": case["zh"]}, table.clause)
        return replace(row, steps=(*row.steps, step))
    return stopped(row, EXEMPT, Step("tax.step_exempt", {"case": case["zh"]}, table.clause))


def _singled(rows: Sequence[Counted], law: Law) -> Iterator[Counted]:
    """Of items of which one is taxed, keep the one with the most equivalents."""
    table = law.table("only_one")
    for row in rows:
        group = next((one for one in table.rows if row.item in one["items"]), None)
        rivals = [one for one in rows if group and one.item in group["items"] and one.reason == WEIGHTED]
        first = min(rivals, key=_order, default=row)
        if row.reason == WEIGHTED and first is not row and group is not None:
            values = {"items": group["name"], "item": first.item, "number": shown(first.number)}
            yield stopped(row, ONLY_ONE, Step("tax.step_only_one", values, table.clause))
        else:
            yield row


def _order(row: Counted) -> tuple[object, int]:
    return -row.number, row.place


def _ranked(rows: Sequence[Counted], sort: str, law: Law) -> Iterator[Placed]:
    """Give places to the rows of a sort; beyond the number of items nothing is taxed."""
    own = sorted((row for row in rows if row.sort == sort), key=_order)
    running = [row for row in own if row.reason == WEIGHTED]
    yield from (Placed(row) for row in own if row.reason != WEIGHTED)
    if sort == "water_small":
        yield from map(Placed, running)
        return
    table = law.table("items")
    most = int(table.row(sort)["most"])
    tied = len(running) > most and running[most - 1].number == running[most].number
    for rank, row in enumerate(running, 1):
        values = {"rank": rank, "all": len(running), "most": most, "item": row.item}
        steps = [Step("tax.step_rank", values, table.clause)]
        if tied and row.number == running[most].number:
            steps.append(Step("tax.step_tie", {"number": shown(row.number)}, ""))
        kept = replace(row, steps=(*row.steps, *steps))
        yield Placed(kept if rank <= most else replace(kept, reason=NOT_RANKED), rank)
