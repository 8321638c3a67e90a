"""Reads the tables of law from the TOML files in ``data/`` and refuses damaged ones.

A file holds standards, a standard its editions, an edition its phases and tables::

    [[standard]]                # id, title, title_en, subject
    [[standard.edition]]        # id, number, from, to, issued, early, notes, confidence, sources
    [[standard.edition.phase]]  # id, from, to, clause; the phases cover the time of the edition
    [[standard.edition.table]]  # id, kind, clause, title, title_en, unit, axis, phase, rows,
                                # confidence, sources, note

Dates include both ends; an edition without ``to`` is in force. ``early`` is the time in which some places
already applied the edition. A table takes its confidence and sources from the edition unless it has its own;
a row may have a ``confidence`` and a ``note`` too. What a person reads stands in both languages: notes and
sources as ``{ zh = "…", en = "…" }``, titles as ``title`` and ``title_en``. The kinds of tables stand in
`huanzhi.standards.checks`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from huanzhi.errors import StandardError
from huanzhi.standards import checks
from huanzhi.standards.model import (
    Confidence,
    Edition,
    Interval,
    Phase,
    Provenance,
    Row,
    Standard,
    Table,
    Words,
)

_PROVENANCE_KEYS = {"confidence", "sources", "note"}
_KEYS = {
    "file": {"standard"},
    "standard": {"id", "title", "title_en", "subject", "edition"},
    "edition": {
        "id",
        "number",
        "title",
        "title_en",
        "issued",
        "from",
        "to",
        "early",
        "phase",
        "table",
        "notes",
    }
    | _PROVENANCE_KEYS,
    "early": {"from", "to"},
    "phase": {"id", "from", "to", "clause"},
    "table": {"id", "kind", "clause", "title", "title_en", "unit", "axis", "rows", "phase"}
    | _PROVENANCE_KEYS,
}
"""Keys that each part of a file may have; rows have the keys of their table."""


@cache
def all_standards() -> Mapping[str, Standard]:
    """Return every standard by its id, in the order of the ids.

    Raises
    ------
    StandardError
        If a table is damaged: a gap or overlap of dates, or a table that is not monotone.
    """
    found: dict[str, Standard] = {}
    folder = resources.files("huanzhi.standards").joinpath("data")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            for standard in read(file.read_text(encoding="utf-8"), file.name):
                if standard.id in found:
                    raise StandardError("standards.twice", file=file.name, id=standard.id)
                found[standard.id] = standard
    return MappingProxyType(dict(sorted(found.items())))


def read(content: str, file: str) -> tuple[Standard, ...]:
    """Read the standards of one TOML text; `file` is named in errors."""
    try:
        raw = tomllib.loads(content, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise StandardError("standards.not_toml", file=file, reason=error) from error
    _known(raw, "file", file)
    standards = tuple(_standard(entry, file) for entry in _need(raw, "standard", file))
    for standard in standards:
        checks.check(standard, file)
    return standards


def _standard(raw: Mapping[str, Any], file: str) -> Standard:
    _known(raw, "standard", file)
    identity, title, title_en, subject = (
        _need(raw, key, file) for key in ("id", "title", "title_en", "subject")
    )
    editions = tuple(
        _edition(entry, identity, Words(title, title_en), file) for entry in _need(raw, "edition", file)
    )
    return Standard(identity, title, title_en, subject, editions)


def _edition(raw: Mapping[str, Any], standard: str, title: Words, file: str) -> Edition:
    _known(raw, "edition", file)
    provenance = _provenance(raw, Provenance(Confidence.NOT_CONFIRMED), file)
    early = raw.get("early")
    return Edition(
        standard=standard,
        id=_need(raw, "id", file),
        number=_need(raw, "number", file),
        title=_title(raw, file) or title,
        interval=_interval(raw, file),
        provenance=provenance,
        issued=str(raw.get("issued", "")),
        phases=tuple(_phase(entry, file) for entry in raw.get("phase", ())),
        tables=_tables(raw.get("table", ()), provenance, file),
        early=_early(early, file) if early else None,
        notes=tuple(_words(note, file) for note in raw.get("notes", ())),
    )


def _phase(raw: Mapping[str, Any], file: str) -> Phase:
    _known(raw, "phase", file)
    return Phase(_need(raw, "id", file), _interval(raw, file), raw.get("clause", ""))


def _early(raw: Mapping[str, Any], file: str) -> Interval:
    _known(raw, "early", file)
    return _interval(raw, file)


def _tables(
    raw: Iterable[Mapping[str, Any]], inherited: Provenance, file: str
) -> Mapping[str, tuple[Table, ...]]:
    found: dict[str, tuple[Table, ...]] = {}
    for entry in raw:
        table = _table(entry, inherited, file)
        found[table.id] = (*found.get(table.id, ()), table)
    return MappingProxyType(found)


def _table(raw: Mapping[str, Any], inherited: Provenance, file: str) -> Table:
    _known(raw, "table", file)
    return Table(
        id=_need(raw, "id", file),
        kind=_need(raw, "kind", file),
        clause=raw.get("clause", ""),
        provenance=_provenance(raw, inherited, file),
        title=_title(raw, file),
        unit=raw.get("unit", ""),
        axis=tuple(raw.get("axis", ())),
        rows=tuple(_row(row, file) for row in raw.get("rows", ())),
        phase=raw.get("phase", ""),
    )


def _row(raw: Mapping[str, Any], file: str) -> Row:
    if "confidence" in raw:
        _confidence(raw["confidence"], file)
    read = {key: _words(value, file) if _is_words(key, value) else value for key, value in raw.items()}
    return MappingProxyType(read)


def _title(raw: Mapping[str, Any], file: str) -> Words:
    if "title" not in raw and "title_en" not in raw:
        return Words()
    return _words({"zh": raw.get("title"), "en": raw.get("title_en")}, file)


def _is_words(key: str, value: Any) -> bool:
    return key == "note" or (isinstance(value, dict) and bool(value.keys() & {"zh", "en"}))


def _words(raw: Any, file: str) -> Words:
    """Read what stands in both languages; one language alone is refused."""
    both = isinstance(raw, dict) and set(raw) == {"zh", "en"}
    if not both or not all(isinstance(part, str) and part.strip() for part in raw.values()):
        raise StandardError("standards.one_language", file=file, value=raw, expected='{ zh = "…", en = "…" }')
    return Words(raw["zh"], raw["en"])


def _confidence(word: str, file: str) -> Confidence:
    if word not in list(Confidence):
        raise StandardError("standards.confidence", file=file, value=word, expected=", ".join(Confidence))
    return Confidence(word)


def _provenance(raw: Mapping[str, Any], inherited: Provenance, file: str) -> Provenance:
    """Read where a part comes from; what is our own does not borrow the sources of the standard."""
    word = raw.get("confidence")
    confidence = inherited.confidence if word is None else _confidence(word, file)
    own = confidence is not inherited.confidence and confidence in (Confidence.DEFAULT, Confidence.NOT_FOUND)
    borrowed = () if own else inherited.sources
    sources = tuple(_words(source, file) for source in raw["sources"]) if "sources" in raw else borrowed
    return Provenance(confidence, sources, _words(raw["note"], file) if "note" in raw else Words())


def _interval(raw: Mapping[str, Any], file: str) -> Interval:
    end = raw.get("to")
    return Interval(_date(_need(raw, "from", file), file), None if end is None else _date(end, file))


def _date(value: Any, file: str) -> date:
    if type(value) is not date:
        raise StandardError("standards.not_date", file=file, value=value)
    return value


def _known(raw: Mapping[str, Any], part: str, file: str) -> None:
    unknown = set(raw) - _KEYS[part]
    if unknown:
        raise StandardError("standards.unknown_key", file=file, part=part, keys=", ".join(sorted(unknown)))


def _need(raw: Mapping[str, Any], key: str, file: str) -> Any:
    if key not in raw:
        raise StandardError("standards.missing_key", file=file, key=key)
    return raw[key]
