"""``huanzhi atlas``: map files into the base map, and what the map can show."""

from __future__ import annotations

import getpass
from datetime import datetime
from pathlib import Path

import click

from huanzhi.atlas.basemap import KINDS, SHEET_FIELDS, Sheet, sheets
from huanzhi.atlas.datum import Datum
from huanzhi.atlas.layers import layers, themes
from huanzhi.cli.output import emit_json, emit_table, json_option, say
from huanzhi.library.database import migrate
from huanzhi.messages import text

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("atlas", help=text("atlas_cli.help"))
def command() -> None:
    """Group the commands."""


@command.command("import", help=text("atlas_cli.help_import"))
@click.argument("name", type=click.Choice(list(KINDS)))
@click.argument("file", type=_FILE)
@click.option(
    "--datum",
    type=click.Choice([str(each) for each in Datum]),
    default=Datum.CGCS2000.value,
    help=text("atlas_cli.datum"),
)
@click.option("--simplify", type=click.FloatRange(min=0), default=0.0, help=text("atlas_cli.simplify"))
@click.option("--source", default="", help=text("atlas_cli.source"))
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help=text("atlas_cli.date"))
@click.option("--approval", default="", help=text("atlas_cli.approval"))
@click.option("--simulated", is_flag=True, help=text("atlas_cli.simulated"))
@click.option("--reason", default="", help=text("atlas_cli.reason"))
@json_option
def import_file(
    name: str,
    file: Path,
    datum: str,
    simplify: float,
    source: str,
    day: datetime | None,
    approval: str,
    simulated: bool,
    reason: str,
    as_json: bool,
) -> None:
    """Take a map file in, in place of the source of its name."""
    migrate()
    from huanzhi.atlas.importing import read_features
    from huanzhi.atlas.keeping import keep_source
    from huanzhi.library.rights import SYSTEM

    features = read_features(file, name, datum, simplify)
    told = Sheet(name, source or file.name, datum, day.date().isoformat() if day else "", approval, simulated)
    why = f"{getpass.getuser()}: {reason or file.name}"
    kept = keep_source(SYSTEM, told, features, file=file.name, reason=why)
    if as_json:
        emit_json(_row(kept))
    else:
        say("atlas_cli.kept", name=name, number=kept.features)


@command.command("sources", help=text("atlas_cli.help_sources"))
@json_option
def list_sources(as_json: bool) -> None:
    """Print the map sources of the data folder."""
    rows = [_row(one) for one in sheets().values()]
    if as_json:
        emit_json({"sources": rows})
        return
    emit_table(
        [text(f"atlas_cli.column_{name}") for name in SHEET_FIELDS[:-1]],
        [[row[name] for name in SHEET_FIELDS[:-1]] for row in rows],
    )


@command.command("layers", help=text("atlas_cli.help_layers"))
@json_option
def list_layers(as_json: bool) -> None:
    """Print the layers of the map."""
    names = {theme.code: theme.name for theme in themes()}
    rows = [
        {
            "code": one.code,
            "theme": names[one.theme],
            "name": one.name,
            "kind": one.kind,
            "parameters": ", ".join(one.parameters),
        }
        for one in layers().values()
    ]
    if as_json:
        emit_json({"layers": rows})
        return
    emit_table([text(f"atlas_cli.column_{name}") for name in rows[0]], [list(row.values()) for row in rows])


@command.command("city", help=text("atlas_cli.help_city"))
@click.option("--seed", type=int, help=text("atlas_cli.seed"))
@json_option
def install(seed: int | None, as_json: bool) -> None:
    """Draw the ground of the test city."""
    migrate()
    from huanzhi.programmes.city_map import install_city

    rows = [_row(one) for one in install_city(seed=seed)]
    if as_json:
        emit_json({"sources": rows})
    for row in [] if as_json else rows:
        say("atlas_cli.kept", name=row["name"], number=row["features"])


def _row(sheet: Sheet) -> dict[str, object]:
    return {name: getattr(sheet, name) for name in SHEET_FIELDS}
