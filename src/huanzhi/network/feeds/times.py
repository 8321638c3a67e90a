"""Times 时间: labels of periods as seconds UTC of the start; China time 北京时间 where no zone is written.

A label may name the start or the end of its period: the national air platform's 16:00 is the hour 15–16.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from huanzhi.errors import InputError
from huanzhi.network.feeds.fold import fold
from huanzhi.standards.periods import HOUR, Period, from_china, start_of_day, to_china

Label = Literal["start", "end"]

_LENGTH = {Period.MINUTE: 60, Period.TEN_MINUTES: 600, Period.HOUR: HOUR, Period.EIGHT_HOURS: 8 * HOUR}
_STEP = {Period.MINUTE: 60, Period.TEN_MINUTES: 600, Period.HOUR: HOUR, Period.EIGHT_HOURS: HOUR}
_DAYS = (Period.DAY, Period.DAY_MAX_HOUR, Period.DAY_MAX_EIGHT_HOURS)
_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}

_DATE = r"(?P<year>\d{4})(?:[-/.年](?P<month>\d{1,2})(?:[-/.月](?P<day>\d{1,2})日?)?)?[年月]?"
_COMPACT = r"(?P<year>\d{4})(?P<month>\d{2})(?:(?P<day>\d{2}))?"
_CLOCK = r"(?P<hour>\d{1,2})(?:[:时](?:(?P<minute>\d{1,2})分?)?(?::?(?P<second>\d{1,2})(?:\.0+)?秒?)?)?"
_ZONE = r"(?P<zone>Z|[+-]\d{2}:?\d{2})?"
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"{_DATE}(?:(?:[T\s]+|(?<=日)){_CLOCK}\s*{_ZONE})?",
        rf"{_COMPACT}(?:(?:[T\s]+|(?=\d\d))(?P<hour>\d{{1,2}})(?::?(?P<minute>\d{{2}})(?::?(?P<second>\d{{2}}))?)?\s*{_ZONE})?",
    )
)
_ZONED = re.compile(r":\d{2}(?:\.\d+)?\s*(?:Z|[+-]\d{2}:?\d{2})$", re.IGNORECASE)
_YEARLESS = re.compile(r"\d{1,2}[-/月]\d{1,2}日?(?:\s+\d{1,2}(?::\d{2}){0,2}时?)?")
_QUARTER = re.compile(r"(\d{4})\s*[-年]?\s*(?:[qQ第])\s*([1-4一二三四])(?:季度)?")


@dataclass(frozen=True, slots=True)
class Times:
    """Times of a column: seconds UTC of the starts, int64 (n,), 0 where bad; `bad` is index → text."""

    seconds: npt.NDArray[np.int64]
    bad: dict[int, str]


def has_zone(text: str) -> bool:
    """Tell whether a label carries a time zone."""
    return _ZONED.search(text) is not None


def parse_times(
    texts: Sequence[str], label: Label = "start", period: Period = Period.HOUR, *, year: int | None = None
) -> Times:
    """Parse a column of labels; see `parse_time`. What is no time is listed in `bad`."""
    encoded = pa.array(texts, type=pa.string()).dictionary_encode()
    found = [_try(text, label, period, year) for text in encoded.dictionary.to_pylist()]
    places = np.asarray(encoded.indices.fill_null(0), dtype=np.int64)
    seconds = np.array([0 if one is None else one for one in found], dtype=np.int64)
    wrong = [i for i, one in enumerate(found) if one is None]
    bad = np.flatnonzero(np.isin(places, wrong)) if wrong else ()
    return Times(seconds[places] if len(places) else seconds, {i: texts[i] for i in map(int, bad)})


@lru_cache(maxsize=65536)
def parse_time(
    text: str, label: Label = "start", period: Period = Period.HOUR, *, year: int | None = None
) -> int:
    """Return the start, in seconds UTC, of the period that a label names.

    Parameters
    ----------
    text : str
        ``2016-01-14 16:00``, ``2016/1/14 16时``, ``2016-01-14T08:00:00Z``, ``2016011416``, ``2016年1月14日``,
        ``2016-01``, ``2016-Q1``; hour 24 is 0 of the next day. China time unless a zone is written.
    label : {"start", "end"}
        What the label names. A bare date, month or year names its own period in both cases.
    period : Period
        The averaging time. Days and longer begin at 00:00 China time.
    year : int, optional
        Taken where the text has only month and day.

    Raises
    ------
    InputError
        If the text is no time, or does not stand on a full hour where the period is an hour.
    """
    word = fold(text)
    if year is not None and _YEARLESS.fullmatch(word):
        word = f"{year}-{word}"
    if quarter := _QUARTER.fullmatch(word):
        word = f"{quarter[1]}-{'一二三四1234'.index(quarter[2]) % 4 * 3 + 1:02d}"
    for shape in _SHAPES:
        if match := shape.fullmatch(word):
            try:
                return _start(match, label, period)
            except (ValueError, OverflowError):
                break
    raise InputError("feeds.bad_time", value=text, expected=example(period))


def example(period: Period) -> str:
    """Return how a label of such a period may be written, to show it to whoever wrote none."""
    return "2026-02-03" if period in _DAYS or period in _MONTHS else "2026-02-03 08:00"


def _try(text: str, label: Label, period: Period, year: int | None) -> int | None:
    try:
        return parse_time(text, label, period, year=year)
    except InputError:
        return None


def _start(match: re.Match[str], label: Label, period: Period) -> int:
    parts = match.groupdict()
    month, day = int(parts["month"] or 1), int(parts["day"] or 1)
    if not parts["day"] and (period in _LENGTH or period in _DAYS or parts["hour"]):
        raise ValueError("a day is needed")
    midnight = datetime(int(parts["year"]), month, day)
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        raise ValueError("no such hour")
    moment = midnight + timedelta(hours=hour, minutes=minute, seconds=second)
    seconds = from_china(moment.replace(tzinfo=_zone(parts["zone"])))
    return _aligned(seconds, label, period, bare=not parts["hour"])


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text in "Zz":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def _aligned(seconds: int, label: Label, period: Period, *, bare: bool) -> int:
    if period in _LENGTH:
        if seconds % _STEP[period]:
            raise ValueError("not on the period")
        return seconds - _LENGTH[period] * (label == "end")
    if period is Period.INSTANT:
        return seconds
    inside = seconds - (1 if label == "end" and not bare else 0)
    return _period_start(to_china(inside).date(), period)


def _period_start(day: date, period: Period) -> int:
    if period in _DAYS:
        return start_of_day(day)
    months = _MONTHS[period]
    return start_of_day(date(day.year, (day.month - 1) // months * months + 1, 1))
