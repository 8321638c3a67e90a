"""What takes kept standings away 状态失效: a change of a limit, of an outlet, or of a month."""

from __future__ import annotations

from typing import Any

from huanzhi.ecocode.permits.models import MonthAmount
from huanzhi.ecocode.permits.standings import forget
from huanzhi.library.enterprises.models import Outlet, PermitLimit
from huanzhi.library.records.written import on_written


def connect() -> None:
    """Listen to limits, outlets and months; the reckoning of months, which writes by itself, says so."""
    for model in (PermitLimit, Outlet, MonthAmount):
        on_written(model, _changed, "permits-standing")


def _changed(rows: list[Any]) -> None:
    owners = (row.outlet if isinstance(row, MonthAmount) else row for row in rows)
    forget({one.enterprise_id for one in owners})
