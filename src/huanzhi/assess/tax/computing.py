"""The tax of some months 应纳税额: every row becomes a line, whether it is taxed or not, with the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from huanzhi.assess.explanation import Step
from huanzhi.assess.tax.equivalents import count
from huanzhi.assess.tax.model import Computation, Discharge, Line, Noise, Rates, Solid, money, shown
from huanzhi.assess.tax.noise import tax_noise
from huanzhi.assess.tax.ranking import Placed, place
from huanzhi.assess.tax.reductions import WHOLE, share_of
from huanzhi.assess.tax.solid import tax_solid
from huanzhi.assess.tax.tables import Law, checked
from huanzhi.standards import Table

Given = Discharge | Solid | Noise
_Row = TypeVar("_Row", Discharge, Solid, Noise)


def compute(rows: Sequence[Given], rates: Rates, day: date) -> Computation:
    """Return the tax of rows of one taxpayer under the law and the rates of a day.

    Parameters
    ----------
    rows : sequence of Discharge, Solid, Noise
        In any order: the result does not depend on it, but for ``row``, the place of each among them.
    rates : Rates
        Those of the place on `day`; they have to lie within the range of the law.
    day : date
        A day of the months, by which the edition is chosen.

    Raises
    ------
    InputError
        If a row cannot be: an unknown item, a negative quantity, the same item twice.
    StandardError
        If the law was not in force on `day`.

    References
    ----------
    .. [1] 环境保护税法 第七条至第十三条, 附表一, 附表二.
    """
    law = Law.on(day)
    decimals = int(law.table("own").row("tax_decimals")["decimals"])
    checked(rates, day)
    lines = [
        *_discharged(_of(rows, Discharge), rates, law, decimals),
        *(tax_solid(index, row, law, decimals) for index, row in _of(rows, Solid)),
        *_loud(_of(rows, Noise), law, decimals),
    ]
    months: dict[str, Decimal] = defaultdict(lambda: Decimal("0.00"))
    for line in lines:
        months[line.month] += line.tax
    tables = (*{table.id: table for table in _tables(lines, law)}.values(), *filter(None, [rates.table]))
    editions = (law.edition, *((rates.edition,) if rates.edition else ()))
    ordered = tuple(sorted(lines, key=lambda line: line.row))
    return Computation(ordered, tables, editions, dict(sorted(months.items())))


def _of(rows: Sequence[Given], kind: type[_Row]) -> list[tuple[int, _Row]]:
    return [(index, row) for index, row in enumerate(rows) if isinstance(row, kind)]


def _discharged(
    rows: Sequence[tuple[int, Discharge]], rates: Rates, law: Law, decimals: int
) -> Iterable[Line]:
    groups: dict[tuple[str, str, str], list[tuple[int, Discharge]]] = defaultdict(list)
    for index, row in rows:
        groups[row.outlet, row.month, row.medium].append((index, row))
    for own in groups.values():
        for one in place((count(index, row, law) for index, row in own), law):
            yield _line(one, rates, law, decimals)


def _line(placed: Placed, rates: Rates, law: Law, decimals: int) -> Line:
    held = placed.counted
    rate = rates.of(held.row.medium, held.item)
    share, why = share_of(held.row, law) if placed.taxed else (WHOLE, ())
    tax = money(held.number * Fraction(rate) * share, decimals) if placed.taxed else Decimal("0.00")
    steps = (*held.steps, *why, *(_sum(held.number, rate, share, tax, rates) if placed.taxed else ()))
    reason = "tax.reduced" if placed.taxed and share != WHOLE else held.reason
    return Line(
        held.sort, held.index, held.row.outlet, held.row.month, held.item, held.row.quantity, held.unit,
        held.size, held.number, placed.rank, rate, share, tax, placed.taxed, reason, steps,
    )  # fmt: skip


def _sum(number: Fraction, rate: Decimal, share: Fraction, tax: Decimal, rates: Rates) -> tuple[Step, ...]:
    told = {"number": shown(number), "rate": str(rate), "share": shown(share * 100, 2), "tax": str(tax)}
    return (Step("tax.step_tax", told, rates.number),)


def _loud(rows: Sequence[tuple[int, Noise]], law: Law, decimals: int) -> Iterable[Line]:
    groups: dict[tuple[str, str, str], list[tuple[int, Noise]]] = defaultdict(list)
    for index, row in rows:
        groups[row.site, row.month, row.part].append((index, row))
    for own in groups.values():
        yield from tax_noise(own, law, decimals)


def _tables(lines: Iterable[Line], law: Law) -> Iterable[Table]:
    """Yield the tables of the law that the lines were computed by, and what is ours."""
    names = {"solid": ("solid",), "noise": ("noise", "noise_rules")}
    for sort in dict.fromkeys(line.sort for line in lines):
        for name in names.get(sort, ("items", "reductions", *_of_sort(sort))):
            yield law.table(name)
    yield law.table("own")


def _of_sort(sort: str) -> tuple[str, ...]:
    return ("water_class2", "water_ph", "water_other") if sort == "water_other" else (sort,)
