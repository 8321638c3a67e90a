"""Records 监测记录: observations as JSON, one object a record, read by the rules of the template.

A document is a record, a list of records, or an object with the records in ``observations`` whose other
fields hold for every record. A record names its place, its time, and either one parameter with its value or
several parameters by name::

    {"station": "S1", "period": "hour",
     "observations": [{"time": "2026-01-01T08:00+08:00", "parameter": "PM2.5", "value": 12.5},
                      {"time": "2026-01-01T09:00+08:00", "PM2.5": 13, "NO2": 40}]}

Numbers are read as they are written, so no binary float stands between sender and store.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from huanzhi.errors import InputError
from huanzhi.network.feeds import template
from huanzhi.network.feeds.fold import fold
from huanzhi.network.feeds.reading import Options, Reading, Reject
from huanzhi.network.feeds.sheets import Sheet

LIST = "observations"
MOST_RECORDS = 20_000
"""Observations in one message. DEFAULT, NOT FROM THE DOCUMENTS."""

MOST_FAULTS = 100
"""Faults of one message that are named. DEFAULT, NOT FROM THE DOCUMENTS."""

_FIELDS = frozenset(template.HEADINGS)
_MEASURE = ("parameter", "value")

Record = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One observation of a record: its number in the message, counted from 1, and its fields."""

    number: int
    cells: Record


class RefusedMessageError(InputError):
    """A message of which single observations are wrong: nothing of it was taken.

    Attributes
    ----------
    rejects : sequence of Reject
    """

    def __init__(self, rejects: Sequence[Reject]) -> None:
        first = rejects[0]
        super().__init__(
            "intake.refused",
            row=first.row,
            column=first.column or None,
            value=first.value or None,
            number=len(rejects),
            reason=first.reason(),
        )
        self.rejects = rejects

    def as_dict(self) -> dict[str, Any]:
        """Return the machine form with every fault (the first :data:`MOST_FAULTS`)."""
        faults = [
            {"record": one.row, "field": one.column, "value": one.value, "reason": one.reason()}
            for one in self.rejects[:MOST_FAULTS]
        ]
        return {**super().as_dict(), "faults": faults}


def faultless(reading: Reading) -> Reading:
    """Return a reading of which nothing was refused.

    Raises
    ------
    RefusedMessageError
        If anything was.
    """
    if reading.rejects:
        raise RefusedMessageError(reading.rejects)
    return reading


def parse_json(raw: bytes) -> Any:
    """Return a JSON document, its numbers as the texts that stand there.

    Raises
    ------
    InputError
        If this is no JSON in UTF-8.
    """
    try:
        return json.loads(raw.decode("utf-8"), parse_float=str, parse_int=str, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise InputError("intake.broken_json", row=error.lineno, reason=error.msg) from None
    except UnicodeDecodeError as error:
        raise InputError("intake.not_utf8", value=f"0x{raw[error.start]:02x}", place=error.start) from None
    except RecursionError:
        raise InputError("intake.too_deep") from None


def _no_number(word: str) -> NoReturn:
    raise InputError("intake.no_json_number", value=word, expected="null")


def read_records(document: Any, name: str, *, simulated: bool = False) -> Reading:
    """Read a document of records.

    Parameters
    ----------
    document : object
        What `parse_json` returned.
    name : str
        Name of the message, for its batch.

    Returns
    -------
    Reading
        ``rejects`` holds what is wrong with single observations; their row is the number of the record.

    Raises
    ------
    InputError
        If the document has not the shape of records.
    """
    lines = list(_lines(document))
    if not lines:
        raise InputError("intake.no_records", column=LIST)
    return template.read(_sheet(lines, name, simulated=simulated), Options())


def told_kind(document: Any) -> bool:
    """Return whether a document says of what kind its places are."""
    given = [document, *_records(document)]
    return any(isinstance(one, dict) and one.get("kind") for one in given)


def _sheet(lines: list[Line], name: str, *, simulated: bool) -> Sheet:
    columns = tuple(dict.fromkeys(column for line in lines for column in line.cells))
    cells = {column: [line.cells.get(column, "") for line in lines] for column in columns}
    comments = ("simulated",) if simulated else ()
    return Sheet(Path(name), columns, cells, 1, "json", comments, [line.number for line in lines])


def _lines(document: Any) -> Iterator[Line]:
    shared = _shared(document)
    count = 0
    for number, record in enumerate(_records(document), start=1):
        if not isinstance(record, dict):
            raise InputError("intake.no_object", row=number, value=str(record)[:40])
        for cells in _observations({**shared, **_texts(record, number)}, number):
            count += 1
            if count > MOST_RECORDS:
                raise InputError("intake.too_many", value=f">{MOST_RECORDS}", expected=str(MOST_RECORDS))
            yield Line(number, cells)


def _records(document: Any) -> list[Any]:
    if isinstance(document, dict) and LIST in document:
        found = document[LIST]
        if not isinstance(found, list):
            raise InputError("intake.no_list", column=LIST)
        return found
    if isinstance(document, list):
        return document
    if isinstance(document, dict):
        return [document]
    raise InputError("intake.no_object", value=str(document)[:40])


def _shared(document: Any) -> dict[str, str]:
    if not isinstance(document, dict) or LIST not in document:
        return {}
    shared = _texts({name: value for name, value in document.items() if name != LIST}, None)
    for name in shared:
        if name not in _FIELDS or name in _MEASURE:
            raise InputError("intake.unknown_field", column=name, expected=", ".join(template.HEADINGS))
    return shared


def _texts(record: Mapping[str, Any], number: int | None) -> dict[str, str]:
    texts = {}
    for name, value in record.items():
        if isinstance(value, dict | list | bool):
            raise InputError("intake.nested", row=number, column=name, value=json.dumps(value)[:40])
        texts[fold(name)] = "" if value is None else fold(value)
    return texts


def _observations(cells: dict[str, str], number: int) -> Iterator[Record]:
    """Yield one line an observation: a record may hold several parameters by name."""
    if "parameter" in cells or "value" in cells:
        for name in _MEASURE:
            if name not in cells:
                raise InputError("intake.no_field", row=number, column=name)
        for name in cells:
            if name not in _FIELDS:
                raise InputError(
                    "intake.unknown_field", row=number, column=name, expected=", ".join(template.HEADINGS)
                )
        yield cells
        return
    fields = {name: value for name, value in cells.items() if name in _FIELDS}
    measured = {name: value for name, value in cells.items() if name not in _FIELDS}
    if not measured:
        raise InputError("intake.no_field", row=number, column="value")
    for name, value in measured.items():
        yield {**fields, "parameter": name, "value": value}
