"""Words and measures of petitions, from ``data/settings.toml`` and ``data/states.toml``."""

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

_NO_LADDER = {"ladder": {"steps": [], "overdue_days": {}, "reached": {}, "basis": "", "confidence": ""}}


@cache
def settings() -> Mapping[str, Any]:
    """Return the tables by name."""
    return MappingProxyType(_file("settings"))


@cache
def table() -> Table:
    """Return the table of states; the machine of issues reads it."""
    return read(_file("states") | _NO_LADDER)


def word(name: str, code: str) -> str:
    """Return a word of a table in the reader's language; the word itself where it has none."""
    found = settings()[name].get(code)
    return str(found[language()]) if found else code


def checked(name: str, code: str, column: str) -> str:
    """Return a word if its table holds it; InputError ``petitions.choice`` otherwise."""
    if code not in settings()[name]:
        raise InputError("petitions.choice", column=column, value=code, expected=", ".join(settings()[name]))
    return code


def _file(name: str) -> dict[str, Any]:
    file = resources.files("huanzhi.center.petitions") / "data" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
