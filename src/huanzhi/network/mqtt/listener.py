"""The listener 订阅接收: a client of one broker that acknowledges a message when it is durable.

The session at the broker is a lasting one (clean session off): what comes while we are away, or was not
acknowledged, is sent again. Sent again means written again, which the store takes as unchanged. A message
that cannot be taken is kept with its reason and then acknowledged, since sending it again would not mend it.
A store that cannot write now (full disk) leaves messages unacknowledged, and they are tried again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from huanzhi.errors import HuanzhiError, InputError, StoreError
from huanzhi.network.intake.desk import Desk, Taken
from huanzhi.network.intake.message import Message
from huanzhi.network.intake.observed import is_observed, records_of
from huanzhi.network.intake.records import faultless, parse_json, read_records, told_kind
from huanzhi.network.intake.refusals import Refusals
from huanzhi.network.mqtt.settings import Broker, Subscription

QOS = 1
"""At least once: what makes acknowledging after the commit worth anything."""

RETRY = 2.0
"""Seconds after which a message that the store could not take is tried again. Ours."""

MOST_BYTES = 8 << 20
"""Bytes of a message. DEFAULT, NOT FROM THE DOCUMENTS."""

PATIENCE = 10.0
"""Seconds in which a broker should answer at the start. Ours."""

KEEP_ALIVE = 30
"""Seconds between signs of life. Ours."""

log = logging.getLogger(__name__)


class Listener:
    """Listens to a broker; a service.

    Parameters
    ----------
    broker : Broker
    subscriptions : sequence of Subscription
        The first one whose topic fits a message reads it.
    desk : Desk
        Open while this runs.
    """

    def __init__(
        self, broker: Broker, subscriptions: Sequence[Subscription], desk: Desk, home: Path | None = None
    ) -> None:
        self.broker, self.subscriptions, self.desk = broker, tuple(subscriptions), desk
        self.refusals = Refusals(home)
        self.counts: Counter[str] = Counter()
        self.connected = asyncio.Event()
        self._stopping = False
        self._refusal = ""
        self._client = self._made()

    async def start(self) -> None:
        """Connect and subscribe; InputError if the broker cannot be reached or refuses us or a topic."""
        self._loop = asyncio.get_running_loop()
        try:
            await asyncio.to_thread(self._client.connect, self.broker.host, self.broker.port, KEEP_ALIVE)
        except OSError as error:
            raise self._unreached(error.strerror or str(error)) from None
        self._client.loop_start()
        try:
            await asyncio.wait_for(self.connected.wait(), PATIENCE)
        except TimeoutError:
            await self.stop()
            raise self._unreached(self._refusal or "timeout") from None

    async def stop(self) -> None:
        """Leave the broker; what is not acknowledged comes again."""
        self._stopping = True
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)

    def _unreached(self, reason: str) -> InputError:
        return InputError("mqtt.unreached", value=f"{self.broker.host}:{self.broker.port}", reason=reason)

    def _made(self) -> paho.Client:
        client = paho.Client(
            CallbackAPIVersion.VERSION2, self.broker.client, clean_session=False, manual_ack=True
        )
        if self.broker.user:
            client.username_pw_set(self.broker.user, self.broker.password)
        if self.broker.tls:
            client.tls_set()
        client.reconnect_delay_set(1, 60)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        return client

    def _on_connect(self, client: paho.Client, _: Any, __: Any, reason: Any, ___: Any) -> None:
        if reason.is_failure:
            self._refused(str(reason))
            return
        client.subscribe([(one.topic, QOS) for one in self.subscriptions])

    def _on_subscribe(self, _: Any, __: Any, ___: Any, reasons: Any, ____: Any) -> None:
        for one, reason in zip(self.subscriptions, reasons, strict=True):
            if reason.is_failure:
                self._refused(f"{one.topic}: {reason}")
                return
        self._loop.call_soon_threadsafe(self.connected.set)

    def _refused(self, reason: str) -> None:
        log.warning("broker refused: %s", reason)
        self._refusal = reason

    def _on_disconnect(self, _: Any, __: Any, ___: Any, reason: Any, ____: Any) -> None:
        if not self._stopping:
            log.warning("broker lost: %s", reason)
        self._loop.call_soon_threadsafe(self.connected.clear)

    def _on_message(self, _: Any, __: Any, got: paho.MQTTMessage) -> None:
        self.counts["received"] += 1
        self._take(got)

    def _take(self, got: paho.MQTTMessage) -> None:
        """Read a message and hand it to the desk."""
        try:
            future = self.desk.submit(self.read(got.topic, bytes(got.payload)))
        except HuanzhiError as error:
            self._failed(got, error)
            return
        future.add_done_callback(lambda done: self._done(got, done))

    def read(self, topic: str, payload: bytes) -> Message:
        """Return a message as it was read.

        Raises
        ------
        InputError
            If anything in it is wrong.
        """
        if len(payload) > MOST_BYTES:
            raise InputError("mqtt.too_large", value=len(payload), expected=f"≤ {MOST_BYTES}")
        wanted = self._subscription(topic)
        document = parse_json(payload)
        if wanted.format == "sensorthings" or (wanted.format == "auto" and is_observed(document, topic)):
            document = records_of(document, topic, wanted.streams)
        reading = faultless(read_records(document, topic, simulated=wanted.simulated))
        return Message("mqtt", topic, payload, reading, told_kind(document))

    def _subscription(self, topic: str) -> Subscription:
        for one in self.subscriptions:
            if paho.topic_matches_sub(one.topic, topic):
                return one
        raise InputError("mqtt.other_topic", value=topic)

    def _done(self, got: paho.MQTTMessage, done: Future[Taken]) -> None:
        error = done.exception()
        if error is None:
            self.counts["taken"] += 1
            self._client.ack(got.mid, got.qos)
        elif isinstance(error, HuanzhiError):
            self._failed(got, error)
        else:
            log.error("message on %s failed", got.topic, exc_info=error)
            self._again(got)

    def _failed(self, got: paho.MQTTMessage, error: HuanzhiError) -> None:
        """Keep what cannot be mended by sending it again; try again what the store could not take now."""
        if isinstance(error, StoreError):
            log.warning("message on %s waits: %s", got.topic, error)
            self._again(got)
            return
        try:
            self.refusals.keep("mqtt", got.topic, error, bytes(got.payload))
        except StoreError as fault:
            log.warning("refusal on %s waits: %s", got.topic, fault)
            self._again(got)
            return
        self.counts["refused"] += 1
        self._client.ack(got.mid, got.qos)

    def _again(self, got: paho.MQTTMessage) -> None:
        if not self._stopping:
            self._loop.call_soon_threadsafe(self._loop.call_later, RETRY, self._take, got)
