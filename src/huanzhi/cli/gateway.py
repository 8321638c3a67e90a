"""``huanzhi gateway``: receive from devices, say how it goes."""

from __future__ import annotations

import asyncio
import json
import signal
import ssl
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from huanzhi.cli.output import emit_json, emit_table, json_option, say
from huanzhi.errors import InputError
from huanzhi.library.arrivals import Progress, Shelf, arrivals_folder
from huanzhi.messages import text
from huanzhi.network.gateway import Gateway, default_settings
from huanzhi.network.gateway.logs import Log
from huanzhi.network.gateway.settings import settings_of
from huanzhi.network.gateway.status import DeviceStatus, Status
from huanzhi.network.gateway.targets import Target, Targets
from huanzhi.standards.periods import CHINA

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("gateway", invoke_without_command=True, help=text("gateway_cli.help"))
@click.option("--host", default="127.0.0.1", show_default=True, help=text("gateway_cli.host"))
@click.option(
    "--port", type=click.IntRange(0, 65535), default=9212, show_default=True, help=text("gateway_cli.port")
)
@click.option("--settings", "file", type=_FILE, help=text("gateway_cli.settings"))
@click.option("--certificate", type=_FILE, help=text("gateway_cli.certificate"))
@click.option("--private-key", type=_FILE, help=text("gateway_cli.private_key"))
@click.option("--drain/--no-drain", default=True, show_default=True, help=text("gateway_cli.drain"))
@click.option("--metrics", type=click.IntRange(0, 65535), help=text("gateway_cli.metrics"))
@click.option("--log", type=click.Path(dir_okay=False, path_type=Path), help=text("gateway_cli.log"))
@click.pass_context
def command(
    ctx: click.Context,
    host: str,
    port: int,
    file: Path | None,
    certificate: Path | None,
    private_key: Path | None,
    drain: bool,
    metrics: int | None,
    log: Path | None,
) -> None:
    """Run the gateway until it is stopped."""
    if ctx.invoked_subcommand is not None:
        return
    settings = settings_of(file) if file else default_settings()
    stream = log.open("a", encoding="utf-8") if log else sys.stderr
    tls = _tls(certificate, private_key) if certificate else None
    asyncio.run(
        _serve(Gateway(None, settings, Log(stream), draining=drain, tls=tls, metrics=metrics), host, port)
    )


async def _serve(gateway: Gateway, host: str, port: int) -> None:
    await gateway.start(host, port)
    say("gateway_cli.listening", host=host, port=gateway.port)
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    await stopping.wait()
    await gateway.stop()
    say("gateway_cli.stopped")


def _tls(certificate: Path, private_key: Path | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, private_key)
    except (ssl.SSLError, OSError) as error:
        raise InputError("gateway_cli.tls", file=certificate, reason=error) from error
    return context


@command.command("status", help=text("gateway_cli.status"))
@click.option(
    "--rejects", type=click.IntRange(0), default=10, show_default=True, help=text("gateway_cli.rejects")
)
@json_option
def status(rejects: int, as_json: bool) -> None:
    """Print what the gateway is doing: figures, devices, the newest rejections."""
    with Status() as found:
        alive, figures, devices = found.alive(), found.figures(), found.devices()
        refused = [{**row, "raw": row["raw"].decode("latin-1")} for row in found.rejects(rejects)]
    if as_json:
        emit_json(
            {
                "alive": alive,
                "figures": figures,
                "devices": [row._asdict() for row in devices],
                "rejects": refused,
            }
        )
        return
    say("gateway_cli.alive" if alive else "gateway_cli.not_alive")
    emit_table(_headings("figure", "value"), [(name, f"{value:g}") for name, value in figures.items()])
    emit_table(_headings(*_DEVICE_KEYS), [_device_cells(row) for row in devices])
    if refused:
        cells = [[_moment(row["at"]), row["mn"], row["peer"], row["detail"]] for row in refused]
        emit_table(_headings("at", "mn", "peer", "detail"), cells)


_DEVICE_KEYS = (
    "mn",
    "state",
    "online",
    "last_seen",
    "per_minute",
    "frames",
    "acknowledged",
    "rejected",
    "last_reject",
)


def _device_cells(row: DeviceStatus) -> list[object]:
    online = text("gateway_cli.yes" if row.online else "gateway_cli.no")
    return [row.mn, row.state, online, _moment(row.last_seen), row.per_minute, *row[5:9]]


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, CHINA):%Y-%m-%d %H:%M:%S}" if seconds else ""


def _headings(*names: str) -> list[str]:
    return [text(f"gateway_cli.column_{name}") for name in names]


@command.command("refused", help=text("gateway_cli.refused"))
@click.option("--most", type=click.IntRange(1), default=50, show_default=True)
@json_option
def refused(most: int, as_json: bool) -> None:
    """Print frames that arrived and gave no observation, with the reason; they stay in the inbox."""
    progress = Progress(arrivals_folder(), writable=False)
    try:
        found = progress.refusals(most)
    finally:
        progress.close()
    rows = [
        {"id": seq, "mn": mn, "at": _moment(at), "reason": _reason(key), "detail": detail}
        for seq, mn, at, key, detail in found
    ]
    if as_json:
        emit_json({"refused": rows})
        return
    emit_table(_headings("id", "mn", "at", "reason", "detail"), [list(row.values()) for row in rows])


def _reason(key: str) -> str:
    return text(f"gateway.refused_{key}") if "." not in key else text("gateway.refused_by_store")


@command.group("target", help=text("gateway_cli.target_help"))
def target_group() -> None:
    """Group the commands about upper platforms."""


@target_group.command("add", help=text("gateway_cli.target_add"))
@click.argument("name")
@click.argument("address")
@click.option("--device", "devices", multiple=True, help=text("gateway_cli.target_device"))
@click.option("--names", type=_FILE, help=text("gateway_cli.target_names"))
@click.option("--from-beginning", is_flag=True, help=text("gateway_cli.from_beginning"))
def add_target(
    name: str, address: str, devices: tuple[str, ...], names: Path | None, from_beginning: bool
) -> None:
    """Forward to an upper platform from now on, or from the beginning of what is kept."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise InputError("forwarding.wrong", value=address)
    with Targets() as targets, Shelf(arrivals_folder()) as shelf:
        position = 0 if from_beginning else shelf.last()
        targets.save(Target(name, host, int(port), True, devices, _names(names), position))


@target_group.command("list", help=text("gateway_cli.target_list"))
@json_option
def list_targets(as_json: bool) -> None:
    """Print the targets with what waits for each."""
    with Targets() as targets, Shelf(arrivals_folder()) as shelf:
        last = shelf.last()
        rows = [{**asdict(found), "waiting": last - found.position} for found in targets.all()]
    if as_json:
        emit_json({"targets": rows})
        return
    keys = ("name", "host", "port", "active", "sent", "acknowledged", "waiting", "problem")
    emit_table(_headings(*keys), [[row[key] for key in keys] for row in rows])


@target_group.command("stop", help=text("gateway_cli.target_stop"))
@click.argument("name")
def stop_target(name: str) -> None:
    """Stop forwarding to a target."""
    with Targets() as targets:
        targets.switch(name, False)


@target_group.command("resume", help=text("gateway_cli.target_resume"))
@click.argument("name")
def resume_target(name: str) -> None:
    """Go on where the target was."""
    with Targets() as targets:
        targets.switch(name, True)


def _names(file: Path | None) -> dict[str, dict[str, str]]:
    if file is None:
        return {}
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError("device_register.not_json", file=file, reason=error) from error
    if not isinstance(found, dict) or not all(isinstance(each, dict) for each in found.values()):
        raise InputError(
            "gateway_cli.names_wrong", file=file, expected='{"MN": {"mn": "…", "password": "…"}}'
        )
    return found
