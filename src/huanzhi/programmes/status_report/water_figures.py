"""Water figures of a status report: classes of sections, shares, limiting items, change on last year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from huanzhi.assess.basin import Change, Shares, Verdict, change, evaluate, section_change, shares
from huanzhi.assess.water import Judgement, Rounding, judge, main_pollutants
from huanzhi.library.series import Feature, Store
from huanzhi.programmes.spans import Span
from huanzhi.programmes.water_sections import Sections, read_sections
from huanzhi.standards.water import WaterRules


@dataclass(frozen=True, slots=True)
class SectionClass:
    """One section: its class now and a year ago, what limits it, and its main pollutants with multiples."""

    feature: Feature
    lake: bool
    samples: int
    number: int
    name: str
    limiting: tuple[str, ...]
    multiples: tuple[tuple[str, Decimal | None], ...]
    doubtful: tuple[str, ...]
    before: str
    change: Change | None


@dataclass(frozen=True, slots=True)
class WaterFigures:
    """Surface water of a region over a span."""

    sections: tuple[SectionClass, ...]
    silent: tuple[Feature, ...]
    shares: Shares
    before: Shares | None
    change: Change | None
    verdict: Verdict
    exceeding: Mapping[str, int]
    rules: WaterRules
    several_samples: bool


def water_figures(store: Store, span: Span, region: str | None) -> WaterFigures | None:
    """Return the water figures of a region, None where no section reported in the span."""
    found = read_sections(store, span, region)
    if not found.features:
        return None
    judged = judge_sections(found)
    earlier = read_sections(store, span.year_before(), region)
    former = judge_sections(earlier) if earlier.features else None
    classes = _classes(earlier, former) if former is not None else {}
    sections = tuple(_section(found, judged, place, classes) for place in range(len(found.features)))
    now = shares(judged.overall, found.rules)
    past = shares(former.overall, former.rules) if former is not None else None
    return WaterFigures(
        sections,
        found.silent,
        now,
        past,
        change(past, now) if past is not None and past.total else None,
        evaluate(found.items, found.lake, found.rules),
        _exceeding(judged),
        found.rules,
        bool((found.samples > 1).any()),
    )


def judge_sections(found: Sections) -> Judgement:
    """Judge sections; means are rounded for evaluation first, single values are taken as reported."""
    rounding: Rounding = "evaluation" if (found.samples > 1).any() else "as_reported"
    return judge(found.items, found.lake, found.rules, rounding=rounding)


def _classes(found: Sections, judged: Judgement) -> dict[str, int]:
    return {feature.code: int(judged.overall[place]) for place, feature in enumerate(found.features)}


def _section(found: Sections, judged: Judgement, place: int, before: Mapping[str, int]) -> SectionClass:
    feature, overall, rules = found.features[place], int(judged.overall[place]), judged.rules
    former = before.get(feature.code, 0)
    return SectionClass(
        feature=feature,
        lake=bool(found.lake[place]),
        samples=int(found.samples[place]),
        number=overall,
        name=rules.class_name(overall),
        limiting=judged.named(judged.limiting, place),
        multiples=tuple((item, judged.multiple(item, place)) for item in main_pollutants(judged, place)),
        doubtful=judged.named(judged.doubtful & judged.limiting, place),
        before=rules.class_name(former),
        change=section_change(former, overall, rules) if former and overall else None,
    )


def _exceeding(judged: Judgement) -> dict[str, int]:
    """Return how many sections exceed the reference class by each item, the most frequent first."""
    counts = {item: int(row.sum()) for item, row in zip(judged.items, judged.exceeding, strict=True)}
    return dict(sorted(((i, n) for i, n in counts.items() if n), key=lambda pair: -pair[1]))
