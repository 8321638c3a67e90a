"""What a policy document 政策文件 is read into: its text, its tables, and the items found in it.

Places are offsets of characters into `Source.text`. For a plain text file that is the file as decoded
(without a byte order mark); for html, docx and pdf it is the text as laid out here, which ``huanzhi plan
text`` prints. ``text[start:end] == quote`` always holds.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Span:
    """A stretch of the text, the end exclusive."""

    start: int
    end: int


@dataclass(frozen=True)
class Table:
    """A table of the document: rows of cells, each a stretch of the text."""

    rows: tuple[tuple[Span, ...], ...]

    @property
    def span(self) -> Span:
        """Return the stretch that the whole table covers."""
        cells = [cell for row in self.rows for cell in row]
        return Span(min(c.start for c in cells), max(c.end for c in cells))


@dataclass(frozen=True)
class Source:
    """A document as text.

    Parameters
    ----------
    name, format, encoding : str
        File name; ``txt``, ``html``, ``docx`` or ``pdf``; the encoding found (of a text).
    text : str
        The whole text.
    tables : tuple of Table
        Tables that the format itself marks as such.
    sha256 : str
        Digest of the bytes of the file.
    title : str
        Title that the format itself states, where it does.
    """

    name: str
    format: str
    text: str
    tables: tuple[Table, ...] = ()
    encoding: str = ""
    sha256: str = ""
    title: str = ""


@dataclass
class Heading:
    """A numbered or named part of the document and what stands below it."""

    kind: str
    mark: str
    title: str
    start: int
    end: int
    children: list[Heading] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return the tree as plain data."""
        plain: dict[str, Any] = {"kind": self.kind, "mark": self.mark, "title": self.title}
        plain |= {"start": self.start, "end": self.end}
        return plain | {"children": [child.as_dict() for child in self.children]}


@dataclass(frozen=True)
class Finding:
    """Something damaged or doubtful in the document: kept and said, never guessed."""

    code: str
    start: int
    end: int
    quote: str
    zh: str
    en: str

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Measure:
    """A measure 举措: what is to be done, by whom, until when, under which task.

    `years` is empty (none stated), one year, or the first and the last year of a range. The first of `bodies`
    leads, as the documents have it; `joint` are those that a document itself calls cooperating.
    """

    no: int
    text: str
    years: tuple[int, ...]
    bodies: tuple[str, ...]
    task: str
    quote: str
    start: int
    end: int
    joint: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    deadline: str = ""
    damaged: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the measure as plain data."""
        plain = asdict(self)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}


@dataclass(frozen=True)
class Target:
    """A target 目标: an indicator of a region, compared with a value, for a year.

    Parameters
    ----------
    region, indicator : str
        Whose, and what, in the words of the document.
    op : str
        ``≥``, ``≤``, ``=``, ``>``, ``<``, ``≈`` (左右) or ``~`` (between `value` and `upper`).
    value : Decimal, str or None
        The number; a grade or 全覆盖 in words; None where the document has lost it.
    unit : str
        The unit as written.
    year : int or None
        The year stated, or None.
    stretch : Decimal, str or None
        The value striven for 力争. Where a document names only that, it stands in both.
    base_year : int or None
        The year that a change is counted from.
    year_from : int or None
        The first year, where the document gives a span of years.
    year_source : str
        ``stated`` in the sentence, ``inherited`` from the sentence that leads the list, ``table``, or empty.
    damaged : tuple of str
        Names of the fields that the document has lost.
    """

    region: str
    indicator: str
    op: str
    value: Decimal | str | None
    unit: str
    year: int | None
    stretch: Decimal | str | None
    quote: str
    start: int
    end: int
    damaged: tuple[str, ...] = ()
    upper: Decimal | None = None
    base_year: int | None = None
    base_value: Decimal | None = None
    year_from: int | None = None
    year_source: str = ""
    kind: str = "quantity"
    nature: str = ""
    section: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the target as plain data; numbers as numbers."""
        plain = asdict(self)
        for name in ("value", "stretch", "upper", "base_value"):
            plain[name] = _number(plain[name])
        return plain | {"damaged": list(self.damaged)}


@dataclass(frozen=True)
class Named:
    """A named system, a responsibility or a milestone: its words and its place."""

    kind: str
    name: str
    body: str
    quote: str
    start: int
    end: int
    year: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data, without what it does not have."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None)}


@dataclass(frozen=True)
class Plan:
    """Everything that was read from one document."""

    source: Source
    metadata: dict[str, str]
    region: str
    structure: tuple[Heading, ...]
    counts: dict[str, int]
    measures: tuple[Measure, ...]
    targets: tuple[Target, ...]
    milestones: tuple[Named, ...]
    systems: tuple[Named, ...]
    responsibilities: tuple[Named, ...]
    aliases: dict[str, str]
    warnings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the document as one JSON object; see ``docs/plans.md``."""
        source = {name: getattr(self.source, name) for name in ("name", "format", "encoding", "sha256")}
        plain: dict[str, Any] = {
            "source": source | {"characters": len(self.source.text)},
            "metadata": self.metadata,
            "region": self.region,
            "counts": self.counts,
        }
        for name in ("measures", "targets", "milestones", "systems", "responsibilities", "structure"):
            plain[name] = [each.as_dict() for each in getattr(self, name)]
        return plain | {"aliases": self.aliases, "warnings": [each.as_dict() for each in self.warnings]}


def _number(value: Decimal | str | None) -> int | float | str | None:
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)
