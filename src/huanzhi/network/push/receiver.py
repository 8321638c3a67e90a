"""The receiver 推送接收: a pushed message is checked as a whole, written, and only then answered."""

from __future__ import annotations

import asyncio
import hashlib
import json
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huanzhi.errors import InputError
from huanzhi.library.home import home_folder
from huanzhi.library.series.databases import open_database
from huanzhi.network.feeds.reading import Reading
from huanzhi.network.intake.desk import Desk, Taken
from huanzhi.network.intake.message import Message
from huanzhi.network.intake.records import faultless, parse_json, read_records, told_kind
from huanzhi.network.push.keys import FILE, TABLES, ApiKey
from huanzhi.network.push.replies import reply_to

LONGEST_KEY = 200
"""Letters of an idempotency key. DEFAULT, NOT FROM THE DOCUMENTS."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sender is told; `again` marks the reply to a message that was taken before."""

    reply: dict[str, Any]
    again: bool = False


class Receiver:
    """Takes pushed messages; a service beside its desk.

    Parameters
    ----------
    desk : Desk
        Open, and with `Replies` of the same data folder among its keepers.
    home : Path, optional
        Data folder.
    """

    def __init__(self, desk: Desk, home: Path | None = None) -> None:
        self.desk, self.home = desk, home
        self._under_way: dict[tuple[str, str], tuple[str, Future[Taken]]] = {}

    async def start(self) -> None:
        """Open the replies, which the desk has made."""
        self._replies = open_database(home_folder(self.home) / FILE, TABLES, writable=False)

    async def stop(self) -> None:
        """Close the replies."""
        self._replies.close()

    async def receive(self, raw: bytes, key: ApiKey, idempotency: str = "") -> Answer:
        """Take a message; it is durable when the answer is in hand.

        Parameters
        ----------
        raw : bytes
            JSON; see `intake.records`.
        idempotency : str
            The sender's name for the message; the same name and bytes again are answered as before.

        Raises
        ------
        InputError
            If anything in the message is wrong; nothing of it is taken.
        StoreError
            If the store cannot take it now.
        """
        digest = hashlib.sha256(raw).hexdigest()
        if idempotency:
            if len(idempotency) > LONGEST_KEY:
                raise InputError("push.long_key", value=idempotency[:40], expected=f"≤ {LONGEST_KEY}")
            if (before := await self._before(key.id, idempotency, digest)) is not None:
                return Answer(before, again=True)
        message = self._message(raw, key, (key.id, idempotency, digest) if idempotency else ())
        future = self.desk.submit(message)
        if not idempotency:
            return Answer((await asyncio.wrap_future(future)).as_dict())
        name = (key.id, idempotency)
        self._under_way[name] = (digest, future)
        try:
            return Answer((await asyncio.shield(asyncio.wrap_future(future))).as_dict())
        finally:
            future.add_done_callback(lambda _: self._under_way.pop(name, None))

    async def _before(self, key: str, idempotency: str, digest: str) -> dict[str, Any] | None:
        """Return the reply that was given, or is about to be given, under an idempotency key."""
        if waiting := self._under_way.get((key, idempotency)):
            _same(waiting[0], digest, idempotency)
            return (await asyncio.shield(asyncio.wrap_future(waiting[1]))).as_dict()
        if found := reply_to(self._replies, key, idempotency):
            _same(found[0], digest, idempotency)
            reply: dict[str, Any] = json.loads(found[1])
            return reply
        return None

    def _message(self, raw: bytes, key: ApiKey, receipt_key: tuple[str, ...]) -> Message:
        document = parse_json(raw)
        reading = faultless(read_records(document, key.name, simulated=key.simulated))
        refuse_foreign(reading, key)
        return Message("push", key.name, raw, reading, told_kind(document), receipt_key)


def refuse_foreign(reading: Reading, key: ApiKey) -> None:
    """Refuse places that a key may not write; InputError names the first."""
    for place in reading.features:
        if not place.code.startswith(key.places):
            raise InputError("push.foreign_place", value=place.code, expected=f"{key.places}…")


def _same(before: str, now: str, idempotency: str) -> None:
    if before != now:
        raise InputError("push.key_reused", value=idempotency)
