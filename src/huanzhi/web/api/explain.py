"""Why 为什么: a judged value with its inputs, edition, clause and arithmetic, back to file and row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.assess.explanation import Explanation
from huanzhi.errors import InputError
from huanzhi.library.rights import Thing, require
from huanzhi.library.series import Store, open_store
from huanzhi.messages import catalogue, text, using
from huanzhi.programmes.assessing import parse_when
from huanzhi.programmes.explaining import (
    Origin,
    explain_air_rank,
    explain_composite_rank,
    explain_water_rank,
    stored_air,
    stored_water,
)
from huanzhi.programmes.rankings import rank_air, rank_water
from huanzhi.programmes.rankings.composite import rank_composite
from huanzhi.programmes.rankings.places import tree_naming
from huanzhi.programmes.spans import parse_span
from huanzhi.standards.periods import Period, start_of_day
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import document
from huanzhi.web.api.reading import beginning, read, read_seen, seen_places

router = Router(tags=["explain"])
MOST_ORIGINS = 500
"""Origins of one answer. DEFAULT, NOT FROM THE DOCUMENTS."""


class ReasonStepOut(Schema):
    """One step of the arithmetic."""

    text: str
    clause: str


class OriginOut(Schema):
    """One revision of one observation: the file, row and digest that it came from."""

    feature: str
    item: str
    time: str
    value: str
    state: str
    state_name: str
    revision: int
    batch: str
    file: str
    row: int
    sha256: str
    at: str
    current: bool


class ExplanationOut(Schema):
    """Everything that a judged value was made from; names of inputs and results are in words."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "AQI",
                    "inputs": {"PM2.5": "76 µg/m³"},
                    "editions": ["HJ 633-2026"],
                    "steps": [{"text": "PM2.5 …", "clause": "4.2.4"}],
                    "result": {"AQI": 102},
                    "cautions": [],
                    "origins": [],
                    "origins_total": 0,
                }
            ]
        }
    )
    title: str
    inputs: dict[str, Any]
    editions: list[str]
    steps: list[ReasonStepOut]
    result: dict[str, Any]
    cautions: list[str]
    origins: list[OriginOut]
    origins_total: int


class ValueAsked(Schema):
    """A judged value: its place, its period, and the edition where another is wanted."""

    place: str = Field(max_length=200, description="code or name of a station, city or section")
    period: str = Field(max_length=30, description="2026-03-01T08 or 2026-03-01; a section: also 2026-03 …")
    edition: Literal["auto", "2012", "2026"] = "auto"


class RankAsked(Schema):
    """A rank: who, in which ranking."""

    name: str = Field(max_length=200)
    period: str = Field(max_length=30)
    by: Literal["city", "county", "township", "station", "province", "section", "basin"] = "city"
    ranked_on: Literal["published", "exact"] = "published"
    edition: Literal["auto", "2012", "2026"] = "auto"
    source: Literal["auto", "stations", "published"] = "auto"
    weights: Literal["equal", "claimed_2026"] = "equal"
    region: str | None = Field(None, max_length=60)


@router.get("explain/air", response=ExplanationOut)
def explain_air(request: HttpRequest, asked: Query[ValueAsked]) -> HttpResponse:
    """Say why a place has this AQI at an hour or on a day."""
    when = parse_when(asked.period)
    hour = when.hour is not None
    time = when.hour if when.hour is not None else start_of_day(when.span.first)

    require(actor(request), "read", Thing("explanation"))
    places = seen_places(request)

    def work(store: Store) -> dict[str, Any]:
        averaging = Period.HOUR if hour else Period.DAY
        found = stored_air(store, asked.place, time, averaging, asked.edition)
        origins = [one for one in found.origins if places is None or one.feature in places]
        if found.origins and not origins:
            raise InputError("rights.refused", value="read", expected="observation")
        return _out(f"{asked.place} {when.words()}", found.explanation, origins)

    return _answer(request, work, named=False)


@router.get("explain/water", response=ExplanationOut)
def explain_water(request: HttpRequest, asked: Query[ValueAsked]) -> HttpResponse:
    """Say why a section has this class over a period."""
    span = parse_span(asked.period)

    def work(store: Store) -> dict[str, Any]:
        found = stored_water(store, asked.place, span)
        return _out(f"{asked.place} {span.words()}", found.explanation, found.origins)

    return _answer(request, work)


@router.get("explain/air-rank", response=ExplanationOut)
def explain_air_ranking(request: HttpRequest, asked: Query[RankAsked]) -> HttpResponse:
    """Say why a city, county, township or station has this composite index and rank."""
    span, by = parse_span(asked.period), asked.by
    named = tree_naming(by)

    def work(store: Store) -> dict[str, Any]:
        ranking = rank_air(
            store,
            span,
            by=by if by in ("city", "county", "township", "station") else "city",
            naming=named,
            ranked_on=asked.ranked_on,
            source=asked.source,
            edition=asked.edition,
            region=beginning(asked.region),
            preset=asked.weights,
            improvement=True,
        )
        return _out(f"{asked.name} {span.words()}", explain_air_rank(ranking, asked.name), ())

    return _answer(request, work, named=by == "station")


@router.get("explain/water-rank", response=ExplanationOut)
def explain_water_ranking(request: HttpRequest, asked: Query[RankAsked]) -> HttpResponse:
    """Say why a city, province, basin or section has this CWQI and rank."""
    span, by = parse_span(asked.period), asked.by
    named = tree_naming(by)

    def work(store: Store) -> dict[str, Any]:
        ranked = by if by != "station" else "city"
        more: dict[str, Any] = {"naming": named, "ranked_on": asked.ranked_on}
        ranking = rank_water(store, span, by=ranked, region=beginning(asked.region), **more)
        return _out(f"{asked.name} {span.words()}", explain_water_rank(ranking, asked.name), ())

    return _answer(request, work, named=by == "section")


@router.get("explain/composite-rank", response=ExplanationOut)
def explain_composite_ranking(request: HttpRequest, asked: Query[RankAsked]) -> HttpResponse:
    """Say why a region has this composite value and rank."""
    require(actor(request), "read", Thing("ranking"))
    by = asked.by if asked.by in ("city", "county", "township") else "county"
    region, place = beginning(asked.region), asked.region or ""
    more: dict[str, Any] = {"by": by, "region": region, "place": place, "ranked_on": asked.ranked_on}
    with using(language_of(request)), open_store("read") as store:
        ranking = rank_composite(store, parse_span(asked.period), **more)
        found = explain_composite_rank(ranking, asked.name)
        return document(request, _out(f"{asked.name} {ranking.span.words()}", found, ()))


def _answer(
    request: HttpRequest, work: Callable[[Store], dict[str, Any]], *, named: bool = True
) -> HttpResponse:
    """Answer with a reason; of a single place (`named`) only to who may read its values."""
    reads = read_seen if named else read
    return document(request, reads(request, "explanation", work))


def _out(title: str, found: Explanation, origins: Iterable[Origin]) -> dict[str, Any]:
    listed = list(origins)
    return {
        "title": title,
        "inputs": {_label(name): _plain(value) for name, value in found.inputs.items()},
        "editions": [edition.number for edition in found.editions],
        "steps": [{"text": step.sentence(), "clause": step.clause} for step in found.steps],
        "result": {_label(name): _plain(value) for name, value in found.result.items()},
        "cautions": list(found.cautions()),
        "origins": [_origin(one) for one in listed[:MOST_ORIGINS]],
        "origins_total": len(listed),
    }


def _label(name: str) -> str:
    """Return the name of an input or result in words where it has any; an item says its own."""
    key = f"explain_terms.label_{name}"
    return text(key) if key in catalogue() else name


def _plain(value: object) -> Any:
    if f"explain_terms.value_{value}" in catalogue():
        return text(f"explain_terms.value_{value}")
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int) else str(value)


def _origin(one: Origin) -> dict[str, Any]:
    plain = {name: value for name, value in one.as_dict().items() if name not in ("time", "at")}
    times = {"time": one.time.isoformat(), "at": one.at.isoformat(timespec="seconds")}
    return {**plain, **times, "state_name": text(f"explain.state_{one.state}")}
