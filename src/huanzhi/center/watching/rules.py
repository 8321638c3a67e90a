"""The rules 值守规则: each looks at the board and says where it sees a sign; thresholds by ``watching.toml``.

A rule knows nothing but the board and the facts of the register. What it sees is a sign, not a verdict: a
warning tells of it, and an officer decides.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from huanzhi.assess import signs
from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.center.watching.board import MINUTE, Board, Floats, Ints, of_rows
from huanzhi.center.watching.facts import Facts, Meter, Watched
from huanzhi.simulate.plume import locate

Table = Mapping[str, Any]

_ODD = int(
    DeviceFlag.STOPPED
    | DeviceFlag.MAINTENANCE
    | DeviceFlag.FAULT
    | DeviceFlag.CALIBRATION
    | DeviceFlag.STANDARD_CHECK
    | DeviceFlag.OVER_RANGE
    | DeviceFlag.LINK_BROKEN
    | DeviceFlag.POWER
)
_CHECK = int(DeviceFlag.CALIBRATION | DeviceFlag.STANDARD_CHECK)
_FLOWS = ("w00000", "a00000")
_FRESH = 20
"""Minutes by which a clock may be off before its values are old. Ours."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What a rule sees.

    Attributes
    ----------
    rule, place : str
    parameters : tuple of str
        Series that show it.
    facts : mapping
        Figures that the words of the rule name.
    subject : str
        What the sign is about, where that is neither the place nor its enterprise.
    """

    rule: str
    place: str
    parameters: tuple[str, ...] = ()
    facts: Mapping[str, float] = field(default_factory=dict)
    subject: str = ""


@cache
def tables() -> Mapping[str, Any]:
    """Return the thresholds by rule."""
    content = resources.files("huanzhi.center.watching").joinpath("data/watching.toml")
    return MappingProxyType(tomllib.loads(content.read_text(encoding="utf-8")))


class Rule:
    """A rule over one board.

    Parameters
    ----------
    board : Board
    facts : Facts
    table : mapping, optional
        Thresholds in place of those of ``watching.toml``.
    """

    name: ClassVar[str]

    def __init__(self, board: Board, facts: Facts, table: Table | None = None) -> None:
        self.board, self.facts = board, facts
        self.table: Table = tables()[self.name] if table is None else table
        self.prepare()

    def prepare(self) -> None:
        """Find the rows."""

    def look(self, now: int) -> Iterator[Sign]:
        """Yield the signs of now [minutes since 1970 UTC]."""
        raise NotImplementedError

    def normal(self, rows: Ints, length: int, ends: Ints | None = None) -> Floats:
        """Return the last minutes of rows, NaN where the device says that they are not normal."""
        values, flags = self.board.window(rows, length, ends)
        values[(flags & _ODD) != 0] = np.nan
        return values

    def fresh(self, rows: Ints, now: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return which rows are heard now."""
        return np.asarray(np.abs(self.board.newest[rows] - now) <= _FRESH)


class OverLimit(Rule):
    """Over the limit of the permit for some minutes 排放超标."""

    name = "over_limit"

    def prepare(self) -> None:
        """Rows are the limited items."""
        pairs = [
            (p.code, code, limit) for p in self.facts.of_kind("outlet") for code, limit in p.limits.items()
        ]
        self.pairs = pairs
        self.rows = of_rows(self.board, ((place, code) for place, code, _ in pairs))
        self.limits = np.array([limit for *_, limit in pairs])

    def look(self, now: int) -> Iterator[Sign]:
        """Yield the items over their limit."""
        if not len(self.rows):
            return
        values = self.normal(self.rows, self.table["window"])
        found = signs.over(values, self.limits, self.table["least"]) & self.fresh(self.rows, now)
        for place in np.flatnonzero(found):
            code, parameter, limit = self.pairs[place]
            facts = {"value": float(values[place, -1]), "limit": limit}
            yield Sign(self.name, code, (parameter,), facts)


class _Powered(Rule):
    """A rule that asks whether production works."""

    def prepare(self) -> None:
        """Places are the outlets with a meter of production."""
        self.places = [place for place in self.facts.of_kind("outlet") if place.production]
        self.lines = [self.meters(place.production) for place in self.places]

    def meters(self, meters: Sequence[Meter]) -> tuple[Ints, float]:
        """Return rows and rated power [kW] of meters."""
        rows = of_rows(self.board, ((one.feature, one.parameter) for one in meters))
        return rows, sum(one.rated for one in meters)

    def load(self, meters: tuple[Ints, float], length: int, ends: Ints | None = None) -> Floats:
        """Return the power of meters together over what they are rated; shape (length,)."""
        rows, rated = meters
        last = np.repeat(self.board.newest[rows].max(), len(rows)) if ends is None else ends
        return np.asarray(self.board.window(rows, length, last)[0].sum(axis=0) / rated)


class TreatmentOff(_Powered):
    """Production works while the treatment stands 治污设施停运."""

    name = "treatment_off"

    def prepare(self) -> None:
        """Look at outlets with both meters."""
        super().prepare()
        self.treatments = [self.meters(place.treatment) if place.treatment else None for place in self.places]

    def look(self, now: int) -> Iterator[Sign]:
        """Yield the outlets."""
        table = self.table
        for place, lines, treatment in zip(self.places, self.lines, self.treatments, strict=True):
            if treatment is None or not self.fresh(treatment[0], now).all():
                continue
            works = self.load(lines, table["window"]) > table["production_share"]
            power = self.load(treatment, table["window"])
            off = works & (power < table["treatment_share"])
            if off[-1] and off.sum() >= table["least"]:
                yield Sign(self.name, place.code, (), {"share": float(power[-1])})


class FlowShort(_Powered):
    """Less flows out than production of that size usually gives 疑似旁路偷排."""

    name = "flow_short"

    def prepare(self) -> None:
        """Look at outlets with a flow."""
        super().prepare()
        self.flows = [of_rows(self.board, ((place.code, flow) for flow in _FLOWS)) for place in self.places]

    def look(self, now: int) -> Iterator[Sign]:
        """Yield the outlets."""
        if not self.places:
            return
        found = signs.under_usual(
            np.array([self._ratio(*each) for each in zip(self.lines, self.flows, strict=True)]),
            self.table["recent"],
            self.table["flow_share"],
            self.table["enough"],
        )
        for place in np.flatnonzero(found):
            if self.fresh(self.flows[place], now).any() and self._both_heard(place, now):
                yield Sign(self.name, self.places[place].code, (_FLOWS[int(self._gas(place))],))

    def _both_heard(self, place: int, now: int) -> bool:
        """Return whether outlet and meter arrived within the last minutes."""
        watched = self.places[place]
        names = (watched.code, *(meter.feature for meter in watched.production))
        return all(now - self.board.heard.get(name, 0) // MINUTE <= self.table["together"] for name in names)

    def _gas(self, place: int) -> bool:
        return bool(self.board.newest[self.flows[place][1]] > self.board.newest[self.flows[place][0]])

    def _ratio(self, lines: tuple[Ints, float], flows: Ints) -> Floats:
        """Return flow over load, each up to its own newest minute: clocks differ, arrival does not."""
        length = self.table["window"]
        load = self.load(lines, length)
        last = load[-self.table["steady"] :]
        if not np.nanmin(last, initial=9.0) > (1 - self.table["steady_share"]) * np.nanmax(last, initial=0.0):
            return np.full(length, np.nan)
        ends = np.repeat(self.board.newest[flows].max(), len(flows))
        flow = np.nanmax(np.nan_to_num(self.normal(flows, length, ends), nan=-1.0), axis=0)
        working = (load > self.table["production_share"]) & (flow >= 0)
        return np.where(working, flow / np.where(working, load, 1.0), np.nan)


class _Whole(Rule):
    """A rule over all series of an outlet together."""

    def prepare(self) -> None:
        """Rows are found when the outlet has been heard: the register does not list what is not limited."""
        self.places = [place for place in self.facts.of_kind("outlet") if place.limits]
        self._seen = -1
        self._rows: Ints = np.empty(0, dtype=np.int64)
        self._owner: Ints = np.empty(0, dtype=np.int64)
        self._names: list[str] = []

    def gather(self) -> tuple[Ints, Ints]:
        """Return rows and the number of the outlet of each."""
        if len(self.board.rows) != self._seen:
            number = {place.code: i for i, place in enumerate(self.places)}
            found = [
                (row, number[f], p) for (f, p), row in self.board.rows.items() if f in number and "-" not in p
            ]
            self._rows = np.array([row for row, *_ in found], dtype=np.int64)
            self._owner = np.array([owner for _, owner, _ in found], dtype=np.int64)
            self._names = [name for *_, name in found]
            self._seen = len(self.board.rows)
        return self._rows, self._owner

    def outlets(self, yes: Any, no: Any) -> Iterator[tuple[Watched, tuple[str, ...]]]:
        """Yield outlets with enough series that say yes and none that says no, with those series."""
        count = np.bincount(self._owner[yes], minlength=len(self.places))
        against = np.bincount(self._owner[no], minlength=len(self.places))
        for place in np.flatnonzero((count >= self.table["series"]) & (against == 0)):
            names = tuple(self._names[i] for i in np.flatnonzero(yes & (self._owner == place)))
            yield self.places[place], names


class Constant(_Whole):
    """All series of an outlet stand still 恒值."""

    name = "constant"

    def look(self, now: int) -> Iterator[Sign]:
        """Yield the outlets."""
        rows, _ = self.gather()
        if not len(rows):
            return
        values = self.normal(rows, self.table["window"])
        same, nothing = signs.equal_run(values, self.table["least"])
        fresh = self.fresh(rows, now)
        moving = ~same & (~np.isnan(values)).any(axis=1)
        for place, names in self.outlets(same & ~nothing & fresh, moving & fresh):
            yield Sign(self.name, place.code, names)


class Copied(_Whole):
    """All series of an outlet repeat those of a day before 数据复制."""

    name = "copied"

    def look(self, now: int) -> Iterator[Sign]:
        """Yield the outlets."""
        rows, _ = self.gather()
        if not len(rows):
            return
        table, ends = self.table, self.board.newest[rows]
        values, earlier = (
            self.board.window(rows, table["window"], ends - lag)[0] for lag in (0, table["lag"])
        )
        same, compared = signs.copied(values, earlier, table["least"], table["distinct"])
        differs = compared & (
            np.where(np.isnan(values) | np.isnan(earlier), 0, values != earlier).sum(axis=1) > 0
        )
        fresh = self.fresh(rows, now)
        for place, names in self.outlets(same & fresh, differs & fresh):
            yield Sign(self.name, place.code, names)


class Clipped(OverLimit):
    """A limited item stays just under its limit, too calmly 限值下削峰."""

    name = "clipped"

    def look(self, now: int) -> Iterator[Sign]:
        """Yield the items."""
        if not len(self.rows):
            return
        table, values = self.table, self.normal(self.rows, self.table["window"])
        calm = signs.calm_under(values, self.limits, table["band"], table["spread"], table["least"])
        for place in np.flatnonzero(calm & self.fresh(self.rows, now)):
            code, parameter, limit = self.pairs[place]
            yield Sign(self.name, code, (parameter,), {"limit": limit, "value": float(values[place, -1])})


class Drift(Rule):
    """The daily check with a standard is off 核查偏差."""

    name = "drift"

    def prepare(self) -> None:
        """Rows are the items with a standard."""
        self.pairs = [(p.code, c, s) for p in self.facts.of_kind("outlet") for c, s in p.standards.items()]
        self.rows = of_rows(self.board, ((place, code) for place, code, _ in self.pairs))
        self.standards = np.array([standard for *_, standard in self.pairs])

    def look(self, now: int) -> Iterator[Sign]:
        """Yield the items."""
        if not len(self.rows):
            return
        values, flags = self.board.window(self.rows, self.table["window"])
        values = np.where(flags & _CHECK, values, np.nan)
        off = signs.deviation(values, self.standards, self.table["least"])
        found = (np.abs(off) > self.table["deviation"]) & self.fresh(self.rows, now)
        for place in np.flatnonzero(found):
            code, parameter, standard = self.pairs[place]
            yield Sign(self.name, code, (parameter,), {"deviation": float(off[place]), "standard": standard})


class Silent(_Powered):
    """The device is silent while production works 停产外离线."""

    name = "silent"

    def look(self, now: int) -> Iterator[Sign]:
        """Yield the outlets."""
        for place, lines in zip(self.places, self.lines, strict=True):
            heard = self.board.heard.get(place.code)
            if heard is None or now - heard // MINUTE < self.table["silence"]:
                continue
            load = self.load(lines, self.table["silence"])
            if (
                self.fresh(lines[0], now).all()
                and np.nanmin(load, initial=9) > self.table["production_share"]
            ):
                yield Sign(self.name, place.code, (), {"minutes": float(now - heard // MINUTE)})


class OverYearly(Rule):
    """More than the permit allows for the year has left the outlet 超年许可排放量."""

    name = "over_yearly"

    def prepare(self) -> None:
        """Rows are limited items and the flow of the outlet."""
        self.items = [(p.code, c, y) for p in self.facts.of_kind("outlet") for c, y in p.yearly.items()]
        self.rows = of_rows(self.board, ((place, code) for place, code, _ in self.items))
        flows = [of_rows(self.board, ((place, flow) for flow in _FLOWS)) for place, *_ in self.items]
        self.flows = np.array(flows, dtype=np.int64).reshape(-1, 2)
        self.gone = np.array([yearly.before for *_, yearly in self.items])
        self.permitted = np.array([yearly.permitted for *_, yearly in self.items])
        self.to_mg = np.array([yearly.to_mg for *_, yearly in self.items])
        self.rate = np.zeros(len(self.items))

    def look(self, now: int) -> Iterator[Sign]:
        """Add a block of minutes; yield the items whose year is used up."""
        if not len(self.rows):
            return
        block, ends = self.table["block"], np.full(len(self.rows), now - self.table["late"])
        content = signs.mean(self.normal(self.rows, block, ends))
        flow = np.fmax(*(signs.mean(self.normal(self.flows[:, i], block, ends)) for i in (0, 1)))
        rate = content * self.to_mg * flow
        self.rate = np.where(np.isnan(rate), self.rate, rate)
        self.gone += self.rate * block * MINUTE * 1e-9
        for place in np.flatnonzero(self.gone > self.permitted):
            code, parameter, yearly = self.items[place]
            yield Sign(
                self.name, code, (parameter,), {"tonnes": self.gone[place], "permitted": yearly.permitted}
            )


class Sprayed(Rule):
    """Dust falls and the air grows damp at one station alone 喷淋干扰."""

    name = "sprayed"

    def prepare(self) -> None:
        """Rows are dust and humidity of the stations that have them."""
        self.stations: list[Watched] = []
        self._seen = -1

    def _gather(self) -> None:
        if self._seen == len(self.board.rows):
            return
        self._seen = len(self.board.rows)
        wanted = (*self.table["parameters"], self.table["humidity"])
        known = self.board.rows
        self.stations = [
            s for s in self.facts.of_kind("air_station") if all((s.code, name) in known for name in wanted)
        ]
        self.rows = np.array(
            [[known[s.code, name] for name in wanted] for s in self.stations], dtype=np.int64
        )

    def look(self, now: int) -> Iterator[Sign]:
        """Yield the stations."""
        self._gather()
        if len(self.stations) < 2:
            return
        table, number = self.table, len(self.stations)
        shares, damper = [], np.zeros(number)
        for column in range(self.rows.shape[1]):
            values = self.normal(self.rows[:, column], table["before"] + table["recent"])
            recent, before = values[:, -table["recent"] :], signs.mean(values[:, : -table["recent"]], 5)
            if column < len(table["parameters"]):
                shares.append(recent / before[:, None])
            else:
                damper = signs.mean(recent) - before
        fresh = self.fresh(self.rows[:, 0], now)
        for place in range(number):
            others = np.arange(number) != place
            fallen = all((share[place] < table["share"]).all() for share in shares)
            alone = all(signs.middle(share[others].ravel()) > table["others_share"] for share in shares)
            damp = damper[place] - signs.middle(damper[others])
            if fallen and alone and damp > table["damp"] and fresh[place]:
                yield Sign(
                    self.name, self.stations[place].code, tuple(table["parameters"]), {"damp": float(damp)}
                )


class SwappedWater(Rule):
    """All contents of a section fall at once by the same share 换水干扰."""

    name = "swapped_water"

    def prepare(self) -> None:
        """Rows are the items of the sections."""
        self.places = self.facts.of_kind("section")
        pairs = [(place.code, name) for place in self.places for name in self.table["parameters"]]
        self.rows = of_rows(self.board, pairs).reshape(len(self.places), -1)

    def look(self, now: int) -> Iterator[Sign]:
        """Yield the sections."""
        table = self.table
        for place, rows in zip(self.places, self.rows, strict=True):
            if not self.fresh(rows, now).all():
                continue
            values = self.board.window(
                rows, table["window"], np.repeat(self.board.newest[rows].max(), len(rows))
            )[0]
            heard = np.flatnonzero(~np.isnan(values).any(axis=0))
            if len(heard) < 4:
                continue
            before, first, last = (
                values[:, heard[:-2]].mean(axis=1),
                values[:, heard[-2]],
                values[:, heard[-1]],
            )
            share = last / before
            fallen = (share < table["share"]) & (first / before < table["share"])
            apart = share.max() - share.min()
            if fallen.sum() >= table["series"] and apart < table["apart"]:
                yield Sign(
                    self.name, place.code, tuple(table["parameters"]), {"share": float(np.median(share))}
                )


class HiddenSource(Rule):
    """Stations at a fence show more than the others, from a source that nobody has registered 疑似无证排放.

    Where it stands is fitted: one plume that explains best what the stations of the park show.
    """

    name = "hidden_source"

    def prepare(self) -> None:
        """Rows are the stations that measure the parameter, by the group in which they are neighbours."""
        self.parameter = self.table["parameters"][0]
        self.places = [s for s in self.facts.of_kind("air_station") if s.neighbours and s.lon and s.lat]
        self.rows = of_rows(self.board, ((place.code, self.parameter) for place in self.places))
        groups = [min((place.code, *place.neighbours)) for place in self.places]
        self.groups = {name: np.flatnonzero([one == name for one in groups]) for name in sorted(set(groups))}

    def look(self, now: int) -> Iterator[Sign]:
        """Yield the station of each group that shows most, with the place of the source."""
        if len(self.rows) < 4:
            return
        values = self.normal(self.rows, self.table["window"])
        recent = self.table["recent"]
        excess = values - signs.middles(values)
        excess = excess - signs.middle_of_each(excess[:, :-recent])[:, None]
        more = signs.mean(excess[:, -recent:], recent // 2)
        more[~self.fresh(self.rows, now)] = np.nan
        for name, members in self.groups.items():
            most = members[int(np.argmax(np.nan_to_num(more[members], nan=-1.0)))]
            if more[most] > self.table["excess"]:
                facts = {"excess": float(more[most]), **self._located(members, excess[members, -recent:])}
                yield Sign(self.name, self.places[most].code, (self.parameter,), facts, name)

    def _located(self, members: Ints, excess: Floats) -> dict[str, float]:
        places = [self.places[member] for member in members]
        lon, lat = places[0].lon or 0.0, places[0].lat or 0.0
        scale = np.array([111_320.0 * np.cos(np.radians(lat)), 110_574.0])
        receptors = np.array([[(p.lon or 0.0) - lon, (p.lat or 0.0) - lat] for p in places]) * scale
        speed, wind_from = (
            signs.middles(
                self.board.window(of_rows(self.board, ((p.code, code) for p in places)), excess.shape[1])[0]
            )
            for code in (self.table["speed"], self.table["direction"])
        )
        if np.isnan(speed).any() or np.isnan(wind_from).any():
            return {}
        found = locate(receptors, excess, speed, wind_from)
        east, north = np.array([found.east, found.north]) / scale
        return {"lon": float(lon + east), "lat": float(lat + north), "explained": found.explained}


class Waste(Rule):
    """Less dangerous waste is declared than the electricity of production tells 危废台账不平."""

    name = "waste"

    def prepare(self) -> None:
        """Begin without a ledger."""
        self.days: dict[str, list[float]] = {}
        self.low: dict[str, float] = {}

    def declare(self, entries: Iterable[Any]) -> None:
        """Take the entries of a day: enterprise, power_kwh, made."""
        for entry in entries:
            if entry.power_kwh <= 0:
                continue
            ratio, before = entry.made / entry.power_kwh, self.days.setdefault(entry.enterprise, [])
            usual = float(np.median(before)) if len(before) >= self.table["days"] else None
            if usual is not None and ratio < self.table["share"] * usual:
                self.low[entry.enterprise] = ratio / usual
            else:
                before.append(ratio)
                self.low.pop(entry.enterprise, None)

    def look(self, now: int) -> Iterator[Sign]:
        """Yield the enterprises."""
        for enterprise, share in self.low.items():
            yield Sign(self.name, enterprise, (), {"share": share})


RULES: tuple[type[Rule], ...] = (
    OverLimit,
    TreatmentOff,
    FlowShort,
    Constant,
    Clipped,
    Copied,
    Drift,
    Silent,
    OverYearly,
    Sprayed,
    SwappedWater,
    HiddenSource,
    Waste,
)
