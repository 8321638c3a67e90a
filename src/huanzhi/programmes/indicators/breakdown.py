"""Breakdown 目标分解: whether the targets of the parts come to that of the whole, or why nobody can say.

Counts add up. Means and shares do not: a mean weighs by what it is a mean over (people, stations, days), a
share by its whole. The weights are given with the targets; without them nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from huanzhi.assess import allowance
from huanzhi.library.indicators.registry import Definition
from huanzhi.programmes.indicators.said import Said, Words

ADDING = ("天", "个", "km²", "亿立方米", "万吨", "万元", "公里")
"""Units in which parts add up to the whole; shares and concentrations weigh."""


@dataclass(frozen=True, slots=True)
class Part:
    """The target of a part; `weight` is how much it counts in the whole, None where it is not said."""

    region: str
    value: Decimal
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Consistency:
    """Whether the parts come to the whole.

    Attributes
    ----------
    sort : {"sum", "mean", "share"}
    total : Decimal or None
        What the parts come to, at one decimal more than the indicator's.
    holds : bool or None
        Whether the whole is met if all parts are; None where it cannot be said.
    """

    sort: str
    total: Decimal | None
    holds: bool | None
    gap: Decimal | None
    reasons: tuple[Said, ...]

    def as_dict(self, said: Words = str) -> dict[str, object]:
        """Return it as plain values."""
        told = {name: getattr(self, name) for name in ("total", "gap")}
        plain = {name: None if one is None else f"{one:f}" for name, one in told.items()}
        return {
            "sort": self.sort,
            **plain,
            "holds": self.holds,
            "reasons": [said(one) for one in self.reasons],
        }


def consistency(
    definition: Definition, op: str, whole: Decimal, parts: Sequence[Part], missing: Sequence[str] = ()
) -> Consistency:
    """Say whether the parts come to the whole.

    Parameters
    ----------
    op, whole : str, Decimal
        The target of the whole.
    missing : sequence of str
        Regions below that have no target; with any of them a sum says nothing.
    """
    sort = _sort(definition)
    decimals = 1 if definition.decimals is None else definition.decimals
    reasons = [Said.of("indicators.breakdown_missing", regions="、".join(missing))] if missing else []
    total = _total(sort, parts)
    if total is None or op not in allowance.OPERATORS or op == "~":
        key = "indicators.approximate" if total is not None else "indicators.breakdown_no_weights"
        return Consistency(sort, None, None, None, (*reasons, Said.of(key)))
    shown = allowance.rounded(total, decimals + 1)
    reasons.append(Said.of(f"indicators.breakdown_{sort}", sum=f"{shown:f}", parent=f"{whole:f}"))
    if missing and sort == "sum":
        return Consistency(sort, shown, None, None, tuple(reasons))
    reported = allowance.rounded(total, decimals)
    holds = allowance.meets(reported, op, whole)
    gap = allowance.gap(reported, op, whole)
    said = "indicators.breakdown_ok" if holds else "indicators.breakdown_short"
    reasons.append(Said.of(said) if holds else Said.of(said, gap=f"{gap:f}"))
    return Consistency(sort, shown, holds, gap, tuple(reasons))


def _sort(definition: Definition) -> str:
    if definition.unit in ("%", "‰"):
        return "share"
    return "sum" if definition.unit in ADDING else "mean"


def _total(sort: str, parts: Sequence[Part]) -> Fraction | None:
    if not parts:
        return None
    if sort == "sum":
        return sum((Fraction(part.value) for part in parts), Fraction(0))
    if any(part.weight is None for part in parts):
        return None
    weights = [Fraction(part.weight or 0) for part in parts]
    total = sum(weights, Fraction(0))
    made = sum((Fraction(p.value) * w for p, w in zip(parts, weights, strict=True)), Fraction(0))
    return made / total if total else None
