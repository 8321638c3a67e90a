"""A goal in a clause, and how the words before a figure and its tail say what sign it has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from huanzhi.plans.quantities import Quantity
from huanzhi.plans.words import group, one_of, words

_OPERATORS = words()["operators"]
_SIGNS = {
    "at_least": "≥",
    "more_than": ">",
    "at_most": "≤",
    "less_than": "<",
    "equal": "=",
    "up": "=",
    "down": "=",
}
BY_WORD = {word: name for name in _SIGNS for word in _OPERATORS[name]}
OP = re.compile(rf"(?P<op>{one_of(BY_WORD)})$")
ADVERBS = re.compile(rf"(?:{group('operators', 'adverbs')}|□的?)+$")
_POLLUTING = re.compile("克/立方米|克每立方米|g/m3|毫克/升|mg/[Ll]")


@dataclass(frozen=True)
class Goal:
    """A goal in a clause: ``clause[start:end]``; `strong` if the wording alone says that it is one."""

    indicator: str
    op: str
    quantity: Quantity
    start: int
    end: int
    strong: bool
    way: str
    weak_verb: bool = False

    @property
    def value(self) -> Decimal:
        """Return the number."""
        return self.quantity.low


def parted(left: str) -> tuple[str, str]:
    """Return what stands before the verb, and the verb; adverbs on both sides go."""
    bare = ADVERBS.sub("", left)
    for words_before in (left, bare):
        if found := OP.search(words_before):
            return ADVERBS.sub("", words_before[: found.start()]), found["op"]
    return bare, ""


def sign(kind: str, quantity: Quantity, left: str = "") -> str:
    """Return how the value is compared: what stands after the number outweighs the verb."""
    if quantity.high is not None:
        return "~"
    for name, found in (("tail_at_least", "≥"), ("tail_at_most", "≤"), ("tail_about", "≈")):
        if quantity.tail in _OPERATORS[name]:
            return found
    if left.endswith("至少"):
        return "≥"
    if left.endswith("约"):
        return "≈"
    if kind == "at_least" and left.endswith("到") | left.endswith("达") and _POLLUTING.search(quantity.unit):
        return "≤"  # a concentration that 「达到」 its goal has come down to it
    return _SIGNS.get(kind, "=")
