"""Amending 补充案情: what is known of a case, changed while it is not decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi.center.enforcement import law
from huanzhi.center.enforcement.conditions import active
from huanzhi.center.enforcement.matters import matter_of
from huanzhi.center.enforcement.models import Case
from huanzhi.center.enforcement.settings import checked
from huanzhi.center.enforcement.writing import changed, held_of
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.rights import Actor, require, thing_of

FIELDS = (
    "title", "party_kind", "party_name", "party_code", "party_person", "party_address", "party_phone",
    "matter", "act", "act_from", "act_to", "place", "lon", "lat", "law", "law_why", "requirement",
)  # fmt: skip
"""What may be amended."""

UNTIL = ("found", "filed", "concluded", "reviewed", "notified")


def amend(
    actor: Actor, case: Case, fields: Mapping[str, Any], reason: str = "", *, now: datetime | None = None
) -> Case:
    """Change what is known of a case.

    Raises
    ------
    InputError
        If the actor may not or is no officer of a filed case, it is decided, or a value is not known. Which
        law holds needs a reason where the days of the act leave it open.
    """
    require(actor, "change", thing_of(case))
    if case.state not in UNTIL:
        raise InputError("issues.not_now", value=case.state, expected=", ".join(UNTIL), step="amend")
    with transaction.atomic():
        held = held_of(case)
        before = held.as_row()
        if held.state != "found" and actor.code not in {one.person.code for one in active(held)}:
            raise InputError("cases.party_known", value=held.number)
        for name in FIELDS:
            if name in fields and name != "law":
                setattr(held, name, fields[name] if fields[name] is not None else _empty(name))
        if "facts" in fields:
            held.facts = {**held.facts, **dict(fields["facts"])}
        if "enterprise" in fields:
            _party(held, str(fields["enterprise"] or ""))
        _known(held)
        _law(held, fields)
        changed(actor, held, before, "amend", reason)
    return held


def _party(case: Case, code: str) -> None:
    found = Enterprise.objects.select_related("organisation").filter(code=code).first() if code else None
    if code and found is None:
        raise InputError("issues.no_enterprise", value=code)
    case.enterprise, case.party_body = code, found.organisation if found else None
    if found:
        case.party_name, case.party_code = case.party_name or found.name, case.party_code or found.code
        case.party_address = case.party_address or found.address


def _known(case: Case) -> None:
    checked("party_kind", case.party_kind, "party_kind")
    if case.matter and matter_of(case.matter) is None:
        raise InputError("cases.no_matter", value=case.matter)
    if case.act_from and case.act_to and case.act_to < case.act_from:
        raise InputError(
            "issues.day", column="act_to", value=case.act_to.isoformat(), expected=f"≥ {case.act_from}"
        )


def _law(case: Case, fields: Mapping[str, Any]) -> None:
    """Take what an officer judged; where the days are plain, they judge."""
    plain = law.judge(case.act_from, case.act_to).law
    if plain:
        case.law = plain
    elif fields.get("law"):
        checked("law", str(fields["law"]), "law")
        if not case.law_why.strip():
            raise InputError("issues.output", column="law_why")
        case.law = str(fields["law"])
    elif {"act_from", "act_to"} & set(fields):
        case.law = ""


def _empty(name: str) -> Any:
    return None if name in ("act_from", "act_to", "lon", "lat") else ""
