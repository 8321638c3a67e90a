"""Judging 目标判定: how a target stands on a day, why, and what the rest of the year may bring.

A year that is over is met or not met by its figure at the reported decimals, and unknown where HJ 663 asks
for more valid days than there are. A year under way is met or not met only where the rest can change nothing;
otherwise it is on track where the outlook meets the target and at risk where it does not, and unknown without
an outlook. The steps of the reasons say all of it in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from huanzhi.assess import allowance
from huanzhi.assess.allowance import OPERATORS
from huanzhi.assess.outlook import CARRIED, FEWEST_YEARS, Outlook, outlook
from huanzhi.messages import text
from huanzhi.programmes.indicators.measured import (
    COUNT,
    COUNT_OF_DAYS,
    MEAN,
    OVER_DAYS,
    PERCENTILE,
    SHARE,
    SHARE_OF_DAYS,
    Measured,
)
from huanzhi.programmes.indicators.said import Said, Words


class Verdict(StrEnum):
    """How a target stands."""

    MET = "met"
    NOT_MET = "not_met"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    UNKNOWN = "unknown"

    def text(self) -> str:
        """Return the word in the reader's language."""
        return text(f"indicators.verdict_{self.value}")


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be reached: by the target itself, or by a milestone of its path."""

    op: str
    value: Decimal
    year: int
    upper: Decimal | None = None
    stretch: Decimal | None = None
    milestone: date | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the rest may bring: a number, in words, and how firmly it decides."""

    words: Said
    number: Decimal | None = None
    exact: Decimal | None = None
    safe: bool = False
    gone: bool = False

    def as_dict(self, said: Words = str) -> dict[str, Any]:
        """Return it as plain values."""
        plain = {name: getattr(self, name) for name in ("number", "exact")}
        told = {name: None if one is None else f"{one:f}" for name, one in plain.items()}
        return {"words": said(self.words), **told, "safe": self.safe, "gone": self.gone}


@dataclass(frozen=True, slots=True)
class Judged:
    """How a target stands."""

    goal: Goal
    measured: Measured
    verdict: Verdict
    gap: Decimal | None = None
    allowance: Allowance | None = None
    outlook: Outlook | None = None
    stretch: Verdict | None = None
    reasons: tuple[Said, ...] = field(default_factory=tuple)

    def as_dict(self, said: Words = str) -> dict[str, Any]:
        """Return it as plain values."""
        ahead = self.outlook
        return {
            "verdict": self.verdict.value,
            "verdict_name": self.verdict.text(),
            "gap": None if self.gap is None else f"{self.gap:f}",
            "goal": f"{self.goal.value:f}",
            "milestone": self.goal.milestone.isoformat() if self.goal.milestone else None,
            "stretch_verdict": self.stretch.value if self.stretch else None,
            "allowance": self.allowance.as_dict(said) if self.allowance else None,
            "outlook": _outlook_dict(ahead, self.measured.sort.decimals) if ahead else None,
            "reasons": [said(one) for one in self.reasons],
            "measured": self.measured.as_dict(said),
        }


def _outlook_dict(ahead: Outlook, decimals: int) -> dict[str, Any]:
    kept = max(1, decimals)
    numbers = {name: round(getattr(ahead, name), kept) for name in ("central", "low", "high", "rest")}
    return {**numbers, "years": ahead.years, "confidence": "DEFAULT, NOT FROM THE DOCUMENTS"}


def judge(goal: Goal, measured: Measured) -> Judged:
    """Say how a target stands by what was measured.

    Parameters
    ----------
    goal : Goal
        With numbers in the unit of the indicator.
    """
    if goal.op not in OPERATORS:
        about = (*measured.basis.notes, Said.of("indicators.approximate"))
        return Judged(goal, measured, Verdict.UNKNOWN, reasons=about)
    if measured.value is None:
        return Judged(goal, measured, Verdict.UNKNOWN, reasons=_known(measured))
    gap = allowance.gap(measured.value, goal.op, goal.value, goal.upper)
    ahead, spare = _ahead(measured), None if _closed(measured) else _allowance(goal, measured)
    verdict, said = _verdict(goal, measured, spare, ahead)
    stretch = _stretch(goal, measured, verdict, ahead)
    reasons = [*said, *measured.basis.notes]
    if ahead is not None:
        reasons.append(_outlook_words(ahead, measured))
    if spare is not None and measured.sort.sort in OVER_DAYS and not measured.over:
        reasons.append(Said.of("indicators.assumed_valid", left=measured.left))
    return Judged(goal, measured, verdict, gap, spare, ahead, stretch, tuple(reasons))


def _known(measured: Measured) -> tuple[Said, ...]:
    """Return why a figure is not known, and what is said of its data."""
    return (*((measured.reason,) if measured.reason else ()), *measured.basis.notes)


def _verdict(
    goal: Goal, measured: Measured, spare: Allowance | None, ahead: Outlook | None
) -> tuple[Verdict, list[Said]]:
    assert measured.value is not None
    lacking = _lacking(measured)
    if lacking:
        return Verdict.UNKNOWN, [lacking]
    if goal.year > measured.span.last.year and goal.milestone is None:
        now = measured.span.last.year
        return Verdict.UNKNOWN, [Said.of("indicators.before_year", year=goal.year, now=now)]
    good = allowance.meets(measured.value, goal.op, goal.value, goal.upper)
    if measured.over or measured.sort.sort not in OVER_DAYS:
        done = measured.over or measured.sort.sort in ("given",)
        if done:
            return (Verdict.MET if good else Verdict.NOT_MET), []
        return (Verdict.ON_TRACK if good else Verdict.AT_RISK), []
    if spare is not None and (spare.safe or spare.gone):
        return (Verdict.MET if spare.safe else Verdict.NOT_MET), [spare.words]
    return _running(goal, measured, ahead)


def _closed(measured: Measured) -> bool:
    """Return whether nothing remains that could change a figure over days."""
    return measured.over and measured.sort.sort in OVER_DAYS


def _lacking(measured: Measured) -> Said | None:
    """Return why there are too few days for a verdict; None where there are enough."""
    if measured.sort.sort not in OVER_DAYS or not measured.needed:
        return None
    if measured.over and measured.count < measured.needed:
        return Said.of("indicators.too_few_days", days=measured.count, needed=measured.needed)
    if not measured.over and measured.count + measured.left < measured.needed:
        told = {"days": measured.count, "left": measured.left, "needed": measured.needed}
        return Said.of("indicators.cannot_be_enough", **told)
    return None


def _running(goal: Goal, measured: Measured, ahead: Outlook | None) -> tuple[Verdict, list[Said]]:
    if ahead is None:
        return Verdict.UNKNOWN, [Said.of("indicators.no_outlook", years=FEWEST_YEARS)]
    good = _would_meet(goal, measured, ahead)
    return (Verdict.ON_TRACK if good else Verdict.AT_RISK), []


def _would_meet(goal: Goal, measured: Measured, ahead: Outlook) -> bool:
    expected = allowance.rounded(Fraction(ahead.central), measured.sort.decimals)
    return allowance.meets(expected, goal.op, goal.value, goal.upper)


def _stretch(goal: Goal, measured: Measured, verdict: Verdict, ahead: Outlook | None) -> Verdict | None:
    """Return how the value striven for stands, where there is one."""
    if goal.stretch is None or measured.value is None or verdict is Verdict.UNKNOWN:
        return None
    further = Goal(goal.op, goal.stretch, goal.year, milestone=goal.milestone)
    return _verdict(further, measured, _allowance(further, measured), ahead)[0]


def _ahead(measured: Measured) -> Outlook | None:
    so_far = measured.so_far
    if measured.over or so_far is None or not measured.earlier:
        return None
    return outlook(so_far, measured.count, measured.left, measured.earlier)


def _outlook_words(ahead: Outlook, measured: Measured) -> Said:
    kept = max(1, measured.sort.decimals)
    numbers = {name: f"{getattr(ahead, name):.{kept}f}" for name in ("central", "low", "high")}
    return Said.of(
        "indicators.forecast_words",
        unit=measured.definition.unit,
        years=ahead.years,
        carried=f"{CARRIED:.0%}",
        **numbers,
    )


def _allowance(goal: Goal, measured: Measured) -> Allowance | None:
    made = _ALLOWANCES.get(measured.sort.sort)
    return made(goal, measured) if made else None


def _of_mean(goal: Goal, measured: Measured) -> Allowance | None:
    if not (measured.total or measured.parts) or not measured.left:
        return None
    decimals, asked = measured.sort.decimals, (measured.left, goal.op, goal.value, measured.sort.decimals)
    if measured.parts:
        found = allowance.joint_mean_allowance(measured.parts, *asked)
    else:
        found = allowance.mean_allowance(measured.total, measured.count, *asked)
    if found is None:
        return None
    told = {"left": measured.left, "limit": f"{found.limit:f}", "unit": measured.definition.unit}
    exact = allowance.rounded(found.exact, decimals + 1)
    most, least = "indicators.allowance_mean", "indicators.allowance_mean_least"
    if measured.parts:
        most, least = "indicators.allowance_mean_each", "indicators.allowance_mean_least_each"
    if goal.op in ("≥", ">"):
        words = Said.of(least, **told)
        return Allowance(words, found.limit, exact, safe=found.limit <= 0)
    if not found.possible:
        words = Said.of("indicators.allowance_mean_impossible", left=measured.left)
        return Allowance(words, found.limit, exact, gone=True)
    return Allowance(Said.of(most, exact=f"{exact:f}", **told), found.limit, exact)


def _of_days(goal: Goal, measured: Measured) -> Allowance | None:
    spare = allowance.failures_allowed(
        measured.part, measured.count, measured.left, goal.op, goal.value, measured.sort.decimals
    )
    if spare is None:
        return None
    if spare < 0:
        return Allowance(Said.of("indicators.allowance_days_gone", days=-spare), Decimal(spare), gone=True)
    if measured.left and spare >= measured.left:
        words = Said.of("indicators.allowance_days_safe", left=measured.left)
        return Allowance(words, Decimal(spare), safe=True)
    words = Said.of("indicators.allowance_days", left=measured.left, days=spare)
    return Allowance(words, Decimal(spare)) if measured.left else None


def _of_count(goal: Goal, measured: Measured) -> Allowance | None:
    if goal.op not in ("≤", "<"):
        return None
    assert measured.value is not None
    most = goal.value if goal.op == "≤" else goal.value - 1
    spare, unit = most - measured.value, measured.definition.unit
    if spare < 0:
        words = Said.of("indicators.allowance_count_gone", number=f"{-spare:f}", unit=unit)
        return Allowance(words, spare, gone=measured.sort.sort == COUNT_OF_DAYS)
    safe = measured.sort.sort == COUNT_OF_DAYS and measured.left <= spare
    return Allowance(Said.of("indicators.allowance_count", number=f"{spare:f}", unit=unit), spare, safe=safe)


def _of_percentile(goal: Goal, measured: Measured) -> Allowance | None:
    if not measured.days or not measured.left:
        return None
    percent = int(measured.definition.formula.get("percent", 90))
    decimals = measured.sort.decimals
    spare = allowance.days_above_allowed(measured.days, measured.left, percent, goal.op, goal.value, decimals)
    if spare is None:
        return None
    if spare < 0:
        told = {"target": f"{goal.value:f}", "percent": percent}
        return Allowance(Said.of("indicators.allowance_above_gone", **told), Decimal(spare))
    words = Said.of("indicators.allowance_above", left=measured.left, days=spare, target=f"{goal.value:f}")
    return Allowance(words, Decimal(spare), safe=spare >= measured.left)


def _of_share(goal: Goal, measured: Measured) -> Allowance | None:
    """Return how many more of the things may fail, or have to come right."""
    low, high, decimals = goal.op in ("≥", ">"), goal.op in ("≤", "<"), measured.sort.decimals
    whole = measured.count
    if low:
        most = allowance.failures_allowed(0, 0, whole, goal.op, goal.value, decimals)
        spare = None if most is None else most - (whole - measured.part)
    else:
        most = allowance.occurrences_allowed(0, 0, whole, goal.op, goal.value, decimals) if high else None
        spare = None if most is None else most - measured.part
    if spare is None:
        return None
    key = "indicators.allowance_units" if spare >= 0 else "indicators.allowance_units_lack"
    return Allowance(Said.of(key, whole=whole, number=abs(spare)), Decimal(spare))


_ALLOWANCES: Mapping[str, Any] = {
    MEAN: _of_mean,
    SHARE_OF_DAYS: _of_days,
    COUNT_OF_DAYS: _of_count,
    COUNT: _of_count,
    PERCENTILE: _of_percentile,
    SHARE: _of_share,
}
