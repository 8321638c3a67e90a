"""Switches 规则启停: whether a ready-made rule is on where a warning lies; on where nothing is said."""

from __future__ import annotations

from huanzhi.center.warnings.models import Switch
from huanzhi.center.warnings.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor


def is_on(rule: str, region: Region | None) -> bool:
    """Return whether a rule is on in a region: the nearest region that says so decides."""
    above = [code for code in region.path.split("/") if code] if region is not None else []
    said = {one.region_id: one.on for one in Switch.objects.filter(rule=rule, region__in=above)}
    return next((said[code] for code in reversed(above) if code in said), True)


def switch(actor: Actor, rule: str, region: Region, on: bool, reason: str) -> Switch:
    """Turn a ready-made rule on or off in a region.

    Raises
    ------
    InputError
        ``warnings.no_rule``, ``warnings.needs_reason``, or what rights refuse.
    """
    if rule not in settings()["rule"]:
        raise InputError("warnings.no_rule", value=rule)
    if not reason.strip():
        raise InputError("warnings.needs_reason", column="reason")
    row = Switch.objects.filter(rule=rule, region=region).first()
    row = row or Switch(code=f"{rule}@{region.code}", rule=rule, region=region)
    row.on, row.reason, row.by = on, reason.strip(), actor.code
    save(actor, row, reason)
    return row
