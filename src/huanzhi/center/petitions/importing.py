"""Importing 批量导入: sheets and JSON of WeChat, letters and others; shown first, then all of it or nothing.

Neither the sheet nor the preview is kept: a preview shows no word of an informant, and the same bytes are
given again
to be taken in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from huanzhi.center.petitions.intake import Told, receive
from huanzhi.center.petitions.listing import sheet_table
from huanzhi.center.petitions.masking import masked
from huanzhi.center.petitions.models import Petition
from huanzhi.center.petitions.writing import PERSONAL
from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.records.giving import read
from huanzhi.library.rights import Actor
from huanzhi.library.sheets.reading import read_filled

SHOWN = 100
MOST = 5000
"""Rows of a preview, and of a sheet. DEFAULT, NOT FROM THE DOCUMENTS."""


@dataclass(slots=True)
class Preview:
    """What taking a sheet in would do; `known` rows were taken in before, by the number of their channel."""

    fresh: int = 0
    known: int = 0
    wrong: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            name: getattr(self, name) for name in ("fresh", "known", "wrong", "errors", "items", "numbers")
        }


def preview(raw: bytes, name: str = "") -> Preview:
    """Return what a sheet would do; nothing is kept.

    Raises
    ------
    InputError
        If the bytes are no sheet; wrong rows are no error but in the answer.
    """
    return _planned(raw, name)[0]


def accept(actor: Actor, raw: bytes, name: str = "", *, now: datetime | None = None) -> Preview:
    """Take a sheet in, all of it or nothing; who takes it in becomes handler of its informants.

    Raises
    ------
    InputError
        ``sheets.wrong`` with the first wrong row.
    """
    now = now or datetime.now(UTC)
    found, planned = _planned(raw, name)
    if found.wrong:
        first = found.errors[0]
        raise InputError("sheets.wrong", number=found.wrong, first=first["message"], row=first.get("row"))
    with transaction.atomic():
        found.numbers = [receive(actor, told, now=now).petition.number for told in planned]
    return found


def _planned(raw: bytes, name: str) -> tuple[Preview, list[Told]]:
    found, planned, seen = Preview(), [], set()
    for row, values in _rows(raw, name):
        try:
            told = _told(values)
            key = (told.channel, told.external)
            if key in seen:
                raise InputError("sheets.key_twice", column="external", value=told.external)
            seen.add(key)
        except InputError as error:
            _refuse(found, error, row)
            continue
        standing = Petition.objects.filter(channel=told.channel, external=told.external).first()
        found.known += standing is not None
        found.fresh += standing is None
        if len(found.items) < SHOWN:
            found.items.append(_shown(row, told, standing))
        if standing is None:
            planned.append(told)
    return found, planned


def _refuse(found: Preview, error: InputError, row: int) -> None:
    """Count a wrong row; what stands in a column of the informant is not repeated."""
    error.place["row"] = row
    personal = {
        one.heading() for one in sheet_table().columns if one.name in (*PERSONAL, "words", "where", "title")
    }
    if error.place["column"] in personal:
        error.place["value"] = None
    found.wrong += 1
    if len(found.errors) < SHOWN:
        found.errors.append(error.as_dict())


def _rows(raw: bytes, name: str) -> list[tuple[int, dict[str, Any]]]:
    if raw.lstrip()[:1] in (b"[", b"{"):
        return _json(raw, name)
    filled = read_filled(sheet_table(), raw, name)
    if len(filled.rows) > MOST:
        raise InputError("sheets.too_long", file=name or None, value=len(filled.rows), expected=f"≤ {MOST}")
    return [(row, filled.values(cells)) for row, cells in filled.rows]


def _json(raw: bytes, name: str) -> list[tuple[int, dict[str, Any]]]:
    try:
        given = json.loads(raw)
    except (ValueError, RecursionError):
        raise InputError("sheets.no_sheet", file=name or None, reason="JSON") from None
    rows = given.get("items") if isinstance(given, dict) else given
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise InputError("sheets.no_sheet", file=name or None, reason="JSON")
    if len(rows) > MOST:
        raise InputError("sheets.too_long", file=name or None, value=len(rows), expected=f"≤ {MOST}")
    return list(enumerate(rows, 1))


def _told(values: Mapping[str, Any]) -> Told:
    table = sheet_table()
    held: dict[str, Any] = {}
    for name in values:
        table.column(str(name))
    for column in table.columns:
        held[column.name] = read(column, values.get(column.name))
        if column.required and held[column.name] is None:
            raise InputError("tables.required", column=column.heading(), expected=column.expectation())
    if not Region.objects.filter(pk=held["region"]).exists():
        raise InputError("petitions.no_region", column=table.column("region").heading(), value=held["region"])
    personal = {name: held.pop(name, None) or "" for name in PERSONAL}
    identity = "named" if personal["name"] else "anonymous"
    words = {name: held[name] or "" for name in ("external", "title", "words", "where", "target")}
    rest: dict[str, Any] = {
        name: held[name] for name in ("channel", "category", "region", "lon", "lat", "received")
    }
    return Told(**words, **rest, identity=identity, informant=personal)


def _shown(row: int, told: Told, standing: Petition | None) -> dict[str, Any]:
    personal = dict(told.informant)
    return {
        "row": row,
        "external": told.external,
        "channel": told.channel,
        "category": told.category,
        "region": told.region,
        "words": masked(told.words, personal)[:200],
        "named": told.identity == "named",
        "known": standing.number if standing else "",
    }
