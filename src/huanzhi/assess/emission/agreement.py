"""Agreement 一致性: what a report states against what the monitor measured."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far two quantities may lie apart.

    Attributes
    ----------
    relative : Fraction
        Of the measured quantity.
    absolute : Fraction
        In the unit of the quantities; what lies within either agrees.
    known : Fraction
        Share of the due hours that must be known to judge at all.
    """

    relative: Fraction
    absolute: Fraction
    known: Fraction


@dataclass(frozen=True, slots=True)
class Agreement:
    """``agrees``, ``lower`` or ``higher`` than measured, or ``unknown``; reported minus measured."""

    state: str
    difference: Fraction | None = None
    relative: Fraction | None = None


def agreement(
    reported: Fraction | None, measured: Fraction | None, known: Fraction | None, tolerance: Tolerance
) -> Agreement:
    """Compare a reported with a measured quantity; where too few hours are known nothing is judged.

    Parameters
    ----------
    reported, measured : Fraction or None
        None where there is none: missing is not nothing.
    known : Fraction or None
        Share of the due hours that are known; None where none was due.
    """
    if reported is None or measured is None:
        return Agreement("unknown")
    difference = reported - measured
    relative = difference / measured if measured else None
    if known is not None and known < tolerance.known:
        return Agreement("unknown", difference, relative)
    within = abs(difference) <= max(tolerance.absolute, tolerance.relative * measured)
    return Agreement("agrees" if within else ("lower" if difference < 0 else "higher"), difference, relative)
