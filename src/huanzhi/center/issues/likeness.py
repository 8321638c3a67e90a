"""Likeness 相似度: how much two reports look like one problem, by place, time, category and text; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import cos, hypot, radians
from typing import Any

from huanzhi.center.issues.settings import settings

_DEGREE_M = 111_320.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What of a report is compared; `lon` and `lat` are degrees or None."""

    category: str
    text: str
    at: datetime
    place: str = ""
    enterprise: str = ""
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Alike:
    """A score from 0 to 1 and its parts; `metres` is the distance where it is known."""

    score: float
    parts: Mapping[str, float]
    metres: float | None


def shingles(text: str, size: int) -> frozenset[str]:
    """Return the overlapping pieces of a text, letters and digits only."""
    plain = "".join(sign for sign in text.casefold() if sign.isalnum())
    if len(plain) <= size:
        return frozenset([plain] if plain else [])
    return frozenset(plain[place : place + size] for place in range(len(plain) - size + 1))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of pieces that both texts have (Jaccard); 0 where either is empty."""
    return len(one & other) / len(one | other) if one and other else 0.0


def compare(one: Seen, other: Seen, table: Mapping[str, Any] | None = None) -> Alike:
    """Return how alike two reports are; the order does not matter."""
    known = table or settings()["likeness"]
    metres = distance(one, other)
    parts = {
        "place": _place(one, other, metres, known),
        "time": max(0.0, 1 - abs((one.at - other.at).total_seconds()) / (known["window_days"] * 86_400)),
        "category": _category(one.category, other.category),
        "text": overlap(shingles(one.text, known["shingle"]), shingles(other.text, known["shingle"])),
    }
    score = sum(known["weights"][name] * part for name, part in parts.items())
    return Alike(round(score, 4), {name: round(part, 3) for name, part in parts.items()}, metres)


def distance(one: Seen, other: Seen) -> float | None:
    """Return the distance [m] of two places on a small part of the globe; None where either is unknown."""
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return None
    east = (one.lon - other.lon) * cos(radians((one.lat + other.lat) / 2)) * _DEGREE_M
    return hypot(east, (one.lat - other.lat) * _DEGREE_M)


def _place(one: Seen, other: Seen, metres: float | None, known: Mapping[str, Any]) -> float:
    same = (one.place and one.place == other.place) or (one.enterprise and one.enterprise == other.enterprise)
    if same or (metres is not None and metres <= known["radius_m"]):
        return 1.0
    if metres is None:
        return 0.0
    return max(0.0, 1 - (metres - known["radius_m"]) / (known["far_m"] - known["radius_m"]))


def _category(one: str, other: str) -> float:
    if one == other:
        return 1.0
    media = [settings()["category"].get(each, {}).get("medium", "") for each in (one, other)]
    return 0.5 if media[0] and media[0] == media[1] else 0.0
