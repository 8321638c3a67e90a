"""Drafts: a sheet on its way to observations; rows are refused whole, columns are parsed once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from huanzhi.assess.exact import MISSING
from huanzhi.errors import InputError
from huanzhi.library.series import SCHEMA, Feature
from huanzhi.network.feeds.checks import impossible
from huanzhi.network.feeds.headings import Heading
from huanzhi.network.feeds.reading import Note, Reading, Reject
from huanzhi.network.feeds.sheets import Sheet
from huanzhi.network.feeds.times import Label, example, has_zone, parse_times
from huanzhi.network.feeds.values import MOST_UNITS, Column, parse_column
from huanzhi.standards.periods import Period

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Refusal = tuple[str, str, Note]
SIMULATED_WORDS = ("simulated", "模拟数据", "synthetic")
MOST_DECIMALS = 13
"""Decimals that a unit factor may have."""

_SIMULATED_COLUMNS = ("simulated", "模拟数据")
_FALSE = ("", "0", "false", "no", "否")


@dataclass(frozen=True, slots=True)
class Places:
    """The place of every row: `index` (n,) into `codes`."""

    index: Ints
    codes: tuple[str, ...]


class Draft:
    """The observations of a sheet while they are collected."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.notes: list[Note] = []
        self._refused: dict[int, Refusal] = {}
        self._refused_cells: list[tuple[int, Refusal]] = []
        self.flags = np.zeros(len(sheet), dtype=np.int32)
        self._rows = np.asarray(sheet.numbers, dtype=np.int32)
        self._parts: list[Callable[[Mask], pa.Table]] = []

    def note(self, key: str, **values: object) -> None:
        """Tell the user a convention."""
        self.notes.append(Note(key, values))

    def refuse(self, index: int, column: str, value: str, key: str, **values: object) -> None:
        """Refuse the row `index`; the first reason counts."""
        self._refused.setdefault(index, (column, value, Note(key, values)))

    def refuse_cell(self, index: int, column: str, value: str, key: str) -> None:
        """Refuse one cell of the row `index` in a layout where every cell is an observation of its own."""
        self._refused_cells.append((index, (column, value, Note(key))))

    def kept(self) -> Mask:
        """Return which rows are not refused."""
        mask = np.ones(len(self.sheet), dtype=bool)
        mask[list(self._refused)] = False
        return mask

    def cells(self, column: str | None) -> list[str]:
        """Return the texts of a column, empty ones where the sheet has no such column."""
        return self.sheet.cells[column] if column else [""] * len(self.sheet)

    def times(self, column: str, label: Label, period: Period, year: int | None = None) -> Ints:
        """Parse a column of time labels and refuse the rows where it is none."""
        return self.times_of(self.cells(column), column, label, period, year)

    def times_of(
        self, texts: Sequence[str], column: str, label: Label, period: Period, year: int | None = None
    ) -> Ints:
        """Parse labels that were put together from several columns."""
        return self.times_at(range(len(texts)), texts, column, label, period, year)

    def times_at(
        self,
        rows: Sequence[int],
        texts: Sequence[str],
        column: str,
        label: Label,
        period: Period,
        year: int | None = None,
    ) -> Ints:
        """Parse the labels of some rows only; shape (len(rows),)."""
        chosen = [texts[row] for row in rows]
        self._note_zone(chosen)
        times = parse_times(chosen, label, period, year=year)
        for index, value in times.bad.items():
            self.refuse(rows[index], column, value, "feeds.bad_time_like", example=example(period))
        return times.seconds

    def _note_zone(self, labels: Sequence[str]) -> None:
        """Tell the user that labels carry a time zone: some archives write Z for China time."""
        written = Note("feeds.zone_written")
        if written not in self.notes and any(map(has_zone, set(labels))):
            self.notes.append(written)

    def values(self, heading: Heading) -> Column:
        """Parse a column of values into the parameter's unit; refuse the rows with impossible ones."""
        texts = self.cells(heading.column)
        column = times_factor(parse_column(texts), heading.factor)
        self.check(column, heading, texts)
        return column

    def check(self, column: Column, heading: Heading, texts: Sequence[str]) -> None:
        """Refuse the rows whose value is none or impossible."""
        for index, key in wrong_cells(column, heading):
            self.refuse(index, heading.column, texts[index], key)

    def places(self, codes: Sequence[str], column: str) -> Places:
        """Number the places of the rows; a row without one is refused."""
        encoded = pa.array(codes, type=pa.string()).dictionary_encode()
        names = tuple(encoded.dictionary.to_pylist())
        index = np.asarray(encoded.indices, dtype=np.int64)
        if "" in names:
            for row in np.flatnonzero(index == names.index("")).tolist():
                self.refuse(row, column, "", "feeds.no_place")
        return Places(index, names)

    def add(
        self,
        places: Places,
        parameter: str,
        period: Period,
        times: Ints,
        column: Column,
        only: Mask | None = None,
    ) -> None:
        """Add a column of observations; rows refused later are left out as well."""

        def part(kept: Mask) -> pa.Table:
            mask = kept if only is None else kept & only
            return observations(places, parameter, period, times, column, self._rows, self.flags, mask)

        self._parts.append(part)

    def add_cells(
        self,
        places: Places,
        parameter: str,
        period: Period,
        times: Ints,
        column: Column,
        rows: Ints,
        only: Mask,
    ) -> None:
        """Add cells that do not stand one a row: `rows` are the lines of data they stand in."""

        def part(kept: Mask) -> pa.Table:
            mask = only & kept[rows]
            return observations(
                places, parameter, period, times[rows], column, self._rows[rows], self.flags[rows], mask
            )

        self._parts.append(part)

    def reading(self, format_name: str, features: Iterable[Feature]) -> Reading:
        """Close the draft: the observations of the rows that were not refused."""
        kept = self.kept()
        tables = [part(kept) for part in self._parts]
        table = pa.concat_tables(tables) if tables else SCHEMA.empty_table()
        simulated = is_simulated(self.sheet)
        if self.sheet.other_sheets:
            self.note("feeds.first_sheet", names=", ".join(self.sheet.other_sheets))
        used = set(table.column("feature").unique().to_pylist())
        return Reading(
            format=format_name,
            file=self.sheet.file,
            rows=len(self.sheet),
            columns=self.sheet.columns,
            table=table,
            features=tuple(replace(one, simulated=simulated) for one in features if one.code in used),
            rejects=self.rejects(),
            notes=tuple(self.notes),
            simulated=simulated,
        )

    def rejects(self) -> tuple[Reject, ...]:
        """Return the refused rows in the order of the file."""
        found = [*self._refused.items(), *self._refused_cells]
        return tuple(
            Reject(self.sheet.row(index), column, value, note, self.sheet.line(index))
            for index, (column, value, note) in sorted(found, key=lambda one: one[0])
        )


def wrong_cells(column: Column, heading: Heading) -> list[tuple[int, str]]:
    """Return index and message key of every cell whose value is none or impossible."""
    wrong, key = impossible(column, heading.parameter)
    numbers = [(index, "feeds.not_a_number") for index in column.bad]
    return numbers + [(index, key) for index in np.flatnonzero(wrong).tolist()]


def observations(
    places: Places,
    parameter: str,
    period: Period,
    times: Ints,
    column: Column,
    rows: npt.NDArray[np.int32],
    flags: npt.NDArray[np.int32],
    mask: Mask,
) -> pa.Table:
    """Return observations in `series.SCHEMA`, each with the decimals that it was reported with."""
    units, reported = column.units[mask], column.reported[mask]
    there = units != MISSING
    values = np.where(there, units, 0) // 10 ** (column.decimals - reported.astype(np.int64))
    number = int(mask.sum())
    codes = pa.array(places.codes, type=pa.string())
    feature = pa.DictionaryArray.from_arrays(pa.array(places.index[mask].astype(np.int32)), codes)
    arrays = {
        "feature": feature.cast(pa.string()),
        "parameter": pa.repeat(pa.scalar(parameter, pa.string()), number),
        "period": pa.repeat(pa.scalar(period.value, pa.string()), number),
        "time": pa.array(times[mask]),
        "value": pa.array(values, mask=~there),
        "decimals": pa.array(reported),
        "state": pa.array(column.states[mask]),
        "flag": pa.array(flags[mask]),
        "row": pa.array(rows[mask]),
    }
    return pa.table([arrays[name] for name in SCHEMA.names], schema=SCHEMA)


def times_factor(column: Column, factor: Fraction) -> Column:
    """Multiply a column by a factor, exactly; a value that does not stay exact or does not fit is bad."""
    if factor == 1:
        return column
    number, decimals = decimal_factor(factor)
    zeros = min(column.decimals, trailing_zeros(number)) if not decimals else 0
    number //= 10**zeros
    there = column.units != MISSING
    fits = np.abs(np.where(there, column.units, 0)) < MOST_UNITS // number
    bad = {index: str(column.units[index]) for index in np.flatnonzero(there & ~fits).tolist()}
    good = there & fits
    units = np.where(good, np.where(good, column.units, 0) * number, MISSING)
    reported = np.where(good, np.clip(column.reported + decimals - zeros, 0, None), 0).astype(np.int8)
    return Column(units, column.decimals + decimals - zeros, column.states, reported, {**column.bad, **bad})


def decimal_factor(factor: Fraction) -> tuple[int, int]:
    """Return n and d where `factor` = n / 10**d; InputError if it is no decimal number."""
    for decimals in range(MOST_DECIMALS):
        scaled = factor * 10**decimals
        if scaled.denominator == 1:
            return scaled.numerator, decimals
    raise InputError("feeds.inexact_unit", value=factor)


def trailing_zeros(number: int) -> int:
    """Return by how many tens a number can be divided."""
    return len(str(number)) - len(str(number).rstrip("0"))


def is_simulated(sheet: Sheet) -> bool:
    """Tell whether a file says that its values are simulated, in a comment line or a column."""
    if any(word in comment.casefold() for comment in sheet.comments for word in SIMULATED_WORDS):
        return True
    names = [name for name in sheet.columns if name.casefold() in _SIMULATED_COLUMNS]
    return any(text.casefold() not in _FALSE for name in names for text in sheet.cells[name])


def first_lines(places: Places, kept: Mask) -> Mapping[str, int]:
    """Return for each place the first row that is not refused."""
    rows = np.flatnonzero(kept)
    index, first = np.unique(places.index[rows], return_index=True)
    return {places.codes[place]: int(rows[at]) for place, at in zip(index, first, strict=True)}


def need(sheet: Sheet, columns: Iterable[str]) -> None:
    """Raise InputError if a sheet lacks one of the columns."""
    for column in columns:
        if column not in sheet.columns:
            raise InputError("feeds.no_column", file=sheet.file, column=column)
