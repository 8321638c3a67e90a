"""Execution reports 执行报告: filled in, handed in, held against the monitors, accepted or returned.

The enterprise states quantities by outlet and parameter; one that it leaves out needs words. On handing
in each is held against what the monitors have, and stays so. Who hands in does not review.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django.db import transaction

from huanzhi.assess.emission.agreement import Tolerance, agreement
from huanzhi.assess.emission.amounts import TONNE, tonnes
from huanzhi.assess.exact import round_fraction
from huanzhi.ecocode.permits.calendar import finish, today, valid_permits
from huanzhi.ecocode.permits.models import Duty, Report
from huanzhi.ecocode.permits.online import Series, months_of, of_period
from huanzhi.ecocode.permits.periods import Span, read
from huanzhi.ecocode.permits.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise, Permit, PermitLimit
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor, require, thing_of

ANSWERS = ("compliance", "abnormal", "ledger", "monitoring", "disclosure")
"""What is answered in words besides the quantities."""
LONGEST = 2000
MOST_ROWS = 500
Row = dict[str, Any]


def begin(actor: Actor, duty: Duty) -> Report:
    """Return the report of a duty; a new draft with an empty row for each outlet and parameter of the permit.

    Raises
    ------
    InputError
        If the duty is none of a report, or the actor may not.
    """
    if duty.kind not in settings()["duty"] or settings()["duty"][duty.kind]["group"] != "report":
        raise InputError("permits.no_report", value=duty.kind)
    code = f"{duty.enterprise.code}.{duty.kind}.{duty.period}"
    known = Report.objects.select_related("enterprise__region", "enterprise__organisation", "permit")
    found: Report | None = known.filter(code=code).first()
    if found is not None:
        return found
    permit = duty.permit or _permit(duty.enterprise, duty)
    made = Report(
        code=code,
        enterprise=duty.enterprise,
        permit=permit,
        sort=duty.kind,
        period=duty.period,
        due=duty.due,
        rows=blank_rows(duty.enterprise),
        answers={},
        simulated=duty.enterprise.simulated,
    )
    save(actor, made)
    return made


def _permit(enterprise: Enterprise, duty: Duty) -> Permit:
    found: Permit | None = valid_permits(duty.due).filter(enterprise=enterprise).first()
    if found is None:
        raise InputError("permits.no_permit", value=enterprise.code)
    return found


def blank_rows(enterprise: Enterprise) -> list[Row]:
    """Return an empty row for each outlet and parameter whose quantity, or else content, a permit limits."""
    rows = PermitLimit.objects.filter(enterprise=enterprise, outlet__isnull=False)
    amounts = rows.filter(measure="amount")
    named = (amounts or rows.filter(measure="concentration")).select_related("outlet")
    places = sorted({(one.outlet.code, one.outlet.name, one.parameter) for one in named if one.outlet})
    return [
        {"outlet": code, "outlet_name": name, "parameter": parameter, "tonnes": "", "words": ""}
        for code, name, parameter in places
    ]


def fill(
    actor: Actor, report: Report, rows: Sequence[Mapping[str, Any]], answers: Mapping[str, str]
) -> Report:
    """Write quantities and answers into a draft or a returned report.

    Raises
    ------
    InputError
        If the report is handed in already, or a row names what is not in it, or a quantity is none.
    """
    if report.state not in ("draft", "returned"):
        raise InputError("permits.not_now", value=report.code)
    report.rows, report.answers = _filled(report, rows), _answers(answers)
    save(actor, report)
    return report


def _filled(report: Report, given: Sequence[Mapping[str, Any]]) -> list[Row]:
    known = {(row["outlet"], row["parameter"]): dict(row) for row in report.rows}
    for number, row in enumerate(given[:MOST_ROWS], 1):
        key = (str(row.get("outlet", "")), str(row.get("parameter", "")))
        if key not in known:
            raise InputError("permits.no_row", row=number, column="outlet", value="/".join(key)[:100])
        written = str(row.get("tonnes") or "").strip()
        if written and not _is_quantity(written):
            raise InputError("permits.quantity", row=number, column="tonnes", value=written[:40])
        words = str(row.get("words") or "").strip()[:500]
        known[key] = {**known[key], "tonnes": written, "words": words}
    return list(known.values())


def _is_quantity(written: str) -> bool:
    try:
        number = Decimal(written)
    except InvalidOperation:
        return False
    return len(written) <= 20 and number.is_finite() and 0 <= number < 10**9


def _answers(given: Mapping[str, str]) -> dict[str, str]:
    unknown = set(given) - set(ANSWERS)
    if unknown:
        name = min(unknown)
        raise InputError("permits.choice", column="answers", value=name[:40], expected=", ".join(ANSWERS))
    return {name: words.strip()[:LONGEST] for name, words in given.items()}


def submit(actor: Actor, report: Report, now: datetime) -> Report:
    """Hand a report in: every row has a quantity or says why not; the duty is done and a receipt given.

    Raises
    ------
    InputError
        If something lacks, the period is not over, or the actor may not.
    """
    if report.state not in ("draft", "returned"):
        raise InputError("permits.not_now", value=report.code)
    _complete(report)
    day = today(now)
    if day < read(report.period).after:
        raise InputError(
            "permits.too_early", value=day.isoformat(), expected=read(report.period).after.isoformat()
        )
    with transaction.atomic():
        report.rows = compared(report)
        report.agreement = _worst([row["agreement"] for row in report.rows])
        report.state, report.submitted, report.submitted_by = "submitted", now, actor.code
        report.receipt = receipt_of(report)
        _step(report, actor, "submit", "", now)
        save(actor, report)
        duty = _duty_of(report)
        if duty is not None and duty.standing == "open":
            finish(actor, duty, day, source=f"{Report.KIND}:{report.code}")
    return report


def _complete(report: Report) -> None:
    for number, row in enumerate(report.rows, 1):
        if not row["tonnes"] and not row["words"]:
            raise InputError("permits.row_open", row=number, column="tonnes", value=row["outlet"])
    if not report.answers.get("compliance"):
        raise InputError("permits.answer", column="compliance")


def compared(report: Report) -> list[Row]:
    """Return the rows of a report with what the monitors have, and whether they agree."""
    span = read(report.period)
    series = of_period(months_of(report.enterprise.code, span.year), span)
    return [
        {**row, **_compared(row, series.get((row["outlet"], row["parameter"])), span)} for row in report.rows
    ]


def _compared(row: Row, series: Series | None, span: Span) -> Row:
    ours = settings()["ours"]["tolerance"]
    tolerance = Tolerance(*(Fraction(ours[name]) for name in ("relative", "absolute", "known")))
    reported = Fraction(Decimal(row["tonnes"])) if row["tonnes"] else None
    measured = Fraction(series.amount.total, TONNE) if series else None
    known = series.known_share(span) if series else None
    found = agreement(reported, measured, known, tolerance)
    return {
        "online": str(tonnes(series.amount.total)) if series else None,
        "known": _percent(known),
        "difference": _written(found.difference, 6),
        "relative": _percent(found.relative),
        "agreement": found.state,
    }


def _written(value: Fraction | None, decimals: int) -> str | None:
    return None if value is None else str(Decimal(round_fraction(value, decimals)).scaleb(-decimals))


def _percent(value: Fraction | None) -> str | None:
    return _written(None if value is None else value * 100, 1)


def _worst(states: Sequence[str]) -> str:
    order = ("lower", "higher", "unknown", "agrees")
    return next((one for one in order if one in states), "unknown")


def receipt_of(report: Report) -> str:
    """Return the receipt: the SHA-256 of what was handed in, so that both sides can prove it."""
    told = {name: getattr(report, name) for name in ("code", "rows", "answers", "submitted_by")}
    told["submitted"] = report.submitted.isoformat() if report.submitted else ""
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def review(actor: Actor, report: Report, verdict: str, words: str, now: datetime) -> Report:
    """Accept a report or return it with reasons; a returned one is due again some days later.

    Raises
    ------
    InputError
        If the actor may not, handed it in himself, gives no reason, or it is not waiting.
    """
    require(actor, "approve", thing_of(report))
    if report.state != "submitted":
        raise InputError("permits.not_now", value=report.code)
    if actor.code == report.submitted_by:
        raise InputError("permits.same_person")
    if verdict == "returned" and not words.strip():
        raise InputError("permits.words", column="words")
    with transaction.atomic():
        report.state, report.review = verdict, words.strip()[:LONGEST]
        report.reviewed, report.reviewed_by = now, actor.code
        _step(report, actor, verdict, report.review, now)
        if verdict == "returned":
            report.due = max(report.due, today(now) + timedelta(days=settings()["ours"]["correct_days"]))
            _open_again(actor, report)
        save(actor, report, report.review)
    return report


def _open_again(actor: Actor, report: Report) -> None:
    duty = _duty_of(report)
    if duty is not None and duty.standing == "done":
        duty.standing, duty.done, duty.due = "open", None, report.due
        save(actor, duty, report.review)


def _duty_of(report: Report) -> Duty | None:
    rows = Duty.objects.select_related("enterprise__region", "enterprise__organisation")
    found: Duty | None = rows.filter(
        enterprise=report.enterprise, kind=report.sort, period=report.period
    ).first()
    return found


def _step(report: Report, actor: Actor, name: str, words: str, now: datetime) -> None:
    step = {
        "at": now.isoformat(),
        "by": actor.code,
        "step": name,
        "words": words,
        "agreement": report.agreement,
    }
    report.steps = [*report.steps, step]
