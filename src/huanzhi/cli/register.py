"""``huanzhi register``: declared registers; their entries are tables (``huanzhi table … register:CODE``)."""

from __future__ import annotations

import getpass
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from huanzhi.cli.output import emit_json, emit_table, json_option, say
from huanzhi.errors import InputError
from huanzhi.library.database import migrate
from huanzhi.messages import text

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("register", help=text("register_cli.help"))
def command() -> None:
    """Group the commands."""
    migrate()


@command.command("list", help=text("register_cli.help_list"))
@json_option
def list_registers(as_json: bool) -> None:
    """Print the registers."""
    from huanzhi.library.registers.models import Register

    rows = [
        {"code": each.code, "name": each.name, "version": each.revision, "entries": each.entries.count()}
        for each in Register.objects.all()
    ]
    if as_json:
        emit_json({"registers": rows})
        return
    names = ("code", "name", "version", "entries")
    emit_table([text(f"register_cli.column_{name}") for name in names], [list(row.values()) for row in rows])


@command.command("show", help=text("register_cli.help_show"))
@click.argument("code")
def show(code: str) -> None:
    """Print a declaration as JSON, to be changed and declared again."""
    from huanzhi.library.registers.tables import register

    emit_json(register(code).schema)


@command.command("declare", help=text("register_cli.help_declare"))
@click.argument("code")
@click.argument("file", type=_FILE)
@click.option("--reason", default="", help=text("table_cli.reason"))
def declare_register(code: str, file: Path, reason: str) -> None:
    """Declare a register, or give it a new version."""
    from huanzhi.library.registers.shipped import declare
    from huanzhi.library.rights import SYSTEM

    found = declare(SYSTEM, code, _schema(file), f"{getpass.getuser()}: {reason or file.name}")
    say("register_cli.declared", name=found.name, version=found.revision)


@command.command("due", help=text("register_cli.help_due"))
@click.argument("code")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help=text("register_cli.until"))
@json_option
def due(code: str, until: datetime | None, as_json: bool) -> None:
    """Print what is due, the most urgent first."""
    from huanzhi.library.registers.tables import register

    found = register(code).entries.exclude(due=None).select_related("region").order_by("due", "code")
    if until is not None:
        found = found.filter(due__lte=until.date())
    rows = [
        {"due": each.due.isoformat(), "code": each.code, "name": each.name, "region": each.region.name}
        for each in found
    ]
    if as_json:
        emit_json({"due": rows})
        return
    headings = [text(f"columns.{name}") for name in ("due", "code", "name", "region_name")]
    emit_table(headings, [list(row.values()) for row in rows])


def _schema(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError("device_register.not_json", file=file, reason=error) from None
