"""Screening by share 筛选: those who together emit most of a city (环境监管重点单位名录管理办法)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from huanzhi.errors import InputError


@dataclass(frozen=True, slots=True)
class Place:
    """One in the order of emission.

    Attributes
    ----------
    rank : int
        From 1; equal quantities have the same.
    cumulative : Fraction
        Share of the total of this one and all before it, 0 to 1.
    leading : bool
        Whether it is among those who reach the share.
    """

    code: str
    amount: Fraction
    rank: int
    cumulative: Fraction
    leading: bool


def leading(amounts: Mapping[str, Fraction], share: Fraction) -> list[Place]:
    """Order by quantity, the largest first, and mark those who together reach `share` of the total.

    Whoever emits as much as the last that is needed is marked too: no tie is broken by a name. Whoever
    emits nothing is never marked.

    Parameters
    ----------
    amounts : mapping
        Code → quantity, not below 0; who is not known is not in it.
    share : Fraction
        0 to 1.

    Raises
    ------
    InputError
        ``emission.share`` if a quantity or the share is out of bounds.
    """
    if not 0 <= share <= 1 or any(amount < 0 for amount in amounts.values()):
        raise InputError("emission.share", value=str(share), expected="0 – 1")
    ordered = sorted(amounts.items(), key=lambda one: (-one[1], one[0]))
    total = sum(amounts.values(), Fraction(0))
    places: list[Place] = []
    running, before, rank = Fraction(0), None, 0
    for number, (code, amount) in enumerate(ordered, 1):
        needed = running < share * total or (places and places[-1].leading and amount == before)
        rank = rank if amount == before else number
        running, before = running + amount, amount
        cumulative = running / total if total else Fraction(0)
        places.append(Place(code, amount, rank, cumulative, bool(needed) and amount > 0))
    return places
