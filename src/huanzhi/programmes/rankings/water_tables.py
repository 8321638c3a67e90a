"""Water rankings as tables and as machine-readable rows."""

from __future__ import annotations

from typing import Any

from huanzhi.assess.explanation import cautions
from huanzhi.library.documents import Column, Table
from huanzhi.messages import text
from huanzhi.programmes.rankings.water import WaterRank, WaterRanking
from huanzhi.programmes.water_sections import water_item


def water_table(ranking: WaterRanking, key: str = "water_ranking") -> Table:
    """Return the ranking by CWQI; those with other items stand below, without a rank."""
    columns = (
        Column(text("rankings.rank"), numeric=True, width=0.7),
        Column(text(f"rankings.by_{ranking.by}"), width=2.0),
        Column("CWQI", numeric=True, width=1.2),
        Column(text("rankings.rivers"), numeric=True),
        Column(text("rankings.lakes"), numeric=True),
        Column(text("rankings.number_of_items"), numeric=True),
        Column(text("rankings.remark"), width=2.4),
    )
    rows = [
        (row.rank, row.name, row.index, row.rivers, row.lakes, len(row.items), _remark(row, ranking))
        for row in ranking.rows
    ]
    caption = text("rankings.water_caption", span=ranking.span.words())
    return Table(key, caption, columns, rows, _note(ranking))


def _names(ranking: WaterRanking, items: frozenset[str]) -> list[str]:
    """Return items in the order of the rule, in the reader's language."""
    return [water_item(item) for item in ranking.all_items() if item in items]


def _remark(row: WaterRank, ranking: WaterRanking) -> str | None:
    if row.rank is not None:
        return None
    comma = text("rankings.comma")
    lacking = comma.join(_names(ranking, ranking.items - row.items))
    extra = comma.join(_names(ranking, row.items - ranking.items))
    parts = [text("rankings.lacking", items=lacking)] if lacking else []
    parts += [text("rankings.extra", items=extra)] if extra else []
    return text("rankings.not_comparable") + text("rankings.semicolon").join(parts)


def _note(ranking: WaterRanking) -> str:
    comma = text("rankings.comma")
    used = _names(ranking, ranking.items)
    lacking = _names(ranking, frozenset(ranking.all_items()) - ranking.items)
    note = text(
        "rankings.water_note",
        number=len(used),
        all=len(ranking.all_items()),
        rule=ranking.edition.number,
        items=comma.join(used),
    )
    return note + (text("rankings.water_lacking", items=comma.join(lacking)) if lacking else "")


def water_improvement_table(ranking: WaterRanking, key: str = "water_improvement") -> Table:
    """Return the ranking by change of CWQI."""
    columns = (
        Column(text("rankings.rank"), numeric=True, width=0.7),
        Column(text(f"rankings.by_{ranking.by}"), width=2.0),
        Column(text("rankings.index_now"), numeric=True),
        Column(text("rankings.index_before"), numeric=True),
        Column(text("rankings.change"), "%", numeric=True),
    )
    rows = [(r.change_rank, r.name, r.index, r.before, r.change) for r in ranking.by_improvement()]
    caption = text("rankings.water_improvement_caption", span=ranking.span.words())
    return Table(key, caption, columns, rows, text("rankings.water_improvement_note"))


def water_payload(ranking: WaterRanking) -> dict[str, Any]:
    """Return the ranking for programs."""
    return {
        "ranking": "water",
        "by": ranking.by,
        "period": ranking.span.code(),
        "simulated": ranking.simulated,
        "rule": ranking.edition.number,
        "limits": ranking.rules.edition.number,
        "items": [item for item in ranking.all_items() if item in ranking.items],
        "items_of_rule": list(ranking.all_items()),
        "rows": [
            {
                "rank": row.rank,
                "name": row.name,
                "cwqi": row.index,
                "river_sections": row.rivers,
                "lake_points": row.lakes,
                "items": [item for item in ranking.all_items() if item in row.items],
                "comparable": row.rank is not None,
                "cwqi_before": row.before,
                "change_percent": row.change,
                "change_rank": row.change_rank,
                "simulated": row.simulated,
            }
            for row in ranking.rows
        ],
        "cautions": list(cautions(ranking.tables())),
    }
