"""Wind rose 污染风玫瑰: how high a concentration is on average by the direction that the wind blows from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from huanzhi.assess import exact
from huanzhi.assess.exact import MISSING, Ints
from huanzhi.library.series import Feature, Store
from huanzhi.network.quality.places import distance_km
from huanzhi.programmes.place.curve import shown
from huanzhi.programmes.place.subject import Subject
from huanzhi.standards.parameters import all_parameters, find
from huanzhi.standards.periods import Period

SECTORS = 16
CALM = Decimal("0.3")
"""Wind speed below which it is calm 静风 [m/s]. DEFAULT, NOT FROM THE DOCUMENTS."""

REACH = 50.0
"""How far the wind of another station is taken from [km]. DEFAULT, NOT FROM THE DOCUMENTS."""


@dataclass(frozen=True, slots=True)
class Rose:
    """Concentration by wind sector.

    Attributes
    ----------
    station : str
        Whose wind it is; empty where none was found.
    distance : float
        How far away that station is [km].
    counts : tuple of int, length 16
        Hours with wind from N, NNE, …; a concentration must be there as well.
    means : tuple of str or None, length 16
    calm_count, calm_mean : int, str or None
        Hours of calm.
    """

    station: str
    name: str
    distance: float
    counts: tuple[int, ...] = ()
    means: tuple[str | None, ...] = ()
    calm_count: int = 0
    calm_mean: str | None = None


def wind_rose(store: Store, subject: Subject, parameter: str, span: tuple[int, int]) -> Rose:
    """Return the rose of hours in a span, with the wind of this station or of the nearest that has it."""
    speed, direction = _code("WS"), _code("WD")
    for feature, away in _near(store, subject.feature):
        wind = store.window([feature.code], [speed, direction], Period.HOUR, *span)
        if not (wind.units[0] != MISSING).all(axis=0).any():
            continue
        values = store.window([subject.code], [parameter], Period.HOUR, *span)
        sectors = _sectors(wind.units[0], wind.decimals)
        return _rose(feature, away, values.units[0, 0], values.decimals[0], sectors, parameter)
    return Rose("", "", 0.0)


def _code(symbol: str) -> str:
    known = find(symbol, "air")
    assert known is not None
    return known.code


def _near(store: Store, centre: Feature) -> Sequence[tuple[Feature, float]]:
    """Return the place itself and the air stations within reach, the nearest first."""
    if centre.lon is None or centre.lat is None:
        return [(centre, 0.0)]
    away = [
        (one, distance_km(centre.lon, centre.lat, one.lon, one.lat))
        for one in store.features("air_station")
        if one.code != centre.code and one.lon is not None and one.lat is not None
    ]
    near = sorted((pair for pair in away if pair[1] <= REACH), key=lambda pair: pair[1])
    return [(centre, 0.0), *near[:5]]


def _sectors(wind: Ints, decimals: Sequence[int]) -> Ints:
    """Return the sector of each hour, `SECTORS` for calm, -1 where the wind is not known."""
    speed, direction = wind[0], wind[1]
    full = 360 * 10 ** decimals[1]
    turned = np.where(direction == MISSING, 0, direction) * 2 * SECTORS + full
    found = turned % (2 * SECTORS * full) // (2 * full)
    calm = speed < int(CALM * 10 ** decimals[0]) if decimals[0] else speed == 0
    found = np.where(calm, SECTORS, found)
    known = (speed != MISSING) & ((direction != MISSING) | calm)
    return np.where(known, found, -1)


def _rose(feature: Feature, away: float, units: Ints, decimals: int, sectors: Ints, parameter: str) -> Rose:
    known = all_parameters().get(parameter)
    wanted = max(decimals, known.decimals if known else decimals)
    parts = [np.where(sectors == number, units, MISSING) for number in range(SECTORS + 1)]
    counts = [int(exact.count(part)) for part in parts]
    means = [shown(int(exact.mean(part, decimals, wanted)), wanted) for part in parts]
    return Rose(
        feature.code,
        feature.name,
        round(away, 1),
        tuple(counts[:SECTORS]),
        tuple(means[:SECTORS]),
        counts[SECTORS],
        means[SECTORS],
    )
