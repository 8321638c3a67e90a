"""What the archive says of an item 档案预填, told to an audit by who may read every room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one item.

    Attributes
    ----------
    looked : int
        How many records tell of it. With none nothing is known, and unknown is not compliant.
    against : tuple of mapping
        What speaks against it: ``zh``, ``en``, ``day``, ``until``, ``address``.
    applies : bool
        Whether the item concerns the enterprise at all.
    """

    looked: int
    against: tuple[Mapping[str, Any], ...] = ()
    applies: bool = True

    @property
    def finding(self) -> str:
        """Return the finding that follows: what speaks against it first, then what nothing is known of.

        >>> Told(0).finding, Told(3).finding, Told(0, applies=False).finding
        ('unknown', 'compliant', 'not_applicable')
        """
        if not self.applies:
            return "not_applicable"
        if self.against:
            return "failed"
        return "compliant" if self.looked else "unknown"
