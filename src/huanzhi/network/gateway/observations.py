"""From frames to observations 监测数据: the readable way, and the two ways together.

Each part of a message in parts is read by itself, since it repeats the time. A value that is missing is a
row too; text that is no number is refused with its frame, which stays in the inbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

import pyarrow as pa

from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.assess.states import State
from huanzhi.library.arrivals import Kept
from huanzhi.library.devices import Device
from huanzhi.library.series import SCHEMA
from huanzhi.network import hj212
from huanzhi.network.gateway.meanings import ABOUT, PERIODS, flag_of, meaning, named, period_of
from huanzhi.network.gateway.observation_columns import Batch, read_columns
from huanzhi.network.hj212 import Edition, Packet
from huanzhi.network.hj212.bodies import parse_time

_TIMES = ("DataTime", "AlarmTime")
_NOTHING = {"", "-", "--", "NA", "null", "NULL", "NaN"}
_LARGEST = 2**62
MOST_DECIMALS = 18
"""What the store keeps."""


_COLUMNS = SCHEMA.append(pa.field("seq", pa.int64()))


class Refusal(NamedTuple):
    """A frame, or a value of it, that gave no observation: number, device, message key, detail."""

    seq: int
    mn: str
    key: str
    detail: str


@dataclass(slots=True)
class Drained:
    """What a span of frames says.

    Attributes
    ----------
    columns : dict
        Columns of ``series.SCHEMA``.
    uploads : dict
        Device and CN → times of the periods that came [s UTC].
    """

    columns: dict[str, list[object]] = field(default_factory=lambda: {name: [] for name in _COLUMNS.names})
    fast: list[pa.Table] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    uploads: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    outlets: set[str] = field(default_factory=set)

    def table(self) -> pa.Table:
        """Return the observations, in the order in which their frames came."""
        tables = [*self.fast, pa.table(self.columns, schema=_COLUMNS)]
        filled = [table for table in tables if table.num_rows] or tables[-1:]
        whole = filled[0] if len(filled) == 1 else pa.concat_tables(filled).sort_by("seq")
        return whole.select(SCHEMA.names)

    def take(self, batch: Batch) -> None:
        """Add what was read the fast way."""
        self.fast.append(batch.table)
        self.outlets |= batch.outlets
        for key, times in batch.uploads.items():
            self.uploads.setdefault(key, set()).update(times)


def drain(
    frames: Iterable[Kept], devices: Mapping[str, Device], dialects: Mapping[str, hj212.Dialect]
) -> Drained:
    """Read frames into observations; a frame that cannot be read is refused and says why."""
    left: list[Kept] = []
    groups: dict[hj212.Dialect, list[Kept]] = {}
    for kept in frames:
        dialect = dialects.get(kept.mn, hj212.STANDARD)
        if kept.mn in devices and not dialect.strict:
            groups.setdefault(replace(dialect, keys=()), []).append(kept)
        else:
            left.append(kept)
    batches = [read_columns(group, devices, dialect) for dialect, group in groups.items()]
    found = drain_readably([*left, *(kept for batch in batches for kept in batch.left)], devices, dialects)
    for batch in batches:
        found.take(batch)
    return found


def drain_readably(
    frames: Iterable[Kept], devices: Mapping[str, Device], dialects: Mapping[str, hj212.Dialect]
) -> Drained:
    """Read frames one by one."""
    found = Drained()
    for kept in frames:
        device = devices.get(kept.mn)
        if device is None:
            found.refusals.append(Refusal(kept.seq, kept.mn, "no_device", ""))
            continue
        done = hj212.decode_line(kept.raw, dialects.get(kept.mn, hj212.STANDARD))
        if not done.ok or done.packet is None:
            found.refusals.append(Refusal(kept.seq, kept.mn, "undecoded", done.error))
        elif done.packet.cn in PERIODS:
            _add(found, kept, device, done.packet, done.edition)
    return found


def _add(found: Drained, kept: Kept, device: Device, packet: Packet, edition: Edition) -> None:
    moment = next((at for name in _TIMES if (at := parse_time(packet.area_value(name)))), None)
    if moment is None:
        found.refusals.append(Refusal(kept.seq, kept.mn, "no_time", packet.area_value("DataTime")))
        return
    seconds = int(moment.timestamp())
    period = period_of(packet.cn, device)
    flags = {item.code: item.value for item in packet.items() if item.kind == "Flag"}
    resent = DeviceFlag.RESENT if packet.resent else DeviceFlag.NONE
    rows = 0
    for item in packet.items():
        if not item.kind or item.kind in ABOUT:
            continue
        value = value_of(item.value)
        if value is None:
            found.refusals.append(Refusal(kept.seq, kept.mn, "no_number", f"{item.name}={item.value}"[:80]))
            continue
        known = meaning(item.code, packet.st, device)
        units, decimals, state = value.shifted(known.shift, known.times)
        if decimals > MOST_DECIMALS or abs(units or 0) > _LARGEST:
            found.refusals.append(Refusal(kept.seq, kept.mn, "no_number", f"{item.name}={item.value}"[:80]))
            continue
        flag = int(flag_of(flags.get(item.code, ""), edition) | resent)
        key = (device.outlet or device.mn, named(known.code, item.kind), period, seconds)
        _append(found, (*key, units, decimals, state, flag, 0, kept.seq))
        rows += 1
    if rows:
        found.outlets.add(device.outlet or device.mn)
        found.uploads.setdefault((device.mn, packet.cn), set()).add(seconds)


def _append(found: Drained, row: tuple[object, ...]) -> None:
    for name, cell in zip(_COLUMNS.names, row, strict=True):
        found.columns[name].append(cell)


class Value(NamedTuple):
    """A number as written: `units` of ``10**-decimals``, None where the value is missing."""

    units: int | None
    decimals: int
    state: State

    def shifted(self, shift: int, times: int) -> tuple[int | None, int, int]:
        """Return the value in another unit, exactly: times `times`, the point moved `shift` to the left."""
        if self.units is None:
            return None, 0, int(self.state)
        units, decimals = self.units * times, self.decimals + shift
        while decimals < 0:
            units, decimals = units * 10, decimals + 1
        return units, decimals, int(self.state)


def value_of(text: str) -> Value | None:
    """Read a value as written; None where it is text, or no instrument gives such a number.

    >>> value_of("40.10")
    Value(units=4010, decimals=2, state=<State.VALUE: 0>)
    >>> value_of("-").units, value_of("N")
    (None, None)
    """
    if text in _NOTHING:
        return Value(None, 0, State.MISSING)
    state, bare = State.VALUE, text
    if text[0] in "<＜":
        state, bare = State.BELOW_DETECTION, text[1:]
    elif text[-1] in "Ll":
        state, bare = State.BELOW_DETECTION, text[:-1]
    exact = hj212.segment.number(bare)
    return None if exact is None else _scaled(exact, state)


def _scaled(exact: Decimal, state: State) -> Value | None:
    sign, digits, exponent = exact.as_tuple()
    if not isinstance(exponent, int) or not -15 <= exponent <= 18:
        return None
    units = int("".join(map(str, digits)) or "0") * 10 ** max(exponent, 0)
    if units > _LARGEST:
        return None
    return Value(-units if sign else units, max(-exponent, 0), state)
