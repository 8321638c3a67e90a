"""What devices send: HJ 212 of every edition, the same bytes every time, wrong only where it is meant."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from huanzhi.city import devices as fleet
from huanzhi.city import telegrams, world
from huanzhi.city.devices import Device
from huanzhi.city.simulation import Simulation, simulate
from huanzhi.city.telegrams import CHECK, DAYS, HEARTBEAT, HOURS, MINUTES, REALTIME, Telegram
from huanzhi.network import hj212
from huanzhi.network.hj212 import Edition, Verdict
from huanzhi.network.hj212.bodies import parse_time
from huanzhi.standards.periods import CHINA_OFFSET, DAY, HOUR


def dialect(device: Device) -> hj212.Dialect:
    keys = (device.sm4_key,) if device.sm4_key else ()
    return hj212.Dialect(crc=frozenset({Verdict.HJ212, device.crc}), keys=keys)


def digest(simulation: Simulation, hours: int) -> str:
    found = hashlib.sha256()
    start = simulation.city.start
    for device in fleet.devices(simulation.city):
        for each in telegrams.telegrams(simulation, device, start, start + hours * HOUR):
            found.update(telegrams.wire(simulation, device, each))
    return found.hexdigest()


def test_the_same_seed_sends_the_same_bytes() -> None:
    one, same, other = (digest(simulate(world.build(seed, 12, days=3)), 1) for seed in (3, 3, 4))
    assert one == same != other


def test_every_device_has_a_number_of_its_own_and_says_that_it_is_simulated(
    fleet_of: tuple[Device, ...],
) -> None:
    assert len({device.mn for device in fleet_of}) == len(fleet_of) > 150
    assert all(device.mn.startswith(("51AA00", "SIM")) for device in fleet_of)


def test_all_editions_and_dialects_are_spoken() -> None:
    found = fleet.devices(world.build(7, 300))
    assert {device.edition for device in found} == set(Edition)
    assert Counter(device.crc for device in found)[Verdict.MODBUS] > 3
    assert any(device.sm4_key for device in found) and any(device.lower_case for device in found)
    assert max(abs(device.clock_error) for device in found) > 60


def test_every_frame_is_read_by_the_codec_as_it_was_meant(
    town: Simulation, fleet_of: tuple[Device, ...]
) -> None:
    start = town.city.start
    for device in fleet_of:
        decoder = hj212.Decoder(dialect(device))
        for each in telegrams.telegrams(town, device, start, start + HOUR + 120):
            if each.cn == REALTIME and each.data_time % 1200:
                continue
            packet = telegrams.packet(town, device, each)
            for part in telegrams.parts(packet):
                (done,) = decoder.feed(telegrams.frame(device, part))
                assert done.ok, (device, done.error)
                assert done.packet == part
                assert done.edition is device.edition
                assert not [note for note in done.faults if note.key in ("segment_long", "field_wide")]


def test_means_lie_between_their_extremes_and_amounts_are_flow_times_time(
    town: Simulation, fleet_of: tuple[Device, ...]
) -> None:
    device = next(d for d in fleet_of if d.kind == "water" and d.edition is Edition.HJ212_2017)
    start = town.city.start
    packet = telegrams.packet(town, device, Telegram(start + HOUR + 9, HOURS, start))
    body = hj212.body_of(packet, device.edition)
    assert isinstance(body, hj212.Measured)
    for code in device.wire:
        least, mean, most = (body.value(code, kind).number for kind in ("Min", "Avg", "Max"))  # type: ignore[union-attr]
        assert least <= mean <= most  # type: ignore[operator]
    flow, volume = body.value("w00000", "Avg"), body.value("w00000", "Cou")
    load, carried = body.value("w01018", "Avg"), body.value("w01018", "Cou")
    assert flow and volume and load and carried
    assert float(volume.text) == pytest.approx(float(flow.text) * 3.6, rel=0.01)
    assert float(carried.text) == pytest.approx(float(volume.text) * float(load.text) / 1000, rel=0.01)


def test_a_day_is_made_of_its_hours(town: Simulation, fleet_of: tuple[Device, ...]) -> None:
    device = next(d for d in fleet_of if d.kind == "gas" and d.edition is Edition.HJ212_2017)
    midnight = (town.city.start + CHINA_OFFSET) // DAY * DAY - CHINA_OFFSET + DAY
    parts = [
        telegrams.packet(town, device, Telegram(0, HOURS, hour))
        for hour in range(midnight, midnight + DAY, HOUR)
    ]
    whole = telegrams.packet(town, device, Telegram(0, DAYS, midnight))
    total = sum(float(part.area_value("a00000-Cou")) for part in parts)
    assert float(whole.area_value("a00000-Cou")) == pytest.approx(total, abs=0.05)
    assert whole.area_value("DataTime") == telegrams.china_text(midnight)


def test_telegrams_come_in_order_and_as_often_as_the_table_says(
    town: Simulation, fleet_of: tuple[Device, ...]
) -> None:
    device = next(d for d in fleet_of if d.kind == "water" and d.edition is Edition.HJ212_2025)
    start = town.city.start
    found = list(telegrams.agenda(town, device, start, start + 26 * HOUR))
    assert [each.at for each in found] == sorted(each.at for each in found)
    by_command = Counter(each.cn for each in found if not each.resent)
    assert by_command[REALTIME] == pytest.approx(26 * 60, abs=2)
    assert by_command[MINUTES] == pytest.approx(26 * 6, abs=2)
    assert by_command[HOURS] in (25, 26)
    assert by_command[CHECK] in (1, 2)
    assert by_command[HEARTBEAT] == pytest.approx(26 * 6, abs=2)
    assert all(each.data_time >= start for each in found)


def test_asking_in_two_halves_gives_the_same_telegrams(
    town: Simulation, fleet_of: tuple[Device, ...]
) -> None:
    device, start = fleet_of[4], town.city.start
    whole = list(telegrams.telegrams(town, device, start, start + 4 * HOUR))
    halves = [
        *telegrams.telegrams(town, device, start, start + 2 * HOUR),
        *telegrams.telegrams(town, device, start + 2 * HOUR, start + 4 * HOUR),
    ]
    assert [each for each in whole if not each.resent] == [each for each in halves if not each.resent]


def test_a_device_of_2025_sends_afterwards_what_a_broken_line_kept(fleet_of: tuple[Device, ...]) -> None:
    simulation = simulate(world.build(7, 60, days=20))
    device = next(d for d in fleet_of if d.kind == "meter")
    found = list(telegrams.agenda(simulation, device, simulation.city.start, simulation.city.end))
    lost = {each.data_time for each in found if each.mute and each.cn == MINUTES}
    late = [each for each in found if each.resent]
    assert lost and {each.data_time for each in late} >= lost - {max(lost)}
    packet = telegrams.packet(simulation, device, late[0])
    assert packet.resent and "RF=1" in packet.text()


def test_faults_are_as_frequent_as_the_table_says(town: Simulation, fleet_of: tuple[Device, ...]) -> None:
    found = Counter(
        telegrams.fault(town, device, Telegram(0, MINUTES, moment))
        for device in fleet_of[:40]
        for moment in range(0, 600 * 250, 600)
    )
    share = {name: count / 10000 for name, count in found.items()}
    assert share["lost"] == pytest.approx(0.004, abs=0.002)
    assert share["twice"] == pytest.approx(0.004, abs=0.002)
    assert share["bad_crc"] == pytest.approx(0.003, abs=0.002)
    assert share[""] > 0.98


def test_a_fault_is_what_it_is_called(town: Simulation, fleet_of: tuple[Device, ...]) -> None:
    device = next(d for d in fleet_of if d.crc is Verdict.HJ212 and not d.sm4_key and not d.lower_case)
    packet = telegrams.packet(town, device, Telegram(town.city.start, REALTIME, town.city.start))
    good = telegrams.frame(device, packet)
    assert telegrams.sent(device, packet, "") == good
    assert telegrams.sent(device, packet, "lost") == b""
    assert telegrams.sent(device, packet, "twice") == good + good
    assert good.startswith(telegrams.sent(device, packet, "cut"))
    assert hj212.decode_line(telegrams.sent(device, packet, "bad_crc")).crc.verdict is Verdict.BAD


def test_a_wrong_clock_shows_in_the_time_of_the_moment_only(
    town: Simulation, fleet_of: tuple[Device, ...]
) -> None:
    device, start = fleet_of[0], town.city.start
    moment = telegrams.packet(town, device, Telegram(start, REALTIME, start), clock_error=300)
    mean = telegrams.packet(town, device, Telegram(start + HOUR, HOURS, start), clock_error=300)
    shown = parse_time(moment.area_value("DataTime"))
    assert shown is not None and int(shown.timestamp()) == start + 300
    assert mean.area_value("DataTime") == telegrams.china_text(start)


def test_instruments_are_checked_once_a_day_and_marked(
    town: Simulation, fleet_of: tuple[Device, ...]
) -> None:
    device = next(d for d in fleet_of if d.kind == "gas")
    start = town.city.start // DAY * DAY
    marked = [str(m) for hour in range(start, start + DAY, HOUR) for m in fleet.marks(town, device, hour)]
    assert marked.count("C") == 20
    station = next(d for d in fleet_of if d.kind == "air")
    assert set(fleet.marks(town, station, start).tolist()) == {"N"}
