"""Judged columns 评价结果列 of the commands that give classes: groundwater, sea."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from huanzhi.assess import class_limits
from huanzhi.assess.class_limits import Judgement
from huanzhi.assess.readings import Readings
from huanzhi.cli.assess.files import Refusals
from huanzhi.cli.assess.item_columns import editions_of, joined, not_in_force, words
from huanzhi.messages import text
from huanzhi.standards import Edition
from huanzhi.standards.class_items import ClassTable


@dataclass(frozen=True, slots=True)
class JudgedRows:
    """Rows of a file, each judged by the edition of its own day.

    Attributes
    ----------
    identity : str
        Standard that judges.
    days : sequence of date
    judgements : mapping of str to Judgement
        Edition → judgement of all rows by it.
    editions : mapping of date to Edition or None
    """

    identity: str
    days: Sequence[date]
    judgements: Mapping[str, Judgement]
    editions: Mapping[date, Edition | None]

    def of(self, row: int) -> Judgement | None:
        """Return the judgement that holds for a row; None where no edition was in force."""
        edition = self.editions[self.days[row]]
        return None if edition is None else self.judgements[edition.id]


def judge_rows(
    identity: str,
    days: Sequence[date],
    in_force: Callable[[date], Edition],
    table: Callable[[Edition], ClassTable],
    samples: Mapping[str, Readings],
) -> JudgedRows:
    """Judge every row by the edition in force on its day."""
    editions = editions_of(days, in_force)
    distinct = {edition.id: edition for edition in editions.values() if edition is not None}
    judgements = {name: class_limits.judge(table(edition), samples) for name, edition in distinct.items()}
    return JudgedRows(identity, days, judgements, editions)


def class_columns(
    rows: JudgedRows, refusals: Refusals, notes: Callable[[Judgement, int], list[str]]
) -> dict[str, list[str]]:
    """Return the judged columns; `notes` gives further sentences for the reason of a row."""
    names = ("class", "limiting", "multiples", "class_best", "class_worst", "edition", "reason")
    cells = [_cells(rows, row, refusals, notes) for row in range(len(rows.days))]
    return {name: [line[place] for line in cells] for place, name in enumerate(names)}


def class_summary(columns: Mapping[str, Sequence[str]], items: Iterable[str]) -> dict[str, object]:
    """Return how many rows have each class, how many have none, and the items that were read."""
    counts = Counter(columns["class"])
    open_ = counts.pop("", 0)
    return {"classes": dict(sorted(counts.items())), "not_judged": open_, "items": list(items)}


def _cells(
    rows: JudgedRows, row: int, refusals: Refusals, notes: Callable[[Judgement, int], list[str]]
) -> tuple[str, ...]:
    nothing = ("",) * 6
    if row in refusals.found:
        return (*nothing, str(refusals.found[row]))
    judged = rows.of(row)
    if judged is None:
        return (*nothing, not_in_force(rows.identity, rows.days[row]))
    best, worst = int(judged.overall_best[row]), int(judged.overall_worst[row])
    why = (*_why(judged, row), *notes(judged, row))
    return (
        judged.name(int(judged.classes[row])),
        joined(judged.limiting(row)),
        words(judged.multiples(row)),
        judged.name(best),
        judged.name(worst),
        judged.table.edition.number,
        text("assess_cli.sentence_separator").join(why) if why else "",
    )


def _why(judged: Judgement, row: int) -> list[str]:
    if not judged.overall_worst[row]:
        return [text("class_limits.no_items")]
    if judged.classes[row]:
        return []
    best, worst = (judged.name(int(ends[row])) for ends in (judged.overall_best, judged.overall_worst))
    items = joined(judged.undecided(row))
    return [text("class_limits.open", best=best, worst=worst, items=items)]
