"""The picture 实时画面: the newest row of every series in memory; the store remains the truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.assess.states import State
from huanzhi.library.events import Newest
from huanzhi.library.series import Feature
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import to_china

STATES = {state.value: state.name.lower() for state in State}


@dataclass(frozen=True, slots=True)
class Cell:
    """One series as it stands."""

    newest: Newest
    feature: Feature

    def event(self) -> dict[str, Any]:
        """Return it as an event of the topic ``values``."""
        row = self.newest
        return {
            "feature": row.feature,
            "parameter": row.parameter,
            "period": row.period,
            "time": to_china(row.time).isoformat(),
            "value": written(row.value, row.decimals),
            "unit": unit_of(row.parameter),
            "state": STATES[row.state],
            "flags": list(flags_of(row.flag)),
            "simulated": self.feature.simulated,
        }


class Picture:
    """The cells; they belong to the thread of the loop."""

    def __init__(self) -> None:
        self.features: dict[str, Feature] = {}
        self.cells: dict[str, dict[tuple[str, str], Cell]] = {}
        self.revision = 0

    def know(self, features: Mapping[str, Feature]) -> None:
        """Take over the places of the store."""
        self.features = dict(features)

    def take(self, rows: Iterable[Newest]) -> list[Cell]:
        """Take in newer rows; return their cells."""
        found = [Cell(row, self.features[row.feature]) for row in rows if row.feature in self.features]
        for cell in found:
            row = cell.newest
            self.cells.setdefault(row.feature, {})[row.parameter, row.period] = cell
            self.revision = max(self.revision, row.revision)
        return found


def written(units: int | None, decimals: int) -> str | None:
    """Return a value as it was written.

    >>> written(-5, 2), written(1230, 1), written(None, 0)
    ('-0.05', '123.0', None)
    """
    if units is None:
        return None
    digits = str(abs(units)).rjust(decimals + 1, "0")
    whole = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals > 0 else digits
    return f"-{whole}" if units < 0 else whole


@cache
def unit_of(parameter: str) -> str:
    """Return the unit of the platform; empty of what has no code, and of converted and extreme values too."""
    known = all_parameters().get(parameter) or all_parameters().get(parameter.partition("-")[0])
    return known.unit if known else ""


@cache
def flags_of(flag: int) -> tuple[str, ...]:
    """Return the device's flags in words of the machine."""
    return tuple(one.name.lower() for one in DeviceFlag if one and one in DeviceFlag(flag) and one.name)
