"""Layers 图层 as declared in ``layers.toml``: theme, order, opacity, source, judge and zooms."""

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

TILES_ABOVE = 20_000
"""Features from which on a layer is sent as tiles. DEFAULT, NOT FROM THE DOCUMENTS."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A group of layers 专题."""

    code: str
    zh: str
    en: str

    @property
    def name(self) -> str:
        """Name in the reader's language."""
        return self.en if language() == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer.

    Attributes
    ----------
    kind : str
        ``fill``, ``line`` or ``mark``.
    order : int
        Higher is drawn later.
    source : mapping
        ``name`` of the source and what it needs.
    sensitivity, right : str
        Sensitivity of what has none of its own, and the kind of record that rights see.
    judge : str
        Rule by which a mark gets its level; see `legends`.
    parameters : tuple of str
        What may colour the layer; the first is the usual one.
    period : str
        Period of the values shown.
    stale_after : int
        Seconds after which a value is old.
    control : str
        Control level of all marks; empty where each has its own.
    remark_zh, remark_en : str
        What must be said beside the layer.
    """

    code: str
    theme: str
    zh: str
    en: str
    kind: str
    order: int
    opacity: float
    source: Mapping[str, Any]
    sensitivity: str
    right: str
    judge: str = ""
    parameters: tuple[str, ...] = ()
    period: str = ""
    stale_after: int = 0
    shown: bool = False
    control: str = ""
    min_zoom: float = 0.0
    max_zoom: float = 24.0
    remark_zh: str = ""
    remark_en: str = ""

    @property
    def name(self) -> str:
        """Name in the reader's language."""
        return self.en if language() == "en" else self.zh

    @property
    def remark(self) -> str:
        """Remark in the reader's language."""
        return self.remark_en if language() == "en" else self.remark_zh

    def parameter(self, asked: str = "") -> str:
        """Return what colours the layer: `asked`, or the usual one.

        Raises
        ------
        InputError
            If it cannot be coloured by that.
        """
        if asked and asked not in self.parameters:
            raise InputError("atlas.parameter", value=asked, expected=", ".join(self.parameters))
        return asked or (self.parameters[0] if self.parameters else "")


@cache
def themes() -> tuple[Theme, ...]:
    """Return the themes, in order."""
    return tuple(Theme(**row) for row in _read("layers")["theme"])


@cache
def layers() -> Mapping[str, Layer]:
    """Return the layers by code, lowest first."""
    rows = sorted(_read("layers")["layer"], key=lambda row: row["order"])
    return MappingProxyType({row["code"]: _layer(row) for row in rows})


def layer(code: str) -> Layer:
    """Return one layer.

    Raises
    ------
    InputError
        If there is none of that code.
    """
    found = layers().get(code)
    if found is None:
        raise InputError("atlas.no_layer", value=code, expected=", ".join(layers()))
    return found


@dataclass(frozen=True, slots=True)
class Shape:
    """Shape of the marks of a control level 控制级别."""

    control: str
    shape: str
    zh: str
    en: str

    @property
    def name(self) -> str:
        """Name of the level in the reader's language."""
        return self.en if language() == "en" else self.zh


@cache
def shapes() -> Mapping[str, Shape]:
    """Return the shapes by control level; ``other`` is for what has none that is known."""
    return MappingProxyType({row["control"]: Shape(**row) for row in _read("layers")["shape"]})


def shape_of(control: str) -> str:
    """Return the shape of marks of a control level."""
    return shapes().get(control, shapes()["other"]).shape


def palette() -> Mapping[str, Any]:
    """Return the colours that are ours."""
    return _read("palette")


def _layer(row: Mapping[str, Any]) -> Layer:
    return Layer(**{**row, "parameters": tuple(row.get("parameters", ()))})


@cache
def _read(name: str) -> Mapping[str, Any]:
    content = resources.files(__package__).joinpath(f"data/{name}.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(content))


def settings(name: str) -> Mapping[str, Any]:
    """Return the settings of a question of place."""
    found: Mapping[str, Any] = _read("settings")[name]
    return found
