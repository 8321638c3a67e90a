"""Figures dealt out to several indicators by 分别, 依次: 「A和B分别达到95%、90%」."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from huanzhi.plans.figures import ADVERBS, BY_WORD, Goal, parted, sign
from huanzhi.plans.naming import BASED, CHANGE, CHANGED, NOUNS, SEPARATORS, SINCE, heads, trimmed
from huanzhi.plans.quantities import quantities

_SHARES = re.compile("分别|依次")


def shared(found: list[Goal], clause: str, said: Sequence[str] = (), years: int = 0) -> list[Goal]:
    """Deal out the figures of 「A和B分别达到95%、90%」 one to each."""
    cut = _SHARES.search(clause)
    every = quantities(clause)
    paired = len(every) == years > 1 and len(found) == 1
    if cut is None and not paired:
        return found
    place = cut.start() if cut else -1
    run = [quantity for quantity in every if quantity.start > place]
    first = next((goal for goal in found if goal.quantity.start >= place), None)
    if first is not None and len(run) == 1:
        return [one for goal in found for one in (_each(goal) if goal is first else [goal])]
    if first is None or len(run) < 2:
        return found
    left, word = parted(clause[: run[0].start])
    base = SINCE.search(ADVERBS.sub("", left))
    kind = BY_WORD.get(word, "")
    change = (base.group() if base else "") + (word if kind in ("up", "down") else "")
    name = SINCE.sub("", ADVERBS.sub("", left))
    names = _named(name, len(run)) or _again(name, said, len(run))
    if not names and len(SEPARATORS.split(trimmed(name))) > 1:
        return [goal for goal in found if goal.quantity.start < place]
    way = "compared" if names else "yearly"
    names = names or [first.indicator.removesuffix(change)] * len(run)
    tail = next((quantity for quantity in reversed(run) if quantity.tail), None)
    dealt = []
    for name, quantity in zip(names, run, strict=True):
        op = sign(kind, quantity if quantity.tail or tail is None else tail)
        strong = first.strong or quantity.measured
        dealt.append(Goal(name + change, op, quantity, first.start, run[-1].end, strong, way))
    return [goal for goal in found if goal.quantity.start < place] + dealt


def _each(goal: Goal) -> list[Goal]:
    """Return a goal for each of the things that one figure is given to by 分别: 「A和B总量分别下降10%」."""
    base = SINCE.search(CHANGE.sub("", goal.indicator)) or BASED.search(goal.indicator)
    cut = base.start() if base else len(goal.indicator)
    if not base and (change := re.search(CHANGED + "$", goal.indicator)):
        cut = change.start()
    names = heads(goal.indicator[:cut])
    return (
        [replace(goal, indicator=each + goal.indicator[cut:]) for each in names] if len(names) > 1 else [goal]
    )


def _named(left: str, number: int) -> list[str]:
    """Return `number` indicators listed before 分别; a shared ending is given to each."""
    names = heads(trimmed(left))
    if len(names) >= number:
        return [trimmed(each) for each in names[-number:]]
    names = SEPARATORS.split(trimmed(left))
    own = len(names) == number > 1 and all(re.search(f"(?:{NOUNS}|消耗|排放)$", each) for each in names)
    return [trimmed(each) for each in names] if own else []


def _again(left: str, said: Sequence[str], number: int) -> list[str]:
    """Return the last `number` indicators of the sentence where 分别 follows no name."""
    if trimmed(left).strip("□") not in ("", "分别", "依次"):
        return []
    last = list(dict.fromkeys(said))[-number:]
    return last if len(last) == number else []
