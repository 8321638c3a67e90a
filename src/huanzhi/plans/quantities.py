"""Numbers with units as documents write them: 95%以上, 85%~90%, 7.5万吨/日, 25条(个)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from huanzhi.plans.words import NUMBER, group, one_of, unit, words

_OPERATORS = words()["operators"]
_TAILS = _OPERATORS["tail_at_least"] + _OPERATORS["tail_at_most"] + _OPERATORS["tail_about"]
_TAIL = f"(?P<tail>{one_of(_TAILS)})?"
_QUANTITY = re.compile(
    rf"(?<![\d.A-Za-z:第〔/-])(?P<low>{NUMBER})[余多]?"
    rf"(?:(?P<lowunit>{unit()})?[-~—至到]{{1,2}}(?P<high>{NUMBER}))?[余多]?"
    rf"(?P<unit>{unit()}){_TAIL}(?!\d|:\d)"
)
_BARE = re.compile(
    rf"(?<![\d.A-Za-z:第〔/-])(?P<low>{NUMBER})(?=(?:、|和|及|与|,)(?:{NUMBER})(?:{unit()}|、|和|及|与))"
)
_PLAIN = re.compile(
    rf"(?:(?<=[到至于过为在达≥≤<>=])|(?<=指数)|(?<=系数))(?P<low>(?!20\d\d年?)(?:{NUMBER})){_TAIL}(?=$|[、”])"
)
_MEASURED = re.compile(one_of(words()["units"]["measured"]))


@dataclass(frozen=True)
class Quantity:
    """A number with its unit in a clause: ``text[start:end]``, the tail (以上, 左右) included."""

    start: int
    end: int
    low: Decimal
    high: Decimal | None
    unit: str
    tail: str

    @property
    def measured(self) -> bool:
        """Return whether the unit is one of shares or concentrations, which nobody counts by the piece."""
        return _MEASURED.search(self.unit) is not None


def quantities(clause: str) -> list[Quantity]:
    """Return the quantities of a clause (folded, without blanks) in their order."""
    found = [_quantity(each) for each in _QUANTITY.finditer(clause)]
    for each in _PLAIN.finditer(clause):
        if not any(q.start < each.end() and each.start() < q.end for q in found):
            found.append(Quantity(*each.span(), number(each["low"]), None, "", each["tail"] or ""))
    found.sort(key=lambda quantity: quantity.start)
    for each in _BARE.finditer(clause):  # 「35和60微克/立方米」: the first has the unit of the next
        after = next((quantity for quantity in found if quantity.start > each.start()), None)
        if (
            after
            and after.start - each.end() <= 1
            and not any(q.start <= each.start() < q.end for q in found)
        ):
            found.append(Quantity(*each.span(), number(each["low"]), None, after.unit, after.tail))
            found.sort(key=lambda quantity: quantity.start)
    return found


def _quantity(found: re.Match[str]) -> Quantity:
    low, high = number(found["low"]), found["high"]
    return Quantity(*found.span(), low, number(high) if high else None, found["unit"], found["tail"] or "")


def number(text: str) -> Decimal:
    """Return the number behind its digits; commas part thousands."""
    return Decimal(text.replace(",", ""))


def missing_value(clause: str) -> re.Match[str] | None:
    """Return where a clause has a unit and no number before it: 「比例达到%」, 「完成新增造林亩」."""
    return _LOST_FIGURE.search(clause) or _LOST_COUNT.search(clause)


_LEVELS = one_of(
    word for name in ("at_least", "more_than", "at_most", "less_than", "equal") for word in _OPERATORS[name]
)
_SYMBOLS = group("units", "symbols")
_LOST_FIGURE = re.compile(
    rf"(?:(?P<op>{_LEVELS})(?:约|近)?(?P<unit>{_SYMBOLS})|(?:率|比例|比重|浓度)(?P<unit2>{_SYMBOLS})){_TAIL}"
)
_LOST_COUNT = re.compile(
    rf"(?P<verb>{group('completion', 'verbs')})(?P<noun>[一-龥“”]{{1,12}}?)"
    rf"(?P<unit>(?<![一二三四五六七八九十百千万亿两每半]){group('units', 'uncounted')})$"
)
