"""What the columns of a table hold, by their headings, one above the other, and by what stands below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from huanzhi.plans.cells import is_blank, is_figure
from huanzhi.plans.words import unit, words

_ROLES = ("number", "indicator", "deadline", "joint", "lead", "measure", "task", "kind", "unit", "remark")
_LOOSE = (
    ("任务", "measure"),
    ("内容", "measure"),
    ("举措", "measure"),
    ("措施", "measure"),
    ("单位", "lead"),
    ("部门", "lead"),
    ("分工牵头", "lead"),
    ("分工配合", "joint"),
    ("分工", "lead"),
    ("时间进度", "deadline"),
    ("进度", "deadline"),
    ("时间", "deadline"),
)
_YEAR = re.compile(r"(20\d\d)年?")
_FIGURES = ("target", "figure", "baseline", "value")
_UNIT_BEHIND = re.compile(
    rf"\((?:[^()]*,)?(?P<unit>{unit()}|[^()]*(?:/|%|‰|吨|公里|立方米|公顷|亩)[^()]*)\)$"
)
_REGION = re.compile(
    r"[一-龥]{1,9}(?:自治[州县旗]|[市区县旗盟州镇乡]|街道(?:办事处)?|开发区|管委会|新城|林场|农场)(?:\([^()]*\))?"
)


@dataclass(frozen=True)
class Column:
    """A column: its heading, what it holds, and the year, indicator, unit and region in its heading."""

    heading: str
    role: str
    year: int | None = None
    indicator: str = ""
    unit: str = ""
    region: str = ""

    @property
    def aims(self) -> bool:
        """Return whether the heading itself says that goals stand below."""
        return self.role == "target"


def columns(headings: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns under `headings` (folded, without blanks)."""
    return columns_under([(heading,) for heading in headings])


def columns_under(paths: Sequence[Sequence[str]]) -> tuple[Column, ...]:
    """Return the columns under headings of several levels, the topmost first."""
    found = [_column(path) for path in paths]
    roles = {column.role for column in found}
    if "indicator" not in roles and "lead" not in roles:  # 单位 is a unit only beside an indicator
        found = [replace(column, role="lead") if column.role == "unit" else column for column in found]
    return tuple(found)


def with_cells(found: Sequence[Column], rows: Sequence[Sequence[str]]) -> tuple[Column, ...]:
    """Return columns with the roles that only their cells tell: regions, places, years, figures."""
    told = [_by_cells(column, [row[at] for row in rows if at < len(row)]) for at, column in enumerate(found)]
    told = _beside_regions(told)
    if of_measures(told) or not {column.role for column in told} & {"indicator", "region", "feature", "year"}:
        return tuple(told)
    return tuple(
        replace(column, role="value")
        if column.role in ("", "indicator" if column.unit or column.year else "")
        and _mostly(is_figure, [row[at] for row in rows if at < len(row)])
        else column
        for at, column in enumerate(told)
    )


def _beside_regions(found: list[Column]) -> list[Column]:
    """Return columns of which a first one of things (项目) is of indicators, where regions are the others."""
    regions = sum(bool(column.region) and not is_total(column.region) for column in found)
    roles = {column.role for column in found}
    if any(column.role == "region" for column in found):  # 合计 beside a column of regions sums up years
        found = [replace(each, region="") if is_total(each.region) else each for each in found]
    if regions < 2 or roles & {"indicator", "lead", "deadline", "joint"}:
        return found
    thing = next((at for at, each in enumerate(found) if each.heading in words()["tables"]["thing"]), None)
    return [replace(each, role="indicator") if at == thing else each for at, each in enumerate(found)]


def _by_cells(column: Column, cells: Sequence[str]) -> Column:
    tables = words()["tables"]
    if column.role in _FIGURES or column.unit:
        return column
    if column.heading in tables["unit"] and _mostly(_is_unit, cells):
        return replace(column, role="unit")
    if column.heading in tables["feature"]:
        return replace(column, role="feature")
    if column.heading in tables["year"] and _mostly(_is_year, cells):
        return replace(column, role="year")
    if column.heading in tables["place"] and not _mostly(is_figure, cells):
        return replace(column, role="region")
    if _mostly(is_region, cells) and column.role not in ("joint", "measure", "remark"):
        return replace(column, role="region")
    return column


def _mostly(test: object, cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if not is_blank(cell)]
    return bool(filled) and sum(bool(test(cell)) for cell in filled) * 2 > len(filled)  # type: ignore[operator]


def _is_unit(text: str) -> bool:
    return re.fullmatch(unit(), text) is not None


def _is_year(text: str) -> bool:
    return _YEAR.match(text) is not None and len(text) <= 7


def is_region(text: str) -> bool:
    """Return whether a cell names a region, or all of them together (合计, 全市)."""
    tables = words()["tables"]
    if text in tables["total"]:
        return True
    if re.fullmatch("[^主新老旧全各]城区", text):  # 海城区, beside 主城区
        return True
    return _REGION.fullmatch(text) is not None and not text.endswith(tuple(tables["no_region"]))


def is_total(text: str) -> bool:
    """Return whether a cell means all regions of the table together."""
    return text in words()["tables"]["total"]


def _column(path: Sequence[str]) -> Column:
    heading = "".join(path)
    column = _plain(heading)
    names, said, region = _named(path)
    if column.role in _FIGURES or (not column.role and (region or said)):
        role = column.role or ("value" if region else "")
        return replace(column, role=role, indicator=names, unit=said, region=region)
    if column.role == "indicator" and said:
        return replace(column, indicator=names, unit=said)
    return column if column.role else replace(column, indicator=names)


def _named(path: Sequence[str]) -> tuple[str, str, str]:
    """Return indicator, unit and region that the levels of a heading name."""
    names, said, region = [], "", ""
    for part in path:
        if found := _UNIT_BEHIND.search(part):
            said, part = found["unit"], part[: found.start()]
        elif re.fullmatch(unit(), part.strip("()")):
            said, part = part.strip("()"), ""
        bare = _bare(part)
        if is_region(bare):
            region = bare
        elif bare:
            names.append(bare)
    return "".join(names), said, region


def _bare(part: str) -> str:
    """Return a heading without its year and the words that say that it is a goal or what was."""
    tables = words()["tables"]
    part = re.sub(r"“?十[二三四五六]五”?(?:末|期末|期间)?|" + _YEAR.pattern + "(?:度|底|末)?", "", part)
    for word in sorted([*tables["target"], *tables["baseline"]], key=len, reverse=True):
        part = part.removesuffix(word) if part != word else ""
    return part.strip("()、:的")


def _plain(heading: str) -> Column:
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
    for word, role in _LOOSE:
        if heading.endswith(word) and len(heading) <= 12:
            return role
    return ""


def _figure_role(heading: str, year: int | None) -> str:
    """Return whether a heading is of figures: ``target``, ``baseline`` or ``figure``."""
    tables = words()["tables"]
    bare = _UNIT_BEHIND.sub("", _YEAR.sub("", heading)).strip("()底末度")
    if bare in tables["target"] or re.search("目标值|目标$|规划目标", bare):
        return "target" if year or ("指标" not in bare and "任务" not in bare) else ""
    if any(word in bare for word in tables["baseline"]) and len(heading) <= 30:
        return "baseline"
    return "figure" if year and (len(bare) <= 3 or _UNIT_BEHIND.search(heading)) else ""


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
    """Return whether the columns are those of a table of goals."""
    roles = {column.role for column in found}
    if of_measures(found):
        return False
    keys = bool(roles & {"indicator", "region", "feature", "year"})
    return keys and bool(roles & {"target", "figure", "value"})
