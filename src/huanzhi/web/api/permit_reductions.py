"""Emission reduction 总量减排: targets by pollutant and region, projects, and how far both have come."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from huanzhi.ecocode.permits.listing import PROJECTS, TARGETS
from huanzhi.ecocode.permits.models import MonthAmount, ReductionProject, ReductionTarget
from huanzhi.ecocode.permits.reducing import progress
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import visible
from huanzhi.standards.parameters import all_parameters
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer, begun_from, document, filters
from huanzhi.web.api.permit_shapes import PermitRowOut, ReductionProjectIn, ReductionTargetIn

router = Router(tags=["permits"])
TargetFilters = filters("ReductionTargetFilters", TARGETS.columns)
ProjectFilters = filters("ReductionProjectFilters", PROJECTS.columns)


@router.get("reduction-targets", response=Page[dict[str, Any]], operation_id="list_reduction_targets")
def list_targets(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[TargetFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List targets with what projects have reduced, and what the monitors had of their year."""
    who = actor(request)
    rows = visible(who, ReductionTarget.KIND, ReductionTarget.objects.all())
    projects = visible(who, ReductionProject.KIND, ReductionProject.objects.select_related("region"))
    months = visible(who, MonthAmount.KIND, MonthAmount.objects.all())
    held, known = list(projects), list(months.select_related("outlet__region").defer("days"))

    def told(target: Any) -> dict[str, Any]:
        found = progress(target, held, known)
        named = all_parameters().get(target.parameter)
        return {
            **TARGETS.row(target),
            "parameter_name": named.name if named else target.parameter,
            **{name: getattr(found, name) for name in ("achieved", "planned", "left", "online")},
        }

    return answer(request, TARGETS, rows, paging, wanted, row=told)


@router.post("reduction-targets", response={201: PermitRowOut}, operation_id="add_reduction_target")
def add_target(request: HttpRequest, given: ReductionTargetIn) -> HttpResponse:
    """Set a target of a region, or change it."""
    region = _region(request, given.region)
    code = f"{region.code}.{given.parameter}.{given.year}"
    held = ReductionTarget.objects.select_related("region").filter(code=code).first()
    target = held or ReductionTarget(code=code, simulated=region.simulated)
    if held is not None:
        begun_from(request, held)
    for name, value in given.model_dump(exclude={"region"}).items():
        setattr(target, name, value)
    target.region = region
    return document(request, TARGETS.row(save(actor(request), target)), 201)


@router.get("reduction-projects", response=Page[dict[str, Any]], operation_id="list_reduction_projects")
def list_projects(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[ProjectFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the projects that reduce."""
    rows = visible(actor(request), ReductionProject.KIND, ReductionProject.objects.all())
    return answer(request, PROJECTS, rows, paging, wanted)


@router.post("reduction-projects", response={201: PermitRowOut}, operation_id="add_reduction_project")
def add_project(request: HttpRequest, given: ReductionProjectIn) -> HttpResponse:
    """Enter a project that reduces."""
    region = _region(request, given.region)
    owner = Enterprise.objects.filter(code=given.enterprise).first() if given.enterprise else None
    if given.enterprise and owner is None:
        raise InputError("permits.none", column="enterprise", value=given.enterprise)
    number = ReductionProject.objects.filter(region=region, year=given.year).count() + 1
    made = ReductionProject(
        code=f"{region.code}.{given.year}.{number:03d}",
        region=region,
        enterprise=owner,
        simulated=region.simulated,
        **given.model_dump(exclude={"region", "enterprise"}),
    )
    return document(request, PROJECTS.row(save(actor(request), made)), 201)


@router.post(
    "reduction-projects/{code}/accept", response=PermitRowOut, operation_id="accept_reduction_project"
)
def accept(request: HttpRequest, code: str) -> HttpResponse:
    """Accept a project: its quantity counts from now on."""
    rows = visible(actor(request), ReductionProject.KIND, ReductionProject.objects.all())
    found = rows.select_related("region", "enterprise").filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise InputError("permits.none", value=code.replace("\x00", "")[:80])
    begun_from(request, found)
    found.accepted = True
    return document(request, PROJECTS.row(save(actor(request), found)))


def _region(request: HttpRequest, code: str) -> Region:
    rows = visible(actor(request), Region.KIND, Region.objects.all())
    found: Region | None = rows.filter(pk=code).first() if "\x00" not in code else None
    if found is None:
        raise InputError("permits.none", column="region", value=code.replace("\x00", "")[:12])
    return found
