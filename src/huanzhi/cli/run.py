"""``huanzhi run``: the web with its screens, the gateway and the other ways in, in one process."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import click

from huanzhi.cli.listen import Ways, home_option, ways_options
from huanzhi.cli.output import say
from huanzhi.cli.web import prepared, serve
from huanzhi.cli.worker import WorkerService, warnings_service
from huanzhi.messages import text
from huanzhi.network.gateway import Gateway
from huanzhi.network.gateway.logs import Log
from huanzhi.network.intake.service import Service


class GatewayService:
    """A gateway at its address, as one of the services that run side by side."""

    def __init__(self, home: Path | None, host: str, port: int) -> None:
        self.gateway = Gateway(home, log=Log(None))
        self.host, self.port = host, port

    async def start(self) -> None:
        """Listen for devices."""
        await self.gateway.start(self.host, self.port)
        say("gateway_cli.listening", host=self.host, port=self.gateway.port)

    async def stop(self) -> None:
        """Settle what was taken, then stop."""
        await self.gateway.stop()


@click.command(name="run", help=text("web_api.help_run"))
@click.option("--host", default="127.0.0.1", show_default=True, help=text("web_api.host"))
@click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help=text("web_api.port")
)
@click.option(
    "--gateway-port",
    default=9212,
    show_default=True,
    type=click.IntRange(0, 65535),
    help=text("gateway_cli.port"),
)
@click.option("--no-worker", is_flag=True, help=text("run.no_worker"))
@home_option
@ways_options
def command(ways: Ways, host: str, port: int, gateway_port: int, no_worker: bool, home: Path | None) -> None:
    """Run everything until interrupted."""
    if home is not None:
        os.environ["HUANZHI_HOME"] = str(home)
    prepared()
    gateway = GatewayService(home, host, gateway_port)
    beside: list[Service] = [gateway] if no_worker else [gateway, WorkerService(), warnings_service(home)]
    asyncio.run(serve(ways, host, port, home, read_only=False, beside=beside))
