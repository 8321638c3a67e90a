"""What every command prints: a table for people, one JSON document for programs, errors, progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from huanzhi.errors import HuanzhiError
from huanzhi.messages import text

Command = TypeVar("Command", bound=Callable[..., Any])

UNBROKEN = 1000
"""Width [columns] of a table that is not printed on a terminal: wide enough to cut nothing short."""

_NO_NUMBER = ("", "—", "ND")
_stderr = Console(stderr=True, highlight=False, soft_wrap=True)


def json_option(command: Command) -> Command:
    """Give a command ``--json``: one JSON document on standard output and nothing else there."""
    return click.option("--json", "as_json", is_flag=True, help=text("cli.json"))(command)


def emit_json(payload: Mapping[str, Any]) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(payload, ensure_ascii=False, indent=2, default=_plain_value))


def emit_table(headings: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
    """Print a table on standard output; numbers are aligned right."""
    table = Table(title=title or None, title_justify="left", header_style="bold", show_edge=False)
    body = [["" if cell is None else cell for cell in row] for row in rows]
    for position, heading in enumerate(headings):
        numeric = bool(body) and all(
            isinstance(row[position], int | float | Decimal | str) and _is_number(row[position])
            for row in body
        )
        table.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    for row in body:
        table.add_row(*(str(cell) for cell in row))
    width = None if sys.stdout.isatty() else UNBROKEN
    Console(highlight=False, markup=False, width=width).print(table, soft_wrap=width is not None)


def say(key: str, **values: object) -> None:
    """Tell the user something on standard error, so that standard output stays data."""
    _stderr.print(text(key, **values), markup=False)


def progress(description: str) -> Progress:
    """Return a progress bar on standard error for long work; silent where that is not a terminal."""
    columns = (TextColumn(description), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=_stderr, disable=not _stderr.is_terminal, transient=True)


def report_error(error: HuanzhiError, *, as_json: bool) -> None:
    """Print an error: JSON on standard output when asked, a sentence on standard error otherwise."""
    if as_json:
        emit_json(error.as_dict())
    else:
        _stderr.print(text("cli.error", message=error), markup=False, style="bold red")


def _is_number(cell: object) -> bool:
    """Return whether a cell is a number, or stands for one that is not there."""
    try:
        float("0" if str(cell) in _NO_NUMBER else str(cell))
    except ValueError:
        return False
    return True


def _plain_value(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value) if value % 1 else int(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "item"):
        return value.item()
    return str(value)
