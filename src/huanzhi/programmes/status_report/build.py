"""Building a status report: from the store to one document and its figures for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.documents import Block, Document, Heading, Paragraph
from huanzhi.library.series import Feature, Store
from huanzhi.messages import language, text
from huanzhi.programmes.air_cities import AUTO
from huanzhi.programmes.rankings.tables import air_payload
from huanzhi.programmes.spans import Span
from huanzhi.programmes.status_report.air_blocks import air_blocks, air_summary
from huanzhi.programmes.status_report.air_figures import AirFigures, DayRates, air_figures
from huanzhi.programmes.status_report.sources import (
    batches_of,
    batches_table,
    coverage_table,
    rules_table,
    rules_used,
    unconfirmed,
)
from huanzhi.programmes.status_report.water_blocks import water_blocks, water_summary
from huanzhi.programmes.status_report.water_figures import WaterFigures, water_figures

MOST_REGIONS = 12


@dataclass(frozen=True, slots=True)
class StatusReport:
    """A status report: the document, and the same figures for programs."""

    document: Document
    payload: dict[str, Any]


def status_report(
    store: Store,
    span: Span,
    region: str | None,
    *,
    today: date,
    edition: str = AUTO,
    events: Sequence[date] = (),
    issuer: str = "",
) -> StatusReport:
    """Build the status report of a region over a span, in the reader's language.

    Parameters
    ----------
    region : str or None
        City, province, basin or region code; None for all that the store holds.
    today : date
        Date of the document.
    events : sequence of date
        Days of exceptional events; figures are given with and without them.

    Raises
    ------
    InputError
        If the store has no such region (the known ones are listed), or nothing was reported in the span.
    """
    _known_region(store, region)
    air = air_figures(store, span, region, edition=edition, events=events)
    water = water_figures(store, span, region)
    if air is None and water is None:
        raise InputError("report.nothing_reported", value=span.code(), region=region_words(region))
    features = _features(air, water)
    simulated = any(feature.simulated for feature in features)
    mark = text("rankings.mark_simulated") if simulated else ""
    used = rules_used(air, water)
    batches = batches_of(store, features, (span, span.year_before()))
    name = region_words(region)
    document = Document(
        title=_title(name, span, mark),
        blocks=tuple(_body(air, water, name, span, events, unconfirmed(used))),
        language=language(),
        mark=mark,
        signature=issuer,
        date=text("report.date", year=today.year, month=today.month, day=today.day, month_name=f"{today:%B}"),
        annexes=((text("report.sources"), (batches_table(batches), rules_table(used))),),
    )
    return StatusReport(document, _payload(air, water, name, span, simulated, used_words=unconfirmed(used)))


def region_words(region: str | None) -> str:
    """Return a region as the report calls it."""
    return region or text("report.all_regions")


def known_regions(store: Store) -> list[str]:
    """Return every city, province and basin that the store has places in."""
    names = {name for f in store.features() for name in (f.region, f.province, f.basin) if name}
    return sorted(names)


def _known_region(store: Store, region: str | None) -> None:
    if region is None or (region.isdigit() and store.features(region=region)):
        return
    known = {name.removesuffix("市"): name for name in known_regions(store)}
    if region.removesuffix("市") not in known:
        like = sorted(known.values(), key=lambda name: -len({*name} & {*region.removesuffix("市")}))
        listed = text("rankings.comma").join(like[:MOST_REGIONS]) or text("report.no_region_at_all")
        raise InputError("report.unknown_region", value=region, number=len(known), known=listed)


def _features(air: AirFigures | None, water: WaterFigures | None) -> list[Feature]:
    found = [feature for city in air.cities for feature in city.days.features] if air else []
    return found + [section.feature for section in water.sections] if water else found


def _title(region: str, span: Span, mark: str) -> str:
    title = text("report.title", region=region, span=span.words())
    return title + (text("report.in_caption", mark=mark) if mark else "")


def _body(
    air: AirFigures | None,
    water: WaterFigures | None,
    region: str,
    span: Span,
    events: Sequence[date],
    doubts: Sequence[str],
) -> list[Block]:
    summary = [air_summary(air, region, span)] if air else [text("report.no_air")]
    summary.append(water_summary(water) if water else text("report.no_water"))
    blocks: list[Block] = [
        Heading(1, text("report.summary")),
        Paragraph(text("report.summary_text", span=span.words(), sentences="".join(summary))),
    ]
    if air:
        blocks += air_blocks(air, region, span)
    if water:
        blocks += water_blocks(water, region, span)
    blocks += [Heading(1, text("report.data")), Paragraph(text("report.data_text"))]
    blocks += [coverage_table(air, water, span), *_remarks(events, doubts)]
    return blocks


def _remarks(events: Sequence[date], doubts: Sequence[str]) -> list[Block]:
    days = text("rankings.comma").join(day.isoformat() for day in events)
    remarks = [text("report.events", days=days) if events else text("report.no_events")]
    if doubts:
        remarks.append(text("report.doubts", listed=text("rankings.semicolon").join(doubts)))
    return [Heading(1, text("report.remarks")), *(Paragraph(remark) for remark in remarks)]


def _payload(
    air: AirFigures | None,
    water: WaterFigures | None,
    region: str,
    span: Span,
    simulated: bool,
    *,
    used_words: Sequence[str],
) -> dict[str, Any]:
    return {
        "region": region,
        "period": span.code(),
        "simulated": simulated,
        "air": _air_payload(air) if air else None,
        "water": _water_payload(water) if water else None,
        "unconfirmed": list(used_words),
    }


def _air_payload(air: AirFigures) -> dict[str, Any]:
    pollutants = [
        {
            "item": str(one.item),
            "percentile": one.percent,
            "value": one.value,
            "unit": one.item.parameter.unit,
            "limit": one.limit,
            "within": one.within,
            "before": one.before,
            "change_percent": one.change,
        }
        for one in air.pollutants
    ]
    return {
        "all": _rates_payload(air.rates),
        "last_year": _rates_payload(air.before) if air.before else None,
        "cities": [{"city": city.days.name, **_rates_payload(city.rates)} for city in air.cities],
        "pollutants": pollutants,
        "ranking": air_payload(air.ranking),
    }


def _rates_payload(rates: DayRates) -> dict[str, Any]:
    return {
        "valid_days": rates.valid,
        "good_days": rates.good,
        "good_rate_percent": rates.rate,
        "days_by_level": {str(level): days for level, days in rates.levels.items()},
        "primary_days": {str(item): days for item, days in rates.primary.items()},
    }


def _water_payload(water: WaterFigures) -> dict[str, Any]:
    classes = zip(water.rules.classes, water.shares.counts, strict=True)
    return {
        "sections": water.shares.total,
        "classes": {name: {"sections": n, "percent": water.shares.share(name)} for name, n in classes},
        "grade": water.verdict.grade["name"] if water.verdict.grade else None,
        "exceeding": dict(water.exceeding),
        "rows": [
            {
                "section": one.feature.name,
                "code": one.feature.code,
                "class": one.name,
                "limiting": list(one.limiting),
                "multiples": dict(one.multiples),
                "class_last_year": one.before,
            }
            for one in water.sections
        ],
    }
