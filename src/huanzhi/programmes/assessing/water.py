"""Surface water over a period 地表水评价: class of every section, what limits it, both comparisons."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from huanzhi.assess.water import Judgement
from huanzhi.errors import StandardError
from huanzhi.library.series import Store
from huanzhi.programmes.assessing.when import When
from huanzhi.programmes.spans import Span
from huanzhi.programmes.status_report.water_figures import (
    SectionClass,
    WaterFigures,
    judge_sections,
    water_figures,
)
from huanzhi.programmes.water_sections import read_sections
from huanzhi.standards import Table


@dataclass(frozen=True, slots=True)
class LimitingItem:
    """An item that sets the class 定类指标: its value, and the multiple by which it exceeds, if it does."""

    name: str
    value: str
    unit: str
    multiple: Decimal | None


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section.

    Attributes
    ----------
    section : SectionClass
        Class, class a year before, change.
    limiting : tuple of LimitingItem
    skipped : tuple of str
        Items of the evaluation that were not measured.
    previous : str
        Class in the period before; empty where unknown.
    """

    section: SectionClass
    limiting: tuple[LimitingItem, ...]
    skipped: tuple[str, ...]
    previous: str


@dataclass(frozen=True, slots=True)
class WaterAssessment:
    """All sections of a period; `figures` is None where none reported."""

    when: When
    figures: WaterFigures | None
    rows: tuple[SectionRow, ...]

    def tables(self) -> tuple[Table, ...]:
        """Return the tables that judged."""
        if self.figures is None:
            return ()
        rules = self.figures.rules
        names = ("evaluated_items", "section_grades", "main_pollutants")
        return (rules.edition.table("table1"), *(rules.evaluation.table(name) for name in names))


def assess_water(store: Store, when: When, region: str | None = None) -> WaterAssessment:
    """Assess the surface water of a period.

    Raises
    ------
    StandardError
        If the rules for surface water were not in force on its last day.
    """
    figures = water_figures(store, when.span, region)
    if figures is None:
        return WaterAssessment(when, None, ())
    found = read_sections(store, when.span, region)
    judged = judge_sections(found)
    former = _classes(store, when.previous().span, region)
    rows = tuple(
        SectionRow(
            section,
            tuple(_limiting(judged, name, place) for name in section.limiting),
            _skipped(judged, place),
            former.get(section.feature.code, ""),
        )
        for place, section in enumerate(figures.sections)
    )
    return WaterAssessment(when, figures, rows)


def _limiting(judged: Judgement, name: str, place: int) -> LimitingItem:
    column = judged.columns[judged.items.index(name)]
    units, below = int(column.high[place]), bool(column.below[place])
    value = Decimal(units).scaleb(-column.decimals).normalize()
    words = f"{'<' if below else ''}{value:f}"
    return LimitingItem(name, words, judged.rules.river[name].unit, judged.multiple(name, place))


def _skipped(judged: Judgement, place: int) -> tuple[str, ...]:
    present = set(judged.named(~judged.skipped, place))
    return tuple(item for item in judged.rules.evaluated if item not in present)


def _classes(store: Store, span: Span, region: str | None) -> dict[str, str]:
    """Return the class of every section in another period; nothing where no rules judge it."""
    try:
        found = read_sections(store, span, region)
    except StandardError:
        return {}
    if not found.features:
        return {}
    judged = judge_sections(found)
    return {
        feature.code: judged.rules.class_name(int(judged.overall[place]))
        for place, feature in enumerate(found.features)
        if judged.overall[place]
    }
