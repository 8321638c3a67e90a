"""Reported values 填报: a figure with evidence from one person, confirmed by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import InvalidOperation
from typing import Any

from django.db import transaction

import huanzhi
from huanzhi.errors import InputError
from huanzhi.library.indicators import evidence, registry
from huanzhi.library.indicators.models import Value
from huanzhi.library.indicators.paths import finite
from huanzhi.library.indicators.units import converted
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import propose
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.records.acting import act
from huanzhi.library.rights import Actor, Thing, require

KIND = "confirm_indicator_value"


@dataclass(frozen=True, slots=True)
class Reported:
    """What somebody reports."""

    indicator: str
    region: str
    first: date
    last: date
    value: str
    unit: str
    reason: str


def report(
    actor: Actor,
    given: Reported,
    files: Sequence[tuple[str, bytes]],
    now: datetime,
    *,
    simulated: bool = False,
) -> Value:
    """Keep a reported value and ask another person to confirm it.

    A value that is there already for the same span is taken over by the new one once that is confirmed;
    until then it stands.

    Raises
    ------
    InputError
        If the indicator is not reported by hand, the value is no number, the unit is another quantity's, or
        evidence is missing.
    """
    known, place = _asked(given)
    require(actor, "create", Thing(Value.KIND, place.path, actor.organisation))
    if not files:
        raise InputError("indicators.needs_evidence")
    number = _number(given, known.unit)
    pieces = [evidence.keep(actor, content, name, now) for name, content in files]
    with transaction.atomic():
        made = Value(
            code=_code(given),
            indicator=given.indicator,
            region=place,
            organisation_id=_organisation(actor),
            first=given.first,
            last=given.last,
            value=number,
            unit=known.unit,
            source="reported",
            state="proposed",
            reason=given.reason.strip()[:1000],
            as_of=now,
            version=huanzhi.__version__,
            reporter=actor.code,
            evidence=pieces,
            simulated=simulated,
        )
        act(actor, made, "create", made.reason, right="create")
        propose(
            actor,
            KIND,
            Value.KIND,
            made.code,
            reason=made.reason or known.name.zh,
            now=now,
            region=place,
            owner=actor.organisation,
            simulated=simulated,
            payload={"indicator": given.indicator, "value": made.value, "unit": made.unit},
        )
    return made


def _asked(given: Reported) -> tuple[registry.Definition, Region]:
    """Return the indicator and the region of a value to be reported."""
    known = registry.definition(given.indicator)
    if not known.reported:
        raise InputError("indicators.not_reported", value=given.indicator)
    if given.last < given.first:
        raise InputError("indicators.span", value=given.last.isoformat())
    place = Region.objects.filter(pk=given.region).first()
    if place is None:
        raise InputError("indicators.no_region", value=given.region)
    return known, place


def _number(given: Reported, unit: str) -> str:
    try:
        value = finite(given.value)
    except (ValueError, InvalidOperation):
        raise InputError("indicators.number", column="value", value=given.value[:40]) from None
    return f"{converted(value, given.unit or unit, unit):f}"[:40]


def _code(given: Reported) -> str:
    begun = f"{given.indicator}@{given.region}@{given.first:%Y%m%d}-{given.last:%Y%m%d}"
    same = Value.objects.filter(code__startswith=begun).count()
    return f"{begun}#{same + 1}"


def _organisation(actor: Actor) -> Any:
    from huanzhi.library.people.models import Organisation

    return Organisation.objects.filter(code=actor.organisation).values_list("pk", flat=True).first()


def confirm(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Let a reported value count; the one that stood for the same span no longer does."""
    value = _value(proposal)
    for other in Value.objects.filter(
        indicator=value.indicator,
        region=value.region,
        first=value.first,
        last=value.last,
        state="confirmed",
    ):
        other.state = "replaced"
        act(actor, other, "replace", f"proposal {proposal.pk}")
    value.state = "confirmed"
    act(actor, value, "confirm", f"proposal {proposal.pk} by {proposal.proposer}")
    return {"value": value.code, "state": value.state}


def refuse(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Mark a reported value as refused, with the reason."""
    value = _value(proposal)
    value.state, value.reason = "refused", proposal.decision_reason[:1000]
    act(actor, value, "refuse", f"proposal {proposal.pk}")
    return {"value": value.code, "state": value.state}


def _value(proposal: Proposal) -> Value:
    found = Value.objects.select_related("region", "organisation").filter(code=proposal.subject).first()
    if found is None or found.state != "proposed":
        raise InputError("indicators.no_value", value=proposal.subject)
    return found
