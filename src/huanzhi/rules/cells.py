"""Cells 条件格: the small language of conditions, read here so that nothing an officer writes reaches an
engine.

Nothing or ``-`` holds always, ``missing`` where the value is not known. Numbers: ``>= 0.9``, ``<
5``, ``3``, ``1, 2, 3``, ``[0.5..1)``, ``(..5]``. Texts: ``red, orange`` or ``not red``. Truths:
``true``, ``false``.

A column names finitely many limits and words, so a value matters only by its *rank* among them: for
numbers the odd ranks are the limits and the even ranks lie between them, for texts the rank is the
place of the word. Ranks are small integers and found by exact comparison of decimals; they are all
that the engine sees.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from huanzhi.errors import InputError
from huanzhi.messages import text

if TYPE_CHECKING:
    from huanzhi.rules.model import Field, Value

MISSING = -1
"""Rank of what is not known."""

_NUMBER = r"[+-]?\d{1,24}(?:\.\d{1,24})?"
_COMPARISON = re.compile(rf"(>=|<=|>|<|=)\s*({_NUMBER})")
_RANGE = re.compile(rf"([\[(])\s*({_NUMBER})?\s*\.\.\s*({_NUMBER})?\s*([\])])")
_WORD = re.compile(r"[^\s,\"'`$\\{}\[\]()<>=;][^,\"'`$\\{}\[\]<>=;\n]{0,99}")


@dataclass(frozen=True, slots=True)
class Span:
    """A range of numbers; None where it is open on a side."""

    low: Decimal | None
    high: Decimal | None
    low_in: bool = True
    high_in: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """A condition as written, and what it means; without spans and words it holds always."""

    written: str
    spans: tuple[Span, ...] = ()
    listed: tuple[str, ...] = ()
    negated: bool = False
    missing: bool = False

    @property
    def always(self) -> bool:
        """Whether it holds whatever the value."""
        return not (self.spans or self.listed or self.missing)

    def words(self, field: Field) -> str:
        """Return the condition as a person reads it."""
        if self.always:
            return text("rules.any")
        if self.missing:
            return text("rules.is_missing")
        if self.spans:
            return text("rules.or").join(_span_words(each) for each in self.spans)
        said = text("rules.or").join(_word(field, each) for each in self.listed)
        return text("rules.not", words=said) if self.negated else said


def _word(field: Field, written: str) -> str:
    return field.word(written == "true" if field.type == "truth" else written)


def _span_words(span: Span) -> str:
    if span.low == span.high and span.low is not None:
        return f"{span.low:f}"
    low = "" if span.low is None else f"{'≥' if span.low_in else '>'} {span.low:f}"
    high = "" if span.high is None else f"{'≤' if span.high_in else '<'} {span.high:f}"
    return text("rules.and").join(filter(None, (low, high)))


def read(written: str, field: Field) -> Cell:
    """Read a condition on an input.

    Raises
    ------
    InputError
        ``rules.cell`` if it is not in the language of cells, or names a word that the input does not have.
    """
    trimmed = written.strip()
    if trimmed in ("", "-"):
        return Cell("")
    if trimmed == "missing":
        return Cell(trimmed, missing=True)
    if field.type in ("number", "integer"):
        return Cell(trimmed, spans=_spans(trimmed, field))
    return _listed(trimmed, field)


def _spans(written: str, field: Field) -> tuple[Span, ...]:
    found = _RANGE.fullmatch(written)
    if found:
        return (_range(*found.groups(), field=field, written=written),)
    found = _COMPARISON.fullmatch(written)
    if found:
        return (_compared(found[1], Decimal(found[2])),)
    parts = [part.strip() for part in written.split(",")]
    if not all(re.fullmatch(_NUMBER, part) for part in parts):
        raise _refused(written, field)
    return tuple(Span(Decimal(part), Decimal(part)) for part in parts)


def _compared(sign: str, limit: Decimal) -> Span:
    if sign == "=":
        return Span(limit, limit)
    closed = sign.endswith("=")
    return Span(limit, None, low_in=closed) if sign[0] == ">" else Span(None, limit, high_in=closed)


def _range(left: str, low: str | None, high: str | None, right: str, *, field: Field, written: str) -> Span:
    span = Span(Decimal(low) if low else None, Decimal(high) if high else None, left == "[", right == "]")
    if span.low is not None and span.high is not None and span.low > span.high:
        raise _refused(written, field)
    return span


def _listed(written: str, field: Field) -> Cell:
    negated = written.startswith("not ")
    listed = tuple(part.strip() for part in written.removeprefix("not ").split(","))
    known = ("true", "false") if field.type == "truth" else tuple(field.choices)
    if not all(_WORD.fullmatch(each) and (not known or each in known) for each in listed):
        raise _refused(written, field)
    return Cell(written, listed=listed, negated=negated)


def _refused(written: str, field: Field) -> InputError:
    kind = field.type.value
    known = ", ".join(field.choices) if field.choices else text(f"rules.cell_{kind}")
    return InputError("rules.cell", column=field.name, value=written, expected=known)


@dataclass(frozen=True, slots=True)
class Column:
    """An input with the limits or words that its cells name."""

    field: Field
    limits: tuple[Decimal, ...] = ()
    listed: tuple[str, ...] = ()

    @property
    def ranks(self) -> range:
        """Return every rank but that of what is not known."""
        if self.field.type in ("number", "integer"):
            return range(2 * len(self.limits) + 1)
        known = self.field.type == "truth" or self.field.choices
        return range(len(self.listed) + (0 if known else 1))

    def rank(self, value: Value) -> int:
        """Return the rank of a value."""
        if value is None:
            return MISSING
        if isinstance(value, bool):
            return self.listed.index("true" if value else "false")
        if isinstance(value, str):
            return self.listed.index(value) if value in self.listed else len(self.listed)
        place = bisect_left(self.limits, Decimal(value))
        met = place < len(self.limits) and self.limits[place] == value
        return 2 * place + (1 if met else 0)

    def held(self, cell: Cell) -> frozenset[int]:
        """Return the ranks for which a condition holds."""
        if cell.always:
            return frozenset((*self.ranks, MISSING))
        if cell.missing:
            return frozenset((MISSING,))
        if cell.spans:
            return frozenset(rank for span in cell.spans for rank in self._within(span))
        named = frozenset(self.listed.index(each) for each in cell.listed)
        return frozenset(self.ranks) - named if cell.negated else named

    def _within(self, span: Span) -> range:
        first = 0 if span.low is None else self._edge(span.low) + (0 if span.low_in else 1)
        last = self.ranks[-1] if span.high is None else self._edge(span.high) - (0 if span.high_in else 1)
        return range(first, last + 1)

    def _edge(self, limit: Decimal) -> int:
        return 2 * bisect_left(self.limits, limit) + 1


def columns_of(fields: Iterable[Field], rows: Iterable[Mapping[str, Cell]]) -> tuple[Column, ...]:
    """Return the columns of a table."""
    held = tuple(rows)
    return tuple(_column(field, [row[field.name] for row in held if field.name in row]) for field in fields)


def _column(field: Field, cells: Iterable[Cell]) -> Column:
    every = tuple(cells)
    limits = {x for cell in every for span in cell.spans for x in (span.low, span.high) if x is not None}
    listed = ("false", "true") if field.type == "truth" else tuple(field.choices)
    named = listed or tuple(dict.fromkeys(word for cell in every for word in cell.listed))
    return Column(field, tuple(sorted(limits)), named)
