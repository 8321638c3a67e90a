"""The API under load: a mix of real questions on a year of hours of a city with 300 enterprises.

Requests begin at a fixed rate whether the ones before are answered or not, so waiting counts. Beside them, in
the same run and at the same rate, stands the cheapest operation of the API (``GET /session``), which is what
the frame costs. Aim: p95 below 50 ms at 100 requests a second. The year is random values on the real register
of places, permits and parameters; the store is compacted as it is in service. Run alone with other sizes:
``python -m benchmarks.api --enterprises 60 --rate 50``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks import platform
from benchmarks.measure import print_machine, print_table
from huanzhi.library.devices import open_register
from huanzhi.library.series import SCHEMA, Source, open_store
from huanzhi.standards.periods import DAY, HOUR, Period

HOURLY = ("outlet", "air_station", "section", "well")
CONNECTIONS = 32
MONTH = 73 * DAY


def fill(home: Path, end: int) -> int:
    """Write a year of hours of every outlet, station, section and well; return the rows."""
    with open_register(home) as register:
        outlets = {code: one for code, one in register.outlets().items() if one.kind in HOURLY}
        devices = register.devices()
    series = [
        (device.outlet, told["parameter"])
        for device in devices
        if device.outlet in outlets
        for told in device.parameters.values()
    ]
    names = pa.array([feature for feature, _ in series]), pa.array([code for _, code in series])
    rows, chance = 0, np.random.default_rng(7)
    features = [one.feature() for one in outlets.values()]
    with open_store("write", home) as store:
        for start in range(end - 5 * MONTH, end, MONTH):
            times = np.arange(start, start + MONTH, HOUR, dtype=np.int64)
            which = np.repeat(np.arange(len(series)), len(times))
            count = len(which)
            table = pa.table(
                [
                    names[0].take(pa.array(which)),
                    names[1].take(pa.array(which)),
                    pa.array([str(Period.HOUR)]).take(pa.array(np.zeros(count, np.int64))),
                    pa.array(np.tile(times, len(series))),
                    pa.array(chance.integers(1, 900, count)),
                    pa.array(np.ones(count, np.int8)),
                    pa.array(np.zeros(count, np.int8)),
                    pa.array(np.zeros(count, np.int32)),
                    pa.array(np.zeros(count, np.int32)),
                ],
                schema=SCHEMA,
            )
            store.write(table, features, Source(f"year {start}", "benchmark", "", simulated=True))
            rows += count
    return rows


def questions(home: Path, now: int) -> list[tuple[str, list[str]]]:
    """Return the mix: a name, and addresses among which one is chosen at random."""
    with open_register(home) as register:
        outlets = [one for one in register.outlets().values() if one.permits]
    day = time.strftime("%Y-%m-%d", time.gmtime(now - DAY))
    week = time.strftime("%Y-%m-%d", time.gmtime(now - 7 * DAY))
    curves = [
        f"/api/v1/series/{one.code}?parameter={next(iter(one.permits))}&period=hour&start={week}&end={day}"
        for one in outlets[:100]
    ]
    return [
        ("live, all hours", ["/api/v1/live?periods=hour"]),
        ("live, one place", [f"/api/v1/live?features={one.code}" for one in outlets[:100]]),
        ("series, a week of hours", curves),
        ("map, marks of a layer", ["/api/v1/atlas/layers/air_stations", "/api/v1/atlas/layers/sections"]),
        ("list of devices", [f"/api/v1/network/devices?limit=50&offset={n}" for n in range(0, 500, 50)]),
        ("list of enterprises", [f"/api/v1/enterprises?limit=50&offset={n}" for n in range(0, 250, 50)]),
        ("state of the network", ["/api/v1/network/status"]),
        ("alerts", ["/api/v1/alerts"]),
        ("parameters", ["/api/v1/parameters?limit=50"]),
        ("session (the frame's own cost)", ["/api/v1/session"]),
    ]


class Load:
    """Requests at a fixed rate over kept connections."""

    def __init__(self, port: int, cookies: str) -> None:
        self.port, self.cookies = port, cookies
        self.waits: dict[str, list[float]] = defaultdict(list)
        self.statuses: dict[str, set[int]] = defaultdict(set)
        self.sizes: dict[str, int] = {}
        self._free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()

    async def run(self, mix: list[tuple[str, list[str]]], rate: float, seconds: float) -> None:
        """Ask for some seconds."""
        for _ in range(CONNECTIONS):
            self._free.put_nowait(await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 26))
        chance, begin, asked = random.Random(7), time.monotonic(), []
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(begin + number / rate - time.monotonic(), 0))
            name, addresses = mix[number % len(mix)]
            due = begin + number / rate
            asked.append(asyncio.create_task(self._ask(name, chance.choice(addresses), due)))
        await asyncio.gather(*asked)
        while not self._free.empty():
            self._free.get_nowait()[1].close()

    async def _ask(self, name: str, address: str, due: float) -> None:
        reader, writer = await self._free.get()
        writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.cookies}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = await _body(reader, head)
        self.waits[name].append(time.monotonic() - due)
        self.statuses[name].add(int(head.split(" ", 2)[1]))
        self.sizes[name] = max(length, self.sizes.get(name, 0))
        self._free.put_nowait((reader, writer))


async def _body(reader: asyncio.StreamReader, head: str) -> int:
    """Read a body; return its bytes."""
    told = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    if "content-length" in told:
        await reader.readexactly(int(told["content-length"]))
        return int(told["content-length"])
    total = 0
    while size := int((await reader.readline()).strip(), 16):
        await reader.readexactly(size + 2)
        total += size
    await reader.readline()
    return total


def main(arguments: list[str] | None = None) -> None:
    """Print the waits by question."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--enterprises", type=int, default=300)
    parser.add_argument("--rate", type=float, default=100)
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args(arguments or [])
    with tempfile.TemporaryDirectory() as folder:
        home, now = Path(folder), int(time.time()) // HOUR * HOUR
        platform.people(home)
        listed = home / "list.json"
        which = ["--enterprises", str(given.enterprises), "--from", "now"]
        platform.command(home, "city", "register", *which, "-o", str(listed))
        platform.command(home, "device", "import", str(listed), "--reason", "benchmark")
        platform.adopt(home, listed)
        rows = fill(home, now)
        web = platform.free_port()
        with platform.running(home, "run", "--port", str(web), "--gateway-port", "0", "--no-worker"):
            platform.wait_for(web)
            cookies = platform.sign_in(web)
            load = Load(web, cookies)
            mix = questions(home, now)
            asyncio.run(Load(web, cookies).run(mix, given.rate / 4, 8))
            asyncio.run(load.run(mix, given.rate, given.seconds))
    every = [wait for name, waits in load.waits.items() if "session" not in name for wait in waits]
    rows_shown = [_row(name, waits, load) for name, waits in load.waits.items()]
    title = f"{given.rate:g} requests/s on {rows:,} rows, {given.enterprises} enterprises"
    print_table(title, ("question", "status", "bytes", "p50 ms", "p95 ms", "p99 ms"), rows_shown)
    print(json.dumps({"p95_ms": round(platform.quantile(every, 0.95) * 1000, 1)}))


def _row(name: str, waits: list[float], load: Load) -> tuple[object, ...]:
    shares = (f"{platform.quantile(waits, share) * 1000:.1f}" for share in (0.5, 0.95, 0.99))
    return name, " ".join(map(str, sorted(load.statuses[name]))), f"{load.sizes[name]:,}", *shares


if __name__ == "__main__":
    import sys

    print_machine()
    main(sys.argv[1:])
