"""The shape of everything that runs for long: begun once, ended once, in one asyncio loop with others."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol


class Service(Protocol):
    """A part of the platform that runs until it is stopped."""

    async def start(self) -> None:
        """Begin; an error here means that nothing runs."""

    async def stop(self) -> None:
        """End in order: nothing that was acknowledged is lost, nothing half-done stays."""


@asynccontextmanager
async def running(services: Sequence[Service]) -> AsyncIterator[None]:
    """Run services inside the block; they are stopped in the opposite order, whatever happens."""
    async with AsyncExitStack() as begun:
        for service in services:
            await service.start()
            begun.push_async_callback(service.stop)
        yield
