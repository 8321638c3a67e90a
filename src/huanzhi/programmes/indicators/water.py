"""Surface water 地表水类指标: shares and counts of sections by class, and of those that keep their target.

The sections are those in force on the last day that counts; a section without data in the span is named and
does not count. A section's target is the one in force on that day.

References
----------
.. [1] 环办〔2011〕22号.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import cast

import numpy as np

from huanzhi.assess.allowance import share
from huanzhi.errors import StandardError
from huanzhi.library.indicators.registry import Definition
from huanzhi.library.series import Feature, Store
from huanzhi.programmes.indicators.measured import COUNT, SHARE, Basis, Measured, Sort, nothing
from huanzhi.programmes.indicators.places import Chosen, Listed, Region, of_kinds
from huanzhi.programmes.indicators.provenance import cited, editions
from huanzhi.programmes.indicators.said import Said
from huanzhi.programmes.spans import Span
from huanzhi.programmes.status_report.water_figures import judge_sections
from huanzhi.programmes.water_sections import KINDS, Sections, read_sections
from huanzhi.standards.parameters import find
from huanzhi.standards.water import WaterRules, rules


def water(store: Store, definition: Definition, region: Region, span: Span, until: date) -> Measured:
    """Reckon an indicator of surface water for a region from the first day of a span up to a day."""
    taken = Span("days", span.first, min(until, span.last))
    sort = _sort(definition, rules(taken.last))
    known = [one for one in of_kinds(store, region, KINDS) if _asked(definition, region, one)]
    kept = [one for one in known if region.holds(one, taken.last)]
    found = read_sections(cast("Store", Chosen(store, kept)), taken)
    if not found.features:
        return nothing(definition, region.name, span, until, sort, "indicators.no_data", period=span.code())
    numbers = np.asarray(judge_sections(found).overall)
    rows = [_row(definition, region, found, place, int(numbers[place])) for place in range(len(numbers))]
    counted = [row for row in rows if row["good"] is not None]
    made = _figure(definition, region, span, taken.last, sort, counted)
    out = tuple((one.code, one.name) for one in known if not region.holds(one, taken.last))
    return replace(
        made,
        rows=tuple(rows),
        basis=_basis(store, region, found, taken, out),
        left=(span.last - taken.last).days,
    )


def _sort(definition: Definition, judged_by: WaterRules) -> Sort:
    if definition.formula["name"] == "water_count":
        return Sort(COUNT, 0)
    told = int(judged_by.evaluation.table("basin_rule").row("share_decimals")["value"])
    return Sort(SHARE, told if definition.decimals is None else definition.decimals)


def _asked(definition: Definition, region: Region, feature: Feature) -> bool:
    """Return whether a section is of one of the control levels that the indicator counts."""
    wanted = definition.formula.get("control")
    told = str(feature.attributes.get("control_level", ""))
    row = region.roster.get(feature.code, Listed())
    return not wanted or (row.control or told) in wanted


def _row(
    definition: Definition, region: Region, found: Sections, place: int, number: int
) -> dict[str, str | bool | None]:
    feature = found.features[place]
    target = region.targets.get(feature.code) or str(feature.attributes.get("target", ""))
    name = found.rules.class_name(number)
    return {
        "code": feature.code,
        "name": feature.name,
        "class": name,
        "target": target,
        "good": _good(definition, found.rules, number, target),
    }


def _good(definition: Definition, judged_by: WaterRules, number: int, target: str) -> bool | None:
    """Return whether a section is counted as one of those; None where it cannot be told."""
    if number == 0:
        return None
    if definition.formula["name"] != "water_target_share":
        return bool(definition.formula["best"] <= number <= definition.formula["worst"])
    try:
        return number <= judged_by.class_number(target) if target else None
    except StandardError:
        return None


def _figure(
    definition: Definition,
    region: Region,
    span: Span,
    last: date,
    sort: Sort,
    counted: Sequence[dict[str, str | bool | None]],
) -> Measured:
    if not counted:
        return nothing(definition, region.name, span, last, sort, "indicators.nothing_counted")
    part = sum(bool(row["good"]) for row in counted)
    value = Decimal(part) if sort.sort == COUNT else share(part, len(counted), sort.decimals)
    return Measured(definition, region.name, span, last, sort, value, count=len(counted), part=part)


def _basis(
    store: Store, region: Region, found: Sections, taken: Span, out: tuple[tuple[str, str], ...]
) -> Basis:
    codes = [parameter.code for name in found.items if (parameter := find(name, "water"))]
    notes = [Said.of("indicators.left_out", number=len(out))] if out else []
    if region.stands_for:
        notes.insert(0, Said.of("indicators.stands_in", data=region.name, region=region.stands_for))
    return Basis(
        places=tuple((one.code, one.name) for one in found.features),
        left_out=(*out, *((one.code, one.name) for one in found.silent)),
        cited=tuple(cited(store, found.features, codes, taken)),
        editions=tuple(editions("GB 3838", taken.first, taken.last)),
        revision=store.revision(),
        notes=tuple(notes),
        simulated=any(one.simulated for one in found.features),
    )
