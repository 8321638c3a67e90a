"""From frames to observations in columns: the fast way for frames that are regular.

Gives the same rows as the readable way in `observations`, which reads all that is not regular: frames in a
dialect, encrypted ones, values that are no numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.assess.states import State
from huanzhi.library.arrivals import Kept
from huanzhi.library.devices import Device
from huanzhi.library.series import SCHEMA
from huanzhi.network.gateway.meanings import ABOUT, PERIODS, flag_of, meaning, named, period_of
from huanzhi.network.hj212 import Dialect, Edition
from huanzhi.network.hj212.columns import Columns, decode_columns
from huanzhi.network.hj212.regular import CN, MISSING, MN, RF, ST, TIME

Ints = npt.NDArray[np.int64]

_AROUND = len("##0000") + len("FFFF")
"""Bytes of a frame beside its segment."""


@dataclass(slots=True)
class Batch:
    """What regular frames say, and the frames that were left for the readable way.

    Attributes
    ----------
    table : pyarrow.Table
        ``series.SCHEMA`` with the column ``seq``.
    left : list of Kept
        Frames that must be read the readable way.
    uploads : dict
        Device and CN → times of the periods that came [s UTC].
    """

    table: pa.Table
    left: list[Kept]
    uploads: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    outlets: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Names:
    """What each name in each group of frames means."""

    feature: str
    parameter: str
    period: str
    shift: int
    times: int


def read_columns(frames: Sequence[Kept], devices: Mapping[str, Device], dialect: Dialect) -> Batch:
    """Read frames of known devices that share a dialect; encrypted and cut ones are left."""
    cut = [kept for kept in frames if not _is_whole(kept.raw)]
    frames = [kept for kept in frames if _is_whole(kept.raw)] if cut else frames
    columns = decode_columns(b"".join(kept.raw + b"\r\n" for kept in frames), dialect)
    if len(columns) != len(frames):
        return Batch(_table({}, []), [*cut, *frames])
    regular = _regular(columns, frames)
    wanted = np.isin(columns.rows[:, CN], [int(cn) for cn in PERIODS])
    values = np.flatnonzero((regular & wanted)[columns.frame])
    cells, group = _cells(columns, frames, devices, values)
    left = np.flatnonzero(~regular & (wanted | ~columns.ok)).tolist()
    batch = Batch(cells, [*cut, *(frames[place] for place in left)])
    _note(batch, columns, frames, devices, np.unique(columns.frame[values[group]]))
    return batch


def _is_whole(raw: bytes) -> bool:
    """Return whether a frame is as long as it says; a cut one would be read together with its neighbour."""
    return raw[2:6].isdigit() and len(raw) == int(raw[2:6]) + _AROUND


def _regular(columns: Columns, frames: Sequence[Kept]) -> npt.NDArray[np.bool_]:
    """Return which frames are taken, have a time, and only numbers that fit."""
    told = np.array([not kind or kind in ABOUT for _, kind in columns.names] or [True])
    numbers = (columns.decimals >= 0) & (columns.decimals <= 9) & (np.abs(columns.units) < 10**12)
    odd = np.zeros(len(columns), bool)
    odd[columns.frame[~numbers & ~told[columns.name]]] = True
    mns = np.array(columns.mns or ("",))[columns.rows[:, MN]]
    same = mns == np.array([kept.mn for kept in frames])
    taken: npt.NDArray[np.bool_] = columns.ok & ~odd & same & (columns.rows[:, TIME] != MISSING)
    return taken


def _cells(
    columns: Columns, frames: Sequence[Kept], devices: Mapping[str, Device], values: Ints
) -> tuple[pa.Table, npt.NDArray[np.intp]]:
    """Return the observations of `values`, and which of them became rows."""
    count = max(len(columns.names), 1)
    rows = columns.rows
    keys, groups = np.unique(rows[:, (MN, ST, CN)], axis=0, return_inverse=True)
    combined = groups.reshape(-1)[columns.frame[values]] * count + columns.name[values]
    kinds, kind = np.unique(combined, return_inverse=True)
    meanings = [_meaning(columns, devices, keys[number // count], number % count) for number in kinds]
    here = np.flatnonzero(np.array([found is not None for found in meanings], bool)[kind.reshape(-1)])
    chosen, kind = values[here], kind.reshape(-1)[here]
    known = [found or _Names("", "", "", 0, 1) for found in meanings]
    frame = columns.frame[chosen]
    units, decimals = _scaled(columns, chosen, kind, known)
    seqs = np.array([kept.seq for kept in frames], np.int64)
    made: dict[str, Any] = {
        "time": rows[frame, TIME],
        "value": units,
        "decimals": decimals.astype(np.int8),
        "state": np.full(len(chosen), int(State.VALUE), np.int8),
        "flag": _flags(columns, chosen),
        "row": np.zeros(len(chosen), np.int32),
        "seq": seqs[frame],
    }
    names = ("feature", "parameter", "period")
    texts = {name: pa.array([getattr(found, name) for found in known], pa.string()) for name in names}
    made |= {name: text.take(pa.array(kind)) for name, text in texts.items()}
    return _table(made, chosen), here


def _table(made: Mapping[str, Any], chosen: Any) -> pa.Table:
    schema = SCHEMA.append(pa.field("seq", pa.int64()))
    return pa.table(dict(made), schema=schema) if len(chosen) else schema.empty_table()


def _meaning(columns: Columns, devices: Mapping[str, Device], key: Ints, name: int) -> _Names | None:
    """Return what a name means in the frames of one device, system and command; None of what is no value."""
    code, kind = columns.names[name]
    if not kind or kind in ABOUT:
        return None
    device = devices[columns.mns[key[0]]]
    st = int(key[1]).to_bytes(4, "big").rstrip(b"\0").decode("ascii", "replace")
    found = meaning(code, st, device)
    period = period_of(str(key[2]), device)
    return _Names(device.outlet or device.mn, named(found.code, kind), period, found.shift, found.times)


def _scaled(
    columns: Columns, chosen: Ints, kind: npt.NDArray[np.intp], known: Sequence[_Names]
) -> tuple[Ints, Ints]:
    """Return values in the units of the platform, exactly."""
    times = np.array([found.times for found in known] or [1], np.int64)[kind]
    shift = np.array([found.shift for found in known] or [0], np.int64)[kind]
    return columns.units[chosen] * times, columns.decimals[chosen].astype(np.int64) + shift


def _flags(columns: Columns, chosen: Ints) -> npt.NDArray[np.int32]:
    frame = columns.frame[chosen]
    pairs = np.char.add(columns.mark[chosen].astype("S4"), np.char.add(b"|", columns.edition[frame]))
    found, places = np.unique(pairs, return_inverse=True)
    bits = [_flag(pair.decode("ascii", "replace")) for pair in found.tolist()]
    flags = np.array(bits or [0], np.int32)[places.reshape(-1)]
    resent = columns.rows[frame, RF].astype(bool)
    made: npt.NDArray[np.int32] = np.where(resent, flags | int(DeviceFlag.RESENT), flags).astype(np.int32)
    return made


def _flag(pair: str) -> int:
    letter, _, edition = pair.rpartition("|")
    return int(flag_of(letter, Edition(edition)))


def _note(
    batch: Batch, columns: Columns, frames: Sequence[Kept], devices: Mapping[str, Device], used: Ints
) -> None:
    """Note which uploads came, and for which outlets."""
    times = columns.rows[used, TIME].tolist()
    commands = columns.rows[used, CN].tolist()
    for place, seconds, cn in zip(used.tolist(), times, commands, strict=True):
        device = devices[frames[place].mn]
        batch.uploads.setdefault((device.mn, str(cn)), set()).add(seconds)
        batch.outlets.add(device.outlet or device.mn)
