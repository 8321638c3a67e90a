"""Rules over single limited items of outlets: over the limit, clipped, drifting, over the year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from huanzhi.assess import signs
from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.center.watching.board import MINUTE, of_rows
from huanzhi.center.watching.rules.rule import FLOWS, Rule, Sign

_CHECK = int(DeviceFlag.CALIBRATION | DeviceFlag.STANDARD_CHECK)


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


class OverYearly(Rule):
    """More than the permit allows for the year has left the outlet 超年许可排放量."""

    name = "over_yearly"

    def prepare(self) -> None:
        """Rows are limited items and the flow of the outlet."""
        self.items = [(p.code, c, y) for p in self.facts.of_kind("outlet") for c, y in p.yearly.items()]
        self.rows = of_rows(self.board, ((place, code) for place, code, _ in self.items))
        flows = [of_rows(self.board, ((place, flow) for flow in FLOWS)) for place, *_ in self.items]
        self.flows = np.array(flows, dtype=np.int64).reshape(-1, 2)
        self.gone = np.array([yearly.before for *_, yearly in self.items])
        self.permitted = np.array([yearly.permitted for *_, yearly in self.items])
        self.to_mg = np.array([yearly.to_mg for *_, yearly in self.items])
        self.rate = np.zeros(len(self.items))

    def reckoned(self, gone: Mapping[tuple[str, str], float]) -> None:
        """Take over what was reckoned from hours, by outlet and parameter [t]; minutes go on from there."""
        known = (
            (place, gone.get((code, parameter))) for place, (code, parameter, _) in enumerate(self.items)
        )
        for place, tonnes in known:
            if tonnes is not None:
                self.gone[place] = tonnes

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
