"""Readings: what an importer makes of one file. Observations, places, refused rows 拒收行, conventions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from huanzhi.library.series import Feature
from huanzhi.messages import text


@dataclass(frozen=True, slots=True)
class Note:
    """A convention that the importer applied, told to the user: a message key and its values."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def sentence(self) -> str:
        """Return the note in the reader's language."""
        return text(self.key, **self.values)


@dataclass(frozen=True, slots=True)
class Reject:
    """A refused row.

    Attributes
    ----------
    row : int
        Row as a spreadsheet numbers it; the number of the record in JSON and XML.
    column, value : str
        Where the fault is; empty where it is the whole row.
    note : Note
        The reason.
    line : mapping
        The original row, heading → text.
    """

    row: int
    column: str
    value: str
    note: Note
    line: Mapping[str, str]

    def reason(self) -> str:
        """Return why the row was refused, in the reader's language."""
        return self.note.sentence()


@dataclass(frozen=True, slots=True)
class Options:
    """What a reading needs to know beyond the file.

    Attributes
    ----------
    year : int, optional
        Year of labels that have only month and day.
    today : date, optional
        The day on which the file came, from which such a year is taken if nothing else says it.
    """

    year: int | None = None
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file gives; nothing has been written yet.

    Attributes
    ----------
    format : str
        Name of the importer.
    rows : int
        Lines of data in the file.
    columns : tuple of str
        Headings of the file.
    table : pyarrow.Table
        Observations in `series.SCHEMA`.
    features : tuple of Feature
    rejects : tuple of Reject
        In the order of the file.
    notes : tuple of Note
        Conventions applied: time label, units, corrections.
    simulated : bool
        True where the file says that its values are simulated.
    """

    format: str
    file: Path
    rows: int
    columns: tuple[str, ...]
    table: pa.Table
    features: tuple[Feature, ...]
    rejects: tuple[Reject, ...]
    notes: tuple[Note, ...]
    simulated: bool
