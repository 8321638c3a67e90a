"""The first person 首位管理员: who lets everybody else in."""

from __future__ import annotations

import secrets

from django.db import transaction

from huanzhi.library.people.models import Grant, Person
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.messages import text

ROLE = "admin"
CODE = "admin"


def first_person(password: str = "") -> tuple[str, str] | None:
    """Make the first administrator; None where somebody is there already.

    Parameters
    ----------
    password : str
        Their password; one is made up where it is empty.

    Returns
    -------
    tuple of str, optional
        The name to sign in with, and the password.
    """
    if Person.objects.exists():
        return None
    chosen = password or secrets.token_urlsafe(9)
    with transaction.atomic():
        person = Person(code=CODE, name="系统管理员")
        person.set_password(chosen)
        save(SYSTEM, person, text("people.first_start"))
        save(SYSTEM, Grant(person=person, role=ROLE, region=_root()), text("people.first_start"))
    return CODE, chosen


def _root() -> Region:
    found = Region.objects.filter(parent=None).order_by("pk").first()
    if found is None:
        found = Region(code="000000", name="全国", name_en="National", level="nation", path="")
        Region.objects.bulk_create([found])
    return found
