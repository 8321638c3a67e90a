"""Regular work of permits 许可定时任务: months reckoned, duties made, reminders given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from huanzhi.ecocode.permits import standings
from huanzhi.ecocode.permits.calendar import remind, renew, today
from huanzhi.library.work.worker import Run, Work
from huanzhi.programmes.emission.keeping import run as keep


def reckon_emission(run: Run) -> dict[str, Any]:
    """Reckon what left each outlet by month, and how the permitted quantities stand by it."""
    now = datetime.now(UTC)
    return {**keep(now), "standings": standings.renew(today(now), now)}


def allowance_standings(run: Run) -> dict[str, Any]:
    """Reckon how permitted quantities stand on the day that begins."""
    now = datetime.now(UTC)
    return {"standings": standings.renew(today(now), now)}


def permit_duties(run: Run) -> dict[str, Any]:
    """Make the duties that follow from permits, and remind of those that are due or missing."""
    now = datetime.now(UTC)
    return {"made": renew(today(now)), "reminded": remind(now)}


KINDS: Mapping[str, Work] = {
    "emission": reckon_emission,
    "allowances": allowance_standings,
    "permits": permit_duties,
}
