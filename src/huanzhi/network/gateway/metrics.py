"""Metrics 运行指标 for Prometheus: a text page over HTTP, on the loopback only unless told otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

PREFIX = "huanzhi_gateway_"
_GAUGES = {
    "connections_open",
    "devices_online",
    "devices_parked",
    "devices",
    "drain_lag",
    "in_flight",
    "written",
}
_PATIENCE = 5.0
_LONGEST = 8192


def page(figures: Mapping[str, float], rejects: Mapping[str, int]) -> str:
    """Return the metrics as text in the exposition format."""
    lines = []
    for name, value in sorted(figures.items()):
        kind, suffix = ("gauge", "") if name in _GAUGES else ("counter", "_total")
        full = f"{PREFIX}{name}{suffix}"
        lines += [f"# TYPE {full} {kind}", f"{full} {value:.15g}"]
    lines.append(f"# TYPE {PREFIX}rejected_total counter")
    lines += [f'{PREFIX}rejected_total{{reason="{key}"}} {count}' for key, count in sorted(rejects.items())]
    return "\n".join(lines) + "\n"


async def serve(host: str, port: int, text: Callable[[], str]) -> asyncio.Server:
    """Serve ``/metrics``; every other path is not found."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _PATIENCE)
            writer.write(_response(head, text))
            await asyncio.wait_for(writer.drain(), _PATIENCE)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, ConnectionError):
            pass
        finally:
            writer.close()

    return await asyncio.start_server(answer, host, port, limit=_LONGEST)


def _response(head: bytes, text: Callable[[], str]) -> bytes:
    found = head.split(b" ", 2)[:2] == [b"GET", b"/metrics"]
    body = (text() if found else "not found\n").encode("utf-8")
    status = b"200 OK" if found else b"404 Not Found"
    kind = b"text/plain; version=0.0.4; charset=utf-8"
    header = b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
    return header % (status, kind, len(body)) + body
