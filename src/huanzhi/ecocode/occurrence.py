"""What happened to an enterprise that its code or credit may weigh (赋码事件), said alike by every room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One thing that happened to one enterprise; ``kind`` and ``source`` together name it for ever.

    Parameters
    ----------
    enterprise:
        Code of the enterprise.
    kind:
        What happened: ``exceedance_day``, ``penalty``, ``permit_expired``; rulebooks name the same kinds.
    source:
        The record that tells it, ``<kind of record>:<its key>``; saying it again changes, never doubles.
    day:
        First day on which it holds, in China time.
    until:
        First day on which it holds no longer; None while it stands.
    facts:
        What the rules weigh, by input name: text, whole numbers, decimals, booleans.
    title:
        Words of the thing in Chinese and English.
    address:
        Where it is read on the screen.
    simulated:
        Whether it was made up.
    """

    enterprise: str
    kind: str
    source: str
    day: date
    until: date | None = None
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    title: tuple[str, str] = ("", "")
    address: str = ""
    simulated: bool = False
