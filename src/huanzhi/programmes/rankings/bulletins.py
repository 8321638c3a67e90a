"""Bulletins 排名通报: a ranking as a document to be published: lists, ties, who is left out, notes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from huanzhi.assess.explanation import cautions
from huanzhi.errors import InputError
from huanzhi.library.documents import Block, Chart, Column, Document, Heading, Paragraph, Series, Table
from huanzhi.library.publications.content import LANGUAGES, plain
from huanzhi.library.series import Store
from huanzhi.messages import language, text, using
from huanzhi.programmes.rankings.air import AirRanking, RankedOn, rank_air
from huanzhi.programmes.rankings.composite import CompositeRanking, rank_composite
from huanzhi.programmes.rankings.places import naming
from huanzhi.programmes.rankings.water import WaterRanking, rank_water
from huanzhi.programmes.spans import Span, parse_span

Ranking = AirRanking | WaterRanking | CompositeRanking
SORTS = {"air": "air_ranking", "water": "water_ranking", "composite": "composite_ranking"}
CHARTED = 30
"""Regions that the chart of a bulletin shows. Ours."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which ranking a bulletin is of.

    Attributes
    ----------
    region : str
        Beginning of region codes, or a name; empty for all.
    area : str
        What the region is called in the title.
    place : str
        Region whose weights are taken.
    """

    medium: str
    period: str
    by: str
    region: str = ""
    area: str = ""
    place: str = ""
    edition: str = "auto"
    weights: str = "equal"
    ranked_on: RankedOn = "published"

    def subject(self) -> str:
        """Return the key of the ranking among publications."""
        more = [self.edition, self.weights, self.ranked_on]
        usual = ["auto", "equal", "published"]
        told = [word for word, plain_word in zip(more, usual, strict=True) if word != plain_word]
        return "/".join([SORTS[self.medium], self.period, self.by, self.region or "all", *told])


@dataclass(frozen=True, slots=True)
class Line:
    """One region of any ranking, as the bulletin lists it."""

    name: str
    rank: int | None
    value: Decimal | None
    before: Decimal | None
    change: Decimal | None
    change_rank: int | None
    more: tuple[str | int | Decimal | None, ...]
    reasons: str


def take(store: Store, asked: Asked) -> Ranking:
    """Take the ranking that is asked for.

    Raises
    ------
    InputError
        ``publications.nothing_to_publish`` where nobody is in it.
    """
    span, region = parse_span(asked.period), asked.region or None
    named: dict[str, Any] = {"by": asked.by, "region": region, "ranked_on": asked.ranked_on}
    found: Ranking
    if asked.medium == "composite":
        found = rank_composite(store, span, place=asked.place, **named)
    elif asked.medium == "water":
        found = rank_water(store, span, improvement=True, naming=naming(asked.by), **named)
    else:
        more = {"edition": asked.edition, "preset": asked.weights, "naming": naming(asked.by)}
        found = rank_air(store, span, improvement=True, **named, **more)
    if not found.rows:
        raise InputError("publications.nothing_to_publish", value=asked.period)
    return found


def content(store: Store, asked: Asked, today: date, issuer: str = "") -> dict[str, Any]:
    """Return the snapshot of a bulletin: a document in each language, and its rows."""
    made: dict[str, Any] = {}
    for each in reversed(LANGUAGES):
        with using(each):
            found = take(store, asked)  # its reasons are in the reader's language
            made[each] = plain(bulletin(found, asked, today, issuer))
            rows = [_data(line) for line in lines(found)]
    data = {"ranking": asked.medium, "period": asked.period, "by": asked.by, "region": asked.region}
    told = {**data, "ranked_on": asked.ranked_on, "editions": list(editions(found)), "rows": rows}
    made["data"] = json.loads(json.dumps(told, ensure_ascii=False, default=str))
    return made


def _data(line: Line) -> dict[str, Any]:
    names = ("name", "rank", "value", "before", "change", "change_rank", "reasons")
    return {name: getattr(line, name) for name in names}


def lines(found: Ranking) -> list[Line]:
    """Return the regions of a ranking in order, those left out below."""
    return [_line(row, found) for row in found.rows] + [
        Line(name, None, None, None, None, None, (), text("rankings.no_valid_day"))
        for name in getattr(found, "silent", ())
    ]


def _line(row: Any, found: Ranking) -> Line:
    reasons = text("rankings.semicolon").join(getattr(row, "reasons", ()))
    if isinstance(found, WaterRanking):
        reasons = (
            "" if row.rank else text("rankings.other_items", number=len(row.items), all=len(found.items))
        )
        more: tuple[Any, ...] = (row.rivers, row.lakes)
        value = row.index
    elif isinstance(found, CompositeRanking):
        more, value = (row.air, row.water), row.value
    else:
        more, value = (text("rankings.comma").join(row.main) or None, row.days.valid_days), row.index
    return Line(row.name, row.rank, value, row.before, row.change, row.change_rank, more, reasons)


def bulletin(found: Ranking, asked: Asked, today: date, issuer: str = "") -> Document:
    """Return a bulletin in the reader's language."""
    rows = lines(found)
    ranked = [row for row in rows if row.rank is not None]
    words = found.span.words()
    area = asked.area or text("report.all_regions")
    title = text(f"rankings.bulletin_{asked.medium}", area=area, span=words)
    mark = text("rankings.mark_simulated") if found.simulated else ""
    blocks: list[Block] = [Paragraph(_summary(ranked, rows, words, area))]
    blocks += [Heading(1, text("rankings.bulletin_order")), _order(found, asked, ranked)]
    if ranked:
        blocks.append(_chart(asked, ranked, words))
    blocks += [Heading(1, text("rankings.bulletin_improvement")), *_improvement(asked, rows, words)]
    blocks += [Heading(1, text("rankings.bulletin_unranked")), *_unranked(asked, rows)]
    blocks += [Heading(1, text("rankings.bulletin_notes")), *map(Paragraph, _notes(found, asked))]
    told = text("report.date", year=today.year, month=today.month, day=today.day, month_name=f"{today:%B}")
    return Document(title, tuple(blocks), language(), mark, issuer, told)


def _summary(ranked: Sequence[Line], rows: Sequence[Line], words: str, area: str) -> str:
    told = text(
        "rankings.bulletin_summary", span=words, area=area, number=len(ranked), left=len(rows) - len(ranked)
    )
    if not ranked:
        return told
    last = max(row.rank or 0 for row in ranked)
    names = (_at(ranked, 1), _at(ranked, last))
    return told + text("rankings.bulletin_ends", first=names[0], last=names[1])


def _at(ranked: Sequence[Line], place: int) -> str:
    return text("rankings.comma").join(row.name for row in ranked if row.rank == place)


_MORE = {
    "air": (("main_pollutant", False), ("valid_days", True)),
    "water": (("rivers", True), ("lakes", True)),
    "composite": (("composite_index", True), ("cwqi", True)),
}


def _order(found: Ranking, asked: Asked, ranked: Sequence[Line]) -> Table:
    columns = (
        Column(text("rankings.rank"), numeric=True, width=0.7),
        Column(text(f"rankings.by_{asked.by}"), width=1.8),
        Column(text(f"rankings.value_{asked.medium}"), numeric=True),
        *(Column(text(f"rankings.{name}"), numeric=numeric) for name, numeric in _MORE[asked.medium]),
    )
    rows = [(row.rank, row.name, row.value, *row.more) for row in ranked]
    return Table(
        "order", text("rankings.order_caption", span=found.span.words()), columns, rows, _ties(ranked)
    )


def _ties(ranked: Sequence[Line]) -> str:
    """Name those that share a rank."""
    groups: dict[int, list[str]] = {}
    for row in ranked:
        groups.setdefault(row.rank or 0, []).append(row.name)
    comma = text("rankings.comma")
    told = [
        text("rankings.tie", rank=rank, names=comma.join(names))
        for rank, names in groups.items()
        if len(names) > 1
    ]
    return text("rankings.ties", listed=text("rankings.semicolon").join(told)) if told else ""


def _chart(asked: Asked, ranked: Sequence[Line], words: str) -> Chart:
    shown = ranked[:CHARTED]
    name = text(f"rankings.value_{asked.medium}")
    series = Series(name, [row.value for row in shown])
    caption = text("rankings.chart_caption", span=words, name=name)
    return Chart(
        "order_chart", caption, "bar", [row.name for row in shown], (series,), axis=name, labels=True
    )


def _improvement(asked: Asked, rows: Sequence[Line], words: str) -> list[Block]:
    columns = (
        Column(text("rankings.rank"), numeric=True, width=0.7),
        Column(text(f"rankings.by_{asked.by}"), width=1.8),
        Column(text("rankings.index_now"), numeric=True),
        Column(text("rankings.index_before"), numeric=True),
        Column(text("rankings.change"), "%", numeric=True),
    )
    found = sorted(
        (row for row in rows if row.change_rank is not None), key=lambda row: (row.change_rank, row.name)
    )
    lacking = [row.name for row in rows if row.rank is not None and row.change_rank is None]
    told = text("rankings.no_base", names=text("rankings.comma").join(lacking)) if lacking else ""
    if not found:
        return [Paragraph(text("rankings.nobody_improves") + told)]
    cells = [(row.change_rank, row.name, row.value, row.before, row.change) for row in found]
    caption = text("rankings.bulletin_improvement_caption", span=words)
    blocks: list[Block] = [Table("improvement", caption, columns, cells, text("rankings.negative_better"))]
    return [*blocks, Paragraph(told)] if told else blocks


def _unranked(asked: Asked, rows: Sequence[Line]) -> list[Block]:
    left = [row for row in rows if row.rank is None]
    if not left:
        return [Paragraph(text("rankings.all_ranked"))]
    columns = (
        Column(text(f"rankings.by_{asked.by}"), width=1.5),
        Column(text("rankings.value_of_it"), numeric=True),
        Column(text("rankings.reason"), width=3.5),
    )
    cells = [(row.name, row.value, row.reasons or None) for row in left]
    return [Table("unranked", text("rankings.unranked_caption"), columns, cells)]


def editions(found: Ranking) -> tuple[str, ...]:
    """Return the standards and rules by which a ranking was made."""
    if isinstance(found, CompositeRanking):
        book = found.weights.book
        own = f"{book.title.zh if language() == 'zh' else book.title.en} {book.version}"
        return (*editions(found.air), *editions(found.water), own)
    if isinstance(found, WaterRanking):
        return (found.edition.number, found.rules.edition.number)
    return (found.rules.ranking.number, found.rules.evaluation.number, found.rules.limits.number)


def _notes(found: Ranking, asked: Asked) -> list[str]:
    """Return the notes: rule of ties, rounding, method, editions, sources, and what is not confirmed."""
    told = [text("rankings.rule_of_ties"), text(f"rankings.rounding_{asked.ranked_on}")]
    told.append(text(f"rankings.method_{asked.medium}", **_method(found)))
    told.append(text("rankings.bulletin_editions", listed=text("rankings.comma").join(editions(found))))
    if changed := _edition_change(found):
        told.append(changed)
    told.append(text("rankings.bulletin_source"))
    return told + [text("rankings.bulletin_caution", words=one) for one in _cautions(found)]


def _method(found: Ranking) -> Mapping[str, Any]:
    if isinstance(found, CompositeRanking):
        shares = {f"{medium}_weight": f"{float(share):g}" for medium, share in found.weights.of.items()}
        return {**shares, "confidence": found.weights.book.provenance.confidence.text()}
    if isinstance(found, WaterRanking):
        return {"number": len(found.items), "all": len(found.all_items())}
    return {"weights": text(f"rankings.weights_{found.rules.preset}")}


def _edition_change(found: Ranking) -> str:
    """Say that a span lies across editions: each day by its own, the limits of the last day for all."""
    air = found.air if isinstance(found, CompositeRanking) else found
    if not isinstance(air, AirRanking):
        return ""
    start = air.rules.limits.interval.start
    inside = air.span.first < start <= air.span.last
    return (
        text("rankings.across_editions", day=start.isoformat(), limits=air.rules.limits.number)
        if inside
        else ""
    )


def _cautions(found: Ranking) -> tuple[str, ...]:
    if isinstance(found, CompositeRanking):
        return tuple(dict.fromkeys([*_cautions(found.air), *_cautions(found.water)]))
    return cautions(found.rules.tables() if isinstance(found, AirRanking) else found.tables())


def span_of(asked: Asked) -> Span:
    """Return the span of a bulletin."""
    return parse_span(asked.period)
