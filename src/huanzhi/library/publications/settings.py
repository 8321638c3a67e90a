"""Words, masks, terms and limits of publications, from ``data/settings.toml``."""

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
    file = resources.files("huanzhi.library.publications") / "data" / "settings.toml"
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))


def checked(name: str, code: str, column: str) -> str:
    """Return a word if its table holds it; InputError ``publications.choice`` otherwise."""
    if code not in settings()[name]:
        known = ", ".join(settings()[name])
        raise InputError("publications.choice", column=column, value=code, expected=known)
    return code
