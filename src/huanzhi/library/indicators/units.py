"""Units 单位: which are the same, and how one turns into another, exactly."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType

from huanzhi.errors import InputError


@cache
def _known() -> Mapping[str, tuple[str, str, Decimal]]:
    """Return the folded name of each unit → its family, its own name, and its factor."""
    file = resources.files("huanzhi.library.indicators") / "data" / "units.toml"
    found = {}
    for family in tomllib.loads(file.read_text(encoding="utf-8"))["family"]:
        for row in family["unit"]:
            for name in (row["name"], *row["also"]):
                found[_folded(name)] = (family["id"], row["name"], Decimal(row["times"]))
    return MappingProxyType(found)


def _folded(unit: str) -> str:
    return unicodedata.normalize("NFKC", unit).replace("μ", "u").replace("µ", "u").replace(" ", "").casefold()


def named(unit: str) -> str:
    """Return the name under which a unit is kept; the unit itself where it is not known."""
    row = _known().get(_folded(unit))
    return row[1] if row else unit


def factor(unit: str, wanted: str) -> Decimal:
    """Return what a number in `unit` is multiplied by to be in `wanted`.

    Raises
    ------
    InputError
        ``indicators.unit`` if one cannot be turned into the other.
    """
    if _folded(unit) == _folded(wanted):
        return Decimal(1)
    one, other = _known().get(_folded(unit)), _known().get(_folded(wanted))
    if one is None or other is None or one[0] != other[0]:
        raise InputError("indicators.unit", value=unit or None, expected=wanted)
    return one[2] / other[2]


def converted(value: Decimal, unit: str, wanted: str) -> Decimal:
    """Return a number in another unit, without zeros that say nothing."""
    found = value * factor(unit, wanted)
    plain = found.normalize()
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain
