"""A platform for the benchmarks: its processes, somebody signed in, devices that send, streams of events."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from huanzhi.library.devices import Device, Outlet, open_register
from huanzhi.network import hj212

PASSWORD = "benchmark-1357"
PATIENCE = 60.0


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a process that works in a data folder."""
    return {**os.environ, "HUANZHI_HOME": str(home)}


@contextlib.contextmanager
def running(home: Path, *arguments: str, module: str = "huanzhi.cli") -> Iterator[subprocess.Popen[bytes]]:
    """Run a command of ours beside the block."""
    with (home / f"{arguments[0]}.log").open("w") as log:
        call = [sys.executable, "-m", module, *arguments]
        process = subprocess.Popen(call, env=environment(home), stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def command(home: Path, *arguments: str) -> None:
    """Run a command of ours to its end."""
    call = [sys.executable, "-m", "huanzhi.cli", *arguments]
    subprocess.run(call, env=environment(home), check=True, stdout=subprocess.DEVNULL)


def people(home: Path) -> None:
    """Make somebody who may sign in and see everything."""
    code = (
        "from huanzhi.library.database import migrate; migrate();"
        "from pathlib import Path; import os;"
        "from huanzhi.library.people.demo import accounts, mark_simulated; mark_simulated();"
        f"accounts({PASSWORD!r})"
    )
    subprocess.run([sys.executable, "-c", code], env=environment(home), check=True)


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    ending = time.monotonic() + PATIENCE
    while time.monotonic() < ending:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    sys.exit(f"nobody listens at {port}")


def sign_in(port: int, name: str = "duty") -> str:
    """Sign in; return the cookies as a header."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    jar: SimpleCookie = SimpleCookie()

    def ask(method: str, body: bytes | None = None, **headers: str) -> Any:
        cookies = "; ".join(f"{key}={value.value}" for key, value in jar.items())
        connection.request(method, "/api/v1/session", body, {"Cookie": cookies, **headers})
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            jar.load(line)
        return json.loads(answer.read())

    token = ask("GET")["csrf"]
    told = ask(
        "POST",
        json.dumps({"name": name, "password": PASSWORD}).encode(),
        **{"Content-Type": "application/json", "X-CSRFToken": token},
    )
    if told.get("code") != name:
        sys.exit(f"cannot sign in: {told}")
    return "; ".join(f"{key}={value.value}" for key, value in jar.items())


def mn_of(number: int) -> str:
    """Return the number of a probing device."""
    return f"0200000000000000{number:08X}"


def outlet_of(number: int) -> str:
    """Return the outlet of a probing device."""
    return f"PROBE{number:03d}"


def register_probes(home: Path, count: int) -> None:
    """Register devices that the benchmark itself plays."""
    outlets = [Outlet(outlet_of(n), f"probe {n}", region_code="990001", simulated=True) for n in range(count)]
    devices = [Device(mn_of(n), outlet=outlet_of(n), password="123456", simulated=True) for n in range(count)]
    with open_register(home) as register:
        register.save(devices, outlets, who="benchmark", reason="benchmark")


def frame(number: int, value: int) -> bytes:
    """Return a real-time frame with a value of its own."""
    now = time.time()
    moment = time.strftime("%Y%m%d%H%M%S", time.gmtime(now + 8 * 3600))
    head = f"QN={moment}{int(now * 1000) % 1000:03d};ST=32;CN=2011;PW=123456;MN={mn_of(number)};Flag=4"
    return hj212.build(f"{head};CP=&&DataTime={moment};w01018-Rtd={value}.0,w01018-Flag=N&&".encode())


class Probes:
    """Devices that send values by which their moment of sending is known.

    Attributes
    ----------
    sent : dict
        Outlet and value → when its frame was written [s].
    """

    def __init__(self, port: int, count: int, pause: tuple[float, float]) -> None:
        self.port, self.count, self.pause = port, count, pause
        self.sent: dict[tuple[str, str], float] = {}

    async def run(self, seconds: float) -> None:
        """Send for some seconds."""
        await asyncio.gather(*(self._one(number, time.monotonic() + seconds) for number in range(self.count)))

    async def _one(self, number: int, until: float) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        value, chance = 0, random.Random(number)
        await asyncio.sleep(chance.uniform(0, self.pause[1]))
        while time.monotonic() < until:
            value += 1
            self.sent[outlet_of(number), f"{value}.0"] = time.monotonic()
            writer.write(frame(number, value))
            await asyncio.sleep(chance.uniform(*self.pause))
        writer.close()


async def listen(
    port: int,
    cookies: str,
    query: str,
    hear: Callable[[float, list[dict[str, Any]]], None],
    begun: Callable[[], object] = lambda: None,
) -> None:
    """Read a stream of events until cancelled; `hear` takes the moment and the events of each message."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    writer.write(
        f"GET /api/v1/events?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n\r\n".encode()
    )
    try:
        while True:
            line = await reader.readline()
            if not line:
                raise ConnectionError("the stream ended")
            if line.startswith(b"retry: "):
                begun()
            elif line.startswith(b"data: "):
                now = time.monotonic()
                hear(now, json.loads(line[6:]))
    finally:
        writer.close()


def quantile(values: Sequence[float], share: float) -> float:
    """Return a quantile by rank."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else float("nan")


def adopt(home: Path, listed: Path) -> None:
    """Make typed rows of the places, enterprises and permits of a registration list."""
    code = (
        "import json, sys; from pathlib import Path;"
        "from huanzhi.library.database import migrate; migrate();"
        "from huanzhi.library.devices import open_register;"
        "from huanzhi.library.enterprises.adopting import adopt;"
        f"adopt(None, open_register(), json.loads(Path({str(listed)!r}).read_text()))"
    )
    subprocess.run([sys.executable, "-c", code], env=environment(home), check=True)
