"""A rule 值守规则 and what it sees; thresholds by ``watching.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.center.watching.board import Board, Floats, Ints
from huanzhi.center.watching.facts import Facts

Table = Mapping[str, Any]

_ODD = int(
    DeviceFlag.STOPPED
    | DeviceFlag.MAINTENANCE
    | DeviceFlag.FAULT
    | DeviceFlag.CALIBRATION
    | DeviceFlag.STANDARD_CHECK
    | DeviceFlag.OVER_RANGE
    | DeviceFlag.LINK_BROKEN
    | DeviceFlag.POWER
)
FLOWS = ("w00000", "a00000")
"""Flow of water and of gas."""
_FRESH = 20
"""Minutes by which a clock may be off before its values are old. Ours."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What a rule sees.

    Attributes
    ----------
    rule, place : str
    parameters : tuple of str
        Series that show it.
    facts : mapping
        Figures that the words of the rule name.
    subject : str
        What the sign is about, where that is neither the place nor its enterprise.
    """

    rule: str
    place: str
    parameters: tuple[str, ...] = ()
    facts: Mapping[str, float] = field(default_factory=dict)
    subject: str = ""


@cache
def tables() -> Mapping[str, Any]:
    """Return the thresholds by rule."""
    content = resources.files("huanzhi.center.watching").joinpath("data/watching.toml")
    return MappingProxyType(tomllib.loads(content.read_text(encoding="utf-8")))


class Rule:
    """A rule over one board.

    Parameters
    ----------
    board : Board
    facts : Facts
    table : mapping, optional
        Thresholds in place of those of ``watching.toml``.
    """

    name: ClassVar[str]

    def __init__(self, board: Board, facts: Facts, table: Table | None = None) -> None:
        self.board, self.facts = board, facts
        self.table: Table = tables()[self.name] if table is None else table
        self.prepare()

    def prepare(self) -> None:
        """Find the rows."""

    def look(self, now: int) -> Iterator[Sign]:
        """Yield the signs of now [minutes since 1970 UTC]."""
        raise NotImplementedError

    def normal(self, rows: Ints, length: int, ends: Ints | None = None) -> Floats:
        """Return the last minutes of rows, NaN where the device says that they are not normal."""
        values, flags = self.board.window(rows, length, ends)
        values[(flags & _ODD) != 0] = np.nan
        return values

    def fresh(self, rows: Ints, now: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return which rows are heard now."""
        return np.asarray(np.abs(self.board.newest[rows] - now) <= _FRESH)
