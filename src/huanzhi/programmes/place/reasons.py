"""Reasons 为什么: how a value of a place came about, from its verdict down to the bytes that brought it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from huanzhi.assess.explanation import Explanation, Step
from huanzhi.assess.states import State
from huanzhi.errors import InputError, StandardError
from huanzhi.library.arrivals.model import arrivals_folder
from huanzhi.library.arrivals.reading import Shelf
from huanzhi.library.series import Store
from huanzhi.messages import text
from huanzhi.network.gateway.meanings import MINUTES, PERIODS
from huanzhi.programmes.explaining import Origin, origins, stored_air, stored_water
from huanzhi.programmes.place.limits import limit_steps
from huanzhi.programmes.place.subject import Subject
from huanzhi.programmes.spans import Span
from huanzhi.standards import Edition, standard
from huanzhi.standards.air import item_of
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import CHINA, Period, china_date, to_china

ARRIVALS = "arrivals "
"""How the name of a batch of frames begins."""

MOST_FRAMES = 5


@dataclass(frozen=True, slots=True)
class RawFrame:
    """A frame as it arrived.

    Attributes
    ----------
    seq : int
        Number in the order of arrival.
    received : int
        When it came [µs UTC].
    """

    seq: int
    received: int
    mn: str
    peer: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Reason:
    """Steps, standards and origins of one value."""

    explanation: Explanation
    origins: tuple[Origin, ...]


def reason(store: Store, subject: Subject, parameter: str, period: Period, time: int) -> Reason:
    """Return why a value is judged as it is.

    An item of the AQI is explained with the index of its hour or day, surface water with the class of its
    day, everything else by its limit.

    Raises
    ------
    InputError
        If nothing was reported there then.
    """
    there = tuple(origins(store, subject.code, [parameter], period, [time]))
    if not there:
        raise InputError(
            "explain.nothing_then", value=subject.feature.name, day=f"{to_china(time):%Y-%m-%d %H:%M}"
        )
    own = _own_steps(subject, parameter, period, time, there[-1])
    judged = _judged(store, subject, parameter, period, time)
    if judged is None:
        return Reason(_explanation(own, there[-1]), there)
    return Reason(
        Explanation(judged.inputs, judged.editions, (*own, *judged.steps), judged.result, judged.tables),
        there,
    )


def _judged(store: Store, subject: Subject, parameter: str, period: Period, time: int) -> Explanation | None:
    """Return how the place was judged at the time; None where it cannot be."""
    try:
        if subject.family == "air" and period in (Period.HOUR, Period.DAY) and item_of(parameter):
            return stored_air(store, subject.code, time, period).explanation
        if subject.family == "water":
            day = china_date(time)
            return stored_water(store, subject.code, Span("days", day, day)).explanation
    except (InputError, StandardError):
        return None
    return None


def _own_steps(
    subject: Subject, parameter: str, period: Period, time: int, value: Origin
) -> tuple[Step, ...]:
    """Return the steps of the value itself: as reported, and beside its limits."""
    known = all_parameters().get(parameter.partition("-")[0])
    unit, symbol = (known.unit, known.symbol) if known else ("", parameter)
    steps = [
        Step(
            "series_api.reported",
            {
                "item": symbol,
                "value": value.value or "—",
                "unit": unit,
                "time": f"{value.time:%Y-%m-%d %H:%M}",
                "file": value.file,
                "revision": value.revision,
            },
        )
    ]
    if value.state == State.VALUE.name.lower():
        steps += _limit_steps(subject, parameter, period, time, Decimal(value.value), symbol)
    return tuple(steps)


def _limit_steps(
    subject: Subject, parameter: str, period: Period, time: int, value: Decimal, symbol: str
) -> Iterator[Step]:
    for step in limit_steps(subject, parameter, period, time, time + 1):
        if not step.applies:
            continue
        over = "beyond" if step.exceeded(Fraction(value)) else "within"
        key = f"series_api.{over}_{step.bound}"
        meaning = "reference" if step.basis == "reference" else "limit"
        values = {
            "item": symbol,
            "value": value,
            "limit": step.value,
            "unit": step.unit,
            "standard": step.standard,
            "grade": step.grade,
            "basis": text(f"series_api.basis_{step.basis}"),
            "verdict": text(f"series_api.{over}_{meaning}"),
        }
        yield Step(key, values, step.clause)


def _explanation(steps: Sequence[Step], value: Origin) -> Explanation:
    named = {str(step.values.get("standard", "")) for step in steps} - {""}
    editions = tuple(edition for number in sorted(named) for edition in _editions(number))
    return Explanation(
        {value.item: value.value or None}, editions, tuple(steps), {"value": value.value or None}
    )


def _editions(number: str) -> Iterator[Edition]:
    """Yield the edition with a number such as ``GB 18918-2002``, where it is held."""
    try:
        found = standard(number.rpartition("-")[0])
    except StandardError:
        return
    yield from (edition for edition in found.editions if edition.number == number)


def raw_frames(home: Path | None, origin: Origin, devices: Sequence[str], period: Period) -> list[RawFrame]:
    """Return the frames of the devices of a place that brought a value; none for what came from a file.

    A batch of frames names the span of their numbers; of those, the ones that say the time of the value.
    """
    if not origin.file.startswith(ARRIVALS):
        return []
    first, _, last = origin.file.removeprefix(ARRIVALS).partition(",")[0].split(" ")[-1].partition("-")
    said = _said(origin.time, period)
    with Shelf(arrivals_folder(home)) as shelf:
        frames = shelf.frames(int(first) - 1, int(last) - int(first) + 1, int(last))
    commands = [f";CN={cn};".encode() for cn, brings in PERIODS.items() if brings == period] or [b"CN="]
    if period is Period.MINUTE:
        commands = [f";CN={MINUTES};".encode()]
    fitting = [
        kept
        for kept in frames
        if kept.mn in devices and said in kept.raw and any(command in kept.raw for command in commands)
    ]
    return [RawFrame(kept.seq, kept.received, kept.mn, kept.peer, kept.raw) for kept in fitting[:MOST_FRAMES]]


def _said(moment: datetime, period: Period) -> bytes:
    """Return how a frame says the time of a value."""
    length = {Period.DAY: 8, Period.HOUR: 10, Period.TEN_MINUTES: 12, Period.MINUTE: 12}.get(period, 14)
    return f"DataTime={moment.astimezone(CHINA):%Y%m%d%H%M%S}"[: len("DataTime=") + length].encode()
