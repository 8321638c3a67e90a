"""Documents of cases: made, issued, served; what a party sees of them; referrals; published decisions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from huanzhi.center.enforcement import papers, referring, replies, serving
from huanzhi.center.enforcement.listing import announcement_table, referral_table
from huanzhi.center.enforcement.models import Announcement, Case, Paper, Referral, Reply, Term
from huanzhi.center.enforcement.settings import rules, words
from huanzhi.errors import InputError
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.rights import visible
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor, anybody
from huanzhi.web.api.case_shapes import (
    CaseOut,
    CaseReplyIn,
    PaperIn,
    ReceiptIn,
    ReferralIn,
    ServiceIn,
    referral_row,
    reply_row,
    term_row,
)
from huanzhi.web.api.cases import answered, begun, found
from huanzhi.web.api.lists import Page, Paging, answer, answer_rows, begun_from, document, filters
from huanzhi.web.api.papers import download

router = Router(tags=["cases"])
ANNOUNCEMENTS, REFERRALS = announcement_table(), referral_table()
AnnouncementFilters = filters("AnnouncementFilters", ANNOUNCEMENTS.columns)
ReferralFilters = filters("ReferralFilters", REFERRALS.columns)
SERVED = (
    Column("code", sort=True, search=True),
    Column("title", search=True, titles={"zh": "文书", "en": "document"}),
    Column("document", search=True, titles={"zh": "文号", "en": "number"}),
    Column("case", search=True, titles={"zh": "案号", "en": "case"}),
    Column("case_title", titles={"zh": "案件", "en": "case"}),
    Column("served", Kind.DATE, sort=True, titles={"zh": "送达日期", "en": "served"}),
    Column("simulated", Kind.TRUTH),
)
OWN_TERMS = ("statement", "hearing_request", "pay", "reconsideration", "lawsuit", "demand_before_court")
"""Terms that run for the party."""


@router.post("cases/{number}/papers", response={201: CaseOut}, operation_id="make_case_paper")
def make(request: HttpRequest, number: str, given: PaperIn) -> HttpResponse:
    """Make a document from the facts of the case; what is not known stands blank and is listed."""
    case = begun(request, number)
    papers.make(actor(request), case, given.template, given.values)
    return answered(request, case, 201)


@router.get("cases/{number}/papers/{code}", operation_id="get_case_paper")
def get_paper(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Return a document as a Word file, checked against its digest."""
    paper = _paper(found(request, number), code)
    return download(papers.noted_read(actor(request), paper), "docx", f"{paper.title}.docx")


@router.post("cases/{number}/papers/{code}/issue", response=CaseOut, operation_id="issue_case_paper")
def issue(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Issue a document: it gets its number of the year."""
    case = begun(request, number)
    papers.issue(actor(request), _paper(case, code))
    return answered(request, case)


@router.post("cases/{number}/papers/{code}/service", response=CaseOut, operation_id="serve_case_paper")
def serve(request: HttpRequest, number: str, code: str, given: ServiceIn) -> HttpResponse:
    """Record how a document was served; the terms that it begins run from that day."""
    case = begun(request, number)
    serving.serve(actor(request), _paper(case, code), serving.Given(**given.model_dump()))
    return answered(request, case)


@router.post("cases/{number}/referrals", response={201: dict[str, Any]}, operation_id="refer_case")
def refer(request: HttpRequest, number: str, given: ReferralIn) -> HttpResponse:
    """Draft a referral; only its named handlers see it."""
    case = found(request, number)
    made = referring.refer(actor(request), case, given.sort, given.target, given.grounds, given.handlers)
    return document(request, referral_row(made), 201)


@router.get("case-referrals", response=Page[dict[str, Any]], operation_id="list_case_referrals")
def list_referrals(
    request: HttpRequest, paging: Query[Paging], wanted: Query[ReferralFilters]
) -> HttpResponse:  # type: ignore[valid-type]
    """List the referrals of which I am a handler."""
    rows = visible(actor(request), Referral.KIND, Referral.objects.all())
    paging.sort = paging.sort or "-made"
    return answer(request, REFERRALS, rows, paging, wanted)


@router.get("case-referrals/{code}", response=dict[str, Any], operation_id="get_case_referral")
def get_referral(request: HttpRequest, code: str) -> HttpResponse:
    """Return a referral with its receipts."""
    return document(request, referral_row(_referral(request, code)))


@router.post("case-referrals/{code}/receipts", response=dict[str, Any], operation_id="keep_case_receipt")
def keep_receipt(request: HttpRequest, code: str, given: ReceiptIn) -> HttpResponse:
    """Keep a receipt or a result; handlers of both sides do."""
    referral = _referral(request, code)
    begun_from(request, referral)
    done = referring.receive(actor(request), referral, given.state, given.words)
    return document(request, referral_row(done))


@router.get("served-papers", response=Page[dict[str, Any]], operation_id="list_served_papers")
def list_served(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the documents that were served on my organisation."""
    paging.sort = paging.sort or "-served"
    rows = [_served_row(one) for one in _served(request)]
    return answer_rows(request, SERVED, rows, paging)


@router.get("served-papers/{code}", response=dict[str, Any], operation_id="get_served_paper")
def get_served(request: HttpRequest, code: str) -> HttpResponse:
    """Return a served document with the terms that run for me, what I answered, and what I may answer."""
    paper = _served_one(request, code)
    case, now = paper.case, datetime.now(UTC)
    own = visible(actor(request), Reply.KIND, Reply.objects.filter(case=case)).order_by("pk")
    running = Term.objects.filter(case=case, rule__in=OWN_TERMS).exclude(state="void").order_by("pk")
    sorts = [sort for sort, needed in replies.NEEDS.items() if paper.template in needed]
    choices = [
        {"value": one, "zh": words("reply")[one]["zh"], "en": words("reply")[one]["en"]} for one in sorts
    ]
    return document(
        request,
        {
            **_served_row(paper),
            "open": case.is_open,
            "terms": [term_row(one, now) for one in running if one.rule in rules()],
            "replies": [reply_row(one) for one in own],
            "answers": choices if case.is_open else [],
        },
    )


@router.get("served-papers/{code}/file", operation_id="get_served_file")
def get_served_file(request: HttpRequest, code: str) -> HttpResponse:
    """Return a served document as a Word file."""
    paper = _served_one(request, code)
    return download(papers.noted_read(actor(request), paper), "docx", f"{paper.title}.docx")


@router.post(
    "served-papers/{code}/replies", response={201: dict[str, Any]}, operation_id="answer_served_paper"
)
def answer_served(request: HttpRequest, code: str, given: CaseReplyIn) -> HttpResponse:
    """Answer a served document: statement and defence, a hearing asked for, a waiver, instalments."""
    paper = _served_one(request, code)
    made = replies.file_reply(actor(request), paper.case, given.sort, given.words)
    return document(request, reply_row(made), 201)


@router.get("penalties", response=Page[dict[str, Any]], auth=anybody, operation_id="list_penalties")
def list_penalties(
    request: HttpRequest, paging: Query[Paging], wanted: Query[AnnouncementFilters]
) -> HttpResponse:  # type: ignore[valid-type]
    """List the published decisions, with the names of persons masked; for everybody."""
    today = datetime.now(CHINA).date()
    rows = visible(actor(request), Announcement.KIND, Announcement.objects.all())
    paging.sort = paging.sort or "-published"
    return answer(request, ANNOUNCEMENTS, rows.filter(Q(ends=None) | Q(ends__gt=today)), paging, wanted)


def _paper(case: Case, code: str) -> Paper:
    held = Paper.objects.filter(case=case, code=code).first() if "\x00" not in code else None
    if held is None:
        raise InputError("cases.no_paper", value=code.replace("\x00", ""))
    held.case = case
    return held


def _served(request: HttpRequest) -> Any:
    rows = Paper.objects.filter(state="served").select_related("case", "case__region", "case__party_body")
    return visible(actor(request), Paper.KIND, rows).order_by("-served", "-pk")


def _served_one(request: HttpRequest, code: str) -> Paper:
    held: Paper | None = _served(request).filter(code=code).first() if "\x00" not in code else None
    if held is None:
        raise InputError("cases.no_paper", value=code.replace("\x00", ""))
    return held


def _served_row(paper: Paper) -> dict[str, Any]:
    told = {name: getattr(paper, name) for name in ("code", "title", "document", "simulated", "template")}
    served = paper.served.isoformat() if paper.served else None
    return {
        **told,
        "case": paper.case.number,
        "case_title": paper.case.title,
        "served": served,
        "sm3": paper.sm3,
    }


def _referral(request: HttpRequest, code: str) -> Referral:
    rows = visible(actor(request), Referral.KIND, Referral.objects.select_related("case", "region"))
    held: Referral | None = rows.filter(code=code).first() if "\x00" not in code else None
    if held is None:
        raise InputError("cases.no_referral", value=code.replace("\x00", ""))
    return held
