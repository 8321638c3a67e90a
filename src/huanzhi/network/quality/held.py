"""What the store holds 库中序列: which series, and where their values begin and end."""

from __future__ import annotations

from collections.abc import Sequence

from huanzhi.library.series import Store
from huanzhi.library.series.schema import STEPS
from huanzhi.standards.periods import Period


def series_of(
    store: Store, features: Sequence[str] | None, parameters: Sequence[str] | None, period: Period
) -> dict[str, list[str]]:
    """Return the parameters that the store holds for a period, by feature."""
    last = store.last(features, parameters).to_pydict()
    found: dict[str, list[str]] = {}
    for feature, parameter, held in zip(last["feature"], last["parameter"], last["period"], strict=True):
        if held == str(period) and is_main(parameter):
            found.setdefault(feature, []).append(parameter)
    return found


def is_main(parameter: str) -> bool:
    """Return whether a parameter is a value itself, no minimum or total beside it (``w01018-Max``)."""
    _, dash, kind = parameter.rpartition("-")
    return not dash or not kind[:1].isupper()


def begun_before(
    store: Store, period: Period, moment: int, revision: int | None = None
) -> frozenset[tuple[str, str]]:
    """Return the series (feature, parameter) that have rows before `moment`."""
    found = store.aggregate(None, period, None, moment, step="year", as_of=revision).to_pydict()
    return frozenset(zip(found["group"], found["parameter"], strict=True))


def newest(store: Store, period: Period) -> int:
    """Return where the newest value of a period ends, seconds UTC; 0 for a store without any."""
    last = store.last().to_pydict()
    rows = zip(last["time"], last["period"], strict=True)
    return max((time + STEPS[period] for time, held in rows if held == str(period)), default=0)
