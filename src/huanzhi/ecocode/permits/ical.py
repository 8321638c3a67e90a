"""iCalendar 日历文件 (RFC 5545): days on which something is due, for the calendar of a phone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

OCTETS = 73
"""Octets of a line before it is folded, one less than the bound of RFC 5545 3.1 allows for the space."""


def written(events: Iterable[tuple[str, date, str]], now: datetime) -> bytes:
    """Return a calendar of whole days: name, day and title of each."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//huanzhi//permits//ZH"]
    for name, day, title in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_escaped(name)}@huanzhi",
            f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(title)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _escaped(words: str) -> str:
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return words.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> Iterator[bytes]:
    """Cut a line where it grows too long, never within a character."""
    part, begin = b"", b""
    for sign in line:
        octets = sign.encode()
        if len(part) + len(octets) > OCTETS:
            yield begin + part
            part, begin = b"", b" "
        part += octets
    yield begin + part
