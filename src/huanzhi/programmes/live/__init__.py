"""Live 实时: the newest value of every place and parameter, as the screens show it."""

from __future__ import annotations

from huanzhi.programmes.live.audience import Audience, audience, things
from huanzhi.programmes.live.cells import Cell, Standing
from huanzhi.programmes.live.judging import Judging
from huanzhi.programmes.live.picture import Picture, Wanted

__all__ = ["Audience", "Cell", "Judging", "Picture", "Standing", "Wanted", "audience", "things"]
