"""Self-monitoring 自行监测: the plan of each enterprise, and results handed in by it or its laboratory."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from huanzhi.ecocode.permits import sampling
from huanzhi.ecocode.permits.allowing import outlet_name
from huanzhi.ecocode.permits.listing import REQUIREMENTS, SAMPLES
from huanzhi.ecocode.permits.models import Requirement, Sample
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Outlet
from huanzhi.library.rights import visible
from huanzhi.web.api.actors import actor
from huanzhi.web.api.lists import Page, Paging, answer, document, filters
from huanzhi.web.api.once import idempotent
from huanzhi.web.api.permit_duties import today
from huanzhi.web.api.permit_shapes import PermitRequirementIn, PermitRowOut, PermitSampleIn

router = Router(tags=["permits"])
RequirementFilters = filters("PermitMonitoringFilters", REQUIREMENTS.columns)
SampleFilters = filters("PermitSampleFilters", SAMPLES.columns)


@router.get("permit-monitoring", response=Page[dict[str, Any]], operation_id="list_permit_monitoring")
def list_requirements(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[RequirementFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List the lines of self-monitoring plans."""
    who = actor(request)
    rows = visible(who, Requirement.KIND, Requirement.objects.all())

    def row(one: Any) -> dict[str, Any]:
        return {**REQUIREMENTS.row(one), "outlet_name": outlet_name(who, one.outlet)}

    return answer(request, REQUIREMENTS, rows, paging, wanted, row=row)


@router.post("permit-monitoring", response={201: PermitRowOut}, operation_id="add_permit_monitoring")
def add_requirement(request: HttpRequest, given: PermitRequirementIn) -> HttpResponse:
    """Put a line into the plan; the duties of the year follow at once."""
    rows = visible(actor(request), Outlet.KIND, Outlet.objects.all())
    rows = rows.select_related("enterprise__region", "enterprise__organisation")
    outlet = rows.filter(code=given.outlet).first()
    if outlet is None:
        raise InputError("permits.none", column="outlet", value=given.outlet)
    made = sampling.require_sample(
        actor(request), outlet, given.parameter, given.frequency, today(), given.method
    )
    return document(request, REQUIREMENTS.row(made), 201)


@router.get("permit-samples", response=Page[dict[str, Any]], operation_id="list_permit_samples")
def list_samples(
    request: HttpRequest,
    paging: Query[Paging],
    wanted: Query[SampleFilters],  # type: ignore[valid-type]
) -> HttpResponse:
    """List results of self-monitoring, the newest first, each held against the limit of its day."""
    rows = visible(actor(request), Sample.KIND, Sample.objects.all())
    paging.sort = paging.sort or "-day"
    return answer(request, SAMPLES, rows, paging, wanted)


@router.post("permit-samples", response={201: PermitRowOut}, operation_id="hand_in_permit_sample")
@idempotent
def hand_in(request: HttpRequest, given: PermitSampleIn) -> HttpResponse:
    """Hand in a result as written: a value, below detection (``<0.5``, ``0.5L``), or none and why."""
    rows = visible(actor(request), Requirement.KIND, Requirement.objects.all())
    rows = rows.select_related("enterprise__region", "enterprise__organisation", "outlet")
    requirement = rows.filter(code=given.requirement).first()
    if requirement is None:
        raise InputError("permits.none", column="requirement", value=given.requirement)
    made = sampling.hand_in(actor(request), requirement, given.model_dump(), today())
    return document(request, SAMPLES.row(made), 201)
