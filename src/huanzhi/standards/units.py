"""Units 计量单位: their spellings, and exact factors between units of one dimension.

The units themselves stand in ``data/units.toml``. A factor is a `Fraction`, so that a conversion never adds
binary noise to a regulated number. Only units of one dimension convert: mass per volume of gas and of water
are two dimensions, since no monitor reports one for the other, and a volume fraction (ppb) is none of them.

>>> factor("mg/m3", "ug/m³")
Fraction(1000, 1)
>>> split_heading("溶解氧(mg/L)")
('溶解氧', 'mg/L')
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from types import MappingProxyType

from huanzhi.errors import StandardError
from huanzhi.standards.loader import all_standards

_HEADING = re.compile(r"(?P<name>.+?)\s*[(（\[【](?P<unit>[^()（）\[\]【】]*(?:\([^()]*\))?)[)）\]】]\s*")


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit.

    Attributes
    ----------
    symbol : str
        How Huanzhi writes it, e.g. ``µg/m³``.
    dimension : str
        Only units of the same dimension convert.
    size : Fraction
        Size in the first unit of the dimension.
    spellings : tuple of str
        Other spellings that are read.
    """

    symbol: str
    dimension: str
    size: Fraction
    spellings: tuple[str, ...] = ()


@cache
def all_units() -> Mapping[str, Unit]:
    """Return every unit by its symbol."""
    (edition,) = all_standards()["HZ UNITS"].editions
    rows = edition.table("units").rows
    units = (
        Unit(row["name"], row["dimension"], Fraction(row["size"]), tuple(row.get("spellings", ())))
        for row in rows
    )
    return MappingProxyType({unit.symbol: unit for unit in units})


def find_unit(text: str) -> Unit | None:
    """Return the unit that a spelling means; None if it means none.

    Full-width letters, superscripts, both micro signs and spaces do not matter, nor does case, save where it
    tells two units apart.
    """
    exact, folded = _by_spelling()
    return exact.get(_plain(text)) or folded.get(_plain(text).casefold())


def unit(text: str) -> Unit:
    """Return the unit that a spelling means.

    Raises
    ------
    StandardError
        If it means none.
    """
    found = find_unit(text)
    if found is None:
        raise StandardError("standards.no_unit", unit=text)
    return found


def factor(given: str, wanted: str) -> Fraction:
    """Return the exact number by which a value in unit `given` is multiplied to stand in `wanted`.

    Raises
    ------
    StandardError
        If a unit is unknown or the two do not measure the same thing.
    """
    before, after = unit(given), unit(wanted)
    if before.dimension != after.dimension:
        raise StandardError("standards.unit_mismatch", given=given, wanted=wanted)
    return before.size / after.size


def split_heading(heading: str) -> tuple[str, str]:
    """Return the name and the unit of a column heading such as ``总磷（mg/L）``; no known unit gives "".

    A bracket that holds no unit belongs to the name: ``颗粒物(PM2.5)``.
    """
    found = _HEADING.fullmatch(heading)
    if found is None or find_unit(found["unit"]) is None:
        return heading.strip(), ""
    return found["name"], found["unit"].strip()


@cache
def _by_spelling() -> tuple[Mapping[str, Unit], Mapping[str, Unit]]:
    exact = {
        _plain(spelling): found
        for found in all_units().values()
        for spelling in (found.symbol, *found.spellings)
    }
    folded: dict[str, Unit] = {}
    clashes = set()
    for spelling, found in exact.items():
        if folded.setdefault(spelling.casefold(), found) is not found:
            clashes.add(spelling.casefold())
    return exact, {spelling: found for spelling, found in folded.items() if spelling not in clashes}


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).replace("μ", "u").replace("•", "·").replace("^", "")
    return "".join(folded.split())
