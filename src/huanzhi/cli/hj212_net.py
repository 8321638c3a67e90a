"""``huanzhi hj212 send`` and ``huanzhi hj212 check``: speak HJ 212 to somebody, and judge what comes back."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Iterator
from typing import BinaryIO

import click

from huanzhi.cli.hj212 import command
from huanzhi.cli.output import emit_json, emit_table, json_option, say
from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.network import hj212
from huanzhi.network.conformance import Finding, Identity, check_device, check_platform, conforms
from huanzhi.network.conformance.wire import Wire, answers

__all__ = ["command"]

_EDITIONS = click.Choice([edition.value for edition in hj212.Edition])


@command.command("send", help=text("hj212_net.send"))
@click.argument("address")
@click.argument("file", type=click.File("rb"), default="-")
@click.option(
    "--wait", type=click.FloatRange(0), default=10.0, show_default=True, help=text("hj212_net.wait")
)
def send(address: str, file: BinaryIO, wait: float) -> int:
    """Send frames or segments, one a line; print the answers; exit code 1 when one is missing."""
    host, port = _address(address)
    frames = list(_frames(file))
    missing = asyncio.run(_send(host, port, frames, wait))
    say("hj212_net.sent", frames=len(frames), missing=missing)
    return int(missing > 0)


@command.command("check", help=text("hj212_net.check"))
@click.argument("address")
@click.option("--edition", type=_EDITIONS, default="2017", show_default=True, help=text("hj212_net.edition"))
@click.option("--mn", default="", help=text("hj212_net.mn"))
@click.option("--password", default="123456", show_default=True, help=text("hj212_net.password"))
@click.option("--st", default="32", show_default=True, help=text("hj212_net.st"))
@click.option("--device", is_flag=True, help=text("hj212_net.device"))
@click.option(
    "--seconds", type=click.FloatRange(1), default=60.0, show_default=True, help=text("hj212_net.seconds")
)
@click.option(
    "--wait", type=click.FloatRange(0.1), default=10.0, show_default=True, help=text("hj212_net.wait")
)
@json_option
def check(
    address: str,
    edition: str,
    mn: str,
    password: str,
    st: str,
    device: bool,
    seconds: float,
    wait: float,
    as_json: bool,
) -> int:
    """Check a platform, or with ``--device`` a device; exit code 1 when a rule is broken."""
    host, port = _address(address)
    chosen = hj212.Edition(edition)
    who = Identity(mn or ("88888880000001" if edition == "2005" else "88888888" * 3), password, st, chosen)
    rules = (
        check_device(host, port, seconds, wait)
        if device
        else check_platform(host, port, who, wait, min(wait, 2.0))
    )
    found = asyncio.run(_all(rules))
    if as_json:
        emit_json({"conforms": conforms(found), "findings": [_plain(each) for each in found]})
    else:
        headings = [text(f"hj212_net.column_{name}") for name in ("verdict", "rule", "clause", "heard")]
        rows = [(text(f"hj212_net.{each.verdict}"), each.sentence, each.clause, each.heard) for each in found]
        emit_table(headings, rows)
        click.echo(text("hj212_net.conforms" if conforms(found) else "hj212_net.departs"))
    return int(not conforms(found))


async def _all(rules: AsyncIterator[Finding]) -> list[Finding]:
    try:
        return [found async for found in rules]
    except OSError as error:
        raise InputError("hj212_net.unreachable", value=str(error)) from error


async def _send(host: str, port: int, frames: list[bytes], wait: float) -> int:
    try:
        opening = asyncio.open_connection(host, port)
        wire = Wire(*await asyncio.wait_for(opening, max(wait, 1.0)))
    except (OSError, TimeoutError) as error:
        raise InputError("hj212_net.unreachable", value=f"{host}:{port}") from error
    missing = 0
    try:
        for frame in frames:
            missing += not await _one(wire, frame, wait)
    finally:
        await wire.close()
    return missing


async def _one(wire: Wire, frame: bytes, wait: float) -> bool:
    """Send a frame and print what became of it; False where it asked for an answer and got none."""
    packet = hj212.decode_line(frame).packet
    began = time.perf_counter()
    await wire.send(frame)
    wanted = packet is not None and packet.wants_answer
    heard = await wire.wait(answers(packet.qn), wait) if packet is not None and wanted else None
    line = {
        "qn": packet.qn if packet else None,
        "cn": packet.cn if packet else None,
        "bytes": len(frame),
        "answer": heard.frame.raw.decode("utf-8", "backslashreplace") if heard else None,
        "seconds": round(time.perf_counter() - began, 4) if heard else None,
    }
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    return heard is not None or not wanted


def _frames(file: BinaryIO) -> Iterator[bytes]:
    for row, line in enumerate(file, 1):
        content = line.rstrip(b"\r\n")
        if content.startswith(b"##"):
            yield content + b"\r\n"
        elif content:
            try:
                yield hj212.build(content)
            except ValueError:
                raise InputError("hj212_cli.too_long", row=row, size=len(content)) from None


def _plain(found: Finding) -> dict[str, str]:
    return {
        "rule": found.rule,
        "verdict": found.verdict.value,
        "sentence": found.sentence,
        "clause": found.clause,
        "heard": found.heard,
    }


def _address(written: str) -> tuple[str, int]:
    host, _, port = written.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise InputError("hj212_net.address", value=written, expected="127.0.0.1:9212")
    return host, int(port)
