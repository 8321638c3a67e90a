"""Judged files 评价结果文件: the same way in and out for every ``assess`` command.

A command reads a `Sheet`, finds its columns by meaning, parses values and times, judges, and hands back a
`Judged` file: the columns of the input followed by the judged ones. Rows are never dropped: a row that is
refused (a cell is no value, a time is no time) stays with empty results and the reason in words, and is
listed in the reject file.
"""

from __future__ import annotations

import csv
import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import IO, Any, TypeVar

import click
import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import MISSING
from huanzhi.assess.states import State
from huanzhi.cli.output import emit_json, json_option, say
from huanzhi.errors import InputError, StandardError, system_reason
from huanzhi.messages import text
from huanzhi.network.feeds.sheets import Sheet, parse_sheet, read_sheet
from huanzhi.network.feeds.times import Label, example, parse_times
from huanzhi.network.feeds.values import Column, parse_column
from huanzhi.standards.parameters import plain
from huanzhi.standards.periods import CHINA_OFFSET, DAY, Period
from huanzhi.standards.units import factor, split_heading

Command = TypeVar("Command", bound=Callable[..., Any])
Texts = Sequence[str]

_OTHER_FORMATS = frozenset((".xlsx", ".xls", ".parquet", ".json", ".gz"))

STDIN = Path("-")
VALUE_EXAMPLES = "12.3, <0.01, --"

FINDINGS = 1
"""Exit code where rows were refused."""


@dataclass
class Refusals:
    """Rows that are refused: row index → what is wrong, the first thing of each row."""

    sheet: Sheet
    found: dict[int, InputError] = field(default_factory=dict)

    def add(
        self, index: int, key: str, column: str, value: str, expected: str | None = None, **values: int
    ) -> None:
        """Refuse a row for one cell."""
        row = self.sheet.row(index)
        error = InputError(key, row=row, column=column, value=value, expected=expected, **values)
        self.found.setdefault(index, error)

    def mask(self) -> npt.NDArray[np.bool_]:
        """Return which rows are refused, shape (n,)."""
        refused = np.zeros(len(self.sheet), dtype=bool)
        refused[list(self.found)] = True
        return refused


@dataclass
class Judged:
    """A judged file.

    Attributes
    ----------
    sheet : Sheet
        The input.
    results : mapping of str to sequence of str
        Judged columns in order, each with one text a row; empty where there is no result.
    refusals : Refusals
    summary : mapping
        Figures over all rows, for ``--json`` and for the line on standard error.
    """

    sheet: Sheet
    results: Mapping[str, Texts]
    refusals: Refusals
    summary: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where and how a judged file goes."""

    output: Path | None
    rejects: Path | None
    as_json: bool
    bom: bool


def delivery_options(command: Command) -> Command:
    """Give a command FILE, ``-o``, ``--rejects``, ``--bom`` and ``--json``."""
    existing = click.Path(path_type=Path, dir_okay=False)
    command = json_option(command)
    command = click.option("--bom", is_flag=True, help=text("assess_cli.bom"))(command)
    command = click.option("--rejects", type=existing, help=text("assess_cli.rejects"))(command)
    command = click.option("-o", "--output", type=existing, help=text("assess_cli.output"))(command)
    return click.argument("file", type=existing)(command)


def open_sheet(file: Path) -> Sheet:
    """Read a table file, or standard input where it is called ``-``; InputError where it has no rows."""
    sheet = parse_sheet(sys.stdin.buffer.read(), STDIN) if file == STDIN else read_sheet(file)
    if not len(sheet):
        raise InputError("assess_cli.no_rows", file=file)
    return sheet


def find_column(sheet: Sheet, spellings: Iterable[str]) -> str | None:
    """Return the heading that matches one of the spellings, in their order; None if there is none."""
    headings = {plain(heading): heading for heading in sheet.columns}
    return next((headings[plain(s)] for s in spellings if plain(s) in headings), None)


def need_column(sheet: Sheet, spellings: Sequence[str]) -> str:
    """Return the heading that matches one of the spellings.

    Raises
    ------
    InputError
        If there is none, with the first spelling as what was expected.
    """
    found = find_column(sheet, spellings)
    if found is None:
        raise InputError("assess_cli.no_column", file=sheet.file, row=1, expected=spellings[0])
    return found


def unit_shift(sheet: Sheet, heading: str, wanted: str) -> int:
    """Return by how many powers of ten a column must be multiplied to be in the unit `wanted`.

    A heading without a unit is taken to be in `wanted`.

    Raises
    ------
    InputError
        If the heading names a unit that does not differ from `wanted` by a power of ten only.
    """
    written = split_heading(heading)[1]
    try:
        share = factor(written or wanted, wanted)
    except StandardError:
        share = Fraction(0)
    for shift in range(-12, 13):
        if share == Fraction(10) ** shift:
            return shift
    raise InputError(
        "assess_cli.unit", file=sheet.file, row=1, column=heading, value=written, expected=wanted
    )


def read_values(
    sheet: Sheet, heading: str, refusals: Refusals, shift: int = 0, lowest: int | None = 0
) -> Column:
    """Parse a column of values; cells that are no value, or below `lowest`, refuse their row.

    Parameters
    ----------
    shift : int
        Power of ten to multiply by, from `unit_shift`.
    lowest : int or None
        Smallest value possible; None where any is.
    """
    column = parse_column(sheet.cells[heading])
    for index, cell in column.bad.items():
        refusals.add(index, "assess_cli.not_value", heading, cell, VALUE_EXAMPLES)
    if lowest is not None:
        column = _without_impossible(column, sheet.cells[heading], heading, refusals, lowest)
    return _shifted(column, shift) if shift else column


def _without_impossible(
    column: Column, cells: Texts, heading: str, refusals: Refusals, lowest: int
) -> Column:
    present = column.units != MISSING
    impossible = np.flatnonzero(present & (column.units < lowest * 10**column.decimals))
    if not len(impossible):
        return column
    units, states = column.units.copy(), column.states.copy()
    units[impossible], states[impossible] = MISSING, State.MISSING
    for index in map(int, impossible):
        refusals.add(index, "assess_cli.too_low", heading, cells[index], lowest=lowest)
    return replace(column, units=units, states=states)


def _shifted(column: Column, shift: int) -> Column:
    if shift < 0:
        return replace(column, decimals=column.decimals - shift, reported=column.reported - np.int8(shift))
    units = np.where(column.units == MISSING, MISSING, column.units * 10**shift)
    return replace(column, units=units)


def read_times(
    sheet: Sheet, heading: str, refusals: Refusals, label: Label, period: Period
) -> npt.NDArray[np.int64]:
    """Parse a column of times as seconds UTC of the start; cells that are no time refuse their row."""
    times = parse_times(sheet.cells[heading], label, period)
    for index, cell in times.bad.items():
        refusals.add(index, "assess_cli.not_time", heading, cell, example(period))
    return times.seconds


def china_days(seconds: npt.NDArray[np.int64]) -> npt.NDArray[np.datetime64]:
    """Return the China day of each instant."""
    return ((seconds + CHINA_OFFSET) // DAY).astype("datetime64[D]")


def reasons(codes: npt.NDArray[np.int64], words: Callable[[int], str], refusals: Refusals) -> list[str]:
    """Return the reason of every row in words: those of a refused row, else `words` of its code."""
    distinct, places = np.unique(codes, return_inverse=True)
    table = [words(int(code)) for code in distinct]
    found = [table[place] for place in places.tolist()]
    for index, error in refusals.found.items():
        found[index] = str(error)
    return found


def integers(values: npt.NDArray[Any], none_below: int = 0) -> list[str]:
    """Return whole numbers as texts, empty below `none_below`."""
    lowest, highest = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    table = [str(n) if n >= none_below else "" for n in range(lowest, highest + 1)]
    return [table[place] for place in (values.astype(np.int64) - lowest).tolist()]


def deliver(judged: Judged, delivery: Delivery) -> int:
    """Write a judged file where it should go and return the exit code.

    Raises
    ------
    InputError
        If a file to write is the input itself or no CSV file, or cannot be written.
    """
    for path in (delivery.output, delivery.rejects):
        if path is not None:
            _check_output(path, judged.sheet.file)
    if delivery.output is not None and delivery.output.resolve() == (delivery.rejects or STDIN).resolve():
        raise InputError("assess_cli.same_outputs", file=delivery.output)
    if delivery.output is not None:
        with replacing(delivery.output, bom=delivery.bom) as stream:
            _write_csv(judged, stream)
    if delivery.as_json:
        emit_json({"rows": list(_json_rows(judged)), "summary": {**judged.summary, **_counts(judged)}})
    elif delivery.output is None:
        _print_csv(judged, bom=delivery.bom)
    _write_rejects(judged, delivery)
    if not delivery.as_json:
        _tell(judged, delivery)
    return FINDINGS if judged.refusals.found else 0


def _check_output(path: Path, source: Path) -> None:
    if path.resolve() == Path(source).resolve():
        raise InputError("assess_cli.same_file", file=path)
    if path.suffix.lower() in _OTHER_FORMATS:
        raise InputError("assess_cli.only_csv", file=path, expected="*.csv")


@contextmanager
def replacing(path: Path, *, bom: bool = False) -> Iterator[IO[str]]:
    """Write a text file that appears whole or not at all; a device, pipe or link is written through.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    encoding = "utf-8-sig" if bom else "utf-8"
    if path.is_symlink() or (path.exists() and not path.is_file()):
        try:
            with path.open("w", encoding=encoding, newline="") as stream:
                yield stream
        except OSError as error:
            raise InputError("assess_cli.cannot_write", file=path, reason=system_reason(error)) from None
        return
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise InputError("assess_cli.cannot_write", file=path, reason=system_reason(error)) from None
    try:
        os.fchmod(handle, 0o644)
        with os.fdopen(handle, "w", encoding=encoding, newline="") as stream:
            yield stream
        Path(name).replace(path)
    except OSError as error:
        raise InputError("assess_cli.cannot_write", file=path, reason=system_reason(error)) from None
    finally:
        Path(name).unlink(missing_ok=True)


def headings(judged: Judged) -> list[str]:
    """Return the headings written: those of the input, renamed where a judged column has the same name."""
    return [_kept_name(name, judged.results, judged.sheet.columns) for name in judged.sheet.columns]


def _kept_name(name: str, results: Mapping[str, Texts], taken: Sequence[str]) -> str:
    while name in results:
        name += "_given"
        while name in taken:
            name += "_given"
    return name


def _columns(judged: Judged) -> list[Texts]:
    return [judged.sheet.cells[name] for name in judged.sheet.columns] + list(judged.results.values())


def _write_csv(judged: Judged, stream: IO[str]) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*headings(judged), *judged.results])
    writer.writerows(zip(*_columns(judged), strict=True))


def _print_csv(judged: Judged, *, bom: bool) -> None:
    stream = io.TextIOWrapper(
        sys.stdout.buffer, encoding="utf-8-sig" if bom else "utf-8", newline="", write_through=False
    )
    try:
        _write_csv(judged, stream)
        stream.flush()
    finally:
        stream.detach()


def _json_rows(judged: Judged) -> Iterator[dict[str, str]]:
    names = [*headings(judged), *judged.results]
    for cells in zip(*_columns(judged), strict=True):
        yield dict(zip(names, cells, strict=True))


def _counts(judged: Judged) -> dict[str, object]:
    return {"rows": len(judged.sheet), "refused": len(judged.refusals.found)}


def rejects_path(delivery: Delivery) -> Path | None:
    """Return where refused rows are listed: ``--rejects``, else beside the output; None without either."""
    if delivery.rejects is not None or delivery.output is None:
        return delivery.rejects
    return delivery.output.with_name(f"{delivery.output.stem}.rejects.csv")


def _write_rejects(judged: Judged, delivery: Delivery) -> None:
    path = rejects_path(delivery)
    if path is None or not judged.refusals.found:
        return
    with replacing(path, bom=delivery.bom) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["row", "column", "value", "reject_reason", *judged.sheet.columns])
        for index, error in sorted(judged.refusals.found.items()):
            place = (error.place["row"], error.place["column"], error.place["value"], error)
            writer.writerow([*place, *judged.sheet.line(index).values()])


def _tell(judged: Judged, delivery: Delivery) -> None:
    if delivery.output is not None:
        say("assess_cli.written", file=delivery.output, rows=len(judged.sheet))
    if judged.refusals.found:
        path = rejects_path(delivery)
        first = next(iter(sorted(judged.refusals.found.items())))[1]
        say("assess_cli.refused", count=len(judged.refusals.found), first=first)
        if path is not None:
            say("assess_cli.refused_listed", file=path)
