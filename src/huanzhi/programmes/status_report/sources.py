"""What a report stands on: who reported, which batches, which standards, and what is not confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from huanzhi.library.documents import Column, Table
from huanzhi.library.series import Batch, Feature, Store
from huanzhi.messages import text
from huanzhi.programmes.spans import Span
from huanzhi.programmes.status_report.air_figures import AirFigures
from huanzhi.programmes.status_report.water_figures import WaterFigures
from huanzhi.standards import Edition, standard
from huanzhi.standards import Table as Rule
from huanzhi.standards.periods import CHINA

MOST_NAMED = 30
Judged = tuple[Edition, Rule]


def coverage_table(air: AirFigures | None, water: WaterFigures | None, span: Span) -> Table:
    """Return who reported how much."""
    columns = (
        Column(text("report.reporter"), width=2.0),
        Column(text("report.subject"), width=1.2),
        Column(text("rankings.source"), width=1.6),
        Column(text("report.due"), numeric=True),
        Column(text("report.arrived"), numeric=True),
        Column(text("report.coverage"), "%", decimals=1, numeric=True),
    )
    rows: list[tuple[str | int | None, ...]] = []
    for row in air.ranking.rows if air else ():
        days = row.days
        source = text(f"rankings.source_{days.source}", points=days.points)
        share = round(100 * days.valid_days / span.days, 1)
        rows.append(
            (days.name, text("report.air_days_unit"), source, span.days, days.valid_days, f"{share:.1f}")
        )
    if water:
        due, arrived = len(water.sections) + len(water.silent), len(water.sections)
        name = text("report.all_sections")
        share = round(100 * arrived / due, 1)
        rows.append((name, text("report.sections"), text("report.sections"), due, arrived, f"{share:.1f}"))
    note = _silent("sections", [feature.name for feature in water.silent] if water else [])
    note += _silent("cities", air.ranking.silent if air else ())
    return Table(
        "coverage", text("report.coverage_caption"), columns, rows, text("report.coverage_note") + note
    )


def _silent(what: str, names: Sequence[str]) -> str:
    """Name those that reported nothing, the first of them where they are many."""
    if not names:
        return ""
    listed = text("rankings.comma").join(names[:MOST_NAMED])
    return text(f"report.silent_{what}", number=len(names), names=listed)


def batches_of(store: Store, features: Sequence[Feature], spans: Iterable[Span]) -> list[Batch]:
    """Return the batches whose rows stand in the spans at these places, oldest first."""
    codes = [feature.code for feature in features]
    revisions: set[int] = set()
    for span in spans:
        rows = store.range(codes, None, None, span.start, span.end)
        revisions.update(rows.column("revision").unique().to_pylist())
    return [batch for batch in store.batches() if batch.receipt.revision in revisions]


def batches_table(batches: Sequence[Batch]) -> Table:
    """Return the files that the figures come from."""
    columns = (
        Column(text("report.file"), width=2.2),
        Column(text("report.format"), width=1.2),
        Column(text("report.sha256"), width=2.6),
        Column(text("report.imported"), width=1.5),
        Column(text("report.rows"), numeric=True, width=1.1),
        Column(text("report.revision"), numeric=True, width=0.7),
        Column(text("report.is_simulated"), width=0.8),
    )
    rows = [
        (
            batch.source.name,
            batch.source.format,
            batch.source.sha256,
            f"{batch.at.astimezone(CHINA):%Y-%m-%d %H:%M}",
            batch.receipt.received,
            batch.receipt.revision,
            text("report.yes") if batch.source.simulated else text("report.no"),
        )
        for batch in batches
    ]
    return Table("batches", text("report.batches_caption"), columns, rows, text("report.batches_note"))


def rules_used(air: AirFigures | None, water: WaterFigures | None) -> list[Judged]:
    """Return the tables by which the figures were judged, with the edition each stands in."""
    found: list[Judged] = []
    if air:
        rules = air.rules
        day = max(air.ranking.span.last, rules.limits.interval.start)
        found += [(rules.limits, rules.limits.table("limits", day))]
        found += _of(rules.evaluation, "statistics", "validity", "city_points", "decimals")
        found += _of(rules.ranking, "index", f"weights_{rules.preset}", "ranking", "ranking_decimals")
        editions = {id(part): part for part in _index_editions(air)}
        for edition in editions.values():
            found += _of(edition, "breakpoints_day", "missing_data", "levels")
    if water:
        found += _of(water.rules.edition, "table1", "table1_lake")
        found += _of(
            water.rules.evaluation, "evaluated_items", "section_grades", "basin_grades", "main_pollutants"
        )
    return found


def _of(edition: Edition, *names: str) -> list[Judged]:
    return [(edition, table) for name in names for table in edition.tables.get(name, ())[:1]]


def _index_editions(air: AirFigures) -> Iterable[Edition]:
    """Return the editions of HJ 633 that judged days of the span."""
    span = air.ranking.span
    for edition in standard("HJ 633").editions:
        stretch = edition.interval
        early = edition.early.start if edition.early else stretch.start
        if early <= span.last and (stretch.end is None or stretch.end >= span.first):
            yield edition


def rules_table(used: Sequence[Judged]) -> Table:
    """Return the standards with edition, clause and how far each table is confirmed."""
    columns = (
        Column(text("report.standard"), width=2.0),
        Column(text("report.table"), width=2.4),
        Column(text("report.clause"), width=1.2),
        Column(text("report.confidence"), width=1.8),
        Column(text("report.remark"), width=3.0),
    )
    rows = [
        (
            edition.number,
            table.heading,
            table.clause or None,
            table.provenance.confidence.text(),
            table.provenance.note.text() or None,
        )
        for edition, table in used
    ]
    return Table("rules", text("report.rules_caption"), columns, rows, text("report.rules_note"))


def unconfirmed(used: Sequence[Judged]) -> list[str]:
    """Name the tables that are not confirmed, each once."""
    named = {
        text(
            "report.unconfirmed_one",
            number=edition.number,
            title=table.heading,
            confidence=table.provenance.confidence.text(),
        ): None
        for edition, table in used
        if not table.provenance.confidence.confirmed
    }
    return list(named)
