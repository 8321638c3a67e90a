"""Days that may be asked for: those whose moments every database and calendar can hold."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

FIRST, LAST = date(1900, 1, 1), date(2999, 12, 31)
"""Earliest and latest day. Ours: no record of the platform is older, and no term ends later."""

Day = Annotated[date, Field(ge=FIRST, le=LAST)]
"""A day of a question; another is refused with what was given and what was expected."""
