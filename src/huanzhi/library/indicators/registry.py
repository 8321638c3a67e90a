"""The registry of indicators 指标库: shipped definitions, and those that a city adds."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from huanzhi.errors import InputError
from huanzhi.messages import language
from huanzhi.standards.model import Confidence, Words

EDITION = "edition"
"""Decimals that an edition sets."""

REPORTED = "reported"
"""Formula of what is given by hand."""


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator.

    Attributes
    ----------
    decimals : int or None
        At which it is reported and judged; None where the edition in force says.
    direction : {"up", "down", "none"}
        Which way is better.
    formula : mapping
        ``name`` of the formula and what it takes.
    own : bool
        Whether the city added it.
    """

    code: str
    theme: str
    name: Words
    aliases: tuple[str, ...]
    definition: Words
    basis: str
    confidence: Confidence
    unit: str
    direction: str
    decimals: int | None
    cycle: tuple[str, ...]
    owner: str
    formula: Mapping[str, Any]
    own: bool = False

    @property
    def reported(self) -> bool:
        """Whether it is given by hand."""
        return bool(self.formula["name"] == REPORTED)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "code": self.code,
            "theme": self.theme,
            "theme_name": theme_name(self.theme),
            "name": self.name.text(),
            "zh": self.name.zh,
            "en": self.name.en,
            "aliases": list(self.aliases),
            "definition": self.definition.text(),
            "basis": self.basis,
            "confidence": self.confidence.value,
            "confidence_name": self.confidence.text(),
            "unit": self.unit,
            "direction": self.direction,
            "decimals": self.decimals,
            "cycle": list(self.cycle),
            "owner": self.owner,
            "formula": dict(self.formula),
            "reported": self.reported,
            "own": self.own,
        }


@cache
def _file() -> Mapping[str, Any]:
    file = resources.files("huanzhi.library.indicators") / "data" / "registry.toml"
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))


def themes() -> Mapping[str, Mapping[str, str]]:
    """Return the themes by code."""
    found: Mapping[str, Mapping[str, str]] = _file()["themes"]
    return found


def theme_name(code: str) -> str:
    """Return a theme in the reader's language; the code itself where it has no words."""
    row = themes().get(code)
    return row[language()] if row else code


def dropped_prefixes() -> tuple[str, ...]:
    """Return words before a name that do not count in comparing names."""
    return tuple(_file()["prefixes"]["drop"])


@cache
def shipped() -> Mapping[str, Definition]:
    """Return the shipped indicators by code."""
    found = {row["code"]: _definition(row) for row in _file()["indicator"]}
    if len(found) != len(_file()["indicator"]):
        raise InputError("indicators.code_twice")
    return MappingProxyType(found)


def _definition(row: Mapping[str, Any]) -> Definition:
    told = row["decimals"]
    return Definition(
        row["code"],
        row["theme"],
        Words(row["zh"], row["en"]),
        tuple(row["aliases"]),
        Words(row["definition"]["zh"], row["definition"]["en"]),
        row["basis"],
        Confidence(row["confidence"]),
        row["unit"],
        row["direction"],
        None if told == EDITION else int(told),
        tuple(row["cycle"]),
        row["owner"],
        MappingProxyType(row["formula"]),
    )


def definitions() -> dict[str, Definition]:
    """Return every indicator by code: the shipped ones, then those of the city, which go before."""
    from huanzhi.library.indicators.models import Indicator

    own = {row.code: row.as_definition() for row in Indicator.objects.order_by("code")}
    return {**shipped(), **own}


def definition(code: str) -> Definition:
    """Return an indicator.

    Raises
    ------
    InputError
        ``indicators.none`` if there is none of that code.
    """
    from huanzhi.library.indicators.models import Indicator

    own = Indicator.objects.filter(code=code).first() if "\x00" not in code else None
    found = own.as_definition() if own is not None else shipped().get(code)
    if found is None:
        raise InputError("indicators.none", value=code.replace("\x00", "")[:60])
    return found
