"""Rules over all series of an outlet together: standing still, copied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from huanzhi.assess import signs
from huanzhi.center.watching.board import Ints
from huanzhi.center.watching.facts import Watched
from huanzhi.center.watching.rules.rule import Rule, Sign


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
