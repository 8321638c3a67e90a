"""Checking 复核: whether a paper is whole and its result follows, and where the first difference is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from huanzhi.errors import InputError
from huanzhi.rules.draws.drawing import draw
from huanzhi.rules.draws.paper import (
    FORMAT,
    canonical,
    key_of,
    ordered,
    plain_value,
    seed_digest,
    sm3,
)
from huanzhi.rules.draws.pools import checked, mask_of

MISSING = "—"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking found.

    Attributes
    ----------
    state : str
        ``committed`` (whole, not drawn yet), ``drawn`` (whole, the result follows) or ``broken``.
    fault, where, expected, found : str
        Message key, place and values of the first difference; empty where there is none.
    """

    state: str
    number: str = ""
    commitment: str = ""
    objects: int = 0
    inspectors: int = 0
    drawn: int = 0
    names: int = 0
    fault: str = ""
    where: str = ""
    expected: str = ""
    found: str = ""

    @property
    def whole(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.fault


class _BrokenError(Exception):
    """The first thing that is wrong."""

    def __init__(self, fault: str, where: str, expected: object = "", found: object = "") -> None:
        super().__init__(fault)
        self.told = {"fault": fault, "where": where, "expected": str(expected), "found": str(found)}


def verify(paper: Any, *, commitment: str = "", beacon: str = "") -> Verdict:
    """Check a paper and run its draw again.

    Parameters
    ----------
    paper : object
        The document as JSON gave it.
    commitment, beacon : str
        What was published elsewhere, SM3 of the commitment and public value, to hold the paper against: a
        paper that somebody made up anew is whole in itself.
    """
    told: dict[str, Any] = {}
    try:
        _head(paper, commitment, told)
        if "reveal" not in paper:
            return Verdict("committed", **told)
        _revealed(paper, beacon)
        _result(paper, told)
        _openings(paper, told)
    except _BrokenError as broken:
        return Verdict("broken", **{**told, **broken.told})
    except InputError as error:
        place = error.place["column"] or ""
        fault = {"fault": error.key, "where": str(place), "expected": error.expected or ""}
        return Verdict("broken", **{**told, **fault})
    return Verdict("drawn", **told)


def _head(paper: Any, commitment: str, told: dict[str, Any]) -> None:
    if not isinstance(paper, Mapping) or paper.get("format") != FORMAT:
        found = paper.get("format") if isinstance(paper, Mapping) else MISSING
        raise _BrokenError("draws.format", "format", FORMAT, found)
    terms = paper.get("terms")
    if not isinstance(terms, Mapping):
        raise _BrokenError("draws.missing", "terms")
    held = checked(terms)
    told |= {"number": held["number"], "commitment": str(paper.get("commitment", ""))}
    told |= {"objects": len(held["objects"]), "inspectors": len(held["inspectors"])}
    words = canonical(ordered(held))
    _same("draws.terms", "commitment", sm3(words), paper.get("commitment"))
    digest = hashlib.sha256(words.encode()).hexdigest()
    _same("draws.terms", "commitment_sha256", digest, paper.get("commitment_sha256"))
    if commitment:
        _same("draws.other", "commitment", commitment.strip().lower(), paper["commitment"])


def _revealed(paper: Mapping[str, Any], beacon: str) -> None:
    told, terms = paper["reveal"], paper["terms"]
    if not isinstance(told, Mapping) or not all(
        isinstance(told.get(n), str) for n in ("at", "seed", "beacon")
    ):
        raise _BrokenError("draws.missing", "reveal")
    _same("draws.seed", "reveal.seed", terms["seed_digest"], seed_digest(told["seed"]))
    if plain_value(told["beacon"]) != told["beacon"] or not told["beacon"]:
        raise _BrokenError("draws.no_beacon", "reveal.beacon", plain_value(told["beacon"]), told["beacon"])
    if beacon:
        _same("draws.other_beacon", "reveal.beacon", plain_value(beacon), told["beacon"])
    try:
        at = datetime.fromisoformat(told["at"])
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise _BrokenError("draws.time", "reveal.at", found=told["at"])
    if at < datetime.fromisoformat(terms["beacon"]["due"]):
        raise _BrokenError("draws.early", "reveal.at", f">= {terms['beacon']['due']}", told["at"])


def _result(paper: Mapping[str, Any], told: dict[str, Any]) -> None:
    key = key_of(paper["commitment"], paper["reveal"]["seed"], paper["reveal"]["beacon"])
    _same("draws.key", "reveal.key", key, paper["reveal"].get("key"))
    wanted = draw(paper["terms"], key)
    difference = first_difference(wanted, paper.get("result", MISSING), "result")
    if difference:
        raise _BrokenError("draws.result", *difference)
    told["drawn"] = len(wanted["objects"])


def _openings(paper: Mapping[str, Any], told: dict[str, Any]) -> None:
    known = {one["id"] for name in ("objects", "inspectors") for one in paper["terms"][name]}
    openings = paper.get("openings", [])
    for number, one in enumerate(openings):
        where = f"openings[{number}]"
        parts = ("id", "sort", "code", "name", "salt")
        if not isinstance(one, Mapping) or not all(isinstance(one.get(part), str) for part in parts):
            raise _BrokenError("draws.missing", where)
        _same("draws.opening", f"{where}.id", mask_of(one), one["id"])
        if one["id"] not in known:
            raise _BrokenError("draws.unknown", f"{where}.id", found=one["id"])
    told["names"] = len(openings)


def _same(fault: str, where: str, expected: object, found: object) -> None:
    if expected != found:
        raise _BrokenError(fault, where, expected, found)


def first_difference(expected: Any, found: Any, where: str) -> tuple[str, str, str] | None:
    """Return place, expected and found value of the first difference of two JSON values; None where equal."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in sorted({*expected, *found}):
            inner = expected.get(name, MISSING), found.get(name, MISSING)
            if difference := first_difference(*inner, f"{where}.{name}"):
                return difference
        return None
    if isinstance(expected, list) and isinstance(found, list):
        for number, inner in enumerate(zip_longest(expected, found, fillvalue=MISSING)):
            if difference := first_difference(*inner, f"{where}[{number}]"):
                return difference
        return None
    same = type(expected) is type(found) and expected == found
    return None if same else (where, canonical(expected), canonical(found))
