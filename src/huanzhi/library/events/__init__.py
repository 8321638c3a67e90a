"""Events 事件: what has just changed, for whoever listens; news, not records."""

from __future__ import annotations

from huanzhi.library.events.bus import PACE, Bus, Message, Subscription
from huanzhi.library.events.tail import Newest, Tail

__all__ = ["PACE", "Bus", "Message", "Newest", "Subscription", "Tail"]
