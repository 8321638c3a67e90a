"""Reverse control 反控: what a device answers to the commands of its host.

A request is answered by 9011, then come the data, then 9012. A request with a wrong password or number is
refused in 9011. History 2031, 2051 and 2061 can be asked for any time: that is how gaps are filled 补遗.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from huanzhi.city.devices import Device
from huanzhi.city.simulation import Simulation
from huanzhi.city.telegrams import (
    DAYS,
    HOURS,
    MINUTES,
    REALTIME,
    VERSION,
    Telegram,
    cadence,
    china_text,
    packet,
)
from huanzhi.network.hj212 import Edition, Group, Item, Packet
from huanzhi.network.hj212.bodies import parse_time
from huanzhi.standards.periods import CHINA_OFFSET, DAY, HOUR

READY, REFUSED, WRONG_PASSWORD, UNKNOWN, WRONG_NUMBER, WRONG_COMMAND = "1", "2", "3", "100", "4", "8"
DONE, FAILED, NO_DATA = "1", "2", "100"
ANSWERS = ("9013", "9014")
MOST_INTERVALS = 2000
"""Intervals of history that one request brings at most."""

_SYSTEM = "91"
_HISTORY = {MINUTES: 600, HOURS: HOUR, DAYS: DAY}
_PLAIN = ("1000", "2021", "2022", "3011", "3012", "3013", "3014", "3015", "3021", "3022", "3024")


@dataclass(slots=True)
class State:
    """What the host may change of a device.

    Attributes
    ----------
    password : str
    clock_error : int
        Seconds by which the clock is fast.
    realtime_on : bool
        Sends real-time values.
    interval : int
        Seconds between real-time values.
    """

    password: str
    clock_error: int
    realtime_on: bool = True
    interval: int = 0


def first_state(device: Device) -> State:
    """Return the state of a device that was switched on just now."""
    return State(device.password, device.clock_error, interval=cadence(device).get(REALTIME, 0))


def answers(
    simulation: Simulation, device: Device, state: State, request: Packet, now: int
) -> Iterator[Packet]:
    """Return the packets that answer a request, and change `state` as it asks.

    Parameters
    ----------
    now : int
        [s UTC of the city].
    """
    if request.cn.startswith("90"):
        return
    verdict = _verdict(device, state, request)
    yield _answer(device, request, "9011", Item("QnRtn", verdict))
    if verdict == READY:
        result = DONE
        for each in _done(simulation, device, state, request, now):
            if isinstance(each, Packet):
                yield each
            else:
                result = each
        yield _answer(device, request, "9012", Item("ExeRtn", result))


def _verdict(device: Device, state: State, request: Packet) -> str:
    old = device.edition is Edition.HJT212_2005
    if request.pw != state.password:
        return WRONG_PASSWORD
    if request.mn != device.mn:
        return UNKNOWN if old else WRONG_NUMBER
    if request.cn not in (*_DOING, *_HISTORY, *_PLAIN):
        return UNKNOWN if old else WRONG_COMMAND
    return READY


def _done(
    simulation: Simulation, device: Device, state: State, request: Packet, now: int
) -> Iterator[Packet | str]:
    if request.cn in _HISTORY:
        yield from _history(simulation, device, state, request, now)
    elif request.cn in _DOING:
        yield from _DOING[request.cn](device, state, request, now)


def _history(
    simulation: Simulation, device: Device, state: State, request: Packet, now: int
) -> Iterator[Packet | str]:
    step = cadence(device).get(request.cn, 0)
    begin, end = (parse_time(request.area_value(name)) for name in ("BeginTime", "EndTime"))
    if not step or begin is None or end is None:
        yield NO_DATA
        return
    shift = CHINA_OFFSET if step == DAY else 0
    first = -(-(int(begin.timestamp()) + shift) // step) * step - shift
    last = min(int(end.timestamp()), now - step)
    moments = range(first, last + 1, step)[:MOST_INTERVALS]
    for moment in moments:
        yield packet(simulation, device, Telegram(now, request.cn, moment), QN=request.qn, PW=state.password)
    if not moments:
        yield NO_DATA


def _tell_time(device: Device, state: State, request: Packet, now: int) -> Iterator[Packet | str]:
    yield _answer(device, request, "1011", Item("SystemTime", china_text(now + state.clock_error)))


def _set_time(device: Device, state: State, request: Packet, now: int) -> Iterator[Packet | str]:
    """Take the time of the host, if it lives on the same day as the city: a city may run at any speed."""
    given = parse_time(request.area_value("SystemTime"))
    if given is None:
        yield FAILED
        return
    error = int(given.timestamp()) - now
    state.clock_error = error if abs(error) < timedelta(hours=1).total_seconds() else 0


def _tell_interval(device: Device, state: State, request: Packet, now: int) -> Iterator[Packet | str]:
    yield _answer(device, request, "1061", Item("RtdInterval", str(state.interval)))


def _set_interval(device: Device, state: State, request: Packet, now: int) -> Iterator[Packet | str]:
    """Take multiples of the interval that the instruments have: they measure no oftener."""
    given, own = request.area_value("RtdInterval"), cadence(device).get(REALTIME, 0)
    if not given.isdigit() or not own or int(given) % own or not int(given):
        yield FAILED
        return
    state.interval = int(given)


def _tell_minutes(device: Device, state: State, request: Packet, now: int) -> Iterator[Packet | str]:
    yield _answer(device, request, "1063", Item("MinInterval", str(cadence(device).get(MINUTES, 0) // 60)))


def _set_minutes(device: Device, state: State, request: Packet, now: int) -> Iterator[Packet | str]:
    if request.area_value("MinInterval") != str(cadence(device).get(MINUTES, 0) // 60):
        yield FAILED


def _set_password(device: Device, state: State, request: Packet, now: int) -> Iterator[Packet | str]:
    given = request.area_value("NewPW") or request.area_value("PW")
    if len(given) != len(state.password):
        yield FAILED
        return
    state.password = given


def _start_realtime(device: Device, state: State, request: Packet, now: int) -> Iterator[Packet | str]:
    state.realtime_on = True
    yield DONE


def _stop_realtime(device: Device, state: State, request: Packet, now: int) -> Iterator[Packet | str]:
    state.realtime_on = False
    yield DONE


def _tell_identity(device: Device, state: State, request: Packet, now: int) -> Iterator[Packet | str]:
    factor = request.area_value("PolId") or next(iter(device.wire))
    yield _answer(
        device, request, "3019", Item("PolId", factor), Item(f"{factor}-SN", f"SIM{device.mn[-8:]}")
    )


_DOING: dict[str, Callable[[Device, State, Packet, int], Iterator[Packet | str]]] = {
    "1011": _tell_time,
    "1012": _set_time,
    "1061": _tell_interval,
    "1062": _set_interval,
    "1063": _tell_minutes,
    "1064": _set_minutes,
    "1072": _set_password,
    "2011": _start_realtime,
    "2012": _stop_realtime,
    "3019": _tell_identity,
}


def _answer(device: Device, request: Packet, cn: str, *items: Item) -> Packet:
    """Return an answer; in 2005 the QN of the request stands in the data area."""
    old, interaction = device.edition is Edition.HJT212_2005, cn.startswith("90")
    area: list[Group] = [(item,) for item in items]
    header = [
        Item("ST", _SYSTEM if interaction else device.facts["st"]),
        Item("CN", cn),
        Item("PW", request.pw),
    ]
    header += [Item("MN", device.mn), Item("Flag", str(VERSION[device.edition]))]
    if old:
        return Packet(tuple(header), ((Item("QN", request.qn),), *area))
    return Packet((Item("QN", request.qn), *header), tuple(area))
