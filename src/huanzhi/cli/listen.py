"""``huanzhi listen``: what comes over MQTT and into watched folders, without the web."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from huanzhi.cli.output import emit_json, emit_table, json_option, say
from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.network.feeds.importing import Plan
from huanzhi.network.feeds.registry import IMPORTERS
from huanzhi.network.folders import Watch, Watcher
from huanzhi.network.intake import Desk
from huanzhi.network.intake.observed import Streams, check_streams
from huanzhi.network.intake.records import parse_json
from huanzhi.network.intake.refusals import Refusals
from huanzhi.network.intake.service import Service, running
from huanzhi.network.mqtt import Listener, Subscription, parse_address
from huanzhi.network.mqtt.settings import FORMATS
from huanzhi.standards.periods import to_china

PASSWORD = "HUANZHI_MQTT_PASSWORD"
"""Environment variable with the password of the broker, so that it stands in no list of processes."""

home_option = click.option(
    "--home", type=click.Path(file_okay=False, path_type=Path), help=text("web_api.home")
)


@dataclass(frozen=True, slots=True)
class Ways:
    """What the options of a command name: a broker with topics, folders."""

    mqtt: str | None
    topics: tuple[str, ...]
    message_format: str
    streams: Path | None
    client: str
    folders: tuple[Path, ...]
    file_format: str
    simulated: bool

    def services(self, desk: Desk, home: Path | None) -> list[Service]:
        """Return the services, to be run after the desk.

        Raises
        ------
        InputError
            If a topic is missing, or an address or table is wrong.
        """
        found: list[Service] = []
        if self.mqtt is not None:
            broker = parse_address(self.mqtt, os.environ.get(PASSWORD, ""), self.client)
            found.append(Listener(broker, self._subscriptions(), desk, home))
        if self.folders:
            plan = Plan(format=self.file_format, simulated=self.simulated)
            found.append(Watcher([Watch(folder, plan) for folder in self.folders], desk))
        return found

    def _subscriptions(self) -> list[Subscription]:
        if not self.topics:
            raise InputError("mqtt.no_topic", expected="--topic")
        streams: Streams = {}
        if self.streams is not None:
            try:
                streams = check_streams(parse_json(self.streams.read_bytes()))
            except InputError as error:
                error.place["file"] = self.streams
                raise
        return [Subscription(one, self.message_format, streams, self.simulated) for one in self.topics]


_OPTIONS = (
    click.option("--mqtt", metavar="ADDRESS", help=text("mqtt.option_address")),
    click.option("--topic", "topics", multiple=True, help=text("mqtt.option_topic")),
    click.option(
        "--payload",
        "message_format",
        type=click.Choice(FORMATS),
        default=FORMATS[0],
        show_default=True,
        help=text("mqtt.option_format"),
    ),
    click.option(
        "--streams",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help=text("mqtt.option_streams"),
    ),
    click.option("--client", default="huanzhi", show_default=True, help=text("mqtt.option_client")),
    click.option(
        "--watch",
        "folders",
        multiple=True,
        type=click.Path(file_okay=False, path_type=Path),
        help=text("folders.option_watch"),
    ),
    click.option(
        "--as",
        "file_format",
        default="",
        type=click.Choice(["", *IMPORTERS]),
        metavar="FORMAT",
        help=text("folders.option_as"),
    ),
    click.option("--simulated", is_flag=True, help=text("folders.option_simulated")),
)


def ways_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of MQTT and folders; they arrive as `Ways` in ``ways``."""
    names = ("mqtt", "topics", "message_format", "streams", "client", "folders", "file_format", "simulated")

    def gathered(**given: Any) -> Any:
        ways = Ways(**{name: given.pop(name) for name in names})
        return command(ways=ways, **given)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered


@click.group(name="listen", invoke_without_command=True, help=text("mqtt.help"))
@home_option
@ways_options
def command(ways: Ways, home: Path | None) -> None:
    """Listen until interrupted."""
    if click.get_current_context().invoked_subcommand is None:
        if ways.mqtt is None and not ways.folders:
            raise InputError("mqtt.nothing", expected="--mqtt, --watch")
        asyncio.run(listen(ways, home))


async def listen(ways: Ways, home: Path | None) -> None:
    """Run what listens until the process is told to end."""
    desk = Desk(home)
    async with running([desk, *ways.services(desk, home)]):
        say("mqtt.listening", what=", ".join(told(ways)))
        await told_to_end()


def told(ways: Ways) -> Sequence[str]:
    """Return what is listened to, for the user."""
    broker = [] if ways.mqtt is None else [f"{ways.mqtt} {topic}" for topic in ways.topics]
    return [*broker, *map(str, ways.folders)]


async def told_to_end() -> None:
    """Wait for the signal to end."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    await ended.wait()


@command.command(help=text("mqtt.help_refused"))
@click.option("-n", "number", default=20, show_default=True, type=click.IntRange(1, 20_000))
@home_option
@json_option
def refused(number: int, home: Path | None, as_json: bool) -> None:
    """Show refused messages, newest first."""
    found = Refusals(home).newest(number)
    if as_json:
        rows = [
            {
                "at": one.at,
                "way": one.way,
                "origin": one.origin,
                **one.error,
                "raw": one.raw.decode("utf-8", "replace"),
            }
            for one in found
        ]
        emit_json({"refused": rows})
        return
    headings = [text(f"mqtt.column_{name}") for name in ("at", "origin", "reason")]
    emit_table(
        headings, [(f"{to_china(one.at):%m-%d %H:%M:%S}", one.origin, one.error["message"]) for one in found]
    )
