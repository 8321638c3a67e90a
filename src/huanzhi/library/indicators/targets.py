"""Targets 目标: made with what they are based on, given a path, and frozen by two people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from huanzhi.assess.allowance import OPERATORS
from huanzhi.errors import InputError
from huanzhi.library.indicators import paths, registry
from huanzhi.library.indicators.models import Target
from huanzhi.library.indicators.paths import finite
from huanzhi.library.indicators.units import converted
from huanzhi.library.indicators.writing import number
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.records.acting import act, stored_of
from huanzhi.library.rights import Actor, Thing, require, thing_of
from huanzhi.standards.periods import CHINA

KIND = "freeze_target_path"
APPROXIMATE = "≈"
"""左右: a document names no bounds for it, so it can be kept and not judged."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a target says."""

    indicator: str
    region: str
    year: int
    op: str
    value: str
    unit: str = ""
    upper: str = ""
    stretch: str = ""
    organisation: str = ""
    data_region: str = ""
    parent: str = ""
    weight: str = ""
    base_year: int | None = None
    base_value: str = ""
    item: str = ""
    basis: Mapping[str, Any] = field(default_factory=dict)


def make(actor: Actor, wanted: Wanted, now: datetime, *, simulated: bool = False) -> Target:
    """Make a target, with a linear path as a draft where a base is given.

    Raises
    ------
    InputError
        If indicator, region, operator, number or unit is none, there is such a target, or the actor may not.
    """
    known = registry.definition(wanted.indicator)
    place = Region.objects.filter(pk=wanted.region).first()
    if place is None:
        raise InputError("indicators.no_region", value=wanted.region)
    if wanted.op not in (*OPERATORS, APPROXIMATE):
        raise InputError("indicators.operator", value=wanted.op, expected=" ".join((*OPERATORS, APPROXIMATE)))
    if not 2000 <= wanted.year <= 2100:
        raise InputError("indicators.year", value=wanted.year)
    require(actor, "create", Thing(Target.KIND, place.path, wanted.organisation))
    numbers = {
        name: _number(name, getattr(wanted, name), wanted.unit or known.unit, known.unit)
        for name in ("value", "upper", "stretch", "base_value")
    }
    with transaction.atomic():
        made = Target(
            number=number(Target, "MB", now),
            indicator=known.code,
            region=place,
            organisation=_body(wanted.organisation),
            year=wanted.year,
            op=wanted.op,
            unit=known.unit,
            basis=dict(wanted.basis),
            item=wanted.item,
            data_region=wanted.data_region.strip()[:60],
            parent=_parent(wanted.parent, known.code, wanted.year),
            weight=_weight(wanted.weight),
            base_year=wanted.base_year,
            simulated=simulated or place.simulated,
            **numbers,
        )
        _only_one(made)
        made.path = [one.as_dict() for one in _path(made, known.decimals)]
        act(actor, made, "create", str(wanted.basis.get("quote", ""))[:500], right="create")
    return made


def _only_one(made: Target) -> None:
    same = Target.objects.filter(indicator=made.indicator, region=made.region, year=made.year, state="active")
    other = same.first()
    if other is not None:
        raise InputError("indicators.target_twice", value=other.number)


def _number(name: str, written: str, unit: str, wanted: str) -> str:
    if not str(written).strip():
        if name == "value":
            raise InputError("indicators.number", column=name)
        return ""
    try:
        return f"{converted(finite(written), unit, wanted):f}"[:40]
    except (ValueError, InvalidOperation):
        raise InputError("indicators.number", column=name, value=str(written)[:40]) from None


def _weight(written: str) -> str:
    if not written.strip():
        return ""
    try:
        if finite(written) > 0:
            return f"{finite(written):f}"[:20]
    except (ValueError, InvalidOperation):
        pass
    raise InputError("indicators.number", column="weight", value=written[:20], expected="> 0")


def _body(code: str) -> Organisation | None:
    found = Organisation.objects.filter(code=code).first() if code else None
    if code and found is None:
        raise InputError("indicators.no_body", value=code)
    return found


def _parent(code: str, indicator: str, year: int) -> Target | None:
    if not code:
        return None
    found = Target.objects.filter(number=code, indicator=indicator, year=year).first()
    if found is None:
        raise InputError("indicators.no_parent", value=code)
    return found


def _path(target: Target, decimals: int | None) -> tuple[paths.Milestone, ...]:
    last = paths.read([{"day": f"{target.year}-12-31", "value": target.value}])
    if target.base_year is None or not target.base_value:
        return last
    kept = 1 if decimals is None else decimals
    return paths.linear(
        target.base_year, Decimal(target.base_value), target.year, Decimal(target.value), kept
    )


def lay(actor: Actor, target: Target, rows: Sequence[Mapping[str, Any]], reason: str) -> Target:
    """Give a target the milestones of its path; a frozen path becomes a draft of its next revision.

    Raises
    ------
    InputError
        If a milestone is none, the last is not the target itself, the path waits for a decision, or no reason
        is given for changing a frozen one.
    """
    path = paths.read(rows)
    if not path or path[-1].value != Decimal(target.value) or path[-1].day.year != target.year:
        raise InputError("indicators.path_end", expected=f"{target.year}: {target.value}")
    with transaction.atomic():
        held: Target = stored_of(target)
        if held.revision != target.revision:
            raise InputError("records.stale", value=target.number)
        if held.path_state == "proposed":
            raise InputError("indicators.path_waits", value=held.number)
        if held.path_state == "frozen" and not reason.strip():
            raise InputError("indicators.path_reason")
        held.path, held.path_state, held.path_method = [one.as_dict() for one in path], "draft", paths.GIVEN
        act(actor, held, "lay_path", reason[:500], right="change")
    return held


def propose_freeze(actor: Actor, target: Target, reason: str, now: datetime) -> Proposal:
    """Propose that the path of a target is frozen; another person decides."""
    with transaction.atomic():
        held: Target = stored_of(target)
        if held.revision != target.revision:
            raise InputError("records.stale", value=target.number)
        if held.path_state != "draft" or not held.path:
            raise InputError("indicators.path_waits", value=held.number)
        require(actor, "change", thing_of(held))
        held.path_state = "proposed"
        act(actor, held, "propose_path", reason[:500])
        return propose(
            actor,
            KIND,
            Target.KIND,
            held.number,
            reason=reason,
            now=now,
            payload={"path": held.path},
            region=held.region,
            owner=held.organisation.code if held.organisation else "",
            simulated=held.simulated,
        )


def check(payload: Mapping[str, Any]) -> None:
    """Refuse a proposal without a path."""
    paths.read(payload.get("path") or [{}])


def freeze(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Freeze the path; `actor` is the second person. Earlier frozen paths stay in `path_steps`."""
    target = _target(proposal)
    if target.path != proposal.payload["path"]:
        raise InputError("indicators.path_changed", value=target.number)
    at = (proposal.decided or proposal.proposed).astimezone(CHINA)
    target.path_state = "frozen"
    target.path_steps = [
        *target.path_steps,
        {
            "revision": len(target.path_steps) + 1,
            "at": at.isoformat(timespec="seconds"),
            "path": target.path,
            "method": target.path_method,
            "reason": proposal.reason,
            "proposer": proposal.proposer,
            "decider": actor.code,
        },
    ]
    act(actor, target, "freeze_path", f"proposal {proposal.pk} by {proposal.proposer}")
    return {"target": target.number, "revision": len(target.path_steps)}


def put_back(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Let a refused path be worked on again."""
    target = _target(proposal)
    target.path_state = "draft"
    act(actor, target, "refuse_path", proposal.decision_reason[:500])
    return {"target": target.number}


def _target(proposal: Proposal) -> Target:
    found = Target.objects.select_related("region", "organisation").filter(number=proposal.subject).first()
    if found is None or found.path_state != "proposed":
        raise InputError("indicators.no_target", value=proposal.subject)
    return found
