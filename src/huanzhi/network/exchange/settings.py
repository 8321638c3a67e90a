"""Words and limits of exchange, from ``data/settings.toml``."""

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
    file = resources.files("huanzhi.network.exchange") / "data" / "settings.toml"
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))


def checked(table: str, name: str, column: str) -> str:
    """Return a word if its table holds it; InputError ``exchange.choice`` otherwise."""
    words = settings()[table]
    if name not in words:
        raise InputError("exchange.choice", column=column, value=name, expected=", ".join(words))
    return name
