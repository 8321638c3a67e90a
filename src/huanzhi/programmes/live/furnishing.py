"""Rooms of the simulated city 模拟陈设: what each screen shows before anybody has worked in it."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module

ROOMS = (
    "enforcement",
    "disclosure",
    "field",
    "inspections",
    "permits",
    "petitions",
    "plans",
    "indicators",
    "rectification",
    "publications",
    "warnings",
    "enterprise_file",
    "services",
    "waste",
    "accounts",
    "codes",
    "audits",
)
"""Modules beside this one, in the order in which they are furnished; codes weigh what the others made,
and audits look at what the codes know."""

WITH_ACCOUNTS = frozenset({"waste"})
"""Rooms that make accounts of their own and are given the password of the simulated city."""


def furnish_all(password: str) -> None:
    """Furnish every room, once each."""
    for room in ROOMS:
        furnish = import_module(f"huanzhi.programmes.live.{room}").furnish
        more = (password,) if room in WITH_ACCOUNTS else ()
        furnish(datetime.now(UTC), *more)
