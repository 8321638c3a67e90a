"""MQTT: acknowledged only when durable; what is wrong is kept with its reason; nothing is missed."""

from __future__ import annotations

import asyncio
import json
import logging
import socket

import pytest
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from huanzhi.errors import InputError, StoreError
from huanzhi.library.series import open_store
from huanzhi.network.intake import Desk
from huanzhi.network.intake.refusals import Refusals
from huanzhi.network.intake.service import running
from huanzhi.network.mqtt import Broker, Listener, Subscription, parse_address
from huanzhi.network.mqtt import listener as module

amqtt_broker = pytest.importorskip("amqtt.broker")
amqtt_contexts = pytest.importorskip("amqtt.contexts")

DOCUMENT = {"station": "S1", "period": "hour", "time": "2026-01-01T08:00+08:00", "PM2.5": 12.5}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RealBroker:
    """A broker on the loopback; a service."""

    def __init__(self):
        self.port = free_port()
        logging.getLogger("amqtt").setLevel(logging.CRITICAL)
        logging.getLogger("transitions").setLevel(logging.CRITICAL)

    async def start(self):
        config = amqtt_contexts.BrokerConfig.from_dict(
            {
                "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{self.port}"}},
                "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": False}},
            }
        )
        self.broker = amqtt_broker.Broker(config)
        await self.broker.start()

    async def stop(self):
        await self.broker.shutdown()


async def publish(port, *messages):
    """Publish messages as (topic, document) and wait until the broker has them."""

    def send():
        sender = paho.Client(CallbackAPIVersion.VERSION2, "sender")
        sender.username_pw_set("sender", "x")
        sender.connect("127.0.0.1", port)
        sender.loop_start()
        for topic, document in messages:
            raw = document if isinstance(document, bytes) else json.dumps(document).encode()
            sender.publish(topic, raw, qos=1).wait_for_publish(10)
        sender.disconnect()
        sender.loop_stop()

    await asyncio.to_thread(send)


async def until(condition, seconds=10.0):
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come about")


def made(broker, desk, home, *subscriptions):
    return Listener(Broker("127.0.0.1", broker.port, user="huanzhi"), subscriptions, desk, home)


def stored(home):
    with open_store("read", home) as store:
        return [(r["feature"], r["parameter"], r["period"], r["time"], r["value"], r["decimals"], r["flag"])
                for r in store.range().to_pylist()]  # fmt: skip


def test_messages_in_both_formats_reach_the_store(tmp_path):
    observed = {"phenomenonTime": "2026-01-01T01:00:00Z/2026-01-01T02:00:00Z", "result": 7.10,
                "parameters": {"flag": 2}}  # fmt: skip
    array = [{"Datastream": {"@iot.id": "S1:a34004:hour"}, "components": ["phenomenonTime", "result"],
              "dataArray": [["2026-01-01T02:00:00.000Z", 8], ["2026-01-01T03:00:00Z", None]]}]  # fmt: skip

    async def story():
        broker, desk = RealBroker(), Desk(tmp_path)
        listener = made(broker, desk, tmp_path, Subscription("huanzhi/#"), Subscription("v1.1/#"))
        async with running([broker, desk, listener]):
            await publish(
                broker.port,
                ("huanzhi/s1", DOCUMENT),
                ("v1.1/Datastreams('S1:a34004:hour')/Observations", json.dumps(observed).encode()),
                ("v1.1/CreateObservations", array),
            )
            await until(lambda: listener.counts["taken"] == 3)
        assert listener.counts == {"received": 3, "taken": 3}

    asyncio.run(story())
    start = 1_767_225_600
    assert stored(tmp_path) == [
        ("S1", "a34004", "hour", start, 125, 1, 0),
        ("S1", "a34004", "hour", start + 3600, 71, 1, 2),
        ("S1", "a34004", "hour", start + 7200, 8, 0, 0),
        ("S1", "a34004", "hour", start + 10800, None, 0, 0),
    ]


def test_datastreams_of_another_service_are_mapped(tmp_path):
    streams = {"42": {"station": "X", "parameter": "CO", "period": "hour", "unit": "µg/m³"}}
    listener = Listener(Broker("h", 1), [Subscription("v1.1/#", streams=streams)], Desk(tmp_path), tmp_path)
    payload = b'{"phenomenonTime": "2026-01-01T08:00:00+08:00", "result": 1500}'
    message = listener.read("v1.1/Datastreams(42)/Observations", payload)
    (row,) = message.reading.table.to_pylist()
    assert (row["feature"], row["parameter"], row["value"], row["decimals"]) == ("X", "a21005", 1500, 3)


@pytest.mark.parametrize(
    ("topic", "payload", "error"),
    [
        ("a", b"{", "intake.broken_json"),
        ("a", json.dumps({**DOCUMENT, "PM2.5": -1}).encode(), "intake.refused"),
        ("v1.1/Observations", b'{"result": 1}', "intake.no_field"),
        ("v1.1/Datastreams(7)/Observations", b'{"result": 1}', "intake.no_stream"),
        ("v1.1/Datastreams('S:a34004:hour')/Observations", b'{"result": 1}', "intake.no_field"),
        (
            "v1.1/Datastreams('S:a34004:hour')/Observations",
            b'{"result": 1, "phenomenonTime": "now"}',
            "intake.bad_time",
        ),
        ("a", b'[{"components": ["result"], "dataArray": [[1, 2]]}]', "intake.array_row"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, topic, payload, error):
    listener = Listener(Broker("h", 1), [Subscription("#")], Desk(tmp_path), tmp_path)
    with pytest.raises(InputError) as raised:
        listener.read(topic, payload)
    assert raised.value.key == error


def test_a_refused_message_is_acknowledged_and_kept_with_its_reason(tmp_path):
    async def story():
        broker, desk = RealBroker(), Desk(tmp_path)
        listener = made(broker, desk, tmp_path, Subscription("a"))
        async with running([broker, desk, listener]):
            await publish(broker.port, ("a", b"rubbish"), ("a", DOCUMENT))
            await until(lambda: listener.counts["taken"] == 1)
        assert listener.counts["refused"] == 1

    asyncio.run(story())
    (refusal,) = Refusals(tmp_path).newest()
    assert (refusal.raw, refusal.origin, refusal.error["error"]) == (b"rubbish", "a", "intake.broken_json")
    assert len(stored(tmp_path)) == 1


def test_what_came_while_we_were_away_is_taken_when_we_are_back(tmp_path):
    async def story():
        broker, desk = RealBroker(), Desk(tmp_path)
        async with running([broker, desk]):
            async with running([made(broker, desk, tmp_path, Subscription("a"))]):
                pass
            await publish(broker.port, ("a", DOCUMENT))
            assert stored(tmp_path) == []
            back = made(broker, desk, tmp_path, Subscription("a"))
            async with running([back]):
                await until(lambda: back.counts["taken"] == 1)

    asyncio.run(story())
    assert len(stored(tmp_path)) == 1


class FullDesk(Desk):
    """A desk whose disk is full for the first messages."""

    left = 1

    def submit(self, message):
        if self.left:
            self.left -= 1
            raise StoreError("series.full", file="x")
        return super().submit(message)


def test_a_full_disk_leaves_messages_unacknowledged_until_there_is_room(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "RETRY", 0.1)

    async def story():
        broker, desk = RealBroker(), FullDesk(tmp_path)
        listener = made(broker, desk, tmp_path, Subscription("a"))
        async with running([broker, desk, listener]):
            await publish(broker.port, ("a", DOCUMENT))
            await until(lambda: listener.counts["taken"] == 1)
        assert listener.counts["received"] == 1

    asyncio.run(story())
    assert len(stored(tmp_path)) == 1


def test_a_broker_that_is_not_there_is_named(tmp_path):
    async def story():
        listener = Listener(Broker("127.0.0.1", free_port()), [Subscription("a")], Desk(tmp_path), tmp_path)
        with pytest.raises(InputError) as raised:
            await listener.start()
        assert raised.value.key == "mqtt.unreached"

    asyncio.run(story())


def test_addresses_of_brokers():
    assert parse_address("mqtts://u:p%40@h") == Broker("h", 8883, True, "u", "p@")
    assert parse_address("h:1884", "secret") == Broker("h", 1884, False, "", "secret")
    for wrong in ("http://h", "mqtt://", "mqtt://h:x"):
        with pytest.raises(InputError):
            parse_address(wrong)
