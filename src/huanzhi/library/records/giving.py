"""Giving values 赋值: from what a person or program gave to what a record holds, by the declared columns."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Model

from huanzhi.errors import InputError
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.model import Record
from huanzhi.library.records.tables import Table, shown
from huanzhi.standards.periods import CHINA

EMPTY = (None, "")
_YES = ("true", "1", "yes", "y", "是")
_NO = ("false", "0", "no", "n", "否")


def read(column: Column, given: Any) -> Any:
    """Return what a column holds of a value as given, a cell or a value of JSON; None where empty.

    Choices are taken by their word in either language, dates and numbers also as text.

    Raises
    ------
    InputError
        If it cannot stand there; names the column, the value and what was expected.
    """
    if isinstance(given, str):
        given = given.strip()
        if not _storable(given):
            raise _wrong(column, given.replace("\x00", "␀").encode("utf-8", "replace").decode())
    if given in EMPTY:
        return None
    try:
        value = READERS[column.kind](column, given)
    except (ValueError, TypeError, InvalidOperation, OverflowError):
        raise _wrong(column, given) from None
    _within(column, value, given)
    return value


def _storable(words: str) -> bool:
    """Return whether every database can hold a text: no zero character, no half of a pair."""
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in words and "\\u0000" not in words


def _wrong(column: Column, given: Any) -> InputError:
    return InputError("tables.value", column=column.heading(), value=given, expected=column.expectation())


def _text(column: Column, given: Any) -> str:
    if isinstance(given, dict | list):
        raise TypeError
    if isinstance(given, float) and given.is_integer():
        return str(int(given))
    return str(given)


def _integer(column: Column, given: Any) -> int:
    number = Decimal(_plain_number(given))
    if number != number.to_integral_value() or abs(number) >= 2**63:
        raise ValueError
    return int(number)


def _number(column: Column, given: Any) -> float:
    number = float(_plain_number(given))
    if number != number or abs(number) == float("inf"):
        raise ValueError
    return number


def _decimal(column: Column, given: Any) -> str:
    written = _plain_number(given)
    if not Decimal(written).is_finite():
        raise ValueError
    return written


def _plain_number(given: Any) -> str:
    if isinstance(given, bool):
        raise TypeError
    if isinstance(given, float) and given.is_integer() and abs(given) < 1e15:
        return str(int(given))
    return str(given)


def _date(column: Column, given: Any) -> date:
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    if not isinstance(given, str):
        raise TypeError
    written = given.replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "-").rstrip("日")
    year, month, day = (int(part) for part in written.split("-"))
    if year < 1000:
        raise ValueError
    return date(year, month, day)


def _moment(column: Column, given: Any) -> datetime:
    found = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    return found if found.tzinfo else found.replace(tzinfo=CHINA)


def _truth(column: Column, given: Any) -> bool:
    if isinstance(given, bool):
        return given
    word = _text(column, given).casefold()
    if word not in _YES + _NO:
        raise ValueError
    return word in _YES


def _choice(column: Column, given: Any) -> str:
    word = _text(column, given)
    for choice in column.choices:
        if word in (choice, column.word(choice, "zh"), column.word(choice, "en")):
            return choice
    raise ValueError


def _json(column: Column, given: Any) -> Any:
    made = json.loads(given) if isinstance(given, str) else given
    if not isinstance(made, dict | list):
        raise TypeError
    if not _storable(json.dumps(made, ensure_ascii=False, allow_nan=False)):
        raise ValueError
    return made


READERS: Mapping[Kind, Callable[[Column, Any], Any]] = {
    Kind.TEXT: _text,
    Kind.CODE: _text,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.TRUTH: _truth,
    Kind.CHOICE: _choice,
    Kind.JSON: _json,
}


def _within(column: Column, value: Any, given: Any) -> None:
    if isinstance(value, str):
        if column.most is not None and column.kind is not Kind.CHOICE and len(value) > column.most:
            raise _wrong(column, given)
        return
    if isinstance(value, int | float) and not isinstance(value, bool):
        low = column.least is not None and value < column.least
        if low or (column.most is not None and value > column.most):
            raise _wrong(column, given)


class Finder:
    """Finds the records that codes or names point to, each asked for once."""

    def __init__(self) -> None:
        self._found: dict[tuple[type[Model], str], Any] = {}

    def add(self, record: Any) -> None:
        """Let a record that is not saved yet be found by its code."""
        if self._found.get((type(record), record.code)) is None:
            self._found[(type(record), record.code)] = record

    def find(self, model: type[Model], named: str) -> Any:
        """Return the record with a code, or else the only one with a name; None where there is none."""
        key = (model, named)
        if key not in self._found:
            self._found[key] = _by_code_or_name(model, named)
        return self._found[key]


def _by_code_or_name(model: Any, named: str) -> Any:
    found = model._default_manager.filter(code=named).first()
    if found is not None:
        return found
    namesakes = model._default_manager.filter(name=named)[:2] if _has_name(model) else ()
    return namesakes[0] if len(namesakes) == 1 else None


def _has_name(model: Any) -> bool:
    return any(field.name == "name" for field in model._meta.concrete_fields)


def give(record: Record, table: Table, values: Mapping[str, Any], finder: Finder | None = None) -> Record:
    """Put given values into a record; columns that are not named stay as they are.

    Raises
    ------
    InputError
        If a column is unknown, not editable or empty though required, or a value cannot stand there.
    """
    finder = finder or Finder()
    for name, given in values.items():
        column = table.column(name)
        if not column.editable:
            raise InputError("tables.not_editable", column=column.heading(), value=given)
        value = read(column, given)
        if value is None and column.required:
            raise InputError("tables.required", column=column.heading(), expected=column.expectation())
        _put(record, column, value, finder)
    return record


def _put(record: Any, column: Column, value: Any, finder: Finder) -> None:
    step, _, rest = column.source.partition("__")
    if column.kind is Kind.CODE:
        setattr(
            record, step.removesuffix("_id"), _target(record, column, step.removesuffix("_id"), value, finder)
        )
    elif rest:
        held = dict(getattr(record, step) or {})
        held |= {rest: shown(value)}
        setattr(record, step, {name: each for name, each in held.items() if each is not None})
    else:
        setattr(record, step, blank(record, column) if value is None else value)


def _target(record: Any, column: Column, step: str, named: str | None, finder: Finder) -> Any:
    if named is None:
        return None
    found = finder.find(record._meta.get_field(step).related_model, named)
    if found is None:
        raise _wrong(column, named)
    return found


def blank(record: Any, column: Column) -> Any:
    """Return what a record holds in a column where nothing is given; None of what it reckons itself."""
    step, _, rest = column.source.partition("__")
    reckoned = isinstance(getattr(type(record), step, None), property)
    if rest or reckoned or column.kind is Kind.CODE or not column.editable:
        return None
    field = record._meta.get_field(step)
    return None if field.null else field.get_default()
