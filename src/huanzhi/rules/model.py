"""Shapes of a rulebook 规则簿: inputs, outputs, rows, bands, examples; and of a result with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from huanzhi.messages import text
from huanzhi.rules.cells import Cell
from huanzhi.standards.model import Confidence, Interval, Provenance, Words

Value = Decimal | int | str | bool | None
NO_WORDS = Words()


class Sort(StrEnum):
    """What a rulebook is."""

    TABLE = "table"
    SCORE = "score"


class Policy(StrEnum):
    """Which rows count: the first that hits, or all that hit."""

    FIRST = "first"
    COLLECT = "collect"


class Type(StrEnum):
    """What an input or an output holds."""

    NUMBER = "number"
    INTEGER = "integer"
    TEXT = "text"
    TRUTH = "truth"


@dataclass(frozen=True, slots=True)
class Field:
    """An input or an output.

    Attributes
    ----------
    choices : mapping
        Words by code, for texts that may only be one of these; empty where any text may stand.
    optional : bool
        Whether it may be missing. What is missing hits no condition but ``missing``.
    """

    name: str
    type: Type
    title: Words
    unit: Words = NO_WORDS
    choices: Mapping[str, Words] = field(default_factory=dict)
    optional: bool = False
    least: Decimal | None = None
    most: Decimal | None = None

    def word(self, value: Value) -> str:
        """Return a value as a person reads it, in the reader's language."""
        if value is None:
            return text("rules.missing")
        if self.type is Type.TRUTH:
            return text("rules.yes" if value else "rules.no")
        chosen = self.choices.get(str(value))
        written = chosen.text() if chosen else plain(value)
        return f"{written} {self.unit.text()}".rstrip()


Input = Field
Output = Field
TOTAL = Field("total", Type.NUMBER, Words("合计分", "total"))
"""The total of a score card, on which its bands stand."""


def plain(value: Value) -> str:
    """Return a value as text; decimals without exponent."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: what has to hold, what follows, and by which clause.

    Attributes
    ----------
    group : str
        Score cards: rows of one group exclude each other, the first that hits counts.
    confidence : Confidence, optional
        Where it differs from that of the rulebook.
    """

    when: Mapping[str, Cell]
    then: Mapping[str, Value]
    clause: Words = NO_WORDS
    note: Words = NO_WORDS
    group: str = ""
    confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A band of a score card: what follows from a total."""

    when: Cell
    then: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example; `expected` holds the outputs to be met, a tuple of such where all hits count."""

    inputs: Mapping[str, Value]
    expected: Mapping[str, Value] | tuple[Mapping[str, Value], ...]
    note: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A version of a rulebook.

    Attributes
    ----------
    place : str
        Code of the region for which it holds; empty for everywhere.
    interval : Interval
        Days on which it holds, both included.
    weights : mapping
        Score cards: factor by group; 1 where none is given.
    base, least, most : Decimal
        Score cards: points before any row, and the bounds of the total.
    """

    id: str
    title: Words
    sort: Sort
    version: str
    interval: Interval
    basis: Words
    provenance: Provenance
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...]
    policy: Policy = Policy.FIRST
    place: str = ""
    examples: tuple[Example, ...] = ()
    bands: tuple[Band, ...] = ()
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    base: Decimal = Decimal(0)
    least: Decimal | None = None
    most: Decimal | None = None

    @property
    def law(self) -> bool:
        """Whether it may be shown as what a document says; ours and what was not found may not."""
        return self.provenance.confidence in (Confidence.CONFIRMED, Confidence.ONE_SOURCE)

    def input(self, name: str) -> Input:
        """Return an input by name."""
        return next(each for each in self.inputs if each.name == name)

    def output(self, name: str) -> Output:
        """Return an output by name."""
        return next(each for each in self.outputs if each.name == name)

    def confidence_of(self, row: Row) -> Confidence:
        """Return how far a row is confirmed."""
        return row.confidence or self.provenance.confidence


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition that held: the input, its value and the test."""

    input: Input
    value: Value
    cell: Cell

    def text(self) -> str:
        """Return the reason in the reader's language."""
        value = self.input.word(self.value)
        return text("rules.reason", title=self.input.title, value=value, test=self.cell.words(self.input))


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that hit; `number` counts from 1, `points` are those of a score card with the weight."""

    number: int
    outputs: Mapping[str, Value]
    reasons: tuple[Reason, ...]
    clause: Words = NO_WORDS
    note: Words = NO_WORDS
    confidence: Confidence = Confidence.NOT_CONFIRMED
    group: str = ""
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a rulebook answers.

    Attributes
    ----------
    outputs : mapping
        Of the first hit, or of the band of a score card with its ``total``; empty where no row hit.
    hits : tuple of Hit
        The row that hit, or all of them.
    unknown : tuple of str
        Inputs that are missing and stand in a row before the hit: if known, the answer might differ.
    """

    rulebook: str
    version: str
    digest: str
    place: str
    inputs: Mapping[str, Value]
    outputs: Mapping[str, Value]
    hits: tuple[Hit, ...]
    unknown: tuple[str, ...] = ()

    @property
    def row(self) -> int | None:
        """The number of the first row that hit; None where none did."""
        return self.hits[0].number if self.hits else None

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON has it, with words in the reader's language."""
        return {
            "rulebook": self.rulebook,
            "version": self.version,
            "digest": self.digest,
            "place": self.place,
            "inputs": bare(self.inputs),
            "outputs": bare(self.outputs),
            "row": self.row,
            "hits": [_hit(each) for each in self.hits],
            "unknown": list(self.unknown),
        }


def bare(values: Mapping[str, Value]) -> dict[str, Any]:
    """Return values as JSON has them: decimals as text, so that no digit is lost."""
    return {name: plain(v) if isinstance(v, Decimal) else v for name, v in values.items()}


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "row": hit.number,
        "group": hit.group,
        "outputs": bare(hit.outputs),
        "points": None if hit.points is None else plain(hit.points),
        "clause": hit.clause.text(),
        "note": hit.note.text(),
        "confidence": hit.confidence.value,
        "confidence_words": hit.confidence.text(),
        "reasons": [reason.text() for reason in hit.reasons],
    }
