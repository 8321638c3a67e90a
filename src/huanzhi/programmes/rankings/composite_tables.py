"""Composite rankings as tables and as machine-readable rows."""

from __future__ import annotations

from typing import Any

from huanzhi.assess.explanation import cautions
from huanzhi.library.documents import Column, Table
from huanzhi.messages import text
from huanzhi.programmes.rankings.composite import CompositeRanking


def composite_table(ranking: CompositeRanking, key: str = "composite_ranking") -> Table:
    """Return the ranking; who is left out stands below with the reason."""
    columns = (
        Column(text("rankings.rank"), numeric=True, width=0.7),
        Column(text(f"rankings.by_{ranking.by}"), width=1.8),
        Column(text("rankings.value_composite"), numeric=True),
        Column(text("rankings.composite_index"), numeric=True),
        Column(text("rankings.cwqi"), numeric=True),
        Column(text("rankings.remark"), width=2.4),
    )
    semicolon = text("rankings.semicolon")
    rows = [
        (row.rank, row.name, row.value, row.air, row.water, semicolon.join(row.reasons) or None)
        for row in ranking.rows
    ]
    caption = text("rankings.composite_caption", span=ranking.span.words())
    return Table(key, caption, columns, rows, composite_note(ranking))


def composite_note(ranking: CompositeRanking) -> str:
    """Return how the composite comes about and how ties are ranked."""
    shares = {f"{medium}_weight": f"{float(share):g}" for medium, share in ranking.weights.of.items()}
    confidence = ranking.weights.book.provenance.confidence.text()
    told = text("rankings.method_composite", confidence=confidence, **shares)
    return told + text("rankings.rule_of_ties")


def composite_improvement_table(ranking: CompositeRanking, key: str = "composite_improvement") -> Table:
    """Return the ranking by improvement; who lacks a base is not in it."""
    columns = (
        Column(text("rankings.rank"), numeric=True, width=0.7),
        Column(text(f"rankings.by_{ranking.by}"), width=1.8),
        Column(text("rankings.index_now"), numeric=True),
        Column(text("rankings.index_before"), numeric=True),
        Column(text("rankings.change"), "%", numeric=True),
    )
    rows = [(r.change_rank, r.name, r.value, r.before, r.change) for r in ranking.by_improvement()]
    caption = text("rankings.bulletin_improvement_caption", span=ranking.span.words())
    return Table(key, caption, columns, rows, text("rankings.negative_better"))


def composite_cautions(ranking: CompositeRanking) -> tuple[str, ...]:
    """Return what of the rules is not confirmed, each once."""
    found = [*cautions(ranking.air.rules.tables()), *cautions(ranking.water.tables())]
    return tuple(dict.fromkeys(found))


def composite_payload(ranking: CompositeRanking) -> dict[str, Any]:
    """Return the ranking for programs."""
    book = ranking.weights.book
    names = ("rank", "name", "value", "air", "water", "before", "change", "change_rank", "simulated")
    return {
        "ranking": "composite",
        "by": ranking.by,
        "period": ranking.span.code(),
        "ranked_on": ranking.ranked_on,
        "simulated": ranking.simulated,
        "weights_percent": {medium: str(float(share)) for medium, share in ranking.weights.of.items()},
        "rule": f"{book.id} {book.version}",
        "rows": [
            {**{name: getattr(row, name) for name in names}, "left_out": list(row.reasons)}
            for row in ranking.rows
        ],
        "cautions": list(composite_cautions(ranking)),
    }
