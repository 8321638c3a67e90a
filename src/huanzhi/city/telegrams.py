"""Telegrams 报文: what a device has to say and when, and the bytes of it, faults and all.

Everything is a function of city, device and time: the same seed gives the same bytes. Real-time values 2011,
minute values 2051, hours 2061, days 2031; of HJ 212-2025 checks 2062 and heartbeats 9015.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np

from huanzhi.city.chance import between, draw, key
from huanzhi.city.devices import Device, checked_at, marks, readings
from huanzhi.city.model import Outlet, description
from huanzhi.city.simulation import Simulation
from huanzhi.city.summaries import FLOWS as _FLOWS
from huanzhi.city.summaries import Summary, summary
from huanzhi.city.world import MINUTE
from huanzhi.network import hj212
from huanzhi.network.hj212 import Edition, Group, Item, Packet, cipher, crc
from huanzhi.network.hj212.bodies import time_text
from huanzhi.standards.periods import CHINA_OFFSET, DAY, HOUR

REALTIME, MINUTES, HOURS, DAYS, CHECK, HEARTBEAT = "2011", "2051", "2061", "2031", "2062", "9015"
VERSION = {
    Edition.HJT212_2005: 0,
    Edition.HJ212_2017: 4,
    Edition.HJ212_2025: 8,
    Edition.HJ1404_2024: 8,
}


@dataclass(frozen=True, slots=True)
class Telegram:
    """One thing that a device has to say.

    Attributes
    ----------
    at : int
        When it is sent [s UTC of the city].
    cn : str
    data_time : int
        Moment, or beginning of the interval [s UTC of the city].
    mute : bool
        The line is broken, or somebody has switched the device off: nothing is sent.
    resent : bool
        Kept while the line was broken and sent afterwards 补传 (HJ 212-2025).
    """

    at: int
    cn: str
    data_time: int
    mute: bool = False
    resent: bool = False


def telegrams(simulation: Simulation, device: Device, start: int, end: int) -> Iterator[Telegram]:
    """Return what a device says in [`start`, `end`) [s UTC], in order."""
    return (each for each in agenda(simulation, device, start, end) if not each.mute)


def agenda(simulation: Simulation, device: Device, start: int, end: int) -> Iterator[Telegram]:
    """Return what a device says, and what it would have said but was mute, in order.

    Means of intervals that began before the city did are not sent: there is nothing before.
    A device of HJ 212-2025 keeps the means that it could not send, and sends them after the first new one.
    """
    streams = [_stream(device, cn, step, start, end) for cn, step in cadence(device).items()]
    first = simulation.city.start
    kept: list[Telegram] = []
    for each in heapq.merge(*streams, key=lambda one: (one.at, one.cn)):
        if each.data_time < first:
            continue
        off, broken = silent(simulation, device, each.at)
        yield replace(each, mute=off or broken)
        if broken and not off and _keeps(device, each):
            kept.append(each)
        elif not off and not broken:
            yield from (replace(late, at=each.at, resent=True) for late in kept)
            kept.clear()


def _keeps(device: Device, telegram: Telegram) -> bool:
    return device.edition is Edition.HJ212_2025 and telegram.cn in (MINUTES, HOURS, DAYS)


def cadence(device: Device) -> dict[str, int]:
    """Return how often a device sends each command [s]."""
    facts = device.facts
    found = {REALTIME: facts.get("realtime", 0), MINUTES: facts.get("minutes", 0) * MINUTE}
    found |= {HOURS: HOUR * facts.get("hours", False), DAYS: DAY * facts.get("days", False)}
    if device.edition is Edition.HJ212_2025:
        found[HEARTBEAT] = description("devices")["heartbeat_seconds"]
        found[CHECK] = DAY * (device.kind in ("water", "gas"))
    return {cn: step for cn, step in found.items() if step}


def _stream(device: Device, cn: str, step: int, start: int, end: int) -> Iterator[Telegram]:
    late = device.phase + {MINUTES: 2, HOURS: 5, DAYS: 9, CHECK: checked_at(device)}.get(cn, 0)
    shift = CHINA_OFFSET if step == DAY else 0
    tick = (start + shift - late) // step * step - shift
    while tick + late < end:
        if tick + late >= start:
            yield Telegram(tick + late, cn, _data_time(device, cn, tick, step))
        tick += step


def _data_time(device: Device, cn: str, tick: int, step: int) -> int:
    if cn in (REALTIME, HEARTBEAT):
        return tick
    return tick + checked_at(device) - MINUTE if cn == CHECK else tick - step


def silent(simulation: Simulation, device: Device, at: int) -> tuple[bool, bool]:
    """Return whether a device is switched off, by a violation, and whether its line is broken."""
    moment = np.array([at], dtype=np.int64)
    off = any(simulation.schedule.of(device.subject.code, moment, "offline"))
    begin, finish = _break(simulation.city.seed, device.mn, (at + CHINA_OFFSET) // DAY)
    return off and device.kind in ("water", "gas"), begin <= at < finish


@lru_cache(maxsize=1 << 16)
def _break(seed: int, mn: str, day: int) -> tuple[int, int]:
    table, name = description("devices")["break"], (seed, mn, "break", day)
    if draw(*name) >= table["by_day"]:
        return 0, 0
    begin = day * DAY - CHINA_OFFSET + int(between(0, DAY, *name, "begin"))
    return begin, begin + int(between(*table["minutes"], *name, "minutes") * MINUTE)


def packet(
    simulation: Simulation, device: Device, telegram: Telegram, clock_error: int = 0, **header: str
) -> Packet:
    """Return the packet of a telegram.

    Parameters
    ----------
    clock_error : int
        Seconds by which the clock of the device is fast now.
    header
        Fields to set besides: ``RF`` of one that is sent again, ``QN`` of one that was asked for.
    """
    answered = telegram.cn != REALTIME
    system = "91" if telegram.cn == HEARTBEAT else device.facts["st"]
    fields = {
        "QN": _qn(device, telegram, clock_error),
        "ST": system,
        "CN": telegram.cn,
        "PW": device.password,
        "MN": device.mn,
        "Flag": str(VERSION[device.edition] | answered),
    }
    found = Packet(
        tuple(Item(*field) for field in fields.items()),
        tuple(_area(simulation, device, telegram, clock_error)),
    )
    if telegram.resent:
        header["RF"] = "1"
    return found.with_header(**header) if header else found


def _qn(device: Device, telegram: Telegram, clock_error: int) -> str:
    millisecond = key(device.mn, telegram.cn, telegram.data_time) % 1000
    return china_text(telegram.at + clock_error) + f"{millisecond:03d}"


def china_text(moment: int) -> str:
    """Return a moment [s UTC] as ``YYYYMMDDhhmmss`` of China."""
    return time_text(datetime.fromtimestamp(moment, UTC))


def _area(simulation: Simulation, device: Device, telegram: Telegram, clock_error: int) -> Iterator[Group]:
    if telegram.cn == HEARTBEAT:
        return
    shift = clock_error if telegram.cn == REALTIME else 0
    yield (Item("DataTime", china_text(telegram.data_time + shift)),)
    if telegram.cn in (REALTIME, CHECK):
        say = _realtime if telegram.cn == REALTIME else _check
        yield from say(simulation, device, telegram.data_time)
        return
    length = {MINUTES: cadence(device).get(MINUTES, 0), HOURS: HOUR, DAYS: DAY}[telegram.cn]
    yield from _means(simulation, device, telegram.data_time, telegram.data_time + length)


def _realtime(simulation: Simulation, device: Device, moment: int) -> Iterator[Group]:
    hour = moment // HOUR * HOUR
    minute = (moment - hour) // MINUTE
    values = readings(simulation, device, hour)
    mark = str(marks(simulation, device, hour)[minute])
    for wire, code in device.wire.items():
        yield Item(f"{wire}-Rtd", number(code, float(values[code][minute]))), Item(f"{wire}-Flag", mark)


def _check(simulation: Simulation, device: Device, moment: int) -> Iterator[Group]:
    """Tell the daily check 自动标样核查: what the instrument read, and what the standard holds."""
    share = description("devices")["mark"]["check_share"]
    hour = moment // HOUR * HOUR
    values = readings(simulation, device, hour)
    assert isinstance(device.subject, Outlet)
    for item in device.subject.items:
        if item.limit:
            read = number(item.code, float(values[item.code][(moment - hour) // MINUTE]))
            held = number(item.code, share * float(item.limit.value))
            yield Item(f"{item.code}-SampleRd", read), Item(f"{item.code}-StandardValue", held)


def _means(simulation: Simulation, device: Device, start: int, end: int) -> Iterator[Group]:
    found = summary(simulation, device, start, end)
    flow_code = next((code for code in _FLOWS if code in found.total), "")
    totals = device.facts.get("totals", False)
    for wire, code in device.wire.items():
        group = [Item(f"{wire}-Cou", _total(code, found, flow_code))] if totals else []
        weighted = device.kind == "water" and code != flow_code
        kinds = {"Min": found.least[code], "Avg": found.mean(code, weighted), "Max": found.most[code]}
        group += [Item(f"{wire}-{kind}", number(code, value)) for kind, value in kinds.items()]
        yield (*group, Item(f"{wire}-Flag", _mark_of(device, found, end - start)))


def _total(code: str, found: Summary, flow_code: str) -> str:
    """Return the total: m3 of the flow, kg of a pollutant in mg/L or mg/m3; 0 of what has none."""
    if code == flow_code:
        return f"{found.total[code] * MINUTE / (1000.0 if code == 'w00000' else 1.0):.3f}"
    if code in ("w01001", "w01010", "w01014", "a19001") or code.startswith("a01"):
        return "0.000"
    return f"{found.carried[code] * MINUTE / 1e6:.4f}"


def _mark_of(device: Device, found: Summary, length: int) -> str:
    """Return the mark of a mean: that of any odd minute of water within an hour, else only of many."""
    any_counts = device.kind == "water" and length <= HOUR
    share = 0.0 if any_counts else description("devices")["mark"]["abnormal_share"]
    return found.odd if found.odd_minutes > share * found.minutes else "N"


def number(code: str, value: float) -> str:
    """Return a value with the decimals of its item."""
    return f"{value:.{description('devices')['decimals'][code]}f}"


def frame(device: Device, found: Packet, broken: bool = False) -> bytes:
    """Return the frame of a packet in the dialect of the device; `broken` spoils its CRC."""
    plain = found.text().encode("utf-8")
    check = crc.text(plain, device.crc)
    if broken:
        check = f"{int(check, 16) ^ 0x5A00:04X}".encode()
    if device.lower_case:
        check = check.lower()
    wire = cipher.encrypt(plain, device.sm4_key) if device.sm4_key else plain
    return b"##%04d" % len(wire) + wire + check + b"\r\n"


def fault(simulation: Simulation, device: Device, telegram: Telegram) -> str:
    """Return what goes wrong with the first sending: ``lost``, ``twice``, ``bad_crc``, ``cut`` or nothing."""
    left = draw(simulation.city.seed, device.mn, telegram.cn, telegram.data_time, "fault")
    for name, share in description("devices")["fault"].items():
        left -= share
        if left < 0:
            return str(name)
    return ""


def sent(device: Device, found: Packet, wrong: str) -> bytes:
    """Return the bytes that go out where `wrong` goes wrong."""
    if wrong == "lost":
        return b""
    whole = frame(device, found, broken=wrong == "bad_crc")
    if wrong == "cut":
        return whole[: len(whole) * 2 // 3]
    return whole * 2 if wrong == "twice" else whole


def parts(found: Packet) -> list[Packet]:
    """Return a packet in parts where its data area is too long for one frame."""
    return hj212.split(found)


def wire(simulation: Simulation, device: Device, telegram: Telegram) -> bytes:
    """Return the bytes of a telegram as a device with its first clock and password sends them."""
    found = packet(simulation, device, telegram, device.clock_error)
    wrong = fault(simulation, device, telegram)
    return b"".join(sent(device, part, wrong) for part in parts(found))
