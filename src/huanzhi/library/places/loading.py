"""Loading regions: GB/T 2260 from the standards, townships and villages by their longer codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from huanzhi.library.places.models import NATION, Region
from huanzhi.library.records.bulk import save_all
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.standards import regions as standard

_NATION_NAME = "全国"
_LEVELS = {2: "province", 4: "city", 6: "county", 9: "township", 12: "village"}


def load_regions(actor: Actor = SYSTEM) -> int:
    """Make the regions of GB/T 2260 that are not there; return how many. What a city changed stays changed.

    A code that ceased is valid to the end of the year in which it did.
    """
    known = {region.code: region for region in Region.objects.all()}
    made: list[Region] = []
    if NATION not in known:
        made.append(Region(code=NATION, name=_NATION_NAME, name_en="National", level="nation"))
        known[NATION] = made[0]
    for found in standard.all_regions().values():
        if found.code not in known:
            known[found.code] = _region(found, known)
            made.append(known[found.code])
    return save_all(actor, made, "GB/T 2260") if made else 0


def _region(found: standard.Region, known: Mapping[str, Region]) -> Region:
    above = next(code for code in parents(found.code) if code in known)
    return Region(
        code=found.code,
        name=found.name,
        name_en=found.name_en,
        level=found.level,
        parent=known[above],
        valid_to=date(found.until + 1, 1, 1) if found.until else None,
    )


def parents(code: str) -> list[str]:
    """Return the codes above a code of two to twelve digits, the nearest first.

    >>> parents("330282101")
    ['330282', '330200', '330000', '000000']
    """
    steps = [length for length in _LEVELS if length < len(significant(code))]
    above = [code[:length].ljust(6, "0") for length in reversed(steps)]
    return [*dict.fromkeys(above), NATION] if code != NATION else []


def significant(code: str) -> str:
    """Return the digits of a code that tell something: ``3302`` of ``330200``."""
    if len(code) > 6:
        return code
    return code.removesuffix("00").removesuffix("00") or code


def level_of(code: str) -> str:
    """Return the level that the length of a code tells; ``county`` where it tells none."""
    return "nation" if code == NATION else _LEVELS.get(len(significant(code)), "county")


def region_for(
    code: str, name: str = "", above: Iterable[tuple[str, str]] = (), *, simulated: bool = False
) -> list[Region]:
    """Return the regions to save so that `code` exists, those above it first; none where it does.

    Parameters
    ----------
    above : iterable of (str, str)
        Codes and names of regions above, where they are known; a region without a name is called by its code.
    """
    chain = [*reversed(parents(code)), code]
    stored = Region.objects.in_bulk(chain)
    names = {NATION: _NATION_NAME, **dict(above), **({code: name} if name else {})}
    made: list[Region] = []
    parent: Region | None = None
    for each in chain:
        region = stored.get(each)
        if region is None:
            mark = simulated and each != NATION
            region = Region(
                code=each, name=names.get(each, each), level=level_of(each), parent=parent, simulated=mark
            )
            made.append(region)
        parent = region
    return made
