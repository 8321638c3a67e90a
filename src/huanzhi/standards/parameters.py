"""Parameters 监测因子: the national codes with their names, aliases, units and decimals.

The rows stand in the tables ``parameters`` of HJ 524 (air), HJ 525 (water) and, where the nation has no code,
of Huanzhi's own list, which is marked so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from huanzhi.errors import StandardError
from huanzhi.standards.loader import all_standards
from huanzhi.standards.model import Provenance

CODE_LISTS = ("HJ 524", "HJ 525", "HZ CODES")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One measured quantity.

    Attributes
    ----------
    code : str
        National code, e.g. ``a34004``; codes of our own begin with ``hz-``.
    name, name_en : str
        Official Chinese name and English name.
    symbol : str
        Short form for columns and charts, e.g. ``PM2.5``, ``CODMn``.
    unit : str
        The one unit in which the platform keeps it.
    decimals : int
        Decimals shown; stored values keep the decimals they were reported with.
    medium : str
        ``air``, ``water``, ``noise``, ``soil``.
    aliases : tuple of str
        Other spellings that importers accept.
    """

    code: str
    name: str
    name_en: str
    symbol: str
    unit: str
    decimals: int
    medium: str
    aliases: tuple[str, ...]
    provenance: Provenance


@cache
def all_parameters() -> Mapping[str, Parameter]:
    """Return every parameter by its code."""
    found: dict[str, Parameter] = {}
    for identity in CODE_LISTS:
        for edition in all_standards()[identity].editions:
            for table in edition.tables.get("parameters", ()):
                for row in table.rows:
                    found[row["code"]] = Parameter(
                        code=row["code"],
                        name=row["name"],
                        name_en=row.get("en", row["name"]),
                        symbol=row.get("symbol", row["name"]),
                        unit=row.get("unit", table.unit),
                        decimals=row.get("decimals", 3),
                        medium=row.get("medium", edition.notes[0] if edition.notes else ""),
                        aliases=tuple(row.get("aliases", ())),
                        provenance=table.provenance,
                    )
    return MappingProxyType(found)


def parameter(code: str) -> Parameter:
    """Return the parameter with a code.

    Raises
    ------
    StandardError
        If the code is unknown.
    """
    try:
        return all_parameters()[code]
    except KeyError:
        raise StandardError("standards.no_parameter", code=code) from None


def find(name: str, medium: str = "") -> Parameter | None:
    """Return the parameter that a heading means, by code, name, symbol or alias; None if there is none.

    Full-width letters, case, spaces, dots, underscores and subscripts do not matter: ``ＰＭ２．５``,
    ``pm2_5`` and ``PM25`` are the same.
    """
    matches = _by_name().get(plain(name), ())
    fitting = [found for found in matches if not medium or found.medium == medium]
    return fitting[0] if fitting else None


def plain(name: str) -> str:
    """Return a heading in the form by which names are compared."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in folded if letter.isalnum() or letter in "+αβγ")


@cache
def _by_name() -> Mapping[str, tuple[Parameter, ...]]:
    index: dict[str, tuple[Parameter, ...]] = {}
    for found in all_parameters().values():
        for spelling in {plain(s) for s in (found.code, found.name, found.symbol, *found.aliases)}:
            index[spelling] = (*index.get(spelling, ()), found)
    return MappingProxyType(index)
