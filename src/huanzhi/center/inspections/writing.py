"""Writing 记录: numbers of plans, draws and tasks; terms."""

from __future__ import annotations

from datetime import datetime

from huanzhi.center.inspections.models import Counter
from huanzhi.center.inspections.settings import settings
from huanzhi.library.calendar import Duration, known_end
from huanzhi.standards.periods import CHINA


def number(prefix: str, now: datetime, *, daily: bool = False) -> str:
    """Return the next number, as ``JH-2026-001`` or by the day ``JC-20261122-0001``."""
    local = now.astimezone(CHINA)
    begun = f"{prefix}-{local:%Y%m%d}" if daily else f"{prefix}-{local:%Y}"
    Counter.objects.get_or_create(name=begun)
    counter = Counter.objects.select_for_update().get(name=begun)
    counter.last += 1
    counter.save()
    return f"{begun}-{counter.last:04d}" if daily else f"{begun}-{counter.last:03d}"


def term(name: str, start: datetime) -> tuple[datetime | None, str]:
    """Return the end of a term of ``[terms]``, or none and why: unknown holidays are not guessed."""
    row = settings()["terms"][name]
    end, gap = known_end(start, Duration(row["number"], row["unit"]))
    return end, f"issues.due_{gap}" if gap else ""
