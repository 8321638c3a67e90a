"""Soil risk control standards 土壤污染风险管控标准: development land GB 36600, farm land GB 15618, typed.

Both print a screening value 筛选值 and mostly a control value 管制值 per item. Which pair applies depends on
the use of the land, and on farm land on the pH of the soil: an `option` is one such case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from huanzhi.standards import edition, in_force, standard
from huanzhi.standards.model import Edition, Row, Table
from huanzhi.standards.parameters import plain

DEVELOPMENT, FARM = "GB 36600", "GB 15618"


@dataclass(frozen=True, slots=True)
class Threshold:
    """Screening and control value; `control` is None where the standard has none."""

    screen: Decimal
    control: Decimal | None


@dataclass(frozen=True, slots=True)
class SoilItem:
    """One item: a threshold for every option of its table.

    Attributes
    ----------
    background : bool
        Whether a natural background above the screening value excuses the item (GB 36600, 表1 注, 表2 注).
    """

    name: str
    name_en: str
    unit: str
    aliases: tuple[str, ...]
    thresholds: tuple[Threshold, ...]
    background: bool
    table: Table


@dataclass(frozen=True, slots=True)
class SoilTable:
    """The items of an edition, the uses of land it knows, its verdicts.

    Attributes
    ----------
    uses : tuple of str
        Use names; a use has `bins` options in a row.
    bins : tuple of Decimal
        Upper ends of the pH groups but the last, each included; empty where pH does not matter.
    verdicts : tuple of str
        Name of level 1, 2 and 3.
    """

    edition: Edition
    uses: tuple[str, ...]
    bins: tuple[Decimal, ...]
    items: tuple[SoilItem, ...]
    verdicts: tuple[str, ...]
    verdicts_en: tuple[str, ...]
    clauses: tuple[str, ...]
    decimals: int

    def option_name(self, option: int) -> str:
        """Return an option in words: the use, and the pH group on farm land."""
        use, group = divmod(option, len(self.bins) + 1)
        if not self.bins:
            return self.uses[use]
        return f"{self.uses[use]}, pH {self.edition.table('ph_bins').names()[group]}"


def use_of(text: str) -> tuple[str, int] | None:
    """Return the standard and the number of the use that a text means; None if it means none.

    >>> use_of("第二类用地"), use_of("paddy")
    (('GB 36600', 1), ('GB 15618', 0))
    """
    return _uses().get(plain(text))


def use_names() -> tuple[str, ...]:
    """Return the names of all uses, development land first."""
    return tuple(name for identity in (DEVELOPMENT, FARM) for name in _newest(identity).table("uses").names())


def table_on(identity: str, day: date) -> SoilTable:
    """Return the table of `DEVELOPMENT` or `FARM` land that judges a China day.

    Raises
    ------
    StandardError
        If no edition that Huanzhi holds was in force.
    """
    return table_of(identity, in_force(identity, day).id)


@cache
def table_of(identity: str, year: str) -> SoilTable:
    """Return the table of the edition called `year`."""
    chosen = edition(identity, year)
    verdicts = chosen.table("verdicts")
    bins = [row["max"] for row in chosen.table("ph_bins").rows[:-1]] if identity == FARM else []
    items = _farm_items(chosen) if identity == FARM else _development_items(chosen)
    return SoilTable(
        edition=chosen,
        uses=chosen.table("uses").names(),
        bins=tuple(Decimal(end) for end in bins),
        items=tuple(items),
        verdicts=verdicts.names(),
        verdicts_en=tuple(row["en"] for row in verdicts.rows),
        clauses=tuple(row["clause"] for row in verdicts.rows),
        decimals=int(chosen.table("reporting").row("ratio")["decimals"]),
    )


def find_item(items: Sequence[SoilItem], heading: str) -> SoilItem | None:
    """Return the item that a heading means: by name, alias or English name."""
    wanted = plain(heading)
    for item in items:
        if wanted in {plain(spelling) for spelling in (item.name, item.name_en, *item.aliases)}:
            return item
    return None


def _newest(identity: str) -> Edition:
    return standard(identity).editions[-1]


@cache
def _uses() -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for identity in (DEVELOPMENT, FARM):
        for number, row in enumerate(_newest(identity).table("uses").rows):
            for spelling in (row["name"], row["en"], *row.get("aliases", ())):
                found.setdefault(plain(spelling), (identity, number))
    return found


def _development_items(chosen: Edition) -> Iterator[SoilItem]:
    columns = [row["column"] for row in chosen.table("uses").rows]
    for name in ("basic", "other"):
        table = chosen.table(name)
        for row in table.rows:
            yield _item(row, table, [_pair(*row[column]) for column in columns])


def _farm_items(chosen: Edition) -> Iterator[SoilItem]:
    uses = [row["columns"] for row in chosen.table("uses").rows]
    control = {row["name"]: row["values"] for row in chosen.table("control").rows}
    groups = range(len(chosen.table("ph_bins").rows))
    screening, other = chosen.table("screening"), chosen.table("screening_other")
    for row in screening.rows:
        ends = control.get(row["name"])
        pairs = [
            _pair(min(row[column][group] for column in columns), None if ends is None else ends[group])
            for columns in uses
            for group in groups
        ]
        yield _item(row, screening, pairs)
    for row in other.rows:
        yield _item(row, other, [_pair(row["value"], None)] * (len(uses) * len(groups)))


def _pair(screen: Any, control: Any) -> Threshold:
    return Threshold(Decimal(screen), None if control is None else Decimal(control))


def _item(row: Row, table: Table, thresholds: Sequence[Threshold]) -> SoilItem:
    return SoilItem(
        name=row["name"],
        name_en=row.get("en", row["name"]),
        unit=table.unit,
        aliases=tuple(row.get("aliases", ())),
        thresholds=tuple(thresholds),
        background=bool(row.get("background", False)),
        table=table,
    )
