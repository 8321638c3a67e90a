"""Regions 行政区划: the codes of GB/T 2260 as a tree of province, city and county.

>>> region("330200").name
'宁波市'
>>> [step.name for step in path("330282")]
['浙江省', '宁波市', '慈溪市']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from huanzhi.errors import StandardError
from huanzhi.standards.loader import all_standards
from huanzhi.standards.model import Confidence

_SUFFIXES = ("自治区", "自治县", "自治旗", "省", "市", "盟", "区", "县", "旗")


@dataclass(frozen=True, slots=True)
class Region:
    """One administrative division.

    Attributes
    ----------
    code : str
        Six digits of GB/T 2260.
    name, name_en : str
        Official Chinese name; English name of provinces and cities, else empty.
    confidence : Confidence
        How far the code was checked.
    until : int, optional
        Year in which the code ceased; None while it is in use.
    successor : str
        Code that holds most of the place now, of a code that ceased.
    """

    code: str
    name: str
    name_en: str
    confidence: Confidence
    until: int | None = None
    successor: str = ""

    @property
    def level(self) -> str:
        """``province``, ``city`` or ``county``."""
        if self.code.endswith("0000"):
            return "province"
        return "city" if self.code.endswith("00") else "county"

    @property
    def parent(self) -> str:
        """Code of the region above; empty for a province."""
        return {"province": "", "city": self.code[:2] + "0000", "county": self.code[:4] + "00"}[self.level]


@cache
def all_regions() -> Mapping[str, Region]:
    """Return every region by its code, in the order of the codes, those that ceased included."""
    (edition,) = all_standards()["GB/T 2260"].editions
    found = (
        Region(
            row["code"],
            row["name"],
            row.get("en", ""),
            table.provenance.confidence,
            row.get("until"),
            row.get("successor", ""),
        )
        for tables in edition.tables.values()
        for table in tables
        for row in table.rows
    )
    return MappingProxyType({each.code: each for each in sorted(found, key=lambda each: each.code)})


def region(code: str) -> Region:
    """Return the region with a code of six digits.

    Raises
    ------
    StandardError
        If Huanzhi has no such code.
    """
    try:
        return all_regions()[code]
    except KeyError:
        raise StandardError("standards.no_region", code=code) from None


def path(code: str) -> tuple[Region, ...]:
    """Return the regions from the province down to `code`."""
    found = region(code)
    return (*path(found.parent), found) if found.parent else (found,)


def children(code: str) -> tuple[Region, ...]:
    """Return the regions in use right below `code`."""
    return tuple(each for each in all_regions().values() if each.parent == code and each.until is None)


def contains(code: str, inner: str) -> bool:
    """Return whether the region `inner` lies in, or is, the region `code`; codes need not be known."""
    significant = code.removesuffix("00").removesuffix("00")
    return inner.startswith(significant)


def find_region(name: str, within: str = "") -> Region | None:
    """Return the region called `name`, in full, without suffix or in English; None if none or several are.

    Parameters
    ----------
    name : str
        ``台州市``, ``台州`` or ``Taizhou``. A full name goes before a shortened one.
    within : str
        Code of a region to look in.
    """
    wanted = name.strip().casefold()
    inside = [each for each in all_regions().values() if contains(within, each.code)]
    for spellings in (_full, _short):
        fitting = [each for each in inside if wanted in spellings(each)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def _full(found: Region) -> set[str]:
    return {found.name, found.name_en.casefold()} - {""}


def _short(found: Region) -> set[str]:
    return {found.name.removesuffix(suffix) for suffix in _SUFFIXES}
