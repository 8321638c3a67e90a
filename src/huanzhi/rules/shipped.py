"""The shipped rulebooks: those in ``data/``, by id, day and place."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType

from huanzhi.errors import InputError, StandardError
from huanzhi.rules.checks import check, check_dates
from huanzhi.rules.model import Rulebook
from huanzhi.rules.reading import of_document

Versions = Mapping[str, tuple[Rulebook, ...]]


@cache
def shipped() -> Versions:
    """Return the versions of every shipped rulebook by id, oldest first, everywhere before places.

    Raises
    ------
    StandardError
        If a file is damaged, or the dates of versions overlap or leave a gap.
    """
    found: dict[str, list[Rulebook]] = {}
    folder = resources.files("huanzhi.rules").joinpath("data")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            for rulebook in read(file.read_text(encoding="utf-8"), file.name):
                found.setdefault(rulebook.id, []).append(rulebook)
    for held in found.values():
        for place in {rulebook.place for rulebook in held}:
            check_dates(rulebook for rulebook in held if rulebook.place == place)
    return MappingProxyType({name: tuple(sorted(held, key=_order)) for name, held in sorted(found.items())})


def _order(rulebook: Rulebook) -> tuple[str, date]:
    return rulebook.place, rulebook.interval.start


def read(content: str, file: str) -> list[Rulebook]:
    """Read the rulebooks of one TOML text; `file` is named in errors."""
    try:
        raw = tomllib.loads(content, parse_float=Decimal)
        found = [of_document(each) for each in raw["rulebook"]]
        for rulebook in found:
            check(rulebook)
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise StandardError("rules.not_toml", file=file, reason=error) from error
    except InputError as error:
        raise StandardError("rules.damaged", file=file, reason=error) from error
    return found


def versions(identity: str) -> tuple[Rulebook, ...]:
    """Return the shipped versions of a rulebook, empty where none is shipped."""
    return shipped().get(identity, ())


def places_of(place: str) -> tuple[str, ...]:
    """Return a place and what it lies in by GB/T 2260, nearest first, everywhere last."""
    steps = (place, place[:9], place[:6], place[:4] + "00", place[:2] + "0000")
    whole = [each for each in steps if len(each) >= 6 and not each.startswith("00")]
    return (*dict.fromkeys(whole), "")


def load(identity: str, day: date, place: str = "") -> Rulebook:
    """Return the shipped version in force on a day for a place; the nearest place goes first.

    Raises
    ------
    StandardError
        If there is no such rulebook, or none is in force that day there.
    """
    held = versions(identity)
    if not held:
        raise StandardError("rules.none", value=identity)
    for near in places_of(place):
        for rulebook in held:
            if rulebook.place == near and day in rulebook.interval:
                return rulebook
    raise StandardError("rules.not_in_force", value=identity, day=day.isoformat())
