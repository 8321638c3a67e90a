"""Values 数值: cells as exact scaled integers with what they are: measured, missing, below detection 未检出.

No binary float stands between the text and the number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from huanzhi.assess.exact import FINE, MISSING
from huanzhi.assess.states import State
from huanzhi.network.feeds.fold import fold
from huanzhi.network.feeds.times import Times, parse_time, parse_times

__all__ = [
    "Cell",
    "Column",
    "Times",
    "parse_cell",
    "parse_column",
    "parse_number",
    "parse_time",
    "parse_times",
]

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.int8]

MISSING_TEXTS = frozenset(
    (
        *("", "-", "--", "---", "—", "——", "―", "–", "_", "__", "/", "\\", "\\n", ".", "…"),
        *("na", "n/a", "nan", "null", "none", "nil"),
        *("缺测", "无", "无数据", "空", "未监测", "未测", "停运", "维护", "断流"),
    )
)
NOT_DETECTED = frozenset(("nd", "n.d.", "n.d", "未检出", "<lod", "<mdl", "<dl", "低于检出限"))
MOST_UNITS = 2**62
LEAST_ROUNDED = Decimal("1e-6")

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([e][+-]?\d{1,3})?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_POWER = re.compile(r"(\d+\.?\d*)\s*[×x*]\s*10\s*\^?\s*([+-]?\d{1,3})")
_LESS = "<﹤〈‹"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of values.

    Attributes
    ----------
    units : ndarray of int64, shape (n,)
        Numbers of 10**-`decimals`; the limit where below detection; `exact.MISSING` where there is none.
    decimals : int
        Decimals common to the column: the most that any cell has.
    states : ndarray of int8, shape (n,)
        `State` of each cell.
    reported : ndarray of int8, shape (n,)
        Decimals as written, 0 where there is no number.
    bad : dict of int to str
        Index → text of the cells that are no value; their state is missing.
    """

    units: Ints
    decimals: int
    states: Bytes
    reported: Bytes
    bad: dict[int, str]

    def __len__(self) -> int:
        return len(self.units)


@dataclass(frozen=True, slots=True)
class Cell:
    """One parsed cell: `state` is None where the text is no value."""

    state: State | None
    number: Decimal | None = None


def parse_column(texts: Sequence[str]) -> Column:
    """Parse the cells of a column.

    Parameters
    ----------
    texts : sequence of str, shape (n,)
        Empty, ``--``, ``—``, ``-``, ``NA``, ``null``, ``/`` are missing; ``<0.01``, ``0.01L`` and ``ND`` are
        below detection. Thousands commas, exponents and full-width digits are understood. Beyond nine
        decimals a number is rounded half to even, if four significant digits stay; otherwise it is bad.

    Returns
    -------
    Column
    """
    encoded = pa.array(texts, type=pa.string()).dictionary_encode()
    cells = [parse_cell(text) for text in encoded.dictionary.to_pylist()]
    places = np.asarray(encoded.indices.fill_null(0), dtype=np.int64)
    shown = np.array([_decimals(cell) for cell in cells] or [0], dtype=np.int8)
    decimals = int(shown.max())
    units = [_units(cell, decimals) for cell in cells]
    bad_words = {i for i, cell in enumerate(cells) if cell.state is None or units[i] is None}
    states = [State.MISSING if i in bad_words else cell.state for i, cell in enumerate(cells)]
    if not len(places):
        return Column(np.zeros(0, np.int64), 0, np.zeros(0, np.int8), np.zeros(0, np.int8), {})
    bad = np.flatnonzero(np.isin(places, list(bad_words))) if bad_words else ()
    return Column(
        np.array([MISSING if n is None or i in bad_words else n for i, n in enumerate(units)])[places],
        decimals,
        np.array(states, dtype=np.int8)[places],
        shown[places],
        {i: texts[i] for i in map(int, bad)},
    )


@lru_cache(maxsize=65536)
def parse_cell(text: str) -> Cell:
    """Parse one cell; see `parse_column`."""
    word = fold(text).lower()
    if word in MISSING_TEXTS:
        return Cell(State.MISSING)
    if word in NOT_DETECTED:
        return Cell(State.BELOW_DETECTION)
    if word[0] in _LESS or word.endswith("l"):
        limit = parse_number(word.lstrip(_LESS).removesuffix("l").strip())
        return Cell(None) if limit is None or limit < 0 else Cell(State.BELOW_DETECTION, limit)
    number = parse_number(word)
    return Cell(None) if number is None else Cell(State.VALUE, number)


def parse_number(text: str) -> Decimal | None:
    """Return the decimal number that a text is, None where it is none or cannot be held exactly."""
    word = text.lower()
    if _THOUSANDS.fullmatch(word):
        word = word.replace(",", "")
    if power := _POWER.fullmatch(word):
        word = f"{power[1]}e{power[2]}"
    if not (word.isascii() and _NUMBER.fullmatch(word)):
        return None
    return _held(Decimal(word))


def _held(number: Decimal) -> Decimal | None:
    """Round beyond nine decimals; None for a number too large, or too small to keep four digits."""
    if number.adjusted() > 18 and number:
        return None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent >= -FINE:
        return number
    if number and abs(number) < LEAST_ROUNDED:
        trimmed = number.normalize()
        return trimmed if -int(trimmed.as_tuple().exponent) <= FINE else None
    return number.quantize(Decimal(1).scaleb(-FINE), rounding=ROUND_HALF_EVEN)


def _decimals(cell: Cell) -> int:
    return 0 if cell.number is None else max(0, -int(cell.number.as_tuple().exponent))


def _units(cell: Cell, decimals: int) -> int | None:
    """Return the scaled integer, `MISSING` where there is no number, None where it does not fit."""
    if cell.number is None:
        return int(MISSING)
    units = int(cell.number.scaleb(decimals))
    return units if abs(units) < MOST_UNITS else None
