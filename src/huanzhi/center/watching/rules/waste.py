"""Rules over ledgers 台账."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from huanzhi.center.watching.rules.rule import Rule, Sign


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
