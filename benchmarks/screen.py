"""From the device to the screen: a frame is sent over TCP, its value arrives in a stream of events.

The platform runs in one process (``huanzhi run``) beside a test city that speaks HJ 212 in real time, and
everything shares the machine. Aim: p99 below one second with 300 enterprises. Run alone with other sizes:
``python -m benchmarks.screen --enterprises 60 --seconds 30``.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import platform
from benchmarks.measure import print_machine, print_table

PROBES = 40
PAUSE = (1.5, 3.5)


async def measure(web: int, gateway: int, cookies: str, seconds: float) -> tuple[list[float], int]:
    """Return the seconds from frame to stream, and how many frames were sent."""
    probes = platform.Probes(gateway, PROBES, PAUSE)
    waits: list[float] = []

    def hear(now: float, events: list[Mapping[str, Any]]) -> None:
        for event in events:
            sent = probes.sent.get((event["feature"], event["value"]))
            if sent is not None:
                waits.append(now - sent)

    wanted = ",".join(platform.outlet_of(number) for number in range(PROBES))
    listening = asyncio.create_task(platform.listen(web, cookies, f"topics=values&features={wanted}", hear))
    await asyncio.sleep(2)
    await probes.run(seconds)
    await asyncio.sleep(3)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    return waits, len(probes.sent)


def main(arguments: list[str] | None = None) -> None:
    """Print the waits."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--enterprises", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--settle", type=float, default=20)
    given = parser.parse_args(arguments or [])
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        platform.people(home)
        which = ["--enterprises", str(given.enterprises), "--from", "now"]
        listed = str(home / "list.json")
        platform.command(home, "city", "register", *which, "-o", listed)
        platform.command(home, "device", "import", listed, "--reason", "benchmark")
        platform.register_probes(home, PROBES)
        web, gateway = platform.free_port(), platform.free_port()
        run = ("run", "--port", str(web), "--gateway-port", str(gateway))
        speak = ("city", "start", *which, "--speed", "1", "--to", f"127.0.0.1:{gateway}")
        with platform.running(home, *run):
            platform.wait_for(web)
            cookies = platform.sign_in(web)
            with platform.running(home, *speak):
                asyncio.run(asyncio.sleep(given.settle))
                waits, sent = asyncio.run(measure(web, gateway, cookies, given.seconds))
    rows = [
        (given.enterprises, sent, len(waits), *(f"{platform.quantile(waits, q):.3f}" for q in (0.5, 0.99, 1)))
    ]
    print_table("frame to screen", ("enterprises", "frames", "arrived", "p50 s", "p99 s", "max s"), rows)


if __name__ == "__main__":
    import sys

    print_machine()
    main(sys.argv[1:])
