"""Effect of treatment 治理效果: what a contract promised, judged by what was measured; nothing is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised: so many percent of the readings of a place within a limit, between two days.

    Parameters
    ----------
    period:
        ``day`` or ``hour``: of what means the readings are.
    share:
        Percent of the valid readings that has to lie within `limit`.
    last:
        Last day, included.
    """

    place: str
    parameter: str
    period: str
    limit: Decimal
    share: Decimal
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Effect:
    """What came of a promise: ``achieved``, ``failed`` or ``unknown``, with the figures."""

    outcome: str
    due: int
    valid: int
    within: int
    percent: Decimal | None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        told = {name: getattr(self, name) for name in ("outcome", "due", "valid", "within")}
        return {**told, "percent": None if self.percent is None else str(self.percent)}


def judge(values: Sequence[Decimal | None], promise: Promise, least_valid_percent: int) -> Effect:
    """Judge a promise by the readings that were due.

    Parameters
    ----------
    values:
        One a reading that was due; None where it is missing. What is below detection counts with its limit.
    least_valid_percent:
        Below this share of valid readings nothing is said: unknown is neither achieved nor failed.
    """
    due, found = len(values), [one for one in values if one is not None]
    within = sum(one <= promise.limit for one in found)
    if not found or len(found) * 100 < due * least_valid_percent:
        return Effect("unknown", due, len(found), within, None)
    percent = (Decimal(within * 100) / len(found)).quantize(Decimal("0.1"))
    met = Decimal(within * 100) >= promise.share * len(found)
    return Effect("achieved" if met else "failed", due, len(found), within, percent)
