"""Tracing of an issue 溯源: suspects upstream, upwind or near by, with travel time, score and data."""

from __future__ import annotations

from huanzhi.programmes.tracing.tracing import Suspect, Trace, trace

__all__ = ["Suspect", "Trace", "trace"]
