"""Tracing of an issue 溯源: suspects upstream, upwind or near by, with travel time, score and data."""

from __future__ import annotations

from huanzhi.programmes.tracing.tracing import Question, Suspect, Trace, of_warning, trace

__all__ = ["Question", "Suspect", "Trace", "of_warning", "trace"]
