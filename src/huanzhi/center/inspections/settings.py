"""Words, terms and shares of inspections, from ``data/settings.toml``; check lists."""

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
    return _read("settings.toml")


@cache
def checklists() -> Mapping[str, Any]:
    """Return the check lists by code: title, version, confidence and items."""
    return _read("checklists.toml")


def checklist(code: str) -> Mapping[str, Any]:
    """Return a check list.

    Raises
    ------
    InputError
        ``inspections.no_checklist`` if there is none of that code.
    """
    if code not in checklists():
        raise InputError("inspections.no_checklist", value=code, expected=", ".join(checklists()))
    found: Mapping[str, Any] = checklists()[code]
    return found


def checked(table: str, name: str, column: str) -> str:
    """Return a word if its table holds it.

    Raises
    ------
    InputError
        ``inspections.choice`` otherwise.
    """
    words = settings()[table]
    if name not in words:
        raise InputError("inspections.choice", column=column, value=name, expected=", ".join(words))
    return name


def _read(name: str) -> Mapping[str, Any]:
    file = resources.files("huanzhi.center.inspections") / "data" / name
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))
