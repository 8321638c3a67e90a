"""What the bureau knows 掌握的情况 besides what an enterprise discloses; programmes gather it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

SORTS = ("fine", "crime", "daily_penalty", "halted", "permit_revoked", "detained", "other")
"""Sorts of penalties and measures, as article 8 tells them apart."""


@dataclass(frozen=True, slots=True)
class Penalty:
    """A decision against an enterprise.

    Attributes
    ----------
    received : date
        Day on which the enterprise received the document.
    amount : Decimal, optional
        Fine [yuan].
    source : str
        ``<kind of record>:<its key>``.
    """

    enterprise: str
    received: date
    sort: str
    document: str
    source: str
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Emission:
    """An emission of a year [t] that the bureau knows, and from where."""

    amount: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that disclosures are compared with.

    Attributes
    ----------
    emissions : mapping
        By enterprise, year and parameter.
    permits : mapping
        Numbers of the permits of an enterprise.
    """

    penalties: tuple[Penalty, ...] = ()
    emissions: Mapping[tuple[str, int, str], Emission] = field(default_factory=lambda: MappingProxyType({}))
    permits: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, enterprise: str, year: int) -> list[Penalty]:
        """Return the penalties of an enterprise in a year."""
        mine = [one for one in self.penalties if one.enterprise == enterprise]
        return [one for one in mine if one.received.year == year]


NOTHING = Known()
