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
import pyarrow.compute as pc

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

_PLAIN = r"^-?\d{1,9}(\.\d{1,9})?$"
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
    if not len(encoded):
        return Column(np.zeros(0, np.int64), 0, np.zeros(0, np.int8), np.zeros(0, np.int8), {})
    words = _parse_words(encoded.dictionary)
    places = np.asarray(encoded.indices, dtype=np.int64)
    bad = np.flatnonzero(words.bad[places]) if words.bad.any() else ()
    return Column(
        words.units[places],
        words.decimals,
        words.states[places],
        words.reported[places],
        {i: texts[i] for i in map(int, bad)},
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """The different cells of a column, parsed."""

    units: Ints
    decimals: int
    states: Bytes
    reported: Bytes
    bad: npt.NDArray[np.bool_]


def _parse_words(words: pa.StringArray) -> _Words:
    """Parse the plain numbers among the cells as arrays, the others one by one."""
    plain = np.asarray(pc.match_substring_regex(words, _PLAIN), dtype=bool)
    mantissa, shown = np.full(len(words), MISSING), np.zeros(len(words), np.int8)
    states = np.zeros(len(words), np.int8)
    bad = np.zeros(len(words), dtype=bool)
    mantissa[plain], shown[plain] = _parse_plain(words.filter(pa.array(plain)))
    for index in np.flatnonzero(~plain).tolist():
        cell = parse_cell(words[index].as_py())
        bad[index] = cell.state is None
        states[index] = State.MISSING if cell.state is None else cell.state
        if cell.number is not None:
            shown[index], mantissa[index] = _split(cell.number)
    return _at_common_decimals(mantissa, shown, states, bad)


def _parse_plain(words: pa.StringArray) -> tuple[Ints, Bytes]:
    """Return the digits of plain numbers as integers, and how many of them are decimals."""
    point = np.asarray(pc.find_substring(words, "."), dtype=np.int64)
    length = np.asarray(pc.utf8_length(words), dtype=np.int64)
    digits = pc.replace_substring(words, ".", "").cast(pa.int64())
    return np.asarray(digits), np.where(point < 0, 0, length - 1 - point).astype(np.int8)


def _split(number: Decimal) -> tuple[int, int]:
    """Return decimals and integer of a number; the greatest integer where it is too large for an array."""
    shown = max(0, -int(number.as_tuple().exponent))
    units = int(number.scaleb(shown))
    return shown, units if abs(units) < MOST_UNITS else MOST_UNITS


def _at_common_decimals(mantissa: Ints, shown: Bytes, states: Bytes, bad: npt.NDArray[np.bool_]) -> _Words:
    decimals = int(shown.max())
    factor = 10 ** (decimals - shown.astype(np.int64))
    there = mantissa != MISSING
    fits = np.abs(np.where(there, mantissa, 0)) < MOST_UNITS // factor
    units = np.where(there & fits, np.where(fits, mantissa, 0) * factor, MISSING)
    states[~fits], shown[~fits] = State.MISSING, 0
    return _Words(units, decimals, states, shown, bad | ~fits)


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
