"""Rules that hold outlets against the electricity of their enterprise 用电监管."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from huanzhi.assess import signs
from huanzhi.assess.signs import Mask
from huanzhi.center.watching.board import MINUTE, Floats, of_rows
from huanzhi.center.watching.facts import Meter
from huanzhi.center.watching.rules.rule import FLOWS, Rule, Sign


class Meters:
    """Meters of many places, read together; shapes (n places, most meters of one).

    Parameters
    ----------
    rule : Rule
    meters : sequence of sequences of Meter
        Those of each place.
    """

    def __init__(self, rule: Rule, meters: Sequence[Sequence[Meter]]) -> None:
        most = max(map(len, meters), default=1) or 1
        self.board, self.fresh_rows = rule.board, rule.fresh
        self.there = np.array([[k < len(own) for k in range(most)] for own in meters], dtype=np.bool_)
        self.there = self.there.reshape(-1, most)
        pairs = [(own[min(k, len(own) - 1)] if own else _NONE) for own in meters for k in range(most)]
        rows = of_rows(self.board, ((one.feature, one.parameter) for one in pairs))
        self.rows = rows.reshape(-1, most)
        self.rated = np.array([sum(one.rated for one in own) or np.nan for own in meters])

    def load(self, length: int) -> Floats:
        """Return the power of each place over what is rated, up to its newest minute; shape (n, length)."""
        ends = self.board.newest[self.rows].max(axis=1)
        values, _ = self.board.window(self.rows.ravel(), length, np.repeat(ends, self.rows.shape[1]))
        each = values.reshape(*self.rows.shape, length)
        whole = np.where(self.there[..., None], each, 0.0).sum(axis=1)
        return np.asarray(whole / self.rated[:, None])

    def fresh(self, now: int) -> Mask:
        """Return which places have all their meters heard now."""
        found = self.fresh_rows(self.rows.ravel(), now).reshape(self.rows.shape) | ~self.there
        return np.asarray(found.all(axis=1) & self.there.any(axis=1))


_NONE = Meter("", "", 0.0)


class _Powered(Rule):
    """A rule that asks whether production works."""

    def prepare(self) -> None:
        """Places are the outlets with a meter of production."""
        self.places = [place for place in self.facts.of_kind("outlet") if place.production]
        self.lines = Meters(self, [place.production for place in self.places])


class TreatmentOff(_Powered):
    """Production works while the treatment stands 治污设施停运."""

    name = "treatment_off"

    def prepare(self) -> None:
        """Look at outlets with both meters."""
        super().prepare()
        self.treatment = Meters(self, [place.treatment for place in self.places])

    def look(self, now: int) -> Iterator[Sign]:
        """Yield the outlets."""
        if not self.places:
            return
        table = self.table
        works = self.lines.load(table["window"]) > table["production_share"]
        power = self.treatment.load(table["window"])
        off = works & (power < table["treatment_share"])
        found = off[:, -1] & (off.sum(axis=1) >= table["least"]) & self.treatment.fresh(now)
        for place in np.flatnonzero(found).tolist():
            yield Sign(self.name, self.places[place].code, (), {"share": float(power[place, -1])})


class FlowShort(_Powered):
    """Less flows out than production of that size usually gives 疑似旁路偷排."""

    name = "flow_short"

    def prepare(self) -> None:
        """Look at outlets with a flow."""
        super().prepare()
        pairs = [(place.code, flow) for place in self.places for flow in FLOWS]
        self.flows = of_rows(self.board, pairs).reshape(-1, len(FLOWS))

    def look(self, now: int) -> Iterator[Sign]:
        """Yield the outlets."""
        if not self.places:
            return
        table = self.table
        found = signs.under_usual(self._ratio(), table["recent"], table["flow_share"], table["enough"])
        fresh = self.fresh(self.flows.ravel(), now).reshape(self.flows.shape).any(axis=1)
        for place in np.flatnonzero(found & fresh).tolist():
            if self._both_heard(place, now):
                newest = int(np.argmax(self.board.newest[self.flows[place]]))
                yield Sign(self.name, self.places[place].code, (FLOWS[newest],))

    def _both_heard(self, place: int, now: int) -> bool:
        """Return whether outlet and meter arrived within the last minutes."""
        watched = self.places[place]
        names = (watched.code, *(meter.feature for meter in watched.production))
        return all(now - self.board.heard.get(name, 0) // MINUTE <= self.table["together"] for name in names)

    def _ratio(self) -> Floats:
        """Return flow over load, each up to its own newest minute: clocks differ, arrival does not."""
        length, table = self.table["window"], self.table
        load = self.lines.load(length)
        last = load[:, -table["steady"] :]
        low = np.where(np.isnan(last), np.inf, last).min(axis=1)
        high = np.where(np.isnan(last), 0.0, last).max(axis=1)
        steady = low > (1 - table["steady_share"]) * high
        ends = np.repeat(self.board.newest[self.flows].max(axis=1), len(FLOWS))
        each = self.normal(self.flows.ravel(), length, ends).reshape(*self.flows.shape, length)
        flow = np.where(np.isnan(each), -1.0, each).max(axis=1)
        working = (load > table["production_share"]) & (flow >= 0) & steady[:, None]
        return np.where(working, flow / np.where(working, load, 1.0), np.nan)


class Silent(_Powered):
    """The device is silent while production works 停产外离线."""

    name = "silent"

    def look(self, now: int) -> Iterator[Sign]:
        """Yield the outlets."""
        if not self.places:
            return
        load = self.lines.load(self.table["silence"])
        least = np.where(np.isnan(load), np.inf, load).min(axis=1)
        works = (least > self.table["production_share"]) & np.isfinite(least) & self.lines.fresh(now)
        for place in np.flatnonzero(works).tolist():
            heard = self.board.heard.get(self.places[place].code)
            silence = 0 if heard is None else now - heard // MINUTE
            if silence >= self.table["silence"]:
                yield Sign(self.name, self.places[place].code, (), {"minutes": float(silence)})
