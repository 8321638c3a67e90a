"""Phrases of a status report: changes, shares and lists in words."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from huanzhi.messages import language, text
from huanzhi.standards.air import Item, Level


def listed(words: Iterable[str]) -> str:
    """Join words as the language lists them."""
    return text("rankings.comma").join(words)


def points_change(now: Decimal | None, before: Decimal | None) -> str:
    """Return a change of a rate in percentage points 百分点, empty where it cannot be known."""
    if now is None or before is None:
        return ""
    return _change(now - before, "points")


def percent_change(change: Decimal | None) -> str:
    """Return a change in percent, empty where it is unknown."""
    return "" if change is None else _change(change, "percent")


def _change(change: Decimal, kind: str) -> str:
    direction = "flat" if change == 0 else ("up" if change > 0 else "down")
    return text("report.on_last_year", change=text(f"report.{kind}_{direction}", size=abs(change)))


def level_name(level: Level) -> str:
    """Return the name of an AQI level."""
    return level.name_en if language() == "en" else level.name


def statistic_name(item: Item, percent: int | None) -> str:
    """Return an item with its statistic."""
    if percent is None:
        return text("report.mean_of", item=item)
    return text("report.percentile_of", item=item, percent=percent)


def yes_no(value: bool | None) -> str | None:
    """Return whether a limit is kept, None where unknown."""
    return None if value is None else text("report.within" if value else "report.over")
