"""``huanzhi hj212``: decode captures of HJ 212 into JSON lines, make frames from them."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import click

from huanzhi.cli.output import say
from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.network import hj212
from huanzhi.network.hj212 import cipher, sm4
from huanzhi.network.hj212.segment import parse
from huanzhi.network.hj212.tables import fields

_CHUNK = 1 << 16
_WHOLE_MAX = 18
_DIALECTS = [verdict.value for verdict in (hj212.Verdict.MODBUS, hj212.Verdict.MODBUS_SWAPPED)]


@click.group("hj212", help=text("hj212_cli.help"))
def command() -> None:
    """Group the commands."""


@command.command("decode", help=text("hj212_cli.decode"))
@click.argument("file", type=click.File("rb"))
@click.option("--lines", is_flag=True, help=text("hj212_cli.lines"))
@click.option("--strict", is_flag=True, help=text("hj212_cli.strict"))
@click.option("--accept", type=click.Choice(_DIALECTS), multiple=True, help=text("hj212_cli.accept"))
@click.option("--key", "keys", multiple=True, help=text("hj212_cli.key"))
def decode(file: BinaryIO, lines: bool, strict: bool, accept: tuple[str, ...], keys: tuple[str, ...]) -> int:
    """Print one JSON line a frame, in order; exit code 1 when a frame was refused or bytes were skipped."""
    dialect = hj212.Dialect(
        crc=frozenset({hj212.Verdict.HJ212, *map(hj212.Verdict, accept)}),
        mode=hj212.Mode.STRICT if strict else hj212.Mode.TOLERANT,
        keys=tuple(map(_key, keys)),
    )
    refused, out = False, sys.stdout.buffer
    for done in _lines(file, dialect) if lines else _stream(file, dialect):
        refused |= not done.ok
        if done.frame.shape is hj212.Shape.RUBBISH and not lines:
            say("hj212_cli.skipped", size=done.frame.size, offset=done.frame.offset)
            continue
        out.write(json.dumps(record(done), ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    return int(refused)


@command.command("encode", help=text("hj212_cli.encode"))
@click.argument("file", type=click.File("rb"), default="-")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help=text("hj212_cli.output")
)
@click.option(
    "--crc", "kind", type=click.Choice(["hj212", *_DIALECTS]), default="hj212", help=text("hj212_cli.crc")
)
@click.option("--key", help=text("hj212_cli.encode_key"))
@click.option("--split", "limit", type=click.IntRange(1), help=text("hj212_cli.split"))
def encode(file: BinaryIO, output: Path | None, kind: str, key: str | None, limit: int | None) -> None:
    """Write the frames of data segments, one a line, or of the records that ``decode`` prints."""
    frames = list(_frames(file, hj212.Verdict(kind), _key(key) if key else None, limit))
    if output is not None:
        output.write_bytes(b"".join(frames))
        return
    sys.stdout.buffer.writelines(frames)


def record(done: hj212.Decoded) -> dict[str, Any]:
    """Return what ``decode`` prints of a frame.

    ``values`` holds the data area: a factor is an object of its kinds, a field without a hyphen its value;
    numbers are numbers, what is written twice is a list.
    """
    packet = done.packet
    found: dict[str, Any] = {
        "ok": done.ok,
        "crc": done.crc.verdict.value,
        "edition": done.edition.value if packet else None,
        "st": packet.st or None if packet else None,
        "cn": packet.cn or None if packet else None,
        "mn": packet.mn or None if packet else None,
        "qn": packet.qn or None if packet else None,
        "flag": packet.flag if packet else None,
        "values": values(packet) if packet else {},
        "error": done.error or None,
        "notes": list(done.notes),
        "offset": done.frame.offset,
    }
    if packet and packet.pnum:
        found |= {"pnum": packet.pnum, "pno": packet.pno}
    if done.form:
        found["encrypted"] = done.form.value
    return found | ({"resent": True} if packet and packet.resent else {})


def values(packet: hj212.Packet) -> dict[str, Any]:
    """Return the data area as plain values, see `record`."""
    found: dict[str, Any] = {}
    for item in packet.items():
        place = found
        if item.kind:
            place = found.setdefault(item.code, {})
            if not isinstance(place, dict):
                place = found[item.code] = {"": place}
        _put(place, item.kind or item.code, _plain(item))
    return found


def _put(place: dict[str, Any], name: str, value: Any) -> None:
    if name not in place:
        place[name] = value
    elif isinstance(place[name], dict):
        _put(place[name], "", value)
    elif isinstance(place[name], list):
        place[name].append(value)
    else:
        place[name] = [place[name], value]


def _plain(item: hj212.Item) -> int | float | str:
    """Return a value of a factor as a number; times, codes and flags stay text."""
    if item.number is None or not _is_number(item):
        return item.value
    if item.value.lstrip("+-").isdigit() and len(item.value) <= _WHOLE_MAX:
        return int(item.value)
    number = float(item.number)
    return number if math.isfinite(number) else item.value


_TEXT_NAMES = """
SystemTime DataTime BeginTime EndTime SampleTime CompleteTime AlarmTime RestartTime SKCreateTime CstartTime
ReportTime Flag EFlag SN Info PolId PolID InfoId QN MN CN PW NewPW NewSK AlarmTarget ReportTarget
"""
_TEXTS = frozenset(_TEXT_NAMES.split())


def _is_number(item: hj212.Item) -> bool:
    return (item.kind or item.code) not in _TEXTS


def _stream(file: BinaryIO, dialect: hj212.Dialect) -> Iterator[hj212.Decoded]:
    decoder = hj212.Decoder(dialect)
    while chunk := file.read(_CHUNK):
        yield from decoder.feed(chunk)
    yield from decoder.finish()


def _lines(file: Iterable[bytes], dialect: hj212.Dialect) -> Iterator[hj212.Decoded]:
    for line in file:
        if line.strip():
            yield hj212.decode_line(line, dialect)


def _frames(file: BinaryIO, kind: hj212.Verdict, key: bytes | None, limit: int | None) -> Iterator[bytes]:
    for row, line in enumerate(file, 1):
        segment = line.rstrip(b"\r\n")
        if not segment:
            continue
        if segment.startswith(b"{"):
            segment = _segment_of(segment, row)
        for part in _parts(segment, limit):
            yield _framed(part, kind, key, row)


def _segment_of(line: bytes, row: int) -> bytes:
    try:
        given = json.loads(line)
        header = [
            hj212.Item(name, str(given[name.lower()]))
            for name in fields()
            if given.get(name.lower()) is not None
        ]
        area = tuple(_groups(given.get("values", {})))
    except (ValueError, AttributeError, TypeError):
        raise InputError("hj212_cli.not_a_record", row=row) from None
    return hj212.Packet(tuple(header), area).text().encode("utf-8")


def _groups(given: dict[str, Any]) -> Iterator[hj212.Group]:
    for name, value in given.items():
        kinds = value.items() if isinstance(value, dict) else [("", value)]
        yield tuple(
            hj212.Item(f"{name}-{kind}" if kind else name, str(single))
            for kind, written in kinds
            for single in (written if isinstance(written, list) else [written])
        )


def _parts(segment: bytes, limit: int | None) -> list[bytes]:
    if limit is None:
        return [segment]
    packet, _ = parse(segment.decode("utf-8"))
    return [part.text().encode("utf-8") for part in hj212.split(packet, limit=limit)]


def _framed(segment: bytes, kind: hj212.Verdict, key: bytes | None, row: int) -> bytes:
    try:
        frame = hj212.build(segment, kind)
    except ValueError:
        raise InputError("hj212_cli.too_long", row=row, size=len(segment)) from None
    if key is None:
        return frame
    return frame.replace(segment, cipher.encrypt(segment, key), 1)


def _key(written: str) -> bytes:
    for size, read in ((sm4.KEY, str.encode), (2 * sm4.KEY, bytes.fromhex)):
        if len(written) == size:
            try:
                return read(written)
            except ValueError:
                break
    raise InputError("hj212_cli.key_wrong", value=len(written))
