"""Reverse control: 9011, data, 9012 for what a device can do; a refusal in 9011 for what it cannot."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from huanzhi.city import commands, telegrams
from huanzhi.city.commands import State, answers, first_state
from huanzhi.city.devices import Device
from huanzhi.city.simulation import Simulation
from huanzhi.city.telegrams import HOURS, MINUTES, china_text
from huanzhi.network.hj212 import Edition, Item, Packet
from huanzhi.standards.periods import HOUR


def request(device: Device, cn: str, *items: Item, **header: str) -> Packet:
    fields = {
        "QN": "20260901090000123",
        "ST": device.facts["st"],
        "CN": cn,
        "PW": device.password,
        "MN": device.mn,
        "Flag": "5",
    }
    return Packet(tuple(Item(*pair) for pair in (fields | header).items()), tuple((item,) for item in items))


@pytest.fixture
def device(fleet_of: tuple[Device, ...]) -> Device:
    return next(d for d in fleet_of if d.kind == "water" and d.edition is Edition.HJ212_2017)


@pytest.fixture
def old(fleet_of: tuple[Device, ...]) -> Device:
    return next(d for d in fleet_of if d.edition is Edition.HJT212_2005)


def run(town: Simulation, device: Device, state: State, asked: Packet, hours: float = 5) -> list[Packet]:
    return list(answers(town, device, state, asked, town.city.start + int(hours * HOUR)))


def codes(found: list[Packet]) -> list[tuple[str, str]]:
    return [(p.cn, p.area_value("QnRtn") or p.area_value("ExeRtn")) for p in found]


def test_history_is_sent_interval_by_interval_as_it_was_sent_first(town: Simulation, device: Device) -> None:
    start = town.city.start
    span = Item("BeginTime", china_text(start)), Item("EndTime", china_text(start + 2 * HOUR))
    found = run(town, device, first_state(device), request(device, HOURS, *span))
    assert codes(found) == [("9011", "1"), ("2061", ""), ("2061", ""), ("2061", ""), ("9012", "1")]
    first = next(t for t in telegrams.telegrams(town, device, start, start + 2 * HOUR) if t.cn == HOURS)
    assert found[1].area == telegrams.packet(town, device, first).area
    assert {packet.qn for packet in found} == {"20260901090000123"}


def test_history_that_has_not_happened_yet_is_not_sent(town: Simulation, device: Device) -> None:
    start = town.city.start + 4 * HOUR
    span = Item("BeginTime", china_text(start)), Item("EndTime", china_text(start + 9 * HOUR))
    found = run(town, device, first_state(device), request(device, HOURS, *span))
    assert codes(found) == [("9011", "1"), ("2061", ""), ("9012", "1")]
    later = Item("BeginTime", china_text(start + 8 * HOUR)), span[1]
    assert codes(run(town, device, first_state(device), request(device, MINUTES, *later)))[-1] == (
        "9012",
        "100",
    )


def test_one_request_brings_a_bounded_number_of_intervals(town: Simulation, device: Device) -> None:
    span = Item("BeginTime", "20260101000000"), Item("EndTime", china_text(town.city.start))
    found = run(town, device, first_state(device), request(device, MINUTES, *span))
    assert len(found) == commands.MOST_INTERVALS + 2


def test_a_wrong_password_number_or_command_is_refused(town: Simulation, device: Device) -> None:
    state = first_state(device)
    assert codes(run(town, device, state, request(device, "1011", PW="000000"))) == [("9011", "3")]
    assert codes(run(town, device, state, request(device, "1011", MN="0" * 24))) == [("9011", "4")]
    assert codes(run(town, device, state, request(device, "7777"))) == [("9011", "8")]


def test_an_answer_of_2005_names_the_request_in_its_data_area(town: Simulation, old: Device) -> None:
    found = run(town, old, first_state(old), request(old, "1011"))
    assert codes(found) == [("9011", "1"), ("1011", ""), ("9012", "1")]
    assert all(not packet.get("QN") and packet.qn == "20260901090000123" for packet in found)
    assert codes(run(town, old, first_state(old), request(old, "7777"))) == [("9011", "100")]


def test_the_clock_is_told_and_set(town: Simulation, device: Device) -> None:
    state = first_state(device)
    state.clock_error = 240
    told = run(town, device, state, request(device, "1011"))[1].area_value("SystemTime")
    now = town.city.start + 5 * HOUR
    assert told == china_text(now + 240)
    run(town, device, state, request(device, "1012", Item("SystemTime", china_text(now + 2))))
    assert state.clock_error == 2


def test_a_city_of_another_day_than_the_host_keeps_its_own_time(town: Simulation, device: Device) -> None:
    state = first_state(device)
    far = china_text(int(datetime(2030, 1, 1, tzinfo=UTC).timestamp()))
    found = run(town, device, state, request(device, "1012", Item("SystemTime", far)))
    assert codes(found) == [("9011", "1"), ("9012", "1")] and state.clock_error == 0
    assert codes(run(town, device, state, request(device, "1012", Item("SystemTime", "soon"))))[-1] == (
        "9012",
        "2",
    )


def test_intervals_are_told_and_set_to_multiples_of_what_is_measured(
    town: Simulation, device: Device
) -> None:
    state = first_state(device)
    assert run(town, device, state, request(device, "1061"))[1].area_value("RtdInterval") == "60"
    run(town, device, state, request(device, "1062", Item("RtdInterval", "300")))
    assert state.interval == 300
    assert codes(run(town, device, state, request(device, "1062", Item("RtdInterval", "30"))))[-1][1] == "2"
    assert run(town, device, state, request(device, "1063"))[1].area_value("MinInterval") == "10"
    assert codes(run(town, device, state, request(device, "1064", Item("MinInterval", "5"))))[-1][1] == "2"
    assert codes(run(town, device, state, request(device, "1064", Item("MinInterval", "10"))))[-1][1] == "1"


def test_a_new_password_holds_from_then_on(town: Simulation, device: Device) -> None:
    state = first_state(device)
    run(town, device, state, request(device, "1072", Item("NewPW", "654321")))
    assert codes(run(town, device, state, request(device, "1011"))) == [("9011", "3")]
    assert codes(run(town, device, state, request(device, "1011", PW="654321")))[0] == ("9011", "1")
    assert (
        codes(run(town, device, state, request(device, "1072", Item("NewPW", "1"), PW="654321")))[-1][1]
        == "2"
    )


def test_realtime_values_stop_and_start(town: Simulation, device: Device) -> None:
    state = first_state(device)
    assert codes(run(town, device, state, request(device, "2012")))[-1] == ("9012", "1")
    assert not state.realtime_on
    run(town, device, state, request(device, "2011"))
    assert state.realtime_on


def test_the_number_of_an_instrument_is_told(town: Simulation, device: Device) -> None:
    found = run(town, device, first_state(device), request(device, "3019", Item("PolId", "w01018")))
    assert found[1].area_value("w01018-SN").startswith("SIM")


@pytest.mark.parametrize("cn", ["3011", "3012", "3021", "1000"])
def test_plain_commands_are_carried_out(town: Simulation, device: Device, cn: str) -> None:
    found = run(town, device, first_state(device), request(device, cn))
    assert codes(found) == [("9011", "1"), ("9012", "1")]


def test_answers_are_not_answered(town: Simulation, device: Device) -> None:
    assert run(town, device, first_state(device), request(device, "9014")) == []
