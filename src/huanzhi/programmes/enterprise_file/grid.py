"""The grid 四态图: outlet × pollutant × quarter in four states, each with its why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from huanzhi.ecocode.files.models import QuarterVerdict
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise, Outlet
from huanzhi.library.rights import Actor, visible
from huanzhi.library.series import Store
from huanzhi.messages import language, text
from huanzhi.programmes.enterprise_file.judging import days_from
from huanzhi.programmes.enterprise_file.quarters import Quarter, judging, last_quarters
from huanzhi.programmes.enterprise_file.reading import Judged
from huanzhi.programmes.enterprise_file.reckoning import Cell, limit_row, reckon, told
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import CHINA

COUNTS = ("due", "valid", "over", "missing", "stopped", "needed")


def grid(who: Actor, enterprise: Enterprise, now: datetime, count: int) -> dict[str, Any]:
    """Return the grid of the last quarters, from the kept verdicts.

    A cell that nobody has reckoned yet is unknown, one of a quarter in which no limit held not applicable.
    """
    quarters = last_quarters(now.astimezone(CHINA).date(), count)
    outlets = list(visible(who, Outlet.KIND, Outlet.objects.filter(enterprise=enterprise)))
    kept = _kept(who, enterprise, quarters)
    return {
        "quarters": [one.name for one in quarters],
        "running": quarters[-1].name,
        "rows": [
            _row(outlet, parameter, quarters, kept)
            for outlet in outlets
            for parameter in _parameters(outlet, kept)
        ],
        "outlets": [{"code": one.code, "name": one.name, "medium": one.medium} for one in outlets],
        "reckoned": _newest(kept.values()),
        "rules": {name: dict(judging()[name]) for name in ("day", "quarter", "unstated")},
    }


Kept = Mapping[tuple[str, str, Quarter], QuarterVerdict]


def _kept(who: Actor, enterprise: Enterprise, quarters: list[Quarter]) -> Kept:
    rows = QuarterVerdict.objects.filter(enterprise=enterprise, year__gte=quarters[0].year)
    seen = visible(who, QuarterVerdict.KIND, rows).select_related("outlet").order_by("pk")
    return {(one.outlet.code, one.parameter, Quarter(one.year, one.quarter)): one for one in seen}


def _parameters(outlet: Outlet, kept: Kept) -> list[str]:
    return sorted({parameter for code, parameter, _ in kept if code == outlet.code})


def _row(outlet: Outlet, parameter: str, quarters: list[Quarter], kept: Kept) -> dict[str, Any]:
    known = all_parameters().get(parameter)
    return {
        "outlet": outlet.code,
        "outlet_name": outlet.name,
        "parameter": parameter,
        "name": known.name if known else parameter,
        "symbol": known.symbol if known else parameter,
        "cells": [_cell(one, kept.get((outlet.code, parameter, one))) for one in quarters],
    }


def _cell(quarter: Quarter, row: QuarterVerdict | None) -> dict[str, Any]:
    if row is None:
        return {"quarter": quarter.name, "state": "unknown", "reckoned": None}
    counts = {name: getattr(row, name) for name in COUNTS}
    return {"quarter": quarter.name, "state": row.state, **counts, "reckoned": _moment(row.reckoned)}


def _newest(rows: Any) -> str | None:
    return _moment(max((row.reckoned for row in rows), default=None))


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(CHINA).isoformat(timespec="seconds") if moment else None


def chosen_outlet(who: Actor, enterprise: Enterprise, code: str) -> Outlet:
    """Return an outlet of an enterprise whose verdicts somebody may read.

    Raises
    ------
    InputError
        ``enterprise_file.not_its_outlet`` if it is not of this enterprise, or not for the reader.
    """
    rows = visible(who, Outlet.KIND, Outlet.objects.filter(enterprise=enterprise))
    found = rows.filter(code=code).first() if "\x00" not in code else None
    if found is None:
        raise InputError("enterprise_file.not_its_outlet", value=code.replace("\x00", ""))
    return found


def why(
    store: Store,
    one: Judged,
    parameter: str,
    quarter: Quarter,
    today: date,
    as_of: datetime | None = None,
) -> dict[str, Any]:
    """Return why a cell is what it is, reckoned anew: every day, the limits with their clauses, the rules.

    Parameters
    ----------
    as_of : datetime, optional
        The store as it was then.
    """
    cells = list(reckon(store, [one], quarter, today, parameters=[parameter], as_of=as_of))
    if not cells:
        raise InputError("enterprise_file.ahead", value=quarter.name)
    cell = cells[0]
    found = told(cell, cell.verdict)
    listed = days_from(quarter.first, len(cell.verdict.days))
    return {
        "outlet": one.row.code,
        "outlet_name": one.row.name,
        "parameter": parameter,
        "quarter": quarter.name,
        **{name: found[name] for name in ("state", *COUNTS)},
        "last": found["last"].isoformat(),
        "exceeding": found["days"],
        "limits": [limit_row(step) for step in cell.steps],
        "days": [
            {"day": day.isoformat(), "state": state}
            for day, state in zip(listed, cell.verdict.days, strict=True)
        ],
        "steps": _sentences(cell),
        "cautions": _cautions(cell.judged, parameter, found),
    }


def _sentences(cell: Cell) -> list[dict[str, str]]:
    """Return the arithmetic in the reader's language, step by step, each with its clause."""
    verdict = cell.verdict
    steps = [{"text": _limit(step), "clause": step["clause"]} for step in map(limit_row, cell.steps)]
    counts = {"due": verdict.due, "stopped": verdict.count("stopped"), "missing": verdict.count("missing")}
    steps.append({"text": text("enterprise_file.why_days", **counts), "clause": ""})
    share = judging()["quarter"]["valid_share"]
    needed = {"valid": verdict.valid, "needed": verdict.needed, "share": share}
    steps.append(
        {"text": text("enterprise_file.why_valid", **needed), "clause": judging()["quarter"]["basis"]}
    )
    steps.append({"text": text("enterprise_file.why_over", over=verdict.count("over")), "clause": ""})
    return [*steps, {"text": text(f"enterprise_file.why_{verdict.state}"), "clause": ""}]


def _limit(step: Mapping[str, Any]) -> str:
    words = {name: step[name] for name in ("value", "unit", "standard", "first", "until")}
    averaging = text(f"enterprise_file.by_{step['averaging']}")
    bound = text(f"enterprise_file.bound_{step['bound']}")
    basis = text(f"enterprise_file.basis_{step['basis']}")
    return text("enterprise_file.why_limit", averaging=averaging, bound=bound, basis=basis, **words)


def _cautions(one: Judged, parameter: str, found: Mapping[str, Any]) -> list[str]:
    """Return what is not certain of the judgement."""
    unstated = any(term.parameter == parameter and not term.averaging for term in one.subject.permits)
    said = [text("enterprise_file.unstated")] if unstated and found["limits"] else []
    return [*said, text("enterprise_file.share_confidence", note=judging()["quarter"]["note"][language()])]
