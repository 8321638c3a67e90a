"""The reviewed view 审核后数据: a window of raw values with the marks and substitutes laid over it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from huanzhi.assess.exact import MISSING, Ints, rescale
from huanzhi.assess.quality_flags import Effect
from huanzhi.assess.states import State
from huanzhi.library.reviews.ledger import Ledger
from huanzhi.library.reviews.model import Held, HeldSubstitute, Role
from huanzhi.library.series import Window

Mask = npt.NDArray[np.bool_]

BITS = {effect: 1 << place for place, effect in enumerate(Effect)}
"""Bit of each effect in `Reviewed.effects`."""

_CLEARED = ~(BITS[Effect.SUSPECT] | BITS[Effect.INVALID])
_UNFIT = BITS[Effect.INVALID] | BITS[Effect.SHUTDOWN] | BITS[Effect.CHECK] | BITS[Effect.MISSING]
_WEIGHT = {role: weight for weight, role in enumerate(Role)}


@dataclass(frozen=True)
class Reviewed:
    """A window with its reviews.

    Attributes
    ----------
    window : Window
        The raw values, unchanged.
    effects : ndarray of int32, shape (f, p, t)
        Bits of :data:`BITS`.
    units : ndarray of int64, shape (f, p, t)
        Reviewed values at the window's decimals: raw where valid, the approved substitute where there is
        one, ``exact.MISSING`` otherwise.
    substituted : ndarray of bool, shape (f, p, t)
    """

    window: Window
    effects: npt.NDArray[np.int32]
    units: Ints
    substituted: Mask

    def has(self, effect: Effect) -> Mask:
        """Return where an effect holds, shape (f, p, t)."""
        mask: Mask = (self.effects & BITS[effect]) != 0
        return mask

    @property
    def received(self) -> Mask:
        """Where a value came in, measured or below detection; shape (f, p, t)."""
        mask: Mask = np.isin(self.window.states, (State.VALUE, State.BELOW_DETECTION))
        return mask

    @property
    def valid(self) -> Mask:
        """Where the raw value came in and no mark makes it unfit; shape (f, p, t)."""
        mask: Mask = self.received & ((self.effects & _UNFIT) == 0)
        return mask


def reviewed(window: Window, ledger: Ledger | None) -> Reviewed:
    """Lay the marks and approved substitutes of `ledger` over a window; without a ledger there are none."""
    effects = np.zeros(window.units.shape, dtype=np.int32)
    if ledger is None or not window.times.size:
        return Reviewed(window, effects, window.units, np.zeros(window.units.shape, dtype=bool))
    span = (int(window.times[0]), int(window.times[-1]) + 1)
    apply_marks(effects, window, ledger.marks(window.features, *span, str(window.period)))
    raw = Reviewed(window, effects, window.units, np.zeros(window.units.shape, dtype=bool))
    units = np.where(raw.valid, window.units, MISSING)
    put = _put_substitutes(units, window, ledger.substitutes(window.features, *span))
    return Reviewed(window, effects, units, put)


def apply_marks(effects: npt.NDArray[np.int32], window: Window, marks: Iterable[Held]) -> None:
    """Set the bits of marks in `effects`, shape (f, p, t), in place.

    Marks work in the order of their role, then of their time. An officer's VALID takes away SUSPECT and
    INVALID that stand there. A late mark of an enterprise does nothing.
    """
    places = {code: number for number, code in enumerate(window.features)}
    codes = {code: number for number, code in enumerate(window.parameters)}
    for held in sorted(marks, key=lambda each: (_WEIGHT[each.role], each.id)):
        mark = held.mark
        if mark.late or mark.feature not in places or (mark.parameter and mark.parameter not in codes):
            continue
        first, last = np.searchsorted(window.times, [mark.start, mark.end])
        chosen = slice(codes[mark.parameter], codes[mark.parameter] + 1) if mark.parameter else slice(None)
        cell = effects[places[mark.feature], chosen, first:last]
        if mark.effect is Effect.VALID:
            cell &= _CLEARED
        cell |= BITS[mark.effect]


def _put_substitutes(units: Ints, window: Window, held: Sequence[HeldSubstitute]) -> Mask:
    """Put approved substitutes of values into `units`, in place, and return where."""
    put = np.zeros(units.shape, dtype=bool)
    axes = (window.features, window.parameters, window.times.tolist())
    places = [{name: number for number, name in enumerate(axis)} for axis in axes]
    for each in held:
        given = each.substitute
        if not each.approved_by or given.quantity != "value" or given.period != str(window.period):
            continue
        names = (given.feature, given.parameter, given.time)
        at = tuple(place.get(name) for place, name in zip(places, names, strict=True))
        if None in at or put[at] or units[at] != MISSING:
            continue
        units[at] = int(rescale(given.value, given.decimals, window.decimals[at[1] or 0]))
        put[at] = True
    return put
