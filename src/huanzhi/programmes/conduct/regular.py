"""Regular work 定时归集: collect what happened, reckon codes and credit, tell the inspections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from huanzhi.errors import StoreError
from huanzhi.library.series import open_store
from huanzhi.library.work.worker import Run, Work
from huanzhi.programmes.conduct.collecting import refresh


def conduct(run: Run) -> dict[str, Any]:
    """Collect, reckon what was touched and what is due, and carry it to the inspections."""
    return refreshed(datetime.now(UTC))


def refreshed(now: datetime) -> dict[str, Any]:
    """Collect and reckon; without outlets where there is no store yet."""
    try:
        with open_store("read") as store:
            return refresh(store, now)
    except StoreError as error:
        if error.key != "series.none_here":
            raise
        return refresh(None, now)


KINDS: Mapping[str, Work] = {"conduct": conduct}
