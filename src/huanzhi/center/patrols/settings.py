"""Words, thresholds and check lists of patrols, from ``data/*.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from huanzhi.assess.tracks import Limits
from huanzhi.errors import InputError


@cache
def settings() -> Mapping[str, Any]:
    """Return the tables of words and thresholds by name."""
    return _read("patrols.toml")


@cache
def checklists() -> Mapping[str, Any]:
    """Return the check lists by code."""
    return _read("checklists.toml")


def _read(name: str) -> Mapping[str, Any]:
    file = resources.files("huanzhi.center.patrols") / "data" / name
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))


def checked(table: str, name: str, column: str) -> str:
    """Return a word if its table holds it.

    Raises
    ------
    InputError
        ``patrols.choice`` otherwise.
    """
    words = settings()[table]
    if name not in words:
        raise InputError("patrols.choice", column=column, value=name, expected=", ".join(words))
    return name


def track_limits() -> Limits:
    """Return what of a track is believed."""
    table = settings()["track"]
    return Limits(table["accuracy_m"], table["speed_ms"], table["still_m"])


def schema_of(checklist: str) -> dict[str, Any]:
    """Return a check list as JSON Schema, for the phone; each item is answered yes, no or unseen."""
    table = checklists()[checklist]
    answers = {
        "no": {"zh": "未发现", "en": "not found"},
        "yes": {"zh": "有问题", "en": "found"},
        "unseen": {"zh": "未查看", "en": "not looked at"},
    }
    fields = {
        item["code"]: {
            "type": "string",
            "enum": list(answers),
            "x-zh": item["zh"],
            "x-en": item["en"],
            "x-choices": answers,
            "x-category": item["category"],
        }
        for item in table["item"]
    }
    return {"type": "object", "properties": fields, "required": list(fields)}
