"""A thousand streams of events: values of devices go out to every client, and each client notes when.

The platform runs in one process; the clients share the machine with it, in a process of their own. Two waits
are given: from the frame on the wire to the client, and from the first client that had a message to each
other one, which is what the number of clients costs. Aim: p99 below one second with 1,000 clients. Run alone
with other sizes: ``python -m benchmarks.events --clients 200``.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import platform
from benchmarks.measure import print_machine, print_table

PROBES = 10
PAUSE = (0.8, 1.2)
AT_ONCE = 50


class Clients:
    """Many streams.

    Attributes
    ----------
    whole : list of float
        Seconds from frame to client.
    spread : list of float
        Seconds from the first client to each.
    """

    def __init__(self, probes: platform.Probes) -> None:
        self.probes = probes
        self.whole: list[float] = []
        self.spread: list[float] = []
        self.failed = 0
        self._first: dict[tuple[str, str], float] = {}

    def hear(self, now: float, events: list[Mapping[str, Any]]) -> None:
        """Note when the values of a message came."""
        for event in events:
            key = (event["feature"], event["value"])
            if key in self.probes.sent:
                self.whole.append(now - self.probes.sent[key])
                self.spread.append(now - self._first.setdefault(key, now))

    async def one(self, web: int, cookies: str, gate: asyncio.Semaphore, ready: asyncio.Semaphore) -> None:
        """Run one client."""
        try:
            begun = asyncio.Event()
            async with gate:
                listening = asyncio.create_task(
                    platform.listen(web, cookies, "topics=values", self.hear, begun.set)
                )
                await asyncio.wait(
                    {listening, asyncio.create_task(begun.wait())}, return_when="FIRST_COMPLETED"
                )
            ready.release()
            await listening
        except (OSError, ValueError):
            self.failed += 1
            ready.release()


async def measure(web: int, gateway: int, cookies: str, count: int, seconds: float) -> tuple[Clients, int]:
    """Return what the clients noted, and how many frames were sent."""
    probes = platform.Probes(gateway, PROBES, PAUSE)
    clients = Clients(probes)
    gate, ready = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(0)
    tasks = [asyncio.create_task(clients.one(web, cookies, gate, ready)) for _ in range(count)]
    for _ in range(count):
        await ready.acquire()
    await asyncio.sleep(2)
    await probes.run(seconds)
    await asyncio.sleep(3)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return clients, len(probes.sent)


def main(arguments: list[str] | None = None) -> None:
    """Print the waits."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args(arguments or [])
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(4096, given.clients * 4), most), most))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        platform.people(home)
        platform.register_probes(home, PROBES)
        web, gateway = platform.free_port(), platform.free_port()
        run = ("run", "--port", str(web), "--gateway-port", str(gateway), "--no-worker")
        with platform.running(home, *run):
            platform.wait_for(web)
            cookies = platform.sign_in(web)
            clients, sent = asyncio.run(measure(web, gateway, cookies, given.clients, given.seconds))
    share = len(clients.whole) / max(sent * given.clients, 1)
    rows = [
        (name, f"{share:.1%}", *(f"{platform.quantile(waits, q):.3f}" for q in (0.5, 0.99, 1.0)))
        for name, waits in (("frame to client", clients.whole), ("first client to each", clients.spread))
    ]
    title = f"{given.clients} streams, {clients.failed} failed, {sent} frames"
    print_table(title, ("wait", "arrived", "p50 s", "p99 s", "max s"), rows)


if __name__ == "__main__":
    import sys

    print_machine()
    main(sys.argv[1:])
