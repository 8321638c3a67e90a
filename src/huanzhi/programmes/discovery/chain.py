"""The chain 全链路: frames of every device, drained as the gateway does, watched minute by minute.

The watch sees frames, the registration list and the waste ledgers, never the truth. Blocks of hours are made
in processes of their own; what comes out is the same for any number of them.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from threading import Thread
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from huanzhi.center.watching.facts import facts_of
from huanzhi.center.watching.watch import Watch
from huanzhi.city import telegrams
from huanzhi.city.devices import Device as CityDevice
from huanzhi.city.devices import devices
from huanzhi.city.ledgers import WasteDay, waste_days, waste_owners
from huanzhi.city.register import register
from huanzhi.city.simulation import Simulation
from huanzhi.library.arrivals import Kept
from huanzhi.library.devices import Device
from huanzhi.library.devices.model import device_of, outlet_of
from huanzhi.library.series import SCHEMA
from huanzhi.network import hj212
from huanzhi.network.gateway.observations import Drained, drain
from huanzhi.network.gateway.sessions import dialect_of
from huanzhi.standards.periods import CHINA_OFFSET, DAY, HOUR, Period

STEP = 60
"""Seconds of the city between two looks."""

BLOCK = 2 * HOUR
"""Seconds whose frames are made and drained together; bounds the memory."""

_PERIODS = (Period.INSTANT.value, Period.MINUTE.value)


class Block(NamedTuple):
    """Observations in the order of their arrival; `ends` is the end of the minute of each [s UTC]."""

    table: pa.Table
    ends: npt.NDArray[np.int64]

    def minutes(self) -> dict[int, pa.Table]:
        """Return the observations by the end of the minute in which they arrived."""
        bounds = [*np.flatnonzero(np.diff(self.ends, prepend=-1)).tolist(), len(self.ends)]
        return {int(self.ends[a]): self.table.slice(a, b - a) for a, b in pairwise(bounds) if b > a}


@dataclass(frozen=True)
class Line:
    """What the gateway needs to know to read the frames of a city."""

    simulation: Simulation
    fleet: tuple[CityDevice, ...]
    known: Mapping[str, Device]
    dialects: Mapping[str, hj212.Dialect]

    def block(self, start: int) -> Block:
        """Return what arrives in the block that begins at `start` [s UTC]."""
        frames = self._frames(start, min(start + BLOCK, self.simulation.city.end))
        kept = [Kept(number, at * 1_000_000, mn, "", raw) for number, (at, mn, raw) in enumerate(frames)]
        table = _observations(drain(kept, self.known, self.dialects))
        at = np.array([moment for moment, *_ in frames], dtype=np.int64)
        ends = (at[np.asarray(table.column("seq"), dtype=np.int64)] // STEP + 1) * STEP
        return Block(table.drop_columns(["seq"]).combine_chunks(), ends)

    def _frames(self, start: int, end: int) -> list[tuple[int, str, bytes]]:
        found = [one for device in self.fleet for one in _spoken(self.simulation, device, start, end)]
        return sorted(found, key=lambda frame: frame[0])


def _spoken(
    simulation: Simulation, device: CityDevice, start: int, end: int
) -> Iterator[tuple[int, str, bytes]]:
    for telegram in telegrams.telegrams(simulation, device, start, end):
        raw = telegrams.wire(simulation, device, telegram)
        for piece in raw.split(b"\r\n"):
            if piece:
                yield telegram.at, device.mn, piece


def _observations(drained: Drained) -> pa.Table:
    """Return moments and minutes, in the order in which their frames came, with the number of the frame."""
    slow = pa.table(drained.columns, schema=SCHEMA.append(pa.field("seq", pa.int64())))
    whole = pa.concat_tables([*drained.fast, slow])
    wanted = pc.is_in(whole.column("period"), pa.array(_PERIODS))
    return whole.filter(wanted).sort_by("seq")


def line(simulation: Simulation) -> tuple[Line, Mapping[str, Any]]:
    """Return the line of a city, and its registration list."""
    fleet = devices(simulation.city)
    document = register(simulation, fleet)
    known = {raw["mn"]: device_of(raw) for raw in document["devices"]}
    keys = {ref: (bytes.fromhex(key),) for ref, key in document["keys"].items()}
    dialects = {mn: dialect_of(device, keys) for mn, device in known.items()}
    return Line(simulation, fleet, known, dialects), document


def watch_of(document: Mapping[str, Any]) -> Watch:
    """Return a watch that knows a registration list."""
    return Watch(facts_of(map(outlet_of, document["outlets"]), document["enterprises"]))


def watched(
    simulation: Simulation, told: Callable[[float], object] = lambda share: None, processes: int = 1
) -> Watch:
    """Run the city from its first moment to its last and return the watch, with all that it found.

    Parameters
    ----------
    told : callable
        Takes the share that is done.
    processes : int
        How many make frames; with 1 it is this one.
    """
    way, document = line(simulation)
    watch = watch_of(document)
    follow(watch, simulation, blocks(way, processes), told)
    return watch


def follow(
    watch: Watch,
    simulation: Simulation,
    arriving: Iterable[Block],
    told: Callable[[float], object] = lambda share: None,
) -> None:
    """Let a watch see what arrives, minute by minute."""
    ledgers, start, end = _ledgers(simulation), simulation.city.start, simulation.city.end
    done = start // STEP * STEP
    for number, block in enumerate(arriving, 1):
        tables, due = block.minutes(), min(start + number * BLOCK, end)
        for moment in range(done + STEP, due + STEP, STEP):
            if moment in tables:
                watch.take(tables[moment], moment)
            if (moment + CHINA_OFFSET) % DAY == 0:
                watch.declare(next(ledgers, ()))
            watch.step(moment)
            done = moment
        told((done - start) / (end - start))


def blocks(way: Line, processes: int = 1) -> Iterator[Block]:
    """Return the blocks of a city, one after the other."""
    city = way.simulation.city
    starts = range(city.start, city.end, BLOCK)
    if processes < 2:
        yield from map(way.block, starts)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _begin, (way,)) as pool:
        yield from pool.map(_block, starts)


_here: list[Line] = []


def _begin(way: Line) -> None:
    _here.append(way)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process where the one that waits for it was killed and could not say so."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _block(start: int) -> Block:
    return _here[0].block(start)


def _ledgers(simulation: Simulation) -> Iterator[list[WasteDay]]:
    """Yield the entries of each day, as they are declared at its end."""
    owners = [waste_days(simulation, owner) for owner in waste_owners(simulation)]
    yield from (list(day) for day in zip(*owners, strict=True))
