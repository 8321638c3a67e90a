"""Origins 数据来历: every revision of a stored value with its batch, file, row and digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from huanzhi.assess.states import State
from huanzhi.library.series import Store
from huanzhi.standards.parameters import parameter
from huanzhi.standards.periods import CHINA, Period, to_china


@dataclass(frozen=True, slots=True)
class Origin:
    """One revision of one observation.

    Attributes
    ----------
    value : str
        As reported: a number, ``<0.01`` below detection, empty where missing or withdrawn.
    state : str
        ``value``, ``missing``, ``below_detection`` or ``withdrawn``.
    row : int
        Row in the source file; 0 where there is none.
    current : bool
        Whether it is the newest revision.
    """

    feature: str
    item: str
    time: datetime
    value: str
    state: str
    revision: int
    batch: str
    file: str
    row: int
    sha256: str
    at: datetime
    current: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the machine form."""
        return {name: getattr(self, name) for name in self.__slots__}


def origins(
    store: Store, feature: str, codes: Sequence[str], period: Period, times: Sequence[int]
) -> list[Origin]:
    """Return every revision of observations, oldest first, parameter by parameter."""
    found: list[Origin] = []
    for code in codes:
        for time in times:
            rows = store.history(feature, code, period, time).to_pylist()
            found += [_origin(feature, code, time, row, row is rows[-1]) for row in rows]
    return found


def _origin(feature: str, code: str, time: int, row: dict[str, Any], current: bool) -> Origin:
    return Origin(
        feature=feature,
        item=parameter(code).symbol,
        time=to_china(time),
        value=_value(row),
        state=State(row["state"]).name.lower(),
        revision=row["revision"],
        batch=row["batch"],
        file=row["source"],
        row=row["row"],
        sha256=row["sha256"],
        at=row["at"].astimezone(CHINA),
        current=current,
    )


def _value(row: dict[str, Any]) -> str:
    if row["value"] is None:
        return ""
    number = Decimal(row["value"]).scaleb(-row["decimals"])
    return f"{'<' if row['state'] == State.BELOW_DETECTION else ''}{number:f}"
