"""Composite ranking 环境质量综合排名: air and surface water together, and its improvement 改善幅度.

The index of each medium, as it is published, is taken relative to what it is where every item is at its
reference limit; the composite is their sum by the weights of the rulebook ``composite_ranking``. Equal
published composites share a rank and the next ranks are left out. Who lacks a medium in the period is listed
apart with the reason and never ranked by the other medium alone; who lacks it in the period before has no
rank by improvement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from huanzhi import rules
from huanzhi.assess.cwqi import rank
from huanzhi.assess.exact import MISSING, round_fraction
from huanzhi.library.rulebooks.holding import in_force
from huanzhi.library.series import Store
from huanzhi.messages import text
from huanzhi.programmes.air_cities import city_key
from huanzhi.programmes.rankings.air import FINE, AirRanking, RankedOn, number, rank_air
from huanzhi.programmes.rankings.places import naming
from huanzhi.programmes.rankings.water import WaterRanking, rank_water
from huanzhi.programmes.spans import Span
from huanzhi.rules import Rulebook

BOOK = "composite_ranking"
MEDIA = ("air", "water")
CHANGE_DECIMALS = 1
"""Decimals of the rate of change [%]. DEFAULT, NOT FROM THE DOCUMENTS."""

Level = Literal["city", "county", "township"]


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights [%] of the media, the decimals of the composite, and the rulebook that gives them."""

    of: Mapping[str, Fraction]
    decimals: int
    book: Rulebook


@dataclass(frozen=True, slots=True)
class CompositeRank:
    """One region.

    Attributes
    ----------
    rank : int or None
        None where a medium is missing; `reasons` say which.
    value, before, change : Decimal or None
        Composite now and in the same span last year, and the change [%].
    air, water : Decimal or None
        Indices that enter.
    relative : mapping
        Medium → relative index, exact.
    """

    name: str
    rank: int | None
    value: Decimal | None
    air: Decimal | None
    water: Decimal | None
    relative: Mapping[str, Fraction]
    reasons: tuple[str, ...]
    simulated: bool
    before: Decimal | None = None
    change: Decimal | None = None
    change_rank: int | None = None


@dataclass(frozen=True, slots=True)
class CompositeRanking:
    """A composite ranking with the two rankings beneath it."""

    span: Span
    by: str
    weights: Weights
    air: AirRanking
    water: WaterRanking
    rows: tuple[CompositeRank, ...]
    ranked_on: RankedOn = "published"

    @property
    def simulated(self) -> bool:
        """Whether any of the regions is simulated."""
        return any(row.simulated for row in self.rows)

    def by_improvement(self) -> tuple[CompositeRank, ...]:
        """Return those with a rank by improvement, the most improved first."""
        found = [row for row in self.rows if row.change_rank is not None]
        return tuple(sorted(found, key=lambda row: (row.change_rank or 0, row.name)))


def weights_of(day: date, place: str = "") -> Weights:
    """Return the weights in force on a day at a place."""
    book = in_force(BOOK, day, place)
    found = {medium: rules.evaluate(book, {"medium": medium}).outputs for medium in MEDIA}
    shares = {medium: Fraction(str(outputs["weight"])) for medium, outputs in found.items()}
    return Weights(shares, max(int(str(one["decimals"])) for one in found.values()), book)


def rank_composite(
    store: Store,
    span: Span,
    *,
    by: Level = "county",
    region: str | None = None,
    place: str = "",
    ranked_on: RankedOn = "published",
) -> CompositeRanking:
    """Rank regions by air and surface water together.

    Parameters
    ----------
    region : str, optional
        Beginning of the codes, or the name, of the regions that are ranked.
    place : str
        Whose weights are taken.

    Raises
    ------
    StandardError
        If a rule was not in force on the last day of the span.
    """
    weights, named = weights_of(span.last, place), naming(by)
    air = rank_air(store, span, by=by, region=region, naming=named, improvement=True)
    water = rank_water(store, span, by=by, region=region, naming=named, improvement=True)
    now = {row.name: row for row in _rows(air, water)}
    former = _former(air, water, weights)
    return CompositeRanking(
        span, by, weights, air, water, _ranked(now, former, weights, ranked_on), ranked_on
    )


def _full(air: AirRanking, water: WaterRanking) -> dict[str, Fraction]:
    """Return what each index is where every item is at its reference limit."""
    return {
        "air": Fraction(sum(term.weight for term in air.rules.terms)),
        "water": Fraction(len(water.items) or 1),
    }


def _rows(air: AirRanking, water: WaterRanking) -> list[CompositeRank]:
    full = _full(air, water)
    of_air, of_water = ({city_key(row.name): row for row in one.rows} for one in (air, water))
    spelt = {city_key(name): name for name in air.silent}
    spelt |= {city_key(row.name): row.name for row in (*water.rows, *air.rows)}
    rows = []
    for key, name in sorted(spelt.items()):
        a: Any = of_air.get(key)
        w: Any = of_water.get(key)
        found = {"air": a.index if a and a.rank else None, "water": w.index if w and w.rank else None}
        relative = {m: Fraction(value) / full[m] for m, value in found.items() if value is not None}
        reasons = tuple(
            _reason(medium, a if medium == "air" else w) for medium in MEDIA if found[medium] is None
        )
        simulated = bool((a and a.days.simulated) or (w and w.simulated))
        rows.append(
            CompositeRank(name, None, None, found["air"], found["water"], relative, reasons, simulated)
        )
    return rows


def _reason(medium: str, row: Any) -> str:
    """Say why a medium of a region is missing."""
    if row is None:
        return text(f"rankings.without_{medium}")
    told = text("rankings.semicolon").join(getattr(row, "reasons", ()))
    return text(f"rankings.unranked_{medium}") + (text("rankings.because", reasons=told) if told else "")


def _former(air: AirRanking, water: WaterRanking, weights: Weights) -> dict[str, Fraction]:
    """Return the composites of last year, where both media have one that compares."""
    full = _full(air, water)
    of_air = {city_key(row.name): row.before for row in air.rows if row.before is not None}
    of_water = {city_key(row.name): row.before for row in water.rows if row.change is not None}
    return {
        key: _joined(
            {"air": Fraction(of_air[key]) / full["air"], "water": Fraction(before) / full["water"]}, weights
        )
        for key, before in of_water.items()
        if key in of_air and before is not None
    }


def _joined(relative: Mapping[str, Fraction], weights: Weights) -> Fraction:
    total = sum(weights.of.values(), Fraction(0))
    return sum((weights.of[medium] * relative[medium] for medium in MEDIA), Fraction(0)) / total


def _ranked(
    now: Mapping[str, CompositeRank], former: Mapping[str, Fraction], weights: Weights, ranked_on: RankedOn
) -> tuple[CompositeRank, ...]:
    rows = list(now.values())
    values = [_joined(row.relative, weights) if len(row.relative) == len(MEDIA) else None for row in rows]
    bases = [former.get(city_key(row.name)) for row in rows]
    rates = [(v - b) / b * 100 if v is not None and b else None for v, b in zip(values, bases, strict=True)]
    fine = ranked_on == "exact"
    ranks = rank([_units(value, FINE if fine else weights.decimals) for value in values])
    changes = rank([_units(rate, FINE if fine else CHANGE_DECIMALS) for rate in rates])
    made = [
        CompositeRank(
            row.name,
            int(ranks[n]) or None,
            number(_units(values[n], weights.decimals), weights.decimals),
            row.air,
            row.water,
            row.relative,
            row.reasons,
            row.simulated,
            number(_units(bases[n], weights.decimals), weights.decimals),
            number(_units(rates[n], CHANGE_DECIMALS), CHANGE_DECIMALS),
            int(changes[n]) or None,
        )
        for n, row in enumerate(rows)
    ]
    return tuple(sorted(made, key=lambda row: (row.rank is None, row.rank or 0, row.name)))


def _units(value: Fraction | None, decimals: int) -> int:
    return MISSING if value is None else round_fraction(value, decimals)
