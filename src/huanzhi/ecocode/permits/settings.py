"""Words, clocks and choices, from ``data/settings.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from huanzhi.errors import InputError
from huanzhi.messages import language


@cache
def settings() -> Mapping[str, Any]:
    """Return the tables by name."""
    file = resources.files("huanzhi.ecocode.permits") / "data" / "settings.toml"
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))


def checked(table: str, name: str, column: str) -> str:
    """Return a word if its table holds it; InputError ``permits.choice`` otherwise."""
    words = settings()[table]
    if name not in words:
        raise InputError("permits.choice", column=column, value=name, expected=", ".join(words))
    return name


def word(table: str, name: str) -> str:
    """Return what a code is called in the reader's language; the code itself where it has no name."""
    row = settings()[table].get(name)
    return str(row[language()]) if row else name


def both(table: str, name: str) -> tuple[str, str]:
    """Return what a code is called in Chinese and English."""
    row = settings()[table][name]
    return str(row["zh"]), str(row["en"])


def clock(identity: str) -> Mapping[str, Any]:
    """Return a clock by its id."""
    return next(row for row in settings()["clock"] if row["id"] == identity)
