"""Waste codes 废物代码: eight digits of industry, order and class; management classes of generators."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from huanzhi.ecocode.waste.settings import catalogue, settings
from huanzhi.errors import InputError

_WRITTEN = re.compile(r"(\d{3})-?(\d{3})-?(\d{2})")
TONNE = 1_000_000
"""Grams of a tonne."""
KILOGRAM = 1_000


@dataclass(frozen=True, slots=True)
class WasteCode:
    """A code, as ``900-249-08``: digits 1-3 industry, 4-6 order, 7-8 class."""

    industry: str
    order: str
    group: str

    def __str__(self) -> str:
        return f"{self.industry}-{self.order}-{self.group}"

    @property
    def category(self) -> str:
        """Return the class, as ``HW08``."""
        return f"HW{self.group}"

    @property
    def unlisted(self) -> bool:
        """Return whether it stands for what was identified but is not in the catalogue: ``900-000-XX``."""
        return f"{self.industry}-{self.order}" == catalogue()["unlisted"]

    @property
    def known(self) -> bool:
        """Return whether the shipped table names this very code."""
        return str(self) in catalogue()["code"]


def parse(written: str) -> WasteCode:
    """Return the code that is written, with or without hyphens.

    Raises
    ------
    InputError
        ``waste.code`` if it has not eight digits, ``waste.code_class`` if there is no such class.
    """
    told = unicodedata.normalize("NFKC", written).strip().replace(" ", "")
    found = _WRITTEN.fullmatch(told)
    if found is None:
        raise InputError("waste.code", column="waste", value=written, expected="900-249-08")
    code = WasteCode(*found.groups())
    if code.group not in catalogue()["class"]:
        raise InputError("waste.code_class", column="waste", value=written, group=code.category)
    return code


def described(written: str) -> dict[str, Any]:
    """Return what is known of a code: parts, class and name in both languages, and with what confidence."""
    code, table = parse(written), catalogue()
    own = table["code"].get(str(code))
    group = table["class"][code.group]
    return {
        "code": str(code),
        "industry": code.industry,
        "order": code.order,
        "category": code.category,
        "group": {"zh": group["zh"], "en": group["en"]},
        "name": {name: (own or group)[name] for name in ("zh", "en")},
        "properties": list(own["property"]) if own else [],
        "known": own is not None,
        "unlisted": code.unlisted,
        "confidence": table["names_confidence"],
        "catalogue": table["title"],
    }


def management_class(grams: int) -> str:
    """Return the management class of a generator by what it makes in a year [g]: key, simple, register."""
    for name, row in settings()["class"].items():
        least, most = row.get("least", 0) * TONNE, row.get("most")
        if least <= grams and (most is None or grams < most * TONNE):
            return str(name)
    raise InputError("waste.amount", value=grams)


def grams_of(kilograms: float | int | str, column: str = "kg") -> int:
    """Return whole grams of kilograms.

    Raises
    ------
    InputError
        ``waste.amount`` if it is no finite number of at most ten million tonnes.
    """
    try:
        grams = round(float(kilograms) * KILOGRAM)
    except (TypeError, ValueError, OverflowError):
        raise InputError("waste.amount", column=column, value=kilograms) from None
    if abs(grams) > 10_000_000 * TONNE:
        raise InputError("waste.amount", column=column, value=kilograms)
    return grams


def kilograms(grams: int | None) -> float | None:
    """Return kilograms of grams; None where nothing is known."""
    return None if grams is None else grams / KILOGRAM
