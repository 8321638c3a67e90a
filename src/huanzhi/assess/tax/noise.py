"""Industrial noise 工业噪声: by the highest point of a boundary, day and night apart (annex 1, notes)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from huanzhi.assess.explanation import Step
from huanzhi.assess.tax.model import Line, Noise, half_up, money
from huanzhi.assess.tax.tables import Law
from huanzhi.errors import InputError

NONE, COUNTED = "tax.noise_none", "tax.noise_with"


def tax_noise(rows: Sequence[tuple[int, Noise]], law: Law, decimals: int) -> list[Line]:
    """Return the lines of one site, month and part of the day; the highest point bears the tax.

    Raises
    ------
    InputError
        ``tax.noise_days`` if the days are more than a month has.
    """
    for _, row in rows:
        if not 0 <= row.days <= 31:
            raise InputError("tax.noise_days", column="days", value=row.days)
    levels = {index: _level(row) for index, row in rows}
    top = min(levels, key=lambda index: (-levels[index], index))
    return [
        _bearing(index, row, [one for _, one in rows], levels[index], law, decimals)
        if index == top
        else _line(index, row, levels[index], COUNTED if levels[index] else NONE)
        for index, row in rows
    ]


def _level(row: Noise) -> int:
    """Return by how many whole decibels a point exceeds: of Leq and peak the larger, rounded half up."""
    most = max(row.exceeded, row.peak or Decimal(0)) if row.part == "night" else row.exceeded
    return half_up(Fraction(max(most, Decimal(0))))


def _line(index: int, row: Noise, level: int, reason: str) -> Line:
    zero = Decimal("0.00")
    return Line(
        "noise", index, row.site, row.month, _item(row), Decimal(level), "dB", None, Fraction(0), 0, zero,
        Fraction(1), zero, False, reason,
    )  # fmt: skip


def _item(row: Noise) -> str:
    return f"{'昼间' if row.part == 'day' else '夜间'} {row.point}".strip()


def _bearing(index: int, row: Noise, rows: Sequence[Noise], level: int, law: Law, decimals: int) -> Line:
    table, rules = law.table("noise"), law.table("noise_rules")
    step = next((one for one in table.rows if one["from"] <= level <= one.get("to", level)), None)
    days = max(one.days for one in rows)
    if step is None or days == 0:
        return _line(index, row, level, NONE)
    units, share = _units(rows, law), _share(days, law)
    rate = Decimal(step["yuan"])
    tax = money(Fraction(rate) * units * share, decimals)
    told = {"point": row.point, "exceeded": str(max(row.exceeded, row.peak or Decimal(0))), "level": level}
    steps = [
        Step("tax.step_noise", {**told, "band": step["name"], "rate": str(rate)}, table.clause),
        Step("tax.step_noise_units", {"units": units}, rules.clause) if units > 1 else None,
        Step("tax.step_noise_short", {"days": days}, rules.clause) if share != 1 else None,
        Step("tax.step_noise_tax", {"rate": str(rate), "units": units, "share": str(share), "tax": str(tax)}),
    ]
    return Line(
        "noise", index, row.site, row.month, _item(row), Decimal(level), "dB", None, Fraction(units), 0,
        rate, share, tax, True, "tax.taxed" if share == 1 else "tax.short_month",
        tuple(one for one in steps if one is not None),
    )  # fmt: skip


def _units(rows: Sequence[Noise], law: Law) -> int:
    rule = law.table("noise_rules").row("boundary")
    long = max((one.boundary or Decimal(0) for one in rows), default=Decimal(0)) > rule["above_m"]
    points = sum(_level(one) > 0 for one in rows)
    return int(rule["units"]) if long and points >= rule["points"] else 1


def _share(days: int, law: Law) -> Fraction:
    rule = law.table("noise_rules").row("short_month")
    return Fraction(rule["share"]) if days < rule["days"] else Fraction(1)
