"""Years that a sentence does not say itself: of its paragraph, of a stage of the plan (近期, 远期)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from huanzhi.plans.structure import Placed
from huanzhi.plans.words import group
from huanzhi.plans.years import When, whens

_TERM = re.compile(f"{group('tables', 'deadline')}:(?P<term>[^;。()]*)")
_LABELLED = re.compile(
    f"(?:{group('bodies', 'labels_lead')}|{group('bodies', 'labels_joint')}|{group('tables', 'deadline')}):"
)
_DOES = re.compile("(?:整改|具体|工作|主要)?(?:措施|举措|任务|内容|目标):")
_ENDS_WITH = re.compile(
    rf"\((?P<term>[^()]*(?:{group('bodies', 'endings')}|牵头|负责|配合|完成|单位|部门)[^()]*)\)[。;]?$"
)
_STAGE = re.compile("近期|中期|远期")
_STAGE_SAID = re.compile(
    r"(?P<stage>近期|中期|远期)(?:为|:|目标)?\(?(?P<first>20\d\d)年?[-~—至]{1,2}(?P<last>20\d\d)年"
)


def term(placed: Sequence[Placed], at: int) -> When | None:
    """Return the year until which a paragraph says at its end, or in the lines below, that it is done."""
    lines = [placed[at].block.words]
    for below in placed[at + 1 :]:
        if below.block.table is not None or not _LABELLED.match(below.block.body):
            break
        lines.append(below.block.body)
    if _DOES.match(lines[0]):
        for above in reversed(placed[:at]):
            if above.block.table is not None or not _LABELLED.match(above.block.body):
                break
            lines.append(above.block.body)
    found = [_ENDS_WITH.search(lines[0]), *(_TERM.search(line) for line in lines)]
    years = {when.year for each in found if each for when in whens(each["term"]) if when.year}
    return When(0, 0, years.pop()) if len(years) == 1 else None


def with_stages(stages: Mapping[str, tuple[int, int]], text: str) -> tuple[When, ...]:
    """Return the years of a sentence, those of stages that the plan has named (近期, 远期) among them."""
    found = [
        When(*each.span(), *stages[each.group()]) for each in _STAGE.finditer(text) if each.group() in stages
    ]
    every = whens(text)
    return every if every or not found else tuple(found)


def stages_of(placed: Sequence[Placed]) -> dict[str, tuple[int, int]]:
    """Return the last and the first year of the stages that a plan names: 「近期为2023—2025年」."""
    return {
        found["stage"]: (int(found["last"]), int(found["first"]))
        for paragraph in placed
        if paragraph.block.table is None
        for found in _STAGE_SAID.finditer(paragraph.block.words)
    }
