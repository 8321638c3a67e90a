"""Wording 行文: amounts in Chinese capitals, days in words, visible blanks for what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from string import Formatter

BLANK = "＿＿＿＿＿＿"
"""What is printed for what is not known."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")


def capital(amount: Decimal) -> str:
    """Return an amount of yuan in capitals 大写金额: 壹拾万元整.

    Raises
    ------
    ValueError
        If it is negative, has more than two decimals, or is 10,000,000,000,000,000 or more.
    """
    cents = amount * 100
    if amount < 0 or cents != cents.to_integral_value() or amount >= 10**16:
        raise ValueError(f"{amount}")
    whole, part = divmod(int(cents), 100)
    jiao, fen = divmod(part, 10)
    told = f"{_whole(whole)}元" if whole or not part else ""
    if not part:
        return f"{told}整"
    gap = "零" if whole and not jiao else ""
    return told + (f"{_DIGITS[jiao]}角" if jiao else gap) + (f"{_DIGITS[fen]}分" if fen else "整")


def _whole(number: int) -> str:
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return f"{_whole(high)}{name}{gap}{_whole(low) if low else ''}"
    return _four(number) or "零"


def _four(number: int) -> str:
    told, zero = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            told += ("零" if zero and told else "") + _DIGITS[digit] + _UNITS[place]
            zero = False
        else:
            zero = True
    return told


def day_words(day: date | None) -> str:
    """Return a day as 2026年11月22日; empty where there is none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


class Filling:
    """Fills text from values and remembers what was blank."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.blanks: list[str] = []

    def __call__(self, words: str) -> str:
        """Return text with its names filled in."""
        parts = []
        for literal, name, _, _ in Formatter().parse(words):
            parts.append(literal)
            if name is not None:
                parts.append(self._value(name))
        return "".join(parts)

    def _value(self, name: str) -> str:
        value = self.values.get(name, "").strip()
        if value:
            return value
        if name not in self.blanks:
            self.blanks.append(name)
        return BLANK


def masked_name(name: str) -> str:
    """Return a personal name with all but the first sign masked: 张某某."""
    clean = name.strip()
    return clean[:1] + "某" * max(len(clean) - 1, 1) if clean else ""
