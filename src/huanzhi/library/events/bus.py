"""The bus 事件总线: one publisher, any number of listeners, in the loop of one process.

Events of a topic are gathered and handed out together at a steady pace; of events with one key the newest
stays. A listener that does not keep up is cut off and told so, and the others never wait for it.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Event = Mapping[str, Any]

PACE = 0.3
"""Seconds between two messages of one topic. DEFAULT, NOT FROM THE DOCUMENTS. With a whole second,
waiting for the next message alone would use up the second in which a frame must reach the screen."""

QUEUE = 32
"""Messages that a listener may be behind. DEFAULT, NOT FROM THE DOCUMENTS."""

KEPT = 120
"""Messages kept for listeners that come back. DEFAULT, NOT FROM THE DOCUMENTS."""

MOST_PENDING = 50_000
"""Events of one topic that are gathered for one message. DEFAULT, NOT FROM THE DOCUMENTS."""


@dataclass(slots=True, eq=False)
class Message:
    """Events of one topic that go out together.

    Attributes
    ----------
    number : int
        Rises by one; a listener that comes back names the last one that it had.
    made : float
        When it was handed out [s UTC].
    forms : dict
        The message in the forms in which it goes out, made once for all who get the same.
    """

    number: int
    topic: str
    events: Sequence[Event]
    made: float = 0.0
    forms: dict[Hashable, bytes] = field(default_factory=dict)

    def form(self, name: Hashable, make: Callable[[Message], bytes]) -> bytes:
        """Return the message in a form."""
        found = self.forms.get(name)
        if found is None:
            found = self.forms[name] = make(self)
        return found


class Subscription:
    """What one listener waits for.

    Attributes
    ----------
    after : int
        Number of the last message before the first one that it gets.
    behind : bool
        It did not keep up and gets nothing more.
    ended : bool
        The platform stops.
    missed : bool
        It came back too late: messages between are gone.
    """

    def __init__(self, topics: frozenset[str], most: int, after: int) -> None:
        self.topics, self.after = topics, after
        self.behind = self.missed = self.ended = False
        self._most = most
        self._queue: deque[Message] = deque()
        self._ready = asyncio.Event()

    def put(self, message: Message) -> None:
        """Hand in a message."""
        if self.behind:
            return
        if len(self._queue) >= self._most:
            self.behind = True
            self._queue.clear()
        else:
            self._queue.append(message)
        self._ready.set()

    def end(self) -> None:
        """Let the listener go: the platform stops."""
        self.ended = True
        self._ready.set()

    async def next(self, patience: float) -> Message | None:
        """Return the next message; None after `patience` seconds of silence, or where there is no more."""
        if not self._queue and not self.behind and not self.ended:
            self._ready.clear()
            try:
                async with asyncio.timeout(patience):
                    await self._ready.wait()
            except TimeoutError:
                return None
        return self._queue.popleft() if self._queue else None


class Bus:
    """The bus; it lives in the thread of the loop.

    Parameters
    ----------
    pace : float
        Seconds between two messages of a topic.
    """

    def __init__(self, pace: float = PACE, kept: int = KEPT, queue: int = QUEUE) -> None:
        self.pace, self.queue = pace, queue
        self.first = time.time_ns() // 1000
        self.number = self.first
        self.dropped = 0
        self.ring: deque[Message] = deque(maxlen=kept)
        self.subscriptions: set[Subscription] = set()
        self._pending: dict[str, dict[Hashable, Event]] = {}
        self._sent: dict[str, float] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def publish(self, topic: str, events: Iterable[tuple[Hashable, Event]]) -> None:
        """Give out events, each with the key of which only the newest counts."""
        pending = self._pending.setdefault(topic, {})
        for key, event in events:
            pending.pop(key, None)
            pending[key] = event
        while len(pending) > MOST_PENDING:
            del pending[next(iter(pending))]
            self.dropped += 1
        if pending and topic not in self._timers:
            loop = asyncio.get_running_loop()
            wait = self._sent.get(topic, 0.0) + self.pace - loop.time()
            self._timers[topic] = loop.call_later(max(wait, 0.0), self._hand_out, topic)

    def _hand_out(self, topic: str) -> None:
        del self._timers[topic]
        events = list(self._pending.pop(topic, {}).values())
        self._sent[topic] = asyncio.get_running_loop().time()
        self.number += 1
        message = Message(self.number, topic, events, time.time())
        self.ring.append(message)
        for one in list(self.subscriptions):
            if topic in one.topics:
                one.put(message)

    def subscribe(self, topics: Iterable[str], after: int | None = None) -> Subscription:
        """Begin to listen.

        Parameters
        ----------
        after : int, optional
            Number of the last message that the listener had; what came since is handed in at once.
        """
        wanted, known = frozenset(topics), after is not None and self._knows(after)
        begin = after if known and after is not None else self.number
        waiting = [one for one in self.ring if one.number > begin and one.topic in wanted]
        found = Subscription(wanted, self.queue + len(waiting), begin)
        found.missed = after is not None and not known
        for message in waiting:
            found.put(message)
        self.subscriptions.add(found)
        return found

    def _knows(self, number: int) -> bool:
        """Whether everything after a message is still kept."""
        oldest = self.ring[0].number if self.ring else self.number + 1
        return oldest - 1 <= number <= self.number

    def leave(self, subscription: Subscription) -> None:
        """Listen no more."""
        self.subscriptions.discard(subscription)

    def end(self) -> None:
        """End every subscription."""
        for one in self.subscriptions:
            one.end()

    def close(self) -> None:
        """Hand out nothing more."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
