"""Words and steps of the ledger, from ``data/settings.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from huanzhi.errors import InputError


@cache
def settings() -> Mapping[str, Any]:
    """Return the tables by name."""
    file = resources.files("huanzhi.center.plans") / "data" / "settings.toml"
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))


def checked(table: str, name: str, column: str) -> str:
    """Return a word if its table holds it; InputError ``center_plans.choice`` otherwise."""
    words = settings()[table]
    if name not in words:
        raise InputError("center_plans.choice", column=column, value=name, expected=", ".join(words))
    return name


def open_states() -> tuple[str, ...]:
    """Return the states of measures that are not written off."""
    return tuple(code for code, row in settings()["state"].items() if row["open"])
