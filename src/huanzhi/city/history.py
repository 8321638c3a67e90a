"""History 历史数据: the means that the devices of the city would have sent, as frames, before it went live.

The same functions make them as make the live ones, so what is filled in and what a device sends again agree
to the digit. Means over days of a longer past are taken from some hours of each day, not from all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from huanzhi.city import telegrams
from huanzhi.city.devices import Device
from huanzhi.city.simulation import Simulation
from huanzhi.city.summaries import hour_summary
from huanzhi.city.telegrams import DAYS, HOURS, Telegram, cadence
from huanzhi.network.hj212 import Verdict
from huanzhi.standards.periods import CHINA_OFFSET, DAY, HOUR

SAMPLED_HOURS = {"air": (2, 8, 14, 20), "section": (14,)}
"""Hours of China time that stand for a day of the longer past. A section needs every outlet upstream for
hours before, so one hour stands for its day. DEFAULT, NOT FROM THE DOCUMENTS."""

OZONE = "a05024"


@dataclass(frozen=True, slots=True)
class DayMean:
    """Mean of a day by a device, as text with the decimals of its item."""

    device: Device
    code: str
    day: int
    value: str


def frames(
    simulation: Simulation, devices: Sequence[Device], start: int, end: int
) -> Iterator[tuple[Device, bytes]]:
    """Go through the frames of the hours, and of the days, that begin in [`start`, `end`) [s UTC].

    Nothing goes wrong with them; a device that was switched off says nothing. They are not encrypted.
    """
    for device in devices:
        plain = replace(device, sm4_key=b"", crc=Verdict.HJ212, lower_case=False)
        for cn, step in ((HOURS, HOUR), (DAYS, DAY)):
            if cn not in cadence(device):
                continue
            shift = CHINA_OFFSET if step == DAY else 0
            first = -(-(start + shift) // step) * step - shift
            for begin in range(first, end, step):
                yield from _frames_of(simulation, plain, Telegram(begin + step + device.phase, cn, begin))


def _frames_of(simulation: Simulation, device: Device, telegram: Telegram) -> Iterator[tuple[Device, bytes]]:
    off, _ = telegrams.silent(simulation, device, telegram.at)
    if not off:
        for part in telegrams.parts(telegrams.packet(simulation, device, telegram)):
            yield device, telegrams.frame(device, part).rstrip(b"\r\n")


def day_means(simulation: Simulation, devices: Sequence[Device], start: int, end: int) -> Iterator[DayMean]:
    """Go through the means of the China days that begin in [`start`, `end`).

    Ozone is the highest of the hours taken, which stands for the daily maximum of eight hours.
    """
    first = -(-(start + CHINA_OFFSET) // DAY) * DAY - CHINA_OFFSET
    for device in devices:
        for day in range(first, end, DAY):
            found = [
                hour_summary(simulation, device, day + hour * HOUR) for hour in SAMPLED_HOURS[device.kind]
            ]
            for code in device.wire.values():
                means = [one.mean(code, weighted=False) for one in found]
                value = max(means) if code == OZONE else float(np.mean(means))
                yield DayMean(device, code, day, telegrams.number(code, value))
