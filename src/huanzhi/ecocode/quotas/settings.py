"""Pollutants, sorts of deals, states, terms and prices, from ``data/settings.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from huanzhi.errors import InputError

SCHEME = "quota"
MOST = Decimal(10**9)
"""Most of a pollutant in one deal [t/a]. Ours."""


@cache
def settings() -> Mapping[str, Any]:
    """Return the tables by name."""
    file = resources.files("huanzhi.ecocode.quotas") / "data" / "settings.toml"
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))


def checked(table: str, name: str, column: str) -> str:
    """Return a word if its table holds it; InputError ``quotas.choice`` otherwise."""
    words = settings()[table]
    if name not in words:
        raise InputError("quotas.choice", column=column, value=name, expected=", ".join(words))
    return name


def units_of(amount: str) -> int:
    """Return an amount [t/a] in whole units of the accounts.

    Raises
    ------
    InputError
        ``quotas.amount`` if it is no number above 0, or has more decimals than accounts keep.
    """
    decimals = settings()["unit"]["decimals"]
    try:
        value = Decimal(str(amount).strip())
    except InvalidOperation:
        value = Decimal("NaN")
    wanted = f"> 0, {decimals} decimals"
    if not value.is_finite() or not 0 < value <= MOST:
        raise InputError("quotas.amount", column="amount", value=str(amount)[:40], expected=wanted)
    scaled = value.scaleb(decimals)
    if scaled != scaled.to_integral_value():
        raise InputError("quotas.amount", column="amount", value=str(amount)[:40], expected=wanted)
    return int(scaled)


def amount_of(units: int) -> str:
    """Return units as an amount [t/a], without noughts at the end.

    >>> amount_of(125000), amount_of(0)
    ('12.5', '0')
    """
    text = f"{Decimal(units).scaleb(-settings()['unit']['decimals']):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
