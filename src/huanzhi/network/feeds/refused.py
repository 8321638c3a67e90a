"""The reject file 拒收文件: refused rows as they were, with place and reason, to be mended and read again."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from huanzhi.errors import InputError, system_reason
from huanzhi.network.feeds.reading import Reading, Reject

ADDED = ("refused_row", "refused_column", "refused_value", "refused_reason")
"""Columns that the reject file adds to those of the file."""

SUFFIX = ".refused.csv"


def write_rejects(reading: Reading, folder: Path) -> Path | None:
    """Write the refused rows of a reading into `folder`, whole or not at all.

    The file is UTF-8 with BOM, as spreadsheets want it.

    Returns
    -------
    Path or None
        None if no row was refused.
    """
    if not reading.rejects:
        return None
    target = folder / f"{reading.file.name}{SUFFIX}"
    write_whole(target, reject_text(reading.columns, reading.rejects).encode("utf-8-sig"))
    return target


def reject_text(columns: Sequence[str], rejects: Sequence[Reject]) -> str:
    """Return the reject file as CSV: the original cells, then row, column, value and reason."""
    own = [column for column in columns if column not in ADDED]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*own, *ADDED])
    for one in rejects:
        place = (one.row, one.column, one.value, one.reason())
        writer.writerow([*(one.line.get(column, "") for column in own), *place])
    return text.getvalue()


def write_whole(target: Path, data: bytes) -> None:
    """Write a file under another name and rename it when it is whole; InputError if that fails."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        other = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            other.write_bytes(data)
            other.replace(target)
        finally:
            other.unlink(missing_ok=True)
    except OSError as error:
        raise InputError("feeds.cannot_write", file=target, reason=system_reason(error)) from None
