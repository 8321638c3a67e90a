"""Dispatching 派发: proposes who leads, by duty list and area, with reasons; an officer decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.settings import settings
from huanzhi.library.duties.models import Duty
from huanzhi.library.people.models import Organisation

MOST = 5
_GOVERNING = ("branch", "bureau", "department", "township", "park")


@dataclass(frozen=True, slots=True)
class Lead:
    """An organisation that could lead, and why: message keys with their values."""

    organisation: Organisation
    reasons: tuple[tuple[str, dict[str, str]], ...]
    rank: tuple[int, ...]


def leads(issue: Issue, day: date) -> list[Lead]:
    """Return who could lead: who has the duty nearest to the place first, then who governs it."""
    found: dict[str, Lead] = {}
    for duty in _duties(issue, day):
        _better(found, _by_duty(duty))
    for organisation in _governing(issue):
        _better(found, _by_area(organisation))
    return sorted(found.values(), key=lambda one: one.rank, reverse=True)[:MOST]


def _duties(issue: Issue, day: date) -> list[Duty]:
    matters = settings()["category"].get(issue.category, {}).get("matters", ())
    rows = Duty.objects.select_related("organisation", "region").filter(
        region__in=_above(issue.region.path), organisation__kind__in=_GOVERNING
    )
    return [duty for duty in rows if duty.holds(day) and any(one in duty.matter for one in matters)]


def _governing(issue: Issue) -> Any:
    rows = Organisation.objects.filter(region__in=_above(issue.region.path), kind__in=("branch", "bureau"))
    return rows.select_related("region")


def _above(path: str) -> list[str]:
    """Return the codes of a region and of those above it."""
    return [code for code in path.split("/") if code]


def _by_duty(duty: Duty) -> Lead:
    part = {"lead": 2, "cooperate": 0}.get(duty.part, 1)
    told = {"matter": duty.matter, "region": duty.region.name, "basis": duty.basis or "—"}
    return Lead(
        duty.organisation, (("issues.lead_by_duty", told),), (1, part, duty.region.path.count("/"), 0)
    )


def _by_area(organisation: Organisation) -> Lead:
    branch = int(organisation.kind == "branch")
    told = {"region": organisation.region.name}
    return Lead(
        organisation, (("issues.lead_by_area", told),), (0, 0, organisation.region.path.count("/"), branch)
    )


def _better(found: dict[str, Lead], lead: Lead) -> None:
    held = found.get(lead.organisation.code)
    if held is None:
        found[lead.organisation.code] = lead
    else:
        reasons = (*held.reasons, *lead.reasons)
        found[lead.organisation.code] = Lead(lead.organisation, reasons, max(held.rank, lead.rank))
