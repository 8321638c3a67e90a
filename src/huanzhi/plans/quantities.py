"""Numbers with units as documents write them: 95%以上, 85%~90%, 7.5万吨/日, 25条(个)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from huanzhi.plans.folding import BLOT
from huanzhi.plans.marks import number as chinese
from huanzhi.plans.words import CLOSE, NUMBER, OPEN, group, one_of, unit, words

_OPERATORS = words()["operators"]
_TAILS = _OPERATORS["tail_at_least"] + _OPERATORS["tail_at_most"] + _OPERATORS["tail_about"]
_TAIL = f"(?P<tail>{one_of(_TAILS)})?"
_SIZE = rf"\d+(?:\.\d+)?{unit()}(?:及?以[上下])"  # 「65蒸吨/小时以上」, as in 「5台65蒸吨/小时以上锅炉」
_QUANTITY = re.compile(
    rf"(?<![\d.A-Za-z:第〔/-])(?P<low>{NUMBER})[余多]?"
    rf"(?:(?P<lowunit>{unit()})?[-~—至到]{{1,2}}(?P<high>{NUMBER}))?[余多]?"
    rf"(?P<unit>{unit()})(?:{OPEN}{BLOT}{{3,12}}{CLOSE}(?={one_of(_TAILS)}))?{_TAIL}(?!:\d|(?<![%‰])(?!{_SIZE})\d)"
)
_BARE = re.compile(
    rf"(?<![\d.A-Za-z:第〔/-])(?P<low>{NUMBER})(?=(?:、|和|及|与|,)(?:{NUMBER})(?:{unit()}|、|和|及|与))"
)
_PLAIN = re.compile(
    rf"(?:(?<=[到至于过为在达≥≤<>=])|(?<=指数)|(?<=系数))(?P<low>(?!20\d\d年?)(?:{NUMBER})){_TAIL}(?=$|[、”])(?!:)"
)
_LAST = re.compile(r"(?<=[、和])(?P<low>0\.\d+)$")
"""A coefficient at the end of a list: 分别为16%、0.58."""
_EACH = re.compile(
    f"每(?P<per>{one_of(each for each in words()['units']['per'] if len(each) > 1 and each != '小时')})$"
)
_MEASURED = re.compile(one_of(words()["units"]["measured"]))
_CHINESE = "一二三四五六七八九十百千零〇两"
_PERCENT = re.compile(rf"百分之(?P<whole>[{_CHINESE}]{{1,5}})(?:点(?P<rest>[{_CHINESE}]{{1,3}}))?{_TAIL}")
_TENTHS = re.compile(
    rf"(?<![{_CHINESE}第])(?P<tenths>[一二三四五六七八九])成(?P<ones>[一二三四五六七八九])?(?![立为功员本果效品交套长分]){_TAIL}"
)
_WRITTEN = re.compile(
    rf"(?<![{_CHINESE}第\d])(?P<number>[{_CHINESE}]{{1,6}})(?P<unit>{unit()})(?!的?[{_CHINESE}]){_TAIL}"
)


_QUOTED = re.compile("“[^“”]*”")
"""A name: “六个百分之百”."""

FEW = 10
"""Fewer than this, in words, of things that anything is counted by (三个体系) state no goal."""


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
    found = [_quantity(each) for each in _QUANTITY.finditer(clause)] + _in_words(clause)
    found = [each for each in found if not _averaging(clause, each)]
    bare = {each.start() for each in _BARE.finditer(clause)}
    for each in _PLAIN.finditer(clause):
        if each.start() not in bare and not any(q.start < each.end() and each.start() < q.end for q in found):
            found.append(Quantity(*each.span(), number(each["low"]), None, "", each["tail"] or ""))
    if "分别" in clause:
        for each in _LAST.finditer(clause):
            found.append(Quantity(*each.span(), number(each["low"]), None, "", ""))
    found.sort(key=lambda quantity: quantity.start)
    for each in reversed(
        list(_BARE.finditer(clause))
    ):  # 「35、60微克/立方米」: each has the unit of the next
        after = next((quantity for quantity in found if quantity.start > each.start()), None)
        if (
            after
            and after.start - each.end() <= 1
            and not any(q.start <= each.start() < q.end for q in found)
        ):
            found.append(Quantity(*each.span(), number(each["low"]), None, after.unit, after.tail))
            found.sort(key=lambda quantity: quantity.start)
    return _whole_units(clause, found)


def _whole_units(clause: str, found: list[Quantity]) -> list[Quantity]:
    """Return quantities with what a unit leaves out: 「3个和2个百分点」, 「每万枚1.0起」."""
    kept = list(found)
    for at in range(len(kept) - 1, -1, -1):
        here, after = kept[at], kept[at + 1] if at + 1 < len(kept) else None
        if after and here.unit == "个" and after.unit == "个百分点" and after.start - here.end == 1:
            kept[at] = replace(here, unit=after.unit)
        elif (each := _EACH.search(clause[: here.start])) and "/" not in here.unit:
            kept[at] = replace(here, start=each.start(), unit=f"{here.unit}/{each['per']}")
    return kept


def _quantity(found: re.Match[str]) -> Quantity:
    low, high = number(found["low"]), found["high"]
    return Quantity(*found.span(), low, number(high) if high else None, found["unit"], found["tail"] or "")


def _averaging(clause: str, quantity: Quantity) -> bool:
    """Return whether a span of time belongs to a name: 日最大8小时平均."""
    if quantity.unit in ("米", "公里", "千米") and re.match(
        "服务半径|半径|范围|生活圈", clause[quantity.end :]
    ):
        return True
    if quantity.unit not in ("小时", "天", "日", "度"):
        return False
    return clause[: quantity.start].endswith("最大") or clause[quantity.end :].startswith(
        ("平均", "滑动", "均值")
    )


def _in_words(clause: str) -> list[Quantity]:
    """Return the quantities written in Chinese numerals: 百分之十五, 九成以上, 烧结机三台.

    A few of what is counted in words everywhere (三个体系, 一批项目) are no quantities.
    """
    found = []
    clause = _QUOTED.sub(lambda each: "□" * len(each.group()), clause)
    for each in _PERCENT.finditer(clause):
        value = Decimal(chinese(each["whole"]))
        value += Decimal("0." + "".join(str(chinese(digit)) for digit in each["rest"] or "0"))
        found.append(Quantity(*each.span(), value, None, "%", each["tail"] or ""))
    for each in _TENTHS.finditer(clause):
        found.append(
            Quantity(
                *each.span(),
                Decimal(10 * chinese(each["tenths"]) + chinese(each["ones"] or "")),
                None,
                "%",
                each["tail"] or "",
            )
        )
    for each in _WRITTEN.finditer(clause):
        value, counted = Decimal(chinese(each["number"])), each["unit"]
        few = value < FEW if counted in words()["units"]["loose"] else value < 2 and counted[0] not in "万亿"
        if value and not few and not each.group().startswith("百分"):
            found.append(Quantity(*each.span(), value, None, counted, each["tail"] or ""))
    return found


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
