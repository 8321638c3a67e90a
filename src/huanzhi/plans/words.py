"""The words of policy documents, read once from ``data/words.toml``, and patterns made of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from huanzhi.plans.folding import BLOT, hide

OPEN, CLOSE = hide("("), hide(")")


@cache
def words() -> dict[str, Any]:
    """Return the tables of ``data/words.toml``."""
    file = resources.files("huanzhi.plans") / "data" / "words.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def one_of(listed: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(set(listed), key=len, reverse=True)) + ")"


@cache
def group(area: str, name: str) -> str:
    """Return a pattern for any word of one list of the file."""
    return one_of(words()[area][name])


@cache
def unit() -> str:
    """Return the pattern of a unit, e.g. ``万吨/日``, ``条(个)``."""
    units = words()["units"]
    per = f"(?:/{one_of(units['per'])}(?:[·•]{one_of(units['per'])})?)?"
    multiplier = f"{one_of(units['multipliers'])}?"
    return f"(?:{multiplier}{one_of(units['bases'])}{per}(?:{OPEN}{BLOT}{{1,2}}{CLOSE})?)"


NUMBER = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
"""A number as documents write it."""
