"""Standards 标准: the law as data, with the dates on which it was in force.

>>> from datetime import date
>>> from huanzhi import standards
>>> standards.in_force("HJ 633", date(2026, 2, 28)).number
'HJ 633-2012'
>>> standards.in_force("HJ 633", date(2026, 3, 1)).number
'HJ 633-2026'
"""

from __future__ import annotations

import unicodedata
from datetime import date

from huanzhi.errors import StandardError
from huanzhi.standards.loader import all_standards
from huanzhi.standards.model import Confidence, Edition, Interval, Phase, Provenance, Standard, Table, Words

__all__ = [
    "Confidence",
    "Edition",
    "Interval",
    "Phase",
    "Provenance",
    "Standard",
    "Table",
    "Words",
    "all_standards",
    "edition",
    "in_force",
    "same_number",
    "standard",
]


def standard(identity: str) -> Standard:
    """Return a standard by its id, e.g. ``"GB 3095"``; spaces and case do not matter.

    Raises
    ------
    StandardError
        If Huanzhi has no such standard.
    """
    for found in all_standards().values():
        if same_number(found.id, identity):
            return found
    raise StandardError("standards.unknown", id=identity, known=", ".join(all_standards()))


def in_force(identity: str, day: date, *, early: bool = False) -> Edition:
    """Return the edition of a standard that judges `day`.

    Parameters
    ----------
    identity : str
        Id of the standard, without the year.
    day : date
        China date of the observation.
    early : bool
        Accept days of early implementation 提前实施, before the edition bound the whole country.

    Raises
    ------
    StandardError
        If no edition was in force on `day`: a day is never judged by an edition of another time.
    """
    editions = standard(identity).editions
    for found in editions:
        if day in found.interval:
            return found
    for found in editions:
        if early and found.early is not None and day in found.early:
            return found
    raise StandardError("standards.not_in_force", id=identity, day=day.isoformat())


def edition(identity: str, year: str) -> Edition:
    """Return the edition called `year`, whatever the day: for recomputing under another edition.

    Raises
    ------
    StandardError
        If the standard has no such edition.
    """
    found = standard(identity)
    for candidate in found.editions:
        if candidate.id == year:
            return candidate
    known = ", ".join(candidate.id for candidate in found.editions)
    raise StandardError("standards.no_edition", id=found.id, edition=year, known=known)


def same_number(one: str, other: str) -> bool:
    """Return whether two numbers name the same standard; spaces, case and full-width signs do not matter.

    >>> same_number("gb3095", "GB 3095")
    True
    """
    return _plain(one) == _plain(other)


def _plain(identity: str) -> str:
    return "".join(unicodedata.normalize("NFKC", identity).split()).casefold()
