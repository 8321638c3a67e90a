"""Kind of the water body 水体类型 of a section: the tables that presume river or lake when nobody says.

The tables are Huanzhi's own, not from the documents; a kind that is given always goes before them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from huanzhi import standards
from huanzhi.standards.model import Edition

IDENTITY = "HZ WATER BODIES"
LAKE = "lake"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A style of section names.

    Attributes
    ----------
    name : str
        What the style is, e.g. ``middle of a lake``.
    lake : bool
        What it stands for.
    doubtful : bool
        Whether it tells little, so that the other limits should be shown as well.
    """

    name: str
    lake: bool
    expression: re.Pattern[str]
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Station:
    """A known lake station: it counts in its provinces; a `common` name only where the province is known."""

    provinces: tuple[str, ...]
    common: bool


@dataclass(frozen=True, slots=True)
class WaterBodies:
    """The tables: words for a given kind, known stations, known lakes and reservoirs, styles of names."""

    edition: Edition
    words: Mapping[str, bool]
    evidence_items: tuple[str, ...]
    stations: Mapping[str, Station]
    bodies: re.Pattern[str]
    patterns: tuple[Pattern, ...]
    default_lake: bool


@cache
def tables() -> WaterBodies:
    """Return the tables in use."""
    edition = standards.standard(IDENTITY).editions[-1]
    words = {
        plain_name(word): row["name"] == LAKE for row in edition.table("words").rows for word in row["words"]
    }
    bodies = [body for row in edition.table("bodies").rows for body in row["bodies"]]
    evidence = edition.table("evidence")
    return WaterBodies(
        edition=edition,
        words=MappingProxyType(words),
        evidence_items=tuple(evidence.row("measured")["items"]),
        stations=MappingProxyType(_stations(edition)),
        bodies=re.compile("|".join(map(re.escape, sorted(bodies, key=len, reverse=True))) or r"(?!)"),
        patterns=tuple(
            Pattern(
                row["name"], row["kind"] == LAKE, re.compile(row["pattern"]), bool(row.get("doubtful", False))
            )
            for row in edition.table("patterns").rows
        ),
        default_lake=evidence.row("default")["kind"] == LAKE,
    )


def plain_name(name: str) -> str:
    """Return a name without blanks, with half-width signs and in lower case."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _stations(edition: Edition) -> dict[str, Station]:
    return {
        plain_name(station): Station(tuple(row["provinces"]), station in row.get("common", ()))
        for row in edition.table("stations").rows
        for station in row["stations"]
    }
