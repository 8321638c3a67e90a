"""Words and thresholds of issues, from ``data/settings.toml``."""

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
    file = resources.files("huanzhi.center.issues") / "data" / "settings.toml"
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))


def names(table: str) -> tuple[str, ...]:
    """Return the words of a table, as ``category`` or ``channel``."""
    return tuple(settings()[table])


def word(table: str, name: str) -> str:
    """Return a word in the reader's language; the word itself where it has none."""
    found = settings()[table].get(name)
    return str(found[language()]) if found else name


def checked(table: str, name: str, column: str) -> str:
    """Return a word if its table holds it.

    Raises
    ------
    InputError
        ``issues.choice`` otherwise.
    """
    if name not in settings()[table]:
        raise InputError("issues.choice", column=column, value=name, expected=", ".join(names(table)))
    return name
