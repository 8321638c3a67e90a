"""Values striven for 力争 beside the targets that they go beyond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from huanzhi.plans.model import Target


def paired(found: list[tuple[Target, bool, bool]]) -> list[Target]:
    """Give a value striven for to the target that it goes beyond; one that stands alone holds both."""
    kept: list[Target] = []
    closed = False
    for target, striving, here in found:
        base = _base_of(kept, target) if striving else None
        if base is not None:
            kept[base] = replace(kept[base], stretch=target.value)
            closed = True
        elif striving and (here or not closed):
            kept.append(replace(target, stretch=target.value))
        else:
            kept.append(target)
    return kept


def _base_of(kept: Sequence[Target], target: Target) -> int | None:
    for index in range(len(kept) - 1, -1, -1):
        held = kept[index]
        same = held.indicator == target.indicator and held.unit == target.unit and held.year == target.year
        if same and held.value is not None and held.value != target.value and held.stretch is None:
            return index
    return None
