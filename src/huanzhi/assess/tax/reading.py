"""Rows of a sheet or of the API read into what the tax is computed of; every cell is checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from huanzhi.assess.tax.model import Discharge, Noise, Solid
from huanzhi.errors import InputError
from huanzhi.standards.parameters import plain

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind", "类别", "税目", "介质"),
    "place": ("place", "排放口", "场所", "排放口或场所", "outlet", "site"),
    "month": ("month", "月份", "所属月份"),
    "item": ("item", "污染物", "污染物名称", "项目", "名称"),
    "quantity": ("quantity", "排放量", "数量", "产生量", "污水量"),
    "value": ("value", "pH值", "pH"),
    "times": ("times", "超标倍数", "色度超标倍数"),
    "beds": ("beds", "床位", "床位数"),
    "concentration": ("concentration", "月均浓度", "浓度"),
    "limit": ("limit", "标准限值", "限值"),
    "within": ("within", "全部达标", "是否全部达标"),
    "exempt": ("exempt", "免征情形", "免征"),
    "stored": ("stored", "贮存量"),
    "disposed": ("disposed", "处置量"),
    "reused": ("reused", "综合利用量"),
    "part": ("part", "时段", "昼夜"),
    "point": ("point", "测点", "监测点"),
    "exceeded": ("exceeded", "超标分贝", "超标分贝数"),
    "peak": ("peak", "峰值超标分贝", "峰值"),
    "days": ("days", "超标天数", "天数"),
    "boundary": ("boundary", "边界长度", "边界长度(m)"),
}
"""Fields of a row, and the headings under which a sheet may hold them."""

KINDS = {
    "air": ("air", "大气", "大气污染物", "废气"),
    "water": ("water", "水", "水污染物", "废水"),
    "solid": ("solid", "固体废物", "固废"),
    "noise": ("noise", "噪声", "工业噪声"),
}
PARTS = {"day": ("day", "昼间", "昼", "d"), "night": ("night", "夜间", "夜", "n")}
YES = ("true", "yes", "y", "1", "是", "达标")
NO = ("false", "no", "n", "0", "否", "超标")
MOST = Decimal(10**15)
_MONTH = re.compile(r"(?P<year>\d{4})\s*[-/.年]?\s*(?P<month>\d{1,2})\s*月?")

Given = Discharge | Solid | Noise


def read(row: Mapping[str, Any]) -> Given:
    """Return one row as what the tax is computed of.

    Parameters
    ----------
    row : mapping
        Value by field of `HEADINGS`; empty texts and None are not given. Numbers may be texts.

    Raises
    ------
    InputError
        ``tax.cell`` with the column, where a cell is missing or cannot be read.
    """
    kind = _word(row, "kind", KINDS)
    return READERS[kind](row, kind)


def _discharge(row: Mapping[str, Any], kind: str) -> Given:
    return Discharge(
        _text(row, "place"),
        month_of(row),
        kind,  # type: ignore[arg-type]
        _text(row, "item"),
        _needed(row, "quantity"),
        _number(row, "value"),
        _number(row, "times"),
        _number(row, "beds"),
        _number(row, "concentration"),
        _number(row, "limit"),
        _truth(row, "within"),
        str(row.get("exempt") or "").strip(),
    )


def _solid(row: Mapping[str, Any], kind: str) -> Given:
    stored, disposed, reused = (_number(row, name) or Decimal(0) for name in ("stored", "disposed", "reused"))
    produced = _needed(row, "quantity")
    return Solid(_text(row, "place"), month_of(row), _text(row, "item"), produced, stored, disposed, reused)


def _noise(row: Mapping[str, Any], kind: str) -> Given:
    days = _needed(row, "days")
    if days != days.to_integral_value():
        raise _wrong(row, "days", "0–31")
    return Noise(
        _text(row, "place"),
        month_of(row),
        _word(row, "part", PARTS),  # type: ignore[arg-type]
        str(row.get("point") or "").strip(),
        _needed(row, "exceeded", negative=True),
        int(days),
        _number(row, "peak", negative=True),
        _number(row, "boundary"),
    )


READERS: Mapping[str, Callable[[Mapping[str, Any], str], Given]] = {
    "air": _discharge,
    "water": _discharge,
    "solid": _solid,
    "noise": _noise,
}


def month_of(row: Mapping[str, Any]) -> str:
    """Return the month of a row as ``2026-07``."""
    found = _MONTH.fullmatch(str(row.get("month") or "").strip())
    if found is None or not 1 <= int(found["month"]) <= 12:
        raise _wrong(row, "month", "2026-07")
    return f"{found['year']}-{int(found['month']):02d}"


def _wrong(row: Mapping[str, Any], name: str, expected: str | None = None) -> InputError:
    value = row.get(name)
    told = None if value in (None, "") else str(value)[:80]
    return InputError("tax.cell", column=name, value=told, expected=expected)


def _text(row: Mapping[str, Any], name: str) -> str:
    written = str(row.get(name) or "").strip()
    if not 1 <= len(written) <= 100:
        raise _wrong(row, name)
    return written


def _word(row: Mapping[str, Any], name: str, words: Mapping[str, tuple[str, ...]]) -> str:
    written = plain(str(row.get(name) or ""))
    for word, spellings in words.items():
        if written in {plain(one) for one in spellings}:
            return word
    raise _wrong(row, name, ", ".join(one[1] for one in words.values()))


def _number(row: Mapping[str, Any], name: str, *, negative: bool = False) -> Decimal | None:
    written = row.get(name)
    if written is None or str(written).strip() in ("", "-", "--", "—", "/"):
        return None
    try:
        value = Decimal(str(written).strip().replace(",", ""))
    except InvalidOperation:
        raise _wrong(row, name, "12.3") from None
    if not value.is_finite() or abs(value) > MOST or (value < 0 and not negative):
        raise _wrong(row, name, "12.3")
    return value


def _needed(row: Mapping[str, Any], name: str, *, negative: bool = False) -> Decimal:
    value = _number(row, name, negative=negative)
    if value is None:
        raise _wrong(row, name, "12.3")
    return value


def _truth(row: Mapping[str, Any], name: str) -> bool | None:
    written = row.get(name)
    if written is None or written == "":
        return None
    if isinstance(written, bool):
        return written
    word = str(written).strip().casefold()
    if word not in YES + NO:
        raise _wrong(row, name, "是, 否")
    return word in YES
