"""Quantities of the year 年累计排放量 as the watch takes them over: permitted and gone."""

from __future__ import annotations

from datetime import datetime

from huanzhi.center.warnings.models import YearQuantity
from huanzhi.library.rights import Actor, Thing, require
from huanzhi.library.trail.chain import append
from huanzhi.standards.periods import CHINA


def allowed(year: int | None = None) -> dict[tuple[str, str], tuple[float, float]]:
    """Return outlet and parameter → permitted and gone [t], of this year by default."""
    wanted = year or datetime.now(CHINA).year
    return {
        (one.outlet, one.parameter): (one.permitted, one.opening + one.tonnes)
        for one in YearQuantity.objects.filter(year=wanted)
        if one.permitted
    }


def open_with(
    actor: Actor, row: YearQuantity, tonnes: float, basis: str, path: str, owner: str = ""
) -> YearQuantity:
    """Note what had left before the platform heard of it, by the report that says so."""
    require(actor, "change", Thing("permit_limit", path, owner))
    before = {"opening": row.opening, "basis": row.basis}
    row.opening, row.basis = tonnes, basis.strip()
    row.save()
    after = {"opening": row.opening, "basis": row.basis}
    key = f"{row.outlet}/{row.parameter}/{row.year}"
    append(actor, "change", "year_quantity", key, before=before, after=after, reason=basis)
    return row
