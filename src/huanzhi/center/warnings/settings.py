"""How warnings are kept, by ``data/warnings.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

MINUTE = 60


@cache
def settings() -> Mapping[str, Any]:
    """Return the tables."""
    file = resources.files("huanzhi.center.warnings") / "data" / "warnings.toml"
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))


def levels() -> tuple[str, ...]:
    """Return the levels 预警级别, the lowest first."""
    return tuple(settings()["levels"])


def level_after(rule: str, seconds: float) -> str:
    """Return the level of a warning that has stood for so long."""
    table = settings()["rule"][rule]
    steps = sorted((int(minutes), str(level)) for minutes, level in table["escalate"].items())
    reached = [level for minutes, level in steps if seconds >= minutes * MINUTE]
    return reached[-1] if reached else str(table["level"])


def category(rule: str, gas: bool) -> str:
    """Return the category of the issue that a warning opens."""
    found = settings()["rule"][rule]["category"]
    return str(found if isinstance(found, str) else found["gas" if gas else "water"])
