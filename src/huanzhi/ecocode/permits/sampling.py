"""Self-monitoring 自行监测: the plan, and results as written, held against the limit of their day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from huanzhi.ecocode.permits.calendar import finish, renew
from huanzhi.ecocode.permits.models import Duty, Requirement, Sample
from huanzhi.ecocode.permits.periods import read
from huanzhi.ecocode.permits.settings import checked
from huanzhi.errors import InputError, StandardError
from huanzhi.library.enterprises.models import Outlet, PermitLimit
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor
from huanzhi.standards.units import factor

_NUMBER = r"\d{1,12}(?:\.\d{1,9})?"
_BELOW = re.compile(rf"(?:[<＜]\s*({_NUMBER})|({_NUMBER})\s*[Ll])")
_VALUE = re.compile(_NUMBER)
_NONE = ("", "-", "--", "—", "/")


def require_sample(
    actor: Actor, outlet: Outlet, parameter: str, frequency: str, day: date, method: str = ""
) -> Requirement:
    """Put a line into the plan of an enterprise; its duties follow at once."""
    made = Requirement(
        code=f"{outlet.code}.{parameter}",
        enterprise=outlet.enterprise,
        outlet=outlet,
        parameter=parameter,
        frequency=checked("frequency", frequency, "frequency"),
        method=method[:200],
        valid_from=day,
        simulated=outlet.simulated,
    )
    with transaction.atomic():
        save(actor, made)
        renew(day, outlet.enterprise.code)
    return made


def read_value(written: str) -> tuple[str, Decimal | None]:
    """Return the state of a result as it was written, and its number: the limit of detection where below it.

    Raises
    ------
    InputError
        ``permits.value`` if it is neither a value, nor below detection (``<0.5``, ``0.5L``), nor empty.
    """
    told = written.strip().translate(str.maketrans("０１２３４５６７８９．", "0123456789."))
    if told in _NONE:
        return "missing", None
    below = _BELOW.fullmatch(told)
    if below:
        return "below_detection", Decimal(below[1] or below[2])
    if _VALUE.fullmatch(told) is None:
        raise InputError("permits.value", column="written", value=written[:30], expected="12.5, <0.5, 0.5L")
    return "value", Decimal(told)


def hand_in(actor: Actor, requirement: Requirement, given: Mapping[str, Any], day: date) -> Sample:
    """Hand in a result, as the enterprise or its laboratory; the duty of its period is done by it.

    Parameters
    ----------
    given : mapping
        ``day``, ``written``, ``unit``, ``laboratory``, ``report_number``, ``words``.
    day : date
        Today.

    Raises
    ------
    InputError
        If the day lies ahead, the value is none, or a missing one has no words.
    """
    if given["day"] > day:
        raise InputError("permits.future", column="day", value=given["day"].isoformat())
    state, number = read_value(given["written"])
    words = str(given.get("words", "")).strip()
    if state == "missing" and not words:
        raise InputError("permits.words", column="words")
    judged, limit, basis = judge(requirement, state, number, given.get("unit", ""), given["day"])
    made = Sample(
        code=f"{requirement.code}.{given['day']:%Y%m%d}.{_next(requirement, given['day'])}",
        enterprise=requirement.enterprise,
        requirement=requirement,
        day=given["day"],
        written=given["written"].strip(),
        value_state=state,
        unit=given.get("unit", ""),
        laboratory=str(given.get("laboratory", ""))[:200],
        report_number=str(given.get("report_number", ""))[:100],
        limit=limit,
        limit_basis=basis[:300],
        judged=judged,
        words=words[:500],
        simulated=requirement.simulated,
    )
    with transaction.atomic():
        save(actor, made)
        if state != "missing":
            _done(actor, requirement, made, day)
    return made


def _next(requirement: Requirement, day: date) -> int:
    return int(Sample.objects.filter(requirement=requirement, day=day).count()) + 1


def _done(actor: Actor, requirement: Requirement, sample: Sample, day: date) -> None:
    subject = f"{requirement.outlet.code}/{requirement.parameter}"
    rows = Duty.objects.select_related("enterprise__region", "enterprise__organisation")
    for duty in rows.filter(
        enterprise=requirement.enterprise, kind="monitoring", subject=subject, standing="open"
    ):
        span = read(duty.period)
        if span.begins <= sample.day < span.after:
            finish(actor, duty, sample.day, source=f"{Sample.KIND}:{sample.code}"[:120])


def judge(
    requirement: Requirement, state: str, number: Decimal | None, unit: str, day: date
) -> tuple[str, str, str]:
    """Return how a result stands by the limit of content of its day, the limit, and its basis.

    What is below detection is within only where the limit of detection itself is; missing is unknown.
    """
    rows = PermitLimit.objects.filter(
        outlet=requirement.outlet, parameter=requirement.parameter, measure="concentration"
    )
    limit = next((one for one in rows.order_by("pk") if one.holds(day)), None)
    if limit is None:
        return "unknown", "", ""
    basis = " ".join(part for part in (limit.standard, limit.clause, limit.permit.code) if part)
    shown = f"{limit.value_least} – {limit.value}" if limit.value_least else limit.value
    if number is None:
        return "unknown", shown, basis
    try:
        scale = factor(unit, limit.unit) if unit and limit.unit and unit != limit.unit else 1
    except StandardError:
        return "unknown", shown, basis
    value = number * Decimal(scale.numerator) / Decimal(scale.denominator) if scale != 1 else number
    low = limit.value_least and value < Decimal(limit.value_least)
    if value > Decimal(limit.value) or low:
        return ("unknown" if state == "below_detection" else "over"), shown, basis
    return "within", shown, basis
