"""The form 审计表 and the words of audits, from ``data/form.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from huanzhi.errors import InputError

FINDINGS = ("compliant", "failed", "unknown", "not_applicable")
"""What may be found of an item 符合、不符合、未知、不适用."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the form.

    Attributes
    ----------
    key : bool
        Whether the rulebook weighs it as a key item.
    looks_at : str
        Which records tell that the archive knows of it; a name of ``programmes.audits.evidence``.
    against : tuple of str
        Kinds of events of the code that speak against it.
    where : mapping
        Facts that such an event must have, each with the values that count.
    at_end : bool
        Whether only what still stands on the last day speaks against it; otherwise what held on any day.
    category : str
        Category of the issue that a failed item becomes.
    """

    code: str
    section: str
    zh: str
    en: str
    basis: Mapping[str, str]
    confidence: str
    key: bool = False
    looks_at: str = ""
    against: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    at_end: bool = False
    category: str = "other"


@cache
def settings() -> Mapping[str, Any]:
    """Return the tables by name."""
    file = resources.files("huanzhi.ecocode.audits") / "data" / "form.toml"
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))


@cache
def items() -> Mapping[str, Item]:
    """Return the items by code, in the order of the form."""
    found = [_item(code, row) for code, row in settings()["item"].items()]
    return MappingProxyType({one.code: one for one in found})


def _item(code: str, row: Mapping[str, Any]) -> Item:
    if row["section"] not in settings()["section"]:
        raise ValueError(row["section"])
    more = {name: row[name] for name in ("key", "looks_at", "at_end", "category") if name in row}
    where = {name: tuple(values) for name, values in row.get("where", {}).items()}
    told = {name: row[name] for name in ("section", "zh", "en", "basis", "confidence")}
    return Item(code, **told, against=tuple(row.get("against", ())), where=where, **more)


def checked(table: str, name: str, column: str) -> str:
    """Return a word if its table holds it; InputError ``audits.choice`` otherwise."""
    words = settings()[table]
    if name not in words:
        raise InputError("audits.choice", column=column, value=name[:64], expected=", ".join(words))
    return name
