"""Telling a trace 溯源报告: as plain values with reasons in the reader's language, and as one sentence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from huanzhi.messages import text
from huanzhi.programmes.tracing.sources import Found, table
from huanzhi.programmes.tracing.tracing import Suspect, Trace
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import CHINA, stamp

MOST_NAMED = 3


def told(trace: Trace) -> dict[str, Any]:
    """Return a trace as plain values; times in China time."""
    return {
        "method": trace.method,
        "at": stamp(trace.at),
        "searched": trace.searched,
        "facts": {name: _short(value) for name, value in trace.told.items()},
        "area": trace.area,
        "suspects": [suspect(trace, one) for one in trace.suspects],
        "conclusion": conclusion(trace),
        "version": str(table()["version"]),
        "confidence": str(table()["confidence"]),
        "weights": {name: table()["weights"][name] for name in ("place", "data", "load")},
    }


def suspect(trace: Trace, one: Suspect) -> dict[str, Any]:
    """Return a suspect with what speaks for it."""
    source, found = one.source, one.found
    return {
        "code": source.code,
        "name": source.name,
        "enterprise": source.enterprise,
        "enterprise_name": source.enterprise_name,
        "lon": source.lon,
        "lat": source.lat,
        "simulated": source.simulated,
        "metres": round(one.metres),
        "seconds": None if one.seconds is None else round(one.seconds),
        "turn": None if one.turn is None else round(one.turn),
        "score": one.score,
        "parts": {"place": one.parts.place, "data": one.parts.data, "load": one.parts.load},
        "reasons": reasons(trace, one),
        "data": _data(found),
    }


def reasons(trace: Trace, one: Suspect) -> list[str]:
    """Return in words what speaks for a suspect."""
    found, lines = one.found, [_way(trace, one)]
    named = {"parameter": _symbol(found.parameter), "unit": found.unit, "value": _plain(found.value)}
    window = {"start": _when(found.start), "end": _when(found.end)}
    if found.shown.over is not None:
        more = {"limit": _plain(found.limit), "share": _percent(found.shown.over)}
        lines.append(text("tracing.over", **window, **named, **more))
    if found.shown.unusual is not None:
        more = {"usual": _plain(found.usual), "share": _percent(found.shown.unusual)}
        lines.append(text("tracing.unusual", **named, **more))
    if found.shown.silent:
        lines.append(text("tracing.silent", **window))
    if one.parts.load is not None:
        lines.append(text("tracing.load", share=_percent(one.parts.load)))
    return [*lines, *([text("tracing.named")] if one.named else [])]


def conclusion(trace: Trace) -> str:
    """Return the sentence that the step of investigation begins with."""
    if trace.method == "none":
        return text("tracing.none")
    first = [
        f"{one.source.enterprise_name} {one.source.name}（{one.score:.2f}）"
        for one in trace.suspects[:MOST_NAMED]
    ]
    names = "、".join(first) or text("tracing.nobody")
    return text(
        "tracing.conclusion",
        method=text(f"tracing.by_{trace.method}"),
        searched=trace.searched,
        suspects=names,
    )


def _way(trace: Trace, one: Suspect) -> str:
    km = f"{one.metres / 1000:.1f}"
    if trace.method == "river":
        hours = f"{(one.seconds or 0) / 3600:.1f}"
        return text("tracing.river", river=trace.told["river"], km=km, hours=hours)
    if trace.method == "wind":
        return text("tracing.wind", km=km, turn=round(one.turn or 0), minutes=round((one.seconds or 0) / 60))
    return text("tracing.own") if trace.method == "own" else text("tracing.around", km=km)


def _data(found: Found) -> dict[str, Any]:
    return {
        "parameter": found.parameter,
        "symbol": _symbol(found.parameter),
        "unit": found.unit,
        "value": found.value,
        "limit": found.limit,
        "usual": found.usual,
        "silent": found.shown.silent,
        "start": stamp(found.start),
        "end": stamp(found.end),
    }


def _symbol(code: str) -> str:
    known = all_parameters().get(code)
    return known.symbol if known else code


def _percent(share: float) -> str:
    return f"{share * 100:.0f}%"


def _plain(value: float | None) -> str:
    return "—" if value is None else f"{value:.4g}"


def _when(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%m-%d %H:%M")


def _short(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value
