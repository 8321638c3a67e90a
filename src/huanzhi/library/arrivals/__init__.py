"""Arrivals 到达数据: every frame as it came, durable before it is acknowledged, drained later."""

from __future__ import annotations

from huanzhi.library.arrivals.inbox import Inbox
from huanzhi.library.arrivals.model import Arrival, Kept, Span, arrivals_folder
from huanzhi.library.arrivals.progress import Progress, sweep
from huanzhi.library.arrivals.reading import Shelf

__all__ = ["Arrival", "Inbox", "Kept", "Progress", "Shelf", "Span", "arrivals_folder", "sweep"]
