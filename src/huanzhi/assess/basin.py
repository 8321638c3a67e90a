"""Rivers and basins 河流、流域（水系）: shares of classes, verdict, main pollutants, change between periods.

References
----------
.. [1] 环办[2011]22号 地表水环境质量评价办法（试行）, 三（二）, 四（二）, 五（一）.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import round_fraction
from huanzhi.assess.readings import Readings
from huanzhi.assess.water import Classes, Judgement, judge, main_pollutants
from huanzhi.assess.water_means import group_means
from huanzhi.standards.model import Row
from huanzhi.standards.water import WaterRules


@dataclass(frozen=True, slots=True)
class Shares:
    """How many sections have each class.

    Attributes
    ----------
    rules : WaterRules
    counts : tuple of int
        Sections of each class, best first; sections without a class are not counted.
    """

    rules: WaterRules
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """Sections with a class."""
        return sum(self.counts)

    @property
    def good(self) -> Fraction:
        """Share of sections at the reference class Ⅲ or better 优良比例 [%], exact."""
        return self._percent(sum(self.counts[: self.rules.reference]))

    @property
    def worst(self) -> Fraction:
        """Share of sections worse than all limits 劣Ⅴ类比例 [%], exact."""
        return self._percent(self.counts[-1])

    def share(self, class_name: str) -> Decimal:
        """Return the share of a class [%] as it is shown."""
        return self.shown(self._percent(self.counts[self.rules.class_number(class_name) - 1]))

    def shown(self, share: Fraction) -> Decimal:
        """Return a share [%] as it is shown, rounded by GB/T 8170."""
        decimals = int(self.rules.evaluation.table("basin_rule").row("share_decimals")["value"])
        return Decimal(round_fraction(share, decimals)).scaleb(-decimals)

    def _percent(self, number: int) -> Fraction:
        return Fraction(100 * number, self.total) if self.total else Fraction(0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Verdict on a river or basin 流域水质状况.

    Attributes
    ----------
    grade : Row or None
        Row of the grades with ``name`` and ``colour``; None where no section has a class.
    basis : {"shares", "mean"}
        By shares of classes, or by the means of the items where there are too few sections.
    shares : Shares
    main : tuple of str
        Main pollutants 主要污染指标.
    judged : Judgement
        Judgement of the sections, or of their mean.
    """

    grade: Row | None
    basis: Literal["shares", "mean"]
    shares: Shares
    main: tuple[str, ...]
    judged: Judgement


@dataclass(frozen=True, slots=True)
class Change:
    """Change between two periods: `points` is ΔG - ΔD [percentage points], exact; `name` says it."""

    points: Fraction
    name: str
    name_en: str


def shares(overall: Classes, rules: WaterRules) -> Shares:
    """Count the sections of each class; sections without a class (0) are left out."""
    counts = np.bincount(np.asarray(overall, dtype=np.int64), minlength=rules.worst + 1)
    return Shares(rules, tuple(int(count) for count in counts[1:]))


def shares_grade(found: Shares) -> Row | None:
    """Return the grade that shares of classes give; None without sections.

    References
    ----------
    .. [1] 环办[2011]22号, 三（二）.
    """
    if not found.total:
        return None
    rows = found.rules.evaluation.table("basin_grades").rows
    return next(
        row for row in rows if _within(found.good, row, "good") and _within(found.worst, row, "worst")
    )


def _within(share: Fraction, row: Row, name: str) -> bool:
    low, below, high = (row.get(f"{name}_{end}") for end in ("min", "below", "max"))
    return (
        (low is None or share >= Fraction(low))
        and (below is None or share < Fraction(below))
        and (high is None or share <= Fraction(high))
    )


def evaluate(columns: Mapping[str, Readings], lake: npt.ArrayLike, rules: WaterRules) -> Verdict:
    """Judge a river or basin from its sections.

    Parameters
    ----------
    columns : mapping of str to Readings, each of shape (n,)
        Item name → value of each section in the period.
    lake : array_like of bool, shape (n,)
        Whether lake and reservoir limits apply. A mean over sections takes them only where all do.

    Returns
    -------
    Verdict
    """
    lakes = np.asarray(lake, dtype=np.bool_)
    judged = judge(columns, lakes, rules)
    found = shares(judged.overall, rules)
    if found.total >= int(rules.evaluation.table("basin_rule").row("min_sections")["value"]):
        return Verdict(shares_grade(found), "shares", found, basin_pollutants(judged), judged)
    groups = np.where(judged.overall > 0, 0, -1)
    whole = np.array([bool(lakes[groups == 0].all())])
    mean = judge(group_means(columns, groups, 1), whole, rules, rounding="evaluation")
    return Verdict(rules.grade(int(mean.overall[0])), "mean", found, main_pollutants(mean, 0), mean)


def exceedance_rates(judged: Judgement) -> dict[str, Fraction]:
    """Return item → share of sections with a class that exceed the reference class 断面超标率 [%], exact."""
    total = int((judged.overall > 0).sum())
    counts = judged.exceeding.sum(axis=1)
    return {
        item: Fraction(100 * int(number), total)
        for item, number in zip(judged.items, counts, strict=True)
        if number
    }


def basin_pollutants(judged: Judgement) -> tuple[str, ...]:
    """Return the items exceeded in most sections, at most three; equal rates stand in the order of GB 3838.

    References
    ----------
    .. [1] 环办[2011]22号, 四（二）.
    """
    rates = exceedance_rates(judged)
    return tuple(sorted(rates, key=lambda item: -rates[item])[: judged.rules.main_number])


def change(before: Shares, after: Shares) -> Change:
    """Compare two periods by the shares of classes 组合类别比例法.

    References
    ----------
    .. [1] 环办[2011]22号, 五（一）.
    """
    points = (after.good - before.good) - (after.worst - before.worst)
    bands = after.rules.evaluation.table("two_periods").rows
    band = next(row for row in bands if row.get("max") is None or abs(points) <= Fraction(row["max"]))
    return _named(points, band)


def section_change(before: int, after: int, rules: WaterRules) -> Change | None:
    """Compare the grades of one section in two periods; None where it has no class in one of them.

    `points` is the number of grades by which it became better.
    """
    grades = rules.evaluation.table("section_grades").names()
    rows = rules.grade(before), rules.grade(after)
    if rows[0] is None or rows[1] is None:
        return None
    steps = grades.index(str(rows[0]["name"])) - grades.index(str(rows[1]["name"]))
    bands = rules.evaluation.table("two_periods").rows
    band = next(row for row in reversed(bands) if abs(steps) >= row["grades"])
    return _named(Fraction(steps), band)


def _named(points: Fraction, band: Row) -> Change:
    better = points > 0
    name = band.get("better" if better else "worse", band["name"])
    name_en = band.get("better_en" if better else "worse_en", band["en"])
    return Change(points, str(name), str(name_en))
