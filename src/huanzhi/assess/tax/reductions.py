"""What article 13 takes off 减征: by outlet and pollutant, while every mean is within the standard."""

from __future__ import annotations

from fractions import Fraction

from huanzhi.assess.explanation import Step
from huanzhi.assess.tax.model import Discharge, shown
from huanzhi.assess.tax.tables import Law

WHOLE = Fraction(1)


def share_of(row: Discharge, law: Law) -> tuple[Fraction, tuple[Step, ...]]:
    """Return the share of the tax that is paid, and why.

    Without concentration and limit nothing is taken off; nor where it is unknown whether every mean was
    within the limit: unknown is not compliant.
    """
    table = law.table("reductions")
    if row.concentration is None or row.limit is None or row.limit <= 0:
        return WHOLE, ()
    below = 1 - Fraction(row.concentration) / Fraction(row.limit)
    values = {"mean": str(row.concentration), "limit": str(row.limit), "percent": shown(below * 100, 2)}
    step = next((one for one in table.rows if below >= Fraction(one["below"])), None)
    if step is None:
        return WHOLE, ((Step("tax.step_not_low", values, table.clause),) if below >= 0 else ())
    if row.within is not True:
        key = "tax.step_means_over" if row.within is False else "tax.step_means_unknown"
        return WHOLE, (Step(key, values, table.clause),)
    pays = Fraction(step["pays"])
    told = {**values, "case": step["name"], "pays": shown(pays * 100, 2)}
    return pays, (Step("tax.step_reduced", told, table.clause),)
