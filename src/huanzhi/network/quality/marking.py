"""Marks by people 人工标记: their kinds, effects and time limit as the rules in force say."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from huanzhi import standards
from huanzhi.assess.quality_flags import Effect
from huanzhi.errors import InputError
from huanzhi.library.reviews import Held, Ledger, Mark, Role
from huanzhi.standards.model import Row
from huanzhi.standards.periods import CHINA, Period, china_date

STANDARD = "MARKING RULES"


def kinds(day: date) -> dict[str, Row]:
    """Return the kinds of marks in force on `day` by their names."""
    return {str(row["name"]): row for row in standards.in_force(STANDARD, day).table("kinds").rows}


def deadline(day: date) -> datetime | None:
    """Return until when an enterprise may mark data of a China day; None where there is no limit.

    References
    ----------
    .. [1] 生态环境部公告2022年第21号: 次日12时前.
    """
    edition = standards.in_force(STANDARD, day)
    if "deadline" not in edition.tables:
        return None
    row = edition.table("deadline").row("next_day")
    last = day + timedelta(days=int(row["days"]))
    return datetime(last.year, last.month, last.day, int(row["hour"]), tzinfo=CHINA)


def add_mark(
    ledger: Ledger,
    *,
    feature: str,
    parameter: str,
    period: Period,
    start: int,
    end: int,
    kind: str,
    reason: str,
    who: str,
    role: Role,
    at: datetime,
) -> Held:
    """Add a person's mark; an enterprise's mark after the time limit is kept without effect.

    Raises
    ------
    InputError
        If the rules have no such kind, or as `Ledger.mark` says.
    """
    known = kinds(china_date(start))
    if kind not in known:
        raise InputError("quality.no_kind", value=kind, expected=", ".join(known))
    limit = deadline(china_date(start))
    late = role is Role.ENTERPRISE and limit is not None and at >= limit
    effect = Effect(known[kind]["effect"])
    mark = Mark(feature, parameter, str(period), start, end, kind, effect, reason=reason, late=late)
    return ledger.mark(mark, who, role, at)
