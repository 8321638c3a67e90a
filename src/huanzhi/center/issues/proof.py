"""Proof 整改成效证明: the curve of the sensor that raised an issue, read from the store and judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from huanzhi.assess.cure import Healing, healed
from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.assess.states import State
from huanzhi.center.issues.models import Issue, Step
from huanzhi.center.issues.settings import settings
from huanzhi.errors import StoreError
from huanzhi.library.series import Store, open_store
from huanzhi.messages import text

_STEPS = {"instant": 0, "minute": 60, "ten_minutes": 600, "hour": 3600, "day": 86_400}
_DOUBT = int(
    DeviceFlag.STOPPED
    | DeviceFlag.MAINTENANCE
    | DeviceFlag.MANUAL
    | DeviceFlag.FAULT
    | DeviceFlag.CALIBRATION
    | DeviceFlag.OVER_RANGE
    | DeviceFlag.LINK_BROKEN
    | DeviceFlag.POWER
    | DeviceFlag.ABNORMAL
    | DeviceFlag.STANDARD_CHECK
)
"""What a device says of a value that is no proof; a plant that stands still proves no cure."""


@dataclass(frozen=True, slots=True)
class Cure:
    """What the curve shows since the work was done; `need` and `least` are what was asked."""

    proved: bool
    feature: str
    parameter: str
    period: str
    start: str
    valid: int
    over: int
    run: int
    share: float
    need: int
    least: float
    limit: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    def words(self) -> str:
        """Return in the reader's language what the curve shows and what it should."""
        return text("issues.cure", need=self.need, run=self.run, over=self.over, valid=self.valid)


def prove(issue: Issue, home: Path | None = None) -> Cure:
    """Judge the curve of the sensor since the last work on an issue.

    Raises
    ------
    StoreError
        Other than that there is no store: without one nothing is proved.
    """
    try:
        with open_store("read", home) as store:
            return cure_of(store, issue)
    except StoreError as error:
        if error.key != "series.none_here":
            raise
        return _none(issue)


def cure_of(store: Store, issue: Issue, start: datetime | None = None) -> Cure:
    """Judge the curve of the sensor in an open store, from `start` or the end of the last work on."""
    begin = start or _worked(issue)
    period = _period(issue)
    rows = store.range([issue.place], [issue.parameter], period, begin) if begin and issue.place else None
    if rows is None or not rows.num_rows:
        return _none(issue)
    low, high = bounds(issue.facts)
    scale = max([*(_decimals(one) for one in (low, high)), *rows.column("decimals").to_pylist()])
    units = [
        0 if value is None else int(value) * 10 ** (scale - places)
        for value, places in zip(
            rows.column("value").to_pylist(), rows.column("decimals").to_pylist(), strict=True
        )
    ]
    state, flag = (np.asarray(rows.column(name), dtype=np.int64) for name in ("state", "flag"))
    known = np.isin(state, [State.VALUE, State.BELOW_DETECTION]) & (flag & _DOUBT == 0)
    known &= ~np.asarray(rows.column("value").is_null())
    asked = settings()["proof"].get(period, settings()["proof"]["hour"])
    found = healed(
        np.array(units, dtype=np.int64),
        known,
        np.asarray(rows.column("time"), dtype=np.int64),
        low=_scaled(low, scale),
        high=_scaled(high, scale),
        need=asked["values"],
        step=_STEPS.get(period, 0),
        share=Fraction(str(asked["share"])),
    )
    return _cure(issue, begin, found)


def bounds(facts: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and the most that the facts of an issue allow; None where they say nothing."""
    told = facts.get("limit")
    told = told if isinstance(told, Mapping) else {"value": told, "bound": facts.get("side", "max")}
    value = _number(told.get("value"))
    if str(told.get("bound", "max")) in ("min", "lower", "least", "low"):
        return value, None
    return _number(told.get("low")), value


def _none(issue: Issue) -> Cure:
    return _cure(issue, _worked(issue), Healing(False, 0, 0, 0, Fraction(0)))


def _cure(issue: Issue, begin: datetime | None, found: Healing) -> Cure:
    period = _period(issue)
    asked = settings()["proof"].get(period, settings()["proof"]["hour"])
    limit = [str(one) for one in bounds(issue.facts) if one is not None]
    return Cure(
        found.proved,
        issue.place,
        issue.parameter,
        period,
        begin.isoformat(timespec="seconds") if begin else "",
        found.valid,
        found.over,
        found.run,
        round(float(found.share), 4),
        asked["values"],
        asked["share"],
        "–".join(limit),
    )


def _worked(issue: Issue) -> datetime | None:
    step = Step.objects.filter(issue=issue, transition="rectify").order_by("-number").first()
    return step.at if step else None


def _period(issue: Issue) -> str:
    told = str(issue.facts.get("period") or "hour")
    return told if told in settings()["proof"] else "hour"


def _number(told: Any) -> Decimal | None:
    if told in (None, ""):
        return None
    try:
        number = Decimal(str(told))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _decimals(number: Decimal | None) -> int:
    return 0 if number is None else max(0, -int(number.as_tuple().exponent))


def _scaled(number: Decimal | None, scale: int) -> int | None:
    return None if number is None else int(number.scaleb(scale))
