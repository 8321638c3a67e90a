"""Records 记录: JSON and XML of the national air platform as sheets; a row number is that of the record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from huanzhi.errors import InputError
from huanzhi.network.feeds.cnemc import plain_field
from huanzhi.network.feeds.encodings import decode
from huanzhi.network.feeds.fold import fold
from huanzhi.network.feeds.sheets import Sheet
from huanzhi.standards.periods import CHINA

_ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;|#)(\w+);")
_DOTNET_DATE = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>")


def json_sheet(data: bytes, file: Path) -> Sheet:
    """Return the station records of a JSON file: an array of objects, at any depth.

    Raises
    ------
    InputError
        If this is no JSON, or holds no station record.
    """
    text, encoding = decode(data, file)
    try:
        document = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (json.JSONDecodeError, RecursionError) as error:
        row = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise InputError("feeds.broken_json", file=file, row=row) from None
    return record_sheet(_objects(document), file, f"json {encoding}")


def xml_sheet(data: bytes, file: Path) -> Sheet:
    """Return the station records of an XML file: elements with station code and time, in any name space.

    Raises
    ------
    InputError
        If this is no XML, declares a document type, or holds no station record.
    """
    text, encoding = decode(data, file)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise InputError("feeds.xml_doctype", file=file)
    text = _ENTITY.sub(" ", _PROLOGUE.sub("", text))
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise InputError("feeds.broken_xml", file=file, row=error.position[0]) from None
    return record_sheet(map(_children, root.iter()), file, f"xml {encoding}")


def record_sheet(records: Iterable[Mapping[str, str]], file: Path, encoding: str) -> Sheet:
    """Return the records that have a station and a time as a sheet; a field that a record lacks is empty."""
    kept = [record for record in records if _is_station(record)]
    if not kept:
        raise InputError("feeds.no_records", file=file)
    columns = tuple(dict.fromkeys(name for record in kept for name in record))
    cells = {name: [record.get(name, "") for record in kept] for name in columns}
    return Sheet(file, columns, cells, 1, encoding, (), range(1, len(kept) + 1))


def _is_station(record: Mapping[str, str]) -> bool:
    names = {plain_field(name) for name in record}
    return "stationcode" in names and "timepoint" in names


def _objects(node: Any) -> Iterable[dict[str, str]]:
    """Yield the plain values of every object of a JSON document, in its order."""
    waiting = [node] if _nested(node) else []
    while waiting:
        node = waiting.pop()
        children = node.values() if isinstance(node, dict) else node
        if isinstance(node, dict):
            yield {fold(name): json_text(value) for name, value in node.items() if not _nested(value)}
        waiting.extend(reversed([child for child in children if _nested(child)]))


def _nested(value: object) -> bool:
    return isinstance(value, dict | list)


def json_text(value: object) -> str:
    """Return a JSON value as a cell; ``/Date(…)/`` as China time."""
    if value is None:
        return ""
    text = fold(str(value))
    if match := _DOTNET_DATE.fullmatch(text):
        moment = datetime.fromtimestamp(int(match[1]) / 1000, UTC).astimezone(CHINA)
        return moment.strftime("%Y-%m-%d %H:%M:%S")
    return text


def _children(element: ElementTree.Element) -> dict[str, str]:
    return {_local(child.tag): fold(child.text or "") for child in element if isinstance(child.tag, str)}


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2]
