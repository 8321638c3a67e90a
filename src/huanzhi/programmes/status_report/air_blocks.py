"""The air part of a status report: text, tables and charts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from huanzhi.library.documents import Block, Chart, Column, Heading, Paragraph, Series, Table
from huanzhi.messages import language, text
from huanzhi.programmes.rankings.air import number
from huanzhi.programmes.rankings.tables import air_table, improvement_table, items_table
from huanzhi.programmes.spans import Span
from huanzhi.programmes.status_report.air_figures import AirFigures, Pollutant
from huanzhi.programmes.status_report.words import (
    level_name,
    listed,
    percent_change,
    points_change,
    statistic_name,
    yes_no,
)
from huanzhi.standards.air import Item

MOST_LINES = 6
LEVEL_WIDTH = {"zh": 1.0, "en": 1.5}
"""Width of a column headed by the name of a level."""


def air_summary(figures: AirFigures, region: str, span: Span) -> str:
    """Return the sentences on air of the summary."""
    before = figures.before.rate if figures.before else None
    rate = text(
        "report.good_rate",
        region=region,
        rate=figures.rates.rate,
        change=points_change(figures.rates.rate, before),
    )
    fine = next(one for one in figures.pollutants if one.item is Item.PM25)
    if fine.value is None:
        return rate
    unit = fine.item.parameter.unit
    return rate + text(
        "report.fine_particles", value=fine.value, unit=unit, change=percent_change(fine.change)
    )


def air_blocks(figures: AirFigures, region: str, span: Span) -> Iterator[Block]:
    """Return the air chapter."""
    yield Heading(1, text("report.air"))
    yield Heading(2, text("report.air_days"))
    yield Paragraph(_days_text(figures, region, span))
    yield _levels_table(figures)
    yield _levels_chart(figures)
    yield _daily_index_chart(figures, span)
    yield Heading(2, text("report.air_pollutants"))
    yield Paragraph(_pollutants_text(figures))
    yield _pollutants_table(figures)
    yield _fine_chart(figures, span)
    yield Heading(2, text("report.air_primary"))
    yield Paragraph(_primary_text(figures))
    if figures.rates.primary:
        yield _primary_table(figures)
    yield Heading(2, text("report.air_ranking"))
    yield Paragraph(_ranking_text(figures))
    yield air_table(figures.ranking, items=False)
    yield items_table(figures.ranking)
    if figures.ranking.by_improvement():
        yield improvement_table(figures.ranking)


def _days_text(figures: AirFigures, region: str, span: Span) -> str:
    rates, before = figures.rates, figures.before.rate if figures.before else None
    polluted = [
        text("report.level_days", level=level_name(level), days=rates.levels[level.number])
        for level in figures.levels
        if rates.levels.get(level.number)
    ]
    return text(
        "report.days_text" if len(figures.cities) > 1 else "report.days_text_one",
        span=span.words(),
        region=region,
        cities=len(figures.cities),
        valid=rates.valid,
        good=rates.good,
        rate=rates.rate,
        change=points_change(rates.rate, before),
        levels=listed(polluted),
    )


def _levels_table(figures: AirFigures) -> Table:
    width = LEVEL_WIDTH[language()]
    columns = (
        Column(text("rankings.city"), width=1.6),
        *(Column(level_name(level), text("rankings.days"), None, width, True) for level in figures.levels),
        Column(text("report.valid"), text("rankings.days"), numeric=True),
        Column(text("report.rate"), "%", decimals=1, numeric=True, width=1.2),
    )
    rows = [
        (
            city.days.name,
            *(city.rates.levels[level.number] for level in figures.levels),
            city.rates.valid,
            city.rates.rate,
        )
        for city in figures.cities
    ]
    if len(rows) > 1:
        together = figures.rates
        levels = (together.levels[level.number] for level in figures.levels)
        rows.append((text("report.together"), *levels, together.valid, together.rate))
    return Table("levels", text("report.levels_caption"), columns, rows, text("report.levels_note"))


def _levels_chart(figures: AirFigures) -> Chart:
    names = [level_name(level) for level in figures.levels]
    days = [figures.rates.levels[level.number] for level in figures.levels]
    colours = tuple(level.hex.removeprefix("#") for level in figures.levels)
    series = Series(text("rankings.days"), days, colours)
    caption = text("report.levels_chart")
    return Chart("levels_chart", caption, "column", names, (series,), text("rankings.days"), "0", labels=True)


def _daily_index_chart(figures: AirFigures, span: Span) -> Chart:
    """Return the daily AQI: coloured columns of one city, lines of several."""
    labels = _day_labels(span)
    rows = [[number(v, 0) if v >= 0 else None for v in city.aqi.aqi.tolist()] for city in figures.cities]
    step, caption = _step(labels), text("report.aqi_chart")
    if len(rows) == 1:
        colours = {level.number: level.hex.removeprefix("#") for level in figures.levels}
        each = tuple(colours.get(level, "FFFFFF") for level in figures.cities[0].aqi.level.tolist())
        series: tuple[Series, ...] = (Series("AQI", rows[0], each),)
        return Chart("aqi_chart", caption, "column", labels, series, "AQI", "0", label_step=step)
    lines = tuple(
        Series(city.days.name, row) for city, row in list(zip(figures.cities, rows, strict=True))[:MOST_LINES]
    )
    note = text("report.most_lines", shown=MOST_LINES, number=len(rows)) if len(rows) > MOST_LINES else ""
    return Chart("aqi_chart", caption, "line", labels, lines, "AQI", "0", label_step=step, note=note)


def _day_labels(span: Span) -> list[str]:
    days = [span.first + timedelta(days=place) for place in range(span.days)]
    one_month = len({(day.year, day.month) for day in days}) == 1
    return [str(day.day) if one_month else f"{day.month}/{day.day}" for day in days]


def _step(labels: list[str]) -> int:
    """Return how many days go to one label of the axis."""
    return max(1, len(labels) // 16)


def _pollutants_text(figures: AirFigures) -> str:
    known = [one for one in figures.pollutants if one.value is not None]
    sentences = [_pollutant_phrase(one) for one in known]
    over = [str(one.item) for one in known if not one.within]
    verdict = text("report.over_limits", items=listed(over)) if over else text("report.all_within")
    lacking = [str(one.item) for one in figures.pollutants if one.value is None]
    missing = text("report.no_statistic", items=listed(lacking)) if lacking else ""
    return (
        text("rankings.semicolon").join(sentences) + text("report.stop") * bool(sentences) + verdict + missing
    )


def _pollutant_phrase(one: Pollutant) -> str:
    name = statistic_name(one.item, one.percent)
    unit = one.item.parameter.unit
    return text("report.pollutant", name=name, value=one.value, unit=unit, change=percent_change(one.change))


def _pollutants_table(figures: AirFigures) -> Table:
    columns = [
        Column(text("report.pollutant_column"), width=1.8),
        Column(text("report.unit"), width=1.0),
        Column(text("report.value"), numeric=True),
        Column(text("report.limit"), numeric=True),
        Column(text("report.judged")),
        Column(text("report.before"), numeric=True),
        Column(text("rankings.change"), "%", decimals=1, numeric=True),
    ]
    rows = [
        [
            statistic_name(one.item, one.percent),
            one.item.parameter.unit,
            one.value,
            one.limit,
            yes_no(one.within),
            one.before,
            one.change,
        ]
        for one in figures.pollutants
    ]
    if figures.without_events:
        columns.append(Column(text("report.without_events"), numeric=True))
        rows = [[*row, one.value] for row, one in zip(rows, figures.without_events, strict=True)]
    note = text(
        "report.pollutants_note",
        evaluation=figures.rules.evaluation.number,
        limits=figures.rules.limits.number,
    )
    return Table("pollutants", text("report.pollutants_caption"), tuple(columns), rows, note)


def _fine_chart(figures: AirFigures, span: Span) -> Chart:
    labels = _day_labels(span)
    series = [Series(span.words(), figures.daily)]
    if len(figures.daily_before) == len(figures.daily):
        series.append(Series(text("report.before"), figures.daily_before, ("6B7280",), stroke="thin"))
    limits = Series(text("report.daily_limit"), figures.daily_limits, ("B45309",), stroke="dashed")
    return Chart(
        "fine_chart",
        text("report.fine_chart"),
        "line",
        labels,
        (*series, limits),
        Item.PM25.parameter.unit,
        "0",
        label_step=_step(labels),
    )


def _primary_text(figures: AirFigures) -> str:
    primary = figures.rates.primary
    if not primary:
        return text("report.no_primary")
    ordered = sorted(primary.items(), key=lambda pair: -pair[1])
    words = [text("report.primary_days", item=item, days=days) for item, days in ordered]
    return text("report.primary_text", listed=listed(words))


def _primary_table(figures: AirFigures) -> Table:
    items = list(figures.rates.primary)
    columns = (
        Column(text("rankings.city"), width=1.6),
        *(Column(str(item), text("rankings.days"), numeric=True) for item in items),
    )
    rows: list[tuple[str | int, ...]] = [
        (city.days.name, *(city.rates.primary.get(item, 0) for item in items)) for city in figures.cities
    ]
    return Table("primary", text("report.primary_caption"), columns, rows, text("report.primary_note"))


def _ranking_text(figures: AirFigures) -> str:
    ranked = figures.ranking.ranked()
    if not ranked:
        return text("report.nobody_ranked")
    first, last = ranked[0], ranked[-1]
    if len(ranked) == 1:
        return text("report.one_ranked", name=first.name, index=first.index, items=listed(first.main))
    return text(
        "report.ranking_text",
        number=len(ranked),
        best=first.name,
        best_index=first.index,
        worst=last.name,
        worst_index=last.index,
    )
