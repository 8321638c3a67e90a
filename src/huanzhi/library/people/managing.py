"""Managing people 人员管理: who is added, which roles they hold and for how long."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from huanzhi.errors import InputError
from huanzhi.library.people.models import Grant, Organisation, Person
from huanzhi.library.people.passwords import check_password, made_up, require_over, sign_out_everywhere
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.library.rights.matrix import roles

ADMIN = "admin"
"""The role that takes two people to grant."""

PUBLIC = "public"


def add_person(
    actor: Actor,
    code: str,
    name: str,
    *,
    organisation: str = "",
    phone: str = "",
    password: str = "",
    must_change: bool = True,
    simulated: bool = False,
) -> tuple[Person, str]:
    """Add a person; return them with their first password, which they have to change.

    Raises
    ------
    InputError
        If the actor may not, the name is taken, or the password given is too weak.
    """
    person = Person(
        code=code.strip(),
        name=name.strip(),
        organisation=organisation_of(organisation) if organisation else None,
        phone=phone,
        must_change=must_change,
        simulated=simulated,
    )
    if password:
        check_password(password, person)
    chosen = password or made_up()
    person.set_password(chosen)
    save(actor, person)
    return person, chosen


def grant(
    actor: Actor,
    person: Person,
    role: str,
    region: str,
    *,
    organisation: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    reason: str = "",
) -> Grant:
    """Grant a role in a region.

    Raises
    ------
    InputError
        If the actor may not there, the role or region is unknown, or the role takes two people.
    """
    if role == ADMIN and actor != SYSTEM:
        raise InputError("people.two_for_admin", value=role)
    return give(actor, person, role, region, organisation, valid_from, valid_to, reason)


def give(
    actor: Actor,
    person: Person,
    role: str,
    region: str,
    organisation: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    reason: str = "",
) -> Grant:
    """Grant a role, whatever it is; for the platform and for what two people decided."""
    if role not in roles() or role == PUBLIC:
        raise InputError("people.no_role", value=role, expected=", ".join(roles()))
    if valid_from and valid_to and valid_to <= valid_from:
        raise InputError("people.empty_span", column="valid_to", value=valid_to)
    made = Grant(
        person=person,
        role=role,
        region=region_of(region),
        organisation=organisation_of(organisation) if organisation else None,
        valid_from=valid_from,
        valid_to=valid_to,
        simulated=person.simulated,
    )
    save(actor, made, reason)
    return made


def end_grant(actor: Actor, number: int, day: date, reason: str = "") -> Grant:
    """End a grant: `day` is the first on which it holds no more."""
    with transaction.atomic():
        found = Grant.objects.select_related("region", "organisation").filter(pk=number).first()
        if found is None:
            raise InputError("people.no_grant", value=number)
        found.valid_to = day
        if found.valid_from and day <= found.valid_from:
            found.valid_from = day - timedelta(days=1)
        save(actor, found, reason)
    return found


def set_active(actor: Actor, person: Person, active: bool, reason: str = "") -> Person:
    """Disable a person or let them in again; disabling ends every session.

    Raises
    ------
    InputError
        If the actor may not, or disables themself.
    """
    if not active and actor.code == person.code:
        raise InputError("people.not_oneself", value=person.code)
    with transaction.atomic():
        require_over(actor, person)
        person.is_active = active
        save(actor, person, reason)
        if not active:
            sign_out_everywhere(actor, person)
    return person


def person_of(code: str) -> Person:
    """Return a person; InputError if there is none."""
    found = Person.objects.select_related("organisation__region").filter(code=code).first()
    if found is None:
        raise InputError("people.no_person", value=code)
    return found


def organisation_of(code: str) -> Organisation:
    """Return an organisation; InputError if there is none."""
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise InputError("people.no_organisation", value=code)
    return found


def region_of(code: str) -> Region:
    """Return a region; InputError if there is none."""
    found = Region.objects.filter(pk=code).first()
    if found is None:
        raise InputError("people.no_region", value=code)
    return found
