"""The years of a sentence: 到2025年, 2018年底前, “十四五”末; base years; years lost from the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from huanzhi.plans.words import group, one_of, words

_PLANS = {plan["name"]: plan for plan in words()["years"]["plans"]}
_BASE = re.compile(
    r"(?:相较于|相较|较之|较|相比|比|与|对比)(?P<a>20\d\d)年(?:度|底|末|同期|水平)?|(?:在|以)(?P<b>20\d\d)年(?:的)?(?:基础上|为基准|为基数|水平)|(?P<c>20\d\d)年(?=水平|基数|基准|现状|实际)"
)
_FROM = re.compile(
    r"(?:从|由)(?P<y>20\d\d)年(?:底|末)?的?(?:(?P<value>\d+(?:\.\d+)?)(?:%|[^\d,。;提增上下降减到至]{0,6}))?"
)
_SPAN = re.compile(
    r"(?P<a>20\d\d)年?(?:[-~—至到]{1,2})(?P<b>20\d\d)(?:年|(?=[)期]))|"
    r"(?P<c>20\d\d)年\d{1,2}月(?:\d{1,2}日)?(?:[-~—至到]{1,2})(?P<d>20\d\d)年\d{1,2}月(?:\d{1,2}日)?"
)
_PLAN = re.compile(
    rf"“?(?P<plan>{one_of(_PLANS)})”?(?:规划)?(?:期末|末期|末|期间|时期末|时期|期内|收官之?年|(?=、“十.五”|和“十.五”|与“十.五”))"
)
_YEAR = re.compile(
    r"(?P<y>20\d\d)(?:年(?:年(?=[底末初内]))?(?!度?\d{1,2}月\d{1,2}日)|(?=[,、])(?<=到20\d\d)|(?=[、和及与]20\d\d年))(?:度)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:份|底|末|初)?(?:以前|之前|前)?(?P<since>起|以来|开始)?"
)
_LOST = re.compile(
    r"(?<![降升高低达])(?:到|至)年(?=[,、]|全[市区县省域旗]|[我本各](?:市|区|县|省|镇)|末)|(?:^|(?<=[,;。:(]))年(?=\d{1,2}月(?:底|末|前)|,)"
)
_CITED = re.compile(r"《[^《》]*》|〔[^〔〕]*〕|\(20\d\d年?(?:本|版|修订|修正|年本)[^()]*\)")


@dataclass(frozen=True)
class When:
    """A year stated in a sentence; `year` is None where the digits are lost."""

    start: int
    end: int
    year: int | None
    first: int | None = None

    @property
    def lost(self) -> bool:
        """Return whether the document has lost the digits."""
        return self.year is None


@dataclass(frozen=True)
class Base:
    """A year that something is compared with, and its value where the sentence gives it."""

    start: int
    end: int
    year: int
    value: str = ""


def masked(sentence: str, pattern: re.Pattern[str] = _CITED) -> str:
    """Return the sentence with what `pattern` finds blotted out, at the same length."""
    return pattern.sub(lambda found: "□" * len(found.group()), sentence)


def bases(sentence: str) -> list[Base]:
    """Return the years that a sentence compares with."""
    sentence = masked(sentence)
    found = [
        Base(*each.span(), int(each["a"] or each["b"] or each["c"])) for each in _BASE.finditer(sentence)
    ]
    return found + [
        Base(*each.span(), int(each["y"]), each["value"] or "") for each in _FROM.finditer(sentence)
    ]


@lru_cache(maxsize=256)
def whens(sentence: str) -> tuple[When, ...]:
    """Return the years that a sentence speaks of, in their order; not those cited and compared with."""
    sentence = masked(sentence)
    for base in bases(sentence):
        sentence = sentence[: base.start] + "□" * (base.end - base.start) + sentence[base.end :]
    found: list[When] = []
    for each in _SPAN.finditer(sentence):
        found.append(When(*each.span(), int(each["b"] or each["d"]), int(each["a"] or each["c"])))
    for each in _PLAN.finditer(sentence):
        plan = _PLANS[each["plan"]]
        found.append(When(*each.span(), plan["to"], plan["from"]))
    for each in _YEAR.finditer(sentence):
        if each["since"] != "以来":
            found.append(When(*each.span(), int(each["y"])))
    found += [When(*each.span(), None) for each in _LOST.finditer(sentence)]
    return tuple(_apart(found))


def lost(sentence: str) -> list[tuple[int, int]]:
    """Return where years have lost their digits."""
    return [each.span() for each in _LOST.finditer(masked(sentence))]


def looks_back(sentence: str) -> bool:
    """Return whether a sentence tells of what was."""
    return re.search(group("years", "history"), sentence) is not None


def _apart(found: list[When]) -> list[When]:
    """Return the years in order, without those inside a span of years."""
    kept: list[When] = []
    for when in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or when.start >= kept[-1].end:
            kept.append(when)
    return kept
