"""How events are collected, from ``data/conduct.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any


@cache
def settings() -> Mapping[str, Any]:
    """Return the tables by name."""
    file = resources.files("huanzhi.programmes.conduct") / "data" / "conduct.toml"
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))
