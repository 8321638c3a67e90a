"""Proposals 减征建议: the means of each month of a quarter, held against the limit in force on each day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from huanzhi import standards
from huanzhi.assess.exact import MISSING, Ints
from huanzhi.assess.explanation import Step
from huanzhi.assess.quality_series import Mask
from huanzhi.assess.tax.means import MonthMeans, Proposed, month_means, propose
from huanzhi.assess.tax.model import Discharge
from huanzhi.assess.tax.quarters import last_day, months_of
from huanzhi.assess.tax.reading import read
from huanzhi.assess.tax.tables import LAW, Law
from huanzhi.errors import StoreError
from huanzhi.library.enterprises.models import Outlet
from huanzhi.library.reviews import Ledger, Reviewed, reviewed
from huanzhi.library.series import Feature, Store, open_store
from huanzhi.messages import using
from huanzhi.programmes.emission.keeping import reviews
from huanzhi.programmes.emission.reading import FLOW, days_of, good_of, medium_of, stopped_of
from huanzhi.programmes.place.known import put_together
from huanzhi.programmes.place.limits import CONVERTED, LimitStep, limit_steps
from huanzhi.programmes.place.subject import Subject
from huanzhi.standards.parameters import all_parameters
from huanzhi.standards.periods import Period, start_of_day

Row = Mapping[str, Any]
AVERAGED = {"air": Period.HOUR, "water": Period.DAY}
"""Means that are held against the limit: of hours for air, of days for water (实施条例 第十条)."""
EPOCH = date(1970, 1, 1)


def proposals(enterprise_id: int, quarter: str, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return what article 13 may take off of the rows of online monitoring; none without a store."""
    try:
        with open_store("read") as store, reviews(store) as ledger:
            return of_store(store, ledger, enterprise_id, quarter, rows)
    except StoreError as error:
        if error.key != "series.none_here":
            raise
        return []


def of_store(
    store: Store, ledger: Ledger | None, enterprise_id: int, quarter: str, rows: Iterable[Row]
) -> list[dict[str, Any]]:
    """Return the proposals for rows, outlet by outlet, in their order."""
    law = Law.on(last_day(quarter))
    codes = {
        row["item"]: row["parameter"]
        for row in standards.in_force(LAW, last_day(quarter)).table("measured").rows
    }
    wanted: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.get("source") == "online" and row["item"] in codes:
            wanted[str(row["place"])].append(row)
    outlets = Outlet.objects.filter(enterprise=enterprise_id).in_bulk(wanted, field_name="code")
    found = []
    for code, given in wanted.items():
        if code in outlets:
            found += _outlet(store, ledger, outlets[code], quarter, given, codes, law)
    return found


def _outlet(
    store: Store,
    ledger: Ledger | None,
    outlet: Outlet,
    quarter: str,
    rows: Sequence[Row],
    codes: Mapping[str, str],
    law: Law,
) -> list[dict[str, Any]]:
    feature = Feature(outlet.code, outlet.name, "outlet", attributes=outlet.attributes)
    subject = put_together(feature, store.home).subject
    parameters = sorted({codes[row["item"]] for row in rows})
    views = {code: _view(store, ledger, outlet.code, code, quarter) for code in parameters}
    return [_proposal(subject, row, codes[row["item"]], views[codes[row["item"]]], law) for row in rows]


def _view(store: Store, ledger: Ledger | None, outlet: str, parameter: str, quarter: str) -> Reviewed:
    """Return the hours of a quarter: flow, content, and the content at the reference oxygen."""
    months = months_of(quarter)
    start, end = _begins(months[0]), start_of_day(last_day(quarter) + timedelta(days=1))
    flow = FLOW[medium_of(parameter)][0]
    names = [flow, parameter, f"{parameter}-{CONVERTED}"]
    return reviewed(store.window([outlet], names, Period.HOUR, start, end), ledger)


def _begins(month: str) -> int:
    return start_of_day(date.fromisoformat(f"{month}-01"))


def _proposal(subject: Subject, row: Row, parameter: str, view: Reviewed, law: Law) -> dict[str, Any]:
    given = read(row)
    assert isinstance(given, Discharge)
    name, contents, decimals, running = _hours(view, parameter)
    first = date.fromisoformat(f"{given.month}-01")
    after = (first + timedelta(days=32)).replace(day=1)
    low, high = start_of_day(first), start_of_day(after)
    inside = (view.window.times >= low) & (view.window.times < high)
    averaged = AVERAGED[given.medium]
    limits = [one for one in limit_steps(subject, name, averaged, low, high) if _judges(one)]
    days = days_of(view.window.times[inside])
    means = month_means(
        given.medium, contents[inside], decimals, running[inside], days, _by_day(limits, days)
    )
    unit = all_parameters()[parameter].unit
    made = propose(given, means, law, unit)
    return {
        **{key: row[key] for key in ("place", "month", "item")},
        "parameter": name,
        "unit": unit,
        "averaged": str(averaged),
        "from": first.isoformat(),
        "to": (after - timedelta(days=1)).isoformat(),
        **_figures(means),
        "limits": [_limit(one, unit) for one in limits],
        "verdict": made.verdict,
        "pays": str(Decimal(made.pays.numerator) / Decimal(made.pays.denominator)),
        "steps": _told(made, limits, unit),
        "state": "proposed" if made.verdict == "proposed" else "none",
    }


def _judges(step: LimitStep) -> bool:
    return step.applies and step.bound == "upper"


def _hours(view: Reviewed, parameter: str) -> tuple[str, Ints, int, Mask]:
    """Return the code that is judged, its hours, their decimals, and the hours in which the outlet ran.

    The content at the reference oxygen goes before the measured one where it came. A value that was put in by
    a review is not measured, so it counts as missing.
    """
    codes = view.window.parameters
    flow, plain, converted = 0, 1, 2
    place = converted if view.received[0, converted].any() else plain
    contents = np.where(view.substituted[0, place], MISSING, good_of(view, place))
    return codes[place], contents, view.window.decimals[place], ~stopped_of(view, [flow, place])


def _by_day(limits: Sequence[LimitStep], days: Ints) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for day in np.unique(days):
        moment = start_of_day(EPOCH + timedelta(days=int(day)))
        values = [one.value for one in limits if one.start <= moment < one.end]
        if values:
            found[int(day)] = min(values)
    return found


def _figures(means: MonthMeans) -> dict[str, Any]:
    told = {
        name: getattr(means, name)
        for name in ("within", "due", "known", "over", "hours", "missing", "stopped")
    }
    return {
        **told,
        "mean": None if means.mean is None else f"{means.mean:f}",
        "limit": None if means.limit is None else f"{means.limit:f}",
    }


def _limit(step: LimitStep, unit: str) -> dict[str, str]:
    return {
        "from": _day(step.start).isoformat(),
        "to": _day(step.end - 1).isoformat(),
        "value": f"{step.value:f}",
        "unit": unit,
        "basis": step.basis,
        "source": _source(step),
    }


def _day(moment: int) -> date:
    return EPOCH + timedelta(days=int(days_of(np.array([moment]))[0]))


def _source(step: LimitStep) -> str:
    return " ".join(part for part in (step.grade, step.standard, step.clause) if part)


def _told(made: Proposed, limits: Sequence[LimitStep], unit: str) -> list[dict[str, str]]:
    """Return the steps in both languages: the mean, the limits of the month, what article 13 says of them."""
    bounds = []
    for one in limits:
        told = _limit(one, unit)
        bounds.append(
            Step("tax.step_limit", {**told, "first": told["from"], "last": told["to"]}, _source(one))
        )
    steps = [*made.steps[:1], *bounds, *made.steps[1:]]
    texts = {}
    for language in ("zh", "en"):
        with using(language):  # type: ignore[arg-type]
            texts[language] = [one.sentence() for one in steps]
    return [
        {"zh": zh, "en": en, "clause": one.clause}
        for one, zh, en in zip(steps, texts["zh"], texts["en"], strict=True)
    ]
