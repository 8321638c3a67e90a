"""Words, limits and tolerances of waste, from ``data/*.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from huanzhi.errors import InputError

OURS = "DEFAULT, NOT FROM THE DOCUMENTS"


@cache
def settings() -> Mapping[str, Any]:
    """Return words, limits and tolerances."""
    return _read("settings.toml")


@cache
def manifests() -> Mapping[str, Any]:
    """Return the states, moves and terms of manifests and of transfer across provinces."""
    return _read("manifests.toml")


@cache
def catalogue() -> Mapping[str, Any]:
    """Return the classes and the known codes of hazardous waste."""
    return _read("catalogue.toml")


@cache
def checklists() -> Mapping[str, Any]:
    """Return the check lists by object: producer, operator."""
    return _read("checklists.toml")


def checked(table: str, name: str, column: str) -> str:
    """Return a word if its table holds it; InputError ``waste.choice`` otherwise."""
    words = settings()[table]
    if name not in words:
        raise InputError("waste.choice", column=column, value=name, expected=", ".join(words))
    return name


def _read(name: str) -> Mapping[str, Any]:
    file = resources.files("huanzhi.ecocode.waste") / "data" / name
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))
