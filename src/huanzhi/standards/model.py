"""Shapes of the law as data: standard, edition, phase, table, and how far each is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from huanzhi.errors import StandardError
from huanzhi.messages import language, text

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """What a person reads in the data, in Chinese and in English; both empty where nothing is said."""

    zh: str = ""
    en: str = ""

    def text(self) -> str:
        """Return the words in the reader's language."""
        return self.en if language() == "en" else self.zh

    def __str__(self) -> str:
        return self.text()

    def __bool__(self) -> bool:
        return bool(self.zh)


class Confidence(StrEnum):
    """How far a table was checked against the standard's own text, weakest last."""

    CONFIRMED = "CONFIRMED"
    ONE_SOURCE = "ONE SOURCE"
    MEMORY_ONLY = "MEMORY ONLY"
    CONFLICT = "CONFLICT"
    NOT_CONFIRMED = "NOT CONFIRMED"
    NOT_FOUND = "NOT FOUND"
    DEFAULT = "DEFAULT, NOT FROM THE DOCUMENTS"

    @property
    def confirmed(self) -> bool:
        """Whether independent sources agree."""
        return self is Confidence.CONFIRMED

    def text(self) -> str:
        """Return the word in the reader's language; the value itself is the machine's."""
        return text(f"confidence.{self.name.lower()}")


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from `start` to `end`, both included; `end` is None while in force."""

    start: date
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the numbers come from."""

    confidence: Confidence
    sources: tuple[Words, ...] = ()
    note: Words = Words()


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an edition.

    Attributes
    ----------
    id : str
        Name within the edition, e.g. ``breakpoints_day``.
    kind : str
        What the loader checks: ``breakpoints``, ``classes``, ``bands``, ``ladder``, ``values``.
    clause : str
        Clause or table number in the standard.
    unit : str
        Unit of all values where the rows do not name one.
    axis : tuple
        Heading of the columns (class names, IAQI steps, land uses, …).
    rows : tuple of mapping
        Rows, each with a ``name``; numbers are int or Decimal, never float; what a person reads is `Words`.
    phase : str
        Phase of the edition that the table belongs to; empty for all.
    """

    id: str
    kind: str
    clause: str
    provenance: Provenance
    title: Words = Words()
    unit: str = ""
    axis: tuple[Any, ...] = ()
    rows: tuple[Row, ...] = ()
    phase: str = ""

    @property
    def heading(self) -> str:
        """The title in the reader's language, or the id of a table without one."""
        return self.title.text() or self.id

    def row(self, name: str) -> Row:
        """Return the row called `name`.

        Raises
        ------
        StandardError
            If there is none.
        """
        for row in self.rows:
            if row["name"] == name:
                return row
        raise StandardError("standards.no_row", name=name, table=self.id, clause=self.clause)

    def weak_rows(self) -> tuple[Row, ...]:
        """Return the rows that say themselves that they are not confirmed."""
        return tuple(row for row in self.rows if not Confidence(row.get("confidence", "CONFIRMED")).confirmed)

    @property
    def confirmed(self) -> bool:
        """Whether the table and every row of it are confirmed."""
        return self.provenance.confidence.confirmed and not self.weak_rows()

    def names(self) -> tuple[str, ...]:
        """Return the names of the rows, in the standard's order."""
        return tuple(str(row["name"]) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of an edition's life with limits of its own."""

    id: str
    interval: Interval
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a standard with the days on which it judges."""

    standard: str
    id: str
    number: str
    title: Words
    interval: Interval
    provenance: Provenance
    issued: str = ""
    phases: tuple[Phase, ...] = ()
    tables: Mapping[str, tuple[Table, ...]] = field(default_factory=lambda: MappingProxyType({}))
    early: Interval | None = None
    notes: tuple[Words, ...] = ()

    def table(self, name: str, day: date | None = None) -> Table:
        """Return the table `name`, of the phase that `day` falls in where the table has phases.

        Raises
        ------
        StandardError
            If the edition has no such table, or the table needs a day and none fits.
        """
        candidates = self.tables.get(name, ())
        phase = self.phase(day)
        for table in candidates:
            if not table.phase or (phase is not None and table.phase == phase.id):
                return table
        raise StandardError("standards.no_table", table=name, number=self.number)

    def phase(self, day: date | None) -> Phase | None:
        """Return the phase that `day` falls in; None for an edition without phases or without a day."""
        if day is None:
            return None
        return next((phase for phase in self.phases if day in phase.interval), None)


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard through its editions, oldest first."""

    id: str
    title: str
    title_en: str
    subject: str
    editions: tuple[Edition, ...]
