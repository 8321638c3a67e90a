"""Structured logs 结构化日志: one JSON object a line, with a time, an event and its facts.

An event that comes over and over, from one device that sends rubbish all day, is held back: a few a second
of each kind are written, then how many were not.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import UTC, datetime
from typing import TextIO

MOST_A_SECOND = 20
"""Lines of one event in a second. DEFAULT, NOT FROM THE DOCUMENTS."""


class Log:
    """Writes events to a text stream; None for nowhere."""

    def __init__(self, stream: TextIO | None, most: int = MOST_A_SECOND) -> None:
        self._stream, self._most = stream, most
        self._second = 0
        self._counts: Counter[str] = Counter()

    def handle(self) -> int | None:
        """Return the file handle of the stream, for another process; None where it has none."""
        try:
            return self._stream.fileno() if self._stream is not None else None
        except (OSError, ValueError):
            return None

    def say(self, event: str, **facts: object) -> None:
        """Write an event with its facts."""
        if self._stream is None:
            return
        second = int(time.time())
        if second != self._second:
            self._sum_up(self._stream)
            self._second = second
        self._counts[event] += 1
        if self._counts[event] <= self._most:
            self._write(self._stream, event, facts)

    def _sum_up(self, stream: TextIO) -> None:
        for event, count in self._counts.items():
            if count > self._most:
                self._write(stream, event, {"held_back": count - self._most})
        self._counts.clear()

    @staticmethod
    def _write(stream: TextIO, event: str, facts: dict[str, object]) -> None:
        moment = datetime.now(UTC).isoformat(timespec="milliseconds")
        stream.write(
            json.dumps({"time": moment, "event": event, **facts}, ensure_ascii=False, default=str) + "\n"
        )
        stream.flush()
