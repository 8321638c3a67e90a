"""The catalogue 事项指导目录: the shipped matters and those that the city entered, as of a day.

What the sources do not give is empty and says so. A matter of the city takes the place of a shipped one
with the same code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from huanzhi.center.enforcement.models import Matter
from huanzhi.center.enforcement.settings import raw
from huanzhi.messages import language

OLD = "OLD-"
"""What codes of matters under the laws before the code begin with."""


@dataclass(frozen=True, slots=True)
class Item:
    """A matter of the catalogue.

    Attributes
    ----------
    more : mapping
        Further bounds of the fine by case [yuan].
    listed : tuple of str
        Items of exemption lists that may concern it.
    shipped : bool
        Whether it came with the platform.
    """

    code: str
    name: str
    name_en: str
    sort: str
    field: str
    law: str
    edition: str
    duty: str
    article: str
    least: Decimal | None
    most: Decimal | None
    valid_from: date | None
    valid_to: date | None
    confidence: str
    source: str
    note: str
    more: Mapping[str, Decimal] = field(default_factory=dict)
    listed: tuple[str, ...] = ()
    detention: bool = False
    shipped: bool = True

    def holds(self, day: date) -> bool:
        """Return whether it is in force on a day; `valid_to` is the first day on which it no longer is."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)

    @property
    def title(self) -> str:
        """Return the name in the reader's language."""
        return (self.name_en or self.name) if language() == "en" else self.name

    @property
    def cited(self) -> str:
        """Return law and penalty clause; empty where they are not known."""
        return f"《{self.law}》第{self.article}条" if self.law and self.article else ""

    def bounds(self) -> tuple[Decimal | None, Decimal | None]:
        """Return the widest range of the fine of an organisation over all cases of the clause."""
        lows = [self.least, *(value for name, value in self.more.items() if _of(name, "_min"))]
        highs = [self.most, *(value for name, value in self.more.items() if _of(name, "_max"))]
        known_low, known_high = ([one for one in side if one is not None] for side in (lows, highs))
        low = min(known_low) if self.least is not None and known_low else self.least
        return low, max(known_high, default=None)

    def row(self) -> dict[str, Any]:
        """Return the matter as plain values."""
        names = ("code", "name", "name_en", "field", "law", "edition", "duty", "article")
        told = {"kind": self.sort, **{name: getattr(self, name) for name in names}}
        money = {name: _plain(getattr(self, name)) for name in ("least", "most")}
        days = {name: _day(getattr(self, name)) for name in ("valid_from", "valid_to")}
        about = {
            name: getattr(self, name) for name in ("confidence", "source", "note", "detention", "shipped")
        }
        more = {name: _plain(value) for name, value in self.more.items()}
        return told | money | days | about | {"more": more, "listed": ", ".join(self.listed)}


@cache
def shipped() -> tuple[Item, ...]:
    """Return the shipped matters: those of the code, and the same acts before it without clauses."""
    told = raw("matters")
    made = []
    for row in told["matter"]:
        made.append(_item(row, told["edition"]))
        if row["sort"] == "penalty":
            made.append(_before(row, told["before"]))
    return tuple(made)


def catalogue(day: date | None = None) -> list[Item]:
    """Return the matters in force on a day, all of them without one; those of the city first."""
    own = [_of_city(row) for row in Matter.objects.order_by("code")]
    taken = {one.code for one in own}
    every = [*own, *(one for one in shipped() if one.code not in taken)]
    return [one for one in every if day is None or one.holds(day)]


def matter_of(code: str) -> Item | None:
    """Return a matter by its code."""
    own = Matter.objects.filter(code=code).first()
    if own is not None:
        return _of_city(own)
    return next((one for one in shipped() if one.code == code), None)


def words(name: str) -> Mapping[str, Mapping[str, str]]:
    """Return the words of ``field`` or ``sort``."""
    found: Mapping[str, Mapping[str, str]] = _tables()[name]
    return found


@cache
def _tables() -> Mapping[str, Any]:
    return raw("matters")


def _item(row: Mapping[str, Any], edition: Mapping[str, Any]) -> Item:
    return Item(
        code=row["code"],
        name=row["zh"],
        name_en=row["en"],
        sort=row["sort"],
        field=row["field"],
        law=edition["law"],
        edition=edition["code"],
        duty="",
        article=row["article"],
        least=_money(row.get("least")),
        most=_money(row.get("most")),
        valid_from=edition["from"],
        valid_to=None,
        confidence=edition["confidence"],
        source=edition["source"],
        note=edition["note"],
        more={name: Decimal(value) for name, value in row["more"].items()},
        listed=tuple(row["list"]),
        detention=bool(row.get("detention")),
    )


def _before(row: Mapping[str, Any], before: Mapping[str, Any]) -> Item:
    return Item(
        code=f"{OLD}{row['code']}",
        name=row["zh"],
        name_en=row["en"],
        sort=row["sort"],
        field=row["field"],
        law="",
        edition=before["code"],
        duty="",
        article="",
        least=None,
        most=None,
        valid_from=None,
        valid_to=before["to"],
        confidence=before["confidence"],
        source="",
        note=before["note"],
        listed=tuple(row["list"]),
    )


def _of_city(row: Matter) -> Item:
    names = ("code", "name", "name_en", "sort", "field", "law", "edition", "duty", "article", "least", "most")
    told = {name: getattr(row, name) for name in (*names, "valid_from", "confidence", "source", "note")}
    listed = tuple(part.strip() for part in row.listed.split(",") if part.strip())
    return Item(**told, valid_to=row.valid_to, listed=listed, shipped=False)


def _of(name: str, end: str) -> bool:
    return name.endswith(end) and not name.startswith("person")


def _money(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
