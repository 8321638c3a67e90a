"""Rules over ledgers 台账."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from huanzhi.center.watching.rules.rule import Rule, Sign


class Waste(Rule):
    """Less dangerous waste is declared than the electricity of production tells 危废台账不平.

    A day is held against the usual days before it, once there are enough, and against what the enterprise has
    registered to make for a kilowatt-hour, with a wider margin: a concealment that began before anybody
    looked has no usual days before it.
    """

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
            ratio = entry.made / entry.power_kwh
            share = self._share(entry.enterprise, ratio)
            if share is not None:
                self.low[entry.enterprise] = share
            else:
                self.days.setdefault(entry.enterprise, []).append(ratio)
                self.low.pop(entry.enterprise, None)

    def _share(self, enterprise: str, ratio: float) -> float | None:
        """Return the share of the expected waste that was declared, if it is too little."""
        before, registered = self.days.get(enterprise, []), self.facts.waste.get(enterprise)
        expected = []
        if len(before) >= self.table["days"]:
            expected.append((float(np.median(before)), self.table["share"]))
        if registered:
            expected.append((registered, self.table["registered_share"]))
        short = [ratio / usual for usual, least in expected if usual > 0 and ratio < least * usual]
        return min(short, default=None)

    def look(self, now: int) -> Iterator[Sign]:
        """Yield the enterprises."""
        for enterprise, share in self.low.items():
            yield Sign(self.name, enterprise, (), {"share": share})
