"""Item columns 指标列: the columns of a file that name items of a standard, as readings in its units.

A heading is a name, an alias, an English name or a national code, with or without a unit in brackets:
``铁(mg/L)``, ``三氯甲烷(μg/L)``, ``w21003``. Values are converted to the unit of the item by powers of ten.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import MISSING
from huanzhi.assess.readings import Readings, readings
from huanzhi.assess.states import State
from huanzhi.cli.assess.files import Refusals, china_days, find_column, read_times, read_values
from huanzhi.cli.output import say
from huanzhi.errors import InputError, StandardError
from huanzhi.messages import text
from huanzhi.network.feeds.sheets import Sheet
from huanzhi.network.feeds.template import HEADINGS
from huanzhi.network.feeds.values import MISSING_TEXTS
from huanzhi.standards import Edition
from huanzhi.standards.periods import Period
from huanzhi.standards.units import factor, find_unit, split_heading

TIME = (
    "time",
    "date",
    "sample_time",
    "sampling_date",
    "时间",
    "采样时间",
    "采样日期",
    "监测时间",
    "监测日期",
    "日期",
    "年月",
)
_PLACES = frozenset(word for words in HEADINGS.values() for word in words)
SEPARATOR = "、"
ABSENT, PRESENT = ("无", "absent", "none", "no", "0"), ("有", "present", "yes", "1")


class Item(Protocol):
    """What a column can mean."""

    @property
    def name(self) -> str:
        """Name as the standard prints it."""

    @property
    def unit(self) -> str:
        """Unit of the limits."""


Found = TypeVar("Found", bound=Item)


@dataclass(frozen=True, slots=True)
class ItemColumn:
    """A column that means an item."""

    heading: str
    item: Item
    unit: str


def find_items(
    sheet: Sheet, find: Callable[[str], Found | None], taken: Collection[str | None] = ()
) -> dict[str, ItemColumn]:
    """Return item name → column for every heading that means an item.

    Raises
    ------
    InputError
        If two columns mean the same item.
    """
    found: dict[str, ItemColumn] = {}
    for heading in sheet.columns:
        column = None if heading in taken else _column(heading, find)
        if column is None:
            continue
        if column.item.name in found:
            other = found[column.item.name].heading
            raise InputError("assess_cli.same_parameter", file=sheet.file, row=1, column=heading, other=other)
        found[column.item.name] = column
    return found


def read_item(sheet: Sheet, column: ItemColumn, refusals: Refusals, lowest: int | None = 0) -> Readings:
    """Parse a column as readings in the unit of its item; cells that are no value refuse their row."""
    values = read_values(sheet, column.heading, refusals, lowest=lowest)
    return readings(values.units, values.decimals, values.states).shifted(-unit_shift(sheet, column))


def read_word_item(sheet: Sheet, column: ItemColumn, refusals: Refusals) -> Readings:
    """Parse a column of 有 and 无 as readings of 1 and 0."""
    units = np.full(len(sheet), MISSING, np.int64)
    for index, cell in enumerate(sheet.cells[column.heading]):
        word = cell.casefold()
        if word in ABSENT or word in PRESENT:
            units[index] = int(word in PRESENT)
        elif word not in MISSING_TEXTS:
            refusals.add(index, "ground_cli.not_word", column.heading, cell)
    return readings(units, 0, np.where(units == MISSING, State.MISSING, State.VALUE))


def unit_shift(sheet: Sheet, column: ItemColumn) -> int:
    """Return the power of ten by which a column is multiplied to stand in the unit of its item.

    Raises
    ------
    InputError
        If its unit measures something else, or differs by another factor.
    """
    if not column.unit:
        return 0
    try:
        size = factor(column.unit, column.item.unit)
    except StandardError:
        raise _bad_unit(sheet, column) from None
    power = len(str(max(size.numerator, size.denominator))) - 1
    power = power if size >= 1 else -power
    if Fraction(10) ** power != size:
        raise _bad_unit(sheet, column)
    return power


def times_of(sheet: Sheet, refusals: Refusals) -> tuple[str | None, npt.NDArray[np.int64] | None]:
    """Return the heading of the time column and the seconds of every row; None where there is none."""
    heading = find_column(sheet, TIME)
    if heading is None:
        return None, None
    return heading, read_times(sheet, heading, refusals, "start", Period.INSTANT)


def days_of(sheet: Sheet, seconds: npt.NDArray[np.int64] | None, given: date | None) -> list[date]:
    """Return the China day of every row: `given` where asked for or where the file has no times.

    Raises
    ------
    InputError
        If there is neither a time column nor a day given.
    """
    if given is not None:
        return [given] * len(sheet)
    if seconds is None:
        raise InputError("ground_cli.no_time", file=sheet.file, row=1, expected="time")
    return [day.item() for day in china_days(seconds)]


def editions_of(days: Sequence[date], in_force: Callable[[date], Edition]) -> dict[date, Edition | None]:
    """Return the edition that judges each distinct day, None where none was in force."""
    return {day: _edition(day, in_force) for day in set(days)}


def unused_columns(
    sheet: Sheet, find: Callable[[str], object | None], taken: Collection[str | None]
) -> list[str]:
    """Return the headings that mean nothing known: remarks, items spelt in no known way."""
    names = (name for name in sheet.columns if name not in taken and name.casefold() not in _PLACES)
    return [name for name in names if find(name) is None and find(split_heading(name)[0]) is None]


def tell_unused(unused: Sequence[str], *, as_json: bool) -> None:
    """Name the columns that were not read, on standard error; with ``--json`` the summary has them."""
    if unused and not as_json:
        say("ground_cli.unused", columns=SEPARATOR.join(unused))


def words(values: Mapping[str, object]) -> str:
    """Return item → figure in words: ``铁(0.67)、锰(1.20)``."""
    return SEPARATOR.join(f"{name}({figure})" for name, figure in values.items())


def joined(items: Sequence[Item]) -> str:
    """Return the names of items in words."""
    return SEPARATOR.join(item.name for item in items)


def not_in_force(identity: str, day: date) -> str:
    """Return the reason of a row whose day no edition judges."""
    return text("standards.not_in_force", id=identity, day=day.isoformat())


def _edition(day: date, in_force: Callable[[date], Edition]) -> Edition | None:
    try:
        return in_force(day)
    except StandardError:
        return None


def _column(heading: str, find: Callable[[str], Found | None]) -> ItemColumn | None:
    name, unit = split_heading(heading)
    item = find(heading) or find(name)
    return None if item is None else ItemColumn(heading, item, unit if find_unit(unit) else "")


def _bad_unit(sheet: Sheet, column: ItemColumn) -> InputError:
    return InputError(
        "assess_cli.unit",
        file=sheet.file,
        row=1,
        column=column.heading,
        value=column.unit,
        expected=column.item.unit,
    )
