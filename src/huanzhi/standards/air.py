"""Air standards 环境空气质量标准: typed access to GB 3095, HJ 633, HJ 663 and the city ranking rule.

Concentration 浓度, individual index 空气质量分指数 (IAQI), index 空气质量指数 (AQI), level 级别. All numbers
stand in the tables; this module only gives them names and exact integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import MappingProxyType

from huanzhi.errors import StandardError
from huanzhi.standards.model import Edition, Row, Table
from huanzhi.standards.parameters import Parameter, find
from huanzhi.standards.periods import Period


class Item(StrEnum):
    """The six basic items 基本项目, in the order of every array and list of air quality."""

    SO2 = "SO2"
    NO2 = "NO2"
    CO = "CO"
    O3 = "O3"
    PM10 = "PM10"
    PM25 = "PM2.5"

    @property
    def column(self) -> str:
        """Name in files and field names: ``so2``, ``pm25``."""
        return self.value.lower().replace(".", "")

    @property
    def parameter(self) -> Parameter:
        """The national parameter."""
        found = find(self.value, "air")
        assert found is not None
        return found


ITEMS: tuple[Item, ...] = tuple(Item)
_BREAKPOINTS = {Period.HOUR: "breakpoints_hour", Period.DAY: "breakpoints_day"}


@dataclass(frozen=True, slots=True)
class Breakpoints:
    """One item's row of the IAQI table.

    Attributes
    ----------
    item : Item
    averaging : Period
        Averaging time of the concentration.
    unit : str
    decimals : int
        Decimals to which a concentration is rounded before it is looked up.
    indices : tuple of int
        IAQI at each breakpoint.
    concentrations : tuple of int
        Breakpoints, numbers of 10**-`decimals`.
    capped : bool
        Above the last breakpoint: True gives the last IAQI, False gives no IAQI by this averaging time.
    over_range_clause : str
        Clause that says so, where it is one of its own.
    instead : Period or None
        Averaging time of the breakpoints that judge above the last breakpoint, where not capped.
    """

    item: Item
    averaging: Period
    unit: str
    decimals: int
    indices: tuple[int, ...]
    concentrations: tuple[int, ...]
    capped: bool
    over_range_clause: str
    instead: Period | None


@dataclass(frozen=True, slots=True)
class Level:
    """One level 级别 of the AQI, both ends included."""

    number: int
    grade: str
    name: str
    name_en: str
    lowest: int
    highest: int
    colour: str
    hex: str


@dataclass(frozen=True, slots=True)
class AqiRule:
    """All that an edition of HJ 633 says on one averaging time; hashable, so that tables are built once.

    Attributes
    ----------
    edition, number : str
        Id and number of the edition.
    clause, formula_clause, primary_clause, level_clause, missing_clause : str
        Clauses of the breakpoints, the formula, the primary pollutant, the levels and of missing items; empty
        where not found.
    averaging : Period
        `Period.HOUR` or `Period.DAY`.
    rows : tuple of Breakpoints
        In the order of `ITEMS`.
    levels : tuple of Level
    primary_above : int
        The primary pollutant 首要污染物 is named above this AQI.
    publish_above : int or None
        With an item missing the AQI is given only above this; None: always.
    good_level : int
        Highest level of a good day.
    """

    edition: str
    number: str
    clause: str
    formula_clause: str
    primary_clause: str
    level_clause: str
    missing_clause: str
    averaging: Period
    rows: tuple[Breakpoints, ...]
    levels: tuple[Level, ...]
    primary_above: int
    publish_above: int | None
    good_level: int

    @property
    def good_highest(self) -> int:
        """Highest AQI of a good day 优良天."""
        return max(level.highest for level in self.levels if level.number <= self.good_level)

    def row(self, item: Item) -> Breakpoints:
        """Return the breakpoints of one item."""
        return self.rows[ITEMS.index(item)]


def aqi_rule(edition: Edition, averaging: Period) -> AqiRule:
    """Return the AQI rule of an edition of HJ 633 for hours or days.

    Raises
    ------
    StandardError
        If the edition has no AQI for this averaging time.
    """
    if averaging not in _BREAKPOINTS:
        raise StandardError("air.no_averaging", averaging=averaging.value, number=edition.number)
    table, levels = edition.table(_BREAKPOINTS[averaging]), edition.table("levels")
    rules, missing = edition.table("rules"), edition.table("missing_data")
    return AqiRule(
        edition=edition.id,
        number=edition.number,
        clause=table.clause,
        formula_clause=rules.row("formula").get("clause", ""),
        primary_clause=rules.row("primary").get("clause", ""),
        level_clause=levels.clause,
        missing_clause=missing.clause,
        averaging=averaging,
        rows=tuple(_breakpoints(table, item) for item in ITEMS),
        levels=tuple(_level(row) for row in levels.rows),
        primary_above=rules.row("primary")["above"],
        publish_above=missing.row("incomplete").get("publish_above"),
        good_level=rules.row("good_day")["level_max"],
    )


def _breakpoints(table: Table, item: Item) -> Breakpoints:
    row = table.row(item)
    values = row["values"]
    return Breakpoints(
        item=item,
        averaging=Period(row["averaging"]),
        unit=row.get("unit", table.unit),
        decimals=row["decimals"],
        indices=tuple(table.axis[: len(values)]),
        concentrations=tuple(int(value * 10 ** row["decimals"]) for value in values),
        capped=row["over_range"] == "cap",
        over_range_clause=row.get("over_range_clause", ""),
        instead=Period(row["instead"]) if "instead" in row else None,
    )


def _level(row: Row) -> Level:
    return Level(
        row["level"],
        row["grade"],
        row["name"],
        row["name_en"],
        row["min"],
        row["max"],
        row["colour"],
        row["hex"],
    )


def limit(edition: Edition, item: Item, averaging: Period, day: date, class_: str = "二级") -> Decimal:
    """Return a limit of GB 3095 in the unit of the item.

    Parameters
    ----------
    edition : Edition
        An edition of GB 3095.
    day : date
        Decides the phase of an edition that has phases.
    class_ : {"一级", "二级"}
        Class of the limit: 一级 for areas of class 1 (一类区), 二级 for areas of class 2 (二类区).

    Raises
    ------
    StandardError
        If there is no such limit, or the edition has phases and `day` is in none.
    """
    table = edition.table("limits", day)
    return Decimal(table.row(f"{item} {averaging}")["values"][table.axis.index(class_)])


@dataclass(frozen=True, slots=True)
class Statistic:
    """What HJ 663 evaluates of an item over a year, and the decimals."""

    item: Item
    mean: bool
    percentile: int
    daily: Period
    decimals_day: int
    decimals: int


def statistics(edition: Edition) -> Mapping[Item, Statistic]:
    """Return the statistics of an edition of HJ 663 by item."""
    table, decimals = edition.table("statistics"), edition.table("decimals")
    found = {
        item: Statistic(
            item,
            table.row(item)["mean"],
            table.row(item)["percentile"],
            Period(table.row(item)["daily"]),
            decimals.row(item)["day"],
            decimals.row(item)["statistic"],
        )
        for item in ITEMS
    }
    return MappingProxyType(found)


@dataclass(frozen=True, slots=True)
class Validity:
    """The completeness that an edition of HJ 663 asks 数据统计的有效性.

    Attributes
    ----------
    eight_hours : int
        Hours in an eight-hour mean.
    window, first_end, last_end : int
        Length of the moving mean, and the first and last hour (1–24) at which one of a day ends.
    day_max_eight_hours : int
        Eight-hour means in a day; fewer do where their maximum exceeds the limit.
    day : int
        Hours in a day.
    month, february, year : int
        Days in a month, in February, in a year.
    """

    eight_hours: int
    window: int
    first_end: int
    last_end: int
    day_max_eight_hours: int
    day: int
    month: int
    february: int
    year: int

    def month_days(self, month: int) -> int:
        """Return the days that a month (1–12) needs."""
        return self.february if month == 2 else self.month


def validity(edition: Edition) -> Validity:
    """Return the completeness of an edition of HJ 663."""
    table = edition.table("validity")
    longest = table.row("day_max_eight_hours")
    return Validity(
        eight_hours=table.row("eight_hours")["minimum"],
        window=longest["window_hours"],
        first_end=longest["first_end"],
        last_end=longest["last_end"],
        day_max_eight_hours=longest["minimum"],
        day=table.row("day")["minimum"],
        month=table.row("month")["minimum"],
        february=table.row("month")["february"],
        year=table.row("year")["minimum"],
    )


def points_needed(edition: Edition, points: int) -> int:
    """Return how many of a city's points must be valid by HJ 663; none is never enough."""
    for row in edition.table("city_points").rows:
        if points >= row["points_from"]:
            return -(-points * int(row["percent"]) // 100)
    return 1


@dataclass(frozen=True, slots=True)
class IndexTerm:
    """One term of the composite index 综合指数: weight × statistic / limit."""

    item: Item
    percentile: int | None
    limit: Fraction
    weight: Fraction


def index_terms(ranking: Edition, limits: Edition, day: date, preset: str = "equal") -> tuple[IndexTerm, ...]:
    """Return the terms of the composite index.

    Parameters
    ----------
    ranking : Edition
        An edition of the city ranking rule.
    limits : Edition
        The edition of GB 3095 whose limits divide; `day` decides its phase.
    preset : {"equal", "claimed_2026"}
        Weights. ``claimed_2026`` is in conflict between sources.
    """
    weights = ranking.table(f"weights_{preset}")
    return tuple(
        IndexTerm(
            item,
            row.get("percentile"),
            Fraction(limit(limits, item, Period(row["limit"]), day, row["limit_class"])),
            Fraction(weights.row(item)["weight"]),
        )
        for item in ITEMS
        for row in (ranking.table("index").row(item),)
    )


def critical_rank_correlation(edition: Edition, n: int) -> Decimal | None:
    """Return the critical value of Spearman's coefficient for n years; None where the table has none."""
    for size, value in edition.table("trend").row("critical")["values"]:
        if size == n:
            return Decimal(value)
    return None


@cache
def item_of(name: str) -> Item | None:
    """Return the item that a heading means, by symbol, code, name or alias; None if none."""
    found = find(name, "air")
    return next((item for item in ITEMS if found is not None and item.parameter.code == found.code), None)
