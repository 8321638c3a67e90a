"""States of sections and of the air 断面与空气预警: colours by month and quarter; forecasts and episodes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.center.warnings import episodes
from huanzhi.center.warnings.models import AirForecast, Episode, SectionState
from huanzhi.center.warnings.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.documents import Column as PaperColumn
from huanzhi.library.documents import Document, Heading, Paragraph, Table, write_docx
from huanzhi.library.people.managing import region_of
from huanzhi.library.places.models import Region, Section, Station
from huanzhi.library.records.columns import Column, Kind, both
from huanzhi.library.records.tables import Table as RecordTable
from huanzhi.library.rights import Actor, Thing, may, require, thing_of, visible
from huanzhi.messages import catalogue, language, text, using
from huanzhi.standards.periods import CHINA, stamp
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.papers import download, written

router = Router(tags=["warnings"])


def own_region(who: Actor) -> str:
    """Return the region of the first role that somebody holds, else that of the stations; empty without."""
    held = (one.path.strip("/").rpartition("/")[2] for one in who.held if one.path.strip("/"))
    return next(held, "") or _city()


def _city() -> str:
    """Return the city in which the first station stands; the largest region around it where none is."""
    paths = Station.objects.filter(region__isnull=False).order_by("pk").values_list("region__path", flat=True)
    codes = (paths.first() or "").strip("/").split("/")
    city = Region.objects.filter(code__in=codes, level="city").values_list("code", flat=True).first()
    return city or codes[0]


COLOURS = ("none", *settings()["colours"], "unknown")


STATES = RecordTable(
    SectionState.KIND,
    "section-states",
    SectionState,
    (
        Column("section", filter=True, sort=True, search=True, titles=both("断面编码", "section")),
        Column("name", sort=True, search=True, titles=both("断面", "name")),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True),
        Column("region_name", path="region__name", editable=False),
        Column("scheme", filter=True, titles=both("预警规则", "scheme")),
        Column("period", filter=True, sort=True, titles=both("时段", "period")),
        Column("colour", filter=True, sort=True, titles=both("颜色", "colour")),
        Column("measured", titles=both("水质类别", "class")),
        Column("target", titles=both("目标类别", "target")),
        Column("item", titles=both("最差指标", "worst item")),
        Column("ratio", titles=both("与目标限值之比", "share of the limit")),
        Column("final", Kind.TRUTH, titles=both("时段已结束", "period is over")),
        Column("warning", titles=both("预警编号", "warning")),
        Column("computed", Kind.MOMENT, titles=both("研判时间", "judged at")),
        Column("simulated", Kind.TRUTH, filter=True, editable=False),
    ),
    ("region",),
    titles={"zh": "断面预警状态", "en": "states of sections"},
)
StateFilters = filters("SectionStateFilters", STATES.columns)


class SectionColoursOut(Schema):
    """Sections by month: one row each, a colour a period, and the sections that have no target."""

    periods: list[str]
    items: list[dict[str, Any]]
    counts: dict[str, int]
    without_target: int
    rule: dict[str, Any]


class DayIn(Schema):
    """A day of a forecast."""

    day: date
    low: int = Field(ge=0, le=1000)
    high: int = Field(ge=0, le=1000)
    primary: str = Field("", max_length=20)


class ForecastIn(Schema):
    """The AQI that is expected on days."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "region": "990001",
                    "days": [{"day": "2026-11-24", "low": 180, "high": 210, "primary": "PM2.5"}],
                }
            ]
        },
    )

    region: str = Field(max_length=12)
    days: list[DayIn] = Field(min_length=1, max_length=15)


class ActivateIn(Schema):
    """The level of an episode; another than the one proposed needs a reason."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"level": "yellow"}]})

    level: str = Field(max_length=12)
    reason: str = Field("", max_length=500)


class EpisodeEndIn(Schema):
    """Why an episode ends."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "扩散条件转好"}]})

    reason: str = Field(min_length=1, max_length=500)


class AirLevelOut(Schema):
    """Days around today, what the rulebook says of them, the episode that stands, and those before."""

    region: str
    days: list[dict[str, Any]]
    standing: dict[str, Any] | None
    episodes: list[dict[str, Any]]
    may_forecast: bool
    may_command: bool


@router.get("warnings/sections", response=SectionColoursOut, operation_id="section_board")
def get_board(
    request: HttpRequest, region: str = "", scheme: str = "three_colour", months: int = 13
) -> HttpResponse:
    """Return every section as coloured states by month (or by quarter), with the rule that judged."""
    rows = visible(actor(request), SectionState.KIND, SectionState.objects.select_related("region"))
    rows = rows.filter(scheme=scheme.replace("\x00", ""))
    if region:
        rows = rows.filter(region__path__contains=f"{region.replace(chr(0), '')}/")
    periods = sorted(set(rows.values_list("period", flat=True)))[-max(min(months, 60), 1) :]
    held: dict[str, dict[str, Any]] = {}
    for one in rows.filter(period__in=periods).order_by("section", "period"):
        line = held.setdefault(one.section, _section_line(one))
        line["states"][one.period] = _state_row(one)
        line["target"] = one.target or line["target"]
    newest = _newest_final(held, periods)
    counts = {colour: sum(newest.get(code) == colour for code in held) for colour in COLOURS}
    rule = _rule(rows)
    missing = visible(actor(request), Section.KIND, Section.objects.filter(target="", targets=None)).count()
    board = {"periods": periods, "items": list(held.values()), "counts": counts, "rule": rule}
    return document(request, {**board, "without_target": missing})


def _section_line(one: SectionState) -> dict[str, Any]:
    names = ("section", "name", "target", "simulated")
    told = {name: getattr(one, name) for name in names}
    return {
        **told,
        "region": one.region_id,
        "region_name": one.region.name if one.region else "",
        "states": {},
    }


def _state_row(one: SectionState) -> dict[str, Any]:
    names = ("colour", "measured", "target", "item", "ratio", "final", "warning")
    judged = one.judged
    more = {
        "row": judged.get("row"),
        "inputs": judged.get("inputs", {}),
        "outputs": judged.get("outputs", {}),
    }
    return {**{name: getattr(one, name) for name in names}, **more}


def _newest_final(held: dict[str, dict[str, Any]], periods: list[str]) -> dict[str, str]:
    found = {}
    for code, line in held.items():
        final = [
            line["states"][one] for one in periods if one in line["states"] and line["states"][one]["final"]
        ]
        found[code] = final[-1]["colour"] if final else "unknown"
    return found


def _rule(rows: Any) -> dict[str, Any]:
    """Return the rulebook that judged last: id, version, basis, confidence."""
    newest = rows.exclude(judged={}).order_by("-period", "-pk").first()
    judged = newest.judged if newest is not None else {}
    return {name: judged.get(name) for name in ("rulebook", "version", "confidence", "basis")}


@router.get("warnings/sections/states", response=Page[dict[str, Any]], operation_id="section_states")
def list_states(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[StateFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the states of sections by period; also as CSV or XLSX."""
    rows = visible(actor(request), SectionState.KIND, SectionState.objects.select_related("region"))
    paging.sort = paging.sort or "-period,section"
    return answer(request, STATES, rows, paging, wanted)


@router.get("warnings/air", response=AirLevelOut, operation_id="air_warning")
def get_air(request: HttpRequest, region: str = "") -> HttpResponse:
    """Return the days around today of a region (one's own by default), what is proposed, and its episodes."""
    who = actor(request)
    place = region_of(region or own_region(who))
    require(who, "read", Thing(Episode.KIND, place.path))
    rows = visible(who, Episode.KIND, Episode.objects.filter(region=place))
    standing = episodes.standing_in(place)
    days = episodes.days_of(place, datetime.now(CHINA).date())
    return document(
        request,
        {
            "region": place.code,
            "days": days,
            "standing": _episode_row(standing) if standing else None,
            "episodes": [_episode_row(one) for one in rows[:50]],
            "may_forecast": may(who, "create", Thing(AirForecast.KIND, place.path)).allowed,
            "may_command": may(who, "command", Thing(Episode.KIND, place.path)).allowed,
        },
    )


@router.put("warnings/air/forecast", response=AirLevelOut, operation_id="enter_air_forecast")
def put_forecast(request: HttpRequest, given: ForecastIn) -> HttpResponse:
    """Enter the AQI that is expected; the rulebook is asked at once, and only people make a level active."""
    place, now = region_of(given.region), datetime.now(UTC)
    days = [episodes.Expected(one.day, one.low, one.high, one.primary) for one in given.days]
    episodes.enter_forecast(actor(request), place, days, now)
    episodes.propose(place, now)
    return get_air(request, place.code)  # type: ignore[no-any-return]


@router.post(
    "warnings/air/episodes/{code}/activate", response=AirLevelOut, operation_id="activate_air_episode"
)
def activate(request: HttpRequest, code: str, given: ActivateIn) -> HttpResponse:
    """Make a level active, raise or lower it; another than the one proposed needs a reason."""
    row = _episode(request, code)
    begun_from(request, row)
    episodes.activate(actor(request), row, given.level, given.reason, datetime.now(UTC))
    return get_air(request, row.region_id)  # type: ignore[no-any-return]


@router.post("warnings/air/episodes/{code}/end", response=AirLevelOut, operation_id="end_air_episode")
def end(request: HttpRequest, code: str, given: EpisodeEndIn) -> HttpResponse:
    """End an episode that is active, or drop one that was proposed."""
    row = _episode(request, code)
    begun_from(request, row)
    episodes.end(actor(request), row, given.reason, datetime.now(UTC))
    return get_air(request, row.region_id)  # type: ignore[no-any-return]


@router.get("warnings/air/episodes/{code}/notice", operation_id="air_episode_notice")
def get_notice(request: HttpRequest, code: str) -> HttpResponse:
    """Return the draft of the notice 预警发布（解除）通知 as a Word document."""
    row = _episode(request, code)
    require(actor(request), "export", thing_of(row))
    with using(language_of(request)):
        made = _notice(row, datetime.now(CHINA).date())
        return download(written(made, write_docx, "docx"), "docx", f"{made.title}.docx")


def _episode(request: HttpRequest, code: str) -> Episode:
    rows = visible(actor(request), Episode.KIND, Episode.objects.select_related("region"))
    found: Episode | None = rows.filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise InputError("warnings.no_episode", value=code.replace("\x00", ""))
    return found


def _episode_row(row: Episode) -> dict[str, Any]:
    names = ("code", "state", "level", "proposed", "days", "judged", "warning", "simulated", "revision")
    times = {name: stamp(getattr(row, name)) for name in ("started", "ended")}
    dates = {name: getattr(row, name).isoformat() for name in ("first", "last")}
    return {**{name: getattr(row, name) for name in names}, **times, **dates, "region": row.region_id}


def _notice(row: Episode, day: date) -> Document:
    colour = text(f"warnings.colour_{row.level or row.proposed}")
    ended = row.state == "released"
    title = text(f"warnings.air_title_{'end' if ended else 'begin'}", region=row.region.name, colour=colour)
    judged = row.judged
    basis = judged.get("basis", {}).get(language(), "")
    told = {"first": row.first, "last": row.last, "max": judged.get("inputs", {}).get("max_aqi", "—")}
    began = (
        row.started.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if row.started else text("warnings.air_open")
    )
    over = row.ended.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if row.ended else text("warnings.air_later")
    share = judged.get("outputs", {}).get("reduction_percent")
    cut = text("warnings.air_cut", percent=share) if share else text("warnings.air_no_cut")
    columns = (
        PaperColumn(text("warnings.air_day")),
        PaperColumn("AQI", numeric=True),
        PaperColumn(text("warnings.air_source")),
    )
    sources = catalogue()
    rows = [
        (one["day"], int(one["aqi"]), sources[f"warnings.air_{one['source']}"][language()])
        for one in row.days
    ]
    blocks: list[Any] = [
        Paragraph(text("warnings.air_words", **told, colour=colour, region=row.region.name)),
        Heading(1, text("warnings.air_times")),
        Paragraph(text("warnings.air_from_to", began=began, over=over)),
        Heading(1, text("warnings.air_measures")),
        Paragraph(cut),
        Heading(1, text("warnings.notice_basis")),
        Paragraph(f"{basis}（{judged.get('confidence', '')}）"),
        Table("days", text("warnings.air_days"), columns, rows),
    ]
    mark = text("issues.simulated") if row.simulated else ""
    dated = text("report.date", year=day.year, month=day.month, day=day.day, month_name=f"{day:%B}")
    return Document(title, tuple(blocks), language(), mark, date=dated)
