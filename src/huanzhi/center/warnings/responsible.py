"""Responsible units 责任单位: who owes the reply to a warning, by register and duty list."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from huanzhi.center.warnings.models import Warning
from huanzhi.library.duties.models import Duty
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.standards.periods import CHINA

RIVER_CHIEF = "河长"
"""How the duty list names the matter of a river chief."""


def responsible(row: Warning, part: str) -> list[dict[str, str]]:
    """Return who owes the reply: the enterprise itself, or the county and its river chief."""
    if part == "enterprise":
        return [_enterprise(row)]
    day = row.since.astimezone(CHINA).date() if isinstance(row.since, datetime) else date.min
    return [*_governing(row, part), *_chiefs(row, day)]


def _enterprise(row: Warning) -> dict[str, str]:
    owner = Enterprise.objects.filter(code=row.enterprise).select_related("organisation").first()
    organisation = owner.organisation if owner is not None else None
    code = organisation.code if organisation else row.organisation
    return {
        "part": "enterprise",
        "organisation": code,
        "name": owner.name if owner is not None else row.enterprise,
    }


def _governing(row: Warning, part: str) -> list[dict[str, str]]:
    """Return the body that answers for the nearest region: its branch, else the bureau above."""
    regions = _above(row)
    rows: Any = Organisation.objects.filter(region__in=regions, kind__in=("branch", "bureau", "county"))
    ranked = sorted(
        rows.select_related("region"),
        key=lambda one: (-one.region.path.count("/"), one.kind != "branch", one.code),
    )
    return [_told(part, one) for one in ranked[:1]]


def _chiefs(row: Warning, day: date) -> list[dict[str, str]]:
    duties: Any = Duty.objects.filter(region__in=_above(row), matter__contains=RIVER_CHIEF)
    held = [one for one in duties.select_related("organisation", "region") if one.holds(day)]
    held.sort(key=lambda one: -one.region.path.count("/"))
    return [_told("river_chief", one.organisation) for one in held[:1]]


def _told(part: str, organisation: Organisation) -> dict[str, str]:
    return {"part": part, "organisation": organisation.code, "name": organisation.name}


def _above(row: Warning) -> list[str]:
    return [code for code in row.region.path.split("/") if code] if row.region else []
