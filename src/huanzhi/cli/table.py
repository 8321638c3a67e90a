"""``huanzhi table``: typed tables as sheets, and rows made of what is known elsewhere."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Any

import click

from huanzhi.cli.output import emit_json, emit_table, json_option, say
from huanzhi.errors import InputError
from huanzhi.library.database import migrate
from huanzhi.messages import text

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUTPUT = click.Path(dir_okay=False, path_type=Path)
_output = click.option("-o", "--output", type=_OUTPUT, required=True, help=text("table_cli.output"))


@click.group("table", help=text("table_cli.help"))
def command() -> None:
    """Group the commands."""
    migrate()


@command.command("list", help=text("table_cli.help_list"))
@json_option
def list_tables(as_json: bool) -> None:
    """Print the tables."""
    from huanzhi.library.records.tables import known

    rows = [
        {"kind": table.kind, "address": table.address, "name": table.name(), "rows": table.rows().count()}
        for table in known().values()
    ]
    if as_json:
        emit_json({"tables": rows})
        return
    emit_table([text(f"table_cli.column_{name}") for name in rows[0]], [list(row.values()) for row in rows])


@command.command("template", help=text("table_cli.help_template"))
@click.argument("kind")
@_output
def write_template(kind: str, output: Path) -> None:
    """Write an empty sheet of a table."""
    from huanzhi.library.records.tables import table_of
    from huanzhi.library.sheets.template import template

    _put(output, template(table_of(kind)))


@command.command("export", help=text("table_cli.help_export"))
@click.argument("kind")
@_output
@click.option("--region", default="", help=text("table_cli.region"))
def write_export(kind: str, output: Path, region: str) -> None:
    """Write the rows of a table as a sheet that can be taken in again."""
    from huanzhi.library.records.selecting import selected
    from huanzhi.library.records.tables import table_of
    from huanzhi.library.sheets.template import export

    table = table_of(kind)
    rows = selected(table, table.rows(), {"region": region} if region else {})
    _put(output, export(table, (table.row(row) for row in rows)))


@command.command("import", help=text("table_cli.help_import"))
@click.argument("kind")
@click.argument("file", type=_FILE)
@click.option("--accept", "accepting", is_flag=True, help=text("table_cli.accept"))
@click.option("--reason", default="", help=text("table_cli.reason"))
@json_option
def import_sheet(kind: str, file: Path, accepting: bool, reason: str, as_json: bool) -> int:
    """Show what a sheet would change, and take it in where asked; exit code 1 where rows are wrong."""
    from huanzhi.library.records.tables import table_of
    from huanzhi.library.rights import SYSTEM
    from huanzhi.library.sheets.importing import accept, preview

    table, raw = table_of(kind), file.read_bytes()
    found = preview(SYSTEM, table, raw, file.name)
    taken = accepting and not found.wrong
    if taken:
        found = accept(SYSTEM, table, raw, file.name, f"{getpass.getuser()}: {reason or file.name}")
    if as_json:
        emit_json({**found.as_dict(), "accepted": taken})
    else:
        _tell(found, taken=taken)
    return int(found.wrong > 0)


@command.command("adopt", help=text("table_cli.help_adopt"))
@click.argument("file", type=_FILE, required=False)
@json_option
def adopt_rows(file: Path | None, as_json: bool) -> None:
    """Make rows of the features of the store, the outlets of the register and a registration list."""
    from huanzhi.library.devices import open_register
    from huanzhi.library.enterprises.adopting import adopt
    from huanzhi.library.series import open_store

    with open_register() as register, open_store(mode="read") as store:
        done = adopt(store, register, _document(file) if file else None)
    if as_json:
        emit_json(done.as_dict())
        return
    emit_table(
        [text("table_cli.column_name"), text("table_cli.column_rows")],
        [[text(f"tables.kind_{kind}"), count] for kind, count in done.made.items()],
    )
    if done.waiting:
        say("table_cli.waiting", number=len(done.waiting), first=done.waiting[0])


def _document(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError("device_register.not_json", file=file, reason=error) from None
    if not isinstance(found, dict) or not isinstance(found.get("enterprises"), list):
        raise InputError("table_cli.no_list", file=file, expected="enterprises")
    return found


def _tell(found: Any, *, taken: bool) -> None:
    for error in found.errors:
        click.echo(error["message"])
    counts = {name: getattr(found, name) for name in ("new", "changed", "unchanged", "wrong")}
    key = "taken" if taken else ("refused" if found.wrong else "previewed")
    say(f"table_cli.{key}", **counts)


def _put(output: Path, raw: bytes) -> None:
    part = output.with_name(f".{output.name}.part")
    part.write_bytes(raw)
    part.replace(output)
