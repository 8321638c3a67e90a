"""Looking standards up 查标准: lists, one edition in words, search by number, clause or word."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from huanzhi import standards
from huanzhi.errors import InputError
from huanzhi.library import documents
from huanzhi.messages import language, text
from huanzhi.standards import Edition, Provenance, Standard, Table
from huanzhi.standards.parameters import Parameter, all_parameters, plain
from huanzhi.standards.wording import grid, known_word, term, unit_words

SUBJECTS = (
    "air", "water", "groundwater", "sea", "soil", "noise", "emission_water", "emission_air",
    "quality", "tax", "law", "codes",
)  # fmt: skip
LONG_LISTS = ("GB/T 2260", "HZ UNITS")
"""Lists whose rows are found last."""

Line = dict[str, Any]


def day_of(given: str) -> date:
    """Return the day of an ISO date.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise InputError("standards_cli.not_a_date", value=given, expected="YYYY-MM-DD") from None


def subjects() -> list[dict[str, str]]:
    """Return the subjects with their names, in the order of work."""
    known = {held.subject for held in standards.all_standards().values()}
    return [{"value": one, "name": _subject(one)} for one in SUBJECTS if one in known]


def listed(q: str, subject: str, day: date) -> list[Line]:
    """Return the standards of a subject whose number or title holds `q`, with their editions."""
    held = standards.all_standards().values()
    found = [one for one in held if subject in ("", one.subject, one.subject.partition("_")[0])]
    fitting = [one for one in found if _fits(one, q)]
    return [_standard(one, day) for one in sorted(fitting, key=lambda one: SUBJECTS.index(one.subject))]


def _fits(held: Standard, q: str) -> bool:
    numbers = (edition.number for edition in held.editions)
    titles = (str(edition.title.zh) for edition in held.editions)
    return any(plain(q) in plain(words) for words in (held.id, held.title, held.title_en, *numbers, *titles))


def _subject(subject: str) -> str:
    return text(f"standards_cli.subject_{subject}")


def _standard(held: Standard, day: date) -> Line:
    return {
        "id": held.id,
        "title": held.title_en if language() == "en" else held.title,
        "subject": held.subject,
        "subject_name": _subject(held.subject),
        "editions": [edition_line(edition, day) for edition in held.editions],
    }


def edition_line(edition: Edition, day: date) -> Line:
    """Return one edition with its days, phases and confidence."""
    tables = list(tables_of(edition))
    early = edition.early
    return {
        "edition": edition.id,
        "number": edition.number,
        "title": edition.title.text(),
        "issued": edition.issued,
        "start": edition.interval.start.isoformat(),
        "end": _iso(edition.interval.end),
        "early_start": _iso(early.start) if early else None,
        "early_end": _iso(early.end) if early else None,
        "state": state(edition, day),
        "phases": [
            {
                "id": phase.id,
                "name": term(phase.id),
                "clause": phase.clause,
                "start": phase.interval.start.isoformat(),
                "end": _iso(phase.interval.end),
                "now": day in phase.interval,
            }
            for phase in edition.phases
        ],
        "confidence": edition.provenance.confidence.text(),
        "confirmed": edition.provenance.confidence.confirmed,
        "weak_tables": sum(not table.confirmed for table in tables),
        "tables": [{"id": table.id, "title": table.heading, "clause": table.clause} for table in tables],
    }


def state(edition: Edition, day: date) -> str:
    """Return ``in_force``, ``early``, ``coming`` or ``ended`` on a day."""
    if day in edition.interval:
        return "in_force"
    if edition.early is not None and day in edition.early:
        return "early"
    return "coming" if day < edition.interval.start else "ended"


def edition_of(number: str, year: str, day: date) -> Edition:
    """Return the edition meant: by its year, by a full number such as GB 3095-2012, else by the day.

    Raises
    ------
    StandardError
        If there is none.
    """
    if year:
        return standards.edition(number, year)
    for held in standards.all_standards().values():
        for edition in held.editions:
            if standards.same_number(number, edition.number) and not standards.same_number(number, held.id):
                return edition
    return standards.in_force(number, day, early=True)


def edition_document(edition: Edition, day: date) -> Line:
    """Return an edition with all its tables in words."""
    phase = edition.phase(day)
    return {
        **edition_line(edition, day),
        "standard": edition.standard,
        "date": day.isoformat(),
        "phase": term(phase.id) if phase else "",
        "note": edition.provenance.note.text(),
        "notes": [note.text() for note in edition.notes],
        "sources": _sources(edition.provenance),
        "content": [table_document(table, edition, day) for table in tables_of(edition)],
    }


def table_document(table: Table, edition: Edition, day: date) -> Line:
    """Return a table in words with how far it is confirmed."""
    columns, rows = grid(table)
    phase = edition.phase(day)
    return {
        "id": table.id,
        "title": table.heading,
        "clause": table.clause,
        "unit": unit_words(table.unit),
        "phase": term(table.phase) if table.phase else "",
        "phase_now": (phase is not None and phase.id == table.phase) if table.phase else None,
        "confidence": table.provenance.confidence.text(),
        "confirmed": table.confirmed,
        "note": table.provenance.note.text(),
        "sources": _sources(table.provenance),
        "weak_rows": len(table.weak_rows()),
        "columns": columns,
        "rows": rows,
    }


def papers(edition: Edition, wanted: str) -> Iterator[documents.Table]:
    """Yield the tables of an edition, or the one that is wanted, for a file.

    Raises
    ------
    StandardError
        If the edition has no such table.
    """
    tables = edition.tables[wanted] if wanted in edition.tables else tuple(tables_of(edition))
    if wanted and wanted not in edition.tables:
        edition.table(wanted)
    for table in tables:
        columns, rows = grid(table)
        caption = " ".join(filter(None, (edition.number, table.clause, table.heading, table.phase)))
        note = "" if table.confirmed else table.provenance.confidence.text()
        yield documents.Table(table.id, caption, tuple(map(documents.Column, columns)), rows, note)


def tables_of(edition: Edition) -> Iterable[Table]:
    """Return all tables of an edition, those of every phase."""
    return (table for tables in edition.tables.values() for table in tables)


def hits(q: str) -> list[Line]:
    """Return the tables and rows in which a number, clause or word stands; numbers and clauses first."""
    wanted = _Wanted.of(q)
    if not wanted.folded:
        return []
    found = [hit for edition in _editions() for hit in _edition_hits(edition, wanted)]
    return sorted(found, key=lambda hit: (hit["standard"] in LONG_LISTS, hit["rank"]))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is looked for: as written, and in the form by which names are compared where it has letters."""

    folded: str
    plain: str

    @classmethod
    def of(cls, q: str) -> _Wanted:
        folded = _folded(q)
        return cls(folded, plain(q) if any(letter.isalpha() for letter in folded) else "")

    def stands_in(self, words: str) -> bool:
        return self.folded in _folded(words) or bool(self.plain and self.plain in plain(words))


def _folded(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).casefold().split())


def _editions() -> Iterator[Edition]:
    for held in standards.all_standards().values():
        yield from held.editions


def _edition_hits(edition: Edition, wanted: _Wanted) -> Iterator[Line]:
    if wanted.stands_in(edition.number) or wanted.stands_in(edition.title.zh + edition.title.en):
        yield _hit(edition, None, "", 0)
    for table in tables_of(edition):
        if wanted.stands_in(table.clause) or wanted.stands_in(table.title.zh + table.title.en):
            yield _hit(edition, table, "", 1)
        for row in table.rows:
            if words := _row_words(row, wanted):
                yield _hit(edition, table, words, 2)


def _row_words(row: Mapping[str, Any], wanted: _Wanted) -> str:
    """Return the name of a row that holds the word, empty where it does not."""
    lists = (value if isinstance(value, list | tuple) else (value,) for value in row.values())
    fits = any(wanted.stands_in(one) for values in lists for one in values if isinstance(one, str))
    return (known_word(str(row["name"])) or str(row["name"])) if fits else ""


def _hit(edition: Edition, table: Table | None, row: str, rank: int) -> Line:
    return {
        "standard": edition.standard,
        "edition": edition.id,
        "number": edition.number,
        "title": edition.title.text(),
        "table": table.id if table else "",
        "table_title": table.heading if table else "",
        "clause": table.clause if table else "",
        "row": row,
        "rank": rank,
    }


def parameters(q: str, medium: str) -> list[Line]:
    """Return the parameters whose code, name, symbol or alias holds `q`."""
    wanted = plain(q)
    return [
        _parameter(one)
        for one in all_parameters().values()
        if medium in ("", one.medium) and (not wanted or any(wanted in words for words in one.spellings()))
    ]


def _parameter(one: Parameter) -> Line:
    return {
        "code": one.code,
        "name": one.name,
        "name_en": one.name_en,
        "symbol": one.symbol,
        "unit": unit_words(one.unit),
        "decimals": one.decimals,
        "medium": one.medium,
        "aliases": list(one.aliases),
        "old_code": one.old_code,
        "cas": one.cas,
        "national": one.national,
        "confidence": one.provenance.confidence.text(),
        "confirmed": one.provenance.confidence.confirmed,
        "note": str(one.provenance.note),
    }


def _sources(provenance: Provenance) -> list[str]:
    return [source.text() for source in provenance.sources]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
