"""HJ 212: frames and values a second, on the readable path and into columns.

Frames are made here: half real-time data (2011, 12 factors), half minute data (2051, 4 factors of 4 values).
No HJ 212 codec is published on PyPI (searched in November 2026), so there is no peer for the whole. Beside
ours stand, in the same run, a decoder written as most open ones are, by `str.split` without any diagnosis,
the CRC with a table, and the SM4 of gmssl.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.measure import Cost, cost, peak_memory_mb, print_machine, print_table
from huanzhi.network import hj212
from huanzhi.network.hj212 import cipher, crc, sm4
from huanzhi.network.hj212.columns import decode_columns
from huanzhi.network.hj212.words import COMPILED

_REAL_TIME = [f"a2100{place}" for place in range(10)] + ["a34013", "a19001"]
_MINUTE = ["w00000", "w01018", "w21003", "w21011"]
_KINDS = ["Cou", "Min", "Avg", "Max"]
_KEY = b"0123456789abcdef"
_FRAMES = 100_000
_SLOW = 10_000


def frames(count: int) -> list[bytes]:
    """Return data segments of 2,000 devices."""
    random = np.random.default_rng(7)
    numbers = random.integers(0, 100_000, (count, 16))
    return [_segment(place, row) for place, row in enumerate(numbers.tolist())]


def _segment(place: int, row: list[int]) -> bytes:
    clock = f"{place // 3600 % 24:02d}{place // 60 % 60:02d}{place % 60:02d}"
    time = f"202606{place // 86400 % 28 + 1:02d}{clock}"
    groups, system, command = (_real_time(row), 31, 2011) if place % 2 else (_minute(row), 32, 2051)
    head = f"QN={time}000;ST={system};CN={command};PW=123456;MN=010000A8900016F0{place % 2000:08X};Flag=5"
    return f"{head};CP=&&DataTime={time};{';'.join(groups)}&&".encode("ascii")


def _real_time(row: list[int]) -> list[str]:
    return [
        f"{code}-Rtd={number / 100:.2f},{code}-Flag=N" for code, number in zip(_REAL_TIME, row, strict=False)
    ]


def _minute(row: list[int]) -> list[str]:
    groups = []
    for code, start in zip(_MINUTE, range(0, 16, 4), strict=True):
        numbers = zip(_KINDS, row[start : start + 4], strict=True)
        values = [f"{code}-{kind}={number / 1000:.3f}" for kind, number in numbers]
        groups.append(",".join([*values, f"{code}-Flag=N"]))
    return groups


def by_split(frames: list[bytes]) -> int:
    """Decode as most open code does: a table CRC, split, floats in a dictionary."""
    values = 0
    for frame in frames:
        segment = frame[6:-6]
        register = 0xFFFF
        for byte in segment:
            register = crc.TABLE[register >> 8 ^ byte]
        if register != int(frame[-6:-2], 16):
            continue
        head, _, area = segment.decode("ascii").partition("CP=&&")
        fields = dict(part.split("=") for part in head.rstrip(";").split(";"))
        found = {}
        for group in area[:-2].split(";"):
            for item in group.split(","):
                name, _, value = item.partition("=")
                found[name] = value if name.endswith("Flag") else float(value)
        values += len(found) if fields else 0
    return values


def main() -> None:
    """Print the figures."""
    segments = frames(_FRAMES)
    framed = [hj212.build(segment) for segment in segments]
    few = framed[:_SLOW]
    table = [
        _row("by str.split, no diagnosis (as others)", few, cost(lambda: by_split(few), 1)[0]),
        _row("readable, with every fault", few, cost(lambda: _readable(b"".join(few)), 1)[0]),
        _row(
            "columns, readable path", few, cost(lambda: decode_columns(b"".join(few), path="readable"), 1)[0]
        ),
        _row("columns, without numba", few, cost(lambda: decode_columns(b"".join(few), path="plain"), 2)[0]),
    ]
    if COMPILED:
        stream = b"".join(framed)
        decode_columns(stream[:10_000], path="numba")
        table.append(_row("columns, numba", framed, cost(lambda: decode_columns(stream, path="numba"), 5)[0]))
        made = decode_columns(stream, path="numba")
        table.append(_row("the same, up to an Arrow table", framed, cost(lambda: _arrow(stream), 3)[0]))
        assert len(made.units) == 14 * _FRAMES
    headings = ("decoding, one core", "frames", "frames/s CPU", "values/s CPU", "frames/s wall", "MB/s CPU")
    print_table("HJ 212: decoding, CRC checked", headings, table)
    _parts(segments[:_SLOW])
    print(f"\npeak memory {peak_memory_mb():,.0f} MB")


def _parts(segments: list[bytes]) -> None:
    areas = [segment[: len(segment) // 16 * 16] for segment in segments[:200]]
    table = [
        _each("CRC, folded (readable path)", segments, crc.crc),
        _each("CRC, byte by byte with a table (as others)", segments[:2000], crc.modbus),
        _each("SM4, as installed here", segments[:2000], lambda segment: cipher.encrypt(segment, _KEY)),
        _each("SM4, plain Python of ours", areas, sm4.plain(_KEY)[0]),
    ]
    table += _gmssl(areas)
    print()
    print_table("HJ 212: parts", ("part", "times", "per second CPU", "µs CPU each"), table)


def _gmssl(areas: list[bytes]) -> list[list[object]]:
    try:
        from gmssl.sm4 import SM4_ENCRYPT, CryptSM4
    except ImportError:
        print("gmssl is not installed: no SM4 peer", file=sys.stderr)
        return []
    peer = CryptSM4()
    peer.set_key(_KEY, SM4_ENCRYPT)
    return [_each("SM4, gmssl (peer)", areas[:50], peer.crypt_ecb)]


def _readable(stream: bytes) -> int:
    decoder = hj212.Decoder()
    return sum(done.ok for done in [*decoder.feed(stream), *decoder.finish()])


def _arrow(stream: bytes) -> Any:
    return decode_columns(stream, path="numba").values_table()


def _row(name: str, framed: list[bytes], spent: Cost) -> list[object]:
    count = len(framed)
    size = sum(map(len, framed)) / 1e6
    return [
        name,
        count,
        f"{count / spent.cpu:,.0f}",
        f"{14 * count / spent.cpu:,.0f}",
        f"{count / spent.wall:,.0f}",
        f"{size / spent.cpu:,.0f}",
    ]


def _each(name: str, inputs: list[bytes], call: Callable[[bytes], object]) -> list[object]:
    spent, _ = cost(lambda: [call(one) for one in inputs], 2)
    return [name, len(inputs), f"{len(inputs) / spent.cpu:,.0f}", f"{spent.cpu / len(inputs) * 1e6:,.2f}"]


if __name__ == "__main__":
    print_machine()
    main()
