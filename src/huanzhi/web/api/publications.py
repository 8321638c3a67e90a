"""Publications 信息发布: drafts, words, approval by two, corrections as new versions, withdrawal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from huanzhi.errors import InputError
from huanzhi.library.documents import write_docx, write_xlsx
from huanzhi.library.publications import releasing, writing
from huanzhi.library.publications.content import document_of
from huanzhi.library.publications.listing import publication_table
from huanzhi.library.publications.masking import findings
from huanzhi.library.publications.models import Publication
from huanzhi.library.publications.settings import settings
from huanzhi.library.rights import Thing, may, thing_of, visible
from huanzhi.library.series import open_store
from huanzhi.messages import using
from huanzhi.programmes.portal import drafters  # noqa: F401
from huanzhi.programmes.portal.drafting import content_of, draft_publication, wanted_of
from huanzhi.programmes.rankings.bulletins import SORTS, Asked
from huanzhi.programmes.rankings.places import LEVELS, beginning
from huanzhi.programmes.rankings.publishing import anew, draft_bulletin
from huanzhi.programmes.spans import parse_span
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.papers import download, written
from huanzhi.web.api.petition_shapes import choices
from huanzhi.web.api.publication_shapes import (
    PublicationDraftIn,
    PublicationOut,
    PublicationReasonIn,
    PublicationWordsIn,
    readable,
    stamp,
)

router = Router(tags=["publications"])
TABLE = publication_table()
PublicationFilters = filters("PublicationFilters", TABLE.columns)
MEDIA = {sort: medium for medium, sort in SORTS.items()}


@router.get("publications", response=Page[dict[str, Any]], operation_id="list_publications")
def list_publications(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[PublicationFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List drafts and publications, the newest first; also as CSV and XLSX."""
    paging.sort = paging.sort or "-number"
    return answer(request, TABLE, _rows(request), paging, wanted)


@router.get("publications/words", response=dict[str, Any], operation_id="publication_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return kinds, states and what the reader may begin."""
    who = actor(request)
    told = {
        "sort": choices(settings()["sort"]),
        "state": choices(settings()["state"]),
        "levels": choices({code: settings()["level"][code] for code in LEVELS}),
        "rankings": list(MEDIA),
        "licence": {name: settings()["licence"][name] for name in ("zh", "en", "confidence")},
        "counts": _counts(request),
        "may_draft": may(who, "create", Thing(Publication.KIND)).allowed,
    }
    return document(request, told)


def _counts(request: HttpRequest) -> dict[str, int]:
    rows = _rows(request).order_by().values_list("state", flat=True)
    found = list(rows)
    return {state: found.count(state) for state in settings()["state"]}


@router.post("publications", response={201: PublicationOut}, operation_id="draft_publication")
def post_draft(request: HttpRequest, given: PublicationDraftIn) -> HttpResponse:
    """Draft a publication from what the platform holds; one of a published subject is its correction."""
    who, now = actor(request), datetime.now(UTC)
    if given.period:
        given.period = parse_span(given.period).code()
    with open_store("read") as store:
        if given.sort in MEDIA:
            region = writing.region_of(given.region)
            names = ("period", "by", "edition", "weights", "ranked_on")
            asked = Asked(
                medium=MEDIA[given.sort],
                region=beginning(region.code),
                area=region.name,
                place=region.code,
                **{name: getattr(given, name) for name in names},
            )
            parse_span(given.period)
            made = draft_bulletin(who, store, asked, region.code, given.reason, now, given.issuer)
        else:
            told = {"issuer": given.issuer, "title": given.title, "words": given.words}
            wanted = wanted_of(given.sort, given.region, given.period, now, **told)
            made = draft_publication(who, wanted, store, given.reason, now)
    return _document(request, made, 201)


@router.get("publications/{number}", response=PublicationOut, operation_id="get_publication")
def get_publication(request: HttpRequest, number: str) -> HttpResponse:
    """Return a publication with its content, versions, and what of it must not be public."""
    return _document(request, _found(request, number))


@router.patch("publications/{number}/words", response=PublicationOut, operation_id="write_publication")
def patch_words(request: HttpRequest, number: str, given: PublicationWordsIn) -> HttpResponse:
    """Write one paragraph or heading of a draft anew; figures are not edited."""
    held = _begun(request, number)
    writing.write_words(actor(request), held, given.language, given.block, given.words, given.reason)
    return _document(request, held)


@router.post("publications/{number}/propose", response=PublicationOut, operation_id="propose_publication")
def post_propose(request: HttpRequest, number: str, given: PublicationReasonIn) -> HttpResponse:
    """Propose a draft; another person publishes it under ``/proposals``."""
    held = _begun(request, number)
    releasing.propose_release(actor(request), held, given.reason, datetime.now(UTC))
    return _document(request, held)


@router.post(
    "publications/{number}/correct", response={201: PublicationOut}, operation_id="correct_publication"
)
def post_correct(request: HttpRequest, number: str, given: PublicationReasonIn) -> HttpResponse:
    """Begin a correction of what is public, with the reason: a draft of the next version."""
    held = _begun(request, number)
    return _document(request, writing.correct(actor(request), held, given.reason, datetime.now(UTC)), 201)


@router.post("publications/{number}/renew", response=PublicationOut, operation_id="renew_publication")
def post_renew(request: HttpRequest, number: str) -> HttpResponse:
    """Make a draft anew from the figures of today."""
    held, now = _begun(request, number), datetime.now(UTC)
    with open_store("read") as store:
        if held.sort in MEDIA:
            content = anew(store, held, now)
        else:
            told = {name: str(held.asked.get(name, "")) for name in ("issuer", "title", "words")}
            content = content_of(wanted_of(held.sort, held.asked["region"], held.period, now, **told), store)[
                0
            ]
    writing.renew(actor(request), held, content, now)
    return _document(request, held)


@router.post("publications/{number}/withdraw", response=PublicationOut, operation_id="withdraw_publication")
def post_withdraw(request: HttpRequest, number: str, given: PublicationReasonIn) -> HttpResponse:
    """Take back what is public, at once; the reason stands in the open log."""
    held = _begun(request, number)
    writing.withdraw(actor(request), held, given.reason, datetime.now(UTC))
    return _document(request, held)


@router.post("publications/{number}/drop", response=PublicationOut, operation_id="drop_publication")
def post_drop(request: HttpRequest, number: str, given: PublicationReasonIn) -> HttpResponse:
    """Give up a draft, which was never public."""
    held = _begun(request, number)
    writing.drop(actor(request), held, given.reason)
    return _document(request, held)


@router.get("publications/{number}/paper", operation_id="publication_paper")
def get_paper(request: HttpRequest, number: str, format: Literal["docx", "xlsx"] = "docx") -> HttpResponse:
    """Return a publication as Word file or workbook."""
    return paper_of(_found(request, number), format, request)


def paper_of(held: Publication, form: Literal["docx", "xlsx"], request: HttpRequest) -> HttpResponse:
    """Return the file of a publication in the reader's language."""
    spoken = language_of(request)
    with using(spoken):
        made = document_of(held.content, spoken if held.content.get(spoken) else "zh")
        content = written(made, write_xlsx if form == "xlsx" else write_docx, form)
    return download(content, form, f"{made.title}.{form}")


def _rows(request: HttpRequest) -> Any:
    return visible(actor(request), Publication.KIND, Publication.objects.all())


def _found(request: HttpRequest, number: str) -> Publication:
    rows = _rows(request).select_related("region", "corrects")
    found: Publication | None = rows.filter(number=number.replace("\x00", "")).first()
    if found is None:
        raise InputError("publications.none", value=number.replace("\x00", ""))
    return found


def _begun(request: HttpRequest, number: str) -> Publication:
    held = _found(request, number)
    begun_from(request, held)
    return held


def _document(request: HttpRequest, publication: Publication, status: int = 200) -> HttpResponse:
    who = actor(request)
    held = Publication.objects.select_related("region", "corrects").get(pk=publication.pk)
    spoken, thing = language_of(request), thing_of(held)
    versions = Publication.objects.filter(subject=held.subject).order_by("-version")
    with using(spoken):
        told = {
            **TABLE.row(held),
            "content": {
                each: readable(held.content, each) for each in ("zh", "en") if held.content.get(each)
            },
            "personal": [{"rule": one.rule, "shown": one.shown} for one in findings(held.content)],
            "changes": held.changes or _to_come(held),
            "corrects": held.corrects.number if held.corrects else None,
            "versions": [_version(one) for one in versions],
            "proposal": held.proposal,
            "may_change": may(who, "change", thing).allowed,
            "may_command": may(who, "command", thing).allowed,
            "may_approve": _may_approve(who, held),
        }
    return document(request, told, status)


def _may_approve(who: Any, held: Publication) -> bool:
    kind = settings()["sort"][held.sort]["proposal"]
    path = held.region.path if held.region else ""
    return held.drafted_by != who.code and may(who, "approve", Thing(f"proposal:{kind}", path)).allowed


def _to_come(held: Publication) -> list[dict[str, Any]]:
    """Return what a draft would correct."""
    return releasing.told_changes(held.corrects, held) if held.corrects else []


def _version(one: Publication) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ("number", "version", "state", "reason", "digest")}
    return {**told, "published": stamp(one.published), "withdrawn": stamp(one.withdrawn)}
