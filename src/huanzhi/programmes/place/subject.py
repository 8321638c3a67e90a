"""Subject 点位: a feature with what judges it: permit, target class, class of the function area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from huanzhi.library.series import Feature
from huanzhi.standards.water import WaterRules

Family = Literal["air", "water", "groundwater", "outlet", "other"]
FAMILIES: Mapping[str, Family] = {
    "air_station": "air",
    "city": "air",
    "section": "water",
    "lake": "water",
    "well": "groundwater",
    "outlet": "outlet",
}
"""By which law a kind of place is judged."""

AREA_CLASSES = {"一类": "一级", "一类区": "一级", "1": "一级"}
"""Class of the function area 环境空气功能区 → class of the limits in GB 3095; 二级 for all others."""


@dataclass(frozen=True, slots=True)
class PermitTerm:
    """A permitted limit 许可限值 of one parameter.

    Attributes
    ----------
    averaging : str
        Averaging time, empty where the permit says none.
    value, least : Decimal or None
        Highest and lowest value that complies, in `unit`.
    first, last : date or None
        First day on which it holds, first day on which it no longer does.
    """

    parameter: str
    averaging: str
    value: Decimal | None
    least: Decimal | None
    unit: str
    standard: str
    clause: str
    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Return whether it holds on a day."""
        return (self.first is None or self.first <= day) and (self.last is None or day < self.last)


@dataclass(frozen=True, slots=True)
class Subject:
    """A place and what is known of it.

    Attributes
    ----------
    permits : tuple of PermitTerm
        Permitted limits of an outlet.
    target_class, area : str
        Target class 水质目标 of a section, class of the function area of a station; empty where not known.
    """

    feature: Feature
    permits: tuple[PermitTerm, ...] = ()
    target_class: str = ""
    area: str = ""

    @property
    def code(self) -> str:
        """Code of the feature."""
        return self.feature.code

    @property
    def family(self) -> Family:
        """By which law it is judged."""
        return FAMILIES.get(self.feature.kind, "other")

    @property
    def air_class(self) -> str:
        """Class of the limits of GB 3095: 一级 in function areas of class 1, else 二级."""
        return AREA_CLASSES.get(self.area or str(self.feature.attributes.get("function_area", "")), "二级")

    @property
    def lake(self) -> bool:
        """Whether limits of lakes and reservoirs 湖、库 apply."""
        return self.feature.kind == "lake" or self.feature.attributes.get("kind") == "lake"

    def target(self, rules: WaterRules) -> str:
        """Return the target class 水质目标 of a section, empty where none is known."""
        given = self.target_class or str(self.feature.attributes.get("target", ""))
        return rules.class_name(rules.class_number(given)) if given and rules.has_class(given) else ""
