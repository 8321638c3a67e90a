"""Words, terms and measures of codes and credit, from ``data/settings.toml``."""

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
    file = resources.files("huanzhi.ecocode.grades") / "data" / "settings.toml"
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))


def word(table: str, name: str) -> dict[str, str]:
    """Return a word in both languages; the name itself where the table has none."""
    row = settings()[table].get(name, {"zh": name, "en": name})
    return {"zh": row["zh"], "en": row["en"]}


def checked(table: str, name: str, column: str) -> str:
    """Return a word if its table holds it.

    Raises
    ------
    InputError
        ``grades.choice`` otherwise.
    """
    words = settings()[table]
    if name not in words:
        raise InputError("grades.choice", column=column, value=name, expected=", ".join(words))
    return name


def measures(place: str, colour: str) -> list[dict[str, Any]]:
    """Return what follows from a colour at a place: incentives and restraints, each with its basis."""
    found = []
    for row in settings()["measure"]:
        where = row.get("place", "")
        if colour in row["colours"] and (not where or where[:2] == place[:2]):
            told = {name: row[name] for name in ("scene", "zh", "en", "confidence", "basis")}
            found.append({**told, "place": where, "value": row["colours"][colour]})
    return found
