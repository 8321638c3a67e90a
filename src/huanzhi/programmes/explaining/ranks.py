"""Ranks explained: how a composite index or a CWQI came about, term by term."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol, TypeVar

from huanzhi.assess.cwqi import BodyIndex
from huanzhi.assess.exact import round_fraction
from huanzhi.assess.explanation import Explanation, Step
from huanzhi.errors import InputError
from huanzhi.messages import text
from huanzhi.programmes.rankings import AirRanking, WaterRanking
from huanzhi.programmes.rankings.air import AirRank
from huanzhi.programmes.water_sections import water_item
from huanzhi.standards.air import ITEMS

if TYPE_CHECKING:  # it needs the business database, which explaining does not
    from huanzhi.programmes.rankings.composite import CompositeRanking


class Named(Protocol):
    """Anything with a name."""

    @property
    def name(self) -> str:
        """Name as it is written."""
        ...


Row = TypeVar("Row", bound=Named)


def explain_air_rank(ranking: AirRanking, city: str) -> Explanation:
    """Explain the composite index and rank of one city of a ranking.

    Raises
    ------
    InputError
        If the city is not in the ranking.
    """
    row = _named(ranking.rows, city)
    rules = ranking.rules
    steps = [_source_step(row, ranking), *_term_steps(row, ranking)]
    if row.index is None:
        steps += [Step("explain.not_ranked", {"name": row.name, "reasons": reason}) for reason in row.reasons]
    else:
        terms = " + ".join(str(row.items[item].index) for item in ITEMS)
        steps.append(Step("explain.air_sum", {"terms": terms, "index": row.index}, rules.ranking.number))
        values = {"rank": row.rank, "number": len(ranking.ranked()), "name": row.name}
        steps.append(Step("explain.rank", values, rules.ranking.number))
    if row.change is not None:
        change = {"now": row.index, "before": row.before, "change": row.change, "rank": row.change_rank}
        steps.append(Step("explain.improvement", change, rules.ranking.number))
    return Explanation(
        inputs={str(item): _with_unit(one.value, item.parameter.unit) for item, one in row.items.items()},
        editions=(rules.evaluation, rules.limits, rules.ranking),
        steps=tuple(steps),
        result={"city": row.name, "index": row.index, "rank": row.rank, "main": [str(i) for i in row.main]},
        tables=rules.tables(),
    )


def explain_composite_rank(ranking: CompositeRanking, name: str) -> Explanation:
    """Explain the composite value and rank of one region.

    Raises
    ------
    InputError
        If the region is not in the ranking.
    """
    row, weights = _named(ranking.rows, name), ranking.weights
    indices = {"air": row.air, "water": row.water}
    book = f"{weights.book.id} {weights.book.version}"
    steps = [
        Step(
            f"rankings.explain_{medium}",
            {
                "index": indices[medium],
                "relative": Decimal(round_fraction(share, 4)).scaleb(-4),
                "weight": f"{float(weights.of[medium]):g}",
            },
            book,
        )
        for medium, share in row.relative.items()
    ]
    steps += [Step("explain.not_ranked", {"name": row.name, "reasons": one}) for one in row.reasons]
    if row.rank is not None:
        number = sum(one.rank is not None for one in ranking.rows)
        steps.append(Step("rankings.explain_composite", {"value": row.value}, book))
        steps.append(Step("explain.rank", {"rank": row.rank, "number": number, "name": row.name}, book))
    return Explanation(
        inputs={medium: str(index) for medium, index in indices.items() if index is not None},
        editions=(ranking.air.rules.ranking, ranking.water.edition),
        steps=tuple(steps),
        result={"region": row.name, "value": row.value, "rank": row.rank},
        tables=(*ranking.air.rules.tables(), *ranking.water.tables()),
    )


def _with_unit(value: Decimal | None, unit: str) -> str | None:
    return None if value is None else f"{value} {unit}"


def _source_step(row: AirRank, ranking: AirRanking) -> Step:
    values = {"points": row.days.points, "days": row.days.valid_days, "span": ranking.span.words()}
    number = ranking.rules.evaluation.number
    return Step(f"explain.days_from_{row.days.source}", values, number)


def _term_steps(row: AirRank, ranking: AirRanking) -> list[Step]:
    steps = []
    for item, term in zip(ITEMS, ranking.rules.terms, strict=True):
        figure = row.items[item]
        if figure.value is None:
            continue
        name = text("rankings.percentile", item=item, percent=term.percentile) if term.percentile else item
        weight = text("explain.weight", weight=term.weight) if term.weight != 1 else ""
        values = {
            "name": name,
            "value": figure.value,
            "limit": Decimal(term.limit.numerator) / Decimal(term.limit.denominator),
            "index": figure.index,
            "days": figure.days,
            "weight": weight,
        }
        steps.append(Step("explain.air_term", values, ranking.rules.limits.number))
    return steps


def explain_water_rank(ranking: WaterRanking, name: str) -> Explanation:
    """Explain the CWQI and rank of one city (province, basin, section) of a ranking.

    Raises
    ------
    InputError
        If it is not in the ranking.
    """
    row = _named(ranking.rows, name)
    bodies = (("river", row.result.river), ("lake", row.result.lake))
    steps = [step for kind, body in bodies if body is not None for step in _body_steps(kind, body, ranking)]
    values = {"rivers": row.rivers, "lakes": row.lakes, "index": row.index}
    steps.append(Step("explain.cwqi", values, ranking.edition.number))
    if row.rank is None:
        steps.append(Step("explain.cwqi_not_ranked", {"items": len(row.items), "wanted": len(ranking.items)}))
    else:
        ranked = sum(one.rank is not None for one in ranking.rows)
        place = {"rank": row.rank, "number": ranked, "name": row.name}
        steps.append(Step("explain.rank", place, ranking.edition.number))
    return Explanation(
        inputs={"sections": row.rivers + row.lakes, "items": len(row.items)},
        editions=(ranking.edition, ranking.rules.edition),
        steps=tuple(steps),
        result={"name": row.name, "cwqi": row.index, "rank": row.rank},
        tables=ranking.tables(),
    )


def _body_steps(kind: str, body: BodyIndex, ranking: WaterRanking) -> list[Step]:
    decimals = int(ranking.edition.table("rule").row("decimals")["value"])
    listed = text("rankings.comma").join(
        f"{water_item(item)} {_shown(value, decimals)}" for item, value in body.items.items()
    )
    values = {"sections": body.sections, "items": listed, "sum": _shown(body.value, decimals)}
    return [Step(f"explain.cwqi_{kind}", values, ranking.edition.number)]


def _shown(value: Fraction, decimals: int) -> Decimal:
    return Decimal(round_fraction(value, decimals)).scaleb(-decimals)


def _named(rows: Sequence[Row], name: str) -> Row:
    found = [row for row in rows if name in (row.name, row.name.removesuffix("市"))]
    if not found:
        known = text("rankings.comma").join(row.name for row in rows)
        raise InputError("explain.not_in_ranking", value=name, known=known)
    return found[0]
