"""Values seen 最新监测值: the newest row of every series that a layer needs, now or at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.assess.states import State
from huanzhi.library.series import Store

REVIEWED_FIRST = (
    DeviceFlag.MAINTENANCE
    | DeviceFlag.FAULT
    | DeviceFlag.CALIBRATION
    | DeviceFlag.OVER_RANGE
    | DeviceFlag.LINK_BROKEN
    | DeviceFlag.POWER
    | DeviceFlag.ABNORMAL
    | DeviceFlag.STANDARD_CHECK
    | DeviceFlag.UNKNOWN
)
"""Words of a device that put a value under review. DEFAULT, NOT FROM THE DOCUMENTS."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One row.

    Attributes
    ----------
    units : int or None
        Number of ``10**-decimals``; None where missing.
    time : int
        Start of its period [s UTC].
    """

    units: int | None
    decimals: int
    state: int
    flag: int
    time: int

    @property
    def value(self) -> Decimal | None:
        """The number as reported; None where there is none."""
        return None if self.units is None else Decimal(self.units).scaleb(-self.decimals)

    @property
    def text(self) -> str:
        """The number as a mark shows it; empty where there is none."""
        value = self.value
        if value is None:
            return ""
        return f"<{value:f}" if self.state == State.BELOW_DETECTION else f"{value:f}"

    @property
    def measured(self) -> bool:
        """Whether the row holds a number or says that it is below detection."""
        return self.state in (State.VALUE, State.BELOW_DETECTION)

    @property
    def under_review(self) -> bool:
        """Whether the device's own word puts the value under review."""
        return bool(self.flag & REVIEWED_FIRST)


Rows: TypeAlias = Mapping[str, Mapping[str, Seen]]
"""Feature → parameter → newest row."""

_COLUMNS = ("feature", "parameter", "value", "decimals", "state", "flag", "time")


def newest(
    store: Store,
    features: Sequence[str] | None,
    parameters: Sequence[str] | None,
    period: str,
    at: int | None = None,
    back: int = 0,
) -> Rows:
    """Return the newest row of every series.

    Parameters
    ----------
    period : str
        Period of the values; ``*`` for any.
    at, back : int
        A moment [s UTC] and how far back from it a row may lie; without a moment the newest there is.
    """
    if at is None:
        table = store.last(features, parameters)
        if period != "*":
            table = table.filter(pc.equal(table.column("period"), period))
        return _by_feature(_in_time(table))
    wanted = None if period == "*" else period
    return _by_feature(_in_time(store.range(features, parameters, wanted, at - back, at + 1)))


def _in_time(table: pa.Table) -> Iterable[tuple[object, ...]]:
    ordered = table.select(_COLUMNS).sort_by([("time", "ascending")])
    return zip(*(column.to_pylist() for column in ordered.columns), strict=True)


def _by_feature(rows: Iterable[tuple[object, ...]]) -> Rows:
    found: dict[str, dict[str, Seen]] = {}
    for feature, parameter, *rest in rows:
        found.setdefault(str(feature), {})[str(parameter)] = Seen(*rest)  # type: ignore[arg-type]
    return found
