"""The picture 实时画面: the newest row of every series in memory; the store remains the truth.

It belongs to the thread of the loop, so that nothing needs a lock. What goes out is kept as text, and only
age and staleness are reckoned when it is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from huanzhi.library.series import Feature
from huanzhi.network.quality.held import is_main
from huanzhi.programmes.live.cells import Cell, Standing

LATE = 2.0
SLACK = 120
"""A value is stale 过期 when it is older than so many declared intervals and so many seconds more.
DEFAULT, NOT FROM THE DOCUMENTS."""


@dataclass(slots=True)
class Held:
    """A cell with its text, as far as it lasts."""

    cell: Cell
    text: str = ""

    def lasting(self) -> str:
        """Return the text of the value but for its end."""
        if not self.text:
            self.text = json.dumps(self.cell.value_form(), ensure_ascii=False, separators=(",", ":"))[:-1]
        return self.text


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the picture is asked for; empty means all.

    Attributes
    ----------
    region : str
        Beginning of a GB/T 2260 code.
    box : tuple of float, optional
        West, south, east, north [degrees].
    exceeding : bool
        Only values beyond their limits.
    """

    kinds: frozenset[str] = frozenset()
    features: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    periods: frozenset[str] = frozenset()
    region: str = ""
    box: tuple[float, float, float, float] | None = None
    exceeding: bool = False

    def takes_place(self, feature: Feature) -> bool:
        """Return whether a place is asked for."""
        if self.kinds and feature.kind not in self.kinds:
            return False
        if self.features and feature.code not in self.features:
            return False
        if self.region and not feature.region_code.startswith(self.region):
            return False
        return self.box is None or _inside(feature, self.box)

    def takes(self, cell: Cell) -> bool:
        """Return whether a value is asked for."""
        row = cell.newest
        if self.periods and row.period not in self.periods:
            return False
        if self.exceeding and not cell.exceeds:
            return False
        return row.parameter in self.parameters if self.parameters else is_main(row.parameter)


def _inside(feature: Feature, box: tuple[float, float, float, float]) -> bool:
    if feature.lon is None or feature.lat is None:
        return False
    west, south, east, north = box
    return west <= feature.lon <= east and south <= feature.lat <= north


@dataclass
class Picture:
    """The cells and standings.

    Attributes
    ----------
    intervals : mapping
        Feature → period → seconds from one upload to the next, as its device declares.
    online : mapping
        Feature → whether one of its devices is on line.
    version : int
        Rises with every change.
    notable : dict
        The cells that exceed a limit or carry a device's mark.
    """

    features: dict[str, Feature] = field(default_factory=dict)
    cells: dict[str, dict[tuple[str, str], Held]] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)
    intervals: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    online: Mapping[str, bool] = field(default_factory=dict)
    revision: int = 0
    version: int = 0
    notable: dict[tuple[str, str, str], Cell] = field(default_factory=dict)

    def know(self, features: Mapping[str, Feature], intervals: Mapping[str, Mapping[str, int]]) -> None:
        """Take over the places of the store and what their devices declare."""
        self.features, self.intervals = dict(features), intervals

    def take(self, cells: Iterable[Cell], standings: Mapping[str, Standing]) -> None:
        """Take in what is newer."""
        for cell in cells:
            row = cell.newest
            self.cells.setdefault(row.feature, {})[row.parameter, row.period] = Held(cell)
            self.revision = max(self.revision, row.revision)
            if cell.exceeds or row.flag:
                self.notable[row.key] = cell
            else:
                self.notable.pop(row.key, None)
        self.standings.update(standings)
        self.version += 1

    def stale(self, cell: Cell, now: float) -> bool | None:
        """Return whether a value is older than its device's interval allows; None where none is declared."""
        step = self.intervals.get(cell.newest.feature, {}).get(cell.newest.period)
        if step is None:
            return None
        length = 0 if cell.newest.period == "instant" else step
        return now - (cell.newest.time + length) > LATE * step + SLACK

    def document(self, wanted: Wanted, may_see: Callable[[str], bool], now: float) -> bytes:
        """Return the part that is asked for and may be seen, as JSON."""
        places = []
        for code, held in self.cells.items():
            feature = self.features[code]
            if wanted.takes_place(feature) and may_see(code):
                values = [self._value(one, now) for one in held.values() if wanted.takes(one.cell)]
                if values or not (wanted.exceeding or wanted.parameters or wanted.periods):
                    places.append(f'{self._place(feature)},"values":[{",".join(values)}]}}')
        head = f'{{"revision":{self.revision},"time":{now:.3f},"places":['
        return f"{head}{','.join(places)}]}}".encode()

    def _value(self, held: Held, now: float) -> str:
        age = int(now) - held.cell.newest.time
        stale = json.dumps(self.stale(held.cell, now))
        return f'{held.lasting()},"age":{age},"stale":{stale}}}'

    def _place(self, feature: Feature) -> str:
        standing = self.standings.get(feature.code)
        form: dict[str, Any] = {
            "feature": feature.code,
            "name": feature.name,
            "kind": feature.kind,
            "region": feature.region_code,
            "enterprise": feature.attributes.get("enterprise", ""),
            "lon": feature.lon,
            "lat": feature.lat,
            "simulated": feature.simulated,
            "online": self.online.get(feature.code),
            "standing": standing.form() if standing else None,
        }
        return json.dumps(form, ensure_ascii=False, separators=(",", ":"))[:-1]
