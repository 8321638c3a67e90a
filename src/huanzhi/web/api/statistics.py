"""Statistics 统计: how problems are found and disposed of, by channel 人防/物防/技防, area and category.

Everything is counted from the issues that the reader may see; each figure has the number it stands on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Literal, get_args

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.center.issues.counting import kept
from huanzhi.center.issues.figures import (
    Sheet,
    before,
    by_day,
    compared,
    counted,
    defences,
    figures,
    grouped,
    repeated,
    sheet_of,
    year_before,
)
from huanzhi.center.issues.listing import issue_table
from huanzhi.center.issues.reading import readable
from huanzhi.center.issues.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.selecting import selected
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.days import Day
from huanzhi.web.api.lists import Paging, answer_rows, document

router = Router(tags=["statistics"])
TABLE = issue_table()
MOST_DAYS = 1100
"""Most days of a period. DEFAULT, NOT FROM THE DOCUMENTS."""

By = Literal["defence", "channel", "category", "region", "organisation"]
MOST_PLACES = 20


class StatisticsQuery(Schema):
    """Which issues: by the day on which they were opened, and by filters of the list."""

    first: Day | None = Field(None, description="first day of China, that of the month by default")
    last: Day | None = Field(None, description="last day, today by default")
    region: str = Field("", max_length=12, description="code of a region; its whole subtree")
    channel: str = Field("", max_length=200)
    category: str = Field("", max_length=400)
    organisation: str = Field("", max_length=200)


class TableQuery(StatisticsQuery):
    """The same as one table."""

    by: By = "defence"


class StatisticsOut(Schema):
    """Figures of a period; durations [s], shares from 0 to 1, null where there is nothing to count."""

    model_config = ConfigDict(extra="allow")

    first: str
    last: str
    total: dict[str, Any]
    before: dict[str, Any]
    year_before: dict[str, Any]
    groups: dict[str, list[dict[str, Any]]]
    course: list[dict[str, Any]]
    repeated: list[dict[str, Any]]


@router.get("statistics/issues", response=StatisticsOut, operation_id="issue_statistics")
def get_statistics(request: HttpRequest, wanted: Query[StatisticsQuery]) -> HttpResponse:
    """Return how problems were found and disposed of, beside the period before and the year before."""
    first, last = _period(wanted)
    rows, now = _rows(request, wanted), datetime.now(UTC)
    made = partial(statistics, rows, first, last, now, wanted.region)
    return document(request, kept("statistics", rows, now.timestamp(), made, first, last, wanted.region))


@router.get("statistics/issues/table", response=dict[str, Any], operation_id="issue_statistics_table")
def get_table(request: HttpRequest, wanted: Query[TableQuery], paging: Query[Paging]) -> HttpResponse:
    """Return the figures by one kind of group as a list, also as CSV or XLSX."""
    first, last = _period(wanted)
    now = datetime.now(UTC)
    found = sheet_of(_rows(request, wanted), first, last, now)
    told = named(grouped(found, _codes(found, wanted.by, wanted.region)), wanted.by)
    return answer_rows(request, COLUMNS, [flat(one) for one in told], paging)


def statistics(rows: Any, first: date, last: date, now: datetime, region: str = "") -> dict[str, Any]:
    """Return all figures of a period."""
    own = sheet_of(rows, first, last, now)
    total = figures(own)
    earlier = {"before": before(first, last), "year_before": year_before(first, last)}
    known = {span: counted(rows, *span, now) for span in dict.fromkeys(earlier.values())}
    others = {
        name: {"first": str(span[0]), "last": str(span[1]), **compared(total, known[span])}
        for name, span in earlier.items()
    }
    return {
        "first": str(first),
        "last": str(last),
        "total": total,
        **others,
        "groups": {by: named(grouped(own, _codes(own, by, region)), by) for by in get_args(By)},
        "course": by_day(own, first, last),
        "repeated": _places(own),
    }


def named(groups: list[dict[str, Any]], by: str) -> list[dict[str, Any]]:
    """Return groups with their names in both languages."""
    words = _words(by, {one["code"] for one in groups})
    blank = {"zh": "未指定", "en": "not assigned"}
    return [
        {
            **one,
            "code": str(one["code"] or ""),
            **words.get(one["code"], _same(one["code"]) if one["code"] else blank),
        }
        for one in groups
    ]


def flat(group: Mapping[str, Any]) -> dict[str, Any]:
    """Return a group as one row of a table; durations in hours."""
    row = {name: group.get(name) for name in ("code", "zh", "en", *COUNTS, *SHARES)}
    for name in DURATIONS:
        for part in ("median", "p90"):
            seconds = group[name][part]
            row[f"{name}_{part}"] = None if seconds is None else round(seconds / 3600, 1)
    return row


COUNTS = {
    "found": ("发现", "found"),
    "valid": ("有效", "valid"),
    "open": ("在办", "open"),
    "overdue": ("超期", "overdue"),
    "closed": ("销号", "closed"),
    "on_time": ("按期销号", "closed on time"),
    "reopened": ("重新立案", "reopened"),
}
SHARES = {
    "valid_rate": ("有效率", "valid rate"),
    "on_time_rate": ("按期率", "on-time rate"),
    "reopened_rate": ("重新立案率", "reopened rate"),
}
DURATIONS = {
    "accepted": ("受理用时", "time to accept"),
    "dispatched": ("交办用时", "time to dispatch"),
    "closing": ("办结用时", "time to close"),
    "alarm_to_disposal": ("报警到处置", "alarm to disposal"),
    "alarm_to_end": ("报警到办结", "alarm to closing"),
}


def _columns() -> tuple[Column, ...]:
    def both(words: tuple[str, str], zh: str = "", en: str = "") -> dict[str, str]:
        return {"zh": words[0] + zh, "en": words[1] + en}

    text = [
        Column(name, titles=both(words))
        for name, words in (
            ("code", ("编码", "code")),
            ("zh", ("名称", "name (zh)")),
            ("en", ("英文名称", "name")),
        )
    ]
    counts = [Column(name, Kind.INTEGER, titles=both(words), sort=True) for name, words in COUNTS.items()]
    shares = [Column(name, Kind.NUMBER, titles=both(words), sort=True) for name, words in SHARES.items()]
    times = [
        Column(f"{name}_{part}", Kind.NUMBER, titles=both(words, f"{zh}（小时）", f" {en} [h]"), sort=True)
        for name, words in DURATIONS.items()
        for part, zh, en in (("median", "中位数", "median"), ("p90", "九成位数", "p90"))
    ]
    return (*text, *counts, *shares, *times)


COLUMNS = _columns()


def _period(wanted: StatisticsQuery) -> tuple[date, date]:
    today = datetime.now(CHINA).date()
    last = wanted.last or today
    first = wanted.first or last.replace(day=1)
    if (
        not (timedelta(0) <= last - first <= timedelta(days=MOST_DAYS))
        or first.year < 1990
        or last.year > 2200
    ):
        raise InputError("issues.period", value=f"{first}/{last}", most=MOST_DAYS)
    return first, last


def _rows(request: HttpRequest, wanted: StatisticsQuery) -> Any:
    asked = {name: getattr(wanted, name) for name in ("region", "channel", "category", "organisation")}
    given = {name: value for name, value in asked.items() if value}
    return selected(TABLE, readable(actor(request)), given).select_related(None)


def _codes(found: Sheet, by: str, region: str) -> Sequence[Any]:
    """Return the group of each issue."""
    if by == "defence":
        return defences(found)
    if by != "region":
        return found.keys[by]
    below = _parts(region)
    return [below.get(one, one) for one in found.keys["region"]]


def _parts(region: str) -> dict[str, str]:
    """Return, for each region, the part of `region` in which it lies; of the whole, its own."""
    above = Region.objects.filter(pk=region).values_list("path", flat=True).first() if region else None
    if not above:
        return {}
    inside = Region.objects.filter(path__startswith=above).values_list("pk", "path")
    return {code: (path.removeprefix(above).split("/")[0] or code) for code, path in inside}


def _words(by: str, codes: set[Any]) -> dict[Any, dict[str, str]]:
    if by in ("defence", "channel", "category"):
        return {code: {"zh": one["zh"], "en": one["en"]} for code, one in settings()[by].items()}
    if by == "region":
        rows = Region.objects.filter(pk__in=codes).values_list("pk", "name", "name_en")
        return {code: {"zh": name, "en": english or name} for code, name, english in rows}
    names = Organisation.objects.filter(pk__in=codes - {None}).values_list("pk", "name")
    return {code: _same(name) for code, name in names}


def _same(name: Any) -> dict[str, str]:
    return {"zh": str(name), "en": str(name)}


def _places(found: Sheet) -> list[dict[str, Any]]:
    from huanzhi.center.issues.models import Issue

    told = repeated(found)[:MOST_PLACES]
    codes = [one["place"] for one in told]
    names = dict(
        Issue.objects.filter(place__in=codes).order_by().values_list("place", "place_name").distinct()
    )
    return [{**one, "name": names.get(one["place"]) or one["place"]} for one in told]
