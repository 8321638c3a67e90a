"""Regular work of permits 许可定时任务: months reckoned, duties made, reminders given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from huanzhi.ecocode.permits.calendar import remind, renew, today
from huanzhi.library.work.worker import Run, Work
from huanzhi.programmes.emission.keeping import run as keep


def reckon_emission(run: Run) -> dict[str, Any]:
    """Reckon what left each outlet by month."""
    return keep(datetime.now(UTC))


def permit_duties(run: Run) -> dict[str, Any]:
    """Make the duties that follow from permits, and remind of those that are due or missing."""
    now = datetime.now(UTC)
    return {"made": renew(today(now)), "reminded": remind(now)}


KINDS: Mapping[str, Work] = {"emission": reckon_emission, "permits": permit_duties}
