"""The paper of a draw 抽取文书: commitment, reveal, result and names opened later, in one JSON document."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from huanzhi.errors import InputError
from huanzhi.rules.draws.drawing import draw
from huanzhi.rules.draws.pools import checked

FORMAT = "huanzhi-draw/1"
SEED = re.compile(r"[0-9a-f]{64}")
Paper = dict[str, Any]

_ORDER = {
    "strata": ("id",),
    "objects": ("id",),
    "inspectors": ("id",),
    "conflicts": ("inspector", "object", "sort"),
}


def canonical(value: object) -> str:
    """Return JSON with sorted keys, no spaces, and letters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sm3(words: str) -> str:
    """Return the SM3 digest (GB/T 32905) of a text in UTF-8, in hexadecimal."""
    return hashlib.new("sm3", words.encode()).hexdigest()


def ordered(terms: Mapping[str, Any]) -> dict[str, Any]:
    """Return the terms with every list in the order of its keys, so that their order says nothing."""
    made = dict(terms)
    for name, keys in _ORDER.items():
        made[name] = sorted(terms[name], key=lambda row, keys=keys: tuple(str(row[key]) for key in keys))  # type: ignore[misc]
    for name in ("objects", "inspectors"):
        made[name] = [_sorted_lists(row) for row in made[name]]
    return made


def _sorted_lists(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: sorted(value) if isinstance(value, list) else value for name, value in row.items()}


def seed_digest(seed: str) -> str:
    """Return what a commitment says of the secret seed."""
    return sm3(f"seed|{seed}")


def commitment_of(terms: Mapping[str, Any]) -> str:
    """Return the commitment: SM3 of the canonical JSON of the terms."""
    return sm3(canonical(ordered(terms)))


def commit(terms: Mapping[str, Any], seed: str) -> Paper:
    """Return the paper that is published before the draw.

    Parameters
    ----------
    terms : mapping
        ``number``, ``title``, ``made``, ``previous``, ``beacon`` (``source``, ``due``), ``rules``,
        ``strata``, ``objects``, ``inspectors``, ``conflicts``; any further key is bound as well.
    seed : str
        Secret of 64 hexadecimal digits; only its digest goes into the paper.

    Raises
    ------
    InputError
        ``draws.*`` if pools and counts do not fit, or the public value is not of a later moment.
    """
    if not SEED.fullmatch(seed):
        raise InputError("draws.seed", expected="64 x [0-9a-f]")
    held = checked({**terms, "seed_digest": seed_digest(seed)})
    held = ordered(held)
    words = canonical(held)
    return {
        "format": FORMAT,
        "terms": held,
        "commitment": sm3(words),
        "commitment_sha256": hashlib.sha256(words.encode()).hexdigest(),
    }


def committed(paper: Mapping[str, Any]) -> Paper:
    """Return what of a paper was published before the draw."""
    return {name: paper[name] for name in ("format", "terms", "commitment", "commitment_sha256")}


def plain_value(beacon: str) -> str:
    """Return a public value as it is hashed: NFKC, one space between its parts."""
    return " ".join(unicodedata.normalize("NFKC", beacon).split())


def key_of(commitment: str, seed: str, beacon: str) -> str:
    """Return the key of a draw, from commitment, secret seed and public value."""
    words = "|".join((FORMAT, commitment, seed, plain_value(beacon)))
    return hashlib.sha256(words.encode()).hexdigest()


def reveal(paper: Mapping[str, Any], seed: str, beacon: str, at: str) -> Paper:
    """Return the paper with the reveal and the result of the draw.

    Parameters
    ----------
    beacon : str
        The public value, as it was published.
    at : str
        Moment of the reveal, ISO 8601 with its offset.

    Raises
    ------
    InputError
        ``draws.seed`` if the seed is not the one committed to; ``draws.early`` before the public value
        is due.
    """
    terms = paper["terms"]
    if seed_digest(seed) != terms["seed_digest"]:
        raise InputError("draws.seed")
    value = plain_value(beacon)
    if not value:
        raise InputError("draws.no_beacon", expected=str(terms["beacon"]["source"]))
    if datetime.fromisoformat(at) < datetime.fromisoformat(terms["beacon"]["due"]):
        raise InputError("draws.early", value=at, expected=str(terms["beacon"]["due"]))
    key = key_of(paper["commitment"], seed, value)
    told = {"at": at, "seed": seed, "beacon": value, "key": key}
    return {**committed(paper), "reveal": told, "result": draw(terms, key)}


def opened(paper: Mapping[str, Any], openings: Iterable[Mapping[str, str]]) -> Paper:
    """Return the paper with names opened: each ``id``, ``code``, ``name`` and ``salt``."""
    known = {one["id"]: dict(one) for one in paper.get("openings", [])} | {
        one["id"]: dict(one) for one in openings
    }
    return {**paper, "openings": [known[name] for name in sorted(known)]}
