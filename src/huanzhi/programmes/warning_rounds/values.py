"""Values for rounds 研判取数: hours and days of places, exact, oldest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from huanzhi.assess.states import State
from huanzhi.library.series import Store
from huanzhi.programmes.place.limits import NOT_JUDGED
from huanzhi.standards.periods import Period

Series = Mapping[tuple[str, str], list["Valued"]]
_KNOWN = (int(State.VALUE), int(State.BELOW_DETECTION))


@dataclass(frozen=True, slots=True)
class Valued:
    """One value: start of its period [s UTC], the exact number, whether it may be judged."""

    time: int
    value: Fraction
    judged: bool


def read(
    store: Store, codes: Sequence[str], period: Period, start: int, end: int, parameters: Sequence[str] = ()
) -> Series:
    """Return the values in [`start`, `end`) by place and parameter, oldest first; none where missing."""
    found: dict[tuple[str, str], list[Valued]] = defaultdict(list)
    if not codes:
        return found
    table = store.range(list(codes), list(parameters) or None, period, start, end)
    names = ("feature", "parameter", "time", "value", "decimals", "state", "flag")
    for feature, parameter, time, value, decimals, state, flag in zip(
        *(table.column(name).to_pylist() for name in names), strict=True
    ):
        if value is None or state not in _KNOWN:
            continue
        exact = Fraction(value) / Fraction(10) ** decimals
        moment = int(time.timestamp()) if hasattr(time, "timestamp") else int(time)
        found[feature, parameter].append(Valued(moment, exact, not flag & int(NOT_JUDGED)))
    return found


def run_over(values: Iterable[Valued], limit: Fraction, step: int, *, upper: bool = True) -> int:
    """Return how many of the last values in a row lie beyond a limit, without a gap of more than one step."""
    count, before = 0, 0
    for one in reversed(list(values)):
        if not one.judged or (before and before - one.time > 2 * step):
            break
        if (one.value <= limit) if upper else (one.value >= limit):
            break
        count, before = count + 1, one.time
    return count


def newest(series: Series) -> Iterator[tuple[str, str, list[Valued]]]:
    """Go through the series that have values."""
    for (feature, parameter), values in series.items():
        if values:
            yield feature, parameter, values
