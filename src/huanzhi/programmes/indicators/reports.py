"""Reports 目标判定报告: how targets stand, each with where it is written and its data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from huanzhi.library.documents import Block, Column, Document, Heading, Paragraph, Table
from huanzhi.messages import language, text
from huanzhi.programmes.indicators.citing import Written
from huanzhi.programmes.indicators.judging import Judged
from huanzhi.programmes.indicators.measured import Basis

MOST_FILES = 6
"""Files that a citation names. DEFAULT, NOT FROM THE DOCUMENTS."""


@dataclass(frozen=True, slots=True)
class Line:
    """A target with how it stands and where it is written."""

    number: str
    judged: Judged
    written: Written | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        goal, of = self.judged.goal, self.judged.measured.definition
        return {
            "number": self.number,
            "indicator": of.code,
            "name": of.name.text(),
            "target": {
                "op": goal.op,
                "value": f"{goal.value:f}",
                "upper": None if goal.upper is None else f"{goal.upper:f}",
                "stretch": None if goal.stretch is None else f"{goal.stretch:f}",
                "unit": of.unit,
                "year": goal.year,
            },
            "written": self.written.as_dict() if self.written else None,
            **self.judged.as_dict(),
        }


def payload(lines: Sequence[Line], region: str, day: date) -> dict[str, Any]:
    """Return the report for programs."""
    counts = Counter(line.judged.verdict.value for line in lines)
    return {
        "region": region,
        "day": day.isoformat(),
        "counts": dict(counts),
        "simulated": any(line.judged.measured.basis.simulated for line in lines),
        "targets": [line.as_dict() for line in lines],
    }


def target_report(lines: Sequence[Line], region: str, day: date, today: date) -> Document:
    """Return the report as a document."""
    simulated = any(line.judged.measured.basis.simulated for line in lines)
    mark = text("rankings.mark_simulated") if simulated else ""
    title = text("indicators.report_title", region=region)
    blocks: list[Block] = [Paragraph(_summary(lines, day)), _table(lines)]
    for line in lines:
        blocks += _section(line)
    blocks.append(Paragraph(text("indicators.report_note")))
    return Document(
        title=title + (text("report.in_caption", mark=mark) if mark else ""),
        blocks=tuple(blocks),
        language=language(),
        mark=mark,
        date=text("report.date", year=today.year, month=today.month, day=today.day, month_name=f"{today:%B}"),
    )


def _summary(lines: Sequence[Line], day: date) -> str:
    counts = Counter(line.judged.verdict for line in lines)
    said = text("rankings.comma").join(f"{verdict.text()} {number}" for verdict, number in counts.items())
    return text("indicators.report_summary", total=len(lines), counts=said, day=day.isoformat())


def _table(lines: Sequence[Line]) -> Table:
    columns = tuple(
        Column(text(f"indicators.report_{name}"), width=width, numeric=name in ("value", "gap"))
        for name, width in (
            ("indicator", 2.4),
            ("target", 1.4),
            ("value", 1.0),
            ("gap", 1.0),
            ("verdict", 1.0),
        )
    )
    rows = [
        (
            line.judged.measured.definition.name.text(),
            target_words(line.judged),
            line.judged.measured.value,
            line.judged.gap,
            line.judged.verdict.text(),
        )
        for line in lines
    ]
    return Table("targets", text("indicators.report_row_caption"), columns, rows, "")


def target_words(judged: Judged) -> str:
    """Return a target as ``2020: ≤ 37 µg/m³``."""
    goal, unit = judged.goal, judged.measured.definition.unit
    number = f"{goal.value:f}" if goal.upper is None else f"{goal.value:f}~{goal.upper:f}"
    return f"{goal.year}: {goal.op} {number} {unit}"


def _section(line: Line) -> list[Block]:
    judged = line.judged
    basis = judged.measured.basis
    said = [line.written.words() if line.written else text("indicators.report_no_quote"), data_words(basis)]
    if basis.editions:
        said.append(text("indicators.report_editions", listed=_editions(basis)))
    if judged.allowance is not None:
        said.append(str(judged.allowance.words))
    said += [str(reason) for reason in judged.reasons]
    name = f"{judged.measured.definition.name.text()}　{judged.verdict.text()}"
    return [Heading(2, name), *(Paragraph(words) for words in dict.fromkeys(said))]


def data_words(basis: Basis) -> str:
    """Return which data stand behind a figure, in the reader's language."""
    names = [name for _, name in basis.places]
    shown = "、".join(names[:MOST_FILES])
    places = (
        shown
        if len(names) <= MOST_FILES
        else text("indicators.report_places", names=shown, number=len(names))
    )
    if not basis.cited:
        return text("indicators.report_data_none", places=places)
    files = text("rankings.semicolon").join(
        text(
            "indicators.report_file",
            name=one.name,
            sha256=one.sha256[:16],
            first=one.first_row,
            last=one.last_row,
        )
        for one in basis.cited[:MOST_FILES]
    )
    return text(
        "indicators.report_data", places=places, rows=sum(one.rows for one in basis.cited), files=files
    )


def _editions(basis: Basis) -> str:
    return text("rankings.comma").join(
        text(
            "indicators.report_edition",
            number=one.number,
            first=one.first.isoformat(),
            last=one.last.isoformat(),
        )
        for one in basis.editions
    )


def of_dict(told: Mapping[str, Any]) -> str:
    """Return the citation of kept plain values."""
    found = Written.of(told)
    return found.words() if found else text("indicators.report_no_quote")
