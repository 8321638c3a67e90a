"""Content of a bulletin 通报内容: counts, what was grave, who is late, what was cured, by what channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from huanzhi.center.issues.figures import (
    before,
    by_day,
    compared,
    counted,
    figures,
    grouped,
    sheet_of,
    year_before,
)
from huanzhi.center.issues.models import Issue, Step
from huanzhi.center.issues.settings import settings, word
from huanzhi.center.issues.table import table
from huanzhi.library.documents import Chart, Column, Document, Heading, Paragraph, Series, Table
from huanzhi.library.places.models import Region
from huanzhi.messages import language, text
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import CHINA

MOST_TOP, MOST_LATE, MOST_CLOSED = 10, 200, 30
"""Most rows of each table. DEFAULT, NOT FROM THE DOCUMENTS."""

LEVELS = ("major", "serious", "general")


@dataclass(frozen=True, slots=True)
class Content:
    """What goes into a bulletin: the document and its figures."""

    document: Document
    figures: dict[str, Any]
    simulated: bool


def content(region: Region, period: str, first: date, last: date, now: datetime) -> Content:
    """Return a bulletin of a region from the rows as they stand at `now`."""
    issues = Issue.objects.filter(region__path__startswith=region.path)
    found = sheet_of(issues, first, last, now)
    told = figures(found)
    channels = grouped(found, found.keys["channel"])
    late = _late(issues, now)
    cured = _closed(issues, first, last)
    simulated = issues.filter(simulated=True).exists()
    others = [
        compared(told, counted(issues, *span, now))
        for span in (before(first, last), year_before(first, last))
    ]
    blocks: list[Any] = [
        Heading(1, text("bulletin.overview")),
        Paragraph(_overview(told, len(late), len(cured), others)),
        _counts(told, others),
        _course(by_day(found, first, last)),
        Heading(1, text("bulletin.top")),
        _or_none(_top(issues, first, last)),
        Heading(1, text("bulletin.late")),
        _or_none(_late_table(late, now)),
        Heading(1, text("bulletin.closed")),
        _or_none(_closed_table(cured)),
        Heading(1, text("bulletin.channels")),
        _channels(channels),
    ]
    title = text(f"bulletin.title_{period}", region=region.name)
    written = text("report.date", year=now.year, month=now.month, day=now.day, month_name=f"{now:%B}")
    number = text("bulletin.span", first=str(first), last=str(last))
    mark = text("issues.simulated") if simulated else ""
    kept = {**told, "late": len(late), "cured": len(cured), "before": others[0], "year_before": others[1]}
    document = Document(title, tuple(blocks), language(), mark, date=written, number=number)
    return Content(document, kept, simulated)


def _overview(told: Mapping[str, Any], late: int, cured: int, others: Sequence[Mapping[str, Any]]) -> str:
    changes = [_signed(one["change"]["found"]) for one in others]
    return text(
        "bulletin.summary",
        found=told["found"],
        before=changes[0],
        year=changes[1],
        valid=told["valid"],
        rate=_percent(told["valid_rate"]) or "—",
        cured=cured,
        open=told["open"],
        late=late,
    )


def _counts(told: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> Table:
    columns = (
        Column(text("bulletin.item"), width=2.0),
        Column(text("bulletin.now")),
        Column(text("bulletin.before")),
        Column(text("bulletin.change")),
        Column(text("bulletin.year_before")),
        Column(text("bulletin.change")),
    )
    rows: list[list[Any]] = []
    for name in ("found", "valid", "closed", "overdue"):
        cells: list[Any] = [text(f"bulletin.count_{name}"), told[name]]
        for other in others:
            cells += [other[name], _signed(other["change"][name])]
        rows.append(cells)
    for name in ("valid_rate", "on_time_rate", "reopened_rate"):
        rows.append([text(f"bulletin.count_{name}"), _percent(told[name]), None, None, None, None])
    for name in ("accepted", "dispatched", "closing", "alarm_to_disposal"):
        rows.append([text(f"bulletin.count_{name}"), _hours(told[name]["median"]), None, None, None, None])
    return Table("counts", text("bulletin.counts"), columns, rows, note=text("bulletin.counts_note"))


def _course(days: Sequence[Mapping[str, Any]]) -> Chart:
    names = [str(one["at"])[5:] for one in days]
    series = tuple(
        Series(text(f"bulletin.count_{name}"), [one[name] for one in days]) for name in ("found", "closed")
    )
    return Chart("course", text("bulletin.course"), "column", names, series, axis=text("bulletin.pieces"))


def _top(issues: Any, first: date, last: date) -> Table | None:
    begin, end = _span(first, last)
    found = issues.filter(opened__gte=begin, opened__lt=end).select_related("region", "organisation")
    found = found.exclude(state__in=("rejected", "joined"))
    ranked: list[Issue] = []
    for level in LEVELS:
        ranked += list(found.filter(level=level).order_by("opened", "pk")[: MOST_TOP - len(ranked)])
    if not ranked:
        return None
    columns = _columns(
        ("number", 1.6), ("headline", 3.0), ("level", 1.0), ("region", 1.0), ("state", 1.0), ("lead", 1.6)
    )
    rows = [
        (
            one.number,
            one.title,
            table().choices["level"][one.level][language()],
            one.region.name,
            table().states[one.state].name,
            one.organisation.name if one.organisation else None,
        )
        for one in ranked
    ]
    return Table("top", text("bulletin.top"), columns, rows, note=text("bulletin.top_note"))


def _late(issues: Any, now: datetime) -> list[Issue]:
    found = issues.filter(state__in=table().open_states(), due__lt=now)
    found = found.select_related("organisation", "region").order_by("organisation__name", "due", "pk")
    return list(found[:MOST_LATE])


def _late_table(late: Sequence[Issue], now: datetime) -> Table | None:
    if not late:
        return None
    columns = _columns(
        ("lead", 1.8), ("number", 1.6), ("headline", 3.0), ("state", 1.0), ("due", 1.4), ("days", 0.8)
    )
    rows = [
        (
            one.organisation.name if one.organisation else text("bulletin.nobody"),
            one.number,
            one.title,
            table().states[one.state].name,
            _moment(one.due),
            (now - one.due).days + 1 if one.due else None,
        )
        for one in late
    ]
    return Table("late", text("bulletin.late"), columns, rows)


def _closed(issues: Any, first: date, last: date) -> list[Issue]:
    begin, end = _span(first, last)
    found = issues.filter(state__in=("written_off", "looked_back"), closed__gte=begin, closed__lt=end)
    return list(found.select_related("organisation").order_by("closed", "pk")[:MOST_CLOSED])


def _closed_table(cured: Sequence[Issue]) -> Table | None:
    if not cured:
        return None
    columns = _columns(
        ("number", 1.6), ("headline", 2.6), ("measures", 2.6), ("was", 1.4), ("after", 1.8), ("closed", 1.2)
    )
    return Table("closed", text("bulletin.closed"), columns, [_cured_row(one) for one in cured])


def _cured_row(issue: Issue) -> tuple[Any, ...]:
    steps = Step.objects.filter(issue=issue, transition__in=("rectify", "verify")).order_by("number")
    done = {step.transition: step.outputs for step in steps}
    proof = done.get("verify", {}).get("proof")
    return (
        issue.number,
        issue.title,
        str(done.get("rectify", {}).get("measures", "")) or None,
        _seen(issue),
        text("bulletin.proved", run=proof["run"], limit=proof["limit"])
        if proof
        else str(done.get("verify", {}).get("finding", "")) or None,
        _moment(issue.closed),
    )


def _seen(issue: Issue) -> str | None:
    value = issue.facts.get("value")
    known = all_parameters().get(issue.parameter)
    name = known.symbol if known else issue.parameter
    return f"{name} {value} {issue.facts.get('unit', '')}".strip() if value not in (None, "") else None


def _channels(groups: Sequence[Mapping[str, Any]]) -> Table:
    names = ("found", "valid", "valid_rate", "closed", "on_time_rate", "dispatched")
    columns = (
        Column(text("bulletin.defence")),
        Column(text("bulletin.channel"), width=1.6),
        *(Column(text(f"bulletin.count_{name}")) for name in names),
    )
    known = {one["code"]: one for one in groups}
    rows = [
        (word("defence", channel["defence"]), channel[language()], *_cells(known.get(code)))
        for code, channel in sorted(
            settings()["channel"].items(),
            key=lambda one: list(settings()["defence"]).index(one[1]["defence"]),
        )
    ]
    return Table("channels", text("bulletin.channels"), columns, rows)


def _cells(group: Mapping[str, Any] | None) -> tuple[Any, ...]:
    if group is None:
        return (0, 0, None, 0, None, None)
    rates = (_percent(group["valid_rate"]), group["closed"], _percent(group["on_time_rate"]))
    return (group["found"], group["valid"], *rates, _hours(group["dispatched"]["median"]))


def _columns(*named: tuple[str, float]) -> tuple[Column, ...]:
    return tuple(Column(text(f"bulletin.col_{name}"), width=width) for name, width in named)


def _or_none(found: Table | None) -> Table | Paragraph:
    return found or Paragraph(text("bulletin.none"))


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share * 100:.1f}%"


def _signed(share: float | None) -> str:
    return text("bulletin.no_base") if share is None else f"{share * 100:+.1f}%"


def _hours(seconds: float | None) -> Decimal | None:
    return None if seconds is None else (Decimal(seconds) / 3600).quantize(Decimal("0.1"))


def _span(first: date, last: date) -> tuple[datetime, datetime]:
    begin = datetime(first.year, first.month, first.day, tzinfo=CHINA)
    end = datetime(last.year, last.month, last.day, tzinfo=CHINA) + timedelta(days=1)
    return begin, end


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if moment else None
