"""What a cell of a table of goals says: a figure with its sign, a grade, or a goal set elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from huanzhi.plans.figures import sign
from huanzhi.plans.folding import hide, shown
from huanzhi.plans.quantities import Quantity, number
from huanzhi.plans.words import NUMBER, group, one_of, unit, words

_OPERATORS = words()["operators"]
_OPS = {
    word: name
    for name in ("at_least", "more_than", "at_most", "less_than", "equal")
    for word in _OPERATORS[name]
}
_TAILS = [word for name in ("tail_at_least", "tail_at_most", "tail_about") for word in _OPERATORS[name]]
_CHANGES = {word: word for word in _OPERATORS["up"] + _OPERATORS["down"]}
_SINCE = r"(?:(?:较|比|与)(?:20\d\d|上)年(?:度|底|末)?(?:相比)?)?"
_SIGN = one_of([*_OPS, *_CHANGES])
_FIGURE = (
    rf"[\[(〔]?{_SINCE}(?:约|累计|年均|新增|新建|完成)*(?P<op>{_SIGN})?[\[(〔]?(?P<low>-?(?:{NUMBER}))(?P<u1>{unit()})?"
    rf"(?:[-~—至]{{1,2}}(?P<high>{NUMBER}))?(?P<unit>{unit()})?[\])〕]?(?P<tail>{one_of(_TAILS)})?[\])〕]?"
)
_CELL = re.compile(_FIGURE + r"(?:\((?:[一-龥]年)?(?:累计|新增|累积)值?\)|[*★①-⑨])?")
_AFTER_WORDS = re.compile(r"[^\d,;]{2,12}[,;](?:占比|比例)?(?P<figure>[^,;]+)")
_BARE_GRADE = re.compile("[ⅠⅡⅢⅣⅤ]|I{1,3}|IV|V")
_STRETCH = re.compile(rf"[,;(、]?{group('years', 'striving')}(?P<figure>[^()]+?)\)?")
_GRADE = re.compile(
    f"(?:{group('grades', 'verbs')})?(?P<grade>{'|'.join(words()['grades']['patterns'])})",
)
_ELSEWHERE = re.compile("|".join(words()["grades"]["elsewhere"]))


@dataclass(frozen=True)
class Cell:
    """A cell of a table of goals; `quantity` is None where it is a grade or is set elsewhere."""

    quantity: Quantity | None
    op: str = "="
    change: str = ""
    grade: str = ""
    stretch: Quantity | None = None

    @property
    def elsewhere(self) -> bool:
        """Return whether the document leaves the value to another one (完成上级下达目标)."""
        return self.quantity is None and not self.grade


def is_blank(text: str) -> bool:
    """Return whether a cell holds nothing, or the sign for nothing."""
    return text in words()["tables"]["none"]


@cache
def cell(text: str) -> Cell | None:
    """Return what a cell (folded, without blanks) says; None where it is no goal."""
    if is_blank(text):
        return None
    striven = next((each for each in _STRETCH.finditer(text) if each.end() == len(text)), None)
    if striven and striven.start():
        first, beyond = cell(text[: striven.start()]), cell(striven["figure"])
        if first and first.quantity and beyond and beyond.quantity:
            return Cell(first.quantity, first.op, first.change, "", beyond.quantity)
    found = _CELL.fullmatch(text) or _CELL.fullmatch(_hidden_unit(text))
    if found:
        return _figure(found)
    if _BARE_GRADE.fullmatch(text):
        return Cell(None, "≥", "", f"{text}类")
    if grade := _GRADE.fullmatch(text):
        return Cell(
            None,
            "≥",
            "",
            re.sub("(?:及以上|以上|或以上)?(?:水质|水体|水)?(?:标准|水平|要求)?$", "", grade["grade"]),
        )
    if (after := _AFTER_WORDS.fullmatch(text)) and (said := cell(after["figure"])) and said.quantity:
        return said
    return Cell(None) if _ELSEWHERE.search(text) else None


def _hidden_unit(text: str) -> str:
    return re.sub(r"\([一-龥]{1,2}\)$", lambda found: hide(found.group()), text)


def _figure(found: re.Match[str]) -> Cell:
    high = found["high"]
    said = shown(found["unit"] or found["u1"] or "")
    quantity = Quantity(0, 0, number(found["low"]), number(high) if high else None, said, found["tail"] or "")
    word = found["op"] or ""
    return Cell(quantity, sign(_OPS.get(word, ""), quantity), _CHANGES.get(word, ""))


def is_figure(text: str) -> bool:
    """Return whether a cell holds a figure or a goal set elsewhere, and no running number or year."""
    return cell(text) is not None and not re.fullmatch(r"20\d\d年?", text)
