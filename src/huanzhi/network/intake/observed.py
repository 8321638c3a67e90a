"""SensorThings payloads 传感物联报文: Observations of OGC 18-088 as records.

Read are one Observation, a list of them, and data arrays (``components`` with ``dataArray``). The Datastream
stands in the payload or in the topic; its identity is ``place:parameter:period``, as our own read side gives
it, or a name of another service that is mapped to the fields of a record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from huanzhi.errors import InputError
from huanzhi.network.feeds.template import HEADINGS
from huanzhi.standards.periods import Period

Streams = Mapping[str, Mapping[str, str]]
"""Identity of a Datastream of another service → fields of a record: station, parameter, period, unit."""

_TOPIC = re.compile(r"(?:^|/)Datastreams\((?P<id>'(?:[^']|'')*'|[^()]+)\)/Observations$")
_ROOT_TOPIC = re.compile(r"(?:^|/)(?:Observations|CreateObservations)$")
_MARKS = ("result", "dataArray")


@dataclass(frozen=True, slots=True)
class _Observed:
    """One Observation with the number of its record."""

    number: int
    fields: Mapping[str, Any]
    stream: str


def is_observed(document: Any, topic: str = "") -> bool:
    """Return whether a document speaks SensorThings, by its topic or by its fields."""
    if _TOPIC.search(topic) or _ROOT_TOPIC.search(topic):
        return True
    first = document[0] if isinstance(document, list) and document else document
    return isinstance(first, dict) and any(mark in first for mark in _MARKS)


def records_of(document: Any, topic: str = "", streams: Streams | None = None) -> list[dict[str, Any]]:
    """Return the records that a SensorThings payload means.

    Parameters
    ----------
    document : object
        Parsed JSON, its numbers still as texts.
    topic : str
        Where it came, which may name the Datastream.
    streams : mapping, optional
        Datastreams of other services.

    Raises
    ------
    InputError
        If the shape is another, or the Datastream is not known.
    """
    return [_record(one, streams or {}) for one in _observed(document, _stream_of_topic(topic))]


def _stream_of_topic(topic: str) -> str:
    match = _TOPIC.search(topic)
    return _bare(match["id"]) if match else ""


def _bare(identity: str) -> str:
    return identity[1:-1].replace("''", "'") if identity.startswith("'") else identity


def _observed(document: Any, stream: str) -> Iterator[_Observed]:
    entries = document if isinstance(document, list) else [document]
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            raise InputError("intake.no_object", row=number, value=str(entry)[:40])
        named = _linked(entry) or stream
        if "dataArray" in entry:
            yield from _rows(entry, named, number)
        else:
            yield _Observed(number, entry, named)


def _linked(entry: Mapping[str, Any]) -> str:
    link = entry.get("Datastream")
    if not isinstance(link, dict):
        return ""
    return str(link.get("@iot.id", link.get("id", "")))


def _rows(entry: Mapping[str, Any], stream: str, number: int) -> Iterator[_Observed]:
    components, rows = entry.get("components"), entry["dataArray"]
    if not isinstance(components, list) or not isinstance(rows, list):
        raise InputError("intake.no_list", row=number, column="components, dataArray")
    for row in rows:
        if not isinstance(row, list) or len(row) != len(components):
            raise InputError("intake.array_row", row=number, value=str(row)[:40], expected=str(components))
        yield _Observed(number, dict(zip(map(str, components), row, strict=True)), stream)


def _record(one: _Observed, streams: Streams) -> dict[str, Any]:
    fields = _fields(one, streams)
    if "result" not in one.fields:
        raise InputError("intake.no_field", row=one.number, column="result")
    record: dict[str, Any] = {**fields, "value": one.fields["result"]}
    record["time"] = _start(one, fields.get("period", ""))
    flag = _parameter(one, "flag")
    return record if flag is None else {**record, "flag": flag}


def _parameter(one: _Observed, name: str) -> Any:
    parameters = one.fields.get("parameters")
    return parameters.get(name) if isinstance(parameters, dict) else None


def _fields(one: _Observed, streams: Streams) -> dict[str, str]:
    if not one.stream:
        raise InputError("intake.no_field", row=one.number, column="Datastream")
    if one.stream in streams:
        return dict(streams[one.stream])
    station, *rest = one.stream.rsplit(":", 2)
    if len(rest) != 2 or rest[1] not in Period.__members__.values():
        raise InputError(
            "intake.no_stream", row=one.number, value=one.stream[:80], expected="place:parameter:period"
        )
    return {"station": station, "parameter": rest[0], "period": rest[1]}


def _start(one: _Observed, period: str) -> str:
    """Return the start of the time of an Observation; a moment without a time is now."""
    given = one.fields.get("phenomenonTime")
    if not given:
        if period != Period.INSTANT:
            raise InputError("intake.no_field", row=one.number, column="phenomenonTime")
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    first = str(given).partition("/")[0]
    try:
        found = datetime.fromisoformat(first)
    except ValueError:
        raise InputError(
            "intake.bad_time", row=one.number, value=first[:40], expected="2026-01-01T00:00:00Z"
        ) from None
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def check_streams(document: Any) -> Streams:
    """Return a table of Datastreams of another service; InputError if it has not that shape."""
    if not isinstance(document, dict):
        raise InputError("intake.no_object", value=str(document)[:40])
    for identity, fields in document.items():
        if not isinstance(fields, dict):
            raise InputError("intake.no_object", column=identity, value=str(fields)[:40])
        for name, value in fields.items():
            if name not in HEADINGS or not isinstance(value, str):
                raise InputError(
                    "intake.unknown_field", column=f"{identity}/{name}", expected=", ".join(HEADINGS)
                )
        for name in ("station", "parameter", "period"):
            if name not in fields:
                raise InputError("intake.no_field", column=f"{identity}/{name}")
    return document
