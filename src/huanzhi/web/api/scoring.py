"""Assessment 考核: drafts by the rulebook, published by two, with what each point stands on; effects."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from huanzhi.errors import InputError
from huanzhi.library.indicators import scores
from huanzhi.library.indicators.listing import SCORES
from huanzhi.library.indicators.models import Score, Value
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.columns import Column, Kind, both
from huanzhi.library.rights import Thing, mask, may, require, thing_of, visible
from huanzhi.library.rights.decision import rules_held
from huanzhi.library.rulebooks.holding import in_force
from huanzhi.programmes.scoring import assessing
from huanzhi.programmes.scoring.effects import QUALITY, effects
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.indicator_reading import day_of, plain
from huanzhi.web.api.lists import Page, Paging, answer, answer_rows, begun_from, document, filters
from huanzhi.web.api.targets import spoken

router = Router(tags=["scoring"])
ScoreFilters = filters("ScoreFilters", SCORES.columns)


def _number(name: str, zh: str, en: str) -> Column:
    return Column(name, Kind.TEXT, titles=both(zh, en), editable=False)


EFFECTS = (
    _number("region", "地区代码", "region"),
    _number("region_name", "地区", "region name"),
    *(
        Column(name, Kind.INTEGER, titles=both(zh, en), editable=False, sort=True)
        for name, zh, en in (
            ("measures", "到期举措", "measures due"),
            ("measures_done", "已完成", "done"),
            ("issues", "问题", "issues"),
            ("issues_closed", "已销号", "closed"),
            ("complaints", "信访举报", "complaints"),
        )
    ),
    _number("funds", "资金（万元）", "funds (10,000 yuan)"),
    *(
        _number(f"{name}{end}", f"{zh}{word}", f"{en}{change}")
        for name, zh, en in zip(
            QUALITY,
            ("PM2.5", "优良天数比例", "Ⅰ～Ⅲ类断面比例"),
            ("PM2.5", "good days", "sections I-III"),
            strict=True,
        )
        for end, word, change in (("", "", ""), ("_change", "同比", " change"))
    ),
)


class ScoreIn(Schema):
    """Whom to assess: ``region:CODE`` or ``body:CODE``."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"subject": "region:990001", "year": 2026}]}
    )

    subject: str = Field(max_length=60)
    year: int = Field(ge=2015, le=2100)
    day: date | None = None


class ScoreReasonIn(Schema):
    """Why."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "年度考核"}]})

    reason: str = Field(min_length=1, max_length=500)


class ScoreOut(Schema):
    """An assessment with every row of the rulebook that counted, its points and evidence."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"number": "KH-2026-0001"}]})

    number: str
    total: str
    items: list[dict[str, Any]]
    facts: dict[str, Any]
    revision: int


class ScoreWordsOut(Schema):
    """Grades and whom I may assess."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"may_assess": True}]})


@router.get("scores", response=Page[dict[str, Any]], operation_id="list_scores")
def list_scores(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[ScoreFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List assessments; also as CSV or XLSX."""
    paging.sort = paging.sort or "-year,subject"
    return answer(request, SCORES, _scores(request), paging, wanted)


@router.get("scores/words", response=ScoreWordsOut, operation_id="score_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return the grades, the rulebooks, and whom I may assess."""
    who, today = actor(request), datetime.now(CHINA).date()
    books = [in_force(name, today) for name in (assessing.REGION, assessing.BODY)]
    subjects = []
    if any(rules_held(who, "create", Score.KIND)):
        regions = visible(who, Region.KIND, Region.objects.filter(level__in=("city", "county", "district")))
        bodies = visible(who, Organisation.KIND, Organisation.objects.filter(kind="department"))
        subjects = [{"value": f"region:{row.pk}", "name": row.name} for row in regions.order_by("pk")[:200]]
        subjects += [{"value": f"body:{row.code}", "name": row.name} for row in bodies.order_by("code")[:200]]
    told = {
        "grades": [{"value": code, **words} for code, words in assessing.grades(books[0]).items()],
        "rulebooks": [{"id": book.id, "title": book.title.text(), "version": book.version} for book in books],
        "confidence": books[0].provenance.confidence.value,
        "subjects": subjects,
        "may_assess": bool(subjects),
    }
    return document(request, told)


@router.post("scores", response={201: ScoreOut}, operation_id="draft_score")
def draft(request: HttpRequest, given: ScoreIn) -> HttpResponse:
    """Reckon an assessment by the rulebook in force and keep it as a draft."""
    day = given.day or min(datetime.now(CHINA).date(), date(given.year, 12, 31))
    made = assessing.draft(actor(request), plain(given.subject), given.year, day_of(day), datetime.now(UTC))
    return document(request, _shown(request, made), 201)


@router.get("scores/effects", response=Page[dict[str, Any]], operation_id="list_effects")
def list_effects(request: HttpRequest, paging: Query[Paging], year: int, region: str) -> HttpResponse:
    """Set what was done in a region and those below it beside what changed; also as CSV or XLSX."""
    place = Region.objects.filter(pk=region).first() if "\x00" not in region else None
    if place is None or not 2013 <= year <= 2100:
        raise InputError("indicators.no_region", value=region.replace("\x00", "")[:12])
    require(actor(request), "read", Thing(Value.KIND, place.path))
    below = Region.objects.filter(parent=place, valid_to=None).order_by("pk")
    rows = effects([place, *below[:60]], year)
    return answer_rows(request, EFFECTS, rows, paging, {}, lambda: "effects")


@router.get("scores/{number}", response=ScoreOut, operation_id="get_score")
def get_score(request: HttpRequest, number: str) -> HttpResponse:
    """Return an assessment with its facts, points, reasons and evidence."""
    return document(request, _shown(request, _score(request, number)))


@router.post("scores/{number}/publish", response={201: ScoreOut}, operation_id="publish_score")
def publish(request: HttpRequest, number: str, given: ScoreReasonIn) -> HttpResponse:
    """Propose that an assessment is published; another person decides, under ``/proposals``."""
    found = _score(request, number)
    begun_from(request, found)
    scores.propose_publication(actor(request), found, given.reason, datetime.now(UTC))
    return document(request, _shown(request, _score(request, number)), 201)


def _scores(request: HttpRequest) -> Any:
    return visible(actor(request), Score.KIND, Score.objects.select_related("region", "organisation"))


def _score(request: HttpRequest, number: str) -> Score:
    found: Score | None = _scores(request).filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise InputError("tables.no_record", value=number.replace("\x00", "")[:40])
    return found


def _shown(request: HttpRequest, row: Score) -> dict[str, Any]:
    who = actor(request)
    proposal = Thing(f"proposal:{scores.KIND}", row.region.path)
    book = in_force(row.rulebook, row.day, row.region.pk)
    titles = {one.name: one.title.text() for one in book.inputs}
    return {
        **mask(who, row, SCORES.row(row)),
        "items": spoken(row.items, language_of(request)),
        "facts": {titles.get(name, name): value for name, value in row.facts.items()},
        "steps": row.steps,
        "sha256": row.sha256,
        "basis": book.basis.text(),
        "confidence": book.provenance.confidence.value,
        "confidence_name": book.provenance.confidence.text(),
        "may_publish": row.state == "draft"
        and may(who, "change", thing_of(row)).allowed
        and may(who, "propose", proposal).allowed,
    }
