"""Issues 问题: list, board, one issue with its steps and evidence, and every step that can be taken.

A change names the revision that it began from in ``If-Match``; if somebody else was quicker it is refused
with 412 and nothing is lost.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from time import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from huanzhi.center.issues import evidence as keeping
from huanzhi.center.issues.board import board
from huanzhi.center.issues.bundle import bundle
from huanzhi.center.issues.counting import kept
from huanzhi.center.issues.duplicates import dismiss, note_likeness
from huanzhi.center.issues.listing import issue_table
from huanzhi.center.issues.mapping import collection
from huanzhi.center.issues.models import Evidence, Issue
from huanzhi.center.issues.moving import move
from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.center.issues.order import order
from huanzhi.center.issues.outside import is_outside
from huanzhi.center.issues.proof import prove
from huanzhi.center.issues.reading import readable
from huanzhi.center.issues.sampling import sample
from huanzhi.center.issues.searching import Mentioned, mentioning
from huanzhi.center.issues.table import table
from huanzhi.center.issues.writing_off import propose_write_off
from huanzhi.errors import InputError
from huanzhi.library.documents import write_docx
from huanzhi.library.records.selecting import selected
from huanzhi.library.rights import require, thing_of
from huanzhi.messages import text, using
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.days import Day
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.issue_shapes import (
    AlertRef,
    BoardOut,
    CureOut,
    EvidenceIn,
    EvidenceOut,
    IssueIn,
    IssueOut,
    LeadsOut,
    MoveIn,
    SampleOut,
    Why,
    WordsOut,
    WriteOffIn,
    lead_rows,
    piece_row,
    shown,
    words_rows,
)
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.papers import download, fingerprinted, one_of, written
from huanzhi.web.application import parts_of

router = Router(tags=["issues"])
TABLE = issue_table()
IssueFilters = filters(
    "IssueFilters",
    TABLE.columns,
    box=(str | None, Field(None, description="west,south,east,north [degrees]", max_length=100)),
    overdue=(bool | None, Field(None, description="open and late")),
    open=(bool | None, Field(None, description="still open")),
)
CATEGORIES = {
    "outlet": {"a": "outlet_air", "w": "outlet_water"},
    "section": "surface_water",
    "lake": "surface_water",
    "air_station": "air_quality",
    "well": "groundwater",
    "noise_point": "noise",
    "soil_point": "soil",
    "sea_point": "marine",
}
"""Category of an issue by the kind of place, and for outlets by what the parameter's code begins with."""


class SampleQuery(Schema):
    """Which write-offs to sample, and the seed to draw by."""

    first: Day
    last: Day
    seed: str = Field(min_length=1, max_length=100)


@router.get("issues", response=Page[dict[str, Any]], operation_id="list_issues")
def list_issues(request: HttpRequest, paging: Query[Paging], wanted: Query[IssueFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """List issues, the newest first; also as CSV, XLSX or GeoJSON for the map."""
    rows, asked = wanted_issues(request, wanted)
    found, paging.q = mentioning(rows, paging.q), ""
    paging.sort = paging.sort or "-opened"
    return answer(request, TABLE, found.rows, paging, asked, count=partial(_total, found))


@router.get("issues/board", response=BoardOut, operation_id="issues_board")
def get_board(request: HttpRequest, wanted: Query[IssueFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """Return how many issues stand where, how many are late, and how old they are."""
    rows, asked = wanted_issues(request, wanted)
    return document(request, board(selected(TABLE, rows, asked), datetime.now(UTC)))


@router.get("issues/map", response=dict[str, Any], operation_id="issues_map")
def get_map(request: HttpRequest, wanted: Query[IssueFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """Return the issues in a box as GeoJSON: points where they are few, counted cells where they are many."""
    rows, asked = wanted_issues(request, wanted)
    box = _box(asked.pop("box", "-180,-90,180,90"))
    return document(request, collection(selected(TABLE, rows, asked), box, datetime.now(UTC)))


@router.get("issues/words", response=WordsOut, operation_id="issue_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return states, steps with what they must bring, clocks with their basis, and the words of the forms."""
    return document(request, words_rows())


@router.get("issues/sample", response=SampleOut, operation_id="look_back_sample")
def get_sample(request: HttpRequest, given: Query[SampleQuery]) -> HttpResponse:
    """Draw which issues are looked at again; the same seed gives the same sample to everybody."""
    first = datetime.combine(given.first, datetime.min.time(), CHINA)
    last = datetime.combine(given.last, datetime.min.time(), CHINA) + timedelta(days=1)
    rows = readable(actor(request)).filter(state="written_off", closed__gte=first, closed__lt=last)
    numbers = list(rows.values_list("number", flat=True))
    drawn = sample(numbers, given.seed)
    return document(request, {"seed": given.seed, "written_off": len(numbers), "items": drawn})


@router.post("issues", response={201: IssueOut}, operation_id="open_issue")
def create(request: HttpRequest, given: IssueIn) -> HttpResponse:
    """Open an issue, from an alert that stands or in one's own words; one alert opens one issue."""
    who = actor(request)
    draft = _from_alert(request, given.alert, given) if given.alert else _draft(given)
    made = _standing(draft) or open_issue(who, draft, given.reason)
    return _document(request, made, 201)


@router.get("issues/{number}", response=IssueOut, operation_id="get_issue")
def get_issue(request: HttpRequest, number: str) -> HttpResponse:
    """Return an issue with its steps, evidence, term, what is alike, and the steps that I may take."""
    return _document(request, found_issue(request, number))


@router.post("issues/{number}/moves", response=IssueOut, operation_id="move_issue")
def take_step(request: HttpRequest, number: str, given: MoveIn) -> HttpResponse:
    """Take a step; what it must bring stands in ``moves`` of the issue."""
    issue = found_issue(request, number)
    begun_from(request, issue)
    with using(language_of(request)):
        done = move(
            actor(request), issue, given.transition, given.outputs, given.reason, evidence=given.evidence
        )
    return _document(request, done)


@router.post("issues/{number}/write-off", response={201: IssueOut}, operation_id="propose_issue_write_off")
def write_off(request: HttpRequest, number: str, given: WriteOffIn) -> HttpResponse:
    """Propose that an issue is written off; a second person decides, under ``/proposals``."""
    issue = found_issue(request, number)
    begun_from(request, issue)
    propose_write_off(actor(request), issue, given.conclusion, given.reason)
    return _document(request, issue, 201)


@router.post("issues/{number}/evidence", response={201: EvidenceOut}, operation_id="attach_evidence")
def attach(
    request: HttpRequest, number: str, given: Form[EvidenceIn], file: File[UploadedFile]
) -> HttpResponse:
    """Attach a piece of evidence: it is hashed on arrival by SM3 and SHA-256, and never changed."""
    piece = keeping.attach(
        actor(request),
        found_issue(request, number),
        file.read(),
        file.name or "",
        given.kind,
        _in_china(given.taken_at),
        given.lon,
        given.lat,
    )
    return document(request, piece_row(piece), 201)


@router.get("issues/{number}/evidence/{piece}", operation_id="get_evidence")
def get_evidence(request: HttpRequest, number: str, piece: int) -> HttpResponse:
    """Return the bytes of a piece of evidence, checked against its digest."""
    issue = found_issue(request, number)
    found = one_of(Evidence.objects.filter(issue=issue), piece)
    if not _shown_piece(request, issue, piece):
        raise InputError("issues.no_evidence", value=piece)
    return fingerprinted(keeping.read(found), "", found.name, found.sm3)


@router.get("issues/{number}/cure", response=CureOut, operation_id="issue_cure")
def get_cure(request: HttpRequest, number: str) -> HttpResponse:
    """Return what the curve of the sensor shows since the work was done."""
    cure = prove(found_issue(request, number))
    with using(language_of(request)):
        return document(request, {**cure.as_dict(), "words": cure.words()})


@router.get("issues/{number}/leads", response=LeadsOut, operation_id="issue_leads")
def get_leads(request: HttpRequest, number: str) -> HttpResponse:
    """Propose who leads, by duty list and area, with reasons; an officer decides."""
    issue = inside_issue(request, number)
    with using(language_of(request)):
        return document(request, {"items": lead_rows(issue, datetime.now(CHINA).date())})


@router.post("issues/{number}/alike", response=IssueOut, operation_id="seek_alike")
def seek_alike(request: HttpRequest, number: str) -> HttpResponse:
    """Look again for issues that may be the same problem."""
    issue = inside_issue(request, number)
    require(actor(request), "command", thing_of(issue))
    note_likeness(issue)
    return _document(request, issue)


@router.post("issues/{number}/alike/{other}/dismiss", response=IssueOut, operation_id="dismiss_alike")
def dismiss_alike(request: HttpRequest, number: str, other: str, given: Why) -> HttpResponse:
    """Say that two issues are not the same problem."""
    issue = inside_issue(request, number)
    dismiss(actor(request), issue, inside_issue(request, other), given.reason)
    return _document(request, issue)


@router.get("issues/{number}/order", operation_id="issue_order")
def get_order(request: HttpRequest, number: str) -> HttpResponse:
    """Return the order 交办单 as a Word document in the layout of official documents."""
    issue = inside_issue(request, number)
    require(actor(request), "export", thing_of(issue))
    with using(language_of(request)):
        made = order(issue, datetime.now(CHINA).date())
        return download(written(made, write_docx, "docx"), "docx", f"{made.title}.docx")


@router.get("issues/{number}/bundle", operation_id="issue_bundle")
def get_bundle(request: HttpRequest, number: str) -> HttpResponse:
    """Return the issue with its evidence as one file that ``huanzhi issue verify`` verifies offline."""
    issue = inside_issue(request, number)
    response = download(bundle(actor(request), issue), "", f"{issue.number}.zip")
    response["Content-Type"] = "application/zip"
    return response


def _total(found: Mentioned, rows: Any) -> int:
    return kept("total", rows, time(), lambda: found.count(rows))


def wanted_issues(request: HttpRequest, wanted: Schema) -> tuple[Any, dict[str, Any]]:
    """Return the issues that may be read, and the filters of columns that are still to be asked."""
    asked = wanted.model_dump(exclude_none=True)
    rows = readable(actor(request))
    if (is_open := asked.pop("open", None)) is not None:
        states = table().open_states()
        rows = rows.filter(state__in=states) if is_open else rows.exclude(state__in=states)
    if asked.pop("overdue", False):
        rows = rows.filter(
            due__lt=datetime.now(UTC).replace(second=0, microsecond=0), state__in=table().open_states()
        )
    return rows, asked


def found_issue(request: HttpRequest, number: str) -> Issue:
    """Return an issue that may be read; InputError ``issues.none`` otherwise."""
    rows = readable(actor(request)).select_related(
        "region", "organisation", "person", "joined_to", "split_from"
    )
    found: Issue | None = rows.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise InputError("issues.none", value=number.replace("\x00", ""))
    return found


def _shown_piece(request: HttpRequest, issue: Issue, piece: int) -> bool:
    who = actor(request)
    return not is_outside(who, issue) or piece in [one["id"] for one in shown(who, issue)["evidence"]]


def inside_issue(request: HttpRequest, number: str) -> Issue:
    """Return an issue that may be read as a whole, not only by the enterprise that it is about."""
    issue = found_issue(request, number)
    if is_outside(actor(request), issue):
        raise InputError("rights.refused", value="read", expected=Issue.KIND)
    return issue


def _document(request: HttpRequest, issue: Issue, status: int = 200) -> HttpResponse:
    seen = readable(actor(request)).select_related(
        "region", "organisation", "person", "joined_to", "split_from"
    )
    held = seen.filter(pk=issue.pk).first()
    if held is None:  # it was opened for somebody else's area
        return document(request, {"number": issue.number, "revision": issue.revision}, status)
    return document(request, shown(actor(request), held), status)


def _draft(given: IssueIn) -> Draft:
    return Draft(
        given.title,
        given.category,
        given.channel,
        given.region,
        given.words,
        given.level,
        given.place,
        enterprise=given.enterprise,
        lon=given.lon,
        lat=given.lat,
        since=_in_china(given.since),
    )


def _standing(draft: Draft) -> Issue | None:
    """Return the open issue that the same alert opened before, though it may have begun anew meanwhile."""
    before = draft.source_ref.rpartition("@")[0]
    if not before:
        return None
    rows = Issue.objects.filter(channel=draft.channel, state__in=table().open_states(), place=draft.place)
    return next((one for one in rows if one.source_ref.rpartition("@")[0] == before), None)


def _from_alert(request: HttpRequest, wanted: AlertRef, given: IssueIn) -> Draft:
    """Return a draft filled in from an alert that stands and that the reader may see."""
    news = parts_of(request).news
    key = (wanted.kind, wanted.feature, wanted.subject, wanted.period)
    alert = news.alerts.standing.get(key)
    if alert is None or not news.audience(actor(request)).sees(alert.feature):
        raise InputError("issues.no_alert", value=wanted.feature)
    feature = news.picture.features.get(alert.feature)
    return alert_draft(alert.form(), feature, given)


def alert_draft(form: dict[str, Any], feature: Any, given: IssueIn) -> Draft:
    """Return a draft with what an alert tells: place, parameter, value, limit, since when and why."""
    known = all_parameters().get(form["parameter"])
    since = datetime.fromisoformat(form["since"])
    named = {"name": form["name"] or form["feature"], "parameter": known.symbol if known else ""}
    facts = {name: form[name] for name in ("value", "unit", "limit", "period", "flags", "why", "why_en")}
    return Draft(
        given.title or text(f"issues.alert_{form['kind']}", **named),
        given.category or category_of(form["kind"], getattr(feature, "kind", ""), form["parameter"]),
        "warning",
        given.region or getattr(feature, "region_code", ""),
        given.words or form["why"],
        given.level,
        form["feature"],
        form["name"],
        form["parameter"],
        str(getattr(feature, "attributes", {}).get("enterprise", "")),
        f"{form['kind']}:{form['feature']}:{form['subject']}:{form['period']}@{form['since']}",
        getattr(feature, "lon", None),
        getattr(feature, "lat", None),
        since,
        sensor=form["kind"] == "exceedance",
        facts=facts,
        simulated=form["simulated"],
    )


def category_of(alert: str, kind: str, parameter: str) -> str:
    """Return the category that an alert belongs to."""
    if alert != "exceedance":
        return "data"
    found: Any = CATEGORIES.get(kind, "other")
    return str(found.get(parameter[:1], "other")) if isinstance(found, dict) else str(found)


def _box(written: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in written.split(","))
    except ValueError:
        raise InputError("lists.box", value=written, expected="west,south,east,north") from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InputError("lists.box", value=written, expected="west,south,east,north")
    return west, south, east, north


def _in_china(moment: datetime | None) -> datetime | None:
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=CHINA)
