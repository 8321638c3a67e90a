"""Draining: what has arrived becomes observations in the store; a crash anywhere repeats harmlessly.

Runs as a process of its own beside the gateway, so that it takes neither the loop's time nor its memory:
``python -m huanzhi.network.gateway.drain``. A span of frames is planned, written with the span as its source,
and noted as done; the store takes a batch that it knows as one.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pyarrow as pa

from huanzhi.errors import InputError, StoreError
from huanzhi.library.arrivals import Kept, Progress, Shelf, Span, arrivals_folder
from huanzhi.library.devices import Device, DeviceState, Outlet, open_register
from huanzhi.library.series import Feature, Source, open_store
from huanzhi.library.series.lock import WriterLock
from huanzhi.network import hj212
from huanzhi.network.gateway.gaps import INTERVALS, Gaps
from huanzhi.network.gateway.logs import Log
from huanzhi.network.gateway.meanings import MINUTES
from huanzhi.network.gateway.observations import Drained, drain
from huanzhi.network.gateway.sessions import dialect_of
from huanzhi.network.gateway.settings import Settings, default_settings

FORMAT = "hj212"
PARKED = "parked "
PATIENCE = 5.0
"""Seconds to wait for another writer of the store to let go. Ours."""
BREATH = 0.01
"""Least seconds between two batches that are not full. Ours."""
NICE = 10
"""How far the draining stands back behind the gateway when both want the processor. Ours."""


@dataclass(frozen=True, slots=True)
class Known:
    """The register as the drain needs it, at one revision."""

    revision: int
    devices: dict[str, Device]
    dialects: dict[str, hj212.Dialect]
    outlets: dict[str, Outlet]

    def features(self, codes: set[str], drained: Drained) -> list[Feature]:
        """Return the features of outlets; one that was never described stands by its code."""
        simulated = {
            device.outlet or device.mn: device.simulated
            for device in self.devices.values()
            if device.simulated
        }
        return [
            self.outlets[code].feature()
            if code in self.outlets
            else Feature(code, code, "outlet", simulated=simulated.get(code, False))
            for code in sorted(codes)
        ]


class Drain:
    """Brings arrivals into the store; one at a time for an inbox, guarded by a lock.

    Parameters
    ----------
    home : Path, optional
        Data folder.
    """

    def __init__(
        self, home: Path | None = None, settings: Settings | None = None, log: Log | None = None
    ) -> None:
        self.home, self.settings, self.log = home, settings or default_settings(), log or Log(None)
        self.folder = arrivals_folder(home)
        self.progress = Progress(self.folder)
        self._lock = WriterLock(self.folder / "drain.lock")
        self.shelf = Shelf(self.folder)
        self.listeners: list[Callable[[Drained], None]] = []
        self._register = open_register(home)
        self._known = Known(-1, {}, {}, {})
        self._parked_seen = (-1, 0.0)

    def close(self) -> None:
        """Close everything."""
        self.shelf.close()
        self.progress.close()
        self._register.close()
        self._lock.release()

    def __enter__(self) -> Drain:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def known(self) -> Known:
        """Return the register, read again where it has changed."""
        revision = self._register.revision()
        if revision != self._known.revision:
            devices = {
                device.mn: device
                for device in self._register.devices()
                if device.state is not DeviceState.PARKED
            }
            keys = self._register.keys()
            dialects = {mn: dialect_of(device, keys) for mn, device in devices.items()}
            self._known = Known(revision, devices, dialects, self._register.outlets())
        return self._known

    def once(self) -> int:
        """Drain one span, and the parked frames of devices registered by now; return how many frames."""
        return self._drain_span() + self._take_parked()

    def _drain_span(self) -> int:
        position = self.progress.position()
        planned = self.progress.planned()
        frames = self.shelf.frames(position, self.settings.drain_frames, planned and planned.last)
        if not frames:
            if planned:
                self.progress.done(planned.last)
            return 0
        span = Span(position + 1, frames[-1].seq)
        if planned is None:
            self.progress.plan(span)
        self._write(frames, f"{span.first}-{span.last}")
        self.progress.done(span.last)
        return len(frames)

    def _take_parked(self) -> int:
        """Take in what registered devices sent while they were parked."""
        known, now = self.known(), time.monotonic()
        if self._parked_seen[0] == known.revision and now - self._parked_seen[1] < 10:
            return 0
        taken, positions = 0, self.progress.positions()
        for mn, (_, last) in self.shelf.parked_devices().items():
            reader = PARKED + mn
            if mn in known.devices and positions.get(reader, 0) < last:
                taken += self._take_parked_of(mn, reader, positions.get(reader, 0))
        if not taken:
            self._parked_seen = (known.revision, now)
        return taken

    def _take_parked_of(self, mn: str, reader: str, position: int) -> int:
        frames = self.shelf.parked(mn, position, self.settings.drain_frames)
        self._write(frames, f"{mn} {position + 1}-{frames[-1].seq}")
        self.progress.done(frames[-1].seq, reader)
        self.log.say("parked_taken_in", mn=mn, frames=len(frames))
        return len(frames)

    def _write(self, frames: list[Kept], name: str) -> None:
        known = self.known()
        drained = drain(frames, known.devices, known.dialects)
        table = drained.table()
        if table.num_rows and not self._stored(table, drained, frames, name):
            self._write_in_halves(frames, name)
            return
        self.progress.refuse(drained.refusals)
        for listener in self.listeners:
            listener(drained)

    def _stored(self, table: pa.Table, drained: Drained, frames: list[Kept], name: str) -> bool:
        """Write observations; False where the store will not have them."""
        known = self.known()
        simulated = all(known.devices[mn].simulated for mn, _ in drained.uploads)
        digest = sha256(b"\r\n".join(kept.raw for kept in frames)).hexdigest()
        source = Source(f"arrivals {name}", FORMAT, digest, simulated=simulated, options=name)
        try:
            with open_store("write", self.home, PATIENCE) as store:
                receipt = store.write(table, known.features(drained.outlets, drained), source)
                store.keep_compact()
        except InputError as error:
            self.log.say("store_refused", span=name, reason=error.key, words=str(error))
            if len(frames) > 1:
                return False
            self.progress.refuse([(frames[0].seq, frames[0].mn, error.key, str(error))])
            return True
        self.log.say("drained", span=name, frames=len(frames), rows=receipt.received, new=receipt.new)
        return True

    def _write_in_halves(self, frames: list[Kept], name: str) -> None:
        """Find the frame that the store will not have, so that it does not hold up the others."""
        half = len(frames) // 2
        self._write(frames[:half], f"{name}, first {half}")
        self._write(frames[half:], f"{name}, after {half}")


def _opened(home: Path | None, settings: Settings, log: Log, stopping: Callable[[], bool]) -> Drain | None:
    """Open the drain when no other one is at work; None where it is told to stop before."""
    while not stopping():
        try:
            return Drain(home, settings, log)
        except StoreError as error:
            log.say("drain_waits", reason=error.key, words=str(error))
            time.sleep(settings.drain_every)
    return None


def _expected(
    drained: Drained, known: Known, settings: Settings
) -> Iterator[tuple[str, str, Iterable[int], int]]:
    """Return the uploads that can be asked for again, with their interval [s]."""
    usual = {**INTERVALS, MINUTES: settings.minute_interval}
    for (mn, cn), times in drained.uploads.items():
        if cn in usual:
            yield mn, cn, times, known.devices[mn].intervals.get(cn) or usual[cn]


def run(home: Path | None, settings: Settings, log: Log, stopping: Callable[[], bool]) -> None:
    """Drain until told to stop; a store that another process writes is tried again."""
    opened = _opened(home, settings, log, stopping)
    if opened is None:
        return
    with opened as work, Gaps(home) as gaps:
        work.listeners.append(lambda drained: gaps.saw(_expected(drained, work.known(), settings)))
        while not stopping():
            began = time.monotonic()
            try:
                frames = work.once()
            except StoreError as error:
                log.say("drain_waits", reason=error.key, words=str(error))
                frames = 0
            if frames < settings.drain_frames:
                time.sleep(max(settings.drain_every - (time.monotonic() - began), BREATH))


def main(arguments: list[str] | None = None) -> None:
    """Run as a process; it ends with its parent."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--settings", type=json.loads, default={})
    given = parser.parse_args(arguments)
    settings = replace(default_settings(), **given.settings)
    told: list[int] = []
    os.nice(NICE)
    signal.signal(signal.SIGTERM, lambda *_: told.append(1))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    run(given.home, settings, Log(sys.stderr), lambda: bool(told) or os.getppid() != given.parent)


if __name__ == "__main__":
    main()
