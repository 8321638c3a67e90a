"""Solid waste 固体废物: what is not stored, disposed of or reused lawfully, by the tonne (art. 7, 8)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from huanzhi.assess.explanation import Step
from huanzhi.assess.tax.model import Line, Solid, money
from huanzhi.assess.tax.tables import Law
from huanzhi.errors import InputError
from huanzhi.standards.model import Row
from huanzhi.standards.parameters import plain


def tax_solid(index: int, row: Solid, law: Law, decimals: int) -> Line:
    """Return the line of one sort of solid waste in one month.

    Raises
    ------
    InputError
        ``tax.no_item`` if the law names no such sort, ``tax.solid_negative`` if more is taken off than was
        produced.
    """
    table = law.table("solid")
    held = _row(row.item, law)
    taken = row.stored + row.disposed + row.reused
    quantity = row.produced - taken
    if quantity < 0 or min(row.produced, row.stored, row.disposed, row.reused) < 0:
        raise InputError("tax.solid_negative", column="quantity", value=str(quantity))
    rate = Decimal(held["yuan"])
    tax = money(Fraction(quantity) * Fraction(rate), decimals)
    values = {"produced": str(row.produced), "taken": str(taken), "quantity": str(quantity)}
    steps = (
        Step("tax.step_solid", values, "财税〔2018〕23号"),
        Step(
            "tax.step_solid_tax",
            {"quantity": str(quantity), "rate": str(rate), "tax": str(tax)},
            table.clause,
        ),
    )
    return Line(
        "solid", index, row.site, row.month, str(held["name"]), quantity, "t", None, Fraction(quantity), 0,
        rate, Fraction(1), tax, quantity > 0, "tax.taxed" if quantity else "tax.nothing_left", steps,
    )  # fmt: skip


def _row(item: str, law: Law) -> Row:
    for row in law.table("solid").rows:
        if plain(item) in {plain(str(one)) for one in (row["name"], *row.get("aliases", ()))}:
            return row
    raise InputError("tax.no_item", column="item", value=item)
