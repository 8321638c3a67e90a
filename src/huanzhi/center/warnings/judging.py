"""Judging 研判: a rulebook asked, and its answer kept with the warning as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from huanzhi.library.rulebooks.holding import in_force
from huanzhi.rules import evaluate
from huanzhi.rules.model import Result, Rulebook


def ask(identity: str, day: date, place: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Ask the rulebook in force and return what it said, to be kept.

    Inputs that this version does not know are left out: editions with other inputs can be asked alike.

    Returns
    -------
    dict
        ``rulebook``, ``version``, ``digest``, ``place``, ``row`` (None where none hit), ``confidence``,
        ``basis``, ``inputs``, ``outputs``.

    Raises
    ------
    StandardError
        If no version is in force that day there.
    """
    book = in_force(identity, day, place)
    known = {field.name for field in book.inputs}
    found = evaluate(book, {name: value for name, value in inputs.items() if name in known})
    return told(book, found)


def told(book: Rulebook, found: Result) -> dict[str, Any]:
    """Return what a rulebook said as plain values."""
    hit = found.hits[0] if found.hits else None
    confidence = hit.confidence if hit is not None else book.provenance.confidence
    return {
        "rulebook": book.id,
        "version": book.version,
        "digest": found.digest,
        "place": found.place,
        "row": hit.number if hit is not None else None,
        "confidence": confidence.value,
        "basis": {"zh": book.basis.zh, "en": book.basis.en},
        "inputs": {name: plain(value) for name, value in found.inputs.items()},
        "outputs": {name: plain(value) for name, value in found.outputs.items()},
    }


def plain(value: Any) -> Any:
    """Return a value as JSON holds it: decimals as text, so that no digit is lost."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else f"{value:f}"
    return value
