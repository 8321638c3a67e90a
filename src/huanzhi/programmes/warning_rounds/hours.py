"""Rules over hours 小时研判: outlets against their limits, gas at fences, lost and doubtful data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from huanzhi import standards
from huanzhi.center.warnings.judging import ask
from huanzhi.center.warnings.models import OwnLimit
from huanzhi.center.warnings.places import where
from huanzhi.center.warnings.raising import NOWHERE, Finding, raise_or_hold, release_unseen
from huanzhi.center.warnings.settings import rule_table
from huanzhi.errors import StandardError
from huanzhi.library.places.models import Region
from huanzhi.library.reviews import open_ledger
from huanzhi.library.series import Feature, Store
from huanzhi.messages import catalogue
from huanzhi.programmes.place.known import known
from huanzhi.programmes.place.limits import LimitStep, limit_steps
from huanzhi.programmes.place.subject import Subject
from huanzhi.programmes.warning_rounds.values import Series, Valued, newest, read, run_over
from huanzhi.standards import emission
from huanzhi.standards.air import ITEMS
from huanzhi.standards.parameters import all_parameters, find
from huanzhi.standards.periods import CHINA, DAY, HOUR, Period, china_date, start_of_day
from huanzhi.standards.units import factor

LOOKED = 8
"""Hours that are looked at, so that what lasts is seen to last. Ours."""
FENCE = (("GB 16297", {"table": "fugitive"}), ("GB 14554", {"table": "fence", "grade": "二级新扩改建"}))
"""Standards with limits at the fence, and which of their tables: the second class of new works."""
NONE_COLOURS = ("none", "unknown", "")


def outlets(store: Store, now: datetime) -> dict[str, int]:
    """Hold the hours and the day before of every outlet against the limits that judge them."""
    moment = int(now.timestamp())
    features = {one.code: one for one in store.features("outlet")}
    hours = read(store, list(features), Period.HOUR, (moment // HOUR - LOOKED) * HOUR, moment)
    today = start_of_day(china_date(moment))
    days = read(store, list(features), Period.DAY, today - DAY, today)
    subjects: dict[str, Subject] = {}
    seen = set()
    for code, parameter, values in newest(hours):
        subject = subjects.get(code) or subjects.setdefault(code, known(features[code], store.home).subject)
        asked = _outlet_inputs(subject, parameter, values, days.get((code, parameter), []))
        if asked is None:
            continue
        inputs, step = asked
        judged = _judged("outlet_warning", now, code, inputs)
        colour = str(judged.get("outputs", {}).get("level", "none"))
        if colour not in NONE_COLOURS:
            seen.add(f"{code}|{parameter}")
            _raise_outlet(code, parameter, values, step, colour, judged, now)
    release_unseen("outlet_hour", seen, now)
    return {"outlets": len(features), "over": len(seen)}


def _outlet_inputs(
    subject: Subject, parameter: str, values: list[Valued], day: list[Valued]
) -> tuple[dict[str, Any], LimitStep] | None:
    last = values[-1]
    step = _upper(limit_steps(subject, parameter, Period.HOUR, last.time, last.time + HOUR))
    if step is None or not last.judged or step.value <= 0:
        return None
    limit = Fraction(step.value)
    inputs: dict[str, Any] = {
        "hour_ratio": decimal(last.value / limit),
        "hours_over": run_over(values, limit, HOUR),
    }
    whole = _upper(limit_steps(subject, parameter, Period.DAY, last.time - DAY, last.time)) if day else None
    if whole is not None and day[-1].judged:
        inputs["day_ratio"] = decimal(day[-1].value / Fraction(whole.value))
    return inputs, step


def _upper(steps: tuple[LimitStep, ...]) -> LimitStep | None:
    return next((one for one in steps if one.applies and one.bound == "upper"), None)


def _raise_outlet(
    code: str,
    parameter: str,
    values: list[Valued],
    step: LimitStep,
    colour: str,
    judged: dict[str, Any],
    now: datetime,
) -> None:
    over = max(int(judged["inputs"].get("hours_over") or 0), 1)
    begun = values[-over] if over <= len(values) else values[-1]
    figures = {"value": float(values[-1].value), "limit": float(step.value), "hours": over}
    finding = Finding(
        "outlet_hour",
        code,
        datetime.fromtimestamp(begun.time, UTC),
        (parameter,),
        figures["value"],
        figures["limit"],
        figures,
        subject=f"{code}|{parameter}"[:64],
        version=str(judged["version"]),
        colour=colour,
        judged={**judged, "standards": [f"{step.standard} {step.clause}".strip()]},
    )
    raise_or_hold(finding, now)


def park(store: Store, now: datetime) -> dict[str, int]:
    """Hold gas at stations against the limits at fences: the city's own, else a standard's, else none."""
    moment = int(now.timestamp())
    features = {one.code: one for one in store.features("air_station")}
    hours = read(store, list(features), Period.HOUR, (moment // HOUR - LOOKED) * HOUR, moment)
    seen, without = set(), set()
    for code, parameter, values in newest(hours):
        if not is_gas(parameter):
            continue
        region = where(code, NOWHERE).region
        limit = fence_limit(parameter, region, now)
        if limit is None:
            without.add(parameter)
            continue
        inputs = {
            "ratio": decimal(values[-1].value / limit.value),
            "hours_over": run_over(values, limit.value, HOUR),
        }
        judged = _judged("park_gas_warning", now, code, inputs) if values[-1].judged else {}
        colour = str(judged.get("outputs", {}).get("colour", "none"))
        if colour not in NONE_COLOURS:
            seen.add(f"{code}|{parameter}")
            _raise_gas(code, parameter, values, limit, colour, judged, now)
    release_unseen("park_gas", seen, now)
    return {"stations": len(features), "over": len(seen), "without_limit": len(without)}


@dataclass(frozen=True, slots=True)
class FenceLimit:
    """A limit at the fence, in the unit of the store."""

    value: Fraction
    basis: str
    own: bool
    confidence: str


def is_gas(parameter: str) -> bool:
    """Return whether a parameter is a gas for which fences have limits, and none of the six of GB 3095."""
    known = all_parameters().get(parameter)
    if known is None or parameter in {item.parameter.code for item in ITEMS}:
        return False
    return parameter in _fence_items() or OwnLimit.objects.filter(parameter=parameter).exists()


def _fence_items() -> set[str]:
    named = {
        row["item"]
        for identity, chosen in FENCE
        for table in standards.standard(identity).editions[-1].tables.get(chosen["table"], ())
        for row in table.rows
    }
    found = (find(name, "air") for name in named)
    return {one.code for one in found if one is not None}


def fence_limit(parameter: str, region: Region | None, now: datetime) -> FenceLimit | None:
    """Return the limit at the fence: the city's own of the nearest region, else that of a standard."""
    own = _own_limit(parameter, region)
    known = all_parameters()[parameter]
    if own is not None:
        return FenceLimit(_ours(own.value, own.unit, known.unit), own.basis, True, "")
    for identity, chosen in FENCE:
        try:
            found = emission.limit(identity, now.astimezone(CHINA).date(), known.name, **chosen)  # type: ignore[arg-type]
        except StandardError:
            continue
        if found.maximum is not None:
            value = _ours(str(found.maximum), found.unit, known.unit)
            return FenceLimit(value, f"{identity} {found.clause}", False, found.provenance.confidence.value)
    return None


def _own_limit(parameter: str, region: Region | None) -> OwnLimit | None:
    above = [code for code in region.path.split("/") if code] if region is not None else []
    rows = {
        one.region_id: one
        for one in OwnLimit.objects.filter(rule="park_gas", parameter=parameter, region__in=above)
    }
    return next((rows[code] for code in reversed(above) if code in rows), None)


def _ours(value: str, given: str, wanted: str) -> Fraction:
    exact = Fraction(Decimal(value))
    return exact if given == wanted or not given else exact * factor(given, wanted)


def _raise_gas(
    code: str,
    parameter: str,
    values: list[Valued],
    limit: FenceLimit,
    colour: str,
    judged: dict[str, Any],
    now: datetime,
) -> None:
    over = max(int(judged["inputs"].get("hours_over") or 0), 1)
    figures = {"value": float(values[-1].value), "limit": float(limit.value), "hours": over}
    words = {language: {"basis": limit.basis} for language in ("zh", "en")}
    finding = Finding(
        "park_gas",
        code,
        datetime.fromtimestamp(values[-min(over, len(values))].time, UTC),
        (parameter,),
        figures["value"],
        figures["limit"],
        figures,
        subject=f"{code}|{parameter}"[:64],
        version=str(judged["version"]),
        colour=colour,
        judged={**judged, "words": words, "standards": [limit.basis]},
    )
    raise_or_hold(finding, now)


def lost(store: Store, now: datetime) -> dict[str, int]:
    """Find places without any value for some hours that had values in the day before."""
    table, moment = rule_table("lost_data"), int(now.timestamp())
    features = {
        one.code: one for kind in ("outlet", "air_station", "section") for one in store.features(kind)
    }
    silent, known = int(table["lost_hours"]), int(table["known_hours"])
    start = (moment // HOUR - silent - known) * HOUR
    seen = set()
    for code, last in _last_hours(store, features, start, moment).items():
        missing = (moment - last) // HOUR - 1
        if missing < silent:
            continue
        seen.add(code)
        since = datetime.fromtimestamp(last + HOUR, UTC)
        raise_or_hold(Finding("lost_data", code, since, facts={"hours": missing}), now)
    release_unseen("lost_data", seen, now)
    return {"places": len(features), "lost": len(seen)}


def _last_hours(store: Store, features: dict[str, Feature], start: int, end: int) -> dict[str, int]:
    series: Series = read(store, list(features), Period.HOUR, start, end)
    last: dict[str, int] = {}
    for code, _, values in newest(series):
        last[code] = max(last.get(code, 0), values[-1].time)
    return last


def suspect(store: Store, now: datetime) -> dict[str, int]:
    """Find places at which quality control has found several doubts in the last hours."""
    table, moment = rule_table("suspect_data"), int(now.timestamp())
    start = moment - int(table["within_hours"]) * HOUR
    with open_ledger("read", store.home) as ledger:
        marks = [
            one.mark
            for one in ledger.marks(None, start, moment)
            if one.mark.check and str(one.mark.effect) in table["effects"]
        ]
    counts = Counter(mark.feature for mark in marks)
    seen = set()
    for code, number in counts.items():
        if number < int(table["marks"]):
            continue
        seen.add(code)
        mine = [mark for mark in marks if mark.feature == code]
        since = datetime.fromtimestamp(min(max(mark.start, start) for mark in mine), UTC)
        kinds = Counter(mark.kind for mark in mine)
        words = {language: {"checks": "、".join(_told(kinds, language))} for language in ("zh", "en")}
        facts = {"marks": number, "within": int(table["within_hours"])}
        items = tuple(sorted({mark.parameter for mark in mine if mark.parameter}))
        finding = Finding(
            "suspect_data", code, since, items, facts=facts, judged={"words": words, "kinds": dict(kinds)}
        )
        raise_or_hold(finding, now)
    release_unseen("suspect_data", seen, now)
    return {"places": len(counts), "doubtful": len(seen)}


def _told(kinds: Counter[str], language: str) -> Iterator[str]:
    known = catalogue()
    for kind, number in kinds.most_common():
        words = known.get(f"quality_cli.finding_{kind}")
        yield f"{words[language] if words else kind} {number}"


def _judged(book: str, now: datetime, code: str, inputs: dict[str, Any]) -> dict[str, Any]:
    region = where(code, NOWHERE).region
    return ask(book, now.astimezone(CHINA).date(), region.code if region else "", inputs)


def decimal(ratio: Fraction) -> str:
    """Return a ratio with six decimals, never rounded onto a limit from beyond it."""
    scaled = -(-ratio.numerator * 10**6 // ratio.denominator)
    return f"{scaled // 10**6}.{scaled % 10**6:06d}"
