"""Rules that hold outlets against the electricity of their enterprise 用电监管."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from huanzhi.assess import signs
from huanzhi.center.watching.board import MINUTE, Floats, Ints, of_rows
from huanzhi.center.watching.facts import Meter
from huanzhi.center.watching.rules.rule import FLOWS, Rule, Sign


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
        self.flows = [of_rows(self.board, ((place.code, flow) for flow in FLOWS)) for place in self.places]

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
        for place in np.flatnonzero(found).tolist():
            if self.fresh(self.flows[place], now).any() and self._both_heard(place, now):
                yield Sign(self.name, self.places[place].code, (FLOWS[int(self._gas(place))],))

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
