"""Measuring 指标计算: one door to every formula."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from huanzhi.errors import InputError
from huanzhi.library.indicators.registry import REPORTED, Definition
from huanzhi.library.series import Store
from huanzhi.programmes.indicators.air import air
from huanzhi.programmes.indicators.counting import COUNTS, capture, registers
from huanzhi.programmes.indicators.measured import GIVEN, Basis, Measured, Sort, nothing
from huanzhi.programmes.indicators.places import Region
from huanzhi.programmes.indicators.water import water
from huanzhi.programmes.spans import Span

FORMULAS: dict[str, tuple[str, ...]] = {
    "air_mean": ("item",),
    "air_percentile": ("item",),
    "air_good_days": (),
    "air_level_days": ("least",),
    "water_share": ("best", "worst"),
    "water_count": ("best", "worst"),
    "water_target_share": (),
    "data_capture": ("item",),
    REPORTED: (),
    **dict.fromkeys(sorted(COUNTS), ()),
}
"""Every formula, and what it must be told."""


def measure(
    store: Store | None,
    definition: Definition,
    region: Region,
    span: Span,
    until: date,
    *,
    path: str = "",
    history: bool = True,
) -> Measured:
    """Reckon an indicator for a region from the first day of a span up to a day.

    Parameters
    ----------
    store : Store or None
        None where there is none; then what comes from it is not known.
    path : str
        Path of the region in the tree, for what is counted in registers.
    history : bool
        Whether earlier years are read, for an outlook.

    Raises
    ------
    InputError
        ``indicators.no_formula`` if the formula is none.
    """
    name = definition.formula.get("name")
    if name not in FORMULAS:
        raise InputError("indicators.no_formula", value=str(name), expected=", ".join(FORMULAS))
    if until < span.first:
        return nothing(
            definition, region.name, span, until, Sort(GIVEN, 0), "indicators.not_begun", year=span.first.year
        )
    if name == REPORTED:
        return _reported(definition, region, span, until, path)
    if name in COUNTS:
        return registers(definition, region, path, span, until)
    if store is None:
        return nothing(
            definition, region.name, span, until, Sort(GIVEN, 0), "indicators.no_data", period=span.code()
        )
    if name == "data_capture":
        return capture(store, definition, region, span, until)
    if name.startswith("water_"):
        return water(store, definition, region, span, until)
    return air(store, definition, region, span, until, history=history)


def _reported(definition: Definition, region: Region, span: Span, until: date, path: str) -> Measured:
    """Return the confirmed value of the span, or the newest within it."""
    from huanzhi.library.indicators.models import Value

    sort = Sort(GIVEN, 2 if definition.decimals is None else definition.decimals)
    rows = Value.objects.filter(
        indicator=definition.code, state="confirmed", first__gte=span.first, last__lte=min(until, span.last)
    )
    found = rows.filter(region__path=path).order_by("-last", "-pk").first() if path else None
    if found is None or found.number is None:
        return nothing(definition, region.name, span, until, sort, "indicators.no_reported")
    basis = Basis(places=((found.code, found.reporter),), simulated=found.simulated)
    return Measured(
        definition, region.name, span, found.last, sort, Decimal(found.value), count=1, basis=basis
    )
