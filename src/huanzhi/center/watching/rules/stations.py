"""Rules over stations and sections: interfered with, or near a source that nobody registered."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from huanzhi.assess import signs
from huanzhi.center.watching.board import Floats, Ints, of_rows
from huanzhi.center.watching.facts import Watched
from huanzhi.center.watching.rules.rule import Rule, Sign
from huanzhi.simulate.plume import locate


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
        self.rows = of_rows(self.board, pairs).reshape(-1, len(self.table["parameters"]))

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
