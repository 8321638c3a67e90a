"""Audience 可见范围: which places' values an actor may see, decided once for all that are alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from huanzhi.atlas.places import Business, business
from huanzhi.library.rights import Actor, Thing, may
from huanzhi.library.rights.decision import rules_held
from huanzhi.library.series import Feature

RIGHTS_KINDS = {
    "air_station": "station",
    "section": "section",
    "lake": "section",
    "well": "well",
    "sea_point": "point",
    "soil_point": "point",
    "noise_point": "point",
    "outlet": "outlet",
}
"""Kind of feature → kind of thing; ``observation`` for the rest."""

PUBLIC_KINDS = frozenset({"section", "lake"})
"""Kinds whose values are public unless the register says otherwise. DEFAULT, NOT FROM THE DOCUMENTS."""


def things(features: Mapping[str, Feature]) -> dict[str, Thing]:
    """Return what rights see of each place; reads the registers, so not from the loop."""
    known = business()
    return {code: thing_of_feature(feature, known) for code, feature in features.items()}


def thing_of_feature(feature: Feature, known: Business) -> Thing:
    """Return what rights see of a place: the register's word first, then the store's."""
    kind = RIGHTS_KINDS.get(feature.kind, "observation")
    row = known.rows.get(kind, {}).get(feature.code, {})
    path = row.get("region__path") or known.paths.get(feature.region_code, "")
    owner = row.get("organisation__code") or str(feature.attributes.get("enterprise", ""))
    usual = "public" if feature.kind in PUBLIC_KINDS else "internal"
    return Thing(kind, path, owner, row.get("sensitivity") or usual)


ROOMS = {"issues": "issue", "warnings": "warning", "cases": "case", "petitions": "petition"}
"""Topic → kind of thing, of what is heard by the region in which it lies."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may see the same.

    Attributes
    ----------
    places : frozenset of str, optional
        Codes that may be seen; None for all.
    network : bool
        Whether devices and rejected frames may be seen.
    work : bool
        Whether background work may be seen.
    rooms : tuple of (str, tuple of str)
        Topics of `ROOMS` with the paths of the regions whose things may be seen.
    """

    places: frozenset[str] | None
    network: bool
    work: bool
    rooms: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def sees(self, code: str) -> bool:
        """Return whether a place may be seen."""
        return self.places is None or code in self.places

    def hears_of(self, topic: str, path: str) -> bool:
        """Return whether a thing of a topic in a region may be seen."""
        return any(path.startswith(one) for one in dict(self.rooms).get(topic, ()))


def audience(actor: Actor, known: Mapping[str, Thing]) -> Audience:
    """Return what an actor may see of the places `known`."""
    decided: dict[Thing, bool] = {}
    seen = frozenset(code for code, thing in known.items() if _may(actor, thing, decided))
    network = may(actor, "read", Thing("network")).allowed
    work = may(actor, "read", Thing("job")).allowed
    places = None if known and len(seen) == len(known) else seen
    rooms = tuple((topic, _paths(actor, kind)) for topic, kind in ROOMS.items())
    return Audience(places, network, work, rooms)


def _paths(actor: Actor, kind: str) -> tuple[str, ...]:
    """Return the paths of the regions in which an actor may read all things of a kind that are internal."""
    held = rules_held(actor, "read", kind)
    wide = {"" if rule.reach == "any" else one.path for one, rule in held if rule.reach != "own"}
    return tuple(sorted(wide))


def _may(actor: Actor, thing: Thing, decided: dict[Thing, bool]) -> bool:
    if thing not in decided:
        decided[thing] = may(actor, "read", thing).allowed
    return decided[thing]
