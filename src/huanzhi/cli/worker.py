"""``huanzhi worker``: background work and the clock that asks for regular work, in a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from pathlib import Path

import click

from huanzhi.cli.listen import home_option, told_to_end
from huanzhi.cli.output import say
from huanzhi.library.database import migrate
from huanzhi.messages import text
from huanzhi.network.gateway.logs import Log
from huanzhi.network.intake.service import Service, running

PATIENCE = 20.0
"""Seconds that a job has to give itself up when the process ends. Ours."""


class WorkerService:
    """A worker with its scheduler on a thread, as one of the services that run side by side."""

    async def start(self) -> None:
        """Begin."""
        from huanzhi.library.work.schedule import Scheduler
        from huanzhi.library.work.worker import Worker
        from huanzhi.programmes.imports import accepting
        from huanzhi.programmes.regular import KINDS
        from huanzhi.web import kept_reports

        kinds = {**KINDS, **accepting.KINDS, **kept_reports.KINDS}
        self._worker = Worker(kinds, Log(sys.stderr).say, Scheduler())
        self._thread = threading.Thread(target=self._worker.run, name="worker", daemon=True)
        self._thread.start()

    async def stop(self) -> None:
        """Take no more jobs; wait for the one in hand, but not for ever: it would be begun again."""
        self._worker.end()
        await asyncio.get_running_loop().run_in_executor(None, self._thread.join, PATIENCE)


def warnings_service(home: Path | None = None) -> Service:
    """Return the service that watches the newest values; Django has to be ready."""
    from huanzhi.center.warnings.service import Service as Warnings

    return Warnings(home, Log(sys.stderr).say)


@click.command(name="worker", help=text("run.help_worker"))
@home_option
def command(home: Path | None) -> None:
    """Work until interrupted."""
    if home is not None:
        os.environ["HUANZHI_HOME"] = str(home)
    migrate()
    asyncio.run(_work())


async def _work() -> None:
    async with running([WorkerService(), warnings_service()]):
        say("run.working")
        await told_to_end()
