"""Places that count 统计点位: those of a region that are in force on the day, by versioned lists.

A station or section with a typed row counts from its ``valid_from`` up to the day before ``valid_to``; one
that only the store knows counts always. Where the list changes within a span, each stretch is reckoned with
its own list, so that a new station does not change what was before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from huanzhi.library.series import Feature, Store
from huanzhi.programmes.air_cities import city_key
from huanzhi.programmes.spans import Span


@dataclass(frozen=True, slots=True)
class Listed:
    """A place of a versioned list: the days on which it counts, and its control level."""

    first: date | None = None
    end: date | None = None
    control: str = ""

    def holds(self, day: date) -> bool:
        """Return whether it counts on a day."""
        return (self.first is None or self.first <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Region:
    """A region whose places count.

    Attributes
    ----------
    name : str
        As it is shown.
    codes : frozenset of str
        Its code and those below it; empty to go by the name.
    stands_for : str
        The region that its data stand in for, as the user chose; empty where they are its own.
    roster : mapping
        Versioned list by code of the place.
    targets : mapping
        Target class of sections by code.
    """

    name: str
    codes: frozenset[str] = frozenset()
    stands_for: str = ""
    roster: Mapping[str, Listed] = field(default_factory=dict)
    targets: Mapping[str, str] = field(default_factory=dict)

    def has(self, feature: Feature) -> bool:
        """Return whether a place lies in the region."""
        names = (feature.region, feature.province, str(feature.attributes.get("county", "")))
        if city_key(self.name) in [city_key(name) for name in names if name]:
            return True
        return bool(feature.region_code) and any(_within(feature.region_code, code) for code in self.codes)

    def holds(self, feature: Feature, day: date) -> bool:
        """Return whether a place is in force on a day."""
        row = self.roster.get(feature.code)
        return row is None or row.holds(day)


def _within(code: str, region: str) -> bool:
    start = region[:2] + region[2:].removesuffix("00").removesuffix("00") if len(region) == 6 else region
    return code == region or code.startswith(start)


class Chosen:
    """The store with some of its places only."""

    def __init__(self, store: Store, features: Iterable[Feature]) -> None:
        self._store = store
        self._codes = frozenset(feature.code for feature in features)

    def features(self, *given: Any, **named: Any) -> list[Feature]:
        """Return the places that count, see `Store.features`."""
        return [one for one in self._store.features(*given, **named) if one.code in self._codes]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def of_kinds(store: Store, region: Region, kinds: Sequence[str]) -> list[Feature]:
    """Return the places of a region of some kinds, whether in force or not."""
    return [one for one in store.features() if one.kind in kinds and region.has(one)]


def stretches(region: Region, features: Sequence[Feature], first: date, last: date) -> list[Span]:
    """Split days where the list of places changes."""
    rows = [region.roster[one.code] for one in features if one.code in region.roster]
    turns = {day for row in rows for day in (row.first, row.end) if day and first < day <= last}
    begins = [first, *sorted(turns)]
    ends = [*(day - timedelta(days=1) for day in begins[1:]), last]
    return [Span("days", begin, end) for begin, end in zip(begins, ends, strict=True)]


def roster_of() -> dict[str, Listed]:
    """Return the versioned lists of stations and sections of the business database."""
    from huanzhi.library.places.models import Section, Station

    names = ("code", "valid_from", "valid_to", "control_level")
    rows = (row for model in (Station, Section) for row in model.objects.values_list(*names))
    return {code: Listed(first, end, control) for code, first, end, control in rows}
