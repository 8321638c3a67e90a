"""Gathering 汇集: the ledgers of other files (devices, reviews) brought into the trail, each row once.

What the gateway and the checks write stands first in append-only files of their own, for they do not wait for
the business database. How far each was brought in is kept in the same transaction as the entries.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from huanzhi.library.home import home_folder
from huanzhi.library.reviews.tables import FILE as REVIEWS
from huanzhi.library.rights import Actor
from huanzhi.library.series.databases import open_database
from huanzhi.library.trail.chain import Note, append_many
from huanzhi.library.trail.models import Entry, Gathered

REGISTER = "register.sqlite"
STEP = 1000
"""Rows brought in at a time."""

Rows = Callable[[Path, int], Iterator[tuple[int, Note]]]


@dataclass(frozen=True, slots=True)
class Source:
    """A ledger: its file in the data folder, and how rows after a number are read."""

    name: str
    file: str
    rows: Rows


def gather(home: Path | None = None) -> dict[str, int]:
    """Bring in what is new; return how many entries by source. Harmless at any time."""
    folder = home_folder(home)
    return {one.name: _gather(one, folder) for one in SOURCES if (folder / one.file).exists()}


def _gather(source: Source, folder: Path) -> int:
    brought = 0
    while found := _step(source, folder):
        brought += found
    return brought


def _step(source: Source, folder: Path) -> int:
    with transaction.atomic():
        Gathered.objects.get_or_create(source=source.name, defaults={"last": 0})
        mark = Gathered.objects.select_for_update().get(source=source.name)
        found = [pair for pair, _ in zip(source.rows(folder, mark.last), range(STEP), strict=False)]
        if found:
            append_many(note for _, note in found)
            mark.last = found[-1][0]
            mark.save()
    return len(found)


def _read(file: str, query: str) -> Callable[[Path, int], list[dict[str, Any]]]:
    def rows(folder: Path, after: int) -> list[dict[str, Any]]:
        database = open_database(folder / file, "", writable=False)
        database.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in database.execute(query, {"after": after, "step": STEP})]
        finally:
            database.close()

    return rows


_changes = _read(REGISTER, "select * from audit where id > :after order by id limit :step")


def _devices(folder: Path, after: int) -> Iterator[tuple[int, Note]]:
    for row in _changes(folder, after):
        before, later = (json.loads(row[name]) if row[name] else None for name in ("before", "after"))
        who = Actor(f"register:{row['who']}")
        told = {"at": row["at"], "state": later}
        yield row["id"], Note(who, row["action"], "device", row["subject"], before, told, row["reason"])


def _reviews(query: str, action: str) -> Rows:
    read = _read(REVIEWS, query)

    def rows(folder: Path, after: int) -> Iterator[tuple[int, Note]]:
        for row in read(folder, after):
            yield row["number"], _review(action, row)

    return rows


def _review(action: str, row: Mapping[str, Any]) -> Note:
    who = Actor(f"review:{row.get('who', 'check')}")
    key = str(row.get("item", row["number"]))
    return Note(who, action, "review", key, None, row, str(row.get("reason", "")))


_all_approvals = _read(REVIEWS, "select * from approval order by at, item")


def _approvals(folder: Path, after: int) -> Iterator[tuple[int, Note]]:
    """Yield the approvals that are not in the trail; their numbers do not rise with time."""
    known = set(Entry.objects.filter(kind="review", action="approve").values_list("key", flat=True))
    for row in _all_approvals(folder, after):
        if str(row["item"]) not in known:
            yield after, _review("approve", {"number": row["item"], **row})


_MARKS = "select id as number, * from mark where role <> 'check' and id > :after order by id limit :step"
_SUBSTITUTES = "select id as number, * from substitute where id > :after order by id limit :step"
_ENDINGS = "select rowid as number, * from ending where run = 0 and rowid > :after order by rowid limit :step"
_RUNS = "select id as number, * from run where id > :after order by id limit :step"

SOURCES = (
    Source("devices", REGISTER, _devices),
    Source("marks", REVIEWS, _reviews(_MARKS, "mark")),
    Source("substitutes", REVIEWS, _reviews(_SUBSTITUTES, "substitute")),
    Source("approvals", REVIEWS, _approvals),
    Source("endings", REVIEWS, _reviews(_ENDINGS, "end")),
    Source("runs", REVIEWS, _reviews(_RUNS, "check")),
)
"""The ledgers. Marks that checks set are told by their run, not one by one."""
