"""Petitions 信访举报.

List, board, one petition with its terms and steps, intake, and the informant for handlers.

A change names the revision that it began from in ``If-Match``; if somebody else was quicker it is refused
with 412.
Nothing of an informant is in any answer but those under ``/informant`` and ``/files``.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from huanzhi.center.petitions import files, importing, informants, letters, marking, replying
from huanzhi.center.petitions.extending import propose_extension
from huanzhi.center.petitions.intake import Told, receive
from huanzhi.center.petitions.listing import petition_table, sheet_table
from huanzhi.center.petitions.matters import hot_spots
from huanzhi.center.petitions.models import File as PetitionFile
from huanzhi.center.petitions.models import Petition
from huanzhi.center.petitions.moving import CITIZENS, move
from huanzhi.center.petitions.settings import table
from huanzhi.center.petitions.statistics import board, statistics
from huanzhi.errors import InputError
from huanzhi.library.documents import write_docx
from huanzhi.library.records.selecting import selected
from huanzhi.library.rights import Actor, Thing, require, thing_of, visible
from huanzhi.library.sheets.template import template
from huanzhi.messages import using
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.papers import download, written
from huanzhi.web.api.petition_shapes import (
    ExtensionIn,
    Given,
    HandlerIn,
    InformantOut,
    ItemsOut,
    MarkIn,
    PetitionBoardOut,
    PetitionFiguresOut,
    PetitionIn,
    PetitionOut,
    PetitionReplyIn,
    PetitionSheetOut,
    PetitionWordsOut,
    ReceiptOut,
    WhyIn,
    shown,
    words_rows,
)

router = Router(tags=["petitions"])
TABLE = petition_table()
RELATED = ("region", "organisation", "person", "joined_to")
PetitionFilters = filters(
    "PetitionFilters",
    TABLE.columns,
    overdue=(bool | None, Field(None, description="open and late")),
    open=(bool | None, Field(None, description="something is still to be done")),
    mine=(bool | None, Field(None, description="in hand with the reader")),
    soon=(bool | None, Field(None, description="open and due within two days")),
)


class LetterQuery(Schema):
    """Which letter."""

    kind: str = Field("reply", max_length=20, description="reply | notice | refusal")


class SheetIn(Schema):
    """Whether the sheet is taken in; without it, only what it would do is answered."""

    accept: bool = False


@router.get("petitions", response=Page[dict[str, Any]], operation_id="list_petitions")
def list_petitions(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[PetitionFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List petitions, the newest first.

    Also as CSV, XLSX or GeoJSON. No word of an informant is in any form.
    """
    rows, asked = _wanted(request, wanted)
    paging.sort = paging.sort or "-received"
    return answer(request, TABLE, rows, paging, asked)


@router.get("petitions/board", response=PetitionBoardOut, operation_id="petitions_board")
def get_board(request: HttpRequest, wanted: Query[PetitionFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """Return how many petitions stand in each state, are late, or due within two days."""
    rows, asked = _wanted(request, wanted)
    return document(request, board(selected(TABLE, rows, asked), datetime.now(UTC)))


@router.get("petitions/statistics", response=PetitionFiguresOut, operation_id="petitions_statistics")
def get_statistics(request: HttpRequest, wanted: Query[PetitionFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """Return figures by channel, region and category, shares on time by term, satisfaction, repeats."""
    rows, asked = _wanted(request, wanted)
    return document(request, statistics(selected(TABLE, rows, asked), datetime.now(UTC)))


@router.get("petitions/hot-spots", response=ItemsOut, operation_id="petitions_hot_spots")
def get_hot_spots(request: HttpRequest, wanted: Query[PetitionFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """Return where petitions of one category gather within 500 m and 60 days."""
    rows, asked = _wanted(request, wanted)
    return document(request, {"items": hot_spots(selected(TABLE, rows, asked), datetime.now(UTC))})


@router.get("petitions/words", response=PetitionWordsOut, operation_id="petition_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return states, steps with what they must bring, and the words of the forms."""
    return document(request, words_rows())


@router.get("petitions/sheet", operation_id="petition_sheet")
def get_sheet(request: HttpRequest) -> HttpResponse:
    """Return the template of a sheet by which channels give petitions."""
    require(actor(request), "import", _intake(actor(request)))
    with using(language_of(request)):
        return download(template(sheet_table()), "xlsx", f"{sheet_table().name()}.xlsx")


@router.post("petitions", response={201: ReceiptOut}, operation_id="receive_petition")
def create(request: HttpRequest, given: PetitionIn) -> HttpResponse:
    """Take in what somebody told; who takes it in becomes handler of the informant."""
    told = given.model_dump()
    told["informant"] = told["informant"] or {}
    told["identity"] = told["identity"] or ("named" if told["informant"].get("name") else "anonymous")
    told["received"] = _in_china(told["received"])
    told["marked"] = marking.plain(told["marked"])
    made = receive(actor(request), Told(**told))
    return document(request, _receipt(made), 201)


@router.post("petitions/sheets", response=PetitionSheetOut, operation_id="import_petitions")
def import_sheet(request: HttpRequest, given: Form[SheetIn], file: File[UploadedFile]) -> HttpResponse:
    """Show what a sheet (xlsx, CSV, JSON) would do, or take it in, all of it or nothing.

    The sheet is not kept.
    """
    who = actor(request)
    require(who, "import", _intake(who))
    raw, name = file.read(), file.name or ""
    with using(language_of(request)):
        found = importing.accept(who, raw, name) if given.accept else importing.preview(raw, name)
        return document(request, found.as_dict())


@router.get("petitions/{number}", response=PetitionOut, operation_id="get_petition")
def get_petition(request: HttpRequest, number: str) -> HttpResponse:
    """Return a petition with its terms and their basis, steps, moves, issue, answer and rating."""
    return _document(request, found_of(request, number))


@router.post("petitions/{number}/moves", response=PetitionOut, operation_id="move_petition")
def post_move(request: HttpRequest, number: str, given: Given) -> HttpResponse:
    """Take a step. Answers and extensions are proposed instead, for another person to approve."""
    petition = found_of(request, number)
    begun_from(request, petition)
    if given.transition in CITIZENS[:1]:
        raise InputError("rights.refused", value=given.transition, expected=Petition.KIND)
    return _document(request, move(actor(request), petition, given.transition, given.outputs, given.reason))


@router.post("petitions/{number}/reply", response={201: PetitionOut}, operation_id="propose_petition_reply")
def post_reply(request: HttpRequest, number: str, given: PetitionReplyIn) -> HttpResponse:
    """Propose an answer; another person approves it under ``/proposals``, and then it is delivered."""
    petition = found_of(request, number)
    begun_from(request, petition)
    replying.propose_reply(actor(request), petition, given.reply, given.reason)
    return _document(request, petition, 201)


@router.post("petitions/{number}/extension", response={201: PetitionOut}, operation_id="propose_extension")
def post_extension(request: HttpRequest, number: str, given: ExtensionIn) -> HttpResponse:
    """Propose a longer term with its reason; the head approves, and the informant is told."""
    petition = found_of(request, number)
    begun_from(request, petition)
    propose_extension(actor(request), petition, given.days, given.finding)
    return _document(request, petition, 201)


@router.get("petitions/{number}/informant", response=InformantOut, operation_id="get_informant")
def get_informant(request: HttpRequest, number: str) -> HttpResponse:
    """Return the informant to its handlers, masked."""
    return document(request, informants.shown(actor(request), found_of(request, number)))


@router.post("petitions/{number}/informant/reveal", response=InformantOut, operation_id="reveal_informant")
def reveal(request: HttpRequest, number: str, given: WhyIn) -> HttpResponse:
    """Return what the informant gave to a handler who says why.

    The trail keeps that it was read, not what.
    """
    response = document(request, informants.reveal(actor(request), found_of(request, number), given.reason))
    response["Cache-Control"] = "no-store"
    return response


@router.post("petitions/{number}/informant/handlers", response=PetitionOut, operation_id="add_handler")
def post_handler(request: HttpRequest, number: str, given: HandlerIn) -> HttpResponse:
    """Name one more handler of the informant; nobody but a handler or a leader may, and no leader himself."""
    petition = found_of(request, number)
    informants.hand_over(actor(request), petition, given.person, given.reason)
    return _document(request, petition)


@router.post("petitions/{number}/masks", response=PetitionOut, operation_id="mask_petition")
def post_masks(request: HttpRequest, number: str, given: MarkIn) -> HttpResponse:
    """Mask passages that a handler marked, as names of third persons; they are masked in later texts too."""
    petition = found_of(request, number)
    begun_from(request, petition)
    return _document(request, marking.mark(actor(request), petition, given.passages))


@router.post("petitions/{number}/files", response={201: PetitionOut}, operation_id="attach_petition_file")
def post_file(request: HttpRequest, number: str, file: File[UploadedFile]) -> HttpResponse:
    """Keep a picture or scan, sealed, without what the camera wrote into it."""
    petition = found_of(request, number)
    require(actor(request), "change", thing_of(petition))
    files.keep(petition, [(file.read(), "")], datetime.now(UTC))
    return _document(request, petition, 201)


@router.get("petitions/{number}/files/{code}", operation_id="get_petition_file")
def get_file(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Return a picture or scan to a handler; the trail keeps that it was read."""
    found = _file(request, number, code)
    response = HttpResponse(files.content_of(actor(request), found), content_type=found.media)
    response["Content-Disposition"] = f'inline; filename="{found.code}.{files.ENDINGS[found.media]}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


@router.post("petitions/{number}/files/{code}/pass", response=PetitionOut, operation_id="pass_petition_file")
def pass_file(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Give a picture to the issue as evidence, once a handler saw that nothing in it tells of anybody."""
    found = _file(request, number, code)
    files.pass_on(actor(request), found, now=datetime.now(UTC))
    return _document(request, found_of(request, number))


@router.get("petitions/{number}/letter", operation_id="petition_letter")
def get_letter(request: HttpRequest, number: str, wanted: Query[LetterQuery]) -> HttpResponse:
    """Return a letter as a Word document.

    Answer, notice of acceptance or of refusal; the name is left blank.
    """
    petition = found_of(request, number)
    require(actor(request), "change", thing_of(petition))
    with using(language_of(request)):
        made = letters.letter(petition, wanted.kind, datetime.now(CHINA).date())
        return download(written(made, write_docx, "docx"), "docx", f"{made.title}.docx")


def found_of(request: HttpRequest, number: str) -> Petition:
    """Return a petition that the reader may see."""
    rows = visible(
        actor(request), Petition.KIND, Petition.objects.select_related(*RELATED, "organisation__region")
    )
    found: Petition | None = rows.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise InputError("petitions.none", value=number.replace("\x00", ""))
    return found


def _file(request: HttpRequest, number: str, code: str) -> PetitionFile:
    petition = found_of(request, number)
    rows = PetitionFile.objects.select_related("petition", "petition__region", "petition__informant")
    found: PetitionFile | None = rows.filter(petition=petition, code=code.replace("\x00", "")).first()
    if found is None:
        raise InputError("petitions.no_file", value=code.replace("\x00", ""))
    return found


def _intake(who: Actor) -> Thing:
    """Return a petition anywhere that somebody may take one in."""
    path = next((held.path for held in who.held), "")
    return Thing(Petition.KIND, path)


def _wanted(request: HttpRequest, wanted: Schema) -> tuple[Any, dict[str, Any]]:
    asked, who, now = wanted.model_dump(exclude_none=True), actor(request), datetime.now(UTC)
    rows = visible(who, Petition.KIND, Petition.objects.all())
    states = table().open_states()
    if (is_open := asked.pop("open", None)) is not None:
        rows = rows.filter(state__in=states) if is_open else rows.exclude(state__in=states)
    if asked.pop("overdue", False):
        rows = rows.filter(due__lt=now, state__in=states)
    if asked.pop("soon", False):
        rows = rows.filter(due__gte=now, due__lt=now + timedelta(hours=48), state__in=states)
    if asked.pop("mine", False):
        rows = rows.filter(person__code=who.code)
    return rows, asked


def _document(request: HttpRequest, petition: Petition, status: int = 200) -> HttpResponse:
    who = actor(request)
    held = (
        visible(who, Petition.KIND, Petition.objects.select_related(*RELATED)).filter(pk=petition.pk).first()
    )
    if held is None:  # it went to somebody else's area
        return document(request, {"number": petition.number, "revision": petition.revision}, status)
    return document(request, shown(who, held), status)


def _receipt(made: Any) -> dict[str, Any]:
    return {
        "number": made.petition.number,
        "code": made.code,
        "fresh": made.fresh,
        "again": made.petition.again,
    }


def _in_china(moment: datetime | None) -> datetime | None:
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=CHINA)
