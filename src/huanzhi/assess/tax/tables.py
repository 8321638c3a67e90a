"""The tables of the law on a day, and the rates that a province decided for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from huanzhi import standards
from huanzhi.assess.tax.model import Rate, Rates
from huanzhi.errors import InputError, StandardError
from huanzhi.standards import Edition, Table
from huanzhi.standards.parameters import plain

LAW = "环境保护税法"
RATES = "环境保护税税额"
PH = "pH"
_ENDINGS = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市")


@dataclass(frozen=True, slots=True)
class Equivalent:
    """What makes one pollution equivalent 污染当量值: `size` kg, t, heads or beds of an item.

    Attributes
    ----------
    sort : str
        ``air``, ``water_class1``, ``water_other`` or ``water_small``.
    measure : str
        ``kg``, ``t_sewage``, ``t_times``, ``head``, ``bed``.
    place : int
        Place in the law's table, by which equal numbers are told apart.
    above : Decimal, optional
        Heads or beds above which the item is taxed.
    """

    item: str
    sort: str
    size: Decimal
    measure: str
    place: int
    table: Table
    above: Decimal | None = None
    beds_above: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """The law as it stood on a day."""

    edition: Edition

    @classmethod
    def on(cls, day: date) -> Law:
        """Return the law in force on a day; StandardError before 2018."""
        return cls(standards.in_force(LAW, day))

    def table(self, name: str) -> Table:
        """Return a table of the law."""
        return self.edition.table(name)

    def find(self, medium: str, item: str) -> Equivalent:
        """Return the equivalent of a pollutant by its name or an alias of it.

        Raises
        ------
        InputError
            ``tax.no_item`` if the law's table has no such item: it is not taxed.
        """
        found = equivalents(self.edition).get((medium, plain(item)))
        if found is None:
            raise InputError("tax.no_item", column="item", value=item)
        return found

    def number(self, table: str, row: str, key: str) -> Any:
        """Return one number of a table."""
        return self.table(table).row(row)[key]


_TABLES = {
    "water_class1": "water",
    "water_class2": "water",
    "water_other": "water",
    "water_small": "water",
    "air": "air",
}
_SORTS = {"water_class2": "water_other"}


@cache
def _equivalents(number: str) -> Mapping[tuple[str, str], Equivalent]:
    edition = next(one for one in standards.standard(LAW).editions if one.id == number)
    return dict(_read(edition))


def equivalents(edition: Edition) -> Mapping[tuple[str, str], Equivalent]:
    """Return the equivalents by medium and plain name, of every name and alias."""
    return _equivalents(edition.id)


def _read(edition: Edition) -> Iterable[tuple[tuple[str, str], Equivalent]]:
    place = 0
    for name, medium in _TABLES.items():
        table = edition.table(name)
        for row in table.rows:
            place += 1
            size = next(row[key] for key in ("kg", "t", "per") if key in row)
            one = Equivalent(
                str(row["name"]),
                _SORTS.get(name, name),
                Decimal(size),
                str(row.get("measure", "kg")),
                place,
                table,
                row.get("above"),
                row.get("beds_above"),
            )
            for spelling in (row["name"], *row.get("aliases", ())):
                yield (medium, plain(str(spelling))), one


def short(province: str) -> str:
    """Return the short name of a province.

    >>> short("浙江省"), short("内蒙古自治区")
    ('浙江', '内蒙古')
    """
    word = province.strip()
    return next((word.removesuffix(end) for end in _ENDINGS if word.endswith(end)), word)


def rates_of(province: str, day: date) -> Rates:
    """Return the rates that a province decided for a day.

    Raises
    ------
    StandardError
        ``tax.no_rates`` if Huanzhi does not hold the rates of the province; the range of the law is named,
        and nothing is guessed.
    """
    name = short(province)
    try:
        edition = standards.in_force(f"{RATES} {name}", day)
    except StandardError:
        air, water = (f"{row['least']}–{row['most']}" for row in Law.on(day).table("range").rows)
        told = {"province": name, "day": day.isoformat(), "air_range": air, "water_range": water}
        raise StandardError("tax.no_rates", **told) from None  # type: ignore[arg-type]
    table = edition.table("rates")
    rows = tuple(Rate(row["medium"], Decimal(row["yuan"]), tuple(row.get("items", ()))) for row in table.rows)
    return Rates(name, rows, edition.number, table.provenance.confidence, table, edition)


def checked(rates: Rates, day: date) -> Rates:
    """Return rates if they name both media and lie within the range of the law.

    Raises
    ------
    InputError
        ``tax.rate_range``, ``tax.rate_missing``.
    """
    law = Law.on(day)
    for row in law.table("range").rows:
        medium, least, most = row["name"], row["least"], row["most"]
        own = [rate for rate in rates.rows if rate.medium == medium]
        if not any(not rate.items for rate in own):
            raise InputError("tax.rate_missing", column="medium", value=medium)
        for rate in own:
            if not least <= rate.yuan <= most:
                raise InputError("tax.rate_range", value=str(rate.yuan), expected=f"{least}–{most}")
    return rates


def held_provinces() -> tuple[str, ...]:
    """Return the provinces whose rates Huanzhi holds."""
    return tuple(
        name.removeprefix(f"{RATES} ") for name in standards.all_standards() if name.startswith(RATES)
    )
