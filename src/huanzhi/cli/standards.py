"""``huanzhi standards``: the standards held, their editions, their tables and how far each is confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import click

from huanzhi import standards
from huanzhi.cli.output import emit_json, emit_table, json_option
from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.standards import Edition, Provenance, Standard, Table, Words
from huanzhi.standards.periods import CHINA
from huanzhi.standards.wording import days_words, grid, heading, term, unit_words

_SUBJECTS = (
    "air", "water", "groundwater", "sea", "soil", "noise", "emission_water", "emission_air",
    "quality", "tax", "law", "codes",
)  # fmt: skip


@click.group(name="standards", help=text("standards_cli.help"))
def command() -> None:
    """Hold the commands that print the standards."""


@command.command("list", help=text("standards_cli.help_list"))
@click.option("--subject", default="", metavar="SUBJECT", help=text("standards_cli.help_subject"))
@click.option("--date", "day", default="", metavar="YYYY-MM-DD", help=text("standards_cli.help_date"))
@json_option
def list_standards(subject: str, day: str, as_json: bool) -> None:
    """Print every edition, with its days in force and its confidence."""
    on = _day(day)
    found = _of(subject)
    if as_json:
        emit_json({"date": on, "standards": [_listed(held, on) for held in found]})
        return
    keys = ("number", "title", "subject", "days", "in_force", "confidence")
    rows = [_line(held, edition, on) for held in found for edition in held.editions]
    emit_table([heading(key) for key in keys], rows)
    click.echo(text("standards_cli.on_date", date=on.isoformat()))
    editions = [edition for held in found for edition in held.editions]
    weak = sum(not table.confirmed for edition in editions for table in _tables(edition))
    if weak:
        click.echo(text("standards_cli.weak", number=weak))


@command.command("show", help=text("standards_cli.help_show"))
@click.argument("number")
@click.option("--date", "day", default="", metavar="YYYY-MM-DD", help=text("standards_cli.help_date"))
@click.option("--edition", "year", default="", metavar="YEAR", help=text("standards_cli.help_edition"))
@json_option
def show(number: str, day: str, year: str, as_json: bool) -> None:
    """Print one edition with all its tables."""
    on = _day(day)
    edition = _edition(number, year, on)
    if as_json:
        emit_json(_document(edition, on))
        return
    for line in _head(edition, on):
        click.echo(line)
    for table in _tables(edition):
        click.echo()
        for line in _table_head(table, edition, on):
            click.echo(line)
        emit_table(*grid(table))


def _of(subject: str) -> list[Standard]:
    """Return the standards of a subject, of a group of subjects (``emission``) or all, subject by subject."""
    held = standards.all_standards().values()
    found = [each for each in held if subject in ("", each.subject, each.subject.partition("_")[0])]
    if not found:
        known = ", ".join(dict.fromkeys(each.subject for each in sorted(held, key=_order)))
        raise InputError("standards_cli.no_subject", value=subject, expected=known)
    return sorted(found, key=_order)


def _order(held: Standard) -> int:
    return _SUBJECTS.index(held.subject)


def _day(given: str) -> date:
    if not given:
        return datetime.now(CHINA).date()
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise InputError("standards_cli.not_a_date", value=given, expected="YYYY-MM-DD") from None


def _edition(number: str, year: str, on: date) -> Edition:
    """Return the edition meant: by --edition, by a full number such as GB 3095-2012, or by the date."""
    if year:
        return standards.edition(number, year)
    for held in standards.all_standards().values():
        for edition in held.editions:
            if standards.same_number(number, edition.number) and not standards.same_number(number, held.id):
                return edition
    return standards.in_force(number, on, early=True)


def _line(held: Standard, edition: Edition, on: date) -> tuple[str, ...]:
    subject = text(f"standards_cli.subject_{held.subject}")
    return (
        edition.number,
        edition.title.text(),
        subject,
        days_words(edition.interval),
        _state(edition, on),
        _worst(edition),
    )


def _state(edition: Edition, on: date) -> str:
    """Return whether the edition judges the day, in words."""
    if on in edition.interval:
        return text("standards_cli.yes")
    return text("standards_cli.early") if edition.early and on in edition.early else ""


def _worst(edition: Edition) -> str:
    """Return the confidence of the edition, and how many of its tables are weaker."""
    word = edition.provenance.confidence.text()
    weaker = sum(not table.confirmed for table in _tables(edition))
    if edition.provenance.confidence.confirmed and weaker:
        return text("standards_cli.some_weaker", confidence=word, number=weaker)
    return word


def _head(edition: Edition, on: date) -> Iterator[str]:
    yield f"{edition.number}  {edition.title}"
    yield text("standards_cli.in_force_from", days=days_words(edition.interval))
    if edition.early:
        yield text("standards_cli.early_days", days=days_words(edition.early))
    if on not in edition.interval:
        early = edition.early is not None and on in edition.early
        yield text(f"standards_cli.{'early' if early else 'not'}_on_date", date=on.isoformat())
    phase = edition.phase(on)
    if phase:
        days = days_words(phase.interval)
        yield text(
            "standards_cli.phase_on_date",
            date=on.isoformat(),
            phase=term(phase.id),
            days=days,
            clause=phase.clause,
        )
    yield from _origin(edition.provenance)
    yield from (text("standards_cli.note", note=note) for note in edition.notes)


def _table_head(table: Table, edition: Edition, on: date) -> Iterator[str]:
    yield text(
        "standards_cli.table",
        id=table.id,
        clause=table.clause,
        title=table.heading,
        unit=unit_words(table.unit) or text("standards_cli.no_unit"),
    )
    if table.phase:
        phase = edition.phase(on)
        key = "phase_now" if phase and phase.id == table.phase else "phase_other"
        yield text(f"standards_cli.{key}", phase=term(table.phase))
    yield from _origin(table.provenance, quiet=table.provenance == edition.provenance)
    if table.provenance.confidence.confirmed and table.weak_rows():
        yield text("standards_cli.weak_rows", number=len(table.weak_rows()))


def _origin(provenance: Provenance, quiet: bool = False) -> Iterator[str]:
    """Say how far the figures are confirmed; an unconfirmed table always says so, with its sources."""
    confirmed = provenance.confidence.confirmed
    if not confirmed:
        yield text("standards_cli.caution", confidence=provenance.confidence.text())
    elif not quiet:
        yield text("standards_cli.confidence", confidence=provenance.confidence.text())
    if provenance.note:
        yield text("standards_cli.note", note=provenance.note)
    if provenance.sources and not (confirmed and quiet):
        yield text("standards_cli.sources", sources=_listed_words(provenance.sources))


def _listed_words(sources: Iterable[Words]) -> str:
    return text("standards_cli.between_sources").join(map(str, sources))


def _tables(edition: Edition) -> Iterable[Table]:
    return (table for tables in edition.tables.values() for table in tables)


def _listed(held: Standard, on: date) -> dict[str, Any]:
    editions = [
        {**_identity(edition, on), "tables": [table.id for table in _tables(edition)]}
        for edition in held.editions
    ]
    return {
        "id": held.id,
        "title": held.title,
        "title_en": held.title_en,
        "subject": held.subject,
        "editions": editions,
    }


def _identity(edition: Edition, on: date) -> dict[str, Any]:
    phase = edition.phase(on)
    return {
        "number": edition.number,
        "edition": edition.id,
        "issued": edition.issued,
        "from": edition.interval.start,
        "to": edition.interval.end,
        "in_force": on in edition.interval,
        "phase": phase.id if phase else None,
        **_provenance(edition.provenance),
    }


def _document(edition: Edition, on: date) -> dict[str, Any]:
    return {
        "date": on,
        "standard": edition.standard,
        "title": edition.title,
        **_identity(edition, on),
        "notes": edition.notes,
        "tables": [_table_document(table) for table in _tables(edition)],
    }


def _table_document(table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "kind": table.kind,
        "clause": table.clause,
        "title": table.title,
        "unit": table.unit,
        "axis": table.axis,
        "phase": table.phase or None,
        **_provenance(table.provenance),
        "confirmed": table.confirmed,
        "rows": [dict(row) for row in table.rows],
    }


def _provenance(provenance: Provenance) -> dict[str, Any]:
    return {
        "confidence": str(provenance.confidence),
        "confirmed": provenance.confidence.confirmed,
        "sources": provenance.sources,
        "note": provenance.note,
    }
