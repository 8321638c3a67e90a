"""``huanzhi gateway``: receive from devices, say how it goes."""

from __future__ import annotations

import asyncio
import signal
import ssl
import sys
from pathlib import Path

import click

from huanzhi.cli.output import say
from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.network.gateway import Gateway, default_settings
from huanzhi.network.gateway.logs import Log
from huanzhi.network.gateway.settings import settings_of

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
    log: Path | None,
) -> None:
    """Run the gateway until it is stopped."""
    if ctx.invoked_subcommand is not None:
        return
    settings = settings_of(file) if file else default_settings()
    stream = log.open("a", encoding="utf-8") if log else sys.stderr
    tls = _tls(certificate, private_key) if certificate else None
    asyncio.run(_serve(Gateway(None, settings, Log(stream), draining=drain, tls=tls), host, port))


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
