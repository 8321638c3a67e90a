"""Rankings 排名: cities by air and surface water, with ties, missing bases, another period beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.library.documents import Table
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import State
from huanzhi.library.rights import Thing, may, require
from huanzhi.library.series import Store, open_store
from huanzhi.messages import text, using
from huanzhi.programmes.air_cities import city_key
from huanzhi.programmes.rankings import AirRanking, WaterRanking, rank_air, rank_water, release
from huanzhi.programmes.rankings.bulletins import Ranking, editions
from huanzhi.programmes.rankings.composite import CompositeRank, CompositeRanking, rank_composite
from huanzhi.programmes.rankings.composite_tables import (
    composite_cautions,
    composite_improvement_table,
    composite_note,
    composite_table,
)
from huanzhi.programmes.rankings.places import tree_naming
from huanzhi.programmes.rankings.tables import air_note, air_payload, air_table, improvement_table
from huanzhi.programmes.rankings.water_tables import water_improvement_table, water_payload, water_table
from huanzhi.programmes.spans import parse_span
from huanzhi.standards.air import ITEMS
from huanzhi.standards.periods import stamp
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import document
from huanzhi.web.api.papers import Paper, paper
from huanzhi.web.api.reading import beginning, read, read_seen

router = Router(tags=["rankings"])


class AirRankingAsked(Schema):
    """Which ranking by air."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"period": "2026-03", "compare": "2025-03"}]})
    period: str = Field(max_length=30, description="2026-03, 2026Q1, 2026 or 2026-03-01..2026-03-15")
    by: Literal["city", "county", "township", "station"] = "city"
    region: str | None = Field(None, max_length=60)
    edition: Literal["auto", "2012", "2026"] = "auto"
    source: Literal["auto", "stations", "published"] = "auto"
    weights: Literal["equal", "claimed_2026"] = "equal"
    ranked_on: Literal["published", "exact"] = Field(
        "published", description="whether equal rounded figures share a rank, or only equal exact ones"
    )
    compare: str | None = Field(None, max_length=30, description="another period, shown beside this one")
    format: Paper | None = Field(None, description="a file instead: csv, xlsx, or docx as a bulletin")


class WaterRankingAsked(Schema):
    """Which ranking by surface water."""

    period: str = Field(max_length=30)
    by: Literal["city", "county", "township", "province", "section", "basin"] = "city"
    region: str | None = Field(None, max_length=60)
    ranked_on: Literal["published", "exact"] = "published"
    compare: str | None = Field(None, max_length=30)
    format: Paper | None = None


class CompositeRankingAsked(Schema):
    """Which composite ranking."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"period": "2026-10", "by": "township"}]})
    period: str = Field(max_length=30)
    by: Literal["city", "county", "township"] = "county"
    region: str | None = Field(None, max_length=60)
    ranked_on: Literal["published", "exact"] = "published"
    compare: str | None = Field(None, max_length=30)
    format: Paper | None = None


class RankItemOut(Schema):
    """One item of a city."""

    item: str
    heading: str
    unit: str
    value: str | None
    index: str | None
    limit: str
    weight: str
    valid_days: int
    needed: int


class RankOut(Schema):
    """One city; `rank` is null where it is left out, and `reasons` say why. Equal indices share a rank."""

    name: str
    rank: int | None
    tied: bool
    index: str | None
    main: list[str]
    items: list[RankItemOut]
    valid_days: int | None
    source: str
    rivers: int | None
    lakes: int | None
    number_of_items: int | None
    reasons: list[str]
    before: str | None
    change: str | None
    change_rank: int | None
    compared_rank: int | None
    compared_index: str | None
    simulated: bool
    air: str | None = None
    water: str | None = None


class RankingOut(Schema):
    """A ranking with the editions and weights that made it."""

    ranking: Literal["air", "water", "composite"]
    period: str
    words: str
    year_before: str
    compare: str | None
    compare_words: str | None
    by: str
    editions: list[str]
    weights: str
    forced: bool
    number: int
    rows: list[RankOut]
    silent: list[str]
    note: str
    simulated: bool
    cautions: list[str]


@dataclass(frozen=True, slots=True)
class _Beside:
    """Rank and index of every city in another period."""

    code: str | None
    words: str | None
    rows: Mapping[str, tuple[int | None, str | None]]

    def of(self, name: str) -> dict[str, Any]:
        rank, index = self.rows.get(city_key(name), (None, None))
        return {"compared_rank": rank, "compared_index": index}


@router.get("rankings/air", response=RankingOut)
def rank_by_air(request: HttpRequest, asked: Query[AirRankingAsked]) -> HttpResponse:
    """Rank by the composite air index, with the change on last year, as JSON or as a file."""
    options: dict[str, Any] = {
        "by": asked.by,
        "source": asked.source,
        "edition": asked.edition,
        "region": beginning(asked.region),
        "preset": asked.weights,
        "naming": tree_naming(asked.by),
        "ranked_on": asked.ranked_on,
    }

    def work(store: Store) -> Any:
        found = rank_air(store, parse_span(asked.period), improvement=True, **options)
        if asked.format:
            return _paper([air_table(found), improvement_table(found)], found, asked.format)
        other = rank_air(store, parse_span(asked.compare), **options) if asked.compare else None
        return air_document(found, _beside(other), asked)

    return _answer(request, work, named=asked.by == "station")


@router.get("rankings/water", response=RankingOut)
def rank_by_water(request: HttpRequest, asked: Query[WaterRankingAsked]) -> HttpResponse:
    """Rank by the city water quality index CWQI, as JSON or as a file."""
    more: dict[str, Any] = {"naming": tree_naming(asked.by), "ranked_on": asked.ranked_on}
    options: dict[str, Any] = {"by": asked.by, "region": beginning(asked.region), **more}

    def work(store: Store) -> Any:
        span = parse_span(asked.period)
        found = rank_water(store, span, improvement=True, **options)
        if asked.format:
            return _paper([water_table(found), water_improvement_table(found)], found, asked.format)
        other = None
        if asked.compare:
            other = rank_water(store, parse_span(asked.compare), **options)
        return water_document(found, _beside(other))

    return _answer(request, work, named=asked.by == "section")


@router.get("rankings/composite", response=RankingOut)
def rank_by_both(request: HttpRequest, asked: Query[CompositeRankingAsked]) -> HttpResponse:
    """Rank by air and surface water together, by the weights of the rulebook, as JSON or as a file."""
    require(actor(request), "read", Thing("ranking"))
    region, place = beginning(asked.region), asked.region or ""
    options: dict[str, Any] = {"by": asked.by, "region": region, "place": place, "ranked_on": asked.ranked_on}
    with using(language_of(request)), open_store("read") as store:
        found = rank_composite(store, parse_span(asked.period), **options)
        if asked.format:
            tables = [composite_table(found), composite_improvement_table(found)]
            return _paper(tables, found, asked.format)
        other = rank_composite(store, parse_span(asked.compare), **options) if asked.compare else None
        return document(request, composite_document(found, _beside(other)))


class ReleaseAsked(Schema):
    """Which ranking."""

    medium: Literal["air", "water"]
    period: str = Field(max_length=30)
    by: Literal["city", "county", "township", "station", "province", "section", "basin"] = "city"
    region: str = Field("", max_length=60)
    edition: Literal["auto", "2012", "2026"] = "auto"
    source: Literal["auto", "stations", "published"] = "auto"
    weights: Literal["equal", "claimed_2026"] = "equal"


class ReleaseProposed(ReleaseAsked):
    """A ranking that is to be published, and why."""

    reason: str = Field(min_length=1, max_length=2000)


class ReleaseOut(Schema):
    """How a ranking stands: draft, proposed or published; `changed` once the data say something else."""

    state: Literal["draft", "proposed", "published"]
    proposal: int | None
    proposer: str
    proposed: str | None
    decider: str
    decided: str | None
    reason: str
    digest: str
    changed: bool
    may_propose: bool


@router.get("rankings/release", response=ReleaseOut)
def get_release(request: HttpRequest, asked: Query[ReleaseAsked]) -> HttpResponse:
    """Say whether a ranking is a draft, proposed for publication, or published."""
    about = release.named({**asked.dict(), "region": beginning(asked.region)})
    found = read(request, "ranking", lambda store: release.payload_of(store, about))
    return document(request, _standing(request, about, found["digest"]))


@router.post("rankings/release", response={201: ReleaseOut})
def propose_release(request: HttpRequest, asked: ReleaseProposed) -> HttpResponse:
    """Propose a ranking for publication; another person decides under /proposals."""
    about = release.named({**asked.dict(), "region": beginning(asked.region)})
    found = read(request, "ranking", lambda store: release.payload_of(store, about))
    propose(
        actor(request),
        release.KIND,
        release.SUBJECT,
        release.subject_of(about),
        reason=asked.reason,
        now=datetime.now(UTC),
        payload={**about, "digest": found["digest"]},
        simulated=bool(found["simulated"]),
    )
    return document(request, _standing(request, about, found["digest"]), 201)


def _standing(request: HttpRequest, about: Mapping[str, str], digest: str) -> dict[str, Any]:
    proposal = release.standing(about)
    allowed = may(actor(request), "propose", Thing(f"proposal:{release.KIND}")).allowed
    if proposal is None:
        nobody = {"proposer": "", "proposed": None, "decider": "", "decided": None, "reason": ""}
        return {
            "state": "draft",
            "proposal": None,
            **nobody,
            "digest": digest,
            "changed": False,
            "may_propose": allowed,
        }
    published = proposal.state == State.APPROVED
    return {
        "state": "published" if published else "proposed",
        "proposal": proposal.pk,
        "proposer": proposal.proposer,
        "proposed": stamp(proposal.proposed),
        "decider": proposal.decider,
        "decided": stamp(proposal.decided),
        "reason": proposal.reason,
        "digest": digest,
        "changed": proposal.payload["digest"] != digest,
        "may_propose": allowed and (published and proposal.payload["digest"] != digest),
    }


def _answer(request: HttpRequest, work: Callable[[Store], Any], *, named: bool) -> HttpResponse:
    """Answer with a ranking; one of single places (`named`) has those only that who asks may read."""
    found = (read_seen if named else read)(request, "ranking", work)
    return found if isinstance(found, HttpResponse) else document(request, found)


def _paper(tables: list[Table], found: Ranking, form: Paper) -> HttpResponse:
    mark = text("rankings.mark_simulated") if found.simulated else ""
    kept = [table for table in tables if table.rows] or tables[:1]
    return paper(kept, form, f"ranking-{found.span.code()}", mark=mark)


def _beside(other: Ranking | None) -> _Beside:
    if other is None:
        return _Beside(None, None, {})
    rows = {
        city_key(row.name): (row.rank, _shown(row.value if isinstance(row, CompositeRank) else row.index))
        for row in other.rows
    }
    return _Beside(other.span.code(), other.span.words(), rows)


def air_document(found: AirRanking, beside: _Beside, asked: AirRankingAsked) -> dict[str, Any]:
    """Return a ranking by air as the API gives it."""
    payload, rules = air_payload(found), found.rules
    ranks = [row.rank for row in found.rows]
    rows = [
        {
            "name": row.name,
            "rank": row.rank,
            "tied": row.rank is not None and ranks.count(row.rank) > 1,
            "index": _shown(row.index),
            "main": list(row.main),
            "items": _items(row, found),
            "valid_days": row.days.valid_days,
            "source": text(f"rankings.source_{row.days.source}", points=row.days.points),
            "rivers": None,
            "lakes": None,
            "number_of_items": None,
            "reasons": list(row.reasons),
            "before": _shown(row.before),
            "change": _shown(row.change),
            "change_rank": row.change_rank,
            "simulated": row.days.simulated,
            **beside.of(row.name),
        }
        for row in found.rows
    ]
    return {
        **_head("air", found, beside, rows, payload["cautions"]),
        "by": asked.by,
        "editions": [rules.ranking.number, rules.evaluation.number, rules.limits.number],
        "weights": text(f"rankings.weights_{rules.preset}"),
        "forced": asked.edition != "auto",
        "silent": list(found.silent),
        "note": air_note(found),
    }


def _items(row: Any, found: AirRanking) -> list[dict[str, Any]]:
    listed = []
    for item, term in zip(ITEMS, found.rules.terms, strict=True):
        figure = row.items[item]
        heading = (
            text("rankings.percentile", item=item, percent=term.percentile) if term.percentile else str(item)
        )
        listed.append(
            {
                "item": str(item),
                "heading": heading,
                "unit": item.parameter.unit,
                "value": _shown(figure.value),
                "index": _shown(figure.index),
                "limit": str(float(term.limit)).removesuffix(".0"),
                "weight": str(term.weight),
                "valid_days": figure.days,
                "needed": figure.needed,
            }
        )
    return listed


def water_document(found: WaterRanking, beside: _Beside) -> dict[str, Any]:
    """Return a ranking by surface water as the API gives it."""
    payload, table = water_payload(found), water_table(found)
    ranks = [row.rank for row in found.rows]
    rows = [
        {
            "name": row.name,
            "rank": row.rank,
            "tied": row.rank is not None and ranks.count(row.rank) > 1,
            "index": _shown(row.index),
            "main": [],
            "items": [],
            "valid_days": None,
            "source": "",
            "rivers": row.rivers,
            "lakes": row.lakes,
            "number_of_items": len(row.items),
            "reasons": [str(cells[-1])] if cells[-1] else [],
            "before": _shown(row.before),
            "change": _shown(row.change),
            "change_rank": row.change_rank,
            "simulated": row.simulated,
            **beside.of(row.name),
        }
        for row, cells in zip(found.rows, table.rows, strict=True)
    ]
    return {
        **_head("water", found, beside, rows, payload["cautions"]),
        "by": found.by,
        "editions": [found.edition.number, found.rules.edition.number],
        "weights": "",
        "forced": False,
        "silent": [],
        "note": table.note,
    }


def composite_document(found: CompositeRanking, beside: _Beside) -> dict[str, Any]:
    """Return a composite ranking as the API gives it."""
    ranks = [row.rank for row in found.rows]
    nothing: dict[str, Any] = {"main": [], "items": [], "valid_days": None, "source": "", "rivers": None}
    nothing |= {"lakes": None, "number_of_items": None}
    rows = [
        {
            "name": row.name,
            "rank": row.rank,
            "tied": row.rank is not None and ranks.count(row.rank) > 1,
            "index": _shown(row.value),
            "air": _shown(row.air),
            "water": _shown(row.water),
            "reasons": list(row.reasons),
            "before": _shown(row.before),
            "change": _shown(row.change),
            "change_rank": row.change_rank,
            "simulated": row.simulated,
            **nothing,
            **beside.of(row.name),
        }
        for row in found.rows
    ]
    shares = " / ".join(f"{float(share):g} %" for share in found.weights.of.values())
    return {
        **_head("composite", found, beside, rows, list(composite_cautions(found))),
        "by": found.by,
        "editions": list(editions(found)),
        "weights": shares,
        "forced": False,
        "silent": [],
        "note": composite_note(found),
    }


def _head(
    kind: str,
    found: Ranking,
    beside: _Beside,
    rows: list[dict[str, Any]],
    cautions: list[str],
) -> dict[str, Any]:
    return {
        "ranking": kind,
        "period": found.span.code(),
        "words": found.span.words(),
        "year_before": found.span.year_before().code(),
        "compare": beside.code,
        "compare_words": beside.words,
        "number": sum(row["rank"] is not None for row in rows),
        "rows": rows,
        "simulated": found.simulated,
        "cautions": cautions,
    }


def _shown(value: object) -> str | None:
    return None if value is None else str(value)
