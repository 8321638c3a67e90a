"""The surface-water part of a status report: text, tables and a chart."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from huanzhi.assess.basin import Change
from huanzhi.library.documents import Block, Chart, Column, Heading, Paragraph, Series, Table
from huanzhi.library.documents.layout import official
from huanzhi.messages import language, text
from huanzhi.programmes.spans import Span
from huanzhi.programmes.status_report.water_figures import SectionClass, WaterFigures
from huanzhi.programmes.status_report.words import listed, points_change
from huanzhi.programmes.water_sections import water_item

MOST_ROWS = 200


def water_summary(figures: WaterFigures) -> str:
    """Return the sentence on water of the summary."""
    now, before = figures.shares, figures.before
    return text(
        "report.water_summary",
        number=now.total,
        good=now.shown(now.good),
        change=points_change(
            now.shown(now.good), before.shown(before.good) if before and before.total else None
        ),
        worst=now.shown(now.worst),
    )


def water_blocks(figures: WaterFigures, region: str, span: Span) -> Iterator[Block]:
    """Return the surface-water chapter."""
    yield Heading(1, text("report.water"))
    yield Heading(2, text("report.water_classes"))
    yield Paragraph(_classes_text(figures, region, span))
    yield _shares_table(figures)
    yield _shares_chart(figures)
    yield Heading(2, text("report.water_limiting"))
    yield Paragraph(_exceeding_text(figures))
    if figures.exceeding:
        yield _exceeding_table(figures)
    yield _sections_table(figures)


def _classes_text(figures: WaterFigures, region: str, span: Span) -> str:
    now = figures.shares
    classes = [
        text("report.class_share", name=name, number=count, share=now.share(name))
        for name, count in zip(figures.rules.classes, now.counts, strict=True)
        if count
    ]
    sentence = text(
        "report.classes_text", span=span.words(), region=region, number=now.total, classes=listed(classes)
    )
    grade = figures.verdict.grade
    if grade is not None:
        name = grade.get("en", grade["name"]) if language() == "en" else grade["name"]
        sentence += text(f"report.verdict_{figures.verdict.basis}", grade=name)
    if figures.change is not None:
        sentence += text("report.water_change", change=change_name(figures.change))
    return sentence


def change_name(change: Change) -> str:
    """Return a change between two periods in words."""
    return change.name_en if language() == "en" else change.name


def _shares_table(figures: WaterFigures) -> Table:
    columns = [
        Column(text("report.class_column")),
        Column(text("report.sections"), numeric=True),
        Column(text("report.share"), "%", decimals=1, numeric=True),
    ]
    rows: list[list[str | int | Decimal | None]] = [
        [name, count, figures.shares.share(name)]
        for name, count in zip(figures.rules.classes, figures.shares.counts, strict=True)
    ]
    if figures.before is not None and figures.before.total:
        columns.append(Column(text("report.before"), "%", decimals=1, numeric=True))
        rows = [[*row, figures.before.share(str(row[0]))] for row in rows]
    note = text(
        "report.shares_note", limits=figures.rules.edition.number, rule=figures.rules.evaluation.number
    )
    return Table("shares", text("report.shares_caption"), tuple(columns), rows, note)


def _shares_chart(figures: WaterFigures) -> Chart:
    names = list(figures.rules.classes)
    values = [figures.shares.share(name) for name in names]
    words = (figures.rules.grade(place) for place in range(1, len(names) + 1))
    colours = tuple(official().colours[str(row["colour"])] for row in words if row is not None)
    series = Series(text("report.share"), values, colours)
    caption = text("report.shares_chart")
    return Chart("shares_chart", caption, "column", names, (series,), "%", "0.0", labels=True)


def _exceeding_text(figures: WaterFigures) -> str:
    over = [section for section in figures.sections if section.number > figures.rules.reference]
    if not over:
        return text("report.none_exceeds", reference=figures.rules.class_name(figures.rules.reference))
    items = [
        text("report.exceeding_item", item=water_item(item), number=number)
        for item, number in figures.exceeding.items()
    ]
    main = listed(map(water_item, figures.verdict.main))
    return text(
        "report.exceeding_text",
        reference=figures.rules.class_name(figures.rules.reference),
        number=len(over),
        items=listed(items),
        main=text("report.main_text", items=main) if main else "",
    )


def _exceeding_table(figures: WaterFigures) -> Table:
    over = [section for section in figures.sections if section.number > figures.rules.reference]
    columns = (
        Column(text("report.section"), width=2.0),
        Column(text("report.region"), width=1.4),
        Column(text("report.class_column"), width=0.8),
        Column(text("report.main_items"), width=2.6),
    )
    rows = [(s.feature.name, _place(s), s.name, multiples_words(s)) for s in over[:MOST_ROWS]]
    return Table(
        "exceeding", text("report.exceeding_caption"), columns, rows, _cut(len(over), "report.exceeding_note")
    )


def multiples_words(section: SectionClass) -> str:
    """Return the main pollutants of a section with their multiples."""
    return listed(
        text("report.with_multiple", item=water_item(item), multiple=multiple)
        if multiple is not None
        else water_item(item)
        for item, multiple in section.multiples
    )


def _place(section: SectionClass) -> str:
    return section.feature.region or section.feature.province


def _change_columns() -> tuple[Column, Column]:
    return Column(text("report.before"), width=0.9), Column(text("report.change_column"), width=1.7)


def _sections_table(figures: WaterFigures) -> Table:
    compared = any(one.before for one in figures.sections)
    columns = (
        Column(text("report.section"), width=2.1),
        Column(text("report.region"), width=1.4),
        Column(text("report.basin"), width=1.4),
        Column(text("report.kind"), width=0.9),
        Column(text("report.class_column"), width=0.9),
        Column(text("report.limiting_items"), width=2.0),
        *(_change_columns() if compared else ()),
    )
    rows = [
        (
            one.feature.name,
            _place(one),
            one.feature.basin,
            text("report.lake" if one.lake else "report.river"),
            one.name or None,
            listed(map(water_item, one.limiting)) or None,
            *((one.before or None, change_name(one.change) if one.change else None) if compared else ()),
        )
        for one in figures.sections[:MOST_ROWS]
    ]
    note = _cut(len(figures.sections), "report.sections_note")
    return Table("sections", text("report.sections_caption"), columns, rows, note)


def _cut(number: int, key: str) -> str:
    cut = text("report.cut", shown=MOST_ROWS, number=number) if number > MOST_ROWS else ""
    return text(key) + cut
