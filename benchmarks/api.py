"""The API under load: a mix of real questions on a year of hours of a city with 300 enterprises.

Requests begin at a fixed rate whether the ones before are answered or not, so waiting counts; the clients
share the machine with the server. Beside them, in the same run and at the same rate, stands an async view
that does nothing, which is what the frame costs. Before, each question is asked by one client alone about
each of its places, once and then again, with the processor time that the server takes for it (less what it
takes when nobody asks). So under load what is kept in memory is kept; the first time is a figure of its own.
Nothing is written to the store meanwhile. Aim: p95 below 50 ms at 100
requests a second. The year is `benchmarks.year`. Run alone with other sizes:
``python -m benchmarks.api --enterprises 60 --rate 50``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import time
from collections import defaultdict

import psutil

from benchmarks import platform
from benchmarks.measure import print_machine, print_table
from benchmarks.year import Year, year
from huanzhi.library.devices import open_register
from huanzhi.standards.periods import DAY

CONNECTIONS = 32
ALONE, IDLE = 60, 0.5
"""Requests of one client alone, seconds of looking at an idle server."""

EMPTY = "an empty view"


def questions(year: Year) -> list[tuple[str, list[str]]]:
    """Return the mix: a name, and addresses among which one is chosen at random."""
    with open_register(year.home) as register:
        every = list(register.outlets().values())
    outlets = [one for one in every if one.permits][:100]
    air = [one.code for one in every if one.kind == "air_station"]
    places = air + [one.code for one in outlets[: 2 * len(air)]]
    begin, day = (time.strftime("%Y-%m-%d", time.gmtime(year.end - days * DAY)) for days in (365, 1))
    week = time.strftime("%Y-%m-%d", time.gmtime(year.end - 7 * DAY))
    hours = [
        f"/api/v1/series/{one.code}?parameter={next(iter(one.permits))}&period=hour&end={day}"
        for one in outlets
    ]
    named, chosen = "/api/v1/{}?limit=50&offset={}", (0, 50, 100, 150, 200)
    layers = ("air_stations", "sections", "outlets")
    return [
        ("live, one place", [f"/api/v1/live?features={one.code}" for one in outlets]),
        ("live, hours of the city", ["/api/v1/live?periods=hour"]),
        ("series, a year of hours", [f"{address}&start={begin}" for address in hours]),
        ("series, a week of hours", [f"{address}&start={week}" for address in hours]),
        ("summary of a place", [f"/api/v1/series/{code}/summary" for code in places]),
        ("calendar of a place", [f"/api/v1/series/{code}/calendar" for code in places]),
        ("list of devices", [named.format("network/devices", place) for place in chosen]),
        ("list of enterprises", [named.format("enterprises", place) for place in chosen]),
        ("marks of a map layer", [f"/api/v1/atlas/layers/{layer}" for layer in layers]),
        ("alerts", ["/api/v1/alerts"]),
        ("session", ["/api/v1/session"]),
        (EMPTY, ["/api/v1/empty"]),
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
            self._free.put_nowait(await self._open())
        chance, begin, asked = random.Random(7), time.monotonic(), []
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(begin + number / rate - time.monotonic(), 0))
            name, addresses = mix[number % len(mix)]
            due = begin + number / rate
            asked.append(asyncio.create_task(self._ask(name, chance.choice(addresses), due)))
        await asyncio.gather(*asked)
        self.close()

    async def ask(self, name: str, address: str) -> None:
        """Ask once, now."""
        if self._free.empty():
            self._free.put_nowait(await self._open())
        await self._ask(name, address, time.monotonic())

    def close(self) -> None:
        """Close the connections."""
        while not self._free.empty():
            self._free.get_nowait()[1].close()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 26)

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
    """Print the waits and the processor time by question."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--enterprises", type=int, default=300)
    parser.add_argument("--rate", type=float, default=100)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--only", default="", help="questions whose names hold these words")
    given = parser.parse_args(arguments or [])
    made = year(given.enterprises)
    mix = [one for one in questions(made) if given.only in one[0]]
    web = platform.free_port()
    run = ("run", "--port", str(web), "--gateway-port", "0", "--no-worker")
    with platform.running(made.home, *run, module="benchmarks.with_empty") as server:
        platform.wait_for(web)
        cookies = platform.sign_in(web)
        costs = asyncio.run(alone(web, cookies, mix, server.pid))
        load = Load(web, cookies)
        asyncio.run(load.run(mix, given.rate, given.seconds))
    rows = [_row(name, load, costs[name]) for name, _ in mix]
    title = (
        f"{given.rate:g} requests/s on {made.rows:,} rows, {given.enterprises} enterprises, "
        f"load {os.getloadavg()[0]:.1f} at the end"
    )
    heads = (
        "question",
        "status",
        "bytes",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "first cpu",
        "again cpu",
        "alone ms",
    )
    print_table(title, heads, rows)
    every = [wait for name, waits in load.waits.items() if name != EMPTY for wait in waits]
    shares = {
        f"p{share:.0%}"[:-1]: round(platform.quantile(every, share) * 1000, 1) for share in (0.5, 0.95, 0.99)
    }
    print(json.dumps(shares))


async def alone(
    web: int, cookies: str, mix: list[tuple[str, list[str]]], process: int
) -> dict[str, tuple[float, float, float]]:
    """Return for each question the processor time of the server when it is asked about each of its places for
    the first time, the same when it is asked again, and the median wait of one client then [ms].
    """
    found = {}
    for name, addresses in mix:
        first, _ = await _cost(web, cookies, addresses, process)
        again, wait = await _cost(web, cookies, addresses * (ALONE // len(addresses) + 1), process)
        found[name] = first, again, wait
    return found


async def _cost(web: int, cookies: str, addresses: list[str], process: int) -> tuple[float, float]:
    """Return processor time a request and median wait [ms]."""
    load, server = Load(web, cookies), psutil.Process(process)
    idle = await _idle(server)
    before, begin = _spent(server), time.monotonic()
    for address in addresses:
        await load.ask("", address)
    spent = _spent(server) - before - idle * (time.monotonic() - begin)
    load.close()
    return max(spent, 0.0) / len(addresses) * 1000, platform.quantile(load.waits[""], 0.5) * 1000


def _spent(server: psutil.Process) -> float:
    used = server.cpu_times()
    return float(used.user + used.system)


async def _idle(server: psutil.Process) -> float:
    """Return the processor time that the server takes when nobody asks [s/s]."""
    before = _spent(server)
    await asyncio.sleep(IDLE)
    return (_spent(server) - before) / IDLE


def _row(name: str, load: Load, costs: tuple[float, float, float]) -> tuple[object, ...]:
    waits = load.waits[name]
    shares = (f"{platform.quantile(waits, share) * 1000:.1f}" for share in (0.5, 0.95, 0.99))
    statuses = " ".join(map(str, sorted(load.statuses[name])))
    return name, statuses, f"{load.sizes[name]:,}", *shares, *(f"{cost:.1f}" for cost in costs)


if __name__ == "__main__":
    import sys

    print_machine()
    main(sys.argv[1:])
