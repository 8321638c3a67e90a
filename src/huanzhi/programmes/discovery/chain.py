"""The chain 全链路: frames of every device, drained as the gateway does, watched minute by minute.

The watch sees frames, the registration list and the waste ledgers, never the truth.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator

from huanzhi.center.watching.facts import facts_of
from huanzhi.center.watching.watch import Watch
from huanzhi.city import telegrams
from huanzhi.city.devices import Device as CityDevice
from huanzhi.city.devices import devices
from huanzhi.city.ledgers import WasteDay, waste_days, waste_owners
from huanzhi.city.register import register
from huanzhi.city.simulation import Simulation
from huanzhi.library.arrivals import Kept
from huanzhi.library.devices.model import device_of, outlet_of
from huanzhi.network.gateway.observations import drain
from huanzhi.network.gateway.sessions import dialect_of
from huanzhi.standards.periods import CHINA_OFFSET, DAY

STEP = 60
"""Seconds of the city between two drains."""


def watched(simulation: Simulation, told: Callable[[float], None] = lambda share: None) -> Watch:
    """Run the city from its first moment to its last and return the watch, with all that it found."""
    fleet = devices(simulation.city)
    document = register(simulation, fleet)
    known = {raw["mn"]: device_of(raw) for raw in document["devices"]}
    keys = {ref: (bytes.fromhex(key),) for ref, key in document["keys"].items()}
    dialects = {mn: dialect_of(device, keys) for mn, device in known.items()}
    watch = Watch(facts_of(map(outlet_of, document["outlets"]), document["enterprises"]))
    ledgers = _ledgers(simulation)
    start, end = simulation.city.start, simulation.city.end
    for moment, frames in _minutes(simulation, fleet, start, end):
        if frames:
            watch.take(drain(frames, known, dialects).table(), moment)
        if (moment + CHINA_OFFSET) % DAY == 0:
            watch.declare(next(ledgers, ()))
        watch.step(moment)
        told((moment - start) / (end - start))
    return watch


def _minutes(
    simulation: Simulation, fleet: tuple[CityDevice, ...], start: int, end: int
) -> Iterator[tuple[int, list[Kept]]]:
    """Yield each minute's end [s UTC] with the frames that arrived in it."""
    streams = [_frames(simulation, device, start, end) for device in fleet]
    arriving = heapq.merge(*streams, key=lambda frame: frame[0])
    waiting = next(arriving, None)
    number = 0
    for moment in range(start // STEP * STEP + STEP, end + STEP, STEP):
        frames: list[Kept] = []
        while waiting is not None and waiting[0] < moment:
            at, mn, raw = waiting
            number += 1
            frames.append(Kept(number, at * 1_000_000, mn, "", raw))
            waiting = next(arriving, None)
        yield moment, frames


def _frames(
    simulation: Simulation, device: CityDevice, start: int, end: int
) -> Iterator[tuple[int, str, bytes]]:
    for telegram in telegrams.telegrams(simulation, device, start, end):
        raw = telegrams.wire(simulation, device, telegram)
        for piece in raw.split(b"\r\n"):
            if piece:
                yield telegram.at, device.mn, piece


def _ledgers(simulation: Simulation) -> Iterator[list[WasteDay]]:
    """Yield the entries of each day, as they are declared at its end."""
    owners = [waste_days(simulation, owner) for owner in waste_owners(simulation)]
    yield from (list(day) for day in zip(*owners, strict=True))
