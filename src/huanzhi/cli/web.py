"""``huanzhi web``: the HTTP interface, and the keys with which others push."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from huanzhi.cli.listen import Ways, home_option, told, told_to_end, ways_options
from huanzhi.cli.output import emit_json, emit_table, json_option, say
from huanzhi.library.database import migrate
from huanzhi.library.rights.scopes import WRITE
from huanzhi.library.rights.scopes import scopes as all_scopes
from huanzhi.messages import text
from huanzhi.network.intake import Desk
from huanzhi.network.intake.service import Service, running
from huanzhi.network.push import Receiver, Replies
from huanzhi.standards.periods import CHINA


@click.group(name="web", invoke_without_command=True, help=text("web_api.help"))
@click.option("--host", default="127.0.0.1", show_default=True, help=text("web_api.host"))
@click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help=text("web_api.port")
)
@click.option("--read-only", is_flag=True, help=text("web_api.only_read"))
@home_option
@ways_options
def command(ways: Ways, host: str, port: int, read_only: bool, home: Path | None) -> None:
    """Serve until interrupted."""
    if click.get_current_context().invoked_subcommand is None:
        if home is not None:
            os.environ["HUANZHI_HOME"] = str(home)
        prepared()
        asyncio.run(serve(ways, host, port, home, read_only=read_only))


def prepared() -> None:
    """Bring the business database up to date; make the first administrator where there is nobody."""
    migrate()
    from huanzhi.library.people.first import first_person

    if made := first_person():
        name, password = made
        say("run.first_person", name=name, password=password)


async def serve(
    ways: Ways,
    host: str,
    port: int,
    home: Path | None,
    *,
    read_only: bool,
    beside: Sequence[Service] = (),
) -> None:
    """Run the web, what takes data in, and the services `beside`, in one process."""
    from huanzhi.web.serving import WebService

    services: list[Service] = list(beside)
    receiver = None
    if not read_only:
        desk = Desk(home, [Replies(home)])
        receiver = Receiver(desk, home)
        services += [desk, receiver, *ways.services(desk, home)]
    web = WebService(host, port, home, receiver)
    async with running([*services, web]):
        say("web_api.serving", address=web.address)
        for one in told(ways) if not read_only else ():
            say("mqtt.listening", what=one)
        await told_to_end()


@command.command(help=text("web_api.help_openapi"))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help=text("web_api.output"))
def openapi(output: Path | None) -> None:
    """Write the OpenAPI document, from which the screens take their types."""
    from huanzhi.library.database import ready

    ready()
    from huanzhi.web.api.interface import api

    document = json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1) + "\n"
    if output is None:
        click.echo(document, nl=False)
    else:
        output.write_text(document, encoding="utf-8")


@command.group(help=text("web_api.help_key"))
def key() -> None:
    """Hold the commands about keys."""


@key.command(help=text("web_api.help_key_add"))
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice(all_scopes()), default=(WRITE,), show_default=True
)
@click.option("--places", default="", help=text("web_api.key_places"))
@click.option("--simulated", is_flag=True, help=text("web_api.key_simulated"))
@home_option
@json_option
def add(
    name: str, scopes: tuple[str, ...], places: str, simulated: bool, home: Path | None, as_json: bool
) -> None:
    """Make a key and show it once."""
    _ready(home)
    from huanzhi.library.people import keys
    from huanzhi.library.rights import SYSTEM

    _, made = keys.make_key(SYSTEM, name, scopes, now=datetime.now(UTC), places=places, simulated=simulated)
    if as_json:
        emit_json({"name": name, "key": made})
        return
    click.echo(made)
    say("web_api.key_made")


@key.command(name="list", help=text("web_api.help_key_list"))
@home_option
@json_option
def list_keys(home: Path | None, as_json: bool) -> None:
    """Show the keys, without their secrets."""
    _ready(home)
    from huanzhi.library.people.models import ApiKey

    rows = [
        {
            "name": one.name,
            "id": one.code,
            "scopes": one.scopes.replace(",", " "),
            "places": one.places,
            "simulated": one.simulated,
            "made": _told(one.made),
            "ended": "" if one.ended is None else _told(one.ended),
        }
        for one in ApiKey.objects.order_by("made", "pk")
    ]
    if as_json:
        emit_json({"keys": rows})
        return
    headings = ("name", "id", "scopes", "places", "simulated", "made", "ended")
    emit_table([text(f"web_api.column_{one}") for one in headings], [list(row.values()) for row in rows])


@key.command(help=text("web_api.help_key_end"))
@click.argument("name")
@home_option
def end(name: str, home: Path | None) -> None:
    """End a key."""
    _ready(home)
    from huanzhi.library.people import keys
    from huanzhi.library.rights import SYSTEM

    keys.end_key(SYSTEM, keys.key_named(name), datetime.now(UTC))
    say("web_api.key_ended", name=name)


def _ready(home: Path | None) -> None:
    if home is not None:
        os.environ["HUANZHI_HOME"] = str(home)
    migrate()


def _told(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
