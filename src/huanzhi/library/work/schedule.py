"""The schedule 定时任务: a table of regular work; what was missed is caught up once.

Each occasion has a name, its slot. The newest occasion that is over and has no job gets one, so a platform
that was down for a week does each regular work once, not seven times.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources

from huanzhi.library.work.jobs import ask_for
from huanzhi.library.work.models import Job
from huanzhi.standards.periods import CHINA

LOOKED_EVERY = 5.0
"""Seconds between two looks at the clock. Ours."""


@dataclass(frozen=True, slots=True)
class Regular:
    """Work that is done again and again.

    Attributes
    ----------
    kind : str
    every : timedelta
        A day, or a part of it that divides it.
    after : timedelta
        How long after the begin of each span of China time it is due.
    """

    kind: str
    every: timedelta
    after: timedelta

    def slot(self, now: datetime) -> str:
        """Return the name of the newest occasion at a moment."""
        local = (now - self.after).astimezone(CHINA)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        begin = midnight + (local - midnight) // self.every * self.every
        return f"{self.kind}@{begin:%Y-%m-%dT%H:%M}"


@cache
def regular_work() -> tuple[Regular, ...]:
    """Return the table of regular work."""
    file = resources.files("huanzhi.library.work").joinpath("data/regular.toml")
    rows = tomllib.loads(file.read_text(encoding="utf-8"))["work"]
    return tuple(
        Regular(row["kind"], timedelta(minutes=row["every_minutes"]), timedelta(minutes=row["after_minutes"]))
        for row in rows
    )


class Scheduler:
    """Asks for regular work when it is due; call it again and again."""

    def __init__(self, work: Iterable[Regular] | None = None) -> None:
        self.work = tuple(regular_work() if work is None else work)
        self._looked = 0.0
        self._done: dict[str, str] = {}

    def __call__(self) -> None:
        """Look at the clock, if it is time to."""
        if time.monotonic() - self._looked >= LOOKED_EVERY:
            self._looked = time.monotonic()
            self.look(datetime.now(CHINA))

    def look(self, now: datetime) -> list[Job]:
        """Ask for what is due at a moment and not asked for yet."""
        asked = []
        for each in self.work:
            slot = each.slot(now)
            if self._done.get(each.kind) != slot:
                if not Job.objects.filter(slot=slot).exists():
                    asked.append(ask_for(each.kind, slot=slot))
                self._done[each.kind] = slot
        return asked
