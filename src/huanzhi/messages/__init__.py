"""Every sentence that Huanzhi says to a person, in Chinese and in English.

The sentences stand in the TOML files beside this module, one file an area, one table a sentence:
``[unknown_column]`` in ``feeds.toml`` is the message ``feeds.unknown_column`` with the texts ``zh`` and
``en``. Values are filled in by name with :meth:`str.format`.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources
from typing import Literal

Language = Literal["zh", "en"]
_chosen: ContextVar[Language | None] = ContextVar("huanzhi_language", default=None)


def text(key: str, /, **values: object) -> str:
    """Return the message `key` in the current language with `values` filled in.

    Raises
    ------
    KeyError
        If no message has that key: a defect of the program, not of the user's input.
    """
    return catalogue()[key][language()].format(**values)


def language() -> Language:
    """Return the language of the reader: `using`, then HUANZHI_LANG, then the locale; Chinese by default."""
    return _chosen.get() or _from_environment()


@contextmanager
def using(wanted: Language) -> Iterator[None]:
    """Speak `wanted` inside the block, whatever the environment says."""
    token = _chosen.set(wanted)
    try:
        yield
    finally:
        _chosen.reset(token)


@cache
def catalogue() -> dict[str, dict[Language, str]]:
    """Return every message: key → language → text."""
    found: dict[str, dict[Language, str]] = {}
    for file in sorted(resources.files(__package__).iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            area = file.name.removesuffix(".toml")
            for name, texts in tomllib.loads(file.read_text(encoding="utf-8")).items():
                found[f"{area}.{name}"] = texts
    return found


def _from_environment() -> Language:
    for variable in ("HUANZHI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "").lower()
        if value:
            return "en" if value.startswith("en") else "zh"
    return "zh"
