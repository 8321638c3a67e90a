"""Kill the gateway with SIGKILL under load, again and again; compare the store with what was acknowledged.

A gateway runs with its draining process. Devices send numbered hours as fast as they are acknowledged, and
send again what was not. Each round ends in a SIGKILL of the gateway, every third one of its draining process
too. At the end everything is drained: each hour that was ever acknowledged must stand in the store with its
value, once, in one revision. A longer run than in the tests:

    python -m tests.network.gateway.kill_rounds --rounds 1000 --seed 7
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from huanzhi.errors import StoreError
from huanzhi.library.devices import Device, Outlet, open_register
from huanzhi.library.series import open_store
from huanzhi.network import hj212
from huanzhi.network.gateway.drain import Drain

BEGIN = 1_104_508_800
"""2005-01-01 00:00 China time."""
WINDOW = 40
DEVICES = 8


def mn_of(device: int) -> str:
    """Return the number of a device."""
    return f"0100000000000000{device:08X}"


def frame(device: int, number: int) -> bytes:
    """Return upload `number` of a device: an hour of its own, with a value that tells the number."""
    local = time.gmtime(BEGIN + 8 * 3600 + 3600 * number)
    moment, mn = time.strftime("%Y%m%d%H%M%S", local), mn_of(device)
    qn = f"2026{number % 12 + 1:02d}01{number // 12:09d}"
    text = (
        f"QN={qn};ST=32;CN=2061;PW=123456;MN={mn};Flag=5;"
        f"CP=&&DataTime={moment};w01018-Avg={number}.5,w01018-Flag=N&&"
    )
    return hj212.build(text.encode())


@dataclass
class Sender:
    """One device: what it has sent, and what of it was acknowledged."""

    device: int
    next: int = 0
    waiting: dict[str, int] = field(default_factory=dict)
    acknowledged: set[int] = field(default_factory=set)

    async def run(self, port: int, until: float) -> None:
        """Send for a while, or until the connection breaks; begin with what was not acknowledged."""
        with contextlib.suppress(ConnectionError, OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                decoder = hj212.Decoder()
                for number in sorted(self.waiting.values()):
                    writer.write(frame(self.device, number))
                while time.monotonic() < until or self.waiting:
                    self._send(writer, time.monotonic() < until)
                    data = await asyncio.wait_for(reader.read(65536), 15)
                    if not data:
                        return
                    self._hear(decoder.feed(data))
            finally:
                writer.close()
                with contextlib.suppress(ConnectionError, OSError):
                    await writer.wait_closed()

    def _send(self, writer: asyncio.StreamWriter, more: bool) -> None:
        while more and len(self.waiting) < WINDOW and not writer.is_closing():
            sent = frame(self.device, self.next)
            self.waiting[sent[9:26].decode()] = self.next
            writer.write(sent)
            self.next += 1

    def _hear(self, heard: list[hj212.Decoded]) -> None:
        for done in heard:
            if done.packet is not None and done.packet.cn == "9014":
                number = self.waiting.pop(done.packet.qn, None)
                if number is not None:
                    self.acknowledged.add(number)


@dataclass
class Outcome:
    """What a run showed."""

    rounds: int
    acknowledged: int
    stored: int
    lost: int
    wrong: int
    revised: int
    extra: int
    seconds: float
    cpu: float


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def start(home: Path, port: int) -> subprocess.Popen[bytes]:
    """Start a gateway and wait until it listens."""
    command = [sys.executable, "-m", "huanzhi.cli", "gateway", "--port", str(port)]
    environment = {**os.environ, "HUANZHI_HOME": str(home)}
    log = (home / "gateway.log").open("ab")
    with log:
        made = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return made
        time.sleep(0.02)
    raise TimeoutError((home / "gateway.log").read_text()[-2000:])


def kill(gateway: subprocess.Popen[bytes], with_drain: bool) -> None:
    """Kill a gateway; its draining process too where asked, otherwise it ends by itself."""
    with contextlib.suppress(ProcessLookupError):
        if with_drain:
            os.killpg(gateway.pid, signal.SIGKILL)
        else:
            gateway.kill()
    gateway.wait()


async def _load(senders: list[Sender], port: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    await asyncio.gather(*(sender.run(port, until) for sender in senders))


async def _round(
    senders: list[Sender], port: int, gateway: subprocess.Popen[bytes], chance: random.Random
) -> None:
    load = asyncio.create_task(_load(senders, port, 60))
    await asyncio.sleep(chance.uniform(0.02, 0.5))
    kill(gateway, with_drain=chance.random() < 1 / 3)
    await load


def run(home: Path, rounds: int, seed: int) -> Outcome:
    """Run the rounds, then one more to the end without a kill, and compare."""
    began, chance = time.monotonic(), random.Random(seed)
    with open_register(home) as book:
        made = [
            Device(mn_of(number), outlet=f"K{number}", password="123456", rate=1e6)
            for number in range(DEVICES)
        ]
        book.save(made, [Outlet(device.outlet, device.outlet) for device in made], who="test")
    senders, port = [Sender(number) for number in range(DEVICES)], free_port()
    for _ in range(rounds):
        asyncio.run(_round(senders, port, start(home, port), chance))
    gateway = start(home, port)
    asyncio.run(_load(senders, port, 0.2))
    os.killpg(gateway.pid, signal.SIGTERM)
    gateway.wait()
    _drain(home)
    return _compare(home, senders, rounds, time.monotonic() - began)


def _drain(home: Path) -> None:
    with _when_free(home) as work:
        while work.once():
            pass


def _when_free(home: Path) -> Drain:
    """Open the drain; the one of a killed gateway ends by itself, soon."""
    end = time.monotonic() + 20
    while True:
        try:
            return Drain(home)
        except StoreError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def _compare(home: Path, senders: list[Sender], rounds: int, seconds: float) -> Outcome:
    lost = wrong = extra = stored = 0
    with open_store("read", home) as store:
        for sender in senders:
            rows = store.range([f"K{sender.device}"], ["w01018"], "hour").to_pylist()
            found = {(row["time"] - BEGIN) // 3600: (row["value"], row["decimals"]) for row in rows}
            stored += len(rows)
            lost += len(sender.acknowledged - set(found))
            wrong += sum(value != (number * 10 + 5, 1) for number, value in found.items())
            extra += len(rows) - len(found) + len(set(found) - set(range(sender.next)))
        revised = sum(batch.receipt.revised for batch in store.batches())
        assert not store.verify().problems
    usage = os.times()
    cpu = usage.user + usage.system + usage.children_user + usage.children_system
    acknowledged = sum(len(sender.acknowledged) for sender in senders)
    return Outcome(rounds, acknowledged, stored, lost, wrong, revised, extra, seconds, cpu)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), given.rounds, given.seed)
    print(found)
    sys.exit(bool(found.lost or found.wrong or found.revised or found.extra))


if __name__ == "__main__":
    main()
