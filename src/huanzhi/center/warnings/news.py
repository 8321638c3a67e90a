"""News of warnings 预警动态: what has changed, read from the table that every process writes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from huanzhi.center.warnings.models import Warning

AGAIN, MOST = timedelta(minutes=3), 1000
"""How far back rows are looked at again, and how many are. Ours."""


class Changes:
    """Tells each change of a warning once."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[object, ...]] | None = None

    def since(self, now: datetime) -> list[dict[str, Any]]:
        """Return the warnings that rose, changed level, were muted or ended, as events; none at first."""
        rows = Warning.objects.filter(last__gt=now - AGAIN) | Warning.objects.filter(released__gt=now - AGAIN)
        found = {row.code: row for row in rows.select_related("region", "storm").order_by("-pk")[:MOST]}
        states = {code: (row.state, row.level, row.muted, row.issue) for code, row in found.items()}
        before, self._known = self._known, states
        if before is None:
            return []
        return [found[code].event() for code, state in states.items() if before.get(code) != state]
