"""``huanzhi person``: who may sign in, and in which role; for the first set-up and for an emergency."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import click

from huanzhi.cli.listen import home_option
from huanzhi.cli.output import emit_json, emit_table, json_option, say
from huanzhi.library.database import migrate
from huanzhi.messages import text

CLI = "command line"


@click.group(name="person", help=text("person_cli.help"))
def command() -> None:
    """Hold the commands about people."""


@command.command(help=text("person_cli.help_add"))
@click.argument("name")
@click.option("--full-name", default="", help=text("person_cli.full_name"))
@click.option("--role", help=text("person_cli.role"))
@click.option("--region", help=text("person_cli.region"))
@click.option("--organisation", default="", help=text("person_cli.organisation"))
@click.option("--password", default="", help=text("person_cli.password"))
@home_option
@json_option
def add(
    name: str,
    full_name: str,
    role: str | None,
    region: str | None,
    organisation: str,
    password: str,
    home: Path | None,
    as_json: bool,
) -> None:
    """Add a person, with a first role where one is given."""
    _ready(home)
    from django.db import transaction

    from huanzhi.library.people.managing import add_person, give
    from huanzhi.library.rights import SYSTEM

    with transaction.atomic():
        person, chosen = add_person(
            SYSTEM, name, full_name or name, organisation=organisation, password=password
        )
        if role:
            give(SYSTEM, person, role, region or "", reason=CLI)
    _tell(name, chosen, as_json)


@command.command(help=text("person_cli.help_grant"))
@click.argument("name")
@click.option("--role", required=True, help=text("person_cli.role"))
@click.option("--region", required=True, help=text("person_cli.region"))
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help=text("person_cli.first"))
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help=text("person_cli.last"))
@home_option
def grant(
    name: str, role: str, region: str, first: date | None, last: date | None, home: Path | None
) -> None:
    """Grant a role."""
    _ready(home)
    from huanzhi.library.people.managing import give, person_of
    from huanzhi.library.rights import SYSTEM

    days = [one.date() if one is not None else None for one in (first, last)]  # type: ignore[attr-defined]
    give(SYSTEM, person_of(name), role, region, "", days[0], days[1], CLI)
    say("person_cli.granted", name=name, role=role, region=region)


@command.command(help=text("person_cli.help_password"))
@click.argument("name")
@click.option("--password", default="", help=text("person_cli.password"))
@home_option
@json_option
def password(name: str, password: str, home: Path | None, as_json: bool) -> None:
    """Give a new password."""
    _ready(home)
    from huanzhi.library.people.managing import person_of
    from huanzhi.library.people.passwords import reset
    from huanzhi.library.rights import SYSTEM

    _tell(name, reset(SYSTEM, person_of(name), password), as_json)


@command.command(name="list", help=text("person_cli.help_list"))
@home_option
@json_option
def list_people(home: Path | None, as_json: bool) -> None:
    """Show the people and their roles."""
    _ready(home)
    from huanzhi.library.people.models import Person

    rows = [
        {
            "name": one.code,
            "full_name": one.name,
            "roles": " ".join(f"{held.role}@{held.region_id}" for held in one.grants.all()),
            "active": one.is_active,
            "simulated": one.simulated,
        }
        for one in Person.objects.prefetch_related("grants").order_by("code")
    ]
    if as_json:
        emit_json({"people": rows})
        return
    headings = ("name", "full_name", "roles", "active", "simulated")
    shown = [
        [
            text(f"person_cli.{'yes' if cell else 'no'}") if isinstance(cell, bool) else cell
            for cell in row.values()
        ]
        for row in rows
    ]
    emit_table([text(f"person_cli.column_{one}") for one in headings], shown)


def _ready(home: Path | None) -> None:
    if home is not None:
        os.environ["HUANZHI_HOME"] = str(home)
    migrate()


def _tell(name: str, password: str, as_json: bool) -> None:
    if as_json:
        emit_json({"name": name, "password": password})
        return
    click.echo(password)
    say("person_cli.told", name=name)
