"""Whether a figure that is written as goals are is one: dated, aimed at, or said of what is to be done."""

from __future__ import annotations

import re
from collections.abc import Collection

from huanzhi.plans.figures import Goal
from huanzhi.plans.goals import DOES, RULES
from huanzhi.plans.model import Target
from huanzhi.plans.structure import Placed
from huanzhi.plans.words import group, words

_AFTERWARDS = re.compile("(?:建成|投产|达产|实施|项目完成)后,?|预计可|预计年")
_SO_FAR = re.compile("已|目前|现有|共有|截至|先后|累计")
_ALREADY = re.compile("已(?:经)?(?:完成|建成|实施|开展|达到|淘汰|改造|整治)")
_PENAL = re.compile(group("penal", "words"))
STRIVES = re.compile(group("years", "striving"))
_EVERY = re.compile("每年(?!度)")
_TIMES = ("倍", "次", "天", "小时", "分")
_SIZES = (*words()["units"]["uncounted"], *_TIMES)


def is_target(placed: Placed, sentence: str, goal: Goal, target: Target, counted: Collection[str]) -> bool:
    """Return whether a goal found in a sentence is a target; `counted` are the units counted before it."""
    stated = target.year_source == "stated" or "year" in target.damaged
    if _AFTERWARDS.search(sentence):
        return False
    if not stated and _ALREADY.search(re.split("[,;。]", sentence)[-1]):
        return False
    if not stated and _PENAL.search(sentence):
        return False
    if goal.way == "compared" and goal.strong:
        return True
    if goal.weak_verb:
        return (
            stated
            or bool(counted)
            or target.year_source == "inherited"
            or (_works(goal) and bool(placed.path))
        )
    if stated or placed.aiming or target.year_source:
        return True
    inside = bool(placed.path) or STRIVES.search(sentence) is not None
    return inside and not _SO_FAR.search(sentence.replace("累计", "")) and _undated(sentence, goal)


def _works(goal: Goal) -> bool:
    """Return whether works are counted: 「实施防控项目5个」."""
    return re.search("(?:项目|工程|试点)$", goal.indicator) is not None and goal.quantity.unit in ("个", "项")


def _undated(sentence: str, goal: Goal) -> bool:
    """Return whether a goal without a year is one by what is done: 「新建管网80公里」, 「每年不少于6条」."""
    if goal.way == "compared":
        yearly = _EVERY.search(sentence) and goal.op in "≥≤"
        striven = STRIVES.search(sentence) and goal.op in "≥≤" and not RULES.search(goal.indicator)
        if striven and not goal.quantity.unit.endswith("元"):
            return True
        done = DOES.match(goal.indicator) and goal.op in "=≈≥" and not RULES.search(goal.indicator)
        return (bool(done) or bool(yearly)) and not goal.quantity.unit.endswith(("元", "倍"))
    whole = goal.quantity.unit in words()["units"]["bases"] and goal.quantity.unit not in _SIZES
    return whole if goal.way == "before" else goal.quantity.unit not in _TIMES
