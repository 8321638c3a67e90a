"""The enterprise file 一企一档: head, sections, grid and why, exceedances, life, surroundings, public part.

Lists that stand in the file as sections are asked for at their own addresses, with ``?enterprise=``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from ninja import Query, Router

from huanzhi.ecocode.files.listing import OFFICERS, PROJECTS, VERDICTS
from huanzhi.ecocode.files.models import QuarterVerdict
from huanzhi.ecocode.permits.allowing import outlet_name
from huanzhi.errors import InputError
from huanzhi.library.documents import write_docx
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.records.tables import Table, table_of
from huanzhi.library.rights import Actor, mask, require, thing_of, visible
from huanzhi.library.series import open_store
from huanzhi.messages import using
from huanzhi.programmes.enterprise_file import exceedances as beyond
from huanzhi.programmes.enterprise_file.grid import chosen_outlet, grid, why
from huanzhi.programmes.enterprise_file.head import head
from huanzhi.programmes.enterprise_file.nearby import METRES, nearby
from huanzhi.programmes.enterprise_file.paper import paper
from huanzhi.programmes.enterprise_file.public import COLUMNS as PUBLIC_COLUMNS
from huanzhi.programmes.enterprise_file.public import public_enterprises, public_file, public_row
from huanzhi.programmes.enterprise_file.quarters import Quarter, judging
from huanzhi.programmes.enterprise_file.reading import judged_outlets
from huanzhi.programmes.enterprise_file.reckoning import features_of, refreshed
from huanzhi.programmes.enterprise_file.register import register
from huanzhi.programmes.enterprise_file.sections import open_to
from huanzhi.programmes.enterprise_file.timeline import timeline
from huanzhi.standards.periods import CHINA
from huanzhi.web.api.actors import actor, anybody
from huanzhi.web.api.enterprise_file_shapes import (
    FileOut,
    FileRegisterOut,
    FileTimelineOut,
    GridOut,
    GridWhyIn,
    GridWhyOut,
    NearbyOut,
    PublicFileOut,
    ReckonedOut,
)
from huanzhi.web.api.errors import language_of
from huanzhi.web.api.lists import Page, Paging, answer, answer_rows, document, filters
from huanzhi.web.api.papers import download, written
from huanzhi.web.api.reading import read
from huanzhi.web.api.routes import add_routes

router = Router(tags=["enterprise file"])
ExceedanceFilters = filters("FileExceedanceFilters", beyond.COLUMNS)
PublicFilters = filters("OpenEnterpriseFilters", PUBLIC_COLUMNS)
VERDICT_TABLE = Table(
    QuarterVerdict.KIND,
    "quarter-verdicts",
    QuarterVerdict,  # type: ignore[arg-type]
    VERDICTS,
    ("enterprise", "outlet"),
    "pk",
)
VerdictFilters = filters("QuarterVerdictFilters", VERDICTS)

add_routes(router, OFFICERS.kind, PROJECTS.kind)


@router.get("enterprise-files/{code}", response=FileOut, operation_id="get_enterprise_file")
def get_file(request: HttpRequest, code: str) -> HttpResponse:
    """Return the head of a file: who it is, code, permit, what stands open; and the sections that open."""
    who = actor(request)
    enterprise = found(who, code)
    own = bool(who.organisation) and enterprise.organisation_id is not None
    return document(
        request,
        {
            **mask(who, enterprise, table_of(Enterprise.KIND).row(enterprise)),
            **head(who, enterprise, datetime.now(UTC)),
            "own": own and enterprise.organisation.code == who.organisation,  # type: ignore[union-attr]
            "sections": [section.as_dict() for section in open_to(who, answers)],
        },
    )


@router.get("enterprise-files/{code}/grid", response=GridOut, operation_id="get_enterprise_grid")
def get_grid(
    request: HttpRequest,
    code: str,
    quarters: int = Query(judging()["kept"]["quarters"], ge=1, le=40),  # type: ignore[type-arg]
) -> HttpResponse:
    """Return the four states of outlet × pollutant × quarter, from the kept verdicts."""
    who = actor(request)
    return document(request, grid(who, found(who, code), datetime.now(UTC), quarters))


@router.get("enterprise-files/{code}/grid/why", response=GridWhyOut, operation_id="get_enterprise_grid_why")
def get_grid_why(request: HttpRequest, code: str, asked: Query[GridWhyIn]) -> HttpResponse:
    """Return why a cell is what it is, reckoned anew from the store as it is or as it was."""
    outlet = chosen_outlet(actor(request), found(actor(request), code), asked.outlet)
    quarter, today = Quarter.parse(asked.quarter), _today()
    if quarter.first >= today:
        raise InputError("enterprise_file.ahead", value=quarter.name)
    features = read(request, "series", lambda store: features_of(store, [outlet]))
    one, as_of = judged_outlets([outlet], features)[0], _in_china(asked.as_of)
    return document(
        request,
        read(request, "series", lambda store: why(store, one, asked.parameter, quarter, today, as_of)),
    )


@router.post("enterprise-files/{code}/grid", response=ReckonedOut, operation_id="reckon_enterprise_grid")
def reckon_grid(request: HttpRequest, code: str) -> HttpResponse:
    """Reckon the kept verdicts of an enterprise anew where limits or data changed."""
    who = actor(request)
    enterprise = found(who, code)
    require(who, "read", thing_of(enterprise))
    with open_store("read") as store:
        done = refreshed(store, enterprise, datetime.now(UTC))
    return document(request, dict(done))


@router.get(
    "enterprise-files/{code}/exceedances",
    response=Page[dict[str, Any]],
    operation_id="list_enterprise_exceedances",
)
def list_exceedances(
    request: HttpRequest,
    code: str,
    paging: Query[Paging],
    wanted: Query[ExceedanceFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the days beyond a limit with what the enterprise said of them, the newest first."""
    who = actor(request)
    rows = beyond.exceedances(who, found(who, code))
    return answer_rows(request, beyond.COLUMNS, rows, paging, wanted)


@router.get(
    "enterprise-files/{code}/timeline", response=FileTimelineOut, operation_id="get_enterprise_timeline"
)
def get_timeline(request: HttpRequest, code: str) -> HttpResponse:
    """Return the life of an enterprise from assessment to exit, and what is due next."""
    who = actor(request)
    return document(request, timeline(who, found(who, code), _today()))


@router.get(
    "enterprise-files/{code}/register", response=FileRegisterOut, operation_id="get_enterprise_register"
)
def get_register(request: HttpRequest, code: str, on: date | None = None) -> HttpResponse:
    """Return enterprise, outlets, permits and limits as they are, or were known at the end of a day."""
    who = actor(request)
    moment = datetime.combine(on + timedelta(days=1), time(), CHINA) if on and on < _LAST else None
    told = register(who, found(who, code), moment)
    return document(request, {"as_of": on.isoformat() if on else None, **told})


@router.get("enterprise-files/{code}/nearby", response=NearbyOut, operation_id="get_enterprise_nearby")
def get_nearby(
    request: HttpRequest,
    code: str,
    metres: float = Query(METRES, ge=100, le=50_000),  # type: ignore[type-arg]
) -> HttpResponse:
    """Return the enterprises, stations, sections, wells and sensitive places within a distance."""
    who = actor(request)
    enterprise = found(who, code)
    told = {"metres": round(metres), "lon": enterprise.lon, "lat": enterprise.lat}
    return document(request, {**told, "items": nearby(who, enterprise, metres)})


@router.get("enterprise-files/{code}/paper", operation_id="get_enterprise_paper")
def get_paper(request: HttpRequest, code: str) -> HttpResponse:
    """Return the file as a Word document to print, as far as the reader may see it."""
    who = actor(request)
    enterprise = found(who, code)
    with using(language_of(request)):
        content = written(paper(who, enterprise, datetime.now(UTC)), write_docx, "docx")
    return download(content, "docx", f"{enterprise.code}.docx")


@router.get("quarter-verdicts", response=Page[dict[str, Any]], operation_id="list_quarter_verdicts")
def list_verdicts(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[VerdictFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the kept verdicts of quarters of all enterprises; also as CSV or XLSX."""
    who = actor(request)
    rows = visible(who, QuarterVerdict.KIND, QuarterVerdict.objects.all())
    rows = rows.select_related("outlet__region", "outlet__organisation")
    paging.sort = paging.sort or "-year,-quarter"

    def row(one: Any) -> dict[str, Any]:
        return {**VERDICT_TABLE.row(one), "outlet_name": outlet_name(who, one.outlet)}

    return answer(request, VERDICT_TABLE, rows, paging, wanted, row=row)


@router.get(
    "open/enterprises", response=Page[dict[str, Any]], auth=anybody, operation_id="list_open_enterprises"
)
def list_open(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[PublicFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the enterprises that have a public file; for everybody."""
    rows = [public_row(one) for one in public_enterprises()]
    return answer_rows(request, PUBLIC_COLUMNS, rows, paging, wanted)


@router.get(
    "open/enterprises/{code}", response=PublicFileOut, auth=anybody, operation_id="get_open_enterprise"
)
def get_open(request: HttpRequest, code: str) -> HttpResponse:
    """Return the public part of a file; for everybody."""
    one = public_enterprises().filter(code=code).first() if "\x00" not in code else None
    if one is None:
        raise InputError("enterprise_file.no_enterprise", value=code.replace("\x00", ""))
    return document(request, public_file(one, _today()))


_LAST = date(2200, 1, 1)


def found(who: Actor, code: str) -> Enterprise:
    """Return an enterprise whose file somebody may open.

    Raises
    ------
    InputError
        ``enterprise_file.no_enterprise`` (404) if there is none, or none for the reader.
    """
    rows = visible(who, Enterprise.KIND, Enterprise.objects.select_related("region", "organisation"))
    one = rows.filter(code=code).first() if "\x00" not in code else None
    if one is None:
        raise InputError("enterprise_file.no_enterprise", value=code.replace("\x00", ""))
    return one


@cache
def answers(api: str) -> bool:
    """Return whether the API has anything at an address such as ``/permits``."""
    try:
        resolve(f"/api/v1{api}")
    except Resolver404:
        return False
    return True


def _today() -> date:
    return datetime.now(CHINA).date()


def _in_china(moment: datetime | None) -> datetime | None:
    if moment is None or moment.tzinfo:
        return moment
    return moment.replace(tzinfo=CHINA)
