"""What the columns of a table hold, by their headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from huanzhi.plans.words import words

_ROLES = ("number", "indicator", "deadline", "joint", "lead", "measure", "task", "kind", "unit", "remark")
_YEAR = re.compile(r"(20\d\d)年?")


@dataclass(frozen=True)
class Column:
    """A column: its heading, what it holds, and the year in its heading."""

    heading: str
    role: str
    year: int | None = None


def columns(headings: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns under `headings` (folded, without blanks)."""
    found = [_column(heading) for heading in headings]
    roles = {column.role for column in found}
    if "indicator" not in roles and "lead" not in roles:  # 单位 is a unit only beside an indicator
        found = [replace(column, role="lead") if column.role == "unit" else column for column in found]
    return tuple(found)


def _column(heading: str) -> Column:
    year = _year(heading)
    if role := _figure_role(heading, year):
        return Column(heading, role, year)
    tables = words()["tables"]
    for role in _ROLES:
        if heading in tables[role]:
            return Column(heading, role, year)
    for role in _ROLES:
        listed = [
            word for word in tables[role] if len(word) > 1 and word not in ("单位", "类型", "任务", "内容")
        ]
        if len(heading) <= 24 and any(word in heading for word in listed):
            return Column(heading, role, year)
    return Column(heading, _loose(heading), year)


def _loose(heading: str) -> str:
    for word, role in (("任务", "measure"), ("内容", "measure"), ("单位", "lead"), ("部门", "lead")):
        if heading.endswith(word) and len(heading) <= 12:
            return role
    return ""


def _figure_role(heading: str, year: int | None) -> str:
    """Return whether a heading is of figures: ``target`` or ``baseline``."""
    tables = words()["tables"]
    bare = _YEAR.sub("", heading).strip("()底末度")
    if bare in tables["target"] or re.search("目标值|目标$|规划目标", bare):
        return "target" if year or ("指标" not in bare and "任务" not in bare) else ""
    if any(word in bare for word in tables["baseline"]) and len(heading) <= 16:
        return "baseline"
    return "figure" if year and len(bare) <= 3 else ""


def _year(heading: str) -> int | None:
    found = _YEAR.search(heading)
    if found:
        return int(found[1])
    plans = [plan for plan in words()["years"]["plans"] if plan["name"] in heading]
    return int(plans[0]["to"]) if plans else None


def of_measures(found: Sequence[Column]) -> bool:
    """Return whether the columns are those of a list of measures."""
    roles = {column.role for column in found}
    return (
        bool(roles & {"measure", "task"})
        and bool(roles & {"lead", "deadline", "joint"})
        and "indicator" not in roles
    )


def of_indicators(found: Sequence[Column]) -> bool:
    """Return whether the columns are those of a table of indicators."""
    roles = {column.role for column in found}
    return "indicator" in roles and bool(roles & {"target", "figure"})
