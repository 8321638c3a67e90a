"""Places of a ranking 排名范围: the region of a level in which each place lies, by the tree of regions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from huanzhi.library.places.models import Region
from huanzhi.library.publications.settings import settings
from huanzhi.library.series import Feature
from huanzhi.programmes.air_cities import Naming

LEVELS = ("city", "county", "township")
GB2260 = 6
"""Digits of a code of GB/T 2260, in pairs of province, city and county."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Names of the regions of one level, by the code of every region below them.

    Attributes
    ----------
    names : mapping
        Code of a region → name of its ancestor of the level; where two have one name, that above goes before.
    level : str
    """

    names: Mapping[str, str]
    level: str

    def name(self, feature: Feature) -> str:
        """Return the region of a place; what its own attributes say where the tree does not know it."""
        return self.names.get(feature.region_code) or _told(feature, self.level)


def naming(level: str) -> Naming | None:
    """Return what names the region of a level for each place; None for levels of no tree."""
    return tree(level).name if level in LEVELS else None


def tree_naming(level: str) -> Naming | None:
    """Return what names counties and townships by the tree; cities go by the names that they are known by."""
    return naming(level) if level in ("county", "township") else None


def tree(level: str) -> Tree:
    """Return the regions of a level."""
    words = settings()["level"][level]["words"]
    every = list(Region.objects.only("code", "name", "level", "path", "parent_id"))
    by_code = {one.code: one for one in every}
    spelt = _spelt([one for one in every if one.level in words], by_code)
    names = {}
    for one in every:
        above = next((code for code in one.path.split("/") if code in spelt), None)
        if above is not None:
            names[one.code] = spelt[above]
    return Tree(names, level)


def _spelt(regions: list[Region], by_code: Mapping[str, Region]) -> dict[str, str]:
    """Return the name of each region, with that above it where two have the same."""
    counted = Counter(one.name for one in regions)
    return {
        one.code: one.name if counted[one.name] == 1 else f"{_above(one, by_code)}{one.name}"
        for one in regions
    }


def _above(region: Region, by_code: Mapping[str, Region]) -> str:
    found = by_code.get(str(region.parent_id))
    return found.name if found else region.code


def _told(feature: Feature, level: str) -> str:
    told = str(feature.attributes.get(level, ""))
    return told or ("" if level == "township" else feature.region)


def beginning(code: str) -> str:
    """Return how the codes of a region's subtree begin.

    >>> beginning("330200"), beginning("330000"), beginning("330282"), beginning("330282104")
    ('3302', '33', '330282', '330282104')
    """
    if len(code) != GB2260:
        return code
    return code[:2] + code[2:].removesuffix("00").removesuffix("00")
