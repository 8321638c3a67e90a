"""Assessment 评价: air and surface water of a period, with levels, colours, both comparisons and doubts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from huanzhi.assess.basin import Change
from huanzhi.assess.explanation import cautions
from huanzhi.atlas import legends
from huanzhi.library.documents import Table as DocumentTable
from huanzhi.library.series import Feature, Store
from huanzhi.messages import catalogue, language, text
from huanzhi.programmes import assessing
from huanzhi.programmes.air_cities import AUTO, By
from huanzhi.programmes.assessing.air_periods import percent_change
from huanzhi.programmes.status_report.words import level_name
from huanzhi.programmes.water_sections import water_item
from huanzhi.standards.air import ITEMS, Item, Level, aqi_rule
from huanzhi.standards.periods import Period, to_china
from huanzhi.web.api import assess_tables
from huanzhi.web.api.assess_shapes import (
    AirAsked,
    AirOut,
    AirRowOut,
    Asked,
    ItemOut,
    LatestOut,
    LevelOut,
    LimitingOut,
    PeriodOut,
    SectionOut,
    WaterOut,
)
from huanzhi.web.api.lists import document
from huanzhi.web.api.papers import paper
from huanzhi.web.api.reading import read, read_seen

router = Router(tags=["assess"])
Out = TypeVar("Out", AirOut, WaterOut)
AIR_SHORT, AIR_LONG, WATER = assess_tables.air_short, assess_tables.air_long, assess_tables.water


@router.get("assess/air", response=AirOut)
def assess_air(request: HttpRequest, asked: Query[AirAsked]) -> HttpResponse:
    """Assess the air of an hour, day, month, quarter or year, as JSON or as a file."""
    when = assessing.parse_when(asked.period)
    by = "station" if when.hour is not None else asked.by
    reads = read_seen if by == "station" else read
    if when.kind in ("hour", "day"):
        return _answer(request, asked, lambda store: _short(store, asked, when, by), AIR_SHORT, reads)
    return _answer(request, asked, lambda store: _long(store, asked, when), AIR_LONG, reads)


@router.get("assess/water", response=WaterOut)
def assess_water(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """Assess the surface water of a day, month, quarter or year, as JSON or as a file."""
    when = assessing.parse_when(asked.period)
    return _answer(request, asked, lambda store: _water(store, asked, when), WATER, read_seen)


@router.get("assess/latest", response=LatestOut)
def get_latest(request: HttpRequest) -> HttpResponse:
    """Return the newest hour, day and month that anything was reported of, to begin with."""

    def work(store: Store) -> dict[str, str | None]:
        periods = store.summary().periods
        last = {str(name): to_china(found[2]) for name, found in periods.items()}
        newest = max(last.values(), default=None)
        hour = last.get("hour", newest)
        return {
            "hour": f"{hour:%Y-%m-%dT%H}" if hour else None,
            "day": f"{newest:%Y-%m-%d}" if newest else None,
            "month": f"{newest:%Y-%m}" if newest else None,
        }

    return document(request, read(request, "assessment", work))


def _answer(
    request: HttpRequest,
    asked: Asked,
    work: Callable[[Store], Out],
    table: Callable[[Out], DocumentTable],
    reads: Callable[..., Any],
) -> HttpResponse:
    def made(store: Store) -> Out | HttpResponse:
        out = work(store)
        if asked.format is None:
            return out
        mark = text("rankings.mark_simulated") if out.simulated else ""
        return paper([table(out)], asked.format, f"assessment-{out.period.code}", mark=mark)

    found = reads(request, "assessment", made)
    return found if isinstance(found, HttpResponse) else document(request, found.model_dump())


def _period(when: assessing.When) -> PeriodOut:
    return PeriodOut(
        code=when.code(),
        kind=when.kind,
        words=when.words(),
        previous=when.previous().code(),
        year_before=when.year_before().code(),
    )


def _level(level: Level | None) -> LevelOut | None:
    if level is None:
        return None
    return LevelOut(
        number=level.number,
        name=level_name(level),
        colour=level.hex,
        lowest=level.lowest,
        highest=level.highest,
    )


def _short(store: Store, asked: AirAsked, when: assessing.When, by: By) -> AirOut:
    found = assessing.assess_air(store, when, by=by, edition=asked.edition, region=asked.within)
    rows = [_short_row(row) for row in found.rows]
    return AirOut(
        period=_period(when),
        by=by,
        editions=[found.edition.number],
        forced=asked.edition != AUTO,
        levels=[one for level in found.rule.levels if (one := _level(level))],
        rows=sorted(rows, key=lambda row: (row.aqi is None, -(row.aqi or 0), row.name)),
        silent=list(found.silent),
        simulated=any(row.simulated for row in rows),
        cautions=list(cautions(found.tables())),
    )


def _short_row(row: assessing.AirRow) -> AirRowOut:
    items = [
        ItemOut(item=item, value=_shown(row.values[item]), unit=item.parameter.unit, iaqi=row.iaqi[item])
        for item in ITEMS
    ]
    return AirRowOut(
        key=row.key,
        name=row.name,
        region=_region(row.features),
        simulated=row.simulated,
        points=len(row.features),
        aqi=row.aqi,
        level=_level(row.level),
        primary=list(row.primary),
        missing=list(row.missing),
        flagged=list(row.flagged),
        items=items,
        aqi_previous=row.previous,
        aqi_year_before=row.year_before,
    )


def _long(store: Store, asked: AirAsked, when: assessing.When) -> AirOut:
    found = assessing.assess_air_period(store, when, by=asked.by, edition=asked.edition, region=asked.within)
    rules = found.ranking.rules
    judging = assessing.index_edition(when.span.last, asked.edition)
    levels = aqi_rule(judging, Period.DAY).levels
    return AirOut(
        period=_period(when),
        by=asked.by,
        editions=[judging.number, rules.evaluation.number, rules.limits.number, rules.ranking.number],
        forced=asked.edition != AUTO,
        levels=[one for level in levels if (one := _level(level))],
        rows=[_long_row(row, found) for row in found.rows],
        silent=list(found.ranking.silent),
        simulated=found.ranking.simulated,
        cautions=list(cautions(rules.tables())),
    )


def _long_row(row: assessing.AirPeriod, found: assessing.AirPeriods) -> AirRowOut:
    days, rates, former, past = row.ranked.days, row.rates, row.previous, row.year_before
    return AirRowOut(
        key=days.features[0].code if found.by == "station" else days.name,
        name=days.name,
        region=_region(days.features),
        simulated=days.simulated,
        points=days.points,
        source=text(f"rankings.source_{days.source}", points=days.points),
        items=[_long_item(item, row, found) for item in ITEMS],
        valid_days=rates.valid,
        good_days=rates.good,
        good_rate=_shown(rates.rate),
        good_rate_previous=_shown(former.rate if former else None),
        good_rate_year_before=_shown(past.rate if past else None),
        levels={str(number): count for number, count in rates.levels.items()},
        primary_days={str(item): count for item, count in rates.primary.items()},
        index=_shown(row.ranked.index),
        index_previous=_shown(former.index if former else None),
        index_year_before=_shown(past.index if past else None),
        change_previous=_shown(percent_change(row.ranked.index, former.index if former else None)),
        change_year_before=_shown(percent_change(row.ranked.index, past.index if past else None)),
        main=list(row.ranked.main),
        reasons=list(row.ranked.reasons),
    )


def _long_item(item: Item, row: assessing.AirPeriod, found: assessing.AirPeriods) -> ItemOut:
    figure, term = row.ranked.items[item], found.terms[ITEMS.index(item)]
    bound = Decimal(term.limit.numerator) / Decimal(term.limit.denominator)
    return ItemOut(
        item=item,
        value=_shown(figure.value),
        unit=item.parameter.unit,
        index=_shown(figure.index),
        limit=f"{bound.normalize():f}",
        within=row.within[item],
        percentile=term.percentile,
        valid_days=figure.days,
        needed=figure.needed,
        previous=_shown(row.previous.items[item] if row.previous else None),
        year_before=_shown(row.year_before.items[item] if row.year_before else None),
    )


def _water(store: Store, asked: Asked, when: assessing.When) -> WaterOut:
    found = assessing.assess_water(store, when, asked.within)
    figures = found.figures
    day = when.span.last
    grades = legends.grades("surface_water", day)
    levels = {
        grade.short: LevelOut(number=grade.level, name=grade.name, colour=grade.colour) for grade in grades
    }
    counted = figures.rules.classes if figures else ()
    verdict = figures.verdict.grade if figures else None
    return WaterOut(
        period=_period(when),
        editions=[figures.rules.edition.number, figures.rules.evaluation.number] if figures else [],
        levels=list(levels.values()),
        shares=dict(zip(counted, figures.shares.counts, strict=True)) if figures else {},
        shares_year_before=dict(zip(counted, figures.before.counts, strict=True))
        if figures and figures.before
        else {},
        verdict=_verdict(verdict),
        change=_words(figures.change) if figures and figures.change else "",
        exceeding={water_item(item): number for item, number in figures.exceeding.items()} if figures else {},
        rows=[_section(row, levels) for row in found.rows],
        silent=[feature.name for feature in figures.silent] if figures else [],
        simulated=any(row.section.feature.simulated for row in found.rows),
        cautions=list(cautions(found.tables())),
    )


def _verdict(grade: Mapping[str, Any] | None) -> str:
    if grade is None:
        return ""
    key = f"standards_terms.word_{grade['name']}"
    return text(key) if language() == "en" and key in catalogue() else str(grade["name"])


def _words(change: Change) -> str:
    return change.name_en if language() == "en" else change.name


def _section(row: assessing.SectionRow, levels: Mapping[str, LevelOut]) -> SectionOut:
    one, feature = row.section, row.section.feature
    target = str(feature.attributes.get("target", ""))
    limiting = [
        LimitingOut(
            item=water_item(each.name), value=each.value, unit=each.unit, multiple=_shown(each.multiple)
        )
        for each in row.limiting
    ]
    return SectionOut(
        key=feature.code,
        name=feature.name,
        region=feature.region or feature.province,
        basin=feature.basin,
        kind="lake" if one.lake else "river",
        simulated=feature.simulated,
        samples=one.samples,
        level=levels.get(one.name),
        grade=one.name,
        limiting=limiting,
        skipped=[water_item(item) for item in row.skipped],
        doubtful=[water_item(item) for item in one.doubtful],
        previous=row.previous,
        year_before=one.before,
        change=_words(one.change) if one.change else "",
        target=target,
        target_met=_met(one.number, target, levels),
    )


def _met(number: int, target: str, levels: Mapping[str, LevelOut]) -> bool | None:
    """Return whether a class is at its target; None where there is no target or no class."""
    wanted = levels.get(target.removesuffix("类"))
    return None if wanted is None or not number else number <= wanted.number


def _region(features: Sequence[Feature]) -> str:
    return features[0].region if features else ""


def _shown(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
