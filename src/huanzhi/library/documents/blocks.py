"""What a document is made of, before it is laid out: headings, paragraphs, tables, charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from huanzhi.messages import Language

Cell: TypeAlias = "str | int | Decimal | None"
Kind = Literal["line", "column", "bar"]
Stroke = Literal["solid", "thin", "dashed"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; its number is given when the document is written. `level` is 1 to 3."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. ``[[key]]`` becomes the number of the table or figure with that key."""

    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    heading : str
    unit : str
        Printed under the heading.
    decimals : int or None
        Decimals of numbers; None prints a number as it is.
    width : float
        Share of the table's width relative to the other columns.
    numeric : bool
        Whether cells are aligned right.
    """

    heading: str
    unit: str = ""
    decimals: int | None = None
    width: float = 1.0
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption above it. A cell that is None is printed as a dash: nothing is known.

    With `form` it is a form 表格: printed without caption and without headings of columns.
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    form: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """A series of a chart; None leaves a gap. `colours` holds one RRGGBB a point, or one for all, or none."""

    name: str
    values: Sequence[Decimal | int | None]
    colours: tuple[str, ...] = ()
    stroke: Stroke = "solid"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that stays editable, with a caption below it."""

    key: str
    caption: str
    kind: Kind
    categories: Sequence[str]
    series: tuple[Series, ...]
    axis: str = ""
    number_format: str = "General"
    labels: bool = False
    label_step: int = 1
    note: str = ""


Block: TypeAlias = Heading | Paragraph | Table | Chart


@dataclass(frozen=True, slots=True)
class Document:
    """A document.

    Attributes
    ----------
    title : str
    blocks : tuple of Block
    language : {"zh", "en"}
    mark : str
        Printed in the head of every page and above every table, e.g. that data are simulated; empty for none.
    signature : str
        Who issues it; empty leaves the line out.
    date : str
        Date in words; empty leaves the line out.
    number : str
        Number 文号 below the title; empty leaves the line out.
    annexes : tuple of tuple of Block
        Annexes 附件, each on a page of its own; the first block of each is its heading text.
    """

    title: str
    blocks: tuple[Block, ...]
    language: Language = "zh"
    mark: str = ""
    signature: str = ""
    date: str = ""
    annexes: tuple[tuple[str, tuple[Block, ...]], ...] = ()
    number: str = ""

    def tables(self) -> tuple[Table, ...]:
        """Return every table, annexes included, in order."""
        blocks = [*self.blocks, *(block for _, annex in self.annexes for block in annex)]
        return tuple(block for block in blocks if isinstance(block, Table))


def cell_text(cell: Cell, decimals: int | None = None) -> str:
    """Return a cell as printed: a dash where None, a number with `decimals` where given."""
    if cell is None:
        return "—"
    if decimals is not None and isinstance(cell, int | Decimal):
        return f"{cell:.{decimals}f}"
    return str(cell)
