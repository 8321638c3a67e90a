"""Cases 案件 of enforcement: list, board, one case with its steps, evidence, terms, findings and money.

A change names the revision that it began from in ``If-Match``; if somebody else was quicker it is refused
with 412 and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from huanzhi.center.enforcement import evidence as keeping
from huanzhi.center.enforcement import exempting, judging, paying, publishing, replies, terms
from huanzhi.center.enforcement.amending import amend
from huanzhi.center.enforcement.archive import bundle, fingerprint
from huanzhi.center.enforcement.board import board
from huanzhi.center.enforcement.listing import case_table
from huanzhi.center.enforcement.models import Case, CaseEvidence, Officer, Term
from huanzhi.center.enforcement.moving import assign, move
from huanzhi.center.enforcement.opening import Draft, open_case
from huanzhi.center.enforcement.settings import rules, table
from huanzhi.center.enforcement.writing import changed
from huanzhi.center.issues.evidence import read
from huanzhi.errors import InputError
from huanzhi.library.records.selecting import selected
from huanzhi.library.rights import Actor, require, thing_of, visible
from huanzhi.messages import using
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.case_shapes import (
    CaseBoard,
    CaseChange,
    CaseEvidenceIn,
    CaseIn,
    CaseMove,
    CaseOut,
    CaseReplyIn,
    ExemptionIn,
    OfficersIn,
    PaidIn,
    PartsIn,
    PublishIn,
    QuestionIn,
    TermIn,
    shown,
    words_rows,
)
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.papers import download, fingerprinted, one_of

router = Router(tags=["cases"])
TABLE = case_table()
CaseFilters = filters(
    "CaseFilters",
    TABLE.columns,
    open=(bool | None, Field(None, description="still open")),
    overdue=(bool | None, Field(None, description="open and late")),
    soon=(bool | None, Field(None, description="open and due within days")),
    mine=(bool | None, Field(None, description="handled by me")),
)
View = Callable[..., HttpResponse]
RELATED = ("region", "organisation", "party_body")


def spoken(view: View) -> View:
    """Let a view speak the reader's language."""

    @wraps(view)
    def speaking(request: HttpRequest, *given: Any, **more: Any) -> HttpResponse:
        with using(language_of(request)):
            return view(request, *given, **more)

    return speaking


@router.get("cases", response=Page[dict[str, Any]], operation_id="list_cases")
def list_cases(request: HttpRequest, paging: Query[Paging], wanted: Query[CaseFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """List cases, the newest first; also as CSV or XLSX."""
    rows, asked = _wanted(request, wanted)
    paging.sort = paging.sort or "-opened"
    return answer(request, TABLE, rows, paging, asked)


@router.get("cases/board", response=CaseBoard, operation_id="cases_board")
def get_board(request: HttpRequest, wanted: Query[CaseFilters]) -> HttpResponse:  # type: ignore[valid-type]
    """Return how many cases stand where, which are late or due soon, and by which terms."""
    rows, asked = _wanted(request, wanted)
    return document(request, board(selected(TABLE, rows, asked), datetime.now(UTC)))


@router.get("cases/words", response=dict[str, Any], operation_id="case_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return states, steps, terms with their basis, templates of documents, and the words of the forms."""
    return document(request, words_rows())


@router.post("cases", response={201: CaseOut}, operation_id="open_case")
def create(request: HttpRequest, given: CaseIn) -> HttpResponse:
    """Open a case from an issue, a transfer, or an own finding; one issue opens one case for a party."""
    told = given.model_dump(exclude={"reason"})
    made = open_case(actor(request), Draft(**told), given.reason)
    return answered(request, made, 201)


@router.get("cases/{number}", response=CaseOut, operation_id="get_case")
def get_case(request: HttpRequest, number: str) -> HttpResponse:
    """Return a case with its steps, terms, documents, evidence, money, and the steps that I may take."""
    return answered(request, found(request, number))


@router.patch("cases/{number}", response=CaseOut, operation_id="change_case")
def change(request: HttpRequest, number: str, given: CaseChange) -> HttpResponse:
    """Change what is known of a case; which law holds needs a reason where the days leave it open."""
    case = begun(request, number)
    fields = given.model_dump(exclude_unset=True, exclude={"reason"})
    return answered(request, amend(actor(request), case, fields, given.reason))


@router.put("cases/{number}/officers", response=CaseOut, operation_id="assign_officers")
def put_officers(request: HttpRequest, number: str, given: OfficersIn) -> HttpResponse:
    """Say who handles a case, each with the number of the certificate; two at least."""
    case = begun(request, number)
    return answered(request, assign(actor(request), case, given.officers, reason=given.reason))


@router.post("cases/{number}/moves", response=CaseOut, operation_id="move_case")
@spoken
def take_step(request: HttpRequest, number: str, given: CaseMove) -> HttpResponse:
    """Take a step; what it must bring and what is missing stands in ``moves`` of the case."""
    case = begun(request, number)
    return answered(request, move(actor(request), case, given.transition, given.outputs, given.reason))


@router.post("cases/{number}/evidence", response={201: dict[str, Any]}, operation_id="attach_case_evidence")
def attach(
    request: HttpRequest, number: str, given: Form[CaseEvidenceIn], file: File[UploadedFile]
) -> HttpResponse:
    """Attach a piece of evidence: it is hashed on arrival by SM3 and SHA-256, and never changed."""
    taken = given.taken_at
    piece = keeping.attach(
        actor(request),
        found(request, number),
        file.read(),
        file.name or "",
        given.kind,
        proves=given.proves,
        source=given.source,
        taken_at=taken if taken is None or taken.tzinfo else taken.replace(tzinfo=CHINA),
        lon=given.lon,
        lat=given.lat,
    )
    return document(request, {"id": piece.pk, **piece.told()}, 201)


@router.get("cases/{number}/evidence/{piece}", operation_id="get_case_evidence")
def get_evidence(request: HttpRequest, number: str, piece: int) -> HttpResponse:
    """Return the bytes of a piece of evidence, checked against its digest."""
    case = found(request, number)
    held = one_of(CaseEvidence.objects.filter(case=case), piece)
    return fingerprinted(read(held), "", held.name, held.sm3)


@router.get("cases/{number}/questions", response=list[dict[str, Any]], operation_id="case_questions")
@spoken
def get_questions(request: HttpRequest, number: str) -> HttpResponse:
    """Return what rulebooks ask about a case, what is known, and the last answers with their reasons."""
    return document(request, judging.questions(found(request, number)))


@router.post("cases/{number}/questions/{sort}", response=dict[str, Any], operation_id="ask_case_question")
@spoken
def ask_question(request: HttpRequest, number: str, sort: str, given: QuestionIn) -> HttpResponse:
    """Ask a rulebook about a case; answer, version, row and inputs are kept. An officer decides."""
    made = judging.ask(actor(request), begun(request, number), sort, given.inputs)
    return document(request, judging.finding_row(made))


@router.post("cases/{number}/exemption", response={201: CaseOut}, operation_id="propose_exemption")
@spoken
def propose_exemption(request: HttpRequest, number: str, given: ExemptionIn) -> HttpResponse:
    """Propose that there is no penalty; a second person decides, under ``/proposals``."""
    case = begun(request, number)
    exempting.propose_exemption(actor(request), case, given.finding, given.requirement, given.reason)
    return answered(request, case, 201)


@router.post("cases/{number}/terms", response={201: CaseOut}, operation_id="begin_case_term")
def begin_term(request: HttpRequest, number: str, given: TermIn) -> HttpResponse:
    """Begin a term by hand: evidence registered, facilities sealed, a recheck for daily penalties."""
    case = begun(request, number)
    require(actor(request), "change", thing_of(case))
    before = case.as_row()
    terms.begin_by_hand(case, given.rule, datetime.now(UTC), given.note)
    changed(actor(request), case, before, "begin_term", given.rule)
    return answered(request, case, 201)


@router.post("cases/{number}/terms/{term}/end", response=CaseOut, operation_id="end_case_term")
def end_term(request: HttpRequest, number: str, term: int) -> HttpResponse:
    """End a term that an officer began."""
    case = begun(request, number)
    require(actor(request), "change", thing_of(case))
    rows = Term.objects.filter(case=case, state="running") if abs(term) < 1 << 62 else Term.objects.none()
    held = rows.filter(pk=term).first()
    if held is None or "hand" not in rules()[held.rule].until:
        raise InputError("cases.no_term", value=term)
    before = case.as_row()
    terms.end(held, datetime.now(UTC), "hand")
    terms.refresh(case)
    changed(actor(request), case, before, "end_term", held.rule)
    return answered(request, case)


@router.post("cases/{number}/replies", response={201: CaseOut}, operation_id="take_in_reply")
def take_in(request: HttpRequest, number: str, given: CaseReplyIn) -> HttpResponse:
    """Take in what the party answers on paper or by mouth."""
    case = found(request, number)
    replies.file_reply(actor(request), case, given.sort, given.words)
    return answered(request, case, 201)


@router.post("cases/{number}/payments/{part}", response=CaseOut, operation_id="note_payment")
def note_payment(request: HttpRequest, number: str, part: int, given: PaidIn) -> HttpResponse:
    """Note that a part was paid; what was added by then becomes owed too."""
    case = begun(request, number)
    if abs(part) >= 1 << 62:
        raise InputError("cases.no_part", value=part)
    return answered(request, paying.pay(actor(request), case, part, given.day, given.receipt))


@router.put("cases/{number}/payments", response=CaseOut, operation_id="set_instalments")
def set_instalments(request: HttpRequest, number: str, given: PartsIn) -> HttpResponse:
    """Let a fine be paid later or in parts, as the party asked."""
    case = begun(request, number)
    parts = [paying.Part(one.amount, one.due) for one in given.parts]
    return answered(request, paying.in_parts(actor(request), case, parts))


@router.post("cases/{number}/publish", response={201: CaseOut}, operation_id="publish_decision")
def publish(request: HttpRequest, number: str, given: PublishIn) -> HttpResponse:
    """Publish the decision; names of persons are masked."""
    case = begun(request, number)
    publishing.publish(actor(request), case, given.ends, given.reason)
    return answered(request, case, 201)


@router.get("cases/{number}/bundle", operation_id="case_bundle")
def get_bundle(request: HttpRequest, number: str) -> HttpResponse:
    """Return the whole file of a case as one zip that ``huanzhi issue verify`` verifies offline."""
    case = found(request, number)
    content = bundle(actor(request), case)
    response = download(content, "", f"{case.number}.zip")
    response["Content-Type"] = "application/zip"
    response["X-SM3"] = fingerprint(content)
    return response


def readable(who: Actor) -> Any:
    """Return the cases that somebody may read."""
    return visible(who, Case.KIND, Case.objects.all())


def found(request: HttpRequest, number: str) -> Case:
    """Return a case that the asker may read; InputError ``cases.none`` otherwise."""
    rows = readable(actor(request)).select_related(*RELATED)
    held: Case | None = rows.filter(number=number).first() if "\x00" not in number else None
    if held is None:
        raise InputError("cases.none", value=number.replace("\x00", ""))
    return held


def begun(request: HttpRequest, number: str) -> Case:
    """Return a case that the asker may read, if it still is as the asker read it."""
    case = found(request, number)
    begun_from(request, case)
    return case


def answered(request: HttpRequest, case: Case, status: int = 200) -> HttpResponse:
    """Answer with a case as it stands now."""
    held = readable(actor(request)).select_related(*RELATED).filter(pk=case.pk).first()
    if held is None:
        return document(request, {"number": case.number, "revision": case.revision}, status)
    with using(language_of(request)):
        return document(request, shown(actor(request), held), status)


def _wanted(request: HttpRequest, wanted: Schema) -> tuple[Any, dict[str, Any]]:
    asked = wanted.model_dump(exclude_none=True)
    who = actor(request)
    rows, states = readable(who), table().open_states()
    if (is_open := asked.pop("open", None)) is not None:
        rows = rows.filter(state__in=states) if is_open else rows.exclude(state__in=states)
    if asked.pop("overdue", False):
        rows = rows.filter(due__lt=datetime.now(UTC), state__in=states)
    if asked.pop("soon", False):
        now = datetime.now(UTC)
        rows = rows.filter(due__gte=now, due__lt=now + terms.SOON, state__in=states)
    if asked.pop("mine", False):
        own = Officer.objects.filter(person__code=who.code, until=None).values("case")
        rows = rows.filter(pk__in=own)
    return rows, asked
