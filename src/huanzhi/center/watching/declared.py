"""Declared rules 自建规则: what a rule of a city looks at, as data; and the kernels that hold it over series.

A declaration is never a program: it names places, an item, a period and one of a few sorts of comparison. The
same kernels run in a trial over the past and in regular work: what a trial shows is what the rule will raise.
Values are whole numbers of ``10**-decimals``; a limit between two of them is never rounded onto one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
import numpy.typing as npt

from huanzhi.errors import InputError
from huanzhi.library.series.model import KINDS

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

SORTS = ("compare", "rate", "lost", "combination", "forecast")
PERIODS = ("minute", "hour", "day")
SIDES = ("over", "under")
AGAINST = ("value", "limit")
WHERE = ("place", "enterprise", "region")
MOST = {"n": 60, "m": 60, "periods": 1000, "step": 48, "release": 100, "minutes": 10080, "places": 500}
"""Largest numbers that a declaration may name. Ours."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration that was checked.

    Attributes
    ----------
    sort : str
        ``compare``: a value beyond a bound in `n` of `m` periods; ``rate``: a change over `step` periods
        beyond a bound; ``lost``: no value for `periods`; ``combination``: two rules within `minutes`;
        ``forecast``: the forecast AQI of a region beyond a bound on `n` of the next `m` days.
    against : str
        ``value``: `value` in the unit of the platform; ``limit``: `share` of the limit of the edition,
        permit or target of each moment.
    release : int
        Periods without a sign until the warning ends.
    """

    sort: str
    kind: str = ""
    places: tuple[str, ...] = ()
    parameter: str = ""
    period: str = "hour"
    side: str = "over"
    against: str = "value"
    value: Decimal | None = None
    share: Decimal = Decimal(1)
    n: int = 1
    m: int = 1
    step: int = 1
    periods: int = 1
    release: int = 2
    first: str = ""
    second: str = ""
    minutes: int = 60
    where: str = "place"

    def as_dict(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {
            name: _plain(getattr(self, name))
            for name in _NEEDED[self.sort]
            if getattr(self, name) is not None
        } | {"sort": self.sort}


_SERIES = ("kind", "places", "parameter", "period", "release")
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "compare": (*_SERIES, "side", "against", "value", "share", "n", "m"),
    "rate": (*_SERIES, "side", "value", "step"),
    "lost": (*_SERIES, "periods"),
    "combination": ("first", "second", "minutes", "where"),
    "forecast": ("side", "value", "n", "m"),
}
_CHOICES = {
    "kind": KINDS,
    "period": PERIODS,
    "side": SIDES,
    "against": AGAINST,
    "where": WHERE,
}


def declared(given: Mapping[str, Any]) -> Declared:
    """Check a declaration.

    Raises
    ------
    InputError
        ``warnings.spec`` with the field, what it holds and what was expected.
    """
    sort = str(given.get("sort", ""))
    if sort not in SORTS:
        raise _wrong("sort", sort, ", ".join(SORTS))
    known = _NEEDED[sort]
    for name in given:
        if name != "sort" and name not in known:
            raise _wrong(name, str(name), ", ".join(known))
    values: dict[str, Any] = {"sort": sort}
    for name in known:
        if given.get(name) not in (None, "", []):
            values[name] = _read(name, given[name])
    made = Declared(**values)
    _complete(made)
    return made


def _read(name: str, raw: Any) -> Any:
    if name in _CHOICES:
        if raw not in _CHOICES[name]:
            raise _wrong(name, raw, ", ".join(_CHOICES[name]))
        return raw
    if name in ("value", "share"):
        return _number(name, raw)
    if name == "places":
        if not isinstance(raw, list | tuple) or len(raw) > MOST["places"]:
            raise _wrong(name, raw, f"≤ {MOST['places']}")
        return tuple(str(one)[:64] for one in raw)
    if name in MOST:
        return _count(name, raw)
    return str(raw)[:40]


def _number(name: str, raw: Any) -> Decimal:
    try:
        found = Decimal(str(raw)) if not isinstance(raw, bool) else Decimal("nan")
    except InvalidOperation:
        found = Decimal("nan")
    if not found.is_finite() or abs(found) > Decimal(10) ** 12 or len(str(raw)) > 30:
        raise _wrong(name, raw, "0.5")
    if name == "share" and found <= 0:
        raise _wrong(name, raw, "> 0")
    return found


def _count(name: str, raw: Any) -> int:
    if isinstance(raw, bool) or not str(raw).isdigit() or not 1 <= int(raw) <= MOST[name]:
        raise _wrong(name, raw, f"1–{MOST[name]}")
    return int(raw)


def _complete(made: Declared) -> None:
    missing = {
        "compare": [("parameter", made.parameter), ("kind", made.kind)],
        "rate": [("parameter", made.parameter), ("kind", made.kind), ("value", made.value)],
        "lost": [("parameter", made.parameter), ("kind", made.kind)],
        "combination": [("first", made.first), ("second", made.second)],
        "forecast": [("value", made.value)],
    }[made.sort]
    for name, value in missing:
        if value in (None, ""):
            raise _wrong(name, None, "…")
    if made.sort == "compare" and made.against == "value" and made.value is None:
        raise _wrong("value", None, "0.5")
    if made.n > made.m:
        raise _wrong("n", made.n, f"≤ {made.m}")
    if made.sort == "combination" and made.first == made.second:
        raise _wrong("second", made.second, "≠ first")


def _wrong(name: str, value: Any, expected: str) -> InputError:
    shown = None if value is None else str(value)[:60]
    return InputError("warnings.spec", column=name, value=shown, expected=expected)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return list(value) if isinstance(value, tuple) else value


def beyond(units: Ints, known: Bools, bounds: Ints, side: str) -> Bools:
    """Return where known values lie beyond their bound, shape (t,)."""
    return known & ((units > bounds) if side == "over" else (units < bounds))


def bound_of(limit: Decimal | Fraction, decimals: int, side: str) -> int:
    """Return the whole number of ``10**-decimals`` beyond which a value passes a limit exactly."""
    exact = Fraction(limit) * 10**decimals
    return floor(exact) if side == "over" else ceil(exact)


def n_of_m(signs: Bools, n: int, m: int) -> Bools:
    """Return where a sign stands that closes a window of `m` with at least `n` signs, shape (t,)."""
    if not len(signs):
        return signs
    sums = np.concatenate([[0], np.cumsum(signs, dtype=np.int64)])
    begin = np.maximum(np.arange(1, len(signs) + 1) - m, 0)
    return np.asarray(signs & (sums[1:] - sums[begin] >= n))


def changes(units: Ints, known: Bools, step: int, bound: int, side: str) -> Bools:
    """Return where a value has grown (``over``) or fallen by more than `bound` in `step` periods."""
    found = np.zeros(len(units), dtype=np.bool_)
    if len(units) <= step:
        return found
    change = np.where(known[step:] & known[:-step], units[step:] - units[:-step], 0)
    found[step:] = (change > bound) if side == "over" else (-change > bound)
    return found & known


def missing_run(known: Bools, periods: int) -> Bools:
    """Return where nothing has been known for at least `periods` in a row, after something was known once."""
    index = np.arange(len(known))
    last = np.maximum.accumulate(np.where(known, index, -1))
    return np.asarray((last >= 0) & (index - last >= periods))


def spells(signs: Bools, release: int) -> list[tuple[int, int]]:
    """Return first and last sign of each spell: signs up to `release` periods apart are one (hysteresis)."""
    found: list[tuple[int, int]] = []
    for place in np.flatnonzero(signs).tolist():
        if found and place - found[-1][1] <= release:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found
