"""What holds: the version of a rulebook for a day and a place, published ones before shipped ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from huanzhi import rules
from huanzhi.errors import StandardError
from huanzhi.library.places.models import NATION, Region
from huanzhi.library.rulebooks.models import RulebookVersion, State


def in_force(identity: str, day: date, place: str = "") -> rules.Rulebook:
    """Return the version in force on a day at a place; the nearest place first, published before shipped.

    Raises
    ------
    StandardError
        If there is no such rulebook, or none is in force that day there.
    """
    wanted = around(place)
    published = _published(identity, wanted, day)
    for near in wanted:
        if near in published:
            return _dated(published[near])
        for shipped in rules.versions(identity):
            if shipped.place == near and day in shipped.interval:
                return shipped
    known = rules.versions(identity) or RulebookVersion.objects.filter(rulebook=identity).exists()
    if not known:
        raise StandardError("rules.none", value=identity)
    raise StandardError("rules.not_in_force", value=identity, day=day.isoformat())


def around(place: str) -> tuple[str, ...]:
    """Return a place and what it lies in, nearest first, everywhere last: by its path, then by its code."""
    path = Region.objects.filter(pk=place).values_list("path", flat=True).first() if place else None
    above = [code for code in reversed((path or "").strip("/").split("/")) if code and code != NATION]
    return tuple(dict.fromkeys((*above, *rules.places_of(place))))


def _published(identity: str, places: Iterable[str], day: date) -> dict[str, RulebookVersion]:
    """Return by place the version that began last and had begun by the day."""
    found = RulebookVersion.objects.filter(
        rulebook=identity, state=State.PUBLISHED, valid_from__lte=day
    ).order_by("valid_from", "number")
    wanted = set(places)
    return {version.place: version for version in found if version.place in wanted}


def _dated(version: RulebookVersion) -> rules.Rulebook:
    return replace(version.book(), version=str(version.number))


def identities() -> tuple[str, ...]:
    """Return the ids of all rulebooks, shipped or written here."""
    written = RulebookVersion.objects.order_by().values_list("rulebook", flat=True).distinct()
    return tuple(sorted({*rules.shipped(), *written}))


def next_number(identity: str) -> int:
    """Return the number of the next version: past the shipped ones and those written here."""
    shipped = max((int(each.version) for each in rules.versions(identity)), default=0)
    last = RulebookVersion.objects.filter(rulebook=identity).order_by("-number").first()
    return max(shipped, last.number if last else 0) + 1
