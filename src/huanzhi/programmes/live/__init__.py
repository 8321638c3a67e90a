"""Live 实时: the newest value of every place and parameter, as the screens show it."""

from __future__ import annotations

from huanzhi.programmes.live.picture import Cell, Picture

__all__ = ["Cell", "Picture"]
