"""Open issues on the one map 问题上图: brought to the atlas as places with their state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from huanzhi.atlas.layers import palette
from huanzhi.atlas.places import Place, bring
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.table import table

MOST = 20_000
"""Most issues that the map shows. DEFAULT, NOT FROM THE DOCUMENTS."""

_FIELDS = (
    "number",
    "title",
    "state",
    "due",
    "lon",
    "lat",
    "simulated",
    "region__path",
    "organisation__code",
)


def open_issues() -> Iterator[Place]:
    """Go through the open issues whose place is known, the newest first; late ones have their own class."""
    now = datetime.now(UTC)
    levels = {row["code"]: level for level, row in enumerate(palette()["issue"], 1)}
    rows = Issue.objects.filter(state__in=table().open_states(), lon__isnull=False, lat__isnull=False)
    for number, title, state, due, lon, lat, simulated, path, owner in (
        rows.order_by("-pk").values_list(*_FIELDS)[:MOST].iterator()
    ):
        late = due is not None and due < now
        yield Place(
            code=number,
            name=title,
            kind="issue",
            lon=lon,
            lat=lat,
            path=path or "",
            owner=owner or "",
            simulated=simulated,
            due=due.date() if due else None,
            level=levels["overdue" if late else state],
            short=table().states[state].zh[:1],
        )


def bring_issues() -> None:
    """Let the atlas show them."""
    bring("issues", open_issues)
