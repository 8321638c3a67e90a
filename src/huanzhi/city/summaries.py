"""Minutes summed up: what means, totals and extremes of minutes, hours and days are made of.

Hours are kept, so that a day is put together from 24 of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from huanzhi.city.chance import Floats
from huanzhi.city.devices import Device, Marks, marks, measured
from huanzhi.city.simulation import Simulation
from huanzhi.city.world import MINUTE
from huanzhi.standards.periods import HOUR

FLOWS = ("w00000", "a00000")


@dataclass(frozen=True, slots=True)
class Summary:
    """Some minutes of a device, by code.

    Attributes
    ----------
    minutes : int
    total, least, most : mapping
        Sum, smallest and greatest of the minute values.
    carried : mapping
        Sum of value x flow; empty of a device without flow.
    odd, odd_minutes : str, int
        First mark that is not N, and how many minutes are not N.
    """

    minutes: int
    total: Mapping[str, float]
    least: Mapping[str, float]
    most: Mapping[str, float]
    carried: Mapping[str, float]
    odd: str
    odd_minutes: int

    def mean(self, code: str, weighted: bool) -> float:
        """Return the mean, weighted by flow where asked and where anything flowed."""
        flow = next((self.total[name] for name in FLOWS if name in self.total), 0.0)
        return self.carried[code] / flow if weighted and flow else self.total[code] / self.minutes


def summary(simulation: Simulation, device: Device, start: int, end: int) -> Summary:
    """Return the minutes of [`start`, `end`) [s UTC], whole hours or minutes of one hour, summed up."""
    if end - start < HOUR:
        hour = start // HOUR * HOUR
        return _of(simulation, device, hour, slice((start - hour) // MINUTE, (end - hour) // MINUTE))
    hours = [hour_summary(simulation, device, hour) for hour in range(start, end, HOUR)]
    return hours[0] if len(hours) == 1 else _joined(hours)


def hour_summary(simulation: Simulation, device: Device, hour: int) -> Summary:
    """Return one hour summed up."""
    name = (device.mn, hour)
    return simulation.summaries.get(name, lambda: _of(simulation, device, hour, slice(0, 60)))


def _of(simulation: Simulation, device: Device, hour: int, part: slice) -> Summary:
    values = measured(simulation, device, hour)
    own = {code: values[code][part] for code in device.wire.values()}
    flow = next((own[name] for name in FLOWS if name in own), None)
    marked: Marks = marks(simulation, device, hour)[part]
    odd = marked[marked != "N"]
    return Summary(
        minutes=len(marked),
        total={code: float(series.sum()) for code, series in own.items()},
        least={code: float(series.min()) for code, series in own.items()},
        most={code: float(series.max()) for code, series in own.items()},
        carried=_carried(own, flow),
        odd=str(odd[0]) if len(odd) else "N",
        odd_minutes=len(odd),
    )


def _carried(own: Mapping[str, Floats], flow: Floats | None) -> dict[str, float]:
    return {} if flow is None else {code: float(np.dot(series, flow)) for code, series in own.items()}


def _joined(parts: list[Summary]) -> Summary:
    codes = parts[0].total
    return Summary(
        minutes=sum(part.minutes for part in parts),
        total={code: sum(part.total[code] for part in parts) for code in codes},
        least={code: min(part.least[code] for part in parts) for code in codes},
        most={code: max(part.most[code] for part in parts) for code in codes},
        carried={code: sum(part.carried[code] for part in parts) for code in parts[0].carried},
        odd=next((part.odd for part in parts if part.odd != "N"), "N"),
        odd_minutes=sum(part.odd_minutes for part in parts),
    )
