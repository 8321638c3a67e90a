"""Showing 展示: where an enterprise stands with reasons, what ends them, what follows, how it was before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from huanzhi.ecocode.grades.models import Code, Event, Interval
from huanzhi.ecocode.grades.reckoning import happenings, known_on
from huanzhi.ecocode.grades.schemes import Shelf, level_row, scheme_of, tables
from huanzhi.ecocode.grades.settings import measures, word
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.rules.grading import Happening, Reason, Release, Scheme, Standing, decisive, runs_of, standing

Row = dict[str, Any]


def standing_row(
    enterprise: Enterprise, sort: str, day: date, known: date | None = None, shelf: Shelf | None = None
) -> Row:
    """Return where an enterprise stood on a day, with its reasons, as it is known now or on `known`."""
    shelf = shelf or Shelf()
    told = (
        happenings([enterprise.pk]).get(enterprise.pk, []) if known is None else known_on(enterprise, known)
    )
    scheme = shelf.scheme(sort, enterprise.region_id, day)
    found = standing(scheme, told, day, shelf.weighing(scheme, enterprise.region_id))
    events = {one.code: one for one in Event.objects.filter(enterprise=enterprise)}
    return {
        "which": sort,
        "day": day.isoformat(),
        "known": known.isoformat() if known else None,
        "scheme": scheme_row(scheme),
        "level": level_row(scheme, found.level),
        "score": None if found.score is None else f"{found.score:f}",
        "by_hand": found.by_hand,
        "changes": found.expires.isoformat() if found.expires else None,
        "next": _next(scheme, told, found, enterprise, shelf),
        "reasons": _reasons(scheme, told, found, events, day),
        "measures": measures(enterprise.region_id, level_row(scheme, found.level)["colour"])
        if sort == "credit"
        else [],
    }


def scheme_row(scheme: Scheme) -> Row:
    """Return a scheme with its basis and how far it is known."""
    row = tables()["scheme"][scheme.id]
    return {
        "id": scheme.id,
        "zh": row["zh"],
        "en": row["en"],
        "sort": scheme.sort,
        "number": row.get("number", ""),
        "confidence": row["confidence"],
        "basis": row["basis"],
        "lacks": row.get("lacks"),
        "complete": scheme.complete,
        "levels": [level_row(scheme, one.code) for one in scheme.levels],
        "levels_confidence": row.get("levels_confidence", row["confidence"]),
        "start": None if scheme.start is None else f"{scheme.start:f}",
        "least": None if scheme.least is None else f"{scheme.least:f}",
        "most": None if scheme.most is None else f"{scheme.most:f}",
        "bands": [{"level": one.level, "least": f"{one.least:f}"} for one in scheme.bands],
        "known": row.get("known", []),
        "book": row["book"],
        "entry": [
            {"from": one["from"].isoformat(), "days": one["days"], "working": one["working"]}
            for one in row.get("entry", ())
        ],
    }


def _next(
    scheme: Scheme, told: list[Happening], found: Standing, enterprise: Enterprise, shelf: Shelf
) -> Row | None:
    """Return the level that follows by itself, if nothing else happens."""
    if found.expires is None:
        return None
    after = standing(scheme, told, found.expires, shelf.weighing(scheme, enterprise.region_id))
    return {**level_row(scheme, after.level), "day": found.expires.isoformat()}


def _reasons(
    scheme: Scheme, told: list[Happening], found: Standing, events: Mapping[str, Event], day: date
) -> list[Row]:
    deciding = set(decisive(scheme, found))
    runs = runs_of(scheme, told)
    days = {one.key: one for one in told}
    ordered = sorted(found.reasons, key=lambda one: (one not in deciding, -one.day.toordinal(), one.event))
    return [
        {
            **_reason(scheme, one, events.get(one.event)),
            "decisive": one in deciding,
            "progress": _progress(one, days[one.event], runs, day),
        }
        for one in ordered
    ]


def _reason(scheme: Scheme, one: Reason, event: Event | None) -> Row:
    weight = one.weight
    return {
        "event": one.event,
        "kind": {"code": one.kind, **word("kind", one.kind)},
        "title": {"zh": event.title_zh, "en": event.title_en} if event else {"zh": "", "en": ""},
        "address": event.address if event else "",
        "published": event.published is not None if event else False,
        "day": one.day.isoformat(),
        "end": one.end.isoformat() if one.end else None,
        "level": level_row(scheme, weight.level) if weight.level else None,
        "points": None if weight.points is None else f"{weight.points:f}",
        "steps": weight.steps,
        "clause": {"zh": weight.clause.zh, "en": weight.clause.en},
        "condition": {"zh": weight.condition.zh, "en": weight.condition.en},
        "release": weight.release.value,
        "term": weight.term,
        "confidence": weight.confidence.value,
        "confidence_words": weight.confidence.text(),
        "book": weight.book,
        "row": weight.row,
    }


def _progress(one: Reason, told: Happening, runs: Any, day: date) -> Row | None:
    """Return how far a condition in days is met on a day; None where it counts none."""
    weight = one.weight
    if weight.release is Release.COMPLIANT_DAYS:
        held = runs.get(str(told.facts.get("outlet", "")), ())
        return {"done": _run_days(held, one.day, day), "needed": weight.term}
    if weight.release in (Release.DAYS, Release.UNTIL_AND_DAYS):
        return {"done": min((day - one.day).days, weight.term), "needed": weight.term}
    return None


def _run_days(runs: Iterable[tuple[date, date | None]], after: date, day: date) -> int:
    """Return how many days of the run that goes on came after an event."""
    for begin, until in runs:
        if begin < day and (until is None or until >= day):
            return max(0, (day - max(begin, after + timedelta(days=1))).days)
    return 0


def history_rows(enterprise: Enterprise, sort: str, today: date) -> list[Row]:
    """Return the stored history up to today, the newest first; what is to come stands in ``changes``."""
    rows = Interval.objects.filter(enterprise=enterprise, sort=sort, day__lte=today).order_by("-day")
    return [
        {
            "day": one.day.isoformat(),
            "until": one.until.isoformat() if one.until and one.until <= today else None,
            "level": level_row(scheme_of(one.scheme), one.level),
            "score": one.score or None,
            "scheme": one.scheme,
            "reasons": [
                {"event": each["event"], "day": each["day"], "end": each["end"]} for each in one.reasons
            ],
        }
        for one in rows
    ]


def public_row(codes: Iterable[Code]) -> Row:
    """Return the public part of where an enterprise stands: levels and days, no reasons, no points."""
    held = list(codes)
    firm = held[0].enterprise
    return {
        "code": firm.code,
        "name": firm.name,
        "region": firm.region_id,
        "region_name": firm.region.name,
        "simulated": firm.simulated,
        "levels": [
            {
                "which": one.sort,
                "level": level_row(scheme_of(one.scheme), one.level),
                "since": one.since.isoformat(),
                "scheme": {
                    name: scheme_row(scheme_of(one.scheme))[name] for name in ("zh", "en", "confidence")
                },
            }
            for one in sorted(held, key=lambda one: one.sort)
        ],
    }
