"""Differences 差异: what is declared held against what online monitoring gave, by outlet, month and item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from huanzhi.assess.tax.model import Discharge
from huanzhi.assess.tax.reading import read
from huanzhi.ecocode.tax.settings import settings
from huanzhi.standards.parameters import plain

Key = tuple[str, str, str]


def differences(
    rows: Sequence[Mapping[str, Any]], online: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return where declared and monitored quantities differ by more than the share of the table.

    What only one side has is listed too, the other side None: not known is not nothing. What is not monitored
    at all has no row where no outlet of its medium is monitored.
    """
    declared, measured = _quantities(rows), _quantities(online)
    outlets = {(outlet, month) for outlet, month, _ in measured}
    found = []
    for key in sorted({*declared, *measured}):
        if key[:2] not in outlets:
            continue
        mine, theirs = declared.get(key), measured.get(key)
        if _differ(mine, theirs):
            found.append(_row(key, mine, theirs))
    return found


def _quantities(rows: Sequence[Mapping[str, Any]]) -> dict[Key, Decimal]:
    found = {}
    for row in map(read, rows):
        if isinstance(row, Discharge):
            found[row.outlet, row.month, plain(row.item)] = row.quantity
    return found


def _differ(mine: Decimal | None, theirs: Decimal | None) -> bool:
    if mine is None or theirs is None:
        return True
    return abs(mine - theirs) > Decimal(settings()["difference"]["share"]) * theirs


def _row(key: Key, mine: Decimal | None, theirs: Decimal | None) -> dict[str, Any]:
    share = (
        None if mine is None or not theirs else str(((mine - theirs) / theirs * 100).quantize(Decimal("0.1")))
    )
    return {
        "place": key[0],
        "month": key[1],
        "item": key[2],
        "declared": None if mine is None else str(mine),
        "online": None if theirs is None else str(theirs),
        "percent": share,
        "lower": mine is not None and theirs is not None and mine < theirs,
    }
