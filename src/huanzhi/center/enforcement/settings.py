"""Words and numbers of enforcement, from ``data/``: settings, states, terms."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from huanzhi.center.issues.table import Table, read
from huanzhi.errors import InputError
from huanzhi.messages import language


@dataclass(frozen=True, slots=True)
class Rule:
    """A legal term 法定期限.

    Attributes
    ----------
    begins : str
        Event that begins it; ``hand`` where an officer does.
    until : tuple of str
        Steps and events that end it.
    stops : bool
        Whether the stops of the case lengthen it.
    extend : tuple of int
        Calendar days of each extension that there may be.
    party : bool
        Runs for the party, not for the authority.
    earliest : bool
        Its end is the day before which something may not be done, no deadline.
    only : tuple of str
        Decisions for which it runs; all where empty.
    """

    code: str
    zh: str
    en: str
    number: int
    unit: str
    begins: str
    until: tuple[str, ...]
    basis: str
    confidence: str
    note: str = ""
    stops: bool = False
    extend: tuple[int, ...] = ()
    party: bool = False
    earliest: bool = False
    only: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the name in the reader's language."""
        return self.en if language() == "en" else self.zh


def raw(name: str) -> dict[str, Any]:
    """Return a table of ``data/``; decimals stay exact."""
    file = resources.files("huanzhi.center.enforcement") / "data" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)


@cache
def settings() -> Mapping[str, Any]:
    """Return the words and numbers by table."""
    return MappingProxyType(raw("settings"))


@cache
def table() -> Table:
    """Return the table of states and steps of a case."""
    return read(raw("states"))


@cache
def rules() -> Mapping[str, Rule]:
    """Return the legal terms by code."""
    return MappingProxyType({code: _rule(code, row) for code, row in raw("clocks").items()})


def _rule(code: str, row: Mapping[str, Any]) -> Rule:
    more = {name: tuple(row[name]) for name in ("extend", "only") if name in row}
    flags = {name: bool(row.get(name)) for name in ("stops", "party", "earliest")}
    told = {name: row[name] for name in ("zh", "en", "number", "unit", "basis", "confidence")}
    begins, until = row["from"], tuple(row["until"])
    return Rule(code, begins=begins, until=until, note=row.get("note", ""), **told, **flags, **more)


def words(name: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the words of a table by code, as ``origin`` or ``evidence``."""
    found: Mapping[str, Mapping[str, Any]] = settings()[name]
    return found


def word(name: str, code: str) -> str:
    """Return a word in the reader's language; the code itself where it has none."""
    found = words(name).get(code)
    return str(found[language()]) if found else code


def checked(name: str, code: str, column: str) -> str:
    """Return a code if its table holds it; InputError ``issues.choice`` otherwise."""
    if code not in words(name):
        raise InputError("issues.choice", column=column, value=code, expected=", ".join(words(name)))
    return code


def code_from() -> date:
    """Return the day from which the environmental code judges acts."""
    found: date = settings()["code"]["from"]
    return found
