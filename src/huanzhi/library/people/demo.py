"""Accounts of the test city 演示账号: one of each main role, simulated, in a simulated data folder only."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Count

from huanzhi.errors import InputError
from huanzhi.library.home import home_folder
from huanzhi.library.people.managing import give
from huanzhi.library.people.models import Organisation, Person
from huanzhi.library.people.passwords import made_up
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.messages import text

MARKS = ("simulated", "city.json")
"""Files by which a data folder says that it is of the test city."""

REGION = "990001"


@dataclass(frozen=True, slots=True)
class Account:
    """An account; `password` is empty where it was there before."""

    code: str
    name: str
    role: str
    password: str


def mark_simulated(home: Path | None = None) -> None:
    """Say that a data folder is of the test city."""
    folder = home_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKS[0]).touch()


def accounts(password: str = "", home: Path | None = None, region: str = REGION) -> list[Account]:
    """Make the accounts of the test city; those that are there stay as they are.

    Parameters
    ----------
    password : str
        One for all; made up for each where it is empty.
    region : str
        Region of the city.

    Raises
    ------
    InputError
        If the data folder is not marked as simulated.
    """
    if not any((home_folder(home) / mark).exists() for mark in MARKS):
        raise InputError("people.not_simulated", file=home_folder(home))
    with transaction.atomic():
        city = _city(region)
        return [_account(row, password, city) for row in _rows()]


def _account(row: dict[str, Any], password: str, city: Region) -> Account:
    if Person.objects.filter(code=row["code"]).exists():
        return Account(row["code"], row["zh"], row["role"], "")
    chosen = password or made_up()
    below = Region.objects.filter(parent=city).order_by("pk").first() if row.get("below") else None
    organisation = _body(row, city)
    person = Person(code=row["code"], name=row["zh"], organisation=organisation, simulated=True)
    person.set_password(chosen)
    save(SYSTEM, person, text("people.demo"))
    give(SYSTEM, person, row["role"], (below or city).pk, reason=text("people.demo"))
    return Account(person.code, person.name, row["role"], chosen)


def _rows() -> list[dict[str, Any]]:
    file = resources.files("huanzhi.library.people") / "data" / "demo.toml"
    rows: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))["account"]
    return rows


def _city(code: str) -> Region:
    found = Region.objects.filter(pk=code).first()
    if found is None:
        name = {"name": "模拟市", "name_en": "Simulated city", "level": "city"}
        found = Region(code=code, path=f"{code}/", simulated=True, **name)
        save(SYSTEM, found, text("people.demo"))
    return found


def _body(row: dict[str, Any], city: Region) -> Organisation:
    if told := row.get("body"):
        return _organisation(f"{city.pk}-{told['code']}", told["zh"], told["kind"], city)
    return _enterprise(city) if row.get("enterprise") else _bureau(city)


def _bureau(city: Region) -> Organisation:
    return _organisation(f"{city.pk}-bureau", "模拟市生态环境局", "bureau", city)


def _enterprise(city: Region) -> Organisation:
    """Return the enterprise with the most outlets, so that its account has something to see."""
    outlets = apps.get_model("enterprises", "Outlet").objects
    owners = outlets.filter(simulated=True).values("organisation").annotate(number=Count("pk"))
    most = owners.order_by("-number", "organisation__code").first()
    ours = Organisation.objects.filter(kind="enterprise", simulated=True).order_by("code")
    found = (ours.filter(pk=most["organisation"]).first() if most else None) or ours.first()
    return found or _organisation(f"{city.pk}-enterprise", "模拟企业", "enterprise", city)


def _organisation(code: str, name: str, kind: str, region: Region) -> Organisation:
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        found = Organisation(code=code, name=name, kind=kind, region=region, simulated=True)
        save(SYSTEM, found, text("people.demo"))
    return found
