"""Durable ingest over TCP: frames acknowledged a second, and the wait for an answer with 5,000 devices.

A gateway process with its draining process, and a load process, share the machine; each device sends hourly
data of four factors (about 360 bytes). The limit beside ours is the same load against a server that answers
each frame and keeps nothing. Run alone with other sizes: ``python -m benchmarks.gateway --frames 50000``.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from benchmarks.measure import print_machine, print_table
from huanzhi.library.devices import Device, Outlet, open_register
from huanzhi.network import hj212
from huanzhi.network.gateway import fast

ACK = 99
"""Bytes of an answer of 2017."""
FACTORS = ("w01018", "w21003", "w21011", "w00000")


def mn_of(device: int) -> str:
    """Return the number of a device."""
    return f"0100000000000000{device:08X}"


def frame(device: int, number: int) -> bytes:
    """Return upload `number` of a device."""
    moment = time.strftime("%Y%m%d%H%M%S", time.gmtime(1_767_196_800 + 3600 * number))
    values = ";".join(
        f"{code}-Min={number % 90}.1,{code}-Avg={number % 90}.25,{code}-Max={number % 90}.7,{code}-Flag=N"
        for code in FACTORS
    )
    qn = f"20260101{number:09d}"
    head = f"QN={qn};ST=32;CN=2061;PW=123456;MN={mn_of(device)};Flag=5"
    return hj212.build(f"{head};CP=&&DataTime={moment};{values}&&".encode())


@dataclass
class Load(asyncio.Protocol):
    """One device of the load: bursts of frames, each after the answers to the one before."""

    bursts: list[bytes]
    each: int
    pause: float
    waits: list[float]
    done: asyncio.Future[None]
    at: int = 0
    owed: int = 0
    began: float = 0.0
    transport: asyncio.Transport | None = field(default=None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the start."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def send(self) -> None:
        """Send the next burst, or end."""
        assert self.transport is not None
        if self.at == len(self.bursts):
            self.transport.close()
            return
        self.owed, self.began = self.each * ACK, time.perf_counter()
        self.transport.write(self.bursts[self.at])
        self.at += 1

    def data_received(self, data: bytes) -> None:
        """Count answers by their bytes."""
        self.owed -= len(data)
        if self.owed <= 0:
            self.waits.append(time.perf_counter() - self.began)
            if self.pause:
                asyncio.get_running_loop().call_later(self.pause, self.send)
            else:
                self.send()

    def connection_lost(self, error: Exception | None) -> None:
        """End."""
        if not self.done.done():
            self.done.set_result(None)


async def _drive(port: int, devices: int, bursts: int, each: int, pause: float) -> tuple[float, list[float]]:
    waits: list[float] = []
    loop = asyncio.get_running_loop()
    made = []
    for device in range(devices):
        frames = [b"".join(frame(device, at * each + n) for n in range(each)) for at in range(bursts)]
        made.append((frames, pause * device / devices, loop.create_future()))
    loads = [Load(frames, each, pause, waits, done) for frames, _, done in made]
    for load in loads:
        await loop.create_connection(lambda load=load: load, "127.0.0.1", port)
    began = time.perf_counter()
    for load, (_, delay, _) in zip(loads, made, strict=True):
        loop.call_later(delay, load.send)
    await asyncio.gather(*(done for *_, done in made))
    return time.perf_counter() - began, waits


def _load(port: int, devices: int, bursts: int, each: int, pause: float, out: object) -> None:
    wall, waits = asyncio.run(_drive(port, devices, bursts, each, pause))
    out.send((wall, sorted(waits), time.process_time()))  # type: ignore[attr-defined]


def drive(port: int, devices: int, bursts: int, each: int, pause: float) -> tuple[float, list[float], float]:
    """Put a load on a port from another process; return wall time, sorted waits, CPU time of the load."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    worker = context.Process(target=_load, args=(port, devices, bursts, each, pause, theirs))
    worker.start()
    found = ours.recv()
    worker.join()
    return found


def cpu_of(process: int) -> float:
    """Return the CPU time of a process so far [s]."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(process: int) -> float:
    """Return the greatest resident memory of a process so far [MB]."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def children_of(process: int) -> list[int]:
    """Return the children of a process."""
    text = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(child) for child in text.split()]


class Running:
    """A gateway in a process, over a folder with registered devices."""

    def __init__(self, devices: int, drain: bool) -> None:
        self._folder = tempfile.TemporaryDirectory()
        home = Path(self._folder.name)
        with open_register(home) as book:
            made = [Device(mn_of(n), outlet=f"B{n}", password="123456", rate=1e6) for n in range(devices)]
            book.save(made, [Outlet(device.outlet, device.outlet) for device in made], who="benchmark")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "huanzhi.cli", "gateway", "--port", str(self.port)]
        command += ["--log", str(home / "log")] if drain else ["--log", str(home / "log"), "--no-drain"]
        self.process = subprocess.Popen(
            command, env={**os.environ, "HUANZHI_HOME": str(home)}, stderr=subprocess.DEVNULL
        )
        self._wait()

    def _wait(self) -> None:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.5):
                return
            time.sleep(0.05)

    def costs(self) -> tuple[float, float, float]:
        """Return CPU time of the gateway, of its draining process, and peak memory of both [MB]."""
        family = [self.process.pid, *children_of(self.process.pid)]
        return cpu_of(family[0]), sum(map(cpu_of, family[1:])), sum(map(memory_of, family))

    def stop(self) -> None:
        """Stop it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self._folder.cleanup()


class Echo(asyncio.Protocol):
    """The limit: reads frames as the gateway does, keeps nothing, answers at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection."""
        self.transport, self.buffer = transport, bytearray()

    def data_received(self, data: bytes) -> None:
        """Answer every frame."""
        self.buffer += data
        at, answers = 0, []
        while at < len(self.buffer):
            quick, end = fast.next_frame(self.buffer, at)
            if quick is None:
                break
            answers.append(fast.answer(quick, b"9014"))
            at = end
        del self.buffer[:at]
        self.transport.write(b"".join(answers))  # type: ignore[attr-defined]


def _echo(ready: object) -> None:
    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", 0, backlog=4096)
        ready.send(server.sockets[0].getsockname()[1])  # type: ignore[attr-defined]
        await server.serve_forever()

    asyncio.run(serve())


def limit(devices: int, bursts: int, each: int) -> tuple[object, ...]:
    """Time the load against the server that keeps nothing."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=_echo, args=(theirs,))
    server.start()
    wall, waits, load_cpu = drive(ours.recv(), devices, bursts, each, 0.0)
    row = _row("limit: answers, keeps nothing", devices * bursts * each, wall, waits, load_cpu)
    server_cpu, memory = cpu_of(server.pid or 0), memory_of(server.pid or 0)
    server.terminate()
    server.join()
    return (*row, server_cpu, 0.0, memory)


def ours(name: str, devices: int, bursts: int, each: int, pause: float, drain: bool) -> tuple[object, ...]:
    """Time the load against the gateway."""
    running = Running(devices, drain)
    try:
        before = running.costs()
        wall, waits, load_cpu = drive(running.port, devices, bursts, each, pause)
        gateway, draining, memory = running.costs()
    finally:
        running.stop()
    row = _row(name, devices * bursts * each, wall, waits, load_cpu)
    return (*row, gateway - before[0], draining - before[1], memory)


def _row(name: str, frames: int, wall: float, waits: list[float], load_cpu: float) -> tuple[object, ...]:
    at = [1000 * waits[int(len(waits) * share)] for share in (0.5, 0.99)]
    return name, f"{frames:,}", wall, f"{frames / wall:,.0f}", *at, load_cpu


def main(frames: int = 200_000, devices: int = 5000, seconds: int = 10) -> None:
    """Run and print the table."""
    bursts = frames // (100 * 32)
    rows = [
        limit(100, bursts, 32),
        ours("gateway, 100 devices, 32 in flight", 100, bursts, 32, 0.0, False),
        ours("the same, drained into the store meanwhile", 100, bursts, 32, 0.0, True),
        ours(f"gateway, {devices:,} devices, one frame each 1 s", devices, seconds, 1, 1.0, True),
    ]
    headings = ("", "frames", "wall s", "frames/s", "p50 ms", "p99 ms", "load CPU s")
    print_table("Durable ingest", (*headings, "gateway CPU s", "drain CPU s", "memory MB"), rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for name, usual in (("frames", 200_000), ("devices", 5000), ("seconds", 10)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    print_machine()
    main(**vars(parser.parse_args()))
