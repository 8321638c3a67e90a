"""Trouble: a slow reader, a half-open line, a full disk, a flood, rubbish; and what is seen of it."""

from __future__ import annotations

import asyncio
import io
import json
import urllib.request
from pathlib import Path

import pytest
from tests.network.gateway.peers import MN, OTHER, Peer, connected, frame, register, running

from huanzhi.errors import InputError
from huanzhi.library.devices import Device
from huanzhi.network import hj212
from huanzhi.network.gateway import Gateway, default_settings
from huanzhi.network.gateway.logs import Log
from huanzhi.network.gateway.reporting import Pace
from huanzhi.network.gateway.settings import settings_of
from huanzhi.network.gateway.status import Status


def run(scene) -> None:
    asyncio.run(asyncio.wait_for(scene(), 30))


def test_a_full_disk_is_said_nothing_is_acknowledged_and_work_goes_on_with_room(
    tmp_path: Path,
) -> None:
    register(tmp_path)

    async def scene() -> None:
        async with running(tmp_path) as gateway, connected(gateway) as peer:
            await peer.say(frame(0))
            assert (await peer.packet()).cn == "9014"
            pages = gateway.inbox._database.execute("pragma page_count").fetchone()[0]
            gateway.inbox._database.execute(f"pragma max_page_count = {pages}")
            big = frame(1, area="w01018-Info=//" + "x" * 9000 + "//,w01018-Avg=1")
            await peer.say(big)
            assert await peer.packet(0.3) is None
            assert gateway.intake.figures.failed_commits == 1
            assert any(word in gateway.intake.storage_error for word in ("磁盘", "disk"))
            gateway.inbox._database.execute("pragma max_page_count = 1000000")
            await asyncio.sleep(1.0)
            await peer.say(big)
            assert (await peer.packet()).cn == "9014"
            assert gateway.intake.storage_error == ""

    run(scene)


def test_a_peer_that_does_not_read_is_let_go_and_the_others_are_served(tmp_path: Path) -> None:
    register(tmp_path, Device(MN, outlet="A", rate=1e6), Device(OTHER, outlet="B"))

    async def scene() -> None:
        async with (
            running(tmp_path, slow=0.3, burst=1_000_000) as gateway,
            connected(gateway) as deaf,
            connected(gateway) as good,
        ):
            deaf.writer.transport.pause_reading()
            flood = b"".join(frame(number) for number in range(1000))

            async def shout() -> None:
                while True:
                    deaf.writer.write(flood)
                    await deaf.writer.drain()

            shouting = asyncio.create_task(shout())
            while not gateway.intake.lost["slow_reader"]:
                await asyncio.sleep(0.1)
            shouting.cancel()
            await asyncio.gather(shouting, return_exceptions=True)
            await good.say(frame(1, OTHER))
            assert (await good.packet()).cn == "9014"

    run(scene)


def test_a_silent_line_is_taken_for_half_open(tmp_path: Path) -> None:
    async def scene() -> None:
        async with running(tmp_path, idle=0.2) as gateway, connected(gateway) as peer:
            assert await peer.reader.read(1) == b""
            assert gateway.intake.lost["half_open"] == 1

    run(scene)


def test_a_flood_is_slowed_to_the_rate_of_the_device_and_nothing_is_lost(tmp_path: Path) -> None:
    register(tmp_path, Device(MN, outlet="A", rate=40.0))

    async def scene() -> None:
        async with running(tmp_path, burst=10) as gateway, connected(gateway) as peer:
            loop = asyncio.get_running_loop()
            began = loop.time()
            for number in range(40):
                await peer.say(frame(number))
                await asyncio.sleep(0.001)
            await asyncio.sleep(0.1)
            await peer.say(frame(40))
            heard = [await peer.packet() for _ in range(41)]
            assert all(heard)
            await peer.say(frame(41))
            assert await peer.packet()
            assert loop.time() - began > 0.75

    run(scene)


def test_endless_rubbish_ends_the_connection(tmp_path: Path) -> None:
    async def scene() -> None:
        async with running(tmp_path, rubbish=10_000) as gateway, connected(gateway) as peer:
            with pytest.raises(ConnectionError):
                for _ in range(200):
                    await peer.say(b"z" * 1000)
                    await asyncio.sleep(0.005)
            assert gateway.intake.lost["rubbish"] == 1

    run(scene)


def test_too_long_segments_and_too_many_unknown_devices_are_refused(tmp_path: Path) -> None:
    register(tmp_path, Device(MN, outlet="A", size=100))

    async def scene() -> None:
        async with (
            running(tmp_path, parked_devices=1, parked_frames=2) as gateway,
            connected(gateway) as peer,
        ):
            await peer.say(frame(0))
            unknown = "A" * 24
            await peer.say(*(frame(number, unknown) for number in range(3)), frame(0, "B" * 24))
            assert [(await peer.packet()).mn for _ in range(2)] == [unknown, unknown]
            assert await peer.packet(0.2) is None
            assert gateway.intake.rejects.counts == {"size": 1, "parked_full": 1, "too_many_parked": 1}

    run(scene)


def test_other_processes_see_who_is_on_line_and_why_frames_were_refused(tmp_path: Path) -> None:
    register(tmp_path)

    async def scene() -> None:
        async with running(tmp_path) as gateway:
            async with connected(gateway) as peer:
                await peer.say(frame(0), frame(1)[:-6] + b"0000\r\n")
                await peer.packet()
                await asyncio.sleep(0.3)
                with Status(tmp_path) as status:
                    (device,) = status.devices()
                    assert (device.mn, device.online, device.frames, device.acknowledged) == (MN, True, 1, 1)
                    assert (device.rejected, device.last_reject) == (1, "crc_broken")
                    assert (
                        status.rejects()[0]["key"] == "crc_broken" and "0000" in status.rejects()[0]["detail"]
                    )
                    assert status.figures()["durable"] == 1 and status.alive()
            await asyncio.sleep(0.3)
            with Status(tmp_path) as status:
                assert not status.devices()[0].online

    run(scene)


def test_prometheus_gets_its_page_and_nobody_else_anything(tmp_path: Path) -> None:
    def fetch(port: int, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as page:
            return page.read().decode()

    async def scene() -> None:
        gateway = Gateway(tmp_path, draining=False, metrics=0)
        await gateway.start()
        try:
            page = await asyncio.to_thread(fetch, gateway.metrics_port, "/metrics")
            assert "# TYPE huanzhi_gateway_durable_total counter\nhuanzhi_gateway_durable_total 0\n" in page
            with pytest.raises(OSError, match="404"):
                await asyncio.to_thread(fetch, gateway.metrics_port, "/else")
        finally:
            await gateway.stop()

    run(scene)


def test_tls_is_spoken_where_it_is_asked_for_and_refuses_plain_text(tmp_path: Path) -> None:
    cryptography = pytest.importorskip("cryptography")
    assert cryptography
    server, client = _contexts(tmp_path)

    async def scene() -> None:
        gateway = Gateway(tmp_path, draining=False, tls=server)
        await gateway.start()
        try:
            peer = Peer(*await asyncio.open_connection("127.0.0.1", gateway.port, ssl=client))
            await peer.say(frame(0))
            assert (await peer.packet()).cn == "9014"
            await peer.close()
        finally:
            await gateway.stop()

    run(scene)


def _contexts(folder: Path):
    import ssl
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gateway")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = (
        made.serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )
    certificate = made.sign(key, hashes.SHA256())
    file = folder / "gateway.pem"
    kinds = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file.write_bytes(key.private_bytes(*kinds) + certificate.public_bytes(kinds[0]))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    return server, client


def test_the_register_is_read_again_while_the_gateway_runs(tmp_path: Path) -> None:
    register(tmp_path)

    async def scene() -> None:
        async with running(tmp_path) as gateway, connected(gateway) as peer:
            await peer.say(frame(0))
            await peer.packet()
            register(tmp_path, Device(MN, outlet="OUT1", password="999999"))
            await asyncio.sleep(0.2)
            await peer.say(frame(1))
            assert await peer.packet(0.3) is None
            assert gateway.intake.rejects.counts == {"password": 1}

    run(scene)


def test_logs_are_json_and_a_storm_is_summed_up() -> None:
    stream = io.StringIO()
    log = Log(stream, most=3)
    for number in range(10):
        log.say("storm", number=number)
    log._second -= 1
    log.say("calm")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["storm", "storm", "storm", "storm", "calm"]
    assert lines[3]["held_back"] == 7


def test_settings_come_from_a_file_and_wrong_ones_are_named(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text("rate = 5\nidle = 60.0\n")
    assert (settings_of(file).rate, settings_of(file).idle) == (5.0, 60.0)
    assert settings_of(file).size == default_settings().size
    for content, column in (("speed = 1", "speed"), ('rate = "fast"', "rate")):
        file.write_text(content)
        with pytest.raises(InputError, match=column):
            settings_of(file)


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    async def scene() -> None:
        async with running(tmp_path / "a") as gateway:
            with pytest.raises(InputError, match=str(gateway.port)):
                await Gateway(tmp_path / "b", draining=False).start("127.0.0.1", gateway.port)

    run(scene)


def test_an_encrypted_device_is_heard(tmp_path: Path) -> None:
    from huanzhi.library.devices import open_register
    from huanzhi.network.hj212 import cipher

    key = b"0123456789ABCDEF"
    register(tmp_path, Device(MN, outlet="A", key="K"))
    with open_register(tmp_path) as book:
        book.add_key("K", key, who="test")
    plain = frame(0, flag=9)
    segment = hj212.decode_line(plain).frame.segment
    sealed = plain.replace(segment, cipher.encrypt(segment, key))

    async def scene() -> None:
        async with running(tmp_path) as gateway, connected(gateway) as peer:
            await peer.say(sealed)
            heard = await peer.packet()
            assert (heard.cn, heard.flag) == ("9014", 8)

    run(scene)


def test_the_pace_of_a_device_follows_what_it_sends() -> None:
    pace = Pace()
    found = [pace.take(second * 2, 1000.0 + second) for second in range(300)]
    assert found[0] == 0 and found[-1] in (119, 120)
    assert pace.take(598, 1000.0 + 900) == 0
