"""Code tables of HJ 212 编码表: editions, systems, commands, results, marks, header fields.

They stand in ``codes.toml`` beside this module, with the clause that prints each.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from huanzhi.messages import language
from huanzhi.standards import Confidence


class Edition(StrEnum):
    """Edition that a packet is written in."""

    HJT212_2005 = "2005"
    HJ212_2017 = "2017"
    HJ212_2025 = "2025"
    HJ1404_2024 = "1404"

    @property
    def number(self) -> str:
        """Number of the standard, e.g. ``HJ 212-2017``."""
        return editions()[self].number

    def clause(self, subject: str) -> str:
        """Return the standard and the clause that rules `subject`; the standard alone where none is known."""
        return f"{self.number} {editions()[self].clauses.get(subject, '')}".strip()


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """What an edition says of the frame."""

    number: str
    title: str
    version: int | None
    clauses: Mapping[str, str]
    segment_max: int
    area_max: int
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Command:
    """One command 命令 of one or more editions.

    Attributes
    ----------
    cn : str
        Command code 命令编码.
    kind : str
        ``request`` (three or more steps), ``upload`` (one or two), ``data`` (requested or uploaded),
        ``notice`` (two), ``answer``.
    down, up : str
        Name of the body that the host sends, and that the device sends; empty where it sends none.
    """

    cn: str
    zh: str
    en: str
    kind: str
    down: str
    up: str
    note: str

    @property
    def name(self) -> str:
        """The command in the reader's language."""
        return self.zh if language() == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Code:
    """One row of a code table."""

    code: str
    zh: str
    en: str
    note: str

    @property
    def name(self) -> str:
        """The meaning in the reader's language."""
        return self.zh if language() == "zh" else self.en


@dataclass(frozen=True, slots=True)
class HeaderField:
    """One field of the data segment before CP."""

    name: str
    pattern: re.Pattern[str]
    width: Mapping[Edition, int]


@cache
def editions() -> Mapping[Edition, EditionFacts]:
    """Return what each edition says of the frame."""
    return MappingProxyType({Edition(key): _edition(raw) for key, raw in _raw()["edition"].items()})


@cache
def fields() -> Mapping[str, HeaderField]:
    """Return the header fields by name, in the order in which they are sent."""
    return MappingProxyType({raw["name"]: _field(raw) for raw in _raw()["field"]})


@cache
def commands() -> Mapping[tuple[Edition, str], Command]:
    """Return every command by edition and CN."""
    found: dict[tuple[Edition, str], Command] = {}
    for row in _raw()["command"]["rows"]:
        made = Command(
            row["cn"],
            row["zh"],
            row["en"],
            row["kind"],
            row.get("down", ""),
            row.get("up", ""),
            row.get("note", ""),
        )
        found |= {(Edition(edition), made.cn): made for edition in row["in"]}
    return MappingProxyType(found)


def command(edition: Edition, cn: str) -> Command | None:
    """Return the command `cn` of `edition`; that of another edition, newest first, where it has none."""
    for candidate in (edition, *NEWEST_FIRST):
        if (candidate, cn) in commands():
            return commands()[candidate, cn]
    return None


NEWEST_FIRST = (Edition.HJ212_2025, Edition.HJ212_2017, Edition.HJT212_2005, Edition.HJ1404_2024)


@cache
def codes(table: str) -> Mapping[tuple[Edition, str], Code]:
    """Return ``system``, ``request_result``, ``execution_result`` or ``mark`` by edition and code."""
    found: dict[tuple[Edition, str], Code] = {}
    for row in _raw()[table]["rows"]:
        made = Code(row.get("code") or row["st"], row["zh"], row["en"], row.get("note", ""))
        found |= {(Edition(edition), made.code): made for edition in row["in"]}
    return MappingProxyType(found)


@cache
def _raw() -> Mapping[str, Any]:
    file = resources.files("huanzhi.network.hj212").joinpath("codes.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _edition(raw: Mapping[str, Any]) -> EditionFacts:
    return EditionFacts(
        raw["number"],
        raw["title"],
        raw.get("version"),
        MappingProxyType(raw["clauses"]),
        raw["segment_max"],
        raw["area_max"],
        Confidence(raw["confidence"]),
    )


def _field(raw: Mapping[str, Any]) -> HeaderField:
    width = {Edition(key): value for key, value in raw["width"].items()}
    return HeaderField(raw["name"], re.compile(raw["pattern"]), MappingProxyType(width))
