"""Rankings as tables, for the screen, a workbook or a report, and as machine-readable rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huanzhi.assess.explanation import cautions
from huanzhi.library.documents import Column, Table
from huanzhi.messages import text
from huanzhi.programmes.rankings.air import AirRank, AirRanking
from huanzhi.standards.air import ITEMS, Item

MOST_NAMES = 10


def air_table(ranking: AirRanking, key: str = "air_ranking", *, items: bool = True) -> Table:
    """Return the ranking by composite index, cities left out below with their reasons.

    Parameters
    ----------
    items : bool
        Whether the six statistics stand in it; `items_table` has them otherwise.
    """
    word = text("rankings.comma")
    columns = (
        Column(text("rankings.rank"), numeric=True, width=0.7),
        Column(text("rankings.city"), width=1.8),
        Column(text("rankings.composite_index"), numeric=True),
        Column(text("rankings.main_pollutant"), width=1.3),
        *(item_columns(ranking) if items else ()),
        Column(text("rankings.valid_days"), text("rankings.days"), numeric=True),
        Column(text("rankings.source"), width=1.6),
    )
    rows = [
        (
            row.rank,
            row.name,
            row.index,
            word.join(row.main) or None,
            *((row.items[item].value for item in ITEMS) if items else ()),
            row.days.valid_days,
            source_words(row),
        )
        for row in ranking.rows
    ]
    caption = text("rankings.air_caption", span=ranking.span.words())
    return Table(key, caption, columns, rows, air_note(ranking))


def items_table(ranking: AirRanking, key: str = "air_items") -> Table:
    """Return the statistics of the six pollutants by city."""
    columns = (Column(text("rankings.city"), width=1.8), *item_columns(ranking))
    rows = [(row.name, *(row.items[item].value for item in ITEMS)) for row in ranking.rows]
    caption = text("rankings.items_caption", span=ranking.span.words())
    return Table(key, caption, columns, rows, text("rankings.items_note"))


def item_columns(ranking: AirRanking) -> tuple[Column, ...]:
    """Return a column for the statistic of each pollutant."""
    return tuple(_item_column(item, ranking) for item in ITEMS)


def _item_column(item: Item, ranking: AirRanking) -> Column:
    term = ranking.rules.terms[ITEMS.index(item)]
    name = text("rankings.percentile", item=item, percent=term.percentile) if term.percentile else str(item)
    return Column(name, item.parameter.unit, numeric=True, width=1.0)


def source_words(row: AirRank) -> str:
    """Return where a city's days come from, with the number of points."""
    return text(f"rankings.source_{row.days.source}", points=row.days.points)


def air_note(ranking: AirRanking) -> str:
    """Return by what the ranking was made, and who is left out and why."""
    rules = ranking.rules
    lines = [
        text(
            "rankings.air_note",
            ranking=rules.ranking.number,
            evaluation=rules.evaluation.number,
            limits=rules.limits.number,
            weights=text(f"rankings.weights_{rules.preset}"),
        )
    ]
    lines += [
        text("rankings.left_out", name=row.name, reasons=text("rankings.semicolon").join(row.reasons))
        for row in ranking.rows
        if row.rank is None
    ]
    lines += [
        text(
            "rankings.silent_points",
            name=row.name,
            points=_some([f"{one.name} ({one.code})" for one in row.days.silent]),
        )
        for row in ranking.rows
        if row.days.silent
    ]
    if ranking.silent:
        named = _some(ranking.silent)
        lines.append(text("rankings.silent", number=len(ranking.silent), names=named))
    return "".join(lines)


def _some(names: Sequence[str]) -> str:
    """Name the first where they are many, and say how many they are."""
    listed = text("rankings.comma").join(names[:MOST_NAMES])
    return listed if len(names) <= MOST_NAMES else text("rankings.some", names=listed)


def improvement_table(ranking: AirRanking, key: str = "air_improvement") -> Table:
    """Return the ranking by improvement; cities without both figures are not in it."""
    columns = (
        Column(text("rankings.rank"), numeric=True, width=0.7),
        Column(text("rankings.city"), width=1.8),
        Column(text("rankings.index_now"), numeric=True),
        Column(text("rankings.index_before"), numeric=True),
        Column(text("rankings.change"), "%", numeric=True),
    )
    rows = [(r.change_rank, r.name, r.index, r.before, r.change) for r in ranking.by_improvement()]
    caption = text("rankings.improvement_caption", span=ranking.span.words())
    return Table(key, caption, columns, rows, text("rankings.improvement_note"))


def air_payload(ranking: AirRanking) -> dict[str, Any]:
    """Return the ranking for programs."""
    rules = ranking.rules
    return {
        "ranking": "air",
        "period": ranking.span.code(),
        "simulated": ranking.simulated,
        "rules": {
            "ranking": rules.ranking.number,
            "evaluation": rules.evaluation.number,
            "limits": rules.limits.number,
            "weights": rules.preset,
        },
        "rows": [_air_row(row) for row in ranking.rows],
        "silent": list(ranking.silent),
        "cautions": list(cautions(rules.tables())),
    }


def _air_row(row: AirRank) -> dict[str, Any]:
    items = {
        item.column: {"value": one.value, "index": one.index, "valid_days": one.days, "needed": one.needed}
        for item, one in row.items.items()
    }
    return {
        "rank": row.rank,
        "city": row.name,
        "index": row.index,
        "main": [str(item) for item in row.main],
        "items": items,
        "source": row.days.source,
        "points": row.days.points,
        "silent_points": [point.code for point in row.days.silent],
        "valid_days": row.days.valid_days,
        "left_out": list(row.reasons),
        "index_before": row.before,
        "change_percent": row.change,
        "change_rank": row.change_rank,
        "simulated": row.days.simulated,
    }
