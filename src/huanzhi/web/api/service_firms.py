"""Service firms 环境服务机构: register, works, checks, promises, credit file, standing; the public search.

A change names the revision that it began from in ``If-Match``; if somebody else was quicker it is refused
with 412 and nothing is lost.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from huanzhi.ecocode.services import grading, quality, register, standing
from huanzhi.ecocode.services.listing import FIRMS, MARKS, PEOPLE, WORKS
from huanzhi.ecocode.services.models import Check, Firm, Mark, Professional, Work
from huanzhi.ecocode.services.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.proposals.deciding import proposals_for
from huanzhi.library.rights import Thing, mask, may, require, thing_of, visible
from huanzhi.library.rights.decision import rules_held
from huanzhi.messages import using
from huanzhi.programmes.services.readings import readings
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.service_shapes import (
    OpenServiceQuery,
    OpenServicesOut,
    ServiceCheckIn,
    ServiceFirmIn,
    ServiceMarkIn,
    ServiceOut,
    ServicePersonIn,
    ServiceStandingIn,
    ServiceWorkChangeIn,
    ServiceWorkIn,
)

router = Router(tags=["services"])
FirmFilters = filters("ServiceFirmFilters", FIRMS.columns)
PersonFilters = filters("ServicePersonFilters", PEOPLE.columns)
WorkFilters = filters("ServiceWorkFilters", WORKS.columns)
MarkFilters = filters("ServiceMarkFilters", MARKS.columns)
Rows = Page[dict[str, Any]]
PUBLIC = (
    "code",
    "name",
    "kind",
    "region_name",
    "grade",
    "score",
    "standing",
    "standing_since",
    "qualification",
)
PUBLIC += ("qualified_until", "graded", "simulated")
"""Columns of a firm that everybody may read."""

NEWEST = 20
"""How many works and proposals the page of a firm shows; the lists hold the others."""


@router.get("services/words", response=ServiceOut, operation_id="service_words")
def get_words(request: HttpRequest) -> HttpResponse:
    """Return the words of the forms, the check list, and what I may do."""
    who = actor(request)
    found: dict[str, Any] = {name: _choices(name) for name in settings() if name != "window"}
    found["window"] = dict(settings()["window"])
    paths = [held.path for held in who.held if held.path]
    found["region"] = paths[0].rstrip("/").rpartition("/")[2] if paths else ""
    found["may_enter"] = any(rules_held(who, "create", Firm.KIND))
    own = (
        Firm.objects.filter(organisation__code=who.organisation) if who.organisation else Firm.objects.none()
    )
    found["own"] = [{"code": one.code, "name": one.name} for one in own.order_by("code")]
    return document(request, found)


@router.get("services/firms", response=Rows, operation_id="list_service_firms")
def get_firms(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[FirmFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the service firms, the best first."""
    paging.sort = paging.sort or "grade,name"
    return answer(request, FIRMS, _firms(request), paging, wanted)


@router.get("services/firms/{code}", response=ServiceOut, operation_id="get_service_firm")
def get_firm(request: HttpRequest, code: str) -> HttpResponse:
    """Return a firm with its grade and why, people, credit file, and what I may do."""
    with using(language_of(request)):
        return document(request, _firm_out(request, _one(_firms(request), "code", code)))


@router.put("services/firms/{code}", response=ServiceOut, operation_id="enter_service_firm")
def enter_firm(request: HttpRequest, code: str, given: ServiceFirmIn) -> HttpResponse:
    """Enter a firm into the register, or change what is known of it."""
    held = Firm.objects.filter(code=code.replace("\x00", "")).first()
    if held is not None:
        begun_from(request, held)
    made = register.enter_firm(
        actor(request), code, given.model_dump(), simulated=bool(held and held.simulated)
    )
    return document(request, _firm_out(request, made))


@router.put("services/people/{code}", response=ServiceOut, operation_id="enter_service_person")
def enter_person(request: HttpRequest, code: str, given: ServicePersonIn) -> HttpResponse:
    """Enter a person or an expert."""
    held = Professional.objects.filter(code=code.replace("\x00", "")).first()
    if held is not None:
        begun_from(request, held)
    made = register.enter_person(actor(request), code[:40], given.model_dump())
    return document(request, PEOPLE.row(made))


@router.get("services/people", response=Rows, operation_id="list_service_people")
def get_people(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[PersonFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List people and experts."""
    paging.sort = paging.sort or "name"
    rows = visible(actor(request), Professional.KIND, Professional.objects.all())
    return answer(request, PEOPLE, rows, paging, wanted)


@router.get("services/works", response=Rows, operation_id="list_service_works")
def get_works(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[WorkFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List works; a firm sees its own, an enterprise those for it."""
    paging.sort = paging.sort or "-begun"
    return answer(request, WORKS, _works(request), paging, wanted)


@router.post("services/works", response={201: ServiceOut}, operation_id="enter_service_work")
def enter_work(request: HttpRequest, given: ServiceWorkIn) -> HttpResponse:
    """Enter a work; who is out or banned takes on none."""
    told = given.model_dump()
    told["promised"] = given.promised.model_dump(mode="json") if given.promised else {}
    made = register.enter_work(actor(request), told, _today())
    return document(request, _work_out(request, _one(_works(request), "number", made.number)), 201)


@router.get("services/works/{number}", response=ServiceOut, operation_id="get_service_work")
def get_work(request: HttpRequest, number: str) -> HttpResponse:
    """Return a work with its checks, its promise and what came of it."""
    return document(request, _work_out(request, _one(_works(request), "number", number)))


@router.put("services/works/{number}", response=ServiceOut, operation_id="change_service_work")
def change_work(request: HttpRequest, number: str, given: ServiceWorkChangeIn) -> HttpResponse:
    """Change the title, the contract, or the day on which a work ended, with a reason."""
    work = _one(_works(request), "number", number)
    begun_from(request, work)
    register.change_work(actor(request), work, given.model_dump())
    return document(request, _work_out(request, _one(_works(request), "number", number)))


@router.post("services/works/{number}/checks", response={201: ServiceOut}, operation_id="check_service_work")
def check(request: HttpRequest, number: str, given: ServiceCheckIn) -> HttpResponse:
    """Check a work by the check list; the rulebook scores it, a poor one is marked, the firm graded anew."""
    work = _one(_works(request), "number", number)
    begun_from(request, work)
    with using(language_of(request)), transaction.atomic():
        quality.check(actor(request), work, given.answers, given.words, _today())
        grading.grade(register.firm_of(work.firm.code), _today())
    return document(request, _work_out(request, _one(_works(request), "number", number)), 201)


@router.post("services/works/{number}/effect", response=ServiceOut, operation_id="judge_service_effect")
def effect(request: HttpRequest, number: str) -> HttpResponse:
    """Judge what a contract promised by what was measured."""
    work = _one(_works(request), "number", number)
    begun_from(request, work)
    require(actor(request), "command", thing_of(work))
    values = readings(register.promise_of(work.promised)) if work.promised else []
    with using(language_of(request)), transaction.atomic():
        quality.evaluate(actor(request), work, values, _today())
        grading.grade(register.firm_of(work.firm.code), _today())
    return document(request, _work_out(request, _one(_works(request), "number", number)))


@router.get("services/marks", response=Rows, operation_id="list_service_marks")
def get_marks(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[MarkFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the credit file, the newest first."""
    paging.sort = paging.sort or "-day"
    return answer(request, MARKS, visible(actor(request), Mark.KIND, Mark.objects.all()), paging, wanted)


@router.post("services/firms/{code}/marks", response={201: ServiceOut}, operation_id="mark_service_firm")
def mark(request: HttpRequest, code: str, given: ServiceMarkIn) -> HttpResponse:
    """Enter a penalty, a praise or another mark into the credit file, and grade the firm anew."""
    firm = _one(_firms(request), "code", code)
    if given.day > _today():
        raise InputError("services.choice", column="day", value=given.day.isoformat())
    who = actor(request)
    register.mark(who, firm, given.kind, given.day, given.words, person=given.person)
    with using(language_of(request)):
        return document(request, _firm_out(request, grading.grade(firm, _today())), 201)


@router.post("services/firms/{code}/grade", response=ServiceOut, operation_id="grade_service_firm")
def grade(request: HttpRequest, code: str) -> HttpResponse:
    """Grade a firm now; the platform does so by itself each day."""
    firm = _one(_firms(request), "code", code)
    require(actor(request), "command", thing_of(firm))
    with using(language_of(request)):
        return document(request, _firm_out(request, grading.grade(firm, _today())))


@router.post(
    "services/firms/{code}/standing", response={201: ServiceOut}, operation_id="propose_firm_standing"
)
def propose_firm(request: HttpRequest, code: str, given: ServiceStandingIn) -> HttpResponse:
    """Propose that a firm goes out, is banned for ever, or comes back; another person decides."""
    return _proposed(request, _one(_firms(request), "code", code), given)


@router.post(
    "services/people/{code}/standing", response={201: ServiceOut}, operation_id="propose_person_standing"
)
def propose_person(request: HttpRequest, code: str, given: ServiceStandingIn) -> HttpResponse:
    """Propose that a person goes out, is banned for ever, or comes back; another person decides."""
    rows = visible(actor(request), Professional.KIND, Professional.objects.select_related("region", "firm"))
    return _proposed(request, _one(rows, "code", code), given)


@router.get("open/services", response=OpenServicesOut, auth=None, operation_id="open_services")
def open_firms(request: HttpRequest, wanted: Query[OpenServiceQuery]) -> HttpResponse:
    """Search the public part of the register."""
    rows = Firm.objects.select_related("region").order_by("grade", "name")
    words = wanted.q.replace("\x00", "").strip()
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(code=words))
    if wanted.kind:
        rows = rows.filter(sort=wanted.kind.replace("\x00", ""))
    page = rows[wanted.offset : wanted.offset + wanted.limit]
    found = {"items": [_public(one) for one in page], "total": rows.count()}
    names = ("kind", "grade", "standing", "mark", "person_kind")
    return document(request, {**found, "words": {name: _choices(name) for name in names}})


@router.get("open/services/{code}", response=ServiceOut, auth=None, operation_id="open_service_firm")
def open_firm(request: HttpRequest, code: str) -> HttpResponse:
    """Return the public part of a firm: grade, standing, people, credit file."""
    firm = _one(Firm.objects.select_related("region"), "code", code)
    told = {"people": _people(firm), "marks": [one.told() for one in firm.marks.all()[:200]]}
    return document(request, {**_public(firm), **told, "works": firm.works.count()})


def _proposed(request: HttpRequest, subject: Firm | Professional, given: ServiceStandingIn) -> HttpResponse:
    begun_from(request, subject)
    now = datetime.now(UTC)
    made = standing.propose_standing(actor(request), subject, given.to, given.reason, now)
    return document(request, {"code": subject.code, "proposal": made.pk, "state": made.state}, 201)


def _public(firm: Firm) -> dict[str, Any]:
    row = FIRMS.row(firm)
    return {name: row[name] for name in PUBLIC}


def _people(firm: Firm) -> list[dict[str, Any]]:
    return [
        {"code": one.code, "name": one.name, "kind": one.sort, "field": one.field, "standing": one.standing}
        for one in firm.people.all()
    ]


def _firm_out(request: HttpRequest, firm: Firm) -> dict[str, Any]:
    who, thing = actor(request), thing_of(firm)
    ways = [to for to, origins in standing.WAYS.items() if firm.standing in origins]
    may_propose = may(who, "propose", Thing(f"proposal:{standing.KIND}", firm.region.path)).allowed
    counts, may_change = grading.marks_of(firm, _today()), may(who, "change", thing).allowed
    works = visible(
        who, Work.KIND, Work.objects.filter(firm=firm).select_related("firm", "enterprise", "region")
    )
    fresh = [mask(who, one, WORKS.row(one)) for one in works.order_by("-begun", "-number")[:NEWEST]]
    return {
        **mask(who, firm, FIRMS.row(firm)),
        "why": firm.why,
        "people": _people(firm),
        "marks": [one.told() for one in firm.marks.all()[:200]],
        "counts": dict(counts),
        "works": works.count(),
        "newest": fresh,
        "proposals": _proposals(request, firm),
        "back_from": standing.back_from(firm),
        "organisation": firm.organisation.code if firm.organisation and may_change else None,
        "may_change": may_change,
        "may_enter": any(rules_held(who, "create", Work.KIND)) and firm.standing not in register.OUT,
        "may_mark": may(who, "command", thing).allowed,
        "ways": ways if may_propose else [],
    }


def _proposals(request: HttpRequest, firm: Firm) -> list[dict[str, Any]]:
    """Return what was proposed about a firm, the newest first, with whether the reader may decide it."""
    who, now = actor(request), datetime.now(UTC)
    rows = proposals_for(who).filter(sort=standing.KIND, subject_kind=Firm.KIND, subject=firm.code)
    names = ("proposer", "proposed", "reason", "state", "decider", "decided", "decision_reason")
    return [
        {
            **{name: getattr(one, name) for name in names},
            "id": one.pk,
            "to": one.payload["to"],
            "state": "expired" if one.state == "open" and one.expires <= now else one.state,
            "may_decide": one.state == "open"
            and one.expires > now
            and one.proposer != who.code
            and may(who, "approve", one.thing()).allowed,
            "mine": one.proposer == who.code,
        }
        for one in rows.order_by("-pk")[:NEWEST]
    ]


def _work_out(request: HttpRequest, work: Work) -> dict[str, Any]:
    who = actor(request)
    checks = visible(who, Check.KIND, Check.objects.filter(work=work))
    names = ("number", "day", "answers", "score", "verdict", "why", "words", "made_by")
    may_command = may(who, "command", thing_of(work)).allowed
    return {
        **mask(who, work, WORKS.row(work)),
        "person": work.person.name if work.person else None,
        "promised": work.promised,
        "effect_why": work.effect_why,
        "checks": [{name: getattr(one, name) for name in names} for one in checks],
        "may_check": may_command,
        "may_change": may(who, "change", thing_of(work)).allowed,
        "may_judge": may_command
        and bool(work.promised)
        and _today() > date.fromisoformat(str(work.promised["last"])),
    }


def _choices(name: str) -> list[dict[str, str]]:
    return [{"value": code, "zh": row["zh"], "en": row["en"]} for code, row in settings()[name].items()]


def _today() -> date:
    return datetime.now(CHINA).date()


def _firms(request: HttpRequest) -> Any:
    return visible(actor(request), Firm.KIND, Firm.objects.select_related("region", "organisation"))


def _works(request: HttpRequest) -> Any:
    related = ("region", "firm__organisation", "firm__region", "enterprise__organisation", "person")
    return visible(actor(request), Work.KIND, Work.objects.select_related(*related))


def _one(rows: Any, field: str, value: str) -> Any:
    clean = value.replace("\x00", "")
    found = rows.filter(**{field: clean}).first()
    if found is None:
        raise InputError("services.none", value=clean[:64])
    return found
