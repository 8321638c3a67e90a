"""Class items 分类指标: what each class of a quality standard accepts, item by item.

One shape serves groundwater, sea water, marine sediment and biota: an item has one accepted interval per
class, each holding the one before it, and a value belongs to the first class that accepts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from huanzhi.errors import StandardError
from huanzhi.standards.model import Edition, Row, Table
from huanzhi.standards.parameters import all_parameters, find, plain

NOT_DETECTED = "ND"
"""How a table writes 不得检出."""


@dataclass(frozen=True, slots=True)
class Accept:
    """Values that a class accepts, from `low` to `high`; an absent end is open, `strict` leaves ends out."""

    low: Decimal | None = None
    high: Decimal | None = None
    strict: bool = False

    def text(self) -> str:
        """Return the interval as the standards print it; ``ND`` where the item must not be detected."""
        if self.high == 0:
            return NOT_DETECTED
        if self.low is not None and self.high is not None:
            return f"{self.low}–{self.high}"
        if self.low is not None:
            return f"{'>' if self.strict else '≥'}{self.low}"
        return "—" if self.high is None else f"{'<' if self.strict else '≤'}{self.high}"


@dataclass(frozen=True, slots=True)
class ClassItem:
    """One item of a classified standard.

    Attributes
    ----------
    name, name_en : str
        As the standard prints it, and in English.
    unit : str
        Unit of the limits.
    accepts : tuple of Accept
        What each class accepts, the best class first.
    not_detected : int
        Number of best classes that ask for "not detected" 不得检出.
    descriptive : bool
        Whether the item is observed as absent (0) or present (1) rather than measured.
    table : Table
        Where it stands.
    group : str
        What the standard treats alike in its text: ``radioactivity``; mostly empty.
    """

    name: str
    name_en: str
    unit: str
    accepts: tuple[Accept, ...]
    table: Table
    aliases: tuple[str, ...] = ()
    not_detected: int = 0
    descriptive: bool = False
    group: str = ""

    def limit(self, reference: int) -> Decimal | None:
        """Return the upper limit of class number `reference` from 1; None where it has another form."""
        accept = self.accepts[reference - 1]
        return accept.high if accept.low is None and not self.descriptive else None


@dataclass(frozen=True, slots=True)
class ClassTable:
    """The items of an edition with the names of its classes.

    Attributes
    ----------
    names : tuple of str
        Class names, best first; one more than an item has accepted intervals.
    reference : int
        Class, from 1, over which exceedance multiples are counted.
    decimals : int
        Decimals of the multiples.
    """

    edition: Edition
    names: tuple[str, ...]
    items: tuple[ClassItem, ...]
    reference: int
    decimals: int

    def item(self, name: str) -> ClassItem:
        """Return the item that a name, alias or parameter code means.

        Raises
        ------
        StandardError
            If the standard has no such item.
        """
        found = find_item(self.items, name)
        if found is None:
            raise StandardError("standards.no_row", name=name, table="items", clause=self.edition.number)
        return found


def class_table(edition: Edition, items: Iterable[ClassItem]) -> ClassTable:
    """Return the class table of an edition with `items` of it."""
    return ClassTable(
        edition=edition,
        names=edition.table("class_names").names(),
        items=tuple(items),
        reference=int(edition.table("reference_class").row("exceedance")["class"]),
        decimals=int(edition.table("reporting").row("multiple")["decimals"]),
    )


def limit_items(table: Table) -> Iterator[ClassItem]:
    """Read the items of a table of kind ``classes``."""
    for row in table.rows:
        accepts = tuple(_accept(row, limit) for limit in row["values"])
        yield _item(row, table, accepts, not_detected=row["values"].count(NOT_DETECTED))


def range_items(table: Table) -> Iterator[ClassItem]:
    """Read the items of a table of kind ``ranges``."""
    for row in table.rows:
        yield _item(row, table, tuple(Accept(low, high) for low, high in row["values"]))


def descriptive_items(table: Table, classes: int) -> Iterator[ClassItem]:
    """Read the items that are observed as absent or present: every class but the last asks for absence."""
    for row in table.rows:
        yield _item(row, table, (Accept(high=Decimal(0)),) * (classes - 1), descriptive=True)


def plain_items(table: Table) -> tuple[ClassItem, ...]:
    """Read the rows of a table of kind ``values`` as items without limits: parts of another item."""
    return tuple(_item(row, table, ()) for row in table.rows)


def find_item(items: Iterable[ClassItem], heading: str) -> ClassItem | None:
    """Return the item that a heading means: by name, alias, English name or national parameter code."""
    candidates = tuple(items)
    for spelling in (heading, *_spellings(heading)):
        for item in candidates:
            if plain(spelling) in {plain(s) for s in (item.name, item.name_en, *item.aliases)}:
                return item
    return None


def _spellings(heading: str) -> tuple[str, ...]:
    parameter = all_parameters().get(heading.strip().casefold()) or find(heading, "water")
    return (parameter.name, parameter.symbol, *parameter.aliases) if parameter else ()


def _accept(row: Row, limit: Decimal | int | str) -> Accept:
    if isinstance(limit, str):
        return Accept(high=Decimal(0)) if limit == NOT_DETECTED else Accept()
    number, strict = Decimal(limit), bool(row.get("strict", False))
    return Accept(high=number, strict=strict) if row["direction"] == "le" else Accept(number, None, strict)


def _item(
    row: Row,
    table: Table,
    accepts: tuple[Accept, ...],
    *,
    not_detected: int = 0,
    descriptive: bool = False,
) -> ClassItem:
    return ClassItem(
        name=row["name"],
        name_en=row.get("en", row["name"]),
        unit=row.get("unit", table.unit),
        accepts=accepts,
        table=table,
        aliases=tuple(row.get("aliases", ())),
        not_detected=not_detected,
        descriptive=descriptive,
        group=row.get("group", ""),
    )
