"""River or lake 河流、湖库: which limits a section takes, and how that was decided.

The evidence is asked in this order, and the first that speaks decides: the kind that was given; a known
lake station; chlorophyll a or algae, which as a rule only lake stations measure; a known lake or reservoir,
or a style of names; else a river.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from huanzhi.standards.water_bodies import WaterBodies, plain_name

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of one section.

    Attributes
    ----------
    lake : bool
        Whether lake and reservoir limits apply.
    how : str
        ``given``, ``station``, ``measured``, ``body``, ``pattern`` or ``default``.
    word : str
        What spoke: the given word, the name, or the part of the name.
    doubtful : bool
        Whether the evidence is thin.
    """

    lake: bool
    how: str
    word: str = ""
    doubtful: bool = False


def decide(
    names: Sequence[str],
    tables: WaterBodies,
    *,
    given: Sequence[str] | None = None,
    measured: npt.ArrayLike | None = None,
    provinces: Sequence[str] | None = None,
) -> list[Kind]:
    """Decide the kind of each section.

    Parameters
    ----------
    names : sequence of str, shape (n,)
        Names of the sections.
    given : sequence of str, shape (n,), optional
        Kinds as given; an empty one leaves the decision to the name. See `is_known_word`.
    measured : array_like of bool, shape (n,), optional
        Whether chlorophyll a or algal density was measured there.
    provinces : sequence of str, shape (n,), optional
        Provinces, which tell stations of the same name apart.

    Returns
    -------
    list of Kind, length n
    """
    number = len(names)
    words = given or [""] * number
    probes = np.zeros(number, np.bool_) if measured is None else np.asarray(measured, np.bool_)
    places = provinces or [""] * number
    return [_decide(*row, tables) for row in zip(names, words, probes.tolist(), places, strict=True)]


def is_known_word(word: str, tables: WaterBodies) -> bool:
    """Say whether a given kind is empty or one of the words for river and lake."""
    return not word.strip() or plain_name(word) in tables.words


def _decide(name: str, word: str, probe: bool, province: str, tables: WaterBodies) -> Kind:
    if plain_name(word) in tables.words:
        return Kind(tables.words[plain_name(word)], "given", word)
    plain = plain_name(name)
    if _is_station(plain, province, tables):
        return Kind(True, "station", name)
    if probe:
        return Kind(True, "measured", name)
    return _by_name(plain, tables)


def _is_station(name: str, province: str, tables: WaterBodies) -> bool:
    station = tables.stations.get(name)
    if station is None or not province:
        return station is not None and not station.common
    return any(province.startswith(known) for known in station.provinces)


def _by_name(name: str, tables: WaterBodies) -> Kind:
    for pattern in tables.patterns:
        body = None if pattern.lake else tables.bodies.search(name)
        found = pattern.expression.search(name)
        if found and body and pattern.doubtful:
            return Kind(True, "body", body[0])
        if found:
            return Kind(pattern.lake, "pattern", found[0], pattern.doubtful)
    body = tables.bodies.search(name)
    return Kind(True, "body", body[0]) if body else Kind(tables.default_lake, "default")
