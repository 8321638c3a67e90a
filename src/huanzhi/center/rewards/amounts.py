"""Amounts 奖励金额.

What the rulebook of a place gives for a fine, with its basis and how far it is confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from huanzhi import rules
from huanzhi.center.rewards.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.rulebooks.holding import around, in_force

BOOK = "reward"


@dataclass(frozen=True, slots=True)
class Quote:
    """What a rulebook gives.

    Attributes
    ----------
    amount : int
        Reward [yuan], rounded to whole yuan, half to even.
    most : int, optional
        Most that an exceptional case may get [yuan]; None where the rulebook knows none.
    rule : mapping
        Where it comes from.
    """

    amount: int
    most: int | None
    rule: Mapping[str, Any]


def quote(fine: int, day: date, place: str) -> Quote:
    """Return what the rulebook of a place gives for a fine [yuan].

    Raises
    ------
    InputError
        ``rewards.no_rule`` where no row gives an amount.
    """
    book = in_force(BOOK, day, place)
    result = rules.evaluate(book, {"fine": fine})
    outputs = {name: value for name, value in result.outputs.items() if value is not None}
    amount = _amount(Decimal(fine), outputs)
    if amount is None:
        raise InputError("rewards.no_rule", value=fine)
    most = outputs.get("exceptional_max")
    hit = result.hits[0]
    told = {
        "id": book.id,
        "version": book.version,
        "place": book.place,
        "basis": book.basis.zh,
        "basis_en": book.basis.en,
        "confidence": hit.confidence.value,
        "row": hit.number,
        "law": book.law,
        "outputs": {name: str(value) for name, value in outputs.items()},
    }
    return Quote(amount, int(str(most)) if most is not None else None, told)


def _amount(fine: Decimal, outputs: Mapping[str, Any]) -> int | None:
    if "amount" in outputs:
        found = Decimal(str(outputs["amount"]))
    elif "percent" in outputs:
        found = fine * Decimal(str(outputs["percent"])) / 100
    else:
        return None
    cap = outputs.get("cap")
    least = min(found, Decimal(str(cap))) if cap is not None else found
    return int(least.quantize(Decimal(1), ROUND_HALF_EVEN))


def bounty_most(place: str) -> tuple[int, str]:
    """Return the highest bounty at a place [yuan], and how far that is confirmed."""
    known = {row["place"]: row for row in settings()["bounty"]}
    near = next((code for code in (*around(place), "") if code in known), "")
    return int(known[near]["most"]), str(known[near]["confidence"])
