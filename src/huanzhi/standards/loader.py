"""Reads the tables of law from the TOML files in ``data/`` and refuses damaged ones."""

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
from huanzhi.standards.model import Confidence, Edition, Interval, Phase, Provenance, Row, Standard, Table

_TABLE_KEYS = {"id", "kind", "clause", "title", "unit", "axis", "rows", "phase"}
_PROVENANCE_KEYS = {"confidence", "sources", "note"}


@cache
def all_standards() -> Mapping[str, Standard]:
    """Return every standard by its id, in the order of the ids.

    Raises
    ------
    StandardError
        If a table is damaged: a gap or overlap of dates, or a table that is not monotone.
    """
    found: dict[str, Standard] = {}
    for file in resources.files("huanzhi.standards").joinpath("data").iterdir():
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
    standards = tuple(_standard(entry, file) for entry in raw.get("standard", ()))
    for standard in standards:
        checks.check(standard, file)
    return standards


def _standard(raw: Mapping[str, Any], file: str) -> Standard:
    identity = _need(raw, "id", file)
    title = _need(raw, "title", file)
    editions = tuple(_edition(entry, identity, title, file) for entry in _need(raw, "edition", file))
    return Standard(identity, title, raw.get("title_en", ""), raw.get("subject", ""), editions)


def _edition(raw: Mapping[str, Any], standard: str, title: str, file: str) -> Edition:
    provenance = _provenance(raw, Provenance(Confidence.NOT_CONFIRMED), file)
    early = raw.get("early")
    return Edition(
        standard=standard,
        id=_need(raw, "id", file),
        number=_need(raw, "number", file),
        title=raw.get("title", title),
        interval=_interval(raw, file),
        provenance=provenance,
        issued=str(raw.get("issued", "")),
        phases=tuple(
            Phase(_need(entry, "id", file), _interval(entry, file), entry.get("clause", ""))
            for entry in raw.get("phase", ())
        ),
        tables=_tables(raw.get("table", ()), provenance, file),
        early=_interval(early, file) if early else None,
        notes=tuple(raw.get("notes", ())),
    )


def _tables(
    raw: Iterable[Mapping[str, Any]], inherited: Provenance, file: str
) -> Mapping[str, tuple[Table, ...]]:
    found: dict[str, tuple[Table, ...]] = {}
    for entry in raw:
        table = _table(entry, inherited, file)
        found[table.id] = (*found.get(table.id, ()), table)
    return MappingProxyType(found)


def _table(raw: Mapping[str, Any], inherited: Provenance, file: str) -> Table:
    unknown = set(raw) - _TABLE_KEYS - _PROVENANCE_KEYS
    if unknown:
        raise StandardError("standards.unknown_key", file=file, keys=", ".join(sorted(unknown)))
    return Table(
        id=_need(raw, "id", file),
        kind=_need(raw, "kind", file),
        clause=raw.get("clause", ""),
        provenance=_provenance(raw, inherited, file),
        title=raw.get("title", ""),
        unit=raw.get("unit", ""),
        axis=tuple(raw.get("axis", ())),
        rows=tuple(_row(row, file) for row in raw.get("rows", ())),
        phase=raw.get("phase", ""),
    )


def _row(raw: Mapping[str, Any], file: str) -> Row:
    if "confidence" in raw:
        _confidence(raw["confidence"], file)
    return MappingProxyType(dict(raw))


def _confidence(word: str, file: str) -> Confidence:
    if word not in list(Confidence):
        raise StandardError("standards.confidence", file=file, value=word, expected=", ".join(Confidence))
    return Confidence(word)


def _provenance(raw: Mapping[str, Any], inherited: Provenance, file: str) -> Provenance:
    word = raw.get("confidence")
    return Provenance(
        inherited.confidence if word is None else _confidence(word, file),
        tuple(raw.get("sources", inherited.sources)),
        raw.get("note", ""),
    )


def _interval(raw: Mapping[str, Any], file: str) -> Interval:
    start, end = _need(raw, "from", file), raw.get("to")
    if type(start) is not date or not (end is None or type(end) is date):
        raise StandardError("standards.not_date", file=file, value=f"{start} – {end}")
    return Interval(start, end)


def _need(raw: Mapping[str, Any], key: str, file: str) -> Any:
    if key not in raw:
        raise StandardError("standards.missing_key", file=file, key=key)
    return raw[key]
