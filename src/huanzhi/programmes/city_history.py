"""History of the test city, put straight into the store: as its devices would have sent it, newest first."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from huanzhi.city.devices import devices
from huanzhi.city.history import OZONE, DayMean, day_means, frames
from huanzhi.city.register import register
from huanzhi.city.simulation import Simulation
from huanzhi.errors import StoreError
from huanzhi.library.arrivals import Kept
from huanzhi.library.devices.model import Device as Registered
from huanzhi.library.devices.model import Outlet, device_of, outlet_of
from huanzhi.library.series import SCHEMA, Source, open_store
from huanzhi.network import hj212
from huanzhi.network.gateway.meanings import meaning
from huanzhi.network.gateway.observations import drain, value_of
from huanzhi.standards.periods import CHINA_OFFSET, DAY, HOUR, Period

PATIENCE = 60.0
"""Seconds to wait for another writer of the store. Ours."""

ALWAYS = ("water", "gas", "air", "section", "well")
"""Kinds of device whose hours are filled in for the whole span; those of the others for `NEAR`."""

NEAR = 3 * DAY
LONG = ("air", "section")
"""Kinds of device whose days are filled in for more than a year."""

LONG_DAYS = 400
PART, YEAR = 10 * DAY, 365 * DAY
"""Seconds that are written at a time, and that lie between a day and the one it is compared with."""

Tell = Callable[[float, str], None]


class History:
    """Fills the store of a data folder.

    Parameters
    ----------
    tell : callable
        Takes how far it is, from 0 to 1, and a message key.
    """

    def __init__(
        self, simulation: Simulation, home: Path | None = None, tell: Tell = lambda *_: None
    ) -> None:
        self.simulation, self.home, self.tell = simulation, home, tell
        self.devices = devices(simulation.city)
        listed = register(simulation, self.devices)
        self.registered: dict[str, Registered] = {
            raw["mn"]: device_of({**raw, "key": "", "crc": []}) for raw in listed["devices"]
        }
        self._held = self._names()
        self.outlets: dict[str, Outlet] = {raw["code"]: outlet_of(raw) for raw in listed["outlets"]}

    def fill(self, until: int, days: int, long_days: int = LONG_DAYS) -> int:
        """Fill in the hours of some days before `until` [s UTC], and days before those; return the rows.

        The newest days come first, then those of a year ago, so that curves and comparisons begin to show at
        once. The same again changes nothing.
        """
        now = until // HOUR * HOUR
        midnight = (now + CHINA_OFFSET) // DAY * DAY - CHINA_OFFSET
        hours = [("hours", midnight - n * DAY, min(midnight - n * DAY + DAY, now)) for n in range(days + 1)]
        long = [
            ("days", midnight - (n + 1) * PART, midnight - n * PART) for n in range(long_days * DAY // PART)
        ]
        year = [
            part
            for part in long
            if part[1] < midnight - YEAR + NEAR * 3 and part[2] > midnight - YEAR - NEAR * 3
        ]
        far = [part for part in long if part not in year and part[2] <= midnight - days * DAY]
        work, rows = [*hours[:4], *year, *hours[4:], *far], 0
        for number, (kind, start, end) in enumerate(work, 1):
            start = max(start, self.simulation.city.start) if kind == "hours" else start
            if start < end and self._name(kind, start, end) not in self._held:
                near = until - start < NEAR
                rows += self._hours(start, end, near=near) if kind == "hours" else self._days(start, end)
            self.tell(number / len(work), f"work.history_{kind}")
        return rows

    def _name(self, kind: str, start: int, end: int) -> str:
        return f"city {self.simulation.city.seed} {kind} {start}-{end}"

    def _names(self) -> frozenset[str]:
        """Return the names of what the store holds already."""
        try:
            with open_store("read", self.home) as store:
                return frozenset(batch.source.name for batch in store.batches())
        except StoreError:
            return frozenset()

    def _hours(self, start: int, end: int, *, near: bool) -> int:
        chosen = [device for device in self.devices if near or device.kind in ALWAYS]
        kept = [
            Kept(number, int(time.time() * 1e6), device.mn, "", raw)
            for number, (device, raw) in enumerate(frames(self.simulation, chosen, start, end), 1)
        ]
        dialects = dict.fromkeys(self.registered, hj212.STANDARD)
        return self._write(drain(kept, self.registered, dialects).table(), self._name("hours", start, end))

    def _days(self, start: int, end: int) -> int:
        chosen = [device for device in self.devices if device.kind in LONG]
        rows = list(self._day_rows(day_means(self.simulation, chosen, start, end)))
        columns = dict(zip(SCHEMA.names, zip(*rows, strict=True), strict=True))
        table = pa.table({name: list(values) for name, values in columns.items()}, schema=SCHEMA)
        return self._write(table, self._name("days", start, end))

    def _day_rows(self, means: Iterator[DayMean]) -> Iterator[tuple[object, ...]]:
        for mean in means:
            device = self.registered[mean.device.mn]
            wire = next(name for name, code in mean.device.wire.items() if code == mean.code)
            known, value = meaning(wire, device.st, device), value_of(mean.value)
            if value is None:
                continue
            units, decimals, state = value.shifted(known.shift, known.times)
            period = Period.DAY_MAX_EIGHT_HOURS if mean.code == OZONE else Period.DAY
            yield device.outlet, known.code, str(period), mean.day, units, decimals, state, 0, 0

    def _write(self, table: pa.Table, name: str) -> int:
        if not table.num_rows:
            return 0
        digest = hashlib.sha256(f"{len(self.devices)} {self.simulation.city.start} {name}".encode())
        source = Source(name, "city", digest.hexdigest(), simulated=True)
        codes = set(table.column("feature").to_pylist())
        features = [self.outlets[code].feature() for code in sorted(codes)]
        with open_store("write", self.home, PATIENCE) as store:
            store.write(table, features, source)
            store.keep_compact()
        return int(table.num_rows)
