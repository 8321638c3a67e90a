"""The one tree of errors.

An error knows what is wrong (a message key with values), where (file, row, column, value) and what was
expected, and says so in the reader's language. Each branch has the exit code of the command line.
"""

from __future__ import annotations

import errno
from typing import Any, ClassVar

from huanzhi import messages


class HuanzhiError(Exception):
    """Any failure that a user may meet.

    Parameters
    ----------
    key : str
        Message key, e.g. ``"feeds.unknown_column"``; `values` fill its placeholders.
    file, row, column, value
        The place, as far as it is known. Rows count from 1 with the header as row 1, as a spreadsheet does.
    expected : str, optional
        What would have been right, already in the reader's words.
    """

    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        key: str,
        /,
        *,
        file: object = None,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
        expected: str | None = None,
        **values: object,
    ) -> None:
        super().__init__(key)
        self.key = key
        self.values = values
        self.place = {"file": file, "row": row, "column": column, "value": value}
        self.expected = expected

    def __str__(self) -> str:
        what = messages.text(self.key, **self.values)
        if self.expected is not None:
            wanted = messages.text("errors.expected", expected=self.expected)
            what = messages.text("errors.with_expected", what=what, expected=wanted)
        place = self.place_text()
        return messages.text("errors.joined", place=place, what=what) if place else what

    def place_text(self) -> str:
        """Return the place in words, empty when none is known."""
        parts = [messages.text(f"errors.{k}", **{k: v}) for k, v in self.place.items() if v is not None]
        return messages.text("errors.place_separator").join(parts)

    def as_dict(self) -> dict[str, Any]:
        """Return the stable machine form: code, message, place, expected."""
        place = {name: str(v) if name == "file" else v for name, v in self.place.items() if v is not None}
        return {"error": self.key, "message": str(self), **place, "expected": self.expected}


class InputError(HuanzhiError):
    """Something the user gave is wrong."""

    exit_code = 3


class StandardError(HuanzhiError):
    """A standard has no edition, table or row for what was asked, or its table is damaged."""

    exit_code = 4


class StoreError(HuanzhiError):
    """The observation store is locked, damaged, full or missing."""

    exit_code = 5


def system_reason(error: OSError) -> str:
    """Return why the system refused, in the reader's language where it is a common reason."""
    key = f"errors.system_{errno.errorcode.get(error.errno or 0, '').lower()}"
    known = key in messages.catalogue()
    return messages.text(key) if known else error.strerror or str(error)
