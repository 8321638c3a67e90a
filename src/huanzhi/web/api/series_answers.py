"""Answers about a place 点位接口: figures of `programmes.place` as plain values, times with +08:00."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np

from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.assess.states import State
from huanzhi.library.documents import Column, Table
from huanzhi.library.reviews import Held
from huanzhi.messages import catalogue, language, text
from huanzhi.programmes.place import (
    Comparison,
    Curve,
    DayCell,
    Exceedance,
    HourOfDay,
    LastValue,
    LimitStep,
    Reason,
    Standing,
)
from huanzhi.programmes.place.comparison import Mean
from huanzhi.programmes.place.curve import Stretch
from huanzhi.programmes.place.known import Known
from huanzhi.programmes.place.limits import CONVERTED
from huanzhi.programmes.place.reasons import RawFrame
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import CHINA, CHINA_OFFSET, to_china


def moment(seconds: int) -> str:
    """Return seconds as China time."""
    return to_china(seconds).isoformat()


def moments(times: np.ndarray) -> list[str]:
    """Return many times at once."""
    local = np.datetime_as_string((times + CHINA_OFFSET).astype("datetime64[s]"))
    return [f"{one}+08:00" for one in local.tolist()]


def text_of(units: int, decimals: int) -> str:
    """Return a scaled integer as a decimal string."""
    return f"{Decimal(units).scaleb(-decimals):f}"


def place(known: Known) -> dict[str, Any]:
    """Return what a place is."""
    feature = known.subject.feature
    return {
        "code": feature.code,
        "name": feature.name,
        "kind": feature.kind,
        "family": known.subject.family,
        "region": feature.region,
        "region_code": feature.region_code,
        "lon": feature.lon,
        "lat": feature.lat,
        "simulated": feature.simulated,
        "enterprise": known.enterprise,
        "devices": list(known.devices),
        "control_level": str(getattr(known.record, "control_level", "")),
        "target": known.subject.target_class,
    }


def parameter(code: str) -> dict[str, Any]:
    """Return a parameter in the reader's language; ours and unknown ones by their code."""
    base, _, kind = code.partition("-")
    found = all_parameters().get(code) or all_parameters().get(base)
    if found is None:
        return {"code": code, "name": code, "symbol": code, "unit": "", "decimals": 2}
    word = "series_api.kind_zs" if kind == CONVERTED else "series_api.kind"
    after = "" if found.code == code else text(word, kind=kind)
    name = found.name_en if language() == "en" else found.name
    return {
        "code": code,
        "name": name + after,
        "symbol": found.symbol + after,
        "unit": found.unit,
        "decimals": found.decimals,
    }


def step(one: LimitStep) -> dict[str, Any]:
    """Return a limit line."""
    return {
        "from": moment(one.start),
        "to": moment(one.end),
        "value": f"{one.value:f}",
        "bound": one.bound,
        "unit": one.unit,
        "standard": one.standard,
        "edition": one.edition,
        "clause": one.clause,
        "grade": one.grade,
        "basis": one.basis,
        "basis_words": text(f"series_api.basis_{one.basis}"),
        "averaging": one.averaging,
        "applies": one.applies,
        "confidence": one.confidence,
    }


def flag_words(flags: DeviceFlag) -> tuple[list[str], str]:
    """Return the names of flags, and their words."""
    names = [flag.name.lower() for flag in flags if flag.name]
    return names, text("series_api.comma").join(text(f"series_api.flag_{name}") for name in names)


def stretch(one: Stretch) -> dict[str, Any]:
    """Return a stretch of flags."""
    names, words = flag_words(one.flags)
    return {"start": moment(one.start), "end": moment(one.end), "flags": names, "words": words}


def mark(held: Held) -> dict[str, Any]:
    """Return a mark."""
    given = held.mark
    return {
        "id": held.id,
        "start": moment(given.start),
        "end": moment(given.end),
        "kind": given.kind,
        "effect": str(given.effect),
        "words": text(f"series_api.effect_{given.effect}"),
        "role": str(held.role),
        "who": held.who,
        "reason": given.reason,
        "check": given.check,
        "at": held.at.astimezone(CHINA).isoformat(),
        "late": given.late,
    }


def columns(found: Curve) -> dict[str, Any]:
    """Return a curve in columns."""
    return {
        "of": found.of,
        "times": moments(found.times),
        "values": found.texts(),
        "below_detection": np.flatnonzero(found.states == State.BELOW_DETECTION).tolist(),
        "substituted": np.flatnonzero(found.substituted).tolist(),
    }


def standing(one: Standing) -> dict[str, Any]:
    """Return a standing; its words are in the reader's language."""
    row = asdict(one)
    row["primary"] = list(one.primary)
    row["time"] = moment(one.time) if one.time else None
    if one.kind == "verdict":
        row["name"] = text(f"series_api.verdict_{one.value}")
    return row


def last_value(one: LastValue, now: int) -> dict[str, Any]:
    """Return a newest value with its age [s]."""
    names, words = flag_words(one.flags)
    return {
        "parameter": parameter(one.parameter),
        "period": str(one.period),
        "time": moment(one.time),
        "age": max(0, now - one.time),
        "value": one.text(),
        "state": one.state.name.lower(),
        "flags": names,
        "flag_words": words,
        "limit": step(one.limit) if one.limit else None,
        "exceeds": one.exceeds,
    }


def comparison(one: Comparison) -> dict[str, Any]:
    """Return a comparison."""
    return {
        "parameter": one.parameter,
        "period": str(one.period),
        "unit": one.unit,
        "counted": one.counted,
        "now": _mean(one.now),
        "year_before": _mean(one.year_before),
        "span_before": _mean(one.span_before),
        "year_change": _decimal(one.year_change),
        "span_change": _decimal(one.span_change),
    }


def _mean(one: Mean) -> dict[str, Any]:
    return {
        "start": moment(one.start),
        "end": moment(one.end),
        "value": _decimal(one.value),
        "valid": one.valid,
        "due": one.due,
        "needed": one.needed,
        "rule": one.rule,
    }


def _decimal(value: Any) -> str | None:
    return None if value is None else f"{value:f}"


def exceeding(one: Exceedance) -> dict[str, Any]:
    """Return an exceedance."""
    return {
        "judged": one.judged,
        "exceeding": one.exceeding,
        "highest": _decimal(one.highest),
        "time": moment(one.time) if one.time else None,
        "limit": _decimal(one.limit),
        "multiple": _decimal(one.multiple),
    }


def day_cell(one: DayCell) -> dict[str, Any]:
    """Return a day of a calendar."""
    found = standing(one.standing)
    names = ("kind", "value", "level", "name", "colour", "hex", "primary", "basis")
    kept = {name: found[name] for name in names}
    return {"day": one.day.isoformat(), **kept, "exceeding": one.exceeding, "judged": one.judged}


def hour_of_day(one: HourOfDay) -> dict[str, Any]:
    """Return an hour of the day."""
    return asdict(one)


def why(one: Reason) -> dict[str, Any]:
    """Return a reason."""
    found = one.explanation.as_dict()
    found["result"] = {_label(name): value for name, value in found["result"].items()}
    return {
        **{name: _plain(part) for name, part in found.items()},
        "origins": [_plain({**origin.as_dict(), "time": origin.time.isoformat()}) for origin in one.origins],
    }


def _label(name: str) -> str:
    """Return the name of a result in words where it has any; an item says its own."""
    key = f"explain_terms.label_{name}"
    return text(key) if key in catalogue() else name


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | bool) else str(value)


def frame(one: RawFrame) -> dict[str, Any]:
    """Return a frame with its bytes as text where they are ASCII, and in hexadecimal."""
    return {
        "seq": one.seq,
        "received": datetime.fromtimestamp(one.received / 1e6, CHINA).isoformat(timespec="milliseconds"),
        "mn": one.mn,
        "peer": one.peer,
        "text": one.raw.decode("gb18030", "replace"),
        "hex": one.raw.hex(),
    }


def table(known: Known, found: Curve, steps: Sequence[LimitStep], marks: Sequence[Held]) -> Table:
    """Return a whole curve as a table: time, value, state, flags, marks, limit."""
    about = parameter(found.parameter)
    heads = ("time", "value", "state", "flags", "marks", "limit", "standard")
    cells = [
        Column(text(f"series_api.column_{name}"), about["unit"] if name in ("value", "limit") else "")
        for name in heads
    ]
    caption = f"{known.subject.feature.name} {about['name']}"
    return Table("series", caption, tuple(cells), _rows(found, steps, marks))


def _rows(found: Curve, steps: Sequence[LimitStep], marks: Sequence[Held]) -> list[list[str | None]]:
    words = {int(bits): flag_words(DeviceFlag(int(bits)))[1] for bits in np.unique(found.flags)}
    states = {int(state): text(f"series_api.state_{State(int(state)).name.lower()}") for state in State}
    texts, times = found.texts(), moments(found.times)
    limits, by = _limit_columns(found, steps)
    marked = _mark_column(found, marks)
    named = [states[state] for state in found.states.tolist()]
    flagged = [words[flags] for flags in found.flags.tolist()]
    columns_ = (times, texts, named, flagged, marked, limits, by)
    return [list(row) for row in zip(*columns_, strict=True)]


def _limit_columns(found: Curve, steps: Sequence[LimitStep]) -> tuple[list[str], list[str]]:
    limits, by = [""] * found.times.size, [""] * found.times.size
    for one in steps:
        sign = "≤" if one.bound == "upper" else "≥"
        for k in np.flatnonzero((found.times >= one.start) & (found.times < one.end)).tolist():
            limits[k] = f"{limits[k]} {sign}{one.value:f}".strip()
            by[k] = f"{one.standard} {one.grade}"
    return limits, by


def _mark_column(found: Curve, marks: Sequence[Held]) -> list[str]:
    cells = [""] * found.times.size
    for held in marks:
        first, last = np.searchsorted(found.times, [held.mark.start, held.mark.end])
        for k in range(int(first), int(last)):
            word = text(f"series_api.effect_{held.mark.effect}")
            cells[k] = word if not cells[k] else f"{cells[k]} {word}"
    return cells
