"""Writing 记录: numbers of targets and assessments."""

from __future__ import annotations

from datetime import datetime

from huanzhi.library.records.model import Record
from huanzhi.standards.periods import CHINA


def number(model: type[Record], prefix: str, now: datetime) -> str:
    """Return the next number of the year, as ``MB-2026-0001``; call it within a transaction."""
    begun = f"{prefix}-{now.astimezone(CHINA):%Y}-"
    rows = model._default_manager.filter(number__startswith=begun).order_by("-number")
    last = rows.values_list("number", flat=True).first()
    return f"{begun}{int(str(last).rpartition('-')[2]) + 1 if last else 1:04d}"
