"""Numbers 编号 of appeals and applications: year and a count."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from huanzhi.standards.periods import CHINA


def next_number(model: Any, prefix: str, now: datetime) -> str:
    """Return the next number, as ``SS-2026-0001``; call it in a transaction."""
    begun = f"{prefix}-{now.astimezone(CHINA):%Y}-"
    rows = model.objects.select_for_update().filter(number__startswith=begun).order_by("-pk")
    last = rows.values_list("number", flat=True).first()
    return f"{begun}{int(last.rsplit('-', 1)[1]) + 1 if last else 1:04d}"
