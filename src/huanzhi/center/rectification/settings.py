"""Words, terms and thresholds of rectification, and its tables of states."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from huanzhi.center.issues.table import Table, read
from huanzhi.errors import InputError
from huanzhi.messages import language


@cache
def settings() -> Mapping[str, Any]:
    """Return the tables by name."""
    return MappingProxyType(_raw("settings"))


@cache
def table() -> Table:
    """Return the states and steps of a task."""
    return read(_raw("states"))


@cache
def talk_table() -> Table:
    """Return the states and steps of a talk."""
    return read(_raw("talks"))


def names(words: str) -> tuple[str, ...]:
    """Return the words of a table, as ``level`` or ``letter``."""
    return tuple(settings()[words])


def word(words: str, name: str) -> str:
    """Return a word in the reader's language; the word itself where it has none."""
    found = settings()[words].get(name)
    return str(found[language()]) if found else name


def checked(words: str, name: str, column: str) -> str:
    """Return a word if its table holds it.

    Raises
    ------
    InputError
        ``issues.choice`` otherwise.
    """
    if name not in settings()[words]:
        raise InputError("issues.choice", column=column, value=name, expected=", ".join(names(words)))
    return name


def _raw(name: str) -> dict[str, Any]:
    file = resources.files("huanzhi.center.rectification") / "data" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
