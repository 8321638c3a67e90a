"""Layout 版式: the figures of GB/T 9704 as ``data/gbt9704.toml`` holds them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Font:
    """A font for Chinese (`east`) and other letters (`west`) with its size [pt]."""

    east: str
    west: str
    size: float
    bold: bool = False
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout: lengths in mm, sizes in pt."""

    page: Mapping[str, Any]
    text: Mapping[str, Any]
    page_number: Mapping[str, Any]
    chart: Mapping[str, Any]
    colours: Mapping[str, str]
    fonts: Mapping[str, Font]

    @property
    def right(self) -> float:
        """Right margin [mm]: what the text block leaves."""
        return float(self.page["width"] - self.page["left"] - self.page["block_width"])

    @property
    def bottom(self) -> float:
        """Bottom margin [mm]."""
        return float(self.page["height"] - self.page["top"] - self.page["block_height"])


@cache
def official() -> Layout:
    """Return the layout of official documents."""
    content = resources.files(__package__).joinpath("data/gbt9704.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(content)
    fonts = {name: Font(**values) for name, values in raw["style"].items()}
    return Layout(raw["page"], raw["text"], raw["page_number"], raw["chart"], raw["colour"], fonts)
